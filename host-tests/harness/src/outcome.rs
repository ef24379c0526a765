//! How an exchange ended.

use std::fmt;

/// One direction of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// From the client to the upstream.
    Request,
    /// From the upstream, or from a local reply, to the client.
    Response,
}

/// How an exchange ended. Whether that is right is for the test to say; [`Completed`](Self::Completed) is the only one
/// in which nobody waited in vain and no byte went astray.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The client received one whole, well-framed response.
    Completed,
    /// Everything had arrived, yet the module held this side back and nobody was left to resume it.
    Hang(Side),
    /// The stream was finished while something was still to come (only when driven step by step).
    Unfinished,
    /// The response was cut short.
    Reset(Cause),
    /// The client left, as the test asked.
    ClientLeft,
    /// What was forwarded contradicts its own framing: on a real connection a hang, a truncated body or a smuggled
    /// request. See [`ExchangeResult::framing_errors`](crate::ExchangeResult::framing_errors).
    FramingError,
    /// The module failed. Envoy's answer to a trap is 503 for this request, and every other stream of the VM is lost.
    Failed(Failure),
}

/// Who cut a response short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The module: `proxy_close_stream`, or a local response after the headers had gone out.
    Module,
    /// The upstream.
    Upstream,
    /// The proxy, such as for a body past the buffer limit after the headers had gone out.
    Proxy,
}

/// How a module fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It trapped: a panic, memory out of bounds, `proc_exit` ..
    Trap {
        /// The callback in which it happened.
        callback: &'static str,
        /// What trapped.
        message: String,
        /// The frames of the module, innermost first.
        backtrace: String,
    },
    /// It ran past the deadline in a callback. Real Envoy would never get out of it.
    EndlessLoop {
        /// The callback.
        callback: &'static str,
    },
    /// It did what makes Envoy itself crash.
    ProxyCrash {
        /// What it did.
        reason: String,
    },
    /// The VM had died before, and had not been reloaded.
    VmDead,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trap { callback, message, backtrace } => write!(f, "trap in `{callback}`: {message}\n{backtrace}"),
            Self::EndlessLoop { callback } => write!(f, "endless loop in `{callback}`"),
            Self::ProxyCrash { reason } => write!(f, "the proxy crashed: {reason}"),
            Self::VmDead => write!(f, "the VM was dead already"),
        }
    }
}

/// Who answered the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answerer {
    /// The upstream.
    Upstream,
    /// The module, by a local response.
    Module,
    /// The proxy itself: 413, 500, 503 ..
    Proxy,
}

/// A contradiction between the headers and the body that were sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FramingError {
    /// Where: [`Side::Request`] is what the upstream received, [`Side::Response`] what the client did.
    pub side: Side,
    /// What is wrong.
    pub kind: FramingErrorKind,
}

/// What is wrong with the framing of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FramingErrorKind {
    /// `content-length` and body differ. Longer than declared is request smuggling, shorter is a hang.
    Length {
        /// The value of `content-length`.
        declared: u64,
        /// The bytes that were sent.
        actual: u64,
    },
    /// `content-length` is not a number, or occurs with different values or with `transfer-encoding`.
    Ambiguous,
    /// A header has a line break or a zero byte in it: response splitting.
    HeaderBytes {
        /// The name of the header.
        name: String,
    },
}
