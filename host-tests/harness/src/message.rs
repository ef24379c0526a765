//! Requests and responses as a test writes them.

use crate::headers::Headers;
use crate::options::Property;

/// How a body is cut into the pieces in which the proxy reads it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Chunking {
    /// One piece.
    #[default]
    Whole,
    /// One byte at a time.
    OneByte,
    /// Pieces of this many bytes; the last may be shorter. Zero means whole. Envoy reads 16384 bytes at a time.
    Every(usize),
    /// Pieces of these sizes, and the rest as one more. A zero is an empty piece.
    Sizes(Vec<usize>),
}

impl Chunking {
    /// Every way to cut a body of `len` bytes into two, the empty pieces at the ends included.
    pub fn every_split(len: usize) -> impl Iterator<Item = Self> {
        (0..=len).map(move |at| Self::Sizes(vec![at, len - at]))
    }

    /// The pieces of `body`. There is always at least one, which is empty where the body is.
    pub(crate) fn cut<'a>(&self, body: &'a [u8]) -> Vec<&'a [u8]> {
        match self {
            Self::OneByte if !body.is_empty() => body.chunks(1).collect(),
            Self::Every(size) if *size > 0 && !body.is_empty() => body.chunks(*size).collect(),
            Self::Sizes(sizes) => {
                let mut rest = body;
                let mut pieces = Vec::with_capacity(sizes.len() + 1);
                for size in sizes {
                    let (piece, behind) = rest.split_at_checked(*size).unwrap_or((rest, &[]));
                    pieces.push(piece);
                    rest = behind;
                }
                if !rest.is_empty() || pieces.is_empty() {
                    pieces.push(rest);
                }
                pieces
            }
            _ => vec![body],
        }
    }
}

/// What both kinds of message have.
#[derive(Debug, Clone, Default)]
pub(crate) struct Message {
    pub(crate) headers: Headers,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) chunks: Chunking,
    pub(crate) trailers: Option<Headers>,
}

macro_rules! message_builder {
    ($name:ident) => {
        impl $name {
            /// Adds a header (a repeated name adds another value).
            #[must_use]
            pub fn header(mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Self {
                self.message.headers.add(name, value);
                self
            }

            /// Replaces every value of a header, such as one that a constructor has set.
            #[must_use]
            pub fn with_header(mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Self {
                self.message.headers.set(name, value);
                self
            }

            /// Removes a header, such as the `content-length` that [`body`](Self::body) sets (the message is then
            /// sent chunked).
            #[must_use]
            pub fn without_header(mut self, name: impl AsRef<[u8]>) -> Self {
                self.message.headers.remove(name);
                self
            }

            /// Sets the body, and `content-length` unless it is there already. An empty body is a body: the headers
            /// do not end the stream.
            #[must_use]
            pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
                let body = body.into();
                if !self.message.headers.contains("content-length") {
                    self.message.headers.set("content-length", body.len().to_string());
                }
                self.message.body = Some(body);
                self
            }

            /// Sets the body and `content-type: application/json`.
            #[must_use]
            pub fn json_body(self, body: impl Into<Vec<u8>>) -> Self {
                self.with_header("content-type", "application/json").body(body)
            }

            /// Sets how the body is cut into pieces.
            #[must_use]
            pub fn chunks(mut self, chunks: Chunking) -> Self {
                self.message.chunks = chunks;
                self
            }

            /// Ends the message with trailers. They are delivered over HTTP/2 only: Envoy drops those of HTTP/1
            /// unless `enable_trailers` is set.
            #[must_use]
            pub fn trailers<N: AsRef<[u8]>, V: AsRef<[u8]>>(
                mut self,
                trailers: impl IntoIterator<Item = (N, V)>,
            ) -> Self {
                self.message.trailers = Some(trailers.into_iter().collect());
                self
            }

            /// The headers.
            pub fn headers(&self) -> &Headers {
                &self.message.headers
            }
        }
    };
}

/// A client's request.
#[derive(Debug, Clone)]
pub struct Request {
    pub(crate) message: Message,
    pub(crate) properties: Vec<(Vec<u8>, Property)>,
}

message_builder!(Request);

impl Request {
    /// A request without a body, to `example.test` over plain HTTP.
    pub fn new(method: &str, path: &str) -> Self {
        let headers = [(":method", method), (":path", path), (":scheme", "http"), (":authority", "example.test")];
        let message = Message { headers: headers.into_iter().collect(), ..Message::default() };
        Self { message, properties: Vec::new() }
    }

    /// A GET without a body.
    pub fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// A POST, for which a body should be set.
    pub fn post(path: &str) -> Self {
        Self::new("POST", path)
    }

    /// Sets a property for this request only, such as `["xds", "route_metadata", ..]` or a claim of a JWT.
    #[must_use]
    pub fn property(mut self, path: &[&str], value: impl Into<Property>) -> Self {
        self.properties.push((path.join("\0").into_bytes(), value.into()));
        self
    }
}

/// An upstream's response.
#[derive(Debug, Clone)]
pub struct Response {
    pub(crate) message: Message,
}

message_builder!(Response);

impl Response {
    /// A response without a body.
    pub fn new(status: u16) -> Self {
        let headers = [(":status", status.to_string())].into_iter().collect();
        Self { message: Message { headers, ..Message::default() } }
    }

    /// A JSON response.
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status).json_body(body)
    }

    /// A stream of server-sent events: no length, and each of `pieces` is delivered by itself.
    pub fn event_stream<P: AsRef<[u8]>>(pieces: impl IntoIterator<Item = P>) -> Self {
        let mut body = Vec::new();
        let mut sizes = Vec::new();
        for piece in pieces {
            body.extend_from_slice(piece.as_ref());
            sizes.push(piece.as_ref().len());
        }
        Self::new(200)
            .header("content-type", "text/event-stream")
            .body(body)
            .without_header("content-length")
            .chunks(Chunking::Sizes(sizes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cutting_keeps_every_byte() {
        let body = b"0123456789";
        let ways = [Chunking::Whole, Chunking::OneByte, Chunking::Every(3), Chunking::Sizes(vec![0, 4, 0, 99])];
        for way in ways.into_iter().chain(Chunking::every_split(body.len())) {
            assert_eq!(way.cut(body).concat(), body, "{way:?}");
        }
        assert_eq!(Chunking::Sizes(vec![0, 4]).cut(body).len(), 3);
        assert_eq!(Chunking::OneByte.cut(b""), [b""]);
    }
}
