//! One exchange, from its first header to its last byte: the only state machine.
//!
//! Flows in: [`Event`]s, one per callback of the proxy. Flows out: [`Effect`]s and a [`Flow`]. Promises: every exchange
//! that is not listed as bypass gets a verdict for its request and for its answer; nothing that is to be judged leaves
//! before its verdict; a call that the proxy could not make for us is a fault, not an assumption; after the verdict the
//! session holds nothing back.
//!
//! Reading order: [`Phase`] says where an exchange can be, [`Worker::step`] is the dispatcher, `request.rs` and
//! `response.rs` say what happens in each phase, `inspect.rs` turns bytes into a verdict, `content.rs` reads headers.

mod conclude;
mod content;
mod inspect;
mod joined;
mod parts;
mod request;
mod response;
mod reversible;
mod scan;
mod shape;
mod stream;
mod streaming;

pub use parts::{MessageRead, read_parts};

use std::sync::Arc;

use crate::audit::{Message, Metric};
use crate::effect::Effect;
use crate::event::{Direction, Event, Flow, Headers};
use crate::fault::Fault;
use crate::keyed::{ExchangeId, Key};
use crate::policy::Policy;
use crate::sensitive::Sensitive;
use crate::timestamp::Timestamp;
use inspect::Inspection;
use stream::Stream;

/// What outlives an exchange and a policy. One per VM of the proxy.
#[derive(Debug)]
pub struct Worker {
    /// Random per VM: ids of exchanges.
    ids: Key,
    /// Per deployment, so that fingerprints agree between proxies; random per VM when none is given.
    fingerprints: Key,
    opened: u64,
}

impl Worker {
    /// A worker from at least 16 random bytes, and the deployment's fingerprint key if there is one.
    pub fn new(random: &[u8], fingerprint_key: Option<&[u8]>) -> Self {
        let fingerprints = Key::new(fingerprint_key.unwrap_or(random));
        Worker { ids: Key::new(random), fingerprints, opened: 0 }
    }

    /// Begins an exchange under a policy, which it keeps to its end.
    pub fn open(&mut self, policy: Arc<Policy>) -> Session {
        self.opened = self.opened.wrapping_add(1);
        Session {
            id: self.ids.exchange_id(self.opened),
            policy,
            phase: Phase::Start,
            began: Timestamp::default(),
            since: Timestamp::default(),
            request: Request::default(),
            answer: Answer::default(),
            inspection: Inspection::default(),
            judged: [None, None],
            recorded: false,
            recorded_before: false,
            stream: None,
        }
    }

    /// Takes one event of one exchange, appends what the host must do to `effects`, and says how the callback ends.
    pub fn step(&mut self, session: &mut Session, event: Event<'_>, now: Timestamp, effects: &mut Vec<Effect>) -> Flow {
        let mut step = Step { worker: self, session, now, effects };
        step.dispatch(event)
    }
}

/// Where an exchange is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing has come yet.
    Start,
    /// The request's headers are known; the host is asked for the route's name. `end` says that no body follows.
    RouteAsked { end: bool },
    /// The request's headers are held, its body is being buffered; `buffered` once the proxy has spoken of bytes.
    RequestHeld { buffered: Option<usize> },
    /// The request has gone on; its remaining bytes pass.
    Forwarded,
    /// The answer's headers are known; the host is asked who wrote it.
    OriginAsked { end: bool },
    /// The answer's headers are held, its body is being buffered.
    ResponseHeld { buffered: Option<usize> },
    /// The answer comes in events, and goes on as they are decided. What the last callback spoke of.
    Streaming { buffered: usize, end: bool },
    /// The answer was blocked after some of it had gone on, and its client has been told; nothing more goes on. `broken_off`
    /// once the proxy was asked to end it.
    Muted { broken_off: bool },
    /// Everything is decided; what still comes passes.
    Settled,
    /// Weir answers in the place of the upstream. What it answers to does not pass any more: after a request the answer
    /// that comes by is ours, after an answer whatever still comes is the upstream's.
    Replied { to: Direction },
}

/// One exchange. Owns no body.
#[derive(Debug)]
pub struct Session {
    id: ExchangeId,
    policy: Arc<Policy>,
    phase: Phase,
    /// When the request's headers came.
    began: Timestamp,
    /// When the headers of the message that is being judged came.
    since: Timestamp,
    request: Request,
    answer: Answer,
    /// The message that is being judged.
    inspection: Inspection,
    /// The verdicts, for the record: request, response.
    judged: [Option<Message>; 2],
    recorded: bool,
    /// The record had been written before the last event came, so that no failing effect of that takes it back.
    recorded_before: bool,
    /// The answer, when it comes in events.
    stream: Option<Box<Stream>>,
}

impl Session {
    /// The id under which errors, headers and the record speak of this exchange.
    pub fn id(&self) -> ExchangeId {
        self.id
    }

    /// Whether this message is held until its body is complete.
    pub fn holds(&self, direction: Direction) -> bool {
        match direction {
            Direction::Request => matches!(self.phase, Phase::RequestHeld { .. }),
            Direction::Response => matches!(self.phase, Phase::ResponseHeld { .. }),
        }
    }

    /// Whose bytes [`Flow::Read`] asks for.
    pub fn reading(&self) -> Direction {
        match self.phase {
            Phase::OriginAsked { .. }
            | Phase::ResponseHeld { .. }
            | Phase::Streaming { .. }
            | Phase::Muted { .. }
            | Phase::Settled => Direction::Response,
            _ => Direction::Request,
        }
    }

    /// Whether time that passes matters to it although no callback comes: an answer that was blocked must be broken off.
    pub fn waits_for_time(&self) -> bool {
        self.phase == Phase::Muted { broken_off: false }
    }
}

/// What is remembered of a request's headers.
#[derive(Debug, Default)]
struct Request {
    dialect: Option<crate::wire::Dialect>,
    method: String,
    host: Option<Sensitive<String>>,
    /// Headers of it that must not go on.
    unwanted: Vec<&'static str>,
    /// Without the query.
    path: Sensitive<String>,
    route: Option<String>,
    /// What its body says of the exchange.
    told: crate::wire::Told,
    request_id: Option<String>,
    content: content::Content,
}

/// What is remembered of an answer's headers.
#[derive(Debug, Default)]
struct Answer {
    status: Option<u16>,
    by: Option<&'static str>,
    /// Headers that speak of the exact bytes of the body.
    exact: Vec<&'static str>,
    /// Tokens, as the vendor counted them.
    usage: crate::wire::Usage,
    /// Why the model stopped, once for each choice.
    finishes: Vec<crate::wire::Finish>,
    content: content::Content,
}

/// One call of [`Worker::step`]: everything it may touch.
struct Step<'s> {
    worker: &'s mut Worker,
    session: &'s mut Session,
    now: Timestamp,
    effects: &'s mut Vec<Effect>,
}

/// The one question that is open at a time has this id.
const QUESTION: u32 = 1;

impl Step<'_> {
    fn dispatch(&mut self, event: Event<'_>) -> Flow {
        use Direction::{Request, Response};
        if !matches!(event, Event::Failed) {
            self.session.recorded_before = self.session.recorded;
        }
        match (self.session.phase, event) {
            (_, Event::Closed) => self.closed(),
            (_, Event::Failed) => self.failed(),
            (Phase::RequestHeld { buffered: None } | Phase::ResponseHeld { buffered: None }, Event::Tick) => {
                self.tick()
            }
            (Phase::Muted { broken_off: false }, Event::Tick) => self.muted_tick(),
            (_, Event::Tick) => Flow::Continue,

            (Phase::Start, Event::Headers { direction: Request, headers, end }) => self.request_headers(headers, end),
            (Phase::RouteAsked { end }, Event::Answer { id: QUESTION, value }) => self.route_known(value, end),
            (Phase::RequestHeld { .. }, Event::Body { direction: Request, buffered, end }) => {
                self.request_body(buffered, end)
            }
            (Phase::RequestHeld { .. }, Event::Trailers { direction: Request, headers }) => {
                self.request_trailers(headers)
            }
            (Phase::RequestHeld { buffered }, Event::Bytes { direction: Request, bytes }) => {
                self.request_bytes(whole(bytes, buffered))
            }
            (Phase::Start | Phase::RouteAsked { .. } | Phase::RequestHeld { .. }, Event::Unreadable(Request)) => {
                self.request_unreadable()
            }

            (Phase::Forwarded, Event::Headers { direction: Response, headers, end }) => {
                self.response_headers(headers, end)
            }
            (Phase::OriginAsked { end }, Event::Answer { id: QUESTION, value }) => self.origin_known(value, end),
            (Phase::ResponseHeld { .. }, Event::Body { direction: Response, buffered, end }) => {
                self.response_body(buffered, end)
            }
            (Phase::ResponseHeld { .. }, Event::Trailers { direction: Response, headers }) => {
                self.response_trailers(headers)
            }
            (Phase::ResponseHeld { buffered }, Event::Bytes { direction: Response, bytes }) => {
                self.response_bytes(whole(bytes, buffered))
            }
            (
                Phase::Forwarded | Phase::OriginAsked { .. } | Phase::ResponseHeld { .. },
                Event::Unreadable(Response),
            ) => self.response_unreadable(),

            (Phase::Streaming { .. }, Event::Body { direction: Response, buffered, end }) => {
                self.stream_body(buffered, end)
            }
            (Phase::Streaming { buffered, end }, Event::Bytes { direction: Response, bytes }) => {
                self.stream_bytes(whole(bytes, Some(buffered)), end)
            }
            (Phase::Streaming { .. }, Event::Trailers { direction: Response, headers }) => {
                self.stream_trailers(Some(headers))
            }
            (Phase::Streaming { .. }, Event::Unreadable(Response)) => self.stream_trailers(None),
            (Phase::Muted { broken_off }, Event::Body { direction: Response, buffered, end }) => {
                self.muted_body(broken_off, buffered, end)
            }
            (
                Phase::Muted { broken_off },
                Event::Trailers { direction: Response, .. } | Event::Unreadable(Response),
            ) => self.muted_trailers(broken_off),

            // An answer before the request was judged can only be the proxy's own (413, a timeout): the request never
            // left. It passes, and the request counts as not inspected.
            (
                Phase::Start | Phase::RouteAsked { .. } | Phase::RequestHeld { .. },
                Event::Headers { direction: Response, headers, .. },
            ) => self.answered_early(headers),
            (Phase::Start | Phase::RouteAsked { .. } | Phase::RequestHeld { .. }, Event::Unreadable(Response)) => {
                self.answered_early(Headers(&[]))
            }

            // A session that waits answers every callback with Hold.
            (Phase::RouteAsked { .. } | Phase::OriginAsked { .. } | Phase::RequestHeld { .. }, _) => Flow::Hold,
            (
                Phase::ResponseHeld { .. },
                Event::Body { direction: Request, .. } | Event::Trailers { direction: Request, .. },
            ) => Flow::Continue,
            (Phase::ResponseHeld { .. }, _) => Flow::Hold,
            (Phase::Replied { to }, Event::Headers { direction, .. } | Event::Body { direction, .. })
            | (Phase::Replied { to }, Event::Trailers { direction, .. } | Event::Unreadable(direction)) => {
                if direction == to { Flow::Hold } else { Flow::Continue }
            }
            (
                Phase::Start
                | Phase::Forwarded
                | Phase::Streaming { .. }
                | Phase::Muted { .. }
                | Phase::Settled
                | Phase::Replied { .. },
                _,
            ) => Flow::Continue,
        }
    }

    fn measure(&mut self, metric: Metric, value: u64) {
        self.effects.push(Effect::Measure(metric, value));
    }

    /// The host could not do what an effect asked. If it was part of a rewrite or an answer in the place of the
    /// upstream, the exchange must not go on as if it had happened.
    fn failed(&mut self) -> Flow {
        // A record that the same event brought is among the effects that the host did not carry out.
        self.session.recorded = self.session.recorded_before;
        let direction = match self.session.phase {
            // Even the refusal failed. What was refused stays held, until somebody gives up.
            Phase::Replied { .. } if self.session.answer.by == Some("weir") => return Flow::Hold,
            Phase::Replied { to } => to,
            Phase::Start | Phase::RouteAsked { .. } | Phase::RequestHeld { .. } | Phase::Forwarded => {
                Direction::Request
            }
            // Its headers could not be changed as they must be, and are still here.
            Phase::Streaming { .. } if self.session.stream.as_ref().is_some_and(|stream| !stream.has_begun()) => {
                self.session.stream = None;
                Direction::Response
            }
            Phase::Streaming { .. } | Phase::Muted { .. } => return self.break_off(Fault::HostCall),
            Phase::OriginAsked { .. } | Phase::ResponseHeld { .. } | Phase::Settled => Direction::Response,
        };
        self.refuse_for(direction, Fault::HostCall)
    }

    fn closed(&mut self) -> Flow {
        self.end_stream();
        self.record();
        Flow::Continue
    }
}

/// A body that is shorter than what the proxy spoke of has not been given to us.
fn whole(bytes: Option<Sensitive<&[u8]>>, buffered: Option<usize>) -> Option<&[u8]> {
    bytes.map(Sensitive::into_exposed).filter(|bytes| bytes.len() >= buffered.unwrap_or(0))
}
