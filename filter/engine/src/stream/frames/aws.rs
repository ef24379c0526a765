//! Messages of AWS event streams (Smithy specification, "Amazon event stream specification"; all numbers big-endian):
//!
//! ```text
//! total length u32 | headers length u32 | CRC-32 of these 8 bytes
//! headers: name length u8, name, type u8, value | ...
//! payload
//! CRC-32 of everything before it
//! ```
//!
//! Both checksums are verified, the first before its lengths are believed. A header that comes twice is refused: readers
//! keep different ones.

use std::collections::BTreeSet;
use std::ops::Range;

use super::frame::{Form, Frame, Piece, Raw};
use super::{Broken, chunk};
use crate::stream::crc32::crc32;

/// Lengths and their checksum.
const PRELUDE: usize = 12;
/// The shortest message: no headers, no payload.
const SHORTEST: usize = 16;
/// Header types whose values are a length of two bytes and so many bytes.
const BYTES: u8 = 6;
const STRING: u8 = 7;

/// How far a message has been read.
#[derive(Default)]
pub(super) struct Scanner {
    prelude: [u8; PRELUDE],
    /// Bytes of the message so far.
    seen: usize,
    /// Bytes of the whole message, once the prelude is there and verified.
    total: Option<usize>,
}

impl Scanner {
    /// See `Scanner` of the parent.
    pub(super) fn scan(&mut self, bytes: &[u8], most: usize) -> Result<Option<usize>, Broken> {
        let missing = self.prelude.get_mut(self.seen..).unwrap_or_default();
        let in_prelude = missing.len().min(bytes.len());
        missing.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        let total = match self.total {
            Some(total) => total,
            None if self.seen.saturating_add(in_prelude) < PRELUDE => {
                self.seen = self.seen.saturating_add(in_prelude);
                return Ok(None);
            }
            None => {
                let total = total_length(&self.prelude)?;
                if total > most {
                    return Err(Broken::TooLong);
                }
                *self.total.insert(total)
            }
        };
        let missing = total.saturating_sub(self.seen);
        if bytes.len() < missing {
            self.seen = self.seen.saturating_add(bytes.len());
            return Ok(None);
        }
        *self = Scanner::default();
        Ok(Some(missing))
    }
}

fn number(bytes: &[u8], at: usize) -> Result<u32, Broken> {
    let bytes = bytes.get(at..).and_then(<[u8]>::first_chunk).ok_or(Broken::Syntax)?;
    Ok(u32::from_be_bytes(*bytes))
}

fn size(bytes: &[u8], at: usize) -> Result<usize, Broken> {
    usize::try_from(number(bytes, at)?).map_err(|_| Broken::TooLong)
}

/// The length of the message with this verified prelude.
fn total_length(prelude: &[u8; PRELUDE]) -> Result<usize, Broken> {
    let [lengths @ .., _, _, _, _] = prelude;
    if crc32(lengths) != number(prelude, 8)? {
        return Err(Broken::Checksum);
    }
    let (total, headers) = (size(prelude, 0)?, size(prelude, 4)?);
    let fits = headers.checked_add(SHORTEST).is_some_and(|least| least <= total);
    if fits { Ok(total) } else { Err(Broken::Syntax) }
}

/// Reads a whole message whose prelude is verified.
pub(super) fn read(bytes: Vec<u8>, chunks: bool) -> Result<Frame, (Broken, Vec<u8>)> {
    match parts(&bytes, chunks) {
        Ok(parts) => {
            let Parts { name, text, notes, error, form } = parts;
            Ok(Frame { raw: Raw::Binary(bytes), name, text, notes, error, stray: false, form })
        }
        Err(broken) => Err((broken, bytes)),
    }
}

/// A [`Frame`] but for its bytes.
struct Parts {
    name: Option<Piece>,
    text: Option<Piece>,
    notes: Vec<Piece>,
    error: bool,
    form: Form,
}

fn parts(bytes: &[u8], chunks: bool) -> Result<Parts, Broken> {
    let end = bytes.len().saturating_sub(4);
    let (covered, _) = bytes.split_at_checked(end).ok_or(Broken::Syntax)?;
    if crc32(covered) != number(bytes, end)? {
        return Err(Broken::Checksum);
    }
    let headers_end = size(bytes, 4)?.saturating_add(PRELUDE);
    let headers = bytes.get(PRELUDE..headers_end).ok_or(Broken::Syntax)?;
    let payload = headers_end..end;
    let text = std::str::from_utf8(bytes.get(payload.clone()).ok_or(Broken::Syntax)?).map_err(|_| Broken::Utf8)?;

    let headers = Headers::read(headers)?;
    let mut notes: Vec<Piece> = headers.notes.into_iter().filter(|note| !note.is_empty()).map(Piece::Own).collect();
    let inner = if chunks { chunk::read(text)? } else { None };
    let (text, form) = match inner {
        Some(inner) => {
            notes.extend(inner.notes.into_iter().filter(|note| !note.is_empty()).map(Piece::Own));
            let base64 =
                inner.base64.start.saturating_add(payload.start)..inner.base64.end.saturating_add(payload.start);
            (Some(inner.text), Form::AwsChunk { payload, base64 })
        }
        None => ((!text.is_empty()).then(|| text.to_owned()), Form::Aws { payload }),
    };
    let name = headers.event.or(headers.exception).or(headers.code).map(Piece::Own);
    Ok(Parts { name, text: text.map(Piece::Own), notes, error: headers.error, form })
}

/// What the headers of one message say.
#[derive(Default)]
struct Headers {
    event: Option<String>,
    exception: Option<String>,
    code: Option<String>,
    error: bool,
    notes: Vec<String>,
}

impl Headers {
    fn read(mut bytes: &[u8]) -> Result<Self, Broken> {
        let (mut headers, mut names) = (Headers::default(), BTreeSet::new());
        while !bytes.is_empty() {
            let name = text(take_short(&mut bytes)?)?;
            if name.is_empty() || !names.insert(name) {
                return Err(Broken::Syntax);
            }
            let [kind] = take(&mut bytes)?;
            let value = value(kind, &mut bytes)?;
            headers.keep(name, kind, value)?;
        }
        Ok(headers)
    }

    fn keep(&mut self, name: &str, kind: u8, value: String) -> Result<(), Broken> {
        let kept = match name {
            ":event-type" => Some(&mut self.event),
            ":exception-type" => Some(&mut self.exception),
            ":error-code" => Some(&mut self.code),
            ":message-type" | ":content-type" | ":error-message" => None,
            _ => {
                self.notes.extend([name.to_owned(), value]);
                return Ok(());
            }
        };
        // A reader that expects a string may or may not take something else for one.
        if kind != STRING {
            return Err(Broken::Syntax);
        }
        if name == ":message-type" {
            self.error = matches!(value.as_str(), "exception" | "error");
            if self.error || value == "event" {
                return Ok(());
            }
        }
        if let Some(kept) = kept {
            *kept = Some(value.clone());
        }
        self.notes.push(value);
        Ok(())
    }
}

/// The value of a header as people would read it; empty for truth values, whose words are fixed.
fn value(kind: u8, bytes: &mut &[u8]) -> Result<String, Broken> {
    Ok(match kind {
        0 | 1 => String::new(),
        2 => i8::from_be_bytes(take(bytes)?).to_string(),
        3 => i16::from_be_bytes(take(bytes)?).to_string(),
        4 => i32::from_be_bytes(take(bytes)?).to_string(),
        // A number, or a time in milliseconds.
        5 | 8 => i64::from_be_bytes(take(bytes)?).to_string(),
        BYTES | STRING => {
            let length = u16::from_be_bytes(take(bytes)?);
            text(take_slice(bytes, usize::from(length))?)?.to_owned()
        }
        9 => uuid(u128::from_be_bytes(take(bytes)?)),
        _ => return Err(Broken::Syntax),
    })
}

fn uuid(value: u128) -> String {
    let digits = format!("{value:032x}");
    let piece = |range: Range<usize>| digits.get(range).unwrap_or_default();
    [piece(0..8), piece(8..12), piece(12..16), piece(16..20), piece(20..32)].join("-")
}

fn text(bytes: &[u8]) -> Result<&str, Broken> {
    std::str::from_utf8(bytes).map_err(|_| Broken::Utf8)
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], Broken> {
    let (taken, left) = bytes.split_first_chunk().ok_or(Broken::Syntax)?;
    *bytes = left;
    Ok(*taken)
}

fn take_slice<'b>(bytes: &mut &'b [u8], length: usize) -> Result<&'b [u8], Broken> {
    let (taken, left) = bytes.split_at_checked(length).ok_or(Broken::Syntax)?;
    *bytes = left;
    Ok(taken)
}

fn take_short<'b>(bytes: &mut &'b [u8]) -> Result<&'b [u8], Broken> {
    let [length] = take(bytes)?;
    take_slice(bytes, usize::from(length))
}

/// The message with another payload.
pub(super) fn rewrite(message: &[u8], payload: &Range<usize>, new: &[u8]) -> Vec<u8> {
    let headers = message.get(PRELUDE..payload.start).unwrap_or_default();
    assembled(headers, new)
}

/// The bytes of a message with these headers, all of them strings. Names are cut to the 255 bytes and values to the 65535
/// that the format can hold.
pub fn aws_event(headers: &[(&str, &str)], payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, value) in headers {
        let name = cut(name, usize::from(u8::MAX));
        bytes.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
        bytes.extend_from_slice(name.as_bytes());
        let value = cut(value, usize::from(u16::MAX));
        bytes.push(STRING);
        bytes.extend_from_slice(&u16::try_from(value.len()).unwrap_or(u16::MAX).to_be_bytes());
        bytes.extend_from_slice(value.as_bytes());
    }
    assembled(&bytes, payload)
}

fn cut(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or_default()
}

/// Lengths beyond 4 GiB, which no memory of this program can hold, would be cut.
fn assembled(headers: &[u8], payload: &[u8]) -> Vec<u8> {
    let total = headers.len().saturating_add(payload.len()).saturating_add(SHORTEST);
    let mut message = Vec::with_capacity(total);
    for length in [total, headers.len()] {
        message.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
    }
    message.extend_from_slice(&crc32(&message).to_be_bytes());
    message.extend_from_slice(headers);
    message.extend_from_slice(payload);
    message.extend_from_slice(&crc32(&message).to_be_bytes());
    message
}
