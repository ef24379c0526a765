//! The payload of Bedrock's InvokeModelWithResponseStream: `{"bytes":"<base64 of the model's own event>","p":"abc.."}`,
//! where `p` is padding that hides the length (AWS API reference, "ResponseStream").

use std::ops::Range;

use super::Broken;
use crate::stream::base64;
use crate::stream::json::{Bounds, Document, Error, Kind};

/// The documented object is flat and has a handful of members.
const BOUNDS: Bounds = Bounds { depth: 16, nodes: 4096 };

/// A payload of this shape.
pub(super) struct Chunk {
    /// What the base64 decodes to.
    pub(super) text: String,
    /// Where the base64 stands in the payload.
    pub(super) base64: Range<usize>,
    /// Every other string, number and key.
    pub(super) notes: Vec<String>,
}

/// Reads a payload; `None` when it is something else (an exception, an error of a proxy in between).
pub(super) fn read(payload: &str) -> Result<Option<Chunk>, Broken> {
    let document = match Document::parse(payload, BOUNDS) {
        Ok(document) => document,
        Err(Error::Syntax(..)) => return Ok(None),
        // It could be of this shape, and then its text would not be seen.
        Err(Error::Depth | Error::Nodes) => return Err(Broken::Syntax),
    };
    let root = document.root();
    let Some(bytes) = document.member(root, "bytes") else { return Ok(None) };
    if !document.duplicates().is_empty() {
        return Err(Broken::Syntax);
    }
    let Some(encoded) = document.string(bytes) else { return Ok(None) };
    let decoded = base64::decode(&encoded).ok_or(Broken::Syntax)?;
    let text = String::from_utf8(decoded).map_err(|_| Broken::Utf8)?;
    let key = document.key_of(bytes);
    let others = document.subtree(root).filter(|id| *id != bytes && Some(*id) != key);
    let notes = others.filter_map(|id| match document.kind(id) {
        Kind::Number => Some(document.raw(id).to_owned()),
        _ => document.string(id).map(|text| text.into_owned()),
    });
    Ok(Some(Chunk { text, base64: document.span(bytes), notes: notes.collect() }))
}
