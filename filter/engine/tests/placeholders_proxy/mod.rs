//! The least proxy that can carry one chat exchange, and what upstreams write.

use std::sync::Arc;

use serde_json::{Value, json};
use weir_engine::event::{Direction, Flow, Headers};
use weir_engine::sensitive::Sensitive;
use weir_engine::{Effect, Event, Policy, Session, Timestamp, Worker};

/// Personal data is replaced reversibly; answers have a rule of their own.
pub(crate) const POLICY: &str = r#"{
  "version": 1, "name": "case", "mode": "enforce",
  "rules": [
    { "id": "personal", "when": { "detectors": ["pii/email", "custom/names"] },
      "then": { "action": "redact", "with": "reversible" } },
    { "id": "codes", "when": { "detectors": "custom/codes", "direction": "response" }, "then": { "action": "redact" } }
  ],
  "detectors": { "custom": [
    { "id": "custom/names", "regex": "Project \"[A-Z][a-z]+\"", "literal": "Project", "max_len": 40 },
    { "id": "custom/codes", "regex": "\\] plus [0-9]{5}", "literal": "] plus", "max_len": 12 }
  ] }
}"#;

/// What the upstream answers.
pub(crate) enum Answer {
    /// Nothing.
    None,
    /// A whole body.
    Json(Value),
    /// A stream in these chunks.
    Stream(Vec<Vec<u8>>),
    /// A stream in these chunks that does not end.
    Open(Vec<Vec<u8>>),
}

/// One exchange.
pub(crate) struct Exchange {
    pub(crate) policy: String,
    pub(crate) request: Value,
    pub(crate) answer: Answer,
}

impl Default for Exchange {
    fn default() -> Self {
        Exchange { policy: POLICY.to_owned(), request: Value::Null, answer: Answer::None }
    }
}

/// What came of it.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) upstream: Vec<u8>,
    pub(crate) client: Vec<u8>,
    pub(crate) record: Value,
    /// The session as it prints itself, after its last byte and before its end.
    pub(crate) debug: String,
}

struct Proxy {
    worker: Worker,
    session: Session,
    record: Value,
    /// The bytes of the last callback as they go on.
    body: Option<Vec<u8>>,
}

impl Proxy {
    fn step(&mut self, event: Event<'_>) -> Flow {
        let mut effects = Vec::new();
        let flow = self.worker.step(&mut self.session, event, Timestamp::from_millis(1_800_000_000_000), &mut effects);
        for effect in effects {
            match effect {
                Effect::ReplaceBody { body, .. } | Effect::ReplaceAnswer { body } => {
                    self.body = Some(body.into_exposed());
                }
                Effect::Record { record, .. } => self.record = serde_json::from_str(&record.to_json()).unwrap(),
                _ => {}
            }
        }
        flow
    }

    /// Delivers bytes, and answers with those that go on.
    fn body(&mut self, direction: Direction, bytes: &[u8], end: bool) -> Vec<u8> {
        self.body = None;
        if self.step(Event::Body { direction, buffered: bytes.len(), end }) == Flow::Read {
            let _ = self.step(Event::Bytes { direction, bytes: Some(Sensitive::new(bytes)) });
        }
        self.body.take().unwrap_or_else(|| bytes.to_vec())
    }
}

/// Carries an exchange.
pub(crate) fn run(exchange: &Exchange) -> Outcome {
    let policy = Policy::compile(&exchange.policy).unwrap_or_else(|errors| panic!("{errors}"));
    let mut worker = Worker::new(b"sixteen or more bytes", Some(b"the key of these tests"));
    let session = worker.open(Arc::new(policy));
    let mut proxy = Proxy { worker, session, record: Value::Null, body: None };
    let mut outcome = Outcome::default();
    let headers: [(&[u8], &[u8]); 4] = [
        (b":method", b"POST"),
        (b":path", b"/v1/chat/completions"),
        (b":authority", b"llm.example"),
        (b"content-type", b"application/json"),
    ];
    let _ = proxy.step(Event::Headers { direction: Direction::Request, headers: Headers(&headers), end: false });
    outcome.upstream = proxy.body(Direction::Request, exchange.request.to_string().as_bytes(), true);
    let direction = Direction::Response;
    let mut answer = |kind: &[u8], chunks: &[Vec<u8>], ends: bool| {
        let headers: [(&[u8], &[u8]); 3] =
            [(b":status", b"200"), (b"content-type", kind), (b"x-envoy-upstream-service-time", b"1")];
        let _ = proxy.step(Event::Headers { direction, headers: Headers(&headers), end: false });
        for (number, chunk) in chunks.iter().enumerate() {
            let end = ends && number + 1 == chunks.len();
            outcome.client.extend(proxy.body(direction, chunk, end));
        }
    };
    match &exchange.answer {
        Answer::None => {}
        Answer::Json(body) => answer(b"application/json", &[body.to_string().into_bytes()], true),
        Answer::Stream(chunks) => answer(b"text/event-stream", chunks, true),
        Answer::Open(chunks) => answer(b"text/event-stream", chunks, false),
    }
    outcome.debug = format!("{:?}", proxy.session);
    let _ = proxy.step(Event::Closed);
    outcome.record = proxy.record;
    outcome
}

/// A request that says this.
pub(crate) fn chat(text: &str) -> Value {
    json!({"model": "m", "messages": [{"role": "user", "content": text}]})
}

fn event(delta: &Value) -> Vec<u8> {
    let choice = json!({"index": 0, "delta": delta, "finish_reason": null});
    let data = json!({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]});
    format!("data: {data}\n\n").into_bytes()
}

/// The event that adds a piece of text.
pub(crate) fn delta(text: &str) -> Vec<u8> {
    event(&json!({"content": text}))
}

/// A stream that says these pieces of text.
pub(crate) fn deltas(pieces: &[&str]) -> Vec<u8> {
    let events: Vec<Vec<u8>> = pieces.iter().map(|piece| delta(piece)).collect();
    [events.concat(), b"data: [DONE]\n\n".to_vec()].concat()
}

/// A stream that calls a tool with these pieces of arguments.
pub(crate) fn tool(pieces: &[&str]) -> Vec<u8> {
    let function = json!({"name": "mail", "arguments": ""});
    let begin = json!({"tool_calls": [{"index": 0, "id": "call", "type": "function", "function": function}]});
    let arguments = |piece: &&str| event(&json!({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}));
    let pieces: Vec<Vec<u8>> = pieces.iter().map(arguments).collect();
    [event(&begin), pieces.concat(), b"data: [DONE]\n\n".to_vec()].concat()
}

/// Bytes in chunks of this size.
pub(crate) fn chunk(bytes: &[u8], size: usize) -> Vec<Vec<u8>> {
    bytes.chunks(size).map(<[u8]>::to_vec).collect()
}

fn join(stream: &[u8], pointer: &str) -> String {
    let text = std::str::from_utf8(stream).unwrap();
    let payloads = text.split("\n\n").filter_map(|event| event.strip_prefix("data: "));
    let values = payloads.filter(|data| *data != "[DONE]").map(|data| serde_json::from_str::<Value>(data).unwrap());
    values.filter_map(|value| Some(value.pointer(pointer)?.as_str()?.to_owned())).collect()
}

/// All text of a stream.
pub(crate) fn content_of(stream: &[u8]) -> String {
    join(stream, "/choices/0/delta/content")
}

/// All arguments of the one tool call of a stream.
pub(crate) fn arguments_of(stream: &[u8]) -> String {
    join(stream, "/choices/0/delta/tool_calls/0/function/arguments")
}
