//! Bytes that may be percent-encoded, to text, with the way back.
//!
//! Flows in: bytes. Flows out: the text that a reader of them sees, and on demand the [`TextMap`] from that text to the
//! bytes. Promises: what is not UTF-8 is in the text as U+FFFD and is reported; the bytes of one character are one unit
//! wherever any of them is encoded. Sources: RFC 3986, section 2.1; WHATWG URL, "application/x-www-form-urlencoded".

use std::borrow::Cow;

use crate::stream::text_map::TextMap;

/// What stands for something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escapes {
    /// Nothing.
    None,
    /// `%41`. A `%` that begins no encoding stands for itself.
    Percent,
    /// `%41`, and `+` for a space, as in forms and queries.
    Form,
}

/// Text that was bytes.
pub struct Decoded<'r> {
    /// The text.
    pub text: Cow<'r, str>,
    /// Bytes and text differ, so that places in them need a map.
    pub mapped: bool,
    /// Some of it was not UTF-8.
    pub invalid: bool,
}

/// Decodes bytes.
pub fn decode(raw: &[u8], escapes: Escapes) -> Decoded<'_> {
    let escaped = raw.iter().any(|byte| match escapes {
        Escapes::None => false,
        Escapes::Percent => *byte == b'%',
        Escapes::Form => matches!(byte, b'%' | b'+'),
    });
    if !escaped && let Ok(text) = std::str::from_utf8(raw) {
        return Decoded { text: Cow::Borrowed(text), mapped: false, invalid: false };
    }
    let bytes: Vec<u8> = Units { rest: raw, escapes }.map(|(byte, _)| byte).collect();
    match String::from_utf8(bytes) {
        Ok(text) => Decoded { text: Cow::Owned(text), mapped: true, invalid: false },
        Err(error) => {
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            Decoded { text: Cow::Owned(text), mapped: true, invalid: true }
        }
    }
}

/// The way back from what [`decode`] gives for the same bytes. (A `+` is as long as its space: to a map it is a copy.)
pub fn text_map(raw: &[u8], escapes: Escapes) -> TextMap {
    let bytes: Vec<u8> = Units { rest: raw, escapes }.map(|(byte, _)| byte).collect();
    let mut units = Units { rest: raw, escapes };
    let mut source_of =
        |bytes: usize| units.by_ref().take(bytes).map(|(_, source)| source).fold(0, u32::saturating_add);
    let mut map = TextMap::default();
    let mut copied = 0u32;
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            let len = length(character.len_utf8());
            let source = source_of(character.len_utf8());
            if source == len {
                copied = copied.saturating_add(len);
            } else {
                map.copy(std::mem::take(&mut copied));
                map.escape(len, source);
            }
        }
        if !chunk.invalid().is_empty() {
            map.copy(std::mem::take(&mut copied));
            map.escape(length(char::REPLACEMENT_CHARACTER.len_utf8()), source_of(chunk.invalid().len()));
        }
    }
    map.copy(copied);
    map
}

/// Whether anything in the bytes is `%` and two hexadecimal digits.
pub fn any_encoded(raw: &[u8]) -> bool {
    Units { rest: raw, escapes: Escapes::Percent }.any(|(_, source)| source > 1)
}

/// Appends `text` to `out` so that it means the same in a path, a query and a form: letters, digits, `-`, `.` and `_` as
/// they are (RFC 3986, section 2.3, without `~`, which forms encode), everything else percent-encoded.
pub fn encode_into(text: &str, out: &mut String) {
    encode(text, out, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
}

/// Appends `text` to `out` so that it can stand inside a quoted parameter of a part header (WHATWG HTML, "multipart form
/// data": quotes and line ends are percent-encoded), and neither ends it nor is an escape.
pub fn quote_into(text: &str, out: &mut String) {
    encode(text, out, |byte| !(byte.is_ascii_control() || matches!(byte, b'"' | b'\\' | b'%')));
}

fn encode(text: &str, out: &mut String, plain: impl Fn(u8) -> bool) {
    let mut utf8 = [0; 4];
    for character in text.chars() {
        let bytes = character.encode_utf8(&mut utf8).as_bytes();
        if bytes.iter().all(|byte| plain(*byte)) {
            out.push(character);
            continue;
        }
        for byte in bytes {
            out.push('%');
            for digit in [byte >> 4, byte & 0xF] {
                out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase());
            }
        }
    }
}

/// Decoded bytes, each with the number of bytes it was written as.
struct Units<'r> {
    rest: &'r [u8],
    escapes: Escapes,
}

impl Iterator for Units<'_> {
    type Item = (u8, u32);

    fn next(&mut self) -> Option<(u8, u32)> {
        let (first, tail) = self.rest.split_first()?;
        if *first == b'%'
            && self.escapes != Escapes::None
            && let Some([high, low]) = tail.first_chunk::<2>()
            && let (Some(high), Some(low)) = (char::from(*high).to_digit(16), char::from(*low).to_digit(16))
        {
            self.rest = tail.get(2..).unwrap_or_default();
            return Some((u8::try_from((high << 4) | low).unwrap_or_default(), 3));
        }
        self.rest = tail;
        let space = *first == b'+' && self.escapes == Escapes::Form;
        Some((if space { b' ' } else { *first }, 1))
    }
}

fn length(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        for (raw, escapes, text, invalid) in [
            (&b"a+b%20c"[..], Escapes::Form, "a b c", false),
            (b"a+b%20c", Escapes::Percent, "a+b c", false),
            (b"a+b%20c", Escapes::None, "a+b%20c", false),
            (b"%c3%A9", Escapes::Form, "é", false),
            (b"\xc3%A9", Escapes::Form, "é", false),
            (b"%c3\xA9", Escapes::Percent, "é", false),
            (b"100%", Escapes::Form, "100%", false),
            (b"%4", Escapes::Form, "%4", false),
            (b"%+1%-1%zz", Escapes::Percent, "%+1%-1%zz", false),
            (b"%%41%2525", Escapes::Form, "%A%25", false),
            (b"a%ff%feb", Escapes::Form, "a\u{FFFD}\u{FFFD}b", true),
            (b"%e2%82", Escapes::Form, "\u{FFFD}", true),
            (b"\xff", Escapes::None, "\u{FFFD}", true),
            (b"", Escapes::Form, "", false),
        ] {
            let decoded = decode(raw, escapes);
            assert_eq!((decoded.text.as_ref(), decoded.invalid), (text, invalid), "{raw:?}");
            assert!(decoded.mapped || text.as_bytes() == raw, "{raw:?}");
        }
    }

    #[test]
    fn a_character_is_one_unit() {
        // text: "a é 😀 � b", bytes of the characters in every mixture of written and encoded
        let raw = b"a+\xc3%A9+%F0\x9f%98%80+%ff+b";
        let map = text_map(raw, Escapes::Form);
        assert_eq!(decode(raw, Escapes::Form).text, "a é 😀 \u{FFFD} b");
        assert_eq!(map.source(&(0..1)), 0..1);
        assert_eq!(map.source(&(2..3)), 2..6);
        assert_eq!(map.source(&(3..4)), 2..6);
        assert_eq!(map.source(&(5..9)), 7..17);
        assert_eq!(map.source(&(6..7)), 7..17);
        assert_eq!(map.source(&(10..13)), 18..21);
        assert_eq!(map.source(&(14..15)), 22..23);
        assert_eq!(map.source(&(0..15)), 0..23);
    }

    #[test]
    fn what_is_encoded_reads_as_what_it_was() {
        let text = "[A_1] é😀\r\n\"\\%+&=;~*";
        let mut encoded = String::new();
        encode_into(text, &mut encoded);
        assert!(encoded.starts_with("%5BA_1%5D%20%C3%A9%F0%9F"), "{encoded}");
        for escapes in [Escapes::Percent, Escapes::Form] {
            assert_eq!(decode(encoded.as_bytes(), escapes).text, text);
        }
        let mut quoted = String::new();
        quote_into(text, &mut quoted);
        assert_eq!(quoted, "[A_1] é😀%0D%0A%22%5C%25+&=;~*");
    }
}
