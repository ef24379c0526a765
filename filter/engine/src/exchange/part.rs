//! One piece of text in an exchange: whose it is and where it stands. The text itself is never kept.

use std::ops::Range;

use super::LayerId;
use crate::wire::Scope;

/// Where the text of a part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the body, in this layer of the message's [`Layers`](super::Layers).
    Body(LayerId),
    /// In the body, in this layer from this byte of its text on.
    Within(LayerId, u32),
    /// The value of the header with this number.
    Header(u32),
    /// In the value of the header with this number, in this layer of the headers' [`Layers`](super::Layers): a piece of a
    /// URL, which may be percent-encoded.
    Url(u32, LayerId),
    /// In a trailer, or in a second reading of a body: it can be judged, not rewritten.
    Unplaced,
}

impl Place {
    /// The layer of the body, and where in its text this range of the part stands; none where a part is not in a body.
    pub fn in_body(self, range: &Range<usize>) -> Option<(LayerId, Range<usize>)> {
        let (layer, start) = match self {
            Place::Body(layer) => (layer, 0),
            Place::Within(layer, start) => (layer, start as usize),
            Place::Header(_) | Place::Url(..) | Place::Unplaced => return None,
        };
        Some((layer, range.start.saturating_add(start)..range.end.saturating_add(start)))
    }
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
