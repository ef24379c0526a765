//! What a dialect makes of the fields of a form.

use super::Scope;

/// What a documented field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Who speaks in it.
    pub scope: Scope,
    /// It names the model.
    pub model: bool,
}

/// Tells what the field of this name is; `None` for a name that the dialect does not document.
pub type Fields = fn(name: &str) -> Option<Field>;
