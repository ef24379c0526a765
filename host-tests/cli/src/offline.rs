//! One exchange through the engine alone, without a proxy: what `weir inspect` asks.
//!
//! The engine is driven as the module drives it; what is left out is what only a network has: pieces, trailers, resets.

use std::sync::Arc;
use weir_engine::audit::Record;
use weir_engine::event::{Headers, Question};
use weir_engine::sensitive::Sensitive;
use weir_engine::session::{MessageRead, read_parts};
use weir_engine::wire::Dialect;
use weir_engine::{Direction, Effect, Event, Flow, Policy, Session, Timestamp, Worker};

/// A header list; names are lower case, pseudo-headers are among them.
pub type HeaderList = Vec<(String, Vec<u8>)>;

/// A request or an answer.
#[derive(Debug, Clone, Default)]
pub struct Message {
    /// The headers.
    pub headers: HeaderList,
    /// The body; empty when there is none.
    pub body: Vec<u8>,
}

/// What became of an exchange.
#[derive(Debug, Default)]
pub struct Decided {
    /// The record; `None` when the policy lists the exchange as bypass.
    pub record: Option<Record>,
    /// What the client gets in the place of an upstream's answer: status and body.
    pub refusal: Option<(u16, String)>,
    /// Headers that are set, in order: of which message, name, value.
    pub headers: Vec<(Direction, String, Vec<u8>)>,
    /// Bodies that are rewritten.
    pub bodies: Vec<(Direction, Vec<u8>)>,
}

impl Decided {
    /// What the request was found to speak.
    pub fn dialect(&self) -> Option<Dialect> {
        let name = self.record.as_ref()?.dialect;
        Dialect::ALL.iter().copied().find(|dialect| dialect.name() == name)
    }

    /// The body that goes on in the place of the one that came, if it is another one.
    pub fn rewritten(&self, direction: Direction) -> Option<&[u8]> {
        self.bodies.iter().find(|(own, _)| *own == direction).map(|(_, body)| body.as_slice())
    }
}

/// Decides a request and, unless it is refused, the answer to it.
pub fn decide(policy: Arc<Policy>, request: &Message, answer: Option<&Message>, now: Timestamp) -> Decided {
    let mut worker = Worker::new(b"nothing secret is made from this", None);
    let session = worker.open(policy);
    let mut run = Run { worker, session, now, decided: Decided::default() };
    run.message(Direction::Request, request);
    if let Some(answer) = answer.filter(|_| run.decided.refusal.is_none()) {
        run.message(Direction::Response, answer);
    }
    let _ = run.step(Event::Closed, &[]);
    run.decided
}

/// The texts of the parts of the request, or of the answer if there is one, by the numbers that the record uses.
pub fn texts(policy: &Policy, request: &Message, answer: Option<&Message>, decided: &Decided) -> Vec<String> {
    let of_request = |name: &str| {
        let header = request.headers.iter().find(|(own, _)| own == name);
        header.map(|(_, value)| String::from_utf8_lossy(value).into_owned()).unwrap_or_default()
    };
    let (method, path) = (of_request(":method"), of_request(":path"));
    let (direction, message, dialect) = match answer {
        Some(answer) => (Direction::Response, answer, decided.dialect()),
        None => (Direction::Request, request, None),
    };
    let (pairs, body) = (pairs(&message.headers), message.body.as_slice());
    let headers = Headers(&pairs);
    let read = read_parts(policy, MessageRead { direction, method: &method, path: &path, dialect, headers, body });
    read.into_iter().map(Sensitive::into_exposed).collect()
}

fn pairs(headers: &HeaderList) -> Vec<(&[u8], &[u8])> {
    headers.iter().map(|(name, value)| (name.as_bytes(), value.as_slice())).collect()
}

struct Run {
    worker: Worker,
    session: Session,
    now: Timestamp,
    decided: Decided,
}

impl Run {
    fn message(&mut self, direction: Direction, message: &Message) {
        let (pairs, body) = (pairs(&message.headers), message.body.as_slice());
        let flow = self.step(Event::Headers { direction, headers: Headers(&pairs), end: body.is_empty() }, body);
        // A stream has gone on, and is judged all the same.
        let judged = flow == Flow::Hold || direction == Direction::Response;
        if judged && !body.is_empty() && self.decided.refusal.is_none() {
            let _ = self.step(Event::Body { direction, buffered: body.len(), end: true }, body);
        }
    }

    fn step(&mut self, event: Event<'_>, body: &[u8]) -> Flow {
        let mut effects = Vec::new();
        let mut flow = self.worker.step(&mut self.session, event, self.now, &mut effects);
        loop {
            for effect in std::mem::take(&mut effects) {
                if let Some((id, value)) = self.perform(effect) {
                    let answer = Event::Answer { id, value };
                    flow = self.worker.step(&mut self.session, answer, self.now, &mut effects);
                }
            }
            if !effects.is_empty() {
                continue;
            }
            let Flow::Read = flow else { return flow };
            let bytes = Event::Bytes { direction: self.session.reading(), bytes: Some(Sensitive::new(body)) };
            flow = self.worker.step(&mut self.session, bytes, self.now, &mut effects);
        }
    }

    fn perform(&mut self, effect: Effect) -> Option<(u32, Option<&'static [u8]>)> {
        let decided = &mut self.decided;
        match effect {
            Effect::SetHeader { direction, name, value } => {
                decided.headers.push((direction, name, value.into_exposed()))
            }
            Effect::ReplaceBody { direction, body } => decided.bodies.push((direction, body.into_exposed())),
            Effect::ReplaceAnswer { body } => decided.bodies.push((Direction::Response, body.into_exposed())),
            Effect::Reply { status, body, .. } => decided.refusal = Some((status, body)),
            Effect::Record { record, .. } => decided.record = Some(*record),
            // Nobody chose a route here, and every answer is an upstream's.
            Effect::Ask { id, question: Question::RouteName } => return Some((id, None)),
            Effect::Ask { id, question: Question::ResponseCodeDetails } => return Some((id, Some(b"via_upstream"))),
            Effect::RemoveHeader { .. } | Effect::Measure(..) | Effect::Reset => {}
        }
        None
    }
}
