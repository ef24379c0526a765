//! Effects to host calls. Every status is a value; one that matters goes back to the engine as [`Event::Failed`].

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use weir_abi::{Buffer, Level, Map, MetricType, Status, Stream};
use weir_engine::audit::{Metric, Record, Sample};
use weir_engine::event::Question;
use weir_engine::sensitive::Sensitive;
use weir_engine::{Direction, Effect, Event, Flow, Policy, Session, Timestamp, Worker};

/// The environment variable (`vm_config.environment_variables.host_env_keys`) that holds the deployment's fingerprint key.
const FINGERPRINT_KEY: &str = "WEIR_FINGERPRINT_KEY";

/// The property, and so `wasm.weir` in filter state, that holds the record of an exchange.
const RECORD_PROPERTY: &str = "weir";

thread_local! {
    static WORKER: RefCell<Worker> = RefCell::new(worker());
    static METRICS: RefCell<HashMap<Metric, u32>> = RefCell::new(HashMap::new());
}

fn worker() -> Worker {
    let mut random = [0; 32];
    if !weir_abi::random(&mut random) {
        log(Level::Error, "the host gives no random bytes: exchange ids and fingerprints are predictable");
    }
    let key = std::env::var(FINGERPRINT_KEY).ok().filter(|key| !key.is_empty());
    Worker::new(&random, key.as_deref().map(str::as_bytes))
}

pub(crate) fn open(policy: Arc<Policy>) -> Session {
    WORKER.with_borrow_mut(|worker| worker.open(policy))
}

/// Gives one event to the engine and does what it says, until the callback's flow is known.
pub(crate) fn drive(session: &mut Session, event: Event<'_>) -> Flow {
    let now = now();
    let step = |session: &mut Session, event: Event<'_>, effects: &mut Vec<Effect>| step(session, event, now, effects);
    let mut effects = Vec::new();
    let mut flow = step(session, event, &mut effects);
    let mut queue: VecDeque<Effect> = effects.into();
    loop {
        while let Some(effect) = queue.pop_front() {
            let mut more = Vec::new();
            match perform(effect) {
                Done::Yes => continue,
                Done::Answer(id, value) => {
                    flow = step(session, Event::Answer { id, value: value.as_deref() }, &mut more)
                }
                // What was decided on the belief that this works must not be done.
                Done::No => {
                    queue.clear();
                    flow = step(session, Event::Failed, &mut more);
                }
            }
            queue.extend(more);
        }
        let Flow::Read = flow else { return flow };
        let direction = session.reading();
        let bytes = body(direction);
        let mut more = Vec::new();
        flow = step(session, Event::Bytes { direction, bytes: bytes.as_deref().map(Sensitive::new) }, &mut more);
        queue.extend(more);
    }
}

fn step(session: &mut Session, event: Event<'_>, now: Timestamp, effects: &mut Vec<Effect>) -> Flow {
    WORKER.with_borrow_mut(|worker| worker.step(session, event, now, effects))
}

/// All that the proxy holds of a body, `None` when it would not give it.
fn body(direction: Direction) -> Option<Vec<u8>> {
    let buffer = match direction {
        Direction::Request => Buffer::RequestBody,
        Direction::Response => Buffer::ResponseBody,
    };
    weir_abi::buffer(buffer).ok()
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// What became of an effect.
enum Done {
    Yes,
    No,
    Answer(u32, Option<Vec<u8>>),
}

impl From<Result<(), Status>> for Done {
    fn from(result: Result<(), Status>) -> Self {
        if result.is_ok() { Done::Yes } else { Done::No }
    }
}

fn perform(effect: Effect) -> Done {
    match effect {
        Effect::SetHeader { direction, name, value } => {
            weir_abi::set_header(headers(direction), &name, value.expose()).into()
        }
        Effect::RemoveHeader { direction, name } => weir_abi::remove_header(headers(direction), &name).into(),
        Effect::ReplaceBody { direction: Direction::Request, body } => {
            weir_abi::replace_buffer(Buffer::RequestBody, body.expose()).into()
        }
        Effect::ReplaceBody { direction: Direction::Response, body } => {
            weir_abi::replace_buffer(Buffer::ResponseBody, body.expose()).into()
        }
        Effect::ReplaceAnswer { body } => replace_answer(body.expose()).into(),
        Effect::Reply { status, headers, body, details } => {
            let headers: Vec<(&[u8], &[u8])> =
                headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
            weir_abi::send_local_response(u32::from(status), &details, &headers, body.as_bytes()).into()
        }
        Effect::Reset => weir_abi::close_stream(Stream::Response).into(),
        Effect::Ask { id, question } => Done::Answer(id, ask(question)),
        Effect::Record { record, logged } => {
            write_down(&record, logged);
            Done::Yes
        }
        Effect::Measure(metric, value) => {
            measure(&metric, value);
            Done::Yes
        }
    }
}

const fn headers(direction: Direction) -> Map {
    match direction {
        Direction::Request => Map::RequestHeaders,
        Direction::Response => Map::ResponseHeaders,
    }
}

/// The upstream's status and headers with another body, as a local reply: Envoy crashes when a buffered answer is made
/// larger than its buffer limit, while local replies know no limit.
fn replace_answer(body: &[u8]) -> Result<(), Status> {
    const OF_THE_OLD_BODY: [&[u8]; 8] = [
        b"content-length",
        b"content-encoding",
        b"transfer-encoding",
        b"content-md5",
        b"digest",
        b"content-digest",
        b"repr-digest",
        b"etag",
    ];
    let pairs = weir_abi::headers(Map::ResponseHeaders)?;
    let status = pairs
        .iter()
        .find(|(name, _)| *name == b":status")
        .and_then(|(_, value)| std::str::from_utf8(value).ok().and_then(|digits| digits.parse().ok()));
    let kept: Vec<(&[u8], &[u8])> =
        pairs.iter().filter(|(name, _)| !name.starts_with(b":") && !OF_THE_OLD_BODY.contains(name)).collect();
    weir_abi::send_local_response(status.unwrap_or(200), "weir:rewritten", &kept, body)
}

fn ask(question: Question) -> Option<Vec<u8>> {
    let path: &[&str] = match question {
        Question::RouteName => &["xds", "route_name"],
        Question::ResponseCodeDetails => &["response", "code_details"],
    };
    weir_abi::property(path).ok().flatten()
}

fn write_down(record: &Record, logged: bool) {
    let json = record.to_json();
    ignore(weir_abi::set_property(RECORD_PROPERTY, json.as_bytes()));
    if logged {
        log(Level::Info, &format!("weir_record {json}"));
    }
}

/// Counts, or records a value. The ids of metrics are kept, since asking again makes new ones.
pub(crate) fn measure(metric: &Metric, value: u64) {
    METRICS.with_borrow_mut(|ids| {
        let kind = match metric.sample() {
            Sample::Counter => MetricType::Counter,
            Sample::Histogram => MetricType::Histogram,
        };
        let id = match ids.get(metric) {
            Some(id) => *id,
            None => {
                let Ok(id) = weir_abi::define_metric(kind, &metric.to_string()) else { return };
                ids.insert(metric.clone(), id);
                id
            }
        };
        ignore(match kind {
            MetricType::Counter => weir_abi::increment_metric(id, i64::try_from(value).unwrap_or(i64::MAX)),
            MetricType::Histogram => weir_abi::record_metric(id, value),
        });
    });
}

pub(crate) fn log(level: Level, message: &str) {
    ignore(weir_abi::log(level, message));
}

/// For calls that only observe: an exchange must not fail because it could not be counted or written down.
pub(crate) fn ignore(_: Result<(), Status>) {}
