//! Escapes of JSON strings, both ways.

use super::lexer::plain_run;
use crate::sensitive::Sensitive;
use crate::stream::text_map::TextMap;

/// A decoded string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text.
    pub text: Sensitive<String>,
    /// A `\uD800`-like half of a pair stood alone; U+FFFD is in its place.
    pub lone_surrogate: bool,
}

/// Decodes what stands between the quotes of a valid JSON string, and records the way back in `map`.
pub(super) fn decode(raw: &str, mut map: Option<&mut TextMap>) -> Decoded {
    let (mut text, mut lone_surrogate) = (String::with_capacity(raw.len()), false);
    let mut rest = raw;
    loop {
        // What stands between the quotes has no quote and no control character, so a run ends at a backslash or the end.
        let (plain, escape) = rest.split_at_checked(plain_run(rest.as_bytes(), 0)).unwrap_or((rest, ""));
        if escape.is_empty() {
            break;
        }
        text.push_str(plain);
        let (character, len) = one_escape(escape);
        lone_surrogate |= character.is_none();
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        text.push(character);
        if let Some(map) = map.as_deref_mut() {
            map.copy(length(plain.len()));
            map.escape(length(character.len_utf8()), length(len));
        }
        rest = escape.get(len..).unwrap_or_default();
    }
    text.push_str(rest);
    if let Some(map) = map {
        map.copy(length(rest.len()));
    }
    Decoded { text: Sensitive::new(text), lone_surrogate }
}

fn length(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// The character of the escape that `text` begins with, and its length in source bytes.
fn one_escape(text: &str) -> (Option<char>, usize) {
    let character = match text.as_bytes().get(1) {
        Some(b'u') => return unicode_escape(text),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(byte) => char::from(*byte),
        None => return (None, 1),
    };
    (Some(character), 2)
}

fn unicode_escape(text: &str) -> (Option<char>, usize) {
    let Some(first) = code_unit(text) else { return (None, 2) };
    match first {
        0xD800..=0xDBFF => {
            let second = text.get(6..).filter(|rest| rest.starts_with("\\u")).and_then(code_unit);
            match second {
                Some(second @ 0xDC00..=0xDFFF) => {
                    let high = (first & 0x3FF) << 10;
                    (char::from_u32(0x1_0000_u32.saturating_add(high | (second & 0x3FF))), 12)
                }
                _ => (None, 6),
            }
        }
        other => (char::from_u32(other), 6),
    }
}

fn code_unit(text: &str) -> Option<u32> {
    text.get(2..6).and_then(|digits| u32::from_str_radix(digits, 16).ok())
}

/// Appends `text` to `out` as the inside of a JSON string. Only what the grammar demands is escaped.
pub fn escape_into(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {
                out.push_str("\\u00");
                for shift in [4u32, 0] {
                    out.push(char::from_digit((u32::from(control) >> shift) & 0xF, 16).unwrap_or('0'));
                }
            }
            other => out.push(other),
        }
    }
}
