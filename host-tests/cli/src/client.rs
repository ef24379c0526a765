//! A small blocking HTTP client, HTTP/1.1 or HTTP/2 with prior knowledge, over plain TCP.
//!
//! Each exchange uses its own connection and its own thread, so it may be called from anywhere, also inside a reactor.
//! A response that breaks off is not an error: it is a [`Response`] whose `broken` says how.

use crate::error::Context;
use crate::frames::Frames;
use crate::{Error, Result, Step};
use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// The version of HTTP to speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Http {
    /// HTTP/1.1.
    #[default]
    One,
    /// HTTP/2 without TLS, prior knowledge.
    Two,
}

/// A request to send.
#[derive(Debug, Clone)]
pub struct Request {
    /// The version to speak.
    pub http: Http,
    /// The method, upper case.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Headers in order; values are bytes, so that odd ones can be sent. `host`, where there is none, is the address.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body. One data step goes out with a content-length, several go out chunked.
    pub body: Vec<Step>,
    /// When to give up.
    pub timeout: Duration,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Headers in order.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Each piece of the body, with the time since the request was sent.
    pub chunks: Vec<(Duration, Bytes)>,
    /// Trailers in order.
    pub trailers: Vec<(String, Vec<u8>)>,
    /// How the body broke off, if it did.
    pub broken: Option<String>,
}

impl Request {
    /// A request without a body.
    pub fn new(method: &str, path: &str) -> Request {
        Request {
            http: Http::One,
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            timeout: Duration::from_secs(30),
        }
    }

    /// A POST of a JSON text.
    pub fn json(path: &str, body: impl Into<Bytes>) -> Request {
        Request::new("POST", path).header("content-type", "application/json").body(body)
    }

    /// Speaks `http`.
    #[must_use]
    pub fn http(mut self, http: Http) -> Request {
        self.http = http;
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Request {
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    /// Sends these bytes as the whole body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Request {
        self.body = vec![Step::Data(body.into())];
        self
    }

    /// Plays these steps as the body.
    #[must_use]
    pub fn steps(mut self, steps: Vec<Step>) -> Request {
        self.body = steps;
        self
    }

    /// Sends it to `address` and waits for the end of the answer.
    ///
    /// # Errors
    /// When there is no connection, no response head, or no end within the timeout.
    pub fn send(&self, address: SocketAddr) -> Result<Response> {
        std::thread::scope(|scope| {
            let exchange = scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .context(|| "cannot start a reactor")?;
                runtime.block_on(async {
                    tokio::time::timeout(self.timeout, self.exchange(address)).await.unwrap_or_else(|_| {
                        Err(Error::new(format!("{address} did not finish its answer in {:?}", self.timeout)))
                    })
                })
            });
            exchange.join().unwrap_or_else(|_| Err(Error::new("the client thread failed")))
        })
    }

    async fn exchange(&self, address: SocketAddr) -> Result<Response> {
        let stream = tokio::net::TcpStream::connect(address).await.context(|| format!("cannot reach {address}"))?;
        let _ = stream.set_nodelay(true);
        let io = TokioIo::new(stream);
        let request = self.build(address)?;
        let unanswered = || format!("no answer from {address}");
        let begin = Instant::now();
        let response = match self.http {
            Http::One => {
                let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.context(unanswered)?;
                tokio::spawn(connection);
                sender.send_request(request).await.context(unanswered)?
            }
            Http::Two => {
                let executor = TokioExecutor::new();
                let (mut sender, connection) =
                    hyper::client::conn::http2::handshake(executor, io).await.context(unanswered)?;
                tokio::spawn(connection);
                sender.send_request(request).await.context(unanswered)?
            }
        };
        Ok(receive(response, begin).await)
    }

    fn build(&self, address: SocketAddr) -> Result<hyper::Request<Frames>> {
        let mut builder = hyper::Request::builder().method(self.method.as_str());
        let is_host = |name: &str| name.eq_ignore_ascii_case("host");
        let named = self.headers.iter().find(|(name, _)| is_host(name));
        let host = named.map_or(address.to_string(), |(_, value)| String::from_utf8_lossy(value).into_owned());
        builder = match self.http {
            Http::One => builder.uri(&self.path).header("host", host),
            Http::Two => builder.uri(format!("http://{host}{}", self.path)),
        };
        for (name, value) in self.headers.iter().filter(|(name, _)| !is_host(name)) {
            builder = builder.header(name.as_str(), value.as_slice());
        }
        builder.body(Frames::new(self.body.clone())).context(|| "this is not a request that HTTP can carry")
    }
}

async fn receive(response: hyper::Response<Incoming>, begin: Instant) -> Response {
    let mut received = Response {
        status: response.status().as_u16(),
        headers: pairs(response.headers()),
        chunks: Vec::new(),
        trailers: Vec::new(),
        broken: None,
    };
    let mut body = response.into_body();
    while let Some(frame) = body.frame().await {
        match frame.map(hyper::body::Frame::into_data) {
            Ok(Ok(data)) => received.chunks.push((begin.elapsed(), data)),
            Ok(Err(other)) => {
                if let Ok(trailers) = other.into_trailers() {
                    received.trailers = pairs(&trailers);
                }
            }
            Err(cause) => {
                received.broken = Some(cause.to_string());
                break;
            }
        }
    }
    received
}

/// A header map as pairs, in order.
pub(crate) fn pairs(map: &hyper::HeaderMap) -> Vec<(String, Vec<u8>)> {
    map.iter().map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec())).collect()
}

impl Response {
    /// The whole body.
    pub fn body(&self) -> Vec<u8> {
        self.chunks.iter().flat_map(|(_, data)| data.iter().copied()).collect()
    }

    /// The body as text, with replacement characters where it is not UTF-8.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body()).into_owned()
    }

    /// The body as JSON; `Null` when it is not JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body()).unwrap_or_default()
    }

    /// The first value of a header, as text.
    pub fn header(&self, name: &str) -> Option<String> {
        let found = self.headers.iter().find(|(candidate, _)| candidate.eq_ignore_ascii_case(name));
        found.map(|(_, value)| String::from_utf8_lossy(value).into_owned())
    }
}
