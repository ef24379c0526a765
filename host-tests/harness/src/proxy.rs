//! The state of the fake proxy that the host calls of one VM work on.

use crate::call::{CallAnswer, HttpCall};
use crate::headers::Headers;
use crate::host_call::{Gate, Status};
use crate::logs::{Level, LogLine};
use crate::options::{HostOptions, Property};
use crate::outcome::{Cause, Side};
use crate::stream::Stream;
use crate::world::World;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use wasmtime::{Memory, StoreLimits, TypedFunc};

/// What a host call has asked for that the proxy does only when the callback has returned.
#[derive(Debug)]
pub(crate) enum Deferred {
    Reply(LocalReply),
    Continue(Side),
    Close(Cause),
}

/// A response that does not come from the upstream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocalReply {
    pub(crate) status: u16,
    pub(crate) details: String,
    pub(crate) headers: Headers,
    pub(crate) body: Vec<u8>,
    pub(crate) grpc_status: Option<u32>,
    pub(crate) by_module: bool,
}

impl LocalReply {
    /// A reply of the proxy's own, with its `response_code_details`.
    pub fn new(status: u16, details: &str, body: &str) -> Self {
        Self { status, details: details.into(), body: body.into(), ..Self::default() }
    }

    /// 413, as past the buffer limit.
    pub fn payload_too_large() -> Self {
        Self::new(413, "request_payload_too_large", "Payload Too Large")
    }

    /// 503, as without a healthy upstream.
    pub fn no_healthy_upstream() -> Self {
        Self::new(503, "no_healthy_upstream", "no healthy upstream")
    }
}

/// A root context: one plugin configuration.
#[derive(Debug, Default)]
pub(crate) struct Root {
    /// Milliseconds; zero is no tick.
    pub(crate) tick: u32,
    pub(crate) next_tick: u64,
    /// A newer configuration has taken over; it goes when its last stream does.
    pub(crate) retired: bool,
}

pub(crate) struct Proxy {
    pub(crate) options: Arc<HostOptions>,
    pub(crate) world: World,
    pub(crate) gate: Gate,
    pub(crate) logs: Vec<LogLine>,
    pub(crate) streams: HashMap<u32, Stream>,
    pub(crate) roots: BTreeMap<u32, Root>,
    pub(crate) current: u32,
    pub(crate) effective: u32,
    pub(crate) configuration: Option<Vec<u8>>,
    pub(crate) calls: Vec<HttpCall>,
    pub(crate) next_token: u32,
    pub(crate) answer: Option<CallAnswer>,
    pub(crate) deferred: VecDeque<(u32, Deferred)>,
    pub(crate) crash: Option<String>,
    pub(crate) metric_ids: HashMap<u32, usize>,
    pub(crate) next_metric: [u32; 3],
    pub(crate) memory: Option<Memory>,
    pub(crate) allocate: Option<TypedFunc<u32, u32>>,
    pub(crate) limits: StoreLimits,
}

impl Proxy {
    pub(crate) fn new(options: Arc<HostOptions>, world: World, limits: StoreLimits) -> Self {
        Self {
            options,
            world,
            limits,
            gate: Gate::default(),
            logs: Vec::new(),
            streams: HashMap::new(),
            roots: BTreeMap::new(),
            current: 0,
            effective: 0,
            configuration: None,
            calls: Vec::new(),
            next_token: 1,
            answer: None,
            deferred: VecDeque::new(),
            crash: None,
            metric_ids: HashMap::new(),
            next_metric: [0, 1, 2],
            memory: None,
            allocate: None,
        }
    }

    /// The stream that host calls work on now.
    pub(crate) fn stream(&self) -> Option<&Stream> {
        self.streams.get(&self.effective)
    }

    pub(crate) fn stream_mut(&mut self) -> Option<&mut Stream> {
        self.streams.get_mut(&self.effective)
    }

    pub(crate) fn log(&mut self, level: Level, text: &[u8]) {
        let text = String::from_utf8_lossy(text).into_owned();
        self.logs.push(LogLine { level, text, context: self.effective });
    }

    pub(crate) fn defer(&mut self, what: Deferred) {
        self.deferred.push_back((self.effective, what));
    }

    /// Whether something is deferred that ends the stream, so that the callback's action no longer counts.
    pub(crate) fn is_ending(&self, stream: u32) -> bool {
        self.deferred.iter().any(|(id, what)| *id == stream && !matches!(what, Deferred::Continue(_)))
    }

    /// The header map of this ABI type.
    pub(crate) fn map(&self, kind: u32) -> Option<&Headers> {
        match kind {
            6 => self.answer.as_ref().map(|answer| &answer.headers),
            7 => self.answer.as_ref().map(|answer| &answer.trailers),
            _ => self.stream()?.map(kind),
        }
    }

    /// The buffer of this ABI type.
    pub(crate) fn buffer(&self, kind: u32) -> Option<&[u8]> {
        match kind {
            0 => self.stream()?.request.body().map(Vec::as_slice),
            1 => self.stream()?.response.body().map(Vec::as_slice),
            4 => self.answer.as_ref().map(|answer| answer.body.as_slice()),
            6 => Some(&self.options.vm_configuration),
            7 => self.configuration.as_deref(),
            _ => None,
        }
    }

    /// Replaces part of a body, as Envoy does it: from the start (nothing, a part or all of it) or at the end.
    pub(crate) fn set_buffer(&mut self, kind: u32, start: usize, size: usize, data: &[u8]) -> Result<(), Status> {
        let (side, limit) = match kind {
            0 => (Side::Request, self.options.request_limit()),
            1 => (Side::Response, self.options.response_limit()),
            _ => return Err(if self.buffer(kind).is_some() { Status::BadArgument } else { Status::NotFound }),
        };
        let direction = self.stream_mut().ok_or(Status::BadArgument)?.side_mut(side);
        let buffering = direction.buffering;
        let body = direction.body_mut().ok_or(Status::BadArgument)?;
        if start == 0 {
            if size >= body.len() {
                body.clear();
                body.extend_from_slice(data);
            } else {
                body.splice(..size, data.iter().copied());
            }
        } else if start >= body.len() {
            body.extend_from_slice(data);
        } else {
            return Err(Status::BadArgument);
        }
        let len = body.len();
        if buffering && len > limit {
            match side {
                Side::Request => self.defer(Deferred::Reply(LocalReply::payload_too_large())),
                Side::Response => {
                    self.crash = Some(format!("a buffered response was made {len} bytes, past the limit of {limit}"));
                }
            }
        }
        Ok(())
    }

    /// The value of a property: what the test has set, then what the stream knows, then filter state.
    pub(crate) fn property(&self, path: &[u8]) -> Result<Vec<u8>, Status> {
        let stream = self.stream();
        let set = stream.and_then(|stream| stream.properties.get(path)).or_else(|| self.options.properties.get(path));
        match set {
            Some(Property::Value(value)) => return Ok(value.clone()),
            Some(Property::Fails(status)) => return Err(*status),
            None => {}
        }
        match path {
            b"plugin_root_id" | b"plugin_name" => return Ok(self.options.root_id.clone().into_bytes()),
            b"plugin_vm_id" => return Ok(self.options.vm_id.clone().into_bytes()),
            _ => {}
        }
        let stream = stream.ok_or(Status::NotFound)?;
        stream.property(path, self.options.downstream).ok_or(Status::NotFound)
    }
}
