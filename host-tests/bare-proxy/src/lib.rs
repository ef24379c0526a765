//! The least proxy that can be written around the engine: it holds or passes pieces on as it is told.
//!
//! No wasm, no limits, no other filters: what comes of an exchange here is what the engine makes of it. The corpus and the
//! fuzz targets play their exchanges on it.

use std::sync::Arc;

use serde_json::Value;
use weir_engine::audit::Metric;
use weir_engine::event::{Direction, Flow, Headers, Question};
use weir_engine::sensitive::Sensitive;
use weir_engine::{Effect, Event, Policy, Session, Timestamp, Worker};

/// A header: name and value.
pub type Header = (Vec<u8>, Vec<u8>);

/// A request or an answer.
#[derive(Debug, Clone, Default)]
pub struct Message {
    /// With pseudo-headers.
    pub headers: Vec<Header>,
    /// Nothing for a message without a body.
    pub body: Option<Vec<u8>>,
    /// Empty for a message without any.
    pub trailers: Vec<Header>,
}

/// What came of an exchange.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Headers and body that the upstream got, if it was asked at all.
    pub upstream: Option<(Vec<Header>, Vec<u8>)>,
    /// Headers, `:status` among them, and body that the client got, if there was an answer.
    pub client: Option<(Vec<Header>, Vec<u8>)>,
    /// Whether the answer was broken off.
    pub broken_off: bool,
    /// Every record.
    pub records: Vec<Value>,
    /// Every metric that was counted.
    pub metrics: Vec<Metric>,
    /// Whether bytes of the request went on before all of it had come.
    pub early: bool,
}

/// Plays one exchange with an upstream that gives this answer. `cut` gives the pieces in which a body arrives.
pub fn play(
    mut worker: Worker,
    policy: Arc<Policy>,
    request: &Message,
    response: Option<&Message>,
    cut: impl for<'b> Fn(Direction, &'b [u8]) -> Vec<&'b [u8]>,
) -> Outcome {
    let session = worker.open(policy);
    let mut run = Run { worker, session, outcome: Outcome::default(), sides: Default::default(), reply: None };
    let mut answered = false;
    if run.message(Direction::Request, request, &cut) {
        let [request, _] = &run.sides;
        run.outcome.upstream = Some((request.headers.clone(), request.sent.clone()));
        answered = response.is_some_and(|response| run.message(Direction::Response, response, &cut));
    }
    let _ = run.step(Event::Closed);
    let [_, response] = run.sides;
    run.outcome.broken_off = response.broken_off;
    run.outcome.client = run.reply.or_else(|| answered.then_some((response.headers, response.sent)));
    run.outcome
}

#[derive(Default)]
struct Side {
    headers: Vec<Header>,
    /// What the engine can reach: all that is held, or the piece that has come.
    body: Vec<u8>,
    /// What has gone on.
    sent: Vec<u8>,
    broken_off: bool,
}

struct Run {
    worker: Worker,
    session: Session,
    outcome: Outcome,
    sides: [Side; 2],
    reply: Option<(Vec<Header>, Vec<u8>)>,
}

fn borrowed(headers: &[Header]) -> Vec<(&[u8], &[u8])> {
    headers.iter().map(|(name, value)| (name.as_slice(), value.as_slice())).collect()
}

impl Run {
    /// Delivers one message; whether it went on, be it that it was broken off.
    fn message(
        &mut self,
        direction: Direction,
        message: &Message,
        cut: impl for<'b> Fn(Direction, &'b [u8]) -> Vec<&'b [u8]>,
    ) -> bool {
        self.side(direction).headers = message.headers.clone();
        let end = message.body.is_none() && message.trailers.is_empty();
        let headers = borrowed(&message.headers);
        let mut flow = self.step(Event::Headers { direction, headers: Headers(&headers), end });
        self.saw(direction, flow, end);
        let pieces = message.body.as_deref().map(|body| cut(direction, body)).unwrap_or_default();
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
        match direction {
            Direction::Request => request,
            Direction::Response => response,
        }
    }

    fn step(&mut self, event: Event<'_>) -> Flow {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let mut effects = Vec::new();
        let mut flow = self.worker.step(&mut self.session, event, now, &mut effects);
        loop {
            for effect in std::mem::take(&mut effects) {
                if let Some((id, value)) = self.perform(effect) {
                    let answer = Event::Answer { id, value: Some(value) };
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

    fn perform(&mut self, effect: Effect) -> Option<(u32, &'static [u8])> {
        match effect {
            Effect::SetHeader { direction, name, value } => {
                let headers = &mut self.side(direction).headers;
                headers.retain(|(own, _)| *own != name.as_bytes());
                headers.push((name.into_bytes(), value.into_exposed()));
            }
            Effect::RemoveHeader { direction, name } => {
                self.side(direction).headers.retain(|(own, _)| *own != name.as_bytes());
            }
            Effect::ReplaceBody { direction, body } => self.side(direction).body = body.into_exposed(),
            Effect::ReplaceAnswer { body } => {
                let mut headers = self.side(Direction::Response).headers.clone();
                headers.retain(|(name, _)| {
                    ![b"content-length".as_slice(), b"content-encoding"].contains(&name.as_slice())
                });
                self.reply = Some((headers, body.into_exposed()));
            }
            Effect::Reply { status, headers, body, .. } => {
                let status = (b":status".to_vec(), status.to_string().into_bytes());
                let headers = headers.into_iter().map(|(name, value)| (name.as_bytes().to_vec(), value.into_bytes()));
                self.reply = Some((std::iter::once(status).chain(headers).collect(), body.into_bytes()));
            }
            Effect::Reset => self.side(Direction::Response).broken_off = true,
            Effect::Ask { id, question } => {
                let value: &[u8] = match question {
                    Question::RouteName => b"corpus",
                    Question::ResponseCodeDetails => b"via_upstream",
                };
                return Some((id, value));
            }
            Effect::Record { record, .. } => {
                self.outcome.records.push(serde_json::from_str(&record.to_json()).unwrap_or_default());
            }
            Effect::Measure(metric, _) => self.outcome.metrics.push(metric),
        }
        None
    }
}
