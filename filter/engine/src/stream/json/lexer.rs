//! The tokens of JSON: where a string or number ends, and what was expected where the text went wrong.

use std::fmt;

/// What the grammar wanted at the place of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Any value.
    Value,
    /// A key in quotes, or `}` where the object is still empty.
    Key,
    /// `:` after a key.
    Colon,
    /// `,` or the closing bracket.
    CommaOrClose,
    /// The closing quote.
    Quote,
    /// A valid escape after a backslash.
    Escape,
    /// No raw control character inside a string.
    NoControl,
    /// A digit.
    Digit,
    /// `true`, `false` or `null` in full.
    Literal,
    /// Nothing after the value.
    End,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Expected::Value => "expected a value",
            Expected::Key => "expected a key in double quotes",
            Expected::Colon => "expected `:` after the key",
            Expected::CommaOrClose => "expected `,` or a closing bracket",
            Expected::Quote => "expected a closing quote",
            Expected::Escape => "expected a valid escape after the backslash",
            Expected::NoControl => "expected control characters in a string to be escaped",
            Expected::Digit => "expected a digit",
            Expected::Literal => "expected `true`, `false` or `null`",
            Expected::End => "expected nothing after the value",
        })
    }
}

pub(super) type Result<T> = std::result::Result<T, (Expected, usize)>;

/// The offset of the first byte at or after `at` that is not JSON white space.
pub(super) fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at = at.saturating_add(1);
    }
    at
}

/// From just after the opening quote to the offset of the closing one, and whether there are escapes.
pub(super) fn string_end(bytes: &[u8], mut at: usize) -> Result<(usize, bool)> {
    let mut escaped = false;
    loop {
        at = plain_run(bytes, at);
        match bytes.get(at) {
            Some(b'"') => return Ok((at, escaped)),
            Some(b'\\') => {
                escaped = true;
                at = escape_end(bytes, at)?;
            }
            Some(_) => return Err((Expected::NoControl, at)),
            None => return Err((Expected::Quote, at)),
        }
    }
}

/// Skips bytes that stand for themselves inside a string, eight at a time: the first quote, backslash or control
/// character is the lowest byte whose high bit the usual word-at-a-time tests raise.
pub(super) fn plain_run(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
    const QUOTES: u64 = u64::from_ne_bytes([b'"'; 8]);
    const SLASHES: u64 = u64::from_ne_bytes([b'\\'; 8]);
    const SPACES: u64 = u64::from_ne_bytes([b' '; 8]);
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    while let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*word);
        let stop = (zero(word ^ QUOTES) | zero(word ^ SLASHES) | (word.wrapping_sub(SPACES) & !word)) & HIGHS;
        if stop != 0 {
            return at.saturating_add((stop.trailing_zeros() / 8) as usize);
        }
        at = at.saturating_add(8);
    }
    while matches!(bytes.get(at), Some(byte) if *byte >= 0x20 && *byte != b'"' && *byte != b'\\') {
        at = at.saturating_add(1);
    }
    at
}

fn escape_end(bytes: &[u8], at: usize) -> Result<usize> {
    match bytes.get(at.saturating_add(1)) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at.saturating_add(2)),
        Some(b'u') => {
            let digits = bytes.get(at.saturating_add(2)..at.saturating_add(6));
            match digits {
                Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => Ok(at.saturating_add(6)),
                _ => Err((Expected::Escape, at)),
            }
        }
        _ => Err((Expected::Escape, at)),
    }
}

/// The end of a number that begins at `at` (a digit or minus).
pub(super) fn number_end(bytes: &[u8], mut at: usize) -> Result<usize> {
    if bytes.get(at) == Some(&b'-') {
        at = at.saturating_add(1);
    }
    at = match bytes.get(at) {
        Some(b'0') => at.saturating_add(1),
        Some(b'1'..=b'9') => digits_end(bytes, at),
        _ => return Err((Expected::Digit, at)),
    };
    if bytes.get(at) == Some(&b'.') {
        at = some_digits(bytes, at.saturating_add(1))?;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at = at.saturating_add(1);
        if matches!(bytes.get(at), Some(b'+' | b'-')) {
            at = at.saturating_add(1);
        }
        at = some_digits(bytes, at)?;
    }
    Ok(at)
}

fn some_digits(bytes: &[u8], at: usize) -> Result<usize> {
    match bytes.get(at) {
        Some(byte) if byte.is_ascii_digit() => Ok(digits_end(bytes, at)),
        _ => Err((Expected::Digit, at)),
    }
}

fn digits_end(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(byte) if byte.is_ascii_digit()) {
        at = at.saturating_add(1);
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_agree_with_single_bytes() {
        for stop in [b'"', b'\\', 0x1f, 0, b'\n'] {
            for len in 0..40 {
                for at in 0..=len {
                    let mut bytes = vec![b'x'; len];
                    bytes.iter_mut().skip(1).step_by(3).for_each(|b| *b = 0xc3);
                    bytes.iter_mut().skip(2).step_by(5).for_each(|b| *b = b' ');
                    bytes.insert(at, stop);
                    assert_eq!(plain_run(&bytes, 0), at, "{stop} at {at} of {len}");
                }
            }
        }
    }
}
