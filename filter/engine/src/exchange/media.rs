//! What a `content-type` says of a body or a part.

/// `type/subtype` in lower case, without parameters; empty when there is none or it is no text.
pub fn media_type(value: &[u8]) -> String {
    let value = value.split(|byte| *byte == b';').next().unwrap_or_default();
    std::str::from_utf8(value).unwrap_or("?").trim().to_ascii_lowercase()
}

/// How the bytes of a body stand for characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Charset {
    /// As UTF-8, or nothing is said.
    #[default]
    Utf8,
    /// ASCII as it is, and other characters in a way that Weir does not read.
    Ascii,
    /// Not even ASCII as it is.
    Wide,
}

impl Charset {
    /// What a `content-type` says. Readers disagree about quotes, commas and which of two counts: a charset that any of them
    /// could find is one, and the furthest from UTF-8 counts.
    pub fn of(content_type: &[u8]) -> Charset {
        let value = String::from_utf8_lossy(content_type).to_ascii_lowercase();
        let named = value.match_indices("charset").filter_map(|(at, word)| {
            let rest = value.get(at.saturating_add(word.len())..)?.trim_start();
            // RFC 8187 has another way to write a parameter, which some readers know: `charset*=`.
            let name = rest.strip_prefix('=').or(rest.starts_with('*').then_some("?"))?;
            let end = name.find([';', ',']).unwrap_or(name.len());
            name.get(..end).map(|name| name.trim_matches([' ', '\t', '"', '\'']))
        });
        named.map(Charset::named).max().unwrap_or_default()
    }

    fn named(name: &str) -> Charset {
        const ASCII: &[&str] = &["iso-8859-", "latin", "windows-125", "cp125", "gb", "big5", "shift_jis", "euc-"];
        match name {
            "" | "utf-8" | "utf8" | "us-ascii" | "ascii" => Charset::Utf8,
            _ if ASCII.iter().any(|beginning| name.starts_with(beginning)) => Charset::Ascii,
            _ => Charset::Wide,
        }
    }

    /// Whether bytes say in this character set what they say in UTF-8.
    pub fn reads(self, bytes: &[u8]) -> bool {
        match self {
            Charset::Utf8 => true,
            Charset::Ascii => bytes.is_ascii(),
            Charset::Wide => false,
        }
    }
}

/// Whether a `content-type` says two things: there is a comma outside of quotes, with which proxies join two headers, or it
/// names two different charsets or boundaries.
pub fn ambiguous(content_type: &[u8]) -> bool {
    let (mut quoted, mut escaped, mut comma) = (false, false, false);
    let cut = |byte: &u8| {
        let closes = *byte == b'"' && !escaped;
        escaped = quoted && *byte == b'\\' && !escaped;
        quoted ^= closes;
        comma |= *byte == b',' && !quoted;
        *byte == b';' && !quoted
    };
    let (mut charset, mut boundary): (Option<Vec<u8>>, Option<Vec<u8>>) = (None, None);
    let mut differ = false;
    for parameter in content_type.split(cut).skip(1) {
        let Some(equals) = parameter.iter().position(|byte| *byte == b'=') else { continue };
        let (name, value) = parameter.split_at_checked(equals).unwrap_or_default();
        let bare = |value: &[u8]| value.iter().copied().filter(|byte| !b"=\"' \t".contains(byte)).collect::<Vec<u8>>();
        let (name, value) = (name.trim_ascii().to_ascii_lowercase(), bare(value));
        let earlier = match name.as_slice() {
            b"charset" => charset.replace(value.to_ascii_lowercase()).is_some_and(|earlier| charset != Some(earlier)),
            b"boundary" => boundary.replace(value).is_some_and(|earlier| boundary != Some(earlier)),
            // RFC 2231 has another way to write it, in pieces, which some readers of mail know.
            name => name.starts_with(b"boundary*"),
        };
        differ |= earlier;
    }
    comma || quoted || differ
}

/// Media types that are neither text nor JSON. A missing type is not opaque: it is read as what it turns out to be.
pub fn opaque(media: &str) -> bool {
    const TEXT: &[&str] = &[
        "application/ecmascript",
        "application/graphql",
        "application/javascript",
        "application/json",
        "application/jsonl",
        "application/toml",
        "application/x-ndjson",
        "application/x-www-form-urlencoded",
        "application/x-yaml",
        "application/xml",
        "application/yaml",
    ];
    let text = media.is_empty() || media.starts_with("text/") || TEXT.contains(&media);
    !(text || json(media) || media.ends_with("+xml") || media.ends_with("+yaml"))
}

/// Whether the type is JSON.
pub fn json(media: &str) -> bool {
    media == "application/json" || media.ends_with("+json")
}

/// Whether bytes are what a person could have typed: UTF-8 without control characters but white space and escape.
pub fn typed(bytes: &[u8]) -> bool {
    let odd = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B);
    std::str::from_utf8(bytes).is_ok() && !bytes.iter().any(odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charsets() {
        for (value, charset) in [
            ("application/json", Charset::Utf8),
            ("application/json; charset=UTF-8", Charset::Utf8),
            ("application/json; charset=", Charset::Utf8),
            ("text/plain; charset=\"us-ascii\"", Charset::Utf8),
            ("text/plain; charset='ISO-8859-1'", Charset::Ascii),
            ("text/plain; charset = shift_jis ; x=y", Charset::Ascii),
            ("text/plain; charset=utf-16", Charset::Wide),
            ("text/plain; charset=utf-8; charset=utf-16", Charset::Wide),
            ("text/plain; charset=utf-16; charset=utf-8", Charset::Wide),
            ("text/plain; charset=utf-8, text/plain; charset=utf-7", Charset::Wide),
            ("text/plain; x=\"a; charset=utf-16\"", Charset::Wide),
            ("text/plain; charset*=utf-8''utf-16", Charset::Wide),
            ("text/plain charset=cp037", Charset::Wide),
            ("text/plain; charset=utf-8-ebcdic", Charset::Wide),
        ] {
            assert_eq!(Charset::of(value.as_bytes()), charset, "{value}");
        }
    }

    #[test]
    fn what_says_two_things() {
        for value in [
            "application/json, text/plain",
            "application/json,application/json",
            "a/b; charset=utf-8; charset=latin1",
            "a/b; boundary=x; Boundary=y",
            "a/b; boundary=x; boundary*0=y",
            "a/b; x=\"never closed",
            "a/b; x=\"\\\", y",
        ] {
            assert!(ambiguous(value.as_bytes()), "{value}");
        }
        for value in [
            "",
            "application/json",
            "a/b; x=\"1, 2\"; charset=utf-8",
            "a/b; charset=utf-8; charset=\"UTF-8\"",
            "a/b; boundary=x; charset=utf-8",
        ] {
            assert!(!ambiguous(value.as_bytes()), "{value}");
        }
    }
}
