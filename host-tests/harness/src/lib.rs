//! Runs a real proxy-wasm module, such as `weir.wasm`, behind a fake proxy that keeps state as Envoy 1.40 does.
//!
//! A test says what the client sends and what the upstream answers, and looks at what came out at both ends. It does
//! not script host calls: the proxy buffers, forwards, answers and counts by itself, by the rules that were measured
//! on a real Envoy.
//!
//! ```no_run
//! use weir_harness::{Chunking, Host, HostOptions, Module, Outcome, Request, Response};
//!
//! # fn main() -> Result<(), weir_harness::HarnessError> {
//! let module = Module::from_file("target/wasm32-wasip1/wasm/weir.wasm")?;
//! let mut host = Host::start(&module, HostOptions::new(r#"{"mode": "enforce"}"#))?;
//! let result = host
//!     .exchange(Request::post("/v1/chat/completions").json_body(r#"{"model": "m"}"#).chunks(Chunking::OneByte))
//!     .upstream(|received| Response::json(200, received.body.clone()));
//! assert_eq!(result.outcome, Outcome::Completed);
//! assert_eq!(result.client.status(), Some(200));
//! # Ok(())
//! # }
//! ```
//!
//! # Reading order
//!
//! [`Module`] (compile once), [`HostOptions`] and [`Host`] (one worker VM of a proxy), [`Request`] and [`Response`],
//! [`Exchange`] (one request and its response, from end to end), [`ExchangeResult`] and [`Outcome`]. To interleave
//! streams or look between two callbacks, deliver one thing at a time: [`Host::open`], [`Host::headers`],
//! [`Host::body`], [`Host::trailers`], [`Host::finish`]. To see what a module does when the proxy refuses something:
//! [`Host::inject`].
//!
//! # What is modelled
//!
//! Buffering, the body callback that never comes without `allow_on_headers_stop_iteration`, the end of stream that
//! never comes with trailers, headers that cannot be changed any more, local replies that come back through the
//! filter's own response callbacks, buffer limits (413, 500, and the crash of Envoy where the module itself makes a
//! held response too large), call-outs, ticks, shared data, metrics, properties, filter state, a new configuration in
//! the same VM, and VMs that die. Whatever is forwarded is checked against its own `content-length`.
//!
//! # What is not
//!
//! Other filters, routing, gRPC call-outs (they fail), foreign functions (there are none), delivery of shared queues,
//! several workers at once, an upstream that answers before it has the whole request (deliver step by step for that),
//! and the bytes of the HTTP protocols themselves. A module that passes here still has to pass in a real Envoy.

mod call;
mod chain;
pub mod corpus;
mod direction;
mod error;
mod exchange;
mod headers;
mod host;
mod host_call;
mod imports;
mod inspect;
mod logs;
mod message;
mod module;
mod options;
mod outcome;
mod properties;
mod proxy;
mod result;
mod roots;
mod sent;
mod stream;
mod vm;
mod world;

pub use call::{CallAnswer, HttpCall};
pub use chain::Step;
pub use direction::Action;
pub use error::HarnessError;
pub use exchange::{At, Exchange};
pub use headers::Headers;
pub use host::{Host, StreamId};
pub use host_call::{Fault, HostCall, Status};
pub use logs::{Level, LogLine};
pub use message::{Chunking, Request, Response};
pub use module::Module;
pub use options::{HostOptions, Property, Protocol};
pub use outcome::{Answerer, Cause, Failure, FramingError, FramingErrorKind, Outcome, Side};
pub use proxy::LocalReply;
pub use result::ExchangeResult;
pub use sent::Sent;
pub use stream::{End, Stream};
pub use world::Metric;
