//! `application/x-www-form-urlencoded` bodies (WHATWG URL, "application/x-www-form-urlencoded parsing").
//!
//! Flows in: the bytes of a body. Flows out: the places of its names and values, in order; [`percent`](super::percent)
//! decodes them. Promises: every byte but the separators `&` and the first `=` of a pair is in exactly one place.

use std::ops::Range;

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Where its name stands, encoded.
    pub name: Range<usize>,
    /// Where its value stands, encoded; empty at the end of the name when there is no `=`.
    pub value: Range<usize>,
}

/// The fields of a form, in order. Empty sequences between two `&` are none.
pub fn pairs(body: &[u8]) -> Pairs<'_> {
    Pairs { body, at: 0 }
}

/// See [`pairs`].
pub struct Pairs<'b> {
    body: &'b [u8],
    at: usize,
}

impl Iterator for Pairs<'_> {
    type Item = Pair;

    fn next(&mut self) -> Option<Pair> {
        loop {
            let rest = self.body.get(self.at..).filter(|rest| !rest.is_empty())?;
            let start = self.at;
            let len = rest.iter().position(|byte| *byte == b'&').unwrap_or(rest.len());
            let end = start.saturating_add(len);
            self.at = end.saturating_add(1);
            if len == 0 {
                continue;
            }
            let equals = rest.iter().take(len).position(|byte| *byte == b'=').unwrap_or(len);
            let name = start..start.saturating_add(equals);
            let value = name.end.saturating_add(1).min(end)..end;
            return Some(Pair { name, value });
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::string_slice, reason = "a test that panics is a test that fails")]

    use super::*;

    fn read(body: &str) -> Vec<(&str, &str)> {
        pairs(body.as_bytes()).map(|pair| (&body[pair.name], &body[pair.value])).collect()
    }

    #[test]
    fn names_and_values() {
        assert_eq!(read("a=1&b=2"), [("a", "1"), ("b", "2")]);
        assert_eq!(read("a=b=c&&d&=e&f=&="), [("a", "b=c"), ("d", ""), ("", "e"), ("f", ""), ("", "")]);
        assert_eq!(read("a%3D=1%26&b+c=+"), [("a%3D", "1%26"), ("b+c", "+")]);
        assert_eq!(read("{\"a\":1}"), [("{\"a\":1}", "")]);
        assert_eq!(read(""), []);
        assert_eq!(read("&&&"), []);
        assert_eq!(read("a=1&"), [("a", "1")]);
    }

    #[test]
    fn no_byte_is_lost() {
        for body in ["a=1&b=2", "&&a==&x&=", "=&=&&&=a=&b", "%&%=&+=%41"] {
            let kept: usize = pairs(body.as_bytes()).map(|pair| pair.name.len() + pair.value.len()).sum();
            let sequences = body.split('&').filter(|sequence| sequence.contains('=')).count();
            assert_eq!(kept + body.matches('&').count() + sequences, body.len(), "{body}");
        }
    }
}
