//! `multipart/form-data` bodies (RFC 2046, section 5.1; RFC 7578).
//!
//! Flows in: the bytes of a body and its boundary. Flows out: where its parts stand, and what stands around them. Promises:
//! every byte but the delimiter lines is in exactly one section; the work is linear; whatever two readers may take for
//! two different messages (a bare line feed, a delimiter that is not quite one, no last delimiter) is read in the more
//! patient way and reported.

use std::ops::Range;

use super::part_head::{Parameter, parameters};

/// The longest boundary that RFC 2046 permits.
const LONGEST: usize = 70;

/// What separates the parts of a body: 1 to 70 characters that RFC 2046 permits, the last no space.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Boundary {
    bytes: [u8; LONGEST],
    len: usize,
}

impl std::fmt::Debug for Boundary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Boundary({} bytes)", self.len)
    }
}

impl Boundary {
    /// The boundary in a `content-type` value; `None` when there is none, more than one, or one that is not permitted.
    pub fn of(content_type: &[u8]) -> Option<Boundary> {
        let semicolon = content_type.iter().position(|byte| *byte == b';')?;
        let (parameters, clean) = parameters(content_type, semicolon);
        let is_boundary = |parameter: &&Parameter| {
            content_type.get(parameter.name.clone()).is_some_and(|name| name.eq_ignore_ascii_case(b"boundary"))
        };
        let mut found = parameters.iter().filter(is_boundary);
        let (Some(Parameter { value, .. }), None, true) = (found.next(), found.next(), clean) else { return None };
        Boundary::new(content_type.get(value.clone())?)
    }

    fn new(value: &[u8]) -> Option<Boundary> {
        let permitted = |byte: &u8| byte.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(byte);
        if value.is_empty() || value.last() == Some(&b' ') || !value.iter().all(permitted) {
            return None;
        }
        let mut bytes = [0; LONGEST];
        bytes.get_mut(..value.len())?.copy_from_slice(value);
        Some(Boundary { bytes, len: value.len() })
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

/// A piece of a body, by its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Section {
    /// What stands before the first delimiter or after the last; mostly empty.
    Outside(Range<usize>),
    /// A part, headers and all (see [`Head`](super::part_head::Head)).
    Part(Range<usize>),
}

/// The sections of a body, in order.
pub struct Sections<'b> {
    body: &'b [u8],
    boundary: Boundary,
    state: State,
    malformed: bool,
    found: bool,
}

enum State {
    Preamble,
    Part(usize),
    Epilogue(usize),
    Done,
}

/// A delimiter line.
struct Delimiter {
    /// Where what comes before it ends.
    before: usize,
    /// Where what comes after it begins.
    after: usize,
    last: bool,
}

impl<'b> Sections<'b> {
    /// Reads a body.
    pub fn new(body: &'b [u8], boundary: Boundary) -> Self {
        Sections { body, boundary, state: State::Preamble, malformed: false, found: false }
    }

    /// Whether two readers may disagree about what was read so far.
    pub fn malformed(&self) -> bool {
        self.malformed
    }

    /// Whether there was any delimiter so far.
    pub fn found(&self) -> bool {
        self.found
    }

    /// The next delimiter line at or after `from`.
    fn delimiter(&mut self, from: usize) -> Option<Delimiter> {
        let mut line = from;
        loop {
            if let Some(delimiter) = self.delimiter_at(line, from) {
                self.found = true;
                return Some(delimiter);
            }
            let rest = self.body.get(line..)?;
            let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'))?;
            line = line.saturating_add(end).saturating_add(line_end(rest.get(end..).unwrap_or_default()));
        }
    }

    /// The delimiter that the line at `line` is. What begins with the boundary and goes on is none to us, and may be one
    /// to others.
    fn delimiter_at(&mut self, line: usize, from: usize) -> Option<Delimiter> {
        let rest = self.body.get(line..)?.strip_prefix(b"--")?.strip_prefix(self.boundary.as_bytes())?;
        let (last, rest) = rest.strip_prefix(b"--").map_or((false, rest), |rest| (true, rest));
        let padding = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let rest = rest.get(padding..).unwrap_or_default();
        let end = line_end(rest);
        if end == 0 && !rest.is_empty() {
            self.malformed = true;
            return None;
        }
        let whole = rest.starts_with(b"\r\n") || (last && rest.is_empty());
        let before = self.body.get(from..line).unwrap_or_default();
        let break_before = match before {
            [.., b'\r', b'\n'] => 2,
            [] => 0,
            _ => 1,
        };
        let alone = break_before == 2 || line == 0;
        self.malformed |= !whole || !alone || padding > 0;
        let after = self.body.len().saturating_sub(rest.len()).saturating_add(end);
        Some(Delimiter { before: line.saturating_sub(break_before), after, last })
    }
}

impl Iterator for Sections<'_> {
    type Item = Section;

    fn next(&mut self) -> Option<Section> {
        let (start, outside) = match self.state {
            State::Preamble => (0, true),
            State::Part(start) => (start, false),
            State::Epilogue(start) => {
                self.state = State::Done;
                // A reader that goes on after the end would find more parts here.
                self.malformed |= self.delimiter(start).is_some();
                return Some(Section::Outside(start..self.body.len()));
            }
            State::Done => return None,
        };
        let delimiter = self.delimiter(start);
        let end = delimiter.as_ref().map_or(self.body.len(), |delimiter| delimiter.before);
        self.state = match delimiter {
            Some(Delimiter { after, last: true, .. }) => State::Epilogue(after),
            Some(Delimiter { after, last: false, .. }) => State::Part(after),
            None => {
                self.malformed = true;
                State::Done
            }
        };
        Some(if outside { Section::Outside(start..end) } else { Section::Part(start..end) })
    }
}

/// The length of the line end that `rest` begins with; 0 when it begins with none.
pub(super) fn line_end(rest: &[u8]) -> usize {
    match rest {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, clippy::string_slice, reason = "a test that panics is a test that fails")]

    use super::*;

    fn read(body: &str) -> (Vec<(bool, &str)>, bool, bool) {
        let boundary = Boundary::of(b"multipart/form-data; boundary=x").expect("a boundary");
        let mut sections = Sections::new(body.as_bytes(), boundary);
        let mut read = Vec::new();
        for section in sections.by_ref() {
            match section {
                Section::Part(range) => read.push((true, &body[range])),
                Section::Outside(range) if range.is_empty() => {}
                Section::Outside(range) => read.push((false, &body[range])),
            }
        }
        (read, sections.malformed(), sections.found())
    }

    #[test]
    fn boundaries() {
        for (value, expected) in [
            ("multipart/form-data; boundary=abc", Some("abc")),
            ("multipart/form-data;boundary=\"a b:c\"", Some("a b:c")),
            ("multipart/form-data; charset=utf-8 ; BOUNDARY=----x'()+_,-./=?; ", None),
            ("multipart/form-data; charset=utf-8 ; BOUNDARY=----x'()+_,-.; ", Some("----x'()+_,-.")),
            ("multipart/form-data; boundary=a; boundary=b", None),
            ("multipart/form-data; boundary=", None),
            ("multipart/form-data; boundary=\"a ", None),
            ("multipart/form-data; boundary=\"a \"", None),
            ("multipart/form-data; boundary=\"a\"b", None),
            ("multipart/form-data; boundary=\"a\\\"b\"", None),
            ("multipart/form-data; boundary=a b", None),
            ("multipart/form-data; boundary=é", None),
            ("multipart/form-data; boundary*=UTF-8''x", None),
            ("multipart/form-data", None),
        ] {
            let boundary = Boundary::of(value.as_bytes());
            assert_eq!(boundary.as_ref().map(Boundary::as_bytes), expected.map(str::as_bytes), "{value}");
        }
        for (len, permitted) in [(70, true), (71, false), (7000, false)] {
            let value = format!("multipart/form-data; boundary={}", "x".repeat(len));
            assert_eq!(Boundary::of(value.as_bytes()).is_some(), permitted, "{len}");
        }
    }

    #[test]
    fn sections() {
        let (part, text) = (true, false);
        for (body, expected, malformed) in [
            ("--x\r\nA: b\r\n\r\n1\r\n--x\r\n2\r\n--x--\r\n", vec![(part, "A: b\r\n\r\n1"), (part, "2")], false),
            ("--x\r\n1\r\n--x--", vec![(part, "1")], false),
            ("before\r\n--x\r\n1\r\n--x--\r\nafter", vec![(text, "before"), (part, "1"), (text, "after")], false),
            ("\r\n--x\r\n1\r\n--x--", vec![(part, "1")], false),
            ("--x--", vec![], false),
            // Line breaks that are content, and a line that begins like a delimiter after two dashes.
            ("--x\r\n\r\n\n\r\n\r\n--x--", vec![(part, "\r\n\n\r\n")], false),
            ("--x\r\n--y\r\n --x\r\n--x--", vec![(part, "--y\r\n --x")], false),
            // No last delimiter; none at all.
            ("--x\r\n1", vec![(part, "1")], true),
            ("--x\r\n1\r\n--x", vec![(part, "1"), (part, "")], true),
            ("nothing", vec![(text, "nothing")], true),
            // Bare line ends.
            ("--x\n1\n--x--\n", vec![(part, "1")], true),
            ("--x\r\n1\n--x\r\n2\r--x--\r\n", vec![(part, "1"), (part, "2")], true),
            // Delimiters that are not quite.
            ("--x\r\n1\r\n--xy\r\n2\r\n--x--", vec![(part, "1\r\n--xy\r\n2")], true),
            ("--x\r\n1\r\n--x--y\r\n--x--", vec![(part, "1\r\n--x--y")], true),
            ("--x \t\r\n1\r\n--x--", vec![(part, "1")], true),
            ("--x\r\n--x\r\n--x--", vec![(part, ""), (part, "")], true),
            // Parts after the end.
            ("--x--\r\n--x\r\n1\r\n--x--", vec![(text, "--x\r\n1\r\n--x--")], true),
        ] {
            let (read, odd, found) = read(body);
            assert_eq!((read, odd), (expected, malformed), "{body:?}");
            assert_eq!(found, body.contains("--x"), "{body:?}");
        }
    }
}
