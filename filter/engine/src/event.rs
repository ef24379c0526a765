//! What flows into the engine, and how a callback of the proxy must end.
//!
//! An [`Event`] is one callback of the proxy, or the answer to something the engine asked. Bodies are announced first
//! ([`Event::Body`]) and handed over only when the engine says [`Flow::Read`], so that a body which is merely being
//! buffered is never copied.

use crate::sensitive::Sensitive;

/// Which half of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the client to the upstream.
    Request,
    /// From the upstream to the client.
    Response,
}

impl Direction {
    /// The name used in policies, records and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Direction::Request => "request",
            Direction::Response => "response",
        }
    }
}

/// The headers of a message as bytes, in order, repeated names kept. Names are lower case, as Envoy delivers them;
/// pseudo-headers (`:method`, `:path`, `:authority`, `:status`) are among them.
#[derive(Clone, Copy)]
pub struct Headers<'a>(pub &'a [(&'a [u8], &'a [u8])]);

impl<'a> Headers<'a> {
    /// The value of the first header with this name.
    pub fn first(self, name: &str) -> Option<&'a [u8]> {
        self.all(name).next()
    }

    /// The values of every header with this name.
    pub fn all(self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.0.iter().filter(move |(key, _)| *key == name.as_bytes()).map(|(_, value)| *value)
    }

    /// The first value of this header when it is UTF-8.
    pub fn text(self, name: &str) -> Option<&'a str> {
        self.first(name).and_then(|value| std::str::from_utf8(value).ok())
    }

    /// Every header as (name, value).
    pub fn iter(self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        self.0.iter().copied()
    }
}

impl std::fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Headers({})", self.0.len())
    }
}

/// One thing that happened outside.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// The headers of a message. `end` says that no body follows.
    Headers {
        /// Whose headers.
        direction: Direction,
        /// The headers.
        headers: Headers<'a>,
        /// No body and no trailers follow.
        end: bool,
    },
    /// Body bytes have arrived.
    Body {
        /// Whose body.
        direction: Direction,
        /// Bytes the proxy holds for us now: while held, all so far; else this chunk alone.
        buffered: usize,
        /// No more bytes and no trailers follow.
        end: bool,
    },
    /// The bytes that [`Flow::Read`] asked for, or `None` when the proxy would not give them.
    Bytes {
        /// Whose body.
        direction: Direction,
        /// All bytes that the last [`Event::Body`] or [`Event::Trailers`] spoke of.
        bytes: Option<Sensitive<&'a [u8]>>,
    },
    /// Trailers have arrived: the body is complete.
    Trailers {
        /// Whose trailers.
        direction: Direction,
        /// The trailers.
        headers: Headers<'a>,
    },
    /// The answer to an [`Ask`](crate::Effect::Ask); `None` when the proxy does not know.
    Answer {
        /// The id of the question.
        id: u32,
        /// The raw value.
        value: Option<&'a [u8]>,
    },
    /// The proxy would not give the headers or trailers of a message that has come.
    Unreadable(Direction),
    /// Time has passed.
    Tick,
    /// A host call that an effect needed has failed; the session must not believe that the effect happened.
    Failed,
    /// The exchange is over, whoever ended it.
    Closed,
}

/// How the callback that delivered an event ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Flow {
    /// Let everything held so far, and what this callback brought, go on.
    Continue,
    /// Hold it; the proxy keeps buffering.
    Hold,
    /// Hand over the bytes as [`Event::Bytes`] within this callback, then do as the answer to that says.
    Read,
}

/// Something only the host knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Question {
    /// The name of the route that the proxy chose.
    RouteName,
    /// How this answer came to be, in Envoy's words (`via_upstream` when an upstream wrote it).
    ResponseCodeDetails,
}
