//! A JSON array whose elements arrive one by one, in any layout (RFC 8259).
//!
//! Only brackets, strings and commas are told apart here: an element ends where its brackets close. Whether it is JSON is
//! for the reader of the element to say.

use super::Broken;
use super::frame::{Form, Frame, Piece, Raw};

/// How far an array has been read.
#[derive(Default)]
pub(super) struct Scanner {
    place: Place,
}

#[derive(Default, Clone, Copy)]
enum Place {
    /// Before the opening bracket.
    #[default]
    Before,
    /// After the opening bracket: an element or the closing bracket.
    First,
    /// After a comma: an element.
    Element,
    /// Inside an element, so many brackets deep; never 0.
    Nested(usize),
    /// Inside a string so many brackets deep; 0 when the element is the string.
    String { depth: usize, escaped: bool },
    /// Inside a number or a word.
    Bare,
    /// After an element: a comma or the closing bracket.
    Next,
    /// After the closing bracket.
    After,
}

impl Scanner {
    /// See `Scanner` of the parent.
    pub(super) fn scan(&mut self, bytes: &[u8]) -> Result<Option<usize>, Broken> {
        for (at, byte) in bytes.iter().enumerate() {
            let before = self.place;
            self.place = step(before, *byte)?;
            match (before, self.place) {
                // A bare element ends before the byte that ends it, and that byte is read again.
                (Place::Bare, Place::Next) => return Ok(Some(at)),
                (Place::Before, Place::First) | (Place::First | Place::Next, Place::After) => {}
                (Place::Nested(_) | Place::String { .. }, Place::Next) => {}
                _ => continue,
            }
            return Ok(Some(at.saturating_add(1)));
        }
        Ok(None)
    }

    /// Whether the array is closed.
    pub(super) fn may_end(&self) -> bool {
        matches!(self.place, Place::After)
    }
}

fn step(place: Place, byte: u8) -> Result<Place, Broken> {
    let space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    Ok(match (place, byte) {
        (Place::String { depth, escaped: true }, _) => Place::String { depth, escaped: false },
        (Place::String { depth, .. }, b'\\') => Place::String { depth, escaped: true },
        (Place::String { depth: 0, .. }, b'"') => Place::Next,
        (Place::String { depth, .. }, b'"') => Place::Nested(depth),
        (Place::String { .. }, _) => place,
        (Place::Nested(depth), b'"') => Place::String { depth, escaped: false },
        (Place::Nested(depth), b'{' | b'[') => Place::Nested(depth.saturating_add(1)),
        (Place::Nested(1), b'}' | b']') => Place::Next,
        (Place::Nested(depth), b'}' | b']') => Place::Nested(depth.saturating_sub(1)),
        (Place::Nested(_), _) => place,
        (Place::Bare, b',' | b']') => Place::Next,
        (Place::Bare, _) if space => Place::Next,
        (Place::Bare, b'{' | b'[' | b'}' | b'"') => return Err(Broken::Syntax),
        (Place::Bare, _) => place,
        (_, _) if space => place,
        (Place::Before, b'[') => Place::First,
        (Place::First | Place::Next, b']') => Place::After,
        (Place::Next, b',') => Place::Element,
        (Place::First | Place::Element, b'{' | b'[') => Place::Nested(1),
        (Place::First | Place::Element, b'"') => Place::String { depth: 0, escaped: false },
        (Place::First | Place::Element, b',' | b']' | b'}') => return Err(Broken::Syntax),
        (Place::First | Place::Element, _) => Place::Bare,
        (Place::Before | Place::Next | Place::After, _) => return Err(Broken::Syntax),
    })
}

/// Reads what is around an element, or a bracket, or the space after the last one.
pub(super) fn read(bytes: Vec<u8>) -> Result<Frame, (Broken, Vec<u8>)> {
    let mut frame = Frame::of_text(bytes, Form::Plain)?;
    if let Raw::Text(text) = &frame.raw {
        let outside = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | ',');
        let element = text.trim_start_matches(outside);
        let start = text.len().saturating_sub(element.len());
        let bracket = matches!(element, "" | "[" | "]");
        frame.text = (!bracket).then_some(Piece::Span(start..text.len()));
    }
    Ok(frame)
}
