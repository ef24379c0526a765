//! The proxy-wasm host calls that Weir uses (ABI 0.2.1, <https://github.com/proxy-wasm/spec>), each status as a value.
//!
//! The SDK dispatches callbacks to the plugin, and that part of it is used. Its host calls panic on a status they do not
//! expect, and a panic takes down every exchange of an Envoy worker; these return a [`Status`] instead. They also give
//! headers as bytes only, and let a local reply carry its details for the access log.
//!
//! Memory that the host hands over was allocated by the SDK's exported `proxy_on_memory_allocate`, with Rust's global
//! allocator and exactly the requested capacity; [`raw`](self) takes it over as a `Vec`. This is the only unsafe code of
//! the filter.

mod pairs;
mod raw;

pub use pairs::{Pairs, encode};

/// What the host said instead of Ok.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Status(pub u32);

impl Status {
    /// The thing asked for does not exist.
    pub const NOT_FOUND: Status = Status(1);
    /// There is nothing there now.
    pub const EMPTY: Status = Status(7);
    /// The host has no such call (outside of a proxy).
    pub const UNIMPLEMENTED: Status = Status(12);

    fn check(code: u32) -> Result<(), Status> {
        if code == 0 { Ok(()) } else { Err(Status(code)) }
    }
}

/// Severity of a log line, as the host numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Worth knowing.
    Info = 2,
    /// Wants attention.
    Warn = 3,
    /// Something failed.
    Error = 4,
}

/// Which headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Map {
    /// Of the request.
    RequestHeaders = 0,
    /// After the request's body.
    RequestTrailers = 1,
    /// Of the answer.
    ResponseHeaders = 2,
    /// After the answer's body.
    ResponseTrailers = 3,
}

/// Which half of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// From the client.
    Request = 0,
    /// To the client.
    Response = 1,
}

/// Which buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Buffer {
    /// The request's body, as far as the host holds it.
    RequestBody = 0,
    /// The answer's body, as far as the host holds it.
    ResponseBody = 1,
    /// The plugin's configuration.
    PluginConfiguration = 7,
}

/// What kind of metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricType {
    /// Only grows.
    Counter = 0,
    /// Values and how often they came.
    Histogram = 2,
}

/// Writes a line to the proxy's log.
///
/// # Errors
/// The host's status.
pub fn log(level: Level, message: &str) -> Result<(), Status> {
    Status::check(raw::log(level as u32, message.as_bytes()))
}

/// All headers of a message as bytes, in order, repeated names kept.
///
/// # Errors
/// The host's status; [`Status::EMPTY`] when what it gave is not a list of pairs.
pub fn headers(map: Map) -> Result<Pairs, Status> {
    Pairs::decode(raw::header_map(map as u32)?.unwrap_or_default()).ok_or(Status::EMPTY)
}

/// Gives a header one value, in the place of all it had.
///
/// # Errors
/// The host's status: it refuses once the headers have gone on.
pub fn set_header(map: Map, name: &str, value: &[u8]) -> Result<(), Status> {
    Status::check(raw::replace_header(map as u32, name.as_bytes(), value))
}

/// Removes all values of a header.
///
/// # Errors
/// The host's status: it refuses once the headers have gone on.
pub fn remove_header(map: Map, name: &str) -> Result<(), Status> {
    Status::check(raw::remove_header(map as u32, name.as_bytes()))
}

/// All bytes of a buffer. An empty one is `Ok` and empty.
///
/// # Errors
/// The host's status.
pub fn buffer(buffer: Buffer) -> Result<Vec<u8>, Status> {
    match raw::buffer(buffer as u32, 0, u32::MAX) {
        Ok(bytes) => Ok(bytes.unwrap_or_default()),
        Err(Status::NOT_FOUND | Status::EMPTY) => Ok(Vec::new()),
        Err(status) => Err(status),
    }
}

/// Puts `bytes` in the place of all that a buffer holds.
///
/// # Errors
/// The host's status.
pub fn replace_buffer(buffer: Buffer, bytes: &[u8]) -> Result<(), Status> {
    Status::check(raw::set_buffer(buffer as u32, 0, u32::MAX, bytes))
}

/// A property of the host, `None` when it does not know it.
///
/// # Errors
/// The host's status.
pub fn property(path: &[&str]) -> Result<Option<Vec<u8>>, Status> {
    match raw::property(path.join("\0").as_bytes()) {
        Err(Status::NOT_FOUND) => Ok(None),
        other => other,
    }
}

/// Sets a property; access logs read it as `%FILTER_STATE(wasm.<name>:PLAIN)%`.
///
/// # Errors
/// The host's status.
pub fn set_property(name: &str, value: &[u8]) -> Result<(), Status> {
    Status::check(raw::set_property(name.as_bytes(), value))
}

/// Answers the client in the place of the upstream.
///
/// # Errors
/// The host's status.
pub fn send_local_response(status: u32, details: &str, headers: &[(&[u8], &[u8])], body: &[u8]) -> Result<(), Status> {
    Status::check(raw::send_local_response(status, details.as_bytes(), &encode(headers), body))
}

/// Lets go on what a callback held, outside of that stream's callbacks.
///
/// # Errors
/// The host's status.
pub fn continue_stream(stream: Stream) -> Result<(), Status> {
    Status::check(raw::continue_stream(stream as u32))
}

/// Resets a stream: nothing more of it goes on in either direction.
///
/// # Errors
/// The host's status.
pub fn close_stream(stream: Stream) -> Result<(), Status> {
    Status::check(raw::close_stream(stream as u32))
}

/// Makes later calls speak of this context.
///
/// # Errors
/// The host's status.
pub fn set_effective_context(context_id: u32) -> Result<(), Status> {
    Status::check(raw::set_effective_context(context_id))
}

/// Asks for ticks at this distance; 0 ends them.
///
/// # Errors
/// The host's status.
pub fn set_tick_period(milliseconds: u32) -> Result<(), Status> {
    Status::check(raw::set_tick_period(milliseconds))
}

/// The id of a metric. Defining a name again gives another id for the same metric: keep it.
///
/// # Errors
/// The host's status.
pub fn define_metric(kind: MetricType, name: &str) -> Result<u32, Status> {
    raw::define_metric(kind as u32, name.as_bytes())
}

/// Adds to a counter.
///
/// # Errors
/// The host's status.
pub fn increment_metric(id: u32, by: i64) -> Result<(), Status> {
    Status::check(raw::increment_metric(id, by))
}

/// Records a value in a histogram.
///
/// # Errors
/// The host's status.
pub fn record_metric(id: u32, value: u64) -> Result<(), Status> {
    Status::check(raw::record_metric(id, value))
}

/// Fills `bytes` with random ones; false when the host has none.
#[must_use]
pub fn random(bytes: &mut [u8]) -> bool {
    raw::random(bytes) == 0
}
