//! One piece of text in an exchange: whose it is and where it stands. The text itself is never kept.

use super::LayerId;
use crate::wire::Scope;

/// Where the text of a part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the body, in this layer of the message's [`Layers`](super::Layers).
    Body(LayerId),
    /// The value of the header with this number.
    Header(u32),
    /// In the value of the header with this number, in this layer of the headers' [`Layers`](super::Layers): a piece of a
    /// URL, which may be percent-encoded.
    Url(u32, LayerId),
    /// In a trailer, or in a second reading of a body: it can be judged, not rewritten.
    Unplaced,
}

/// One piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Who speaks.
    pub scope: Scope,
    /// It stands in an earlier turn of the conversation, which the model has answered already.
    pub carried: bool,
    /// Where it stands.
    pub place: Place,
    /// Length of the decoded text in bytes.
    pub len: u32,
}
