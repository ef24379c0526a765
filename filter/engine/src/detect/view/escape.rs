//! Characters written as escapes: `%69`, `&#105;`, `\u0069`, `\x69`.

/// What stands at the beginning of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    /// None.
    No,
    /// That depends on text to come.
    Open,
    /// The escape of a character, in so many bytes.
    Of(char, usize),
}

/// How often an escape may be escaped itself (`%2569`, `&amp;#105;`, `\\\\u0069`).
const NESTED: usize = 8;

/// Reads a text that begins with `%`, `&` or `\`.
pub(super) fn read(text: &[u8]) -> Escape {
    let read = match text.first() {
        Some(b'%') => percent(text),
        Some(b'&') => entity(text),
        Some(b'\\') => backslash(text),
        _ => Err(Escape::No),
    };
    match read {
        // A control character is never meant, and would not be read as text.
        Ok((character, _)) if character.is_control() && !matches!(character, '\n' | '\r' | '\t') => Escape::No,
        Ok((character, len)) => Escape::Of(character, len),
        Err(escape) => escape,
    }
}

type Read = Result<(char, usize), Escape>;

/// The value of `count` digits at an offset.
fn digits(text: &[u8], at: usize, count: usize, radix: u32) -> Result<u32, Escape> {
    (at..at.saturating_add(count)).try_fold(0_u32, |value, at| {
        let byte = *text.get(at).ok_or(Escape::Open)?;
        let digit = char::from(byte).to_digit(radix).ok_or(Escape::No)?;
        Ok(value.saturating_mul(radix).saturating_add(digit))
    })
}

/// The value of one to `most` digits up to something else, and where that is.
fn number(text: &[u8], at: usize, most: usize, radix: u32) -> Result<(u32, usize), Escape> {
    let rest = text.get(at..).unwrap_or_default();
    let count = rest.iter().take_while(|byte| char::from(**byte).is_digit(radix)).count();
    match count {
        0 if !rest.is_empty() => Err(Escape::No),
        count if count > most => Err(Escape::No),
        count if count == rest.len() => Err(Escape::Open),
        count => Ok((digits(text, at, count, radix)?, at.saturating_add(count))),
    }
}

/// RFC 3986 section 2.1, of UTF-8.
fn percent(text: &[u8]) -> Read {
    let (first, mut at) = percent_byte(text, 0)?;
    let len = match first {
        0..=0x7F => 1,
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return Err(Escape::No),
    };
    let mut bytes = vec![first];
    while bytes.len() < len {
        let (byte, end) = percent_byte(text, at)?;
        bytes.push(byte);
        at = end;
    }
    let character = str::from_utf8(&bytes).ok().and_then(|text| text.chars().next()).ok_or(Escape::No)?;
    Ok((character, at))
}

/// A byte, and where it ends; `%25` may stand for the sign itself.
fn percent_byte(text: &[u8], at: usize) -> Result<(u8, usize), Escape> {
    if *text.get(at).ok_or(Escape::Open)? != b'%' {
        return Err(Escape::No);
    }
    let mut at = at.saturating_add(1);
    for _ in 0..NESTED {
        match (text.get(at..at.saturating_add(2)), digits(text, at.saturating_add(2), 2, 16)) {
            (Some(b"25"), Ok(_)) => at = at.saturating_add(2),
            (Some(b"25"), Err(Escape::Open)) => return Err(Escape::Open),
            _ => break,
        }
    }
    let byte = digits(text, at, 2, 16)?;
    Ok((u8::try_from(byte).map_err(|_| Escape::No)?, at.saturating_add(2)))
}

/// A character reference of HTML, by number or by one of the names that stand for ASCII or a space.
fn entity(text: &[u8]) -> Read {
    const NAMES: &[(&[u8], char)] = &[
        (b"amp;", '&'),
        (b"lt;", '<'),
        (b"gt;", '>'),
        (b"quot;", '"'),
        (b"apos;", '\''),
        (b"nbsp;", ' '),
        (b"commat;", '@'),
        (b"period;", '.'),
        (b"comma;", ','),
        (b"colon;", ':'),
        (b"sol;", '/'),
        (b"lowbar;", '_'),
        (b"hyphen;", '-'),
        (b"dash;", '-'),
        (b"plus;", '+'),
        (b"equals;", '='),
        (b"num;", '#'),
        (b"excl;", '!'),
        (b"Tab;", '\t'),
        (b"NewLine;", '\n'),
        (b"zwnj;", '\u{200C}'),
        (b"zwj;", '\u{200D}'),
        (b"shy;", '\u{AD}'),
    ];
    let mut at = 1;
    for _ in 0..NESTED {
        let rest = text.get(at..).unwrap_or_default();
        match rest.strip_prefix(b"amp;").map(|behind| behind.first()) {
            Some(Some(byte)) if *byte == b'#' || byte.is_ascii_alphabetic() => at = at.saturating_add(4),
            Some(None) => return Err(Escape::Open),
            _ => break,
        }
    }
    let rest = text.get(at..).unwrap_or_default();
    if rest.first().is_none_or(|byte| *byte == b'#') {
        let hexadecimal = match text.get(at.saturating_add(1)) {
            None => return Err(Escape::Open),
            Some(byte) => byte.eq_ignore_ascii_case(&b'x'),
        };
        let from = at.saturating_add(if hexadecimal { 2 } else { 1 });
        let (value, end) = number(text, from, 8, if hexadecimal { 16 } else { 10 })?;
        let semicolon = usize::from(text.get(end) == Some(&b';'));
        return Ok((char::from_u32(value).ok_or(Escape::No)?, end.saturating_add(semicolon)));
    }
    let named = NAMES.iter().find(|(name, _)| rest.starts_with(name));
    if let Some((name, character)) = named {
        return Ok((*character, at.saturating_add(name.len())));
    }
    let open = NAMES.iter().any(|(name, _)| name.starts_with(rest));
    Err(if open { Escape::Open } else { Escape::No })
}

/// The escapes of JSON, JavaScript, Python and Rust.
fn backslash(text: &[u8]) -> Read {
    let slashes = text.iter().take(NESTED.saturating_add(1)).take_while(|byte| **byte == b'\\').count();
    if slashes > NESTED {
        return Err(Escape::No);
    }
    let at = slashes.saturating_add(1);
    match text.get(slashes).ok_or(Escape::Open)? {
        b'x' => Ok((char::from_u32(digits(text, at, 2, 16)?).ok_or(Escape::No)?, at.saturating_add(2))),
        b'U' => Ok((char::from_u32(digits(text, at, 8, 16)?).ok_or(Escape::No)?, at.saturating_add(8))),
        b'u' if text.get(at) == Some(&b'{') => {
            let (value, end) = number(text, at.saturating_add(1), 6, 16)?;
            let closed = text.get(end) == Some(&b'}');
            let character = char::from_u32(value).filter(|_| closed).ok_or(Escape::No)?;
            Ok((character, end.saturating_add(1)))
        }
        b'u' => {
            let first = digits(text, at, 4, 16)?;
            let end = at.saturating_add(4);
            match first {
                0xD800..=0xDBFF => {
                    let same = text.get(end..).unwrap_or_default();
                    let again = same.iter().take(slashes).take_while(|byte| **byte == b'\\').count();
                    match same.get(again) {
                        None => return Err(Escape::Open),
                        Some(b'u') if again == slashes => {}
                        Some(_) => return Err(Escape::No),
                    }
                    let from = end.saturating_add(slashes).saturating_add(1);
                    let second = digits(text, from, 4, 16)?;
                    let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400).ok_or(Escape::No)?;
                    let value = 0x10000 + ((first - 0xD800) << 10) + low;
                    Ok((char::from_u32(value).ok_or(Escape::No)?, from.saturating_add(4)))
                }
                value => Ok((char::from_u32(value).ok_or(Escape::No)?, end)),
            }
        }
        _ => Err(Escape::No),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_to_their_end() {
        for (text, expected) in [
            ("%69x", Escape::Of('i', 3)),
            ("%2569x", Escape::Of('i', 5)),
            ("%25252569x", Escape::Of('i', 9)),
            ("%25 ", Escape::Of('%', 3)),
            ("%25", Escape::Open),
            ("%6", Escape::Open),
            ("%C3%A9", Escape::Of('é', 6)),
            ("%C3%", Escape::Open),
            ("%C3x", Escape::No),
            ("% 6", Escape::No),
            ("%00", Escape::No),
            ("&#105;x", Escape::Of('i', 6)),
            ("&#105 ", Escape::Of('i', 5)),
            ("&#105", Escape::Open),
            ("&#x69;", Escape::Of('i', 6)),
            ("&#X0000069;", Escape::Of('i', 11)),
            ("&#999999999;", Escape::No),
            ("&amp;#105;", Escape::Of('i', 10)),
            ("&amp;amp;commat;", Escape::Of('@', 16)),
            ("&amp; ", Escape::Of('&', 5)),
            ("&am", Escape::Open),
            ("&", Escape::Open),
            ("& ", Escape::No),
            ("&nosuch;", Escape::No),
            ("\\u0069", Escape::Of('i', 6)),
            ("\\\\\\\\u0069", Escape::Of('i', 9)),
            ("\\u{69}", Escape::Of('i', 6)),
            ("\\u{69", Escape::Open),
            ("\\u{69x", Escape::No),
            ("\\x69", Escape::Of('i', 4)),
            ("\\U00000069", Escape::Of('i', 10)),
            ("\\ud835\\udc22", Escape::Of('𝐢', 12)),
            ("\\ud835\\ud", Escape::Open),
            ("\\ud835 ", Escape::No),
            ("\\n", Escape::No),
            ("\\", Escape::Open),
        ] {
            assert_eq!(read(text.as_bytes()), expected, "{text:?}");
        }
    }
}
