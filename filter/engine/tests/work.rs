//! What an exchange may cost: every byte that is examined counts, and what runs out is a fault.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on must fail; a missing JSON member is null"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use weir_engine::event::{Direction, Flow, Headers};
use weir_engine::sensitive::Sensitive;
use weir_engine::{Effect, Event, Policy, Session, Timestamp, Worker};

/// Plays an exchange whose answer comes in these pieces. Answers the record, and what the client got of the answer.
fn play(policy: &Value, request: &str, media: &str, answer: &[&[u8]]) -> (Value, String) {
    let policy = Policy::compile(&policy.to_string()).expect("the policy is right");
    let mut worker = Worker::new(b"a test is not random", None);
    let session = worker.open(Arc::new(policy));
    let mut run = Run { worker, session, held: Vec::new(), sent: String::new(), record: Value::Null };
    let question: [(&[u8], &[u8]); 3] =
        [(b":method", b"POST"), (b":path", b"/v1/chat/completions"), (b"content-type", b"application/json")];
    run.message(Direction::Request, &question, &[request.as_bytes()]);
    run.sent.clear();
    if run.record.is_null() {
        let headers: [(&[u8], &[u8]); 3] =
            [(b":status", b"200"), (b"content-type", media.as_bytes()), (b"x-envoy-upstream-service-time", b"1")];
        run.message(Direction::Response, &headers, answer);
    }
    let _ = run.step(Event::Closed);
    (run.record, run.sent)
}

struct Run {
    worker: Worker,
    session: Session,
    held: Vec<u8>,
    sent: String,
    record: Value,
}

impl Run {
    fn message(&mut self, direction: Direction, headers: &[(&[u8], &[u8])], pieces: &[&[u8]]) {
        let _ = self.step(Event::Headers { direction, headers: Headers(headers), end: false });
        for (index, piece) in pieces.iter().enumerate() {
            self.held.extend_from_slice(piece);
            let (buffered, end) = (self.held.len(), index + 1 == pieces.len());
            if self.step(Event::Body { direction, buffered, end }) == Flow::Continue {
                self.sent.push_str(&String::from_utf8_lossy(&std::mem::take(&mut self.held)));
            }
        }
    }

    fn step(&mut self, event: Event<'_>) -> Flow {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let mut effects = Vec::new();
        let mut flow = self.worker.step(&mut self.session, event, now, &mut effects);
        if flow == Flow::Read {
            let bytes = Some(Sensitive::new(self.held.as_slice()));
            let read = Event::Bytes { direction: self.session.reading(), bytes };
            flow = self.worker.step(&mut self.session, read, now, &mut effects);
        }
        for effect in effects {
            match effect {
                Effect::ReplaceBody { body, .. } => self.held = body.into_exposed(),
                Effect::Record { record, .. } => {
                    self.record = serde_json::from_str(&record.to_json()).expect("a record is JSON");
                }
                _ => {}
            }
        }
        flow
    }
}

/// Secrets are redacted, `work` is what may be examined, and what it does when that runs out.
fn policy(work: u64, outcome: &str) -> Value {
    json!({"version": 1, "name": "work", "limits": {"work": work}, "faults": {"work": outcome}, "rules": [
        {"id": "secrets", "when": {"detectors": "secret/*"}, "then": {"action": "redact"}},
    ]})
}

fn prompt(text: &str) -> String {
    json!({"model": "m", "messages": [{"role": "user", "content": text}]}).to_string()
}

fn key() -> String {
    ["AKIA", "QYLPMN5HXY4K2ZTB"].concat()
}

/// Action and faults of a message.
fn outcome(message: &Value) -> (String, String) {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let faults = message["faults"].as_array().into_iter().flatten().map(|fault| word(&fault["fault"]));
    (word(&message["action"]), faults.collect::<Vec<_>>().join(" "))
}

fn said(action: &str, faults: &str) -> (String, String) {
    (action.to_owned(), faults.to_owned())
}

const SSE: &str = "text/event-stream";

fn delta(choice: u32, delta: &Value) -> String {
    format!("data: {}\n\n", json!({"choices": [{"index": choice, "delta": delta}]}))
}

#[test]
fn every_reading_of_a_byte_counts() {
    let text = "so it is said. ".repeat(1_000);
    let mut nested = json!({ "a": text }).to_string();
    for _ in 0..3 {
        nested = json!({ "a": nested }).to_string();
    }
    let (plain, nested) = (prompt(&text), prompt(&nested));
    // Once as a document, once as a text.
    let twice = policy(2 * plain.len() as u64 + 1_000, "block");
    assert_eq!(outcome(&play(&twice, &plain, SSE, &[]).0["request"]), said("allow", ""));
    let twice = policy(2 * nested.len() as u64 + 1_000, "block");
    assert_eq!(outcome(&play(&twice, &nested, SSE, &[]).0["request"]), said("block", "work"));
    let six = policy(6 * nested.len() as u64, "block");
    assert_eq!(outcome(&play(&six, &nested, SSE, &[]).0["request"]), said("allow", ""));
}

#[test]
fn what_runs_out_leaves_the_rest_unexamined() {
    let body = prompt(&format!("{} {}", "so it is said. ".repeat(1_000), key()));
    let (record, _) = play(&policy(20_000, "allow"), &body, SSE, &[]);
    assert_eq!(outcome(&record["request"]), said("allow", "work"));
    assert_eq!(record["request"]["inspected"], "partial");
    let (record, _) = play(&policy(20_000, "block"), &body, SSE, &[]);
    assert_eq!(outcome(&record["request"]), said("block", "work"));
}

#[test]
fn request_and_answer_share_it() {
    let body = prompt(&"so it is said. ".repeat(1_000));
    let answer = json!({"choices": [{"message": {"role": "assistant", "content": "so. ".repeat(1_000)}}]}).to_string();
    let play = |work| play(&policy(work, "block"), &body, "application/json", &[answer.as_bytes()]).0;
    let record = play(35_000);
    assert_eq!(outcome(&record["request"]), said("allow", ""));
    assert_eq!(outcome(&record["response"]), said("block", "work"));
    assert_eq!(outcome(&play(45_000)["response"]), said("allow", ""));
}

/// A stream of any length costs what it brings.
#[test]
fn a_long_stream_does_not_run_out() {
    let mut stream = String::new();
    for _ in 0..2_000 {
        stream.push_str(&delta(0, &json!({"content": "so it is said. "})));
    }
    stream.push_str(&delta(0, &json!({"content": key()})));
    stream.push_str("data: [DONE]\n\n");
    let pieces: Vec<&[u8]> = stream.as_bytes().chunks(1_000).collect();
    for pieces in [pieces.as_slice(), &[stream.as_bytes()]] {
        let (record, sent) = play(&policy(8_000, "block"), &prompt("hi"), SSE, pieces);
        assert_eq!(outcome(&record["response"]), said("redact", ""));
        assert!(sent.contains("[AWS_ACCESS_KEY_ID]") && !sent.contains(&key()));
    }
}

/// One that makes Weir read the same text again and again does, wherever it is cut.
#[test]
fn a_stream_that_costs_more_than_it_brings_runs_out() {
    let call = |text: &str| {
        let call = json!({"index": 0, "id": "c", "type": "function", "function": {"name": "f", "arguments": text}});
        delta(0, &json!({"tool_calls": [call]}))
    };
    let end = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n";
    let stream = [call(&"x".repeat(30_000)), end.to_owned(), [call("y"), end.to_owned()].concat().repeat(100)].concat();
    let pieces: Vec<&[u8]> = stream.as_bytes().chunks(777).collect();
    // Only arguments that are no document are gone on with, which is a fault of its own.
    let policy = |work| {
        let mut policy = policy(work, "block");
        policy["faults"]["unknown_shape"] = "allow".into();
        policy
    };
    for pieces in [pieces.as_slice(), &[stream.as_bytes()]] {
        let (record, _) = play(&policy(1_000_000), &prompt("hi"), SSE, pieces);
        assert_eq!(outcome(&record["response"]), said("block", "unknown_shape work"));
        let (record, _) = play(&policy(268_435_456), &prompt("hi"), SSE, pieces);
        assert_eq!(outcome(&record["response"]), said("allow", "unknown_shape"));
    }
}

/// One pair of delimiters that is everywhere beside one that is nowhere, and findings behind all of them.
#[test]
fn delimiters_are_looked_for_once() {
    let policy = json!({"version": 1, "name": "work", "rules": [
            {"id": "secrets", "when": {"detectors": "secret/*"}, "then": {"action": "flag"}}],
        "documents": [{"begin": "<doc>", "end": "</doc>"}, {"begin": "<other>", "end": "</other>"}]});
    let text = ["<doc></doc>".repeat(200_000), format!("{} ", key()).repeat(100_000)].concat();
    let began = Instant::now();
    let (record, _) = play(&policy, &prompt(&text), SSE, &[]);
    assert_eq!(outcome(&record["request"]), said("block", "too_many_findings"));
    assert!(began.elapsed() < Duration::from_secs(20), "it took {:?}", began.elapsed());
}

/// Many events that wait for one that never comes, each of a choice of its own.
#[test]
fn events_that_wait_are_not_looked_at_for_every_other() {
    let call = json!({"index": 0, "id": "c", "type": "function", "function": {"name": "f", "arguments": "{"}});
    let mut stream = delta(0, &json!({"tool_calls": [call]}));
    while stream.len() < 4_000_000 {
        stream.push_str("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"}}]}\n\n");
    }
    let began = Instant::now();
    play(&policy(268_435_456, "block"), &prompt("hi"), SSE, &[stream.as_bytes()]);
    assert!(began.elapsed() < Duration::from_secs(20), "it took {:?}", began.elapsed());
}
