//! Data about people.

pub(super) mod email;
