//! Base64 with the standard alphabet and padding (RFC 4648 section 4), strictly.
//!
//! Flows in: bytes or their encoding. Flows out: the other one. Promises: there is exactly one encoding of any bytes, so
//! what decodes here decodes to the same bytes elsewhere; white space, missing padding and left-over bits are refused.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The encoding of `bytes`: four characters for every three bytes begun.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3).saturating_mul(4));
    for group in bytes.chunks(3) {
        let [a, b, c] = [0, 1, 2].map(|at| u32::from(group.get(at).copied().unwrap_or(0)));
        let bits = a << 16 | b << 8 | c;
        for (at, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let sextet = (bits >> shift & 0x3F) as usize;
            let character = ALPHABET.get(sextet).copied().unwrap_or(b'=');
            text.push(if at > group.len() { '=' } else { char::from(character) });
        }
    }
    text
}

/// The bytes that `text` is the encoding of; `None` when it is the encoding of nothing.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len().div_ceil(4).saturating_mul(3));
    let mut groups = text.as_bytes().chunks(4).peekable();
    while let Some(group) = groups.next() {
        let [a, b, c, d] = group else { return None };
        let last = groups.peek().is_none();
        let (sextets, kept) = match (c, d) {
            (b'=', b'=') if last => ([*a, *b, b'A', b'A'], 1),
            (_, b'=') if last => ([*a, *b, *c, b'A'], 2),
            _ => ([*a, *b, *c, *d], 3),
        };
        let mut bits = 0;
        for character in sextets {
            bits = bits << 6 | sextet(character)?;
        }
        let [_, decoded @ ..] = bits.to_be_bytes();
        let (data, left) = decoded.split_at_checked(kept)?;
        if left.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(data);
    }
    Some(bytes)
}

fn sextet(character: u8) -> Option<u32> {
    let (first, value) = match character {
        b'A'..=b'Z' => (b'A', 0),
        b'a'..=b'z' => (b'a', 26),
        b'0'..=b'9' => (b'0', 52),
        b'+' => (b'+', 62),
        b'/' => (b'/', 63),
        _ => return None,
    };
    Some(u32::from(character.wrapping_sub(first)).saturating_add(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_the_rfc_both_ways() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
            ("\u{3ff}>?~", "z78+P34="),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()), "{text}");
        }
        let all: Vec<u8> = (0..=255).collect();
        for len in 0..all.len() {
            let part: Vec<u8> = all.iter().copied().take(len).collect();
            assert_eq!(decode(&encode(&part)), Some(part));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "Z", "Zg", "Zg=", "Zm8", "Zg==Zg==", "Zg===", "====", "=", "Z===", "Zm=v", "Zm9v ", "Zm9v\n", " Zm9v",
            "Zm 9v", "Zh==", "Zm9=", "Zm9-", "Zm9_", "Zmé", "Zg==\n",
        ] {
            assert_eq!(decode(text), None, "{text:?}");
        }
    }
}
