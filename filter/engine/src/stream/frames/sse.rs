//! Server-sent events (WHATWG HTML, section 9.2 "Server-sent events").
//!
//! A line ends at CR, LF or CRLF; a blank line ends an event. A CR that may be half a CRLF is the one place where a reader
//! has to guess or wait, and it is decided so: a blank line that is a CR ends its frame at once where the line before it
//! ended with a CR alone too (so a stream of CRs is never delayed), and otherwise waits for the next byte (so CRLF is never
//! torn apart). Should an LF follow in the first case after all, it is the first byte of the next frame and means nothing.
//!
//! Beyond the standard: an event at the end of the stream is read without its blank line, and a line without its end,
//! because some clients do.

use std::ops::Range;

use super::Broken;
use super::frame::{Form, Frame, Piece, Raw};

const BYTE_ORDER_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// How far a stream has been read.
#[derive(Default)]
pub(super) struct Scanner {
    /// Bytes of a byte order mark seen at the very start: 3 when it is whole, 4 when the start is over.
    mark: u8,
    /// The line has bytes.
    filled: bool,
    /// The last line end was a CR, without an LF so far.
    bare: bool,
    half: Half,
    /// Bytes at the start of the frame that belong to none of its lines: a byte order mark, or the LF of a CR before.
    lead: usize,
}

/// What an LF would be, should it come next.
#[derive(Default, Clone, Copy)]
enum Half {
    /// A line end of its own.
    #[default]
    None,
    /// The rest of the end of a line with bytes.
    OfLine,
    /// The rest of a blank line, whose frame waits for it.
    OfHeld,
    /// The rest of a blank line, whose frame is already out.
    OfEnded,
}

impl Scanner {
    /// See `Scanner` of the parent.
    pub(super) fn scan(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        loop {
            let byte = *bytes.get(at)?;
            let next = at.saturating_add(1);
            match (std::mem::take(&mut self.half), byte) {
                (Half::OfHeld, b'\n') => {
                    self.bare = false;
                    return Some(next);
                }
                (Half::OfHeld, _) => return Some(at),
                (half @ (Half::OfLine | Half::OfEnded), b'\n') => {
                    self.bare = false;
                    if matches!(half, Half::OfEnded) {
                        self.lead = 1;
                    }
                    at = next;
                    continue;
                }
                _ => {}
            }
            if self.marks(byte) {
                at = next;
                continue;
            }
            let blank = !std::mem::take(&mut self.filled);
            match byte {
                b'\n' => {
                    self.bare = false;
                    if blank {
                        return Some(next);
                    }
                }
                b'\r' if blank && self.bare => {
                    self.half = Half::OfEnded;
                    return Some(next);
                }
                b'\r' => {
                    self.half = if blank { Half::OfHeld } else { Half::OfLine };
                    self.bare = true;
                }
                _ => self.filled = true,
            }
            at = next;
            if self.filled {
                let rest = bytes.get(at..).unwrap_or_default();
                let line = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
                at = at.saturating_add(line);
            }
        }
    }

    /// Whether this byte belongs to a byte order mark at the start of the stream.
    fn marks(&mut self, byte: u8) -> bool {
        if BYTE_ORDER_MARK.get(usize::from(self.mark)) == Some(&byte) {
            self.mark = self.mark.saturating_add(1);
            if usize::from(self.mark) == BYTE_ORDER_MARK.len() {
                self.lead = BYTE_ORDER_MARK.len();
            }
            return true;
        }
        self.filled |= matches!(self.mark, 1 | 2);
        self.mark = 4;
        false
    }

    /// How many bytes at the start of the frame that is now cut belong to none of its lines.
    pub(super) fn take_lead(&mut self) -> usize {
        std::mem::take(&mut self.lead)
    }
}

/// Where a line stands in its frame.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    /// End of the text, start of the line end.
    end: usize,
    /// End of the line end.
    next: usize,
}

fn lines(raw: &str, lead: usize) -> impl Iterator<Item = Line> {
    let mut start = lead;
    std::iter::from_fn(move || {
        let rest = raw.as_bytes().get(start..).filter(|rest| !rest.is_empty())?;
        let len = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
        let end = start.saturating_add(len);
        let length = match rest.get(len..) {
            Some([b'\r', b'\n', ..]) => 2,
            Some([_, ..]) => 1,
            _ => 0,
        };
        let line = Line { start, end, next: end.saturating_add(length) };
        start = line.next;
        Some(line)
    })
}

/// The name of a line's field (empty for a comment) and the place of its value.
fn field(raw: &str, line: Line) -> (&str, Range<usize>) {
    let text = raw.get(line.start..line.end).unwrap_or_default();
    let Some((name, value)) = text.split_once(':') else { return (text, line.end..line.end) };
    let value = value.strip_prefix(' ').unwrap_or(value);
    (name, line.end.saturating_sub(value.len())..line.end)
}

/// Reads the fields of an event, or what stands in its place. The first line begins after `lead` bytes.
pub(super) fn read(bytes: Vec<u8>, lead: usize) -> Result<Frame, (Broken, Vec<u8>)> {
    let mut frame = Frame::of_text(bytes, Form::Sse { lead })?;
    let Raw::Text(raw) = &frame.raw else { return Ok(frame) };
    for line in lines(raw, lead) {
        let (name, value) = field(raw, line);
        let note = match name {
            "data" => {
                let line = raw.get(value.clone()).unwrap_or_default();
                match &mut frame.text {
                    None => frame.text = Some(Piece::Span(value)),
                    Some(Piece::Own(text)) => text.extend(["\n", line]),
                    Some(Piece::Span(first)) => {
                        let first = raw.get(first.clone()).unwrap_or_default();
                        frame.text = Some(Piece::Own([first, "\n", line].concat()));
                    }
                }
                continue;
            }
            "event" => {
                frame.name = (!value.is_empty()).then(|| Piece::Span(value.clone()));
                value
            }
            "id" | "retry" | "" => value,
            // Readers pass over it, so it could say anything, in its name as well.
            _ => {
                let text = raw.get(line.start..line.end).unwrap_or_default();
                frame.stray |= text.contains(['{', '[']);
                line.start..line.end
            }
        };
        if !note.is_empty() {
            frame.notes.push(Piece::Span(note));
        }
    }
    Ok(frame)
}

/// The frame with other data lines: those at both ends that stay the same are copied, those between are replaced one by
/// one, and then lines are left out or put in behind.
pub(super) fn rewrite(raw: &str, lead: usize, text: &str) -> Vec<u8> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let new: Vec<&str> = text.split('\n').collect();
    let data = |line: &Line| {
        let (name, value) = field(raw, *line);
        (name == "data").then(|| raw.get(value).unwrap_or_default())
    };
    let old: Vec<&str> = lines(raw, lead).filter_map(|line| data(&line)).collect();
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let left = |all: &[&str]| all.len().saturating_sub(same);
    // The first line is never left out: the one behind it could begin with what is a byte order mark at the start.
    let shorter = left(&old).min(left(&new)).saturating_sub(usize::from(same == 0));
    let same_end = old.iter().rev().zip(new.iter().rev()).take(shorter).take_while(|(old, new)| old == new).count();
    let old_end = old.len().saturating_sub(same_end);
    let mut between = new.iter().copied().take(new.len().saturating_sub(same_end)).skip(same).peekable();

    let mut out = Output { bytes: raw.get(..lead).unwrap_or_default().to_owned(), left_out: None };
    let mut count: usize = 0;
    for line in lines(raw, lead) {
        if data(&line).is_none() {
            out.copy(raw, line);
            continue;
        }
        let at = count;
        count = count.saturating_add(1);
        let last = count >= old_end;
        if at < same || at >= old_end {
            out.copy(raw, line);
        } else {
            match between.next() {
                Some(value) => out.put(raw, line, value),
                None => out.left_out = Some(line),
            }
        }
        if last && between.peek().is_some() {
            between.by_ref().for_each(|value| out.put_behind(raw, line, value));
        }
    }
    out.bytes.into_bytes()
}

/// A frame in the making.
struct Output {
    bytes: String,
    /// The line before this one, when it was left out.
    left_out: Option<Line>,
}

impl Output {
    fn copy(&mut self, raw: &str, line: Line) {
        // What follows keeps the line end before it: another one could become one with it, as CR and LF do.
        if let Some(left_out) = self.left_out.take() {
            let text = self.bytes.strip_suffix('\n').unwrap_or(&self.bytes);
            self.bytes.truncate(text.strip_suffix('\r').unwrap_or(text).len());
            self.bytes.push_str(raw.get(left_out.end..left_out.next).unwrap_or_default());
        }
        self.bytes.push_str(raw.get(line.start..line.next).unwrap_or_default());
    }

    /// A line like this one, with another value.
    fn put(&mut self, raw: &str, line: Line, value: &str) {
        self.value(raw, line, value);
        self.bytes.push_str(raw.get(line.end..line.next).unwrap_or_default());
    }

    /// The same behind this line, which has no end if it was the last of the stream.
    fn put_behind(&mut self, raw: &str, line: Line, value: &str) {
        if line.end == line.next {
            self.bytes.push('\n');
        }
        self.put(raw, line, value);
    }

    fn value(&mut self, raw: &str, line: Line, value: &str) {
        let (_, old) = field(raw, line);
        let head = raw.get(line.start..old.start).unwrap_or_default();
        self.bytes.push_str(head);
        if !value.is_empty() && !head.ends_with([':', ' ']) {
            self.bytes.push(':');
        }
        if value.starts_with(' ') && !head.ends_with(' ') {
            self.bytes.push(' ');
        }
        self.bytes.push_str(value);
    }
}

/// The bytes of an event with these data lines; an event without name is a `message`. Line breaks in the name, which the
/// format cannot hold, become spaces.
pub fn sse_event(name: Option<&str>, data: &str) -> Vec<u8> {
    let mut event = String::with_capacity(data.len().saturating_add(32));
    if let Some(name) = name {
        event.extend(["event: ", &name.replace(['\r', '\n'], " "), "\n"]);
    }
    for line in data.replace("\r\n", "\n").replace('\r', "\n").split('\n') {
        event.extend(["data: ", line, "\n"]);
    }
    event.push('\n');
    event.into_bytes()
}
