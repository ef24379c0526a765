//! What headers say about a body, before there is one.

use crate::event::{Direction, Headers};
use crate::exchange::media::{Charset, ambiguous, json, media_type, opaque};
use crate::fault::Fault;
use crate::stream::encodings::Encoding;
use crate::stream::frames::Format;
use crate::stream::multipart::Boundary;
use crate::wire::Dialect;

/// What is known of a message's body from its headers.
#[derive(Debug, Default, Clone)]
pub(super) struct Content {
    pub(super) kind: Kind,
    /// `content-length`, when there is a valid one.
    pub(super) length: Option<usize>,
    pub(super) has_length: bool,
    /// How the body is compressed.
    pub(super) encoding: Option<Encoding>,
    /// The body is covered by a signature in the headers (AWS Signature Version 4).
    pub(super) signed: bool,
    /// How its bytes stand for characters: never [`Charset::Wide`].
    pub(super) charset: Charset,
}

/// How a body is to be read.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// As JSON; as text if it is none.
    #[default]
    Json,
    /// As JSON if it is JSON, else as the text it says it is.
    Text,
    /// As text whose syntax may hide some of it (JSON lines, XML, YAML).
    Encoded,
    /// As a stream of events.
    Events(Events),
    /// As an urlencoded form.
    Form,
    /// As `multipart/form-data` with this boundary.
    Multipart(Boundary),
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

impl Kind {
    /// How a server of a dialect reads a request: one that knows what it is asked for reads JSON whatever the client
    /// calls it. (What a form is that is none, [`Look`](super::inspect::Look) decides.)
    pub(super) fn asked(self, dialect: Dialect) -> Kind {
        match self {
            Kind::Form | Kind::Multipart(_) => self,
            _ if dialect == Dialect::Unknown => self,
            _ => Kind::Json,
        }
    }
}

impl Content {
    /// Reads the headers of a message. An error is a fault that is certain before the body comes.
    pub(super) fn of(direction: Direction, headers: Headers<'_>) -> Result<Content, Fault> {
        let content_type = headers.first("content-type").unwrap_or_default();
        let media = media_type(content_type);
        let charset = headers.all("content-type").map(Charset::of).max().unwrap_or_default();
        let boundary = (media == "multipart/form-data").then(|| Boundary::of(content_type)).flatten();
        let lengths = headers.first("content-length");
        let content = Content {
            kind: kind(&media, boundary),
            length: lengths
                .and_then(|value| std::str::from_utf8(value).ok())
                .and_then(|value| value.trim().parse().ok()),
            has_length: lengths.is_some(),
            encoding: None,
            signed: headers.all("authorization").any(|value| value.starts_with(b"AWS4-")),
            charset,
        };
        if media.starts_with("application/grpc") {
            return Err(Fault::Grpc);
        }
        let content = Content { encoding: encoding(headers)?, ..content };
        if headers.all("content-type").count() > 1 || ambiguous(content_type) {
            return Err(Fault::ContentType);
        }
        let streams = direction == Direction::Response && events(&media).is_some();
        // Whether the text of a stream is all ASCII nobody knows before its end.
        if charset == Charset::Wide || (streams && charset == Charset::Ascii) {
            return Err(Fault::Charset);
        }
        match media.as_str() {
            media if streams => Ok(Content { kind: events(media).map_or(content.kind, Kind::Events), ..content }),
            media if opaque(media) && boundary.is_none() => Err(Fault::OpaqueBody),
            _ => Ok(content),
        }
    }
}

/// How a body is compressed. One encoding can be undone; where there are several, readers disagree about their order and
/// about how many they undo.
fn encoding(headers: Headers<'_>) -> Result<Option<Encoding>, Fault> {
    let mut names = headers
        .all("content-encoding")
        .flat_map(|value| value.split(|byte| *byte == b','))
        .map(<[u8]>::trim_ascii)
        .filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case(b"identity"));
    match (names.next(), names.next()) {
        (None, _) => Ok(None),
        (Some(name), None) => Encoding::from_name(name).map(Some).ok_or(Fault::ContentEncoding),
        (Some(_), Some(_)) => Err(Fault::ContentEncoding),
    }
}

/// Whether the request leaves HTTP: an upgrade, CONNECT, or an extended CONNECT.
pub(super) fn leaves_http(headers: Headers<'_>) -> bool {
    let connect = headers.all(":method").any(|method| method.eq_ignore_ascii_case(b"CONNECT"));
    connect || headers.first("upgrade").is_some() || headers.first(":protocol").is_some()
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

fn kind(media: &str, boundary: Option<Boundary>) -> Kind {
    match (media, boundary) {
        (_, Some(boundary)) => Kind::Multipart(boundary),
        ("application/x-www-form-urlencoded", _) => Kind::Form,
        ("", _) => Kind::Text,
        (media, _) if json(media) => Kind::Json,
        (media, _) if media.starts_with("text/") => Kind::Text,
        _ => Kind::Encoded,
    }
}

/// The value of a UUID header, in the one shape that cannot carry anything else.
pub(super) fn uuid(value: &str) -> Option<String> {
    let groups: Vec<&str> = value.split('-').collect();
    let shape = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]);
    (shape && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test that panics is a test that fails")]

    use super::*;

    fn of(direction: Direction, pairs: &[(&str, &str)]) -> Result<Kind, Fault> {
        let pairs: Vec<(&[u8], &[u8])> =
            pairs.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        Content::of(direction, Headers(&pairs)).map(|content| content.kind)
    }

    #[test]
    fn media_types() {
        use Direction::{Request, Response};
        let boundary = Boundary::of(b"a/b; boundary=x").expect("a boundary");
        for (direction, media, expected) in [
            (Request, "application/json", Ok(Kind::Json)),
            (Request, "Application/JSON; charset=utf-8", Ok(Kind::Json)),
            (Request, "application/problem+json", Ok(Kind::Json)),
            (Request, "", Ok(Kind::Text)),
            (Request, "text/plain", Ok(Kind::Text)),
            (Request, "text/plain; charset=ISO-8859-1", Ok(Kind::Text)),
            (Request, "application/json; charset=\"utf-16\"", Err(Fault::Charset)),
            (Request, "text/plain; a=b;charset = UTF-7", Err(Fault::Charset)),
            (Request, "application/x-ndjson", Ok(Kind::Encoded)),
            (Request, "application/x-www-form-urlencoded", Ok(Kind::Form)),
            (Request, "Multipart/Form-Data; boundary=x", Ok(Kind::Multipart(boundary))),
            (Response, "multipart/form-data; boundary=\"x\"", Ok(Kind::Multipart(boundary))),
            (Request, "multipart/form-data; boundary=x; charset=utf-16", Err(Fault::Charset)),
            (Request, "multipart/form-data; boundary=x; boundary=y", Err(Fault::ContentType)),
            (Request, "multipart/form-data", Err(Fault::OpaqueBody)),
            (Request, "multipart/mixed; boundary=x", Err(Fault::OpaqueBody)),
            (Request, "image/png", Err(Fault::OpaqueBody)),
            (Request, "application/octet-stream", Err(Fault::OpaqueBody)),
            (Request, "application/grpc+proto", Err(Fault::Grpc)),
            (Request, "nonsense", Err(Fault::OpaqueBody)),
            (Response, "text/event-stream; charset=utf-8", Ok(Kind::Events(Events::Sse))),
            (Response, "text/event-stream; charset=latin1", Err(Fault::Charset)),
            (Response, "text/event-stream, text/plain", Err(Fault::ContentType)),
            (Request, "image/png; charset=utf-16", Err(Fault::Charset)),
            (Response, "application/x-ndjson", Ok(Kind::Events(Events::Lines))),
            (Response, "application/vnd.amazon.eventstream", Ok(Kind::Events(Events::Aws))),
        ] {
            assert_eq!(of(direction, &[("content-type", media)]), expected, "{direction:?} {media}");
        }
        for (value, expected) in [
            ("gzip", Ok(Some(Encoding::Gzip))),
            ("X-GZip", Ok(Some(Encoding::Gzip))),
            ("identity, br", Ok(Some(Encoding::Br))),
            (" zstd ,", Ok(Some(Encoding::Zstd))),
            ("deflate", Ok(Some(Encoding::Deflate))),
            ("gzip, gzip", Err(Fault::ContentEncoding)),
            ("compress", Err(Fault::ContentEncoding)),
            ("gzip;q=1", Err(Fault::ContentEncoding)),
        ] {
            let headers: &[(&[u8], &[u8])] = &[(b"content-encoding", value.as_bytes())];
            assert_eq!(Content::of(Request, Headers(headers)).map(|content| content.encoding), expected, "{value}");
        }
        let twice = [("content-type", "application/json"), ("content-type", "application/json")];
        assert_eq!(of(Request, &twice), Err(Fault::ContentType));
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
