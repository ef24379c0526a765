//! What readers with more patience than ours take for JSON: behind a byte order mark or comments, with single quotes, bare
//! names, trailing commas. Such a text is scanned as it is written, and its escapes may hide some of it from that.

/// Whether a text that is no JSON may be read as such all the same, and has escapes that hide what it says.
pub fn hides(text: &str) -> bool {
    let text = beginning(text);
    let container = match text.as_bytes().first() {
        Some(b'{') => true,
        Some(b'[') => beginning(text.get(1..).unwrap_or_default()).starts_with(['{', '[', '"', '\'']),
        Some(b'"' | b'\'') => false,
        _ => return false,
    };
    // In an object any backslash but those that no reader takes for a letter; in what may be quoted prose (`"C:\new"`) only
    // what can be nothing else. Two backslashes may be one in the JSON of a string.
    text.as_bytes().windows(4).any(|window| match window {
        [b'\\', b'u' | b'x' | b'U', high, low] => container || (high.is_ascii_hexdigit() && low.is_ascii_hexdigit()),
        [b'\\', b'n' | b'r' | b't' | b'b' | b'f' | b'"' | b'\\', ..] => false,
        [b'\\', ..] => container,
        _ => false,
    })
}

/// The text behind white space of any kind, byte order marks and comments.
fn beginning(mut text: &str) -> &str {
    loop {
        text = text.trim_start_matches(|letter: char| letter.is_whitespace() || matches!(letter, '\u{feff}' | '\0'));
        let rest = match text.get(..2) {
            Some("/*") => text.split_once("*/").map(|(_, rest)| rest),
            Some("//") => text.split_once(['\n', '\r', '\u{2028}', '\u{2029}']).map(|(_, rest)| rest),
            _ if text.starts_with('#') => text.split_once(['\n', '\r']).map(|(_, rest)| rest),
            _ => return text,
        };
        text = rest.unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_behind_what_lenient_readers_pass_over() {
        for text in [
            "\u{feff}{\"a\":\"\\u0041\"}",
            "\u{a0}\u{c}{\"a\":\"\\u0041\"}",
            "/* a */ // b\n# c\n{\"a\":\"\\u0041\"}",
            "{'a':'\\x41'}",
            "{a:'\\A'}",
            "{\"a\":\"\\\n\"}",
            "{\"a\":\"b\\/c\",}",
            "[ '\\x41',]",
            "[{\"a\":\"\\\\u0041\"},]",
            "'\\x41KIA'",
            "\u{feff}\"\\u0041\"",
            "{\"a\":\"\\u0041\"}\n{\"a\":1}",
        ] {
            assert!(hides(text), "{text}");
        }
    }

    #[test]
    fn prose_hides_nothing() {
        for text in [
            "",
            "#",
            "/* never closed {\\u0041",
            "C:\\users\\x",
            "in Rust `\\u{41}` and in C `\\x41` are the same",
            "[note] see C:\\Windows\\System32",
            "\"C:\\new\\under\" is a path",
            "# a heading\n\nwith \\u0041",
            "{a: 'b'}",
            "{\"a\": \"\\n\\\"b\\\"\",}",
            "{\"a\":1}\n{\"a\":\"b\\tc\"}",
        ] {
            assert!(!hides(text), "{text}");
        }
    }
}
