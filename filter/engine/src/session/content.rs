//! What headers say about a body, before there is one.

use crate::event::{Direction, Headers};
use crate::fault::Fault;
use crate::stream::frames::Format;
use crate::wire::Dialect;

/// What is known of a message's body from its headers.
#[derive(Debug, Default, Clone)]
pub(super) struct Content {
    pub(super) kind: Kind,
    /// `content-length`, when there is a valid one.
    pub(super) length: Option<usize>,
    pub(super) has_length: bool,
    /// The body is covered by a signature in the headers (AWS Signature Version 4).
    pub(super) signed: bool,
}

/// How a body is to be read.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// As JSON; as text if it is none.
    #[default]
    Json,
    /// As JSON if it is JSON, else as the text it says it is.
    Text,
    /// As text whose syntax may hide some of it (forms, JSON lines, XML, YAML).
    Encoded,
    /// As a stream of events.
    Events(Events),
}

/// How a stream of events is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Events {
    /// `text/event-stream`
    Sse,
    /// JSON lines.
    Lines,
    /// `application/vnd.amazon.eventstream`
    Aws,
}

impl Content {
    /// How the events of this answer are cut into frames; none when it is no stream. Bedrock wraps the events of
    /// InvokeModelWithResponseStream once more, and Gemini streams a JSON array unless it is asked for something else.
    pub(super) fn format(&self, dialect: Dialect, path: &str, error: bool) -> Option<Format> {
        match (self.kind, dialect) {
            (Kind::Events(Events::Sse), _) => Some(Format::Sse),
            (Kind::Events(Events::Lines), _) => Some(Format::Lines),
            (Kind::Events(Events::Aws), Dialect::BedrockInvoke) => Some(Format::AwsEventStreamChunks),
            (Kind::Events(Events::Aws), _) => Some(Format::AwsEventStream),
            (Kind::Json, Dialect::GoogleGenerate) if !error && path.ends_with(":streamGenerateContent") => {
                Some(Format::JsonArray)
            }
            _ => None,
        }
    }
}

impl Content {
    /// Reads the headers of a message. An error is a fault that is certain before the body comes.
    pub(super) fn of(direction: Direction, headers: Headers<'_>) -> Result<Content, Fault> {
        let media = media_type(headers.first("content-type").unwrap_or_default());
        let charset = charset(headers.first("content-type").unwrap_or_default());
        let lengths = headers.first("content-length");
        let content = Content {
            kind: kind(&media),
            length: lengths
                .and_then(|value| std::str::from_utf8(value).ok())
                .and_then(|value| value.trim().parse().ok()),
            has_length: lengths.is_some(),
            signed: headers.all("authorization").any(|value| value.starts_with(b"AWS4-")),
        };
        if media.starts_with("application/grpc") {
            return Err(Fault::Grpc);
        }
        let encoded =
            headers.all("content-encoding").any(|value| !value.trim_ascii().eq_ignore_ascii_case(b"identity"));
        if encoded {
            return Err(Fault::ContentEncoding);
        }
        match media.as_str() {
            media if direction == Direction::Response && events(media).is_some() => {
                Ok(Content { kind: events(media).map_or(content.kind, Kind::Events), ..content })
            }
            media if opaque(media) || !ascii_compatible(&charset) => Err(Fault::OpaqueBody),
            _ => Ok(content),
        }
    }
}

/// Whether the request leaves HTTP: an upgrade, CONNECT, or an extended CONNECT.
pub(super) fn leaves_http(headers: Headers<'_>) -> bool {
    let connect = headers.all(":method").any(|method| method.eq_ignore_ascii_case(b"CONNECT"));
    connect || headers.first("upgrade").is_some() || headers.first(":protocol").is_some()
}

/// `type/subtype` in lower case, without parameters; empty when there is none or it is no text.
fn media_type(value: &[u8]) -> String {
    let value = value.split(|byte| *byte == b';').next().unwrap_or_default();
    std::str::from_utf8(value).unwrap_or("?").trim().to_ascii_lowercase()
}

/// The `charset` parameter in lower case; empty when there is none.
fn charset(value: &[u8]) -> String {
    let value = String::from_utf8_lossy(value).to_ascii_lowercase();
    let parameters = value.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let found =
        parameters.filter(|(name, _)| name.trim() == "charset").map(|(_, value)| value.trim().trim_matches('"'));
    found.last().unwrap_or_default().to_owned()
}

/// Whether ASCII text in this character set is written as ASCII bytes.
fn ascii_compatible(charset: &str) -> bool {
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

fn events(media: &str) -> Option<Events> {
    match media {
        "text/event-stream" => Some(Events::Sse),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/x-jsonlines" => {
            Some(Events::Lines)
        }
        "application/vnd.amazon.eventstream" => Some(Events::Aws),
        _ => None,
    }
}

fn kind(media: &str) -> Kind {
    match media {
        "application/json" => Kind::Json,
        "" => Kind::Text,
        media if media.ends_with("+json") => Kind::Json,
        media if media.starts_with("text/") => Kind::Text,
        _ => Kind::Encoded,
    }
}

/// Media types that are neither text nor JSON. A missing type is not opaque: it is read as what it turns out to be.
fn opaque(media: &str) -> bool {
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
    !(text || media.ends_with("+json") || media.ends_with("+xml") || media.ends_with("+yaml"))
}

/// The value of a UUID header, in the one shape that cannot carry anything else.
pub(super) fn uuid(value: &str) -> Option<String> {
    let groups: Vec<&str> = value.split('-').collect();
    let shape = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]);
    (shape && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(direction: Direction, pairs: &[(&str, &str)]) -> Result<Kind, Fault> {
        let pairs: Vec<(&[u8], &[u8])> =
            pairs.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        Content::of(direction, Headers(&pairs)).map(|content| content.kind)
    }

    #[test]
    fn media_types() {
        use Direction::{Request, Response};
        for (direction, media, expected) in [
            (Request, "application/json", Ok(Kind::Json)),
            (Request, "Application/JSON; charset=utf-8", Ok(Kind::Json)),
            (Request, "application/problem+json", Ok(Kind::Json)),
            (Request, "", Ok(Kind::Text)),
            (Request, "text/plain", Ok(Kind::Text)),
            (Request, "text/plain; charset=ISO-8859-1", Ok(Kind::Text)),
            (Request, "application/json; charset=\"utf-16\"", Err(Fault::OpaqueBody)),
            (Request, "text/plain; a=b;charset = UTF-7", Err(Fault::OpaqueBody)),
            (Request, "application/x-ndjson", Ok(Kind::Encoded)),
            (Request, "application/x-www-form-urlencoded", Ok(Kind::Encoded)),
            (Request, "multipart/form-data; boundary=x", Err(Fault::OpaqueBody)),
            (Request, "image/png", Err(Fault::OpaqueBody)),
            (Request, "application/octet-stream", Err(Fault::OpaqueBody)),
            (Request, "application/grpc+proto", Err(Fault::Grpc)),
            (Request, "nonsense", Err(Fault::OpaqueBody)),
            (Response, "text/event-stream; charset=utf-8", Ok(Kind::Events(Events::Sse))),
            (Response, "application/x-ndjson", Ok(Kind::Events(Events::Lines))),
            (Response, "application/vnd.amazon.eventstream", Ok(Kind::Events(Events::Aws))),
        ] {
            assert_eq!(of(direction, &[("content-type", media)]), expected, "{direction:?} {media}");
        }
        assert_eq!(of(Request, &[("content-encoding", "gzip")]), Err(Fault::ContentEncoding));
        assert_eq!(of(Request, &[("content-encoding", " Identity ")]), Ok(Kind::Text));
    }

    #[test]
    fn only_a_uuid_is_a_request_id() {
        assert!(uuid("6f1c2f3e-0b7a-4f2e-9a61-0c1d2e3f4a5b").is_some());
        for other in ["", "x", "6f1c2f3e-0b7a-4f2e-9a61-0c1d2e3f4a5", "alice-says-hell-o123-123456789abc"] {
            assert_eq!(uuid(other), None, "{other}");
        }
    }
}
