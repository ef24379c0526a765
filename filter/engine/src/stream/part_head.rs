//! The header block of one part of a multipart body (RFC 7578, section 4; RFC 2183 for the parameters).
//!
//! Flows in: the bytes of a part. Flows out: the places of its header lines, of what a form needs from them, and of its
//! body. Promises: every byte of the block but its line ends is in one of the lines; what readers take differently (a
//! line without a colon, a folded line, a header or parameter twice, `filename*`, backslashes, encoded words) is reported.

use std::ops::Range;

use super::multipart::line_end;

/// Parts of forms have three headers. From this one on the rest of the block is one line.
const MOST_LINES: usize = 32;

/// What stands before the body of a part. All ranges are places in the part.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Head {
    /// The header lines, without line ends.
    pub lines: Vec<Range<usize>>,
    /// The `name` of the field, as it is written between its quotes.
    pub name: Option<Range<usize>>,
    /// The part is a file: it has a `filename`, or a `filename*`.
    pub file: bool,
    /// The value of `content-type`.
    pub content_type: Option<Range<usize>>,
    /// The value of `content-transfer-encoding`.
    pub transfer_encoding: Option<Range<usize>>,
    /// There is a `content-length`.
    pub has_length: bool,
    /// Two readers may see two different parts.
    pub malformed: bool,
    /// The body.
    pub body: Range<usize>,
}

impl Head {
    /// Reads the headers of a part.
    pub fn of(part: &[u8]) -> Head {
        let mut head = Head::default();
        let mut at = 0;
        let mut dispositions = 0usize;
        loop {
            let rest = part.get(at..).unwrap_or_default();
            if head.lines.len() >= MOST_LINES && line_end(rest) == 0 {
                let len = rest.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(rest.len());
                head.lines.push(at..at.saturating_add(len));
                head.malformed = true;
                at = at.saturating_add(len).saturating_add(4);
                break;
            }
            let len = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
            let line = at..at.saturating_add(len);
            let end = line_end(rest.get(len..).unwrap_or_default());
            at = line.end.saturating_add(end);
            // Anything but CRLF, also the end of a part that has no body.
            head.malformed |= end != 2;
            if line.is_empty() {
                break;
            }
            dispositions = dispositions.saturating_add(usize::from(head.line(part, &line)));
            head.lines.push(line);
            if end == 0 {
                break;
            }
        }
        head.malformed |= dispositions != 1 || head.name.is_none();
        head.body = at.min(part.len())..part.len();
        head
    }

    /// Reads one line; whether it is a `content-disposition`.
    fn line(&mut self, part: &[u8], line: &Range<usize>) -> bool {
        let bytes = part.get(line.clone()).unwrap_or_default();
        let Some(colon) = bytes.iter().position(|byte| *byte == b':') else {
            self.malformed = true;
            return false;
        };
        let (name, value) = bytes.split_at_checked(colon).unwrap_or_default();
        // A folded line begins with a space, which is no character of a name either.
        self.malformed |= name.is_empty() || !name.iter().all(token);
        self.malformed |= value.contains(&b'\\') || value.windows(2).any(|pair| pair == b"=?");
        let place = || {
            let before = value.iter().skip(1).take_while(|byte| byte.is_ascii_whitespace()).count();
            let start = line.start.saturating_add(colon).saturating_add(1).saturating_add(before);
            start.min(line.end)..line.end
        };
        match name.to_ascii_lowercase().as_slice() {
            b"content-disposition" => {
                self.disposition(part, place());
                return true;
            }
            b"content-type" => self.malformed |= self.content_type.replace(place()).is_some(),
            b"content-transfer-encoding" => self.malformed |= self.transfer_encoding.replace(place()).is_some(),
            b"content-length" => self.has_length = true,
            _ => {}
        }
        false
    }

    fn disposition(&mut self, part: &[u8], value: Range<usize>) {
        let bytes = part.get(value.clone()).unwrap_or_default();
        let kind = bytes.iter().position(|byte| *byte == b';').unwrap_or(bytes.len());
        let form_data = bytes.get(..kind).unwrap_or_default().trim_ascii().eq_ignore_ascii_case(b"form-data");
        let (parameters, clean) = parameters(bytes, kind);
        self.malformed |= !form_data || !clean;
        for Parameter { name, value: parameter } in parameters {
            let place = value.start.saturating_add(parameter.start)..value.start.saturating_add(parameter.end);
            match bytes.get(name).unwrap_or_default().to_ascii_lowercase().as_slice() {
                b"name" => self.malformed |= self.name.replace(place).is_some(),
                b"filename" => self.malformed |= std::mem::replace(&mut self.file, true),
                b"filename*" => (self.file, self.malformed) = (true, true),
                b"name*" => self.malformed = true,
                _ => {}
            }
        }
    }
}

/// One `name=value` of a header value, by its places.
pub(super) struct Parameter {
    pub(super) name: Range<usize>,
    /// Of a quoted value, what stands between its quotes, escapes and all.
    pub(super) value: Range<usize>,
}

/// The parameters of a header value from the `;` at `at` on, and whether all of it was parameters.
pub(super) fn parameters(value: &[u8], mut at: usize) -> (Vec<Parameter>, bool) {
    let mut found = Vec::new();
    let run = |at: usize, wanted: &dyn Fn(&u8) -> bool| {
        let rest = value.get(at..).unwrap_or_default();
        at.saturating_add(rest.iter().take_while(|byte| wanted(byte)).count())
    };
    let space = |byte: &u8| matches!(byte, b' ' | b'\t');
    loop {
        at = run(at, &space);
        match value.get(at) {
            None => return (found, true),
            Some(b';') => at = run(at.saturating_add(1), &space),
            Some(_) => return (found, false),
        }
        if at >= value.len() {
            return (found, true);
        }
        let name = at..run(at, &token);
        if name.is_empty() || value.get(name.end) != Some(&b'=') {
            return (found, false);
        }
        at = name.end.saturating_add(1);
        if value.get(at) == Some(&b'"') {
            let start = at.saturating_add(1);
            let Some(end) = closing_quote(value, start) else {
                found.push(Parameter { name, value: start..value.len() });
                return (found, false);
            };
            found.push(Parameter { name, value: start..end });
            at = end.saturating_add(1);
        } else {
            // Boundaries may hold characters that are no token characters and come without quotes all the same.
            let end = run(at, &|byte| token(byte) || matches!(byte, b'(' | b')' | b',' | b':'));
            found.push(Parameter { name, value: at..end });
            at = end;
        }
    }
}

/// Where the quoted string that began before `start` ends.
fn closing_quote(value: &[u8], start: usize) -> Option<usize> {
    let mut escaped = false;
    let inside = value.get(start..)?.iter().position(|byte| {
        let closes = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        closes
    });
    Some(start.saturating_add(inside?))
}

/// RFC 9110, section 5.6.2.
fn token(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::string_slice, reason = "a test that panics is a test that fails")]

    use super::*;

    const FIELD: &str = "Content-Disposition: form-data; name=\"a\"";

    #[test]
    fn a_field_and_a_file() {
        let part = format!("{FIELD}\r\n\r\nvalue\r\n");
        let head = Head::of(part.as_bytes());
        assert_eq!((head.malformed, head.file, head.lines.len()), (false, false, 1));
        assert_eq!(head.name.map(|name| &part[name]), Some("a"));
        assert_eq!(&part[head.body], "value\r\n");

        let part = "content-disposition:FORM-DATA; filename=\"a;b=\"; name=up ;\r\ncontent-TYPE: text/csv; charset=utf-8\r\n\
                    Content-Transfer-Encoding:8bit\r\nContent-Length: 3\r\n\r\n1,2";
        let head = Head::of(part.as_bytes());
        assert_eq!((head.malformed, head.file, head.has_length), (false, true, true));
        assert_eq!(head.name.map(|name| &part[name]), Some("up"));
        assert_eq!(head.content_type.map(|value| &part[value]), Some("text/csv; charset=utf-8"));
        assert_eq!(head.transfer_encoding.map(|value| &part[value]), Some("8bit"));
        assert_eq!(&part[head.body], "1,2");
    }

    #[test]
    fn what_readers_take_differently() {
        for (part, body) in [
            ("", ""),
            ("\r\nvalue", "value"),
            (FIELD, ""),
            (&format!("{FIELD}\r\nvalue"), ""),
            (&format!("{FIELD}\n\nvalue"), "value"),
            (&format!("{FIELD}\r\n\nvalue"), "value"),
            (&format!("{FIELD}\r\nno colon\r\n\r\nvalue"), "value"),
            (&format!("{FIELD}\r\n folded: yes\r\n\r\nvalue"), "value"),
            (&format!("{FIELD}\r\nspace : before\r\n\r\nvalue"), "value"),
            (&format!("{FIELD}\r\n: no name\r\n\r\nvalue"), "value"),
            (&format!("{FIELD}\r\n{FIELD}\r\n\r\nvalue"), "value"),
            (&format!("{FIELD}; name=b\r\n\r\nvalue"), "value"),
            (&format!("{FIELD}; filename=a; filename=b\r\n\r\nvalue"), "value"),
            (&format!("{FIELD}; filename*=UTF-8''b\r\n\r\nvalue"), "value"),
            (&format!("{FIELD}; name*=UTF-8''b\r\n\r\nvalue"), "value"),
            (&format!("{FIELD}; filename=\"a\\\"b\"\r\n\r\nvalue"), "value"),
            (&format!("{FIELD}; filename=\"a\r\n\r\nvalue"), "value"),
            (&format!("{FIELD}; filename=a b\r\n\r\nvalue"), "value"),
            (&format!("{FIELD}x\r\n\r\nvalue"), "value"),
            (&format!("{FIELD}; filename=\"=?UTF-8?Q?a?=\"\r\n\r\nvalue"), "value"),
            (&format!("{FIELD}\r\nContent-Type: a/b\r\nContent-Type: a/b\r\n\r\nvalue"), "value"),
            ("Content-Disposition: form-data\r\n\r\nvalue", "value"),
            ("Content-Disposition: attachment; name=a\r\n\r\nvalue", "value"),
            ("Content-Type: text/plain\r\n\r\nvalue", "value"),
            (&format!("{FIELD}\r\n{}\r\nvalue", "A: b\r\n".repeat(99)), "value"),
            (&format!("{FIELD}\r\n{}value", "A: b\r\n".repeat(99)), ""),
            (&format!("{}\r\nvalue", "A: b\r\n".repeat(MOST_LINES)), "value"),
        ] {
            let head = Head::of(part.as_bytes());
            assert!(head.malformed, "{part:?}");
            assert!(head.lines.len() <= MOST_LINES + 1, "{part:?}");
            // Nothing but line ends is in no line.
            let lines: usize = head.lines.iter().map(Range::len).sum();
            let breaks = part[..head.body.start].bytes().filter(|byte| matches!(byte, b'\r' | b'\n')).count();
            assert!(lines + breaks >= head.body.start, "{part:?}");
            assert_eq!(&part[head.body], body, "{part:?}");
        }
    }
}
