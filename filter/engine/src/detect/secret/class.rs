//! The classes of characters that secrets are made of.

use crate::detect::Class;

pub(super) const ALNUM: Class = Class::of("A-Za-z0-9");
pub(super) const BASE64: Class = Class::of("A-Za-z0-9+/");
pub(super) const DIGITS: Class = Class::of("0-9");
pub(super) const DOTTED: Class = Class::of("A-Za-z0-9._=-");
pub(super) const HEX: Class = Class::of("a-f0-9");
pub(super) const HEX_ANY: Class = Class::of("A-Fa-f0-9");
pub(super) const IDENTIFIER: Class = Class::of("A-Za-z0-9_");
pub(super) const LOWER: Class = Class::of("a-z0-9");
pub(super) const LOWER_DASH: Class = Class::of("a-z0-9-");
pub(super) const PADDING: Class = Class::of("=");
pub(super) const PERCENT: Class = Class::of("A-Za-z0-9%");
pub(super) const TOKEN: Class = Class::of("A-Za-z0-9_-");
pub(super) const UPPER: Class = Class::of("A-Z0-9");
