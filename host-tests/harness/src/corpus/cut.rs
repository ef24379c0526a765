//! How the bodies of a case are cut into the pieces in which a proxy delivers them.

use super::load::Case;
use crate::Chunking;

/// The pieces of both bodies.
#[derive(Debug, Clone, Default)]
pub struct Cut {
    /// Of the request.
    pub request: Chunking,
    /// Of the answer.
    pub response: Chunking,
}

impl Cut {
    /// Both bodies in the same way.
    pub fn both(chunks: &Chunking) -> Self {
        Cut { request: chunks.clone(), response: chunks.clone() }
    }

    /// The answer in this way, the request whole.
    pub fn answer(chunks: Chunking) -> Self {
        Cut { request: Chunking::Whole, response: chunks }
    }

    /// The answer's body cut in two: at every place of a body of at most `all` bytes, else at `few` places that are evenly
    /// spread; and a piece for each event.
    pub fn splits(case: &Case, all: usize, few: usize) -> Vec<Self> {
        let Some(answer) = &case.response else { return Vec::new() };
        let length = answer.body.as_ref().map_or(0, Vec::len);
        let every = if length <= all { 1 } else { length / few.max(1) };
        let splits = (1..length).step_by(every.max(1)).map(|at| Chunking::Sizes(vec![at, length - at]));
        let events = (!answer.events.is_empty()).then(|| Chunking::Sizes(answer.events.clone()));
        splits.chain(events).map(Self::answer).collect()
    }
}
