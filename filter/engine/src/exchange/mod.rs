//! Meaning to parts.

mod part;

pub use part::{Part, Place};

/// The place of a layer among the layers of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LayerId(pub(crate) u32);
