//! One frame: its bytes, and the texts in them.

use std::fmt;
use std::ops::Range;

use super::{Broken, aws, sse};

/// One event of a stream, or what stands between events (a comment, a blank line, the bracket of an array).
///
/// Invariants: spans lie within `raw` on character boundaries; `text` and `notes` together hold every text of the frame
/// that is not a fixed word of its format.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    pub(super) raw: Raw,
    pub(super) name: Option<Piece>,
    pub(super) text: Option<Piece>,
    pub(super) notes: Vec<Piece>,
    pub(super) error: bool,
    pub(super) stray: bool,
    pub(super) form: Form,
}

/// The bytes of a frame as they came.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Raw {
    Text(String),
    Binary(Vec<u8>),
}

/// A text of a frame: where it stands in a [`Raw::Text`], or decoded.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Span(Range<usize>),
    Own(String),
}

/// What has to be known to put another text in.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// The text stands in the bytes as it is, line breaks permitted.
    Plain,
    /// The same, in a format whose frames end at a line feed.
    Line,
    /// Data lines; the first line begins after so many bytes.
    Sse { lead: usize },
    /// The payload of a message.
    Aws { payload: Range<usize> },
    /// Base64 in a string of the payload of a message.
    AwsChunk { payload: Range<usize>, base64: Range<usize> },
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text().map(str::len);
        write!(f, "Frame({} bytes, text of {text:?} bytes, {} notes)", self.bytes().len(), self.notes.len())
    }
}

impl Frame {
    /// A frame of a format that is text throughout, without any text of its own yet.
    pub(super) fn of_text(bytes: Vec<u8>, form: Form) -> Result<Self, (Broken, Vec<u8>)> {
        let raw = String::from_utf8(bytes).map_err(|error| (Broken::Utf8, error.into_bytes()))?;
        Ok(Frame { raw: Raw::Text(raw), name: None, text: None, notes: Vec::new(), error: false, stray: false, form })
    }

    /// The frame exactly as it came: separators, comments and blank lines included.
    pub fn bytes(&self) -> &[u8] {
        match &self.raw {
            Raw::Text(text) => text.as_bytes(),
            Raw::Binary(bytes) => bytes,
        }
    }

    /// The name of the event: the `event` field of a server-sent event (`message` when it has none, as the standard says),
    /// `:event-type`, `:exception-type` or `:error-code` of an AWS message. Empty in the other formats.
    pub fn name(&self) -> &str {
        match &self.name {
            Some(piece) => self.piece(piece),
            None if matches!(self.form, Form::Sse { .. }) => "message",
            None => "",
        }
    }

    /// The payload: the data lines of a server-sent event joined by line feeds, a line, an element, the payload of a
    /// message. `None` where there is no payload, as in comments, blank lines, brackets and messages of headers only.
    pub fn text(&self) -> Option<&str> {
        self.text.as_ref().map(|piece| self.piece(piece))
    }

    /// Every other text that is not a fixed word of the format, in order: comments, ids, event names, `retry` and unknown
    /// fields of server-sent events; names and values of AWS headers (numbers in decimal, UUIDs in hexadecimal), and what
    /// stands beside the base64 in a chunk. Never empty texts.
    pub fn notes(&self) -> impl Iterator<Item = &str> {
        self.notes.iter().map(|piece| self.piece(piece))
    }

    /// Whether the frame tells of an error by the means of its format: an AWS message of the type `exception` or `error`.
    pub fn error(&self) -> bool {
        self.error
    }

    /// Whether a line that is no field of the format may be a payload to a reader of another one: JSON without `data:`.
    pub fn stray(&self) -> bool {
        self.stray
    }

    /// The bytes of this frame with `text` in place of its own payload. Every byte that need not change is as it came: data
    /// lines that stay the same keep their bytes, lengths and checksums of AWS messages are computed anew. A frame without
    /// payload comes out as it is.
    ///
    /// Where the format cannot hold a line break (lines) a space takes its place, which JSON text does not mind; in
    /// server-sent events CR and CRLF become the line feed that readers make of them. In an array `text` must be one
    /// JSON value.
    pub fn rewritten(&self, text: &str) -> Vec<u8> {
        let Some(own) = self.text.as_ref().filter(|own| self.piece(own) != text) else { return self.bytes().to_vec() };
        match (&self.form, &self.raw, own) {
            (Form::Sse { lead }, Raw::Text(raw), _) => sse::rewrite(raw, *lead, text),
            (Form::Aws { payload }, ..) => aws::rewrite(self.bytes(), payload, text.as_bytes()),
            (Form::AwsChunk { payload, base64 }, ..) => {
                let encoded = crate::stream::base64::encode(text.as_bytes());
                let inside = base64.start.saturating_sub(payload.start)..base64.end.saturating_sub(payload.start);
                let old = self.bytes().get(payload.clone()).unwrap_or_default();
                aws::rewrite(self.bytes(), payload, &spliced(old, &inside, encoded.as_bytes()))
            }
            (Form::Line, _, Piece::Span(span)) => {
                spliced(self.bytes(), span, text.replace(['\r', '\n'], " ").as_bytes())
            }
            (_, _, Piece::Span(span)) => spliced(self.bytes(), span, text.as_bytes()),
            (_, _, Piece::Own(_)) => self.bytes().to_vec(),
        }
    }

    fn piece<'f>(&'f self, piece: &'f Piece) -> &'f str {
        match (piece, &self.raw) {
            (Piece::Span(span), Raw::Text(raw)) => raw.get(span.clone()).unwrap_or_default(),
            (Piece::Span(_), Raw::Binary(_)) => "",
            (Piece::Own(text), _) => text,
        }
    }
}

/// `bytes` with `new` in the place of a range.
fn spliced(bytes: &[u8], range: &Range<usize>, new: &[u8]) -> Vec<u8> {
    let before = bytes.get(..range.start).unwrap_or_default();
    let after = bytes.get(range.end..).unwrap_or_default();
    [before, new, after].concat()
}
