//! One text per line (NDJSON, JSON Lines): a line ends at LF, a CR before it belongs to the end, a line without text is
//! passed over by readers, and the last one may have no end.

use super::Broken;
use super::frame::{Form, Frame, Piece, Raw};

/// How many of these bytes complete the line that they go on with.
pub(super) fn end(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| *byte == b'\n').map(|at| at.saturating_add(1))
}

/// Reads a line with its end.
pub(super) fn read(bytes: Vec<u8>) -> Result<Frame, (Broken, Vec<u8>)> {
    let mut frame = Frame::of_text(bytes, Form::Line)?;
    if let Raw::Text(line) = &frame.raw {
        let text = line.strip_suffix('\n').map_or(line.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
        let blank = text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
        frame.text = (!blank).then_some(Piece::Span(0..text.len()));
    }
    Ok(frame)
}
