//! Calls that the module makes to other services, and the answers that a test gives.

use crate::headers::Headers;

/// A call that the module has dispatched with `proxy_http_call` and that has not been answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpCall {
    /// The token that the module was given.
    pub token: u32,
    /// The cluster that is called.
    pub cluster: String,
    /// The headers.
    pub headers: Headers,
    /// The body.
    pub body: Vec<u8>,
    /// The trailers.
    pub trailers: Headers,
    /// The timeout in milliseconds; zero is none.
    pub timeout: u32,
    /// The context that made it: a stream's or a root context.
    pub context: u32,
}

/// The answer to an [`HttpCall`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallAnswer {
    pub(crate) headers: Headers,
    pub(crate) body: Vec<u8>,
    pub(crate) trailers: Headers,
}

impl CallAnswer {
    /// An answer with a status and a body.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let headers = [(":status", status.to_string())].into_iter().collect();
        Self { headers, body: body.into(), trailers: Headers::new() }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.add(name, value);
        self
    }

    /// No answer within the timeout: Envoy gives the module a 504.
    pub fn timeout() -> Self {
        Self::new(504, "upstream request timeout").header("content-length", "24").header("content-type", "text/plain")
    }

    /// The connection was refused: Envoy gives the module a 503.
    pub fn refused() -> Self {
        let body = "upstream connect error or disconnect/reset before headers. reset reason: connection refused";
        Self::new(503, body).header("content-type", "text/plain")
    }

    /// The call was reset: the module is told of no headers at all.
    pub fn reset() -> Self {
        Self::default()
    }
}
