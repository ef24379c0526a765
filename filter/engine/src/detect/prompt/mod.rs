//! Text that a model may take for instructions.

pub(super) mod special_token;
