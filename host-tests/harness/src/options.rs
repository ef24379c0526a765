//! How a host is set up.

use crate::headers::Headers;
use crate::host_call::Status;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The HTTP version on one side of the proxy, as far as a filter notices it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Protocol {
    /// The end of a body comes as one more, empty piece; trailers are dropped.
    #[default]
    Http1,
    /// The end of a body comes with its last piece, unless trailers follow: then it never comes to the body
    /// callback.
    Http2,
}

/// The value of a property, or the status with which reading it fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Property {
    /// The bytes that the module reads. Strings are raw; see the constructors for the rest.
    Value(Vec<u8>),
    /// `proxy_get_property` answers this status.
    Fails(Status),
}

impl Property {
    /// An integer, a timestamp or a duration (nanoseconds): 8 bytes, little endian.
    pub fn int(value: i64) -> Self {
        Self::Value(value.to_le_bytes().to_vec())
    }

    /// A number as Envoy gives those of JSON, such as claims: a double, little endian.
    pub fn number(value: f64) -> Self {
        Self::Value(value.to_le_bytes().to_vec())
    }

    /// A boolean: one byte.
    pub fn bool(value: bool) -> Self {
        Self::Value(vec![u8::from(value)])
    }

    /// A map, in the form of a serialised header map.
    pub fn map<N: AsRef<[u8]>, V: AsRef<[u8]>>(entries: impl IntoIterator<Item = (N, V)>) -> Self {
        Self::Value(entries.into_iter().collect::<Headers>().encode())
    }
}

impl From<&str> for Property {
    fn from(text: &str) -> Self {
        Self::Value(text.as_bytes().to_vec())
    }
}

impl From<Vec<u8>> for Property {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Value(bytes)
    }
}

/// How a [`Host`](crate::Host) is set up. The defaults are those of an Envoy with
/// `allow_on_headers_stop_iteration: true` and HTTP/1 on both sides.
#[derive(Debug, Clone)]
pub struct HostOptions {
    pub(crate) configuration: Vec<u8>,
    pub(crate) vm_configuration: Vec<u8>,
    pub(crate) root_id: String,
    pub(crate) vm_id: String,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) headers_stop_iteration: bool,
    pub(crate) request_buffer_limit: usize,
    pub(crate) response_buffer_limit: usize,
    pub(crate) h2_window: usize,
    pub(crate) downstream: Protocol,
    pub(crate) upstream: Protocol,
    pub(crate) properties: BTreeMap<Vec<u8>, Property>,
    pub(crate) clusters: BTreeSet<Vec<u8>>,
    pub(crate) clock: u64,
    pub(crate) clock_step: u64,
    pub(crate) seed: u64,
    pub(crate) log_level: u32,
    pub(crate) canary: bool,
    pub(crate) deadline: Duration,
    pub(crate) memory_limit: usize,
}

impl Default for HostOptions {
    fn default() -> Self {
        Self {
            configuration: Vec::new(),
            vm_configuration: Vec::new(),
            root_id: "weir".into(),
            vm_id: "weir".into(),
            environment: BTreeMap::new(),
            headers_stop_iteration: true,
            request_buffer_limit: 1 << 20,
            response_buffer_limit: 1 << 20,
            h2_window: 16 << 20,
            downstream: Protocol::Http1,
            upstream: Protocol::Http1,
            properties: BTreeMap::new(),
            clusters: BTreeSet::new(),
            clock: 1_767_225_600_000_000_000, // 2026-01-01T00:00:00Z
            clock_step: 0,
            seed: 1,
            log_level: 2,
            canary: false,
            deadline: Duration::from_secs(10),
            memory_limit: 1 << 30,
        }
    }
}

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $type:ty;)*) => {
        $($(#[$doc])*
        #[must_use]
        pub fn $name(mut self, $name: $type) -> Self {
            self.$name = $name;
            self
        })*
    };
}

impl HostOptions {
    /// The defaults with this plugin configuration (what the module reads in `on_configure`).
    pub fn new(configuration: impl Into<Vec<u8>>) -> Self {
        Self { configuration: configuration.into(), ..Self::default() }
    }

    setters! {
        /// The largest request body that may be held back over HTTP/1, in bytes; past it the proxy answers 413.
        request_buffer_limit: usize;
        /// The largest response body that may be held back, in bytes; past it the proxy answers 500, and where the
        /// module itself made it larger, Envoy crashes.
        response_buffer_limit: usize;
        /// The HTTP/2 stream window in bytes. With an HTTP/2 client the larger of window and limit counts.
        h2_window: usize;
        /// The HTTP version of the client.
        downstream: Protocol;
        /// The HTTP version of the upstream.
        upstream: Protocol;
        /// The seed of `random_get`, so that every run is the same.
        seed: u64;
        /// Whether a configuration is first tried in a VM of its own, as Envoy does. What the canary does to shared
        /// data and metrics stays, as in Envoy.
        canary: bool;
        /// How long one callback may run before it counts as an endless loop. Real Envoy would hang for ever.
        deadline: Duration;
        /// The largest linear memory of a VM, in bytes.
        memory_limit: usize;
    }

    /// Envoy's `allow_on_headers_stop_iteration`. Without it a Pause in a headers callback stops everything, and the
    /// body callback never comes.
    #[must_use]
    pub fn allow_on_headers_stop_iteration(mut self, allow: bool) -> Self {
        self.headers_stop_iteration = allow;
        self
    }

    /// The VM configuration (what the module reads in `on_vm_start`).
    #[must_use]
    pub fn vm_configuration(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.vm_configuration = bytes.into();
        self
    }

    /// The `root_id` of the plugin.
    #[must_use]
    pub fn root_id(mut self, id: impl Into<String>) -> Self {
        self.root_id = id.into();
        self
    }

    /// Adds an environment variable of the VM.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.environment.insert(name.into(), value.into());
        self
    }

    /// Sets a property for every stream, such as `["connection", "uri_san_peer_certificate"]`.
    #[must_use]
    pub fn property(mut self, path: &[&str], value: impl Into<Property>) -> Self {
        self.properties.insert(path.join("\0").into_bytes(), value.into());
        self
    }

    /// Declares a cluster; a call-out to any other fails with `BadArgument`.
    #[must_use]
    pub fn cluster(mut self, name: impl Into<String>) -> Self {
        self.clusters.insert(name.into().into_bytes());
        self
    }

    /// The time at the start, in nanoseconds since 1970. It stands still unless [`clock_step`](Self::clock_step) is
    /// set or the test calls [`Host::advance`](crate::Host::advance).
    #[must_use]
    pub fn clock(mut self, nanoseconds: u64) -> Self {
        self.clock = nanoseconds;
        self
    }

    /// By how much the clock moves each time the module reads it.
    #[must_use]
    pub fn clock_step(mut self, step: Duration) -> Self {
        self.clock_step = u64::try_from(step.as_nanos()).unwrap_or(u64::MAX);
        self
    }

    /// What `proxy_get_log_level` answers; 6 is Envoy's `off`, which is no level of the ABI. Every line is captured
    /// whatever it is. The default is info.
    #[must_use]
    pub fn log_level(mut self, level: u32) -> Self {
        self.log_level = level;
        self
    }

    pub(crate) fn request_limit(&self) -> usize {
        self.effective(self.request_buffer_limit)
    }

    pub(crate) fn response_limit(&self) -> usize {
        self.effective(self.response_buffer_limit)
    }

    fn effective(&self, limit: usize) -> usize {
        match self.downstream {
            Protocol::Http1 => limit,
            Protocol::Http2 => limit.max(self.h2_window),
        }
    }
}
