//! What a `content-type` says of a body or a part.

/// `type/subtype` in lower case, without parameters; empty when there is none or it is no text.
pub fn media_type(value: &[u8]) -> String {
    let value = value.split(|byte| *byte == b';').next().unwrap_or_default();
    std::str::from_utf8(value).unwrap_or("?").trim().to_ascii_lowercase()
}

/// The `charset` parameter in lower case; empty when there is none.
pub fn charset(value: &[u8]) -> String {
    let value = String::from_utf8_lossy(value).to_ascii_lowercase();
    let parameters = value.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let found =
        parameters.filter(|(name, _)| name.trim() == "charset").map(|(_, value)| value.trim().trim_matches('"'));
    found.last().unwrap_or_default().to_owned()
}

/// Whether ASCII text in this character set is written as ASCII bytes.
pub fn ascii_compatible(charset: &str) -> bool {
    const BEGINNINGS: &[&str] = &[
        "utf-8",
        "utf8",
        "us-ascii",
        "ascii",
        "iso-8859-",
        "latin",
        "windows-125",
        "cp125",
        "gb",
        "big5",
        "shift_jis",
        "euc-",
    ];
    charset.is_empty() || BEGINNINGS.iter().any(|beginning| charset.starts_with(beginning))
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
