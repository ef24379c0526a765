//! What the benches share: bodies of a given size, streams, and an exchange driven on the engine alone.

mod streams;

use std::sync::Arc;

use weir_engine::event::{Direction, Flow, Headers};
use weir_engine::sensitive::Sensitive;
use weir_engine::{Effect, Event, Policy, Session, Timestamp, Worker};

pub use streams::{Answer, Streamed};

/// Sizes of bodies, in KiB: a question, a page, a long conversation, a coding agent's context.
pub const SIZES: [usize; 4] = [1, 4, 64, 400];

/// The policy that users start with.
pub const BASELINE: &str = include_str!("../../policies/baseline.json");

const SENTENCES: [&str; 8] = [
    "Could you summarise the attached incident report in three short paragraphs for the operations team? ",
    "The deployment finished at noon, but two of the twelve instances did not pass their health checks. ",
    "Please keep the names of the services and drop everything that a customer would not understand.\\n",
    "We saw elevated latency in the checkout path, mostly on requests with more than fifty line items. ",
    "If the numbers for March are missing, say so instead of guessing; \\\"unknown\\\" is a good answer. ",
    "Then write a function that groups the events by minute and returns the largest gap between them. ",
    "The previous answer used a hash map, which is fine, although the order of the output matters here. ",
    "Thanks, that looks right to me. One more question about the retry policy and its back-off. ",
];

/// Prose of about `bytes` bytes, as it stands in a JSON string: English with a few escapes, without findings.
pub fn prose(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 128);
    for sentence in SENTENCES.iter().cycle() {
        if text.len() >= bytes {
            break;
        }
        text.push_str(sentence);
    }
    text
}

/// A chat request of about `bytes` bytes: a system message, then turns of about 1 KiB.
pub fn request(bytes: usize) -> String {
    let mut messages = vec![r#"{"role":"system","content":"You are a careful assistant."}"#.to_owned()];
    let mut total = 0;
    while total < bytes {
        let role = if messages.len() % 2 == 1 { "user" } else { "assistant" };
        let text = prose(1024.min(bytes - total));
        total += text.len();
        messages.push(format!(r#"{{"role":"{role}","content":"{text}"}}"#));
    }
    format!(r#"{{"model":"gpt-4o","temperature":0.2,"messages":[{}]}}"#, messages.join(","))
}

/// An answer of about `bytes` bytes.
pub fn answer(bytes: usize) -> String {
    format!(
        r#"{{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"gpt-4o","choices":[{{"index":0,"message":{{"role":"assistant","content":"{}","refusal":null}},"finish_reason":"stop"}}],"usage":{{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30}}}}"#,
        prose(bytes)
    )
}

/// An engine that runs one exchange after another.
pub struct Native {
    worker: Worker,
    policy: Arc<Policy>,
}

impl Native {
    /// With this policy.
    ///
    /// # Panics
    /// When it is not one.
    pub fn new(policy: &str) -> Self {
        let policy = Policy::compile(policy).unwrap_or_else(|problems| panic!("{problems}"));
        Self { worker: Worker::new(&[7; 32], None), policy: Arc::new(policy) }
    }

    /// One exchange, bodies in one piece. Answers how many effects the host was asked for.
    pub fn exchange(&mut self, request: &str, answer: &str) -> usize {
        let mut session = self.worker.open(self.policy.clone());
        let mut effects = self.request(&mut session, "/v1/chat/completions", request);
        let headers: [(&[u8], &[u8]); 2] = [(b":status", b"200"), (b"content-type", b"application/json")];
        effects += self.message(&mut session, Direction::Response, &headers, answer);
        effects + self.step(&mut session, Event::Closed).1
    }

    /// One exchange whose answer is a stream, a piece for each event. Answers how many effects the host was asked for.
    pub fn stream(&mut self, streamed: &Streamed) -> usize {
        let mut session = self.worker.open(self.policy.clone());
        let mut effects = self.request(&mut session, streamed.answer.path(), streamed.answer.request());
        let direction = Direction::Response;
        let headers: [(&[u8], &[u8]); 2] =
            [(b":status", b"200"), (b"content-type", streamed.answer.content_type().as_bytes())];
        effects += self.step(&mut session, Event::Headers { direction, headers: Headers(&headers), end: false }).1;
        for (index, event) in streamed.events.iter().enumerate() {
            let end = index + 1 == streamed.events.len();
            let (flow, more) = self.step(&mut session, Event::Body { direction, buffered: event.len(), end });
            assert_eq!(flow, Flow::Read, "a stream is read event by event");
            let (flow, read) = self.step(&mut session, Event::Bytes { direction, bytes: Some(Sensitive::new(event)) });
            assert_eq!(flow, Flow::Continue, "a clean stream goes on");
            effects += more + read;
        }
        effects + self.step(&mut session, Event::Closed).1
    }

    fn request(&mut self, session: &mut Session, path: &str, request: &str) -> usize {
        let length = request.len().to_string();
        let headers: [(&[u8], &[u8]); 6] = [
            (b":method", b"POST"),
            (b":path", path.as_bytes()),
            (b":authority", b"llm.example"),
            (b"content-type", b"application/json"),
            (b"user-agent", b"bench"),
            (b"content-length", length.as_bytes()),
        ];
        self.message(session, Direction::Request, &headers, request)
    }

    fn message(
        &mut self,
        session: &mut Session,
        direction: Direction,
        headers: &[(&[u8], &[u8])],
        body: &str,
    ) -> usize {
        let (_, mut effects) = self.step(session, Event::Headers { direction, headers: Headers(headers), end: false });
        let (flow, more) = self.step(session, Event::Body { direction, buffered: body.len(), end: true });
        effects += more;
        if flow == Flow::Read {
            effects += self.step(session, Event::Bytes { direction, bytes: Some(Sensitive::new(body.as_bytes())) }).1;
        }
        effects
    }

    fn step(&mut self, session: &mut Session, event: Event<'_>) -> (Flow, usize) {
        let now = Timestamp::from_millis(1_700_000_000_000);
        let mut effects = Vec::new();
        let mut flow = self.worker.step(session, event, now, &mut effects);
        let mut count = effects.len();
        let asked = effects.iter().find_map(|effect| match effect {
            Effect::Ask { id, .. } => Some(*id),
            _ => None,
        });
        if let Some(id) = asked {
            let mut more = Vec::new();
            flow = self.worker.step(session, Event::Answer { id, value: Some(b"via_upstream") }, now, &mut more);
            count += more.len();
        }
        (flow, count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bodies_are_what_they_say() {
        for size in SIZES {
            let bytes = size * 1024;
            for body in [request(bytes), answer(bytes)] {
                let off = body.len().abs_diff(bytes);
                assert!(off < 600 + bytes / 8, "{size}: {}", body.len());
            }
        }
        let mut native = Native::new(BASELINE);
        assert!(native.exchange(&request(4096), &answer(4096)) > 5);
        for answer in Answer::ALL {
            // A clean stream goes on as it came, so little is asked of the host: not one effect for each event.
            let streamed = Streamed::new(answer, 200);
            assert!((3..100).contains(&native.stream(&streamed)), "{answer:?}");
        }
    }
}
