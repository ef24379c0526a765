//! Runs a case on the engine itself, with the least proxy that can be written: it buffers or passes pieces on as it is told.

use std::sync::Arc;

use weir_engine::event::{Direction, Flow, Headers, Question};
use weir_engine::sensitive::Sensitive;
use weir_engine::{Effect, Event, Policy, Session, Timestamp, Worker};

use super::check::Observed;
use super::cut::Cut;
use super::load::{Case, Header, Message};
use crate::Chunking;

/// Runs a case whose bodies come in these pieces.
///
/// # Errors
/// Where the case's policy is not one.
pub fn run_on_engine(case: &Case, cut: &Cut) -> Result<Observed, String> {
    let policy = Policy::compile(&case.policy.0).map_err(|diagnostics| diagnostics.to_string())?;
    let mut worker = Worker::new(b"a corpus run is not random", Some(b"corpus"));
    let session = worker.open(Arc::new(policy));
    let mut run =
        Run { worker, session, observed: Observed::default(), sides: [Side::default(), Side::default()], reply: None };
    let request = headers_of(&case.request, true);
    let sent = run.message(Direction::Request, request, &case.request, &cut.request);
    let mut answered = false;
    if sent {
        let [request, _] = &run.sides;
        run.observed.upstream = Some((plain(&request.headers), request.sent.clone()));
        if let Some(response) = &case.response {
            answered = run.message(Direction::Response, headers_of(response, false), response, &cut.response);
        }
    }
    let _ = run.step(Event::Closed);
    if let Some(reply) = run.reply.take() {
        run.observed.client = reply;
    } else if answered {
        let [_, response] = &run.sides;
        let status = case.response.as_ref().map_or(0, |response| response.status);
        run.observed.client = (status, plain(&response.headers), response.sent.clone());
        run.observed.broken_off = response.broken_off;
    }
    Ok(run.observed)
}

fn headers_of(message: &Message, request: bool) -> Vec<Header> {
    let mut headers = if request {
        vec![
            (":method".to_owned(), message.method.clone()),
            (":path".to_owned(), message.path.clone()),
            (":authority".to_owned(), "llm.example".to_owned()),
            (":scheme".to_owned(), "http".to_owned()),
        ]
    } else {
        vec![(":status".to_owned(), message.status.to_string())]
    };
    headers.extend(message.headers.iter().cloned());
    if let Some(body) = message.body.as_ref().filter(|_| message.declared) {
        headers.push(("content-length".to_owned(), body.len().to_string()));
    }
    headers
}

fn pairs(headers: &[Header]) -> Vec<(&[u8], &[u8])> {
    headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect()
}

fn plain(headers: &[Header]) -> Vec<Header> {
    headers.iter().filter(|(name, _)| name == ":path" || !name.starts_with(':')).cloned().collect()
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
    observed: Observed,
    sides: [Side; 2],
    reply: Option<(u16, Vec<Header>, Vec<u8>)>,
}

impl Run {
    /// Delivers one message; whether it went on, be it that it was broken off.
    fn message(&mut self, direction: Direction, headers: Vec<Header>, message: &Message, chunks: &Chunking) -> bool {
        self.side(direction).headers = headers;
        let borrowed = self.side(direction).headers.clone();
        let end = message.body.is_none();
        let mut flow = self.step(Event::Headers { direction, headers: Headers(&pairs(&borrowed)), end });
        let body = message.body.as_deref().map(|body| chunks.cut(body)).unwrap_or_default();
        let mut pieces = body.into_iter().peekable();
        while let Some(piece) = pieces.next() {
            if !self.goes_on(direction) {
                break;
            }
            self.side(direction).body.extend_from_slice(piece);
            let end = pieces.peek().is_none() && message.trailers.is_empty();
            let buffered = self.side(direction).body.len();
            flow = self.step(Event::Body { direction, buffered, end });
            self.pass(direction, flow);
        }
        if !message.trailers.is_empty() && self.goes_on(direction) {
            flow = self.step(Event::Trailers { direction, headers: Headers(&pairs(&message.trailers)) });
            self.pass(direction, flow);
        }
        self.reply.is_none() && (flow == Flow::Continue || self.side(direction).broken_off)
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
                    let answer = Event::Answer { id, value: Some(&value) };
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

    fn perform(&mut self, effect: Effect) -> Option<(u32, Vec<u8>)> {
        match effect {
            Effect::SetHeader { direction, name, value } => {
                let headers = &mut self.side(direction).headers;
                headers.retain(|(own, _)| *own != name);
                headers.push((name, String::from_utf8_lossy(value.expose()).into_owned()));
            }
            Effect::RemoveHeader { direction, name } => self.side(direction).headers.retain(|(own, _)| *own != name),
            Effect::ReplaceBody { direction, body } => self.side(direction).body = body.into_exposed(),
            Effect::ReplaceAnswer { body } => {
                let headers = plain(&self.side(Direction::Response).headers);
                let of_the_old_body = ["content-length", "content-encoding"];
                let headers =
                    headers.into_iter().filter(|(name, _)| !of_the_old_body.contains(&name.as_str())).collect();
                let status = self.sides[1].headers.iter().find(|(name, _)| name == ":status");
                let status = status.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
                self.reply = Some((status, headers, body.into_exposed()));
            }
            Effect::Reply { status, headers, body, .. } => {
                let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
                self.reply = Some((status, headers, body.into_bytes()));
            }
            Effect::Reset => self.side(Direction::Response).broken_off = true,
            Effect::Ask { id, question } => {
                let value = match question {
                    Question::RouteName => "corpus",
                    Question::ResponseCodeDetails => "via_upstream",
                };
                return Some((id, value.as_bytes().to_vec()));
            }
            Effect::Record { record, .. } => {
                self.observed.records.push(serde_json::from_str(&record.to_json()).unwrap_or_default());
            }
            Effect::Measure(metric, _) => self.observed.written.push_str(&format!("{metric}\n")),
        }
        None
    }
}
