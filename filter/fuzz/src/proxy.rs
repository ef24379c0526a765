//! The least proxy that can be written: it holds or passes pieces on as it is told.

use std::sync::Arc;

use weir_engine::event::{Direction, Flow, Headers, Question};
use weir_engine::sensitive::Sensitive;
use weir_engine::{Effect, Event, Policy, Session, Timestamp, Worker};

/// A header.
pub type Header = (Vec<u8>, Vec<u8>);

/// A request or an answer.
#[derive(Debug, Clone, Default)]
pub struct Message {
    /// With pseudo-headers.
    pub headers: Vec<Header>,
    /// Nothing for a message without a body.
    pub body: Option<Vec<u8>>,
    /// Nothing for none.
    pub trailers: Vec<Header>,
}

/// What came of an exchange.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What the upstream got.
    pub upstream: Option<(Vec<Header>, Vec<u8>)>,
    /// What the client got, and with what status.
    pub client: Option<(Option<u16>, Vec<Header>, Vec<u8>)>,
    /// The answer was broken off.
    pub broken_off: bool,
    /// The records, without what depends on how pieces arrived.
    pub records: Vec<String>,
    /// Bytes of the request went on before all of it had come.
    pub early: bool,
}

/// Plays one exchange. `cut` gives the pieces of a body.
pub fn play(policy: Arc<Policy>, request: &Message, response: &Message, cut: impl Fn(&[u8]) -> Vec<&[u8]>) -> Outcome {
    let mut worker = Worker::new(b"a fuzzer's run is not random", Some(b"fuzz"));
    let session = worker.open(policy);
    let mut run = Run { worker, session, outcome: Outcome::default(), sides: Default::default(), reply: None };
    let mut answered = false;
    if run.message(Direction::Request, request, &cut) {
        let [request, _] = &run.sides;
        run.outcome.upstream = Some((request.headers.clone(), request.sent.clone()));
        answered = run.message(Direction::Response, response, &cut);
    }
    let _ = run.step(Event::Closed);
    let [_, response] = run.sides;
    run.outcome.broken_off = response.broken_off;
    run.outcome.client = run.reply.or_else(|| answered.then_some((None, response.headers, response.sent)));
    run.outcome
}

#[derive(Default)]
struct Side {
    headers: Vec<Header>,
    /// All that is held, or the piece that has come.
    body: Vec<u8>,
    sent: Vec<u8>,
    broken_off: bool,
}

struct Run {
    worker: Worker,
    session: Session,
    outcome: Outcome,
    sides: [Side; 2],
    reply: Option<(Option<u16>, Vec<Header>, Vec<u8>)>,
}

fn borrowed(headers: &[Header]) -> Vec<(&[u8], &[u8])> {
    headers.iter().map(|(name, value)| (name.as_slice(), value.as_slice())).collect()
}

impl Run {
    /// Delivers one message; whether it went on.
    fn message(&mut self, direction: Direction, message: &Message, cut: impl Fn(&[u8]) -> Vec<&[u8]>) -> bool {
        self.side(direction).headers = message.headers.clone();
        let end = message.body.is_none() && message.trailers.is_empty();
        let headers = borrowed(&message.headers);
        let mut flow = self.step(Event::Headers { direction, headers: Headers(&headers), end });
        self.saw(direction, flow, end);
        let pieces = message.body.as_deref().map(|body| cut(body)).unwrap_or_default();
        let mut pieces = pieces.into_iter().peekable();
        while self.goes_on(direction)
            && let Some(piece) = pieces.next()
        {
            self.side(direction).body.extend_from_slice(piece);
            let end = pieces.peek().is_none() && message.trailers.is_empty();
            let buffered = self.side(direction).body.len();
            flow = self.step(Event::Body { direction, buffered, end });
            self.saw(direction, flow, end);
            self.pass(direction, flow);
        }
        if !message.trailers.is_empty() && self.goes_on(direction) {
            flow = self.step(Event::Trailers { direction, headers: Headers(&borrowed(&message.trailers)) });
            self.pass(direction, flow);
        }
        self.reply.is_none() && (flow == Flow::Continue || self.side(direction).broken_off)
    }

    fn saw(&mut self, direction: Direction, flow: Flow, end: bool) {
        self.outcome.early |= direction == Direction::Request && flow == Flow::Continue && !end && self.reply.is_none();
    }

    fn goes_on(&mut self, direction: Direction) -> bool {
        self.reply.is_none() && !self.side(direction).broken_off
    }

    /// What a callback lets go on; what is written in the same one as a reset is lost.
    fn pass(&mut self, direction: Direction, flow: Flow) {
        let side = self.side(direction);
        if flow == Flow::Continue && !side.broken_off {
            side.sent.append(&mut side.body);
        }
    }

    fn side(&mut self, direction: Direction) -> &mut Side {
        let [request, response] = &mut self.sides;
        if direction == Direction::Request { request } else { response }
    }

    fn step(&mut self, event: Event<'_>) -> Flow {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let mut effects = Vec::new();
        let mut flow = self.worker.step(&mut self.session, event, now, &mut effects);
        loop {
            for effect in std::mem::take(&mut effects) {
                if let Some(value) = self.perform(effect) {
                    let answer = Event::Answer { id: 1, value: Some(value) };
                    flow = self.worker.step(&mut self.session, answer, now, &mut effects);
                }
            }
            if !effects.is_empty() {
                continue;
            }
            let Flow::Read = flow else { return flow };
            let direction = self.session.reading();
            let body = self.side(direction).body.clone();
            let bytes = Event::Bytes { direction, bytes: Some(Sensitive::new(&body)) };
            flow = self.worker.step(&mut self.session, bytes, now, &mut effects);
        }
    }

    fn perform(&mut self, effect: Effect) -> Option<&'static [u8]> {
        match effect {
            Effect::SetHeader { direction, name, value } => {
                let headers = &mut self.side(direction).headers;
                headers.retain(|(own, _)| *own != name.as_bytes());
                headers.push((name.into_bytes(), value.into_exposed()));
            }
            Effect::RemoveHeader { direction, name } => {
                self.side(direction).headers.retain(|(own, _)| *own != name.as_bytes());
            }
            Effect::ReplaceBody { direction, body } => {
                let body = body.into_exposed();
                self.side(direction).body = body;
            }
            Effect::ReplaceAnswer { body } => {
                self.reply = Some((None, self.side(Direction::Response).headers.clone(), body.into_exposed()));
            }
            Effect::Reply { status, headers, body, .. } => {
                let header = |(name, value): (&str, String)| (name.as_bytes().to_vec(), value.into_bytes());
                self.reply = Some((Some(status), headers.into_iter().map(header).collect(), body.into_bytes()));
            }
            Effect::Reset => self.side(Direction::Response).broken_off = true,
            Effect::Ask { question: Question::RouteName, .. } => return Some(b"fuzz"),
            Effect::Ask { question: Question::ResponseCodeDetails, .. } => return Some(b"via_upstream"),
            Effect::Record { record, .. } => {
                let mut record: serde_json::Value = serde_json::from_str(&record.to_json()).expect("a record is JSON");
                if let Some(stream) = record.pointer_mut("/response/stream").and_then(|stream| stream.as_object_mut()) {
                    stream.remove("held_bytes");
                    // Of a stream that is blocked no more comes.
                    record["response"]["bytes"].take();
                }
                self.outcome.records.push(record.to_string());
            }
            Effect::Measure(..) => {}
        }
        None
    }
}
