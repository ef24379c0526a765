//! Streams through a session: what goes on, when, and that it does not depend on how the bytes came.

#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

use std::sync::Arc;

use serde_json::{Value, json};
use weir_engine::event::{Direction, Flow, Headers};
use weir_engine::sensitive::Sensitive;
use weir_engine::{Effect, Event, Policy, Session, Timestamp, Worker};

const RESPONSE: Direction = Direction::Response;

/// An answer on its way through a session.
struct Answer {
    worker: Worker,
    session: Session,
    /// What has gone on.
    out: Vec<u8>,
    /// Whether the proxy was asked to break it off.
    reset: bool,
    record: Option<Value>,
}

impl Answer {
    /// An answer to a chat request, whose headers have gone on.
    fn begin(policy: &Value) -> Answer {
        let (answer, flow) = Answer::open(policy);
        assert_eq!(flow, Flow::Continue);
        answer
    }

    /// The same under a policy that wants to see it whole.
    fn begin_held(policy: &Value) -> Answer {
        let (answer, flow) = Answer::open(policy);
        assert_eq!(flow, Flow::Hold);
        answer
    }

    fn open(policy: &Value) -> (Answer, Flow) {
        let body = r#"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#;
        Answer::to(policy, "/v1/chat/completions", body, "text/event-stream")
    }

    /// An answer of this type to a request with this path and body.
    fn to(policy: &Value, path: &str, body: &str, media: &str) -> (Answer, Flow) {
        let policy = Policy::compile(&policy.to_string()).expect("the policy is right");
        let mut worker = Worker::new(b"a test is not random", None);
        let session = worker.open(Arc::new(policy));
        let mut answer = Answer { worker, session, out: Vec::new(), reset: false, record: None };
        let request: [(&[u8], &[u8]); 3] =
            [(b":method", b"POST"), (b":path", path.as_bytes()), (b"content-type", b"application/json")];
        assert_eq!(answer.headers(Direction::Request, &request), Flow::Hold);
        let body_event = Event::Body { direction: Direction::Request, buffered: body.len(), end: true };
        assert_eq!(answer.step(body_event, body.as_bytes()).0, Flow::Continue);
        let response: [(&[u8], &[u8]); 3] =
            [(b":status", b"200"), (b"content-type", media.as_bytes()), (b"x-envoy-upstream-service-time", b"1")];
        let flow = answer.headers(RESPONSE, &response);
        (answer, flow)
    }

    fn headers(&mut self, direction: Direction, pairs: &[(&[u8], &[u8])]) -> Flow {
        let end = false;
        self.step(Event::Headers { direction, headers: Headers(pairs), end }, b"").0
    }

    /// Delivers a chunk, and appends what the client receives.
    fn chunk(&mut self, bytes: &[u8], end: bool) {
        let event = Event::Body { direction: RESPONSE, buffered: bytes.len(), end };
        let (flow, replaced) = self.step(event, bytes);
        assert_eq!(flow, Flow::Continue, "a stream is never paused");
        self.out.extend_from_slice(replaced.as_deref().unwrap_or(bytes));
    }

    fn step(&mut self, event: Event<'_>, bytes: &[u8]) -> (Flow, Option<Vec<u8>>) {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let mut effects = Vec::new();
        let mut flow = self.worker.step(&mut self.session, event, now, &mut effects);
        if flow == Flow::Read {
            let direction = self.session.reading();
            let read = Event::Bytes { direction, bytes: Some(Sensitive::new(bytes)) };
            flow = self.worker.step(&mut self.session, read, now, &mut effects);
        }
        let mut replaced = None;
        for effect in effects {
            match effect {
                Effect::ReplaceBody { body, .. } => replaced = Some(body.into_exposed()),
                Effect::Reset => self.reset = true,
                Effect::Record { record, .. } => self.record = serde_json::from_str(&record.to_json()).ok(),
                _ => {}
            }
        }
        (flow, replaced)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }

    fn response(&self) -> &Value {
        self.record.as_ref().and_then(|record| record.get("response")).unwrap_or(&Value::Null)
    }
}

fn policy(action: &str) -> Value {
    json!({"version": 1, "name": "streams", "rules": [
        {"id": "secrets", "when": {"detectors": "secret/*"}, "then": {"action": action}},
    ]})
}

fn aws_key() -> String {
    ["AKIA", "QYLPMN5HXY4K2ZTB"].concat()
}

fn chunk_of(choice: u32, delta: &Value) -> String {
    let choice = json!({"index": choice, "delta": delta, "finish_reason": null});
    format!("data: {}\n\n", json!({"id": "c", "object": "chat.completion.chunk", "model": "m", "choices": [choice]}))
}

fn content(text: &str) -> String {
    chunk_of(0, &json!({"content": text}))
}

fn finish(choice: u32) -> String {
    let choice = json!({"index": choice, "delta": {}, "finish_reason": "stop"});
    format!("data: {}\n\n", json!({"id": "c", "object": "chat.completion.chunk", "model": "m", "choices": [choice]}))
}

/// The contents of all deltas of a choice, joined.
fn said(stream: &str, choice: u64) -> String {
    let events = stream.split("\n\n").filter_map(|event| event.strip_prefix("data: "));
    let values = events.filter_map(|data| serde_json::from_str::<Value>(data).ok());
    let choices = values.filter_map(|value| value.pointer("/choices/0").cloned());
    let own = choices.filter(|one| one.get("index").and_then(Value::as_u64) == Some(choice));
    own.filter_map(|one| one.pointer("/delta/content").and_then(Value::as_str).map(str::to_owned)).collect()
}

/// Runs a stream in one piece, byte by byte, and cut at every place: always the same bytes.
fn every_way(policy: &Value, stream: &str) -> Answer {
    let whole = run(policy, &[stream.as_bytes()]);
    let bytes: Vec<&[u8]> = stream.as_bytes().chunks(1).collect();
    assert_eq!(run(policy, &bytes).text(), whole.text(), "byte by byte");
    for at in 0..stream.len() {
        let (first, second) = stream.as_bytes().split_at(at);
        let cut = run(policy, &[first, second]);
        assert_eq!(cut.text(), whole.text(), "cut at {at}");
        let (mut one, mut other) = (cut.response().clone(), whole.response().clone());
        for record in [&mut one, &mut other] {
            record.as_object_mut().map(|members| (members.remove("stream"), members.remove("bytes")));
        }
        assert_eq!(one, other, "cut at {at}");
    }
    whole
}

fn run(policy: &Value, chunks: &[&[u8]]) -> Answer {
    let mut answer = Answer::begin(policy);
    for (number, chunk) in chunks.iter().enumerate() {
        answer.chunk(chunk, number + 1 == chunks.len());
    }
    answer
}

#[test]
fn a_clean_stream_goes_on_event_by_event_and_nothing_is_held() {
    let mut answer = Answer::begin(&policy("redact"));
    let mut sent = String::new();
    for word in ["Hello", ", ", "world", ". ", "It is 12:30.\n"] {
        let event = content(word);
        answer.chunk(event.as_bytes(), false);
        sent.push_str(&event);
        assert_eq!(answer.text(), sent, "held back after {word:?}");
    }
    sent.push_str(&finish(0));
    answer.chunk(finish(0).as_bytes(), true);
    assert_eq!(answer.text(), sent);
    assert_eq!(answer.response().pointer("/stream/held_bytes"), Some(&json!(0)));
    assert_eq!(answer.response().pointer("/finish"), Some(&json!(["stop"])));
}

/// Any word may become an address, but a rule that only writes down what it sees is no reason to wait.
#[test]
fn nothing_is_held_for_a_rule_that_only_flags() {
    let mut answer = Answer::begin(&json!({"version": 1, "name": "flags", "rules": [
        {"id": "see", "when": {"detectors": "pii/email"}, "then": {"action": "flag"}}]}));
    let mut sent = String::new();
    for word in ["write to", " grace", "@example", ".com", " soon"] {
        let event = content(word);
        answer.chunk(event.as_bytes(), false);
        sent.push_str(&event);
        assert_eq!(answer.text(), sent, "held back after {word:?}");
    }
    answer.chunk(finish(0).as_bytes(), true);
    assert_eq!(answer.response().get("action"), Some(&json!("flag")));
    assert_eq!(answer.response().get("findings_total"), Some(&json!(1)));
}

#[test]
fn a_finding_across_deltas_is_replaced_where_it_begins() {
    let key = aws_key();
    let (one, rest) = key.split_at(3);
    let (two, three) = rest.split_at(9);
    let stream = [
        content("key: "),
        content(&format!("it is {one}")),
        content(two),
        content(""),
        content(&format!("{three}, bye")),
        finish(0),
        "data: [DONE]\n\n".to_owned(),
    ]
    .concat();
    let answer = every_way(&policy("redact"), &stream);
    assert_eq!(said(&answer.text(), 0), "key: it is [AWS_ACCESS_KEY_ID], bye");
    assert_eq!(answer.response().get("action"), Some(&json!("redact")));
    assert_eq!(answer.response().get("inspected"), Some(&json!("full")));
    assert!(!answer.text().contains(three));
}

#[test]
fn a_block_ends_the_stream_with_an_error_after_what_came_before() {
    let key = aws_key();
    let (one, two) = key.split_at(7);
    let before = [content("fine so far"), content(" and here")].concat();
    let stream =
        [before.clone(), content(&format!(" {one}")), content(&format!("{two} ")), content("more"), finish(0)].concat();
    let answer = every_way(&policy("block"), &stream);
    let text = answer.text();
    let last = text.strip_prefix(&before).expect("what came before goes on unchanged");
    assert!(last.starts_with("data: {\"error\":{"), "{last}");
    assert!(last.ends_with("data: [DONE]\n\n"), "{last}");
    assert_eq!(answer.response().get("action"), Some(&json!("block")));
    let mut slow = Answer::begin(&policy("block"));
    slow.chunk(stream.as_bytes(), false);
    assert!(!slow.reset, "in the same callback the last event would be lost");
    slow.chunk(content("still talking").as_bytes(), false);
    assert!(slow.reset);
    assert_eq!(slow.text(), text);
}

#[test]
fn arguments_of_a_tool_call_wait_until_they_are_complete() {
    let key = aws_key();
    let arguments = json!({"text": format!("k {key}"), "n": 1}).to_string();
    let mut answer = Answer::begin(&policy("redact"));
    let piece = |text: &str| {
        let call = json!({"index": 0, "function": {"arguments": text}});
        chunk_of(0, &json!({"tool_calls": [call]}))
    };
    let first = chunk_of(
        0,
        &json!({"tool_calls": [{"index": 0, "id": "i", "type": "function",
        "function": {"name": "send", "arguments": ""}}]}),
    );
    answer.chunk(first.as_bytes(), false);
    for text in arguments.as_bytes().chunks(5) {
        answer.chunk(piece(std::str::from_utf8(text).expect("ASCII")).as_bytes(), false);
    }
    assert_eq!(answer.text(), first, "nothing of the arguments has gone on");
    answer.chunk(finish(0).as_bytes(), true);
    let pieces: String = answer
        .text()
        .split("\n\n")
        .filter_map(|event| serde_json::from_str::<Value>(event.strip_prefix("data: ")?).ok())
        .filter_map(|value| {
            Some(value.pointer("/choices/0/delta/tool_calls/0/function/arguments")?.as_str()?.to_owned())
        })
        .collect();
    assert_eq!(serde_json::from_str::<Value>(&pieces).ok(), Some(json!({"text": "k [AWS_ACCESS_KEY_ID]", "n": 1})));
}

#[test]
fn one_choice_does_not_wait_for_another() {
    let mut answer = Answer::begin(&policy("redact"));
    let call = json!({"index": 0, "function": {"name": "f", "arguments": "{\"a\":"}});
    answer.chunk(chunk_of(0, &json!({"tool_calls": [call]})).as_bytes(), false);
    assert_eq!(answer.text(), "");
    let other = chunk_of(1, &json!({"content": "the other choice"}));
    answer.chunk(other.as_bytes(), false);
    assert_eq!(answer.text(), other);
    answer.chunk(content("same choice").as_bytes(), false);
    assert_eq!(answer.text(), other, "order holds within a choice");
}

#[test]
fn a_rule_may_ask_for_the_whole_stream_before_its_first_byte() {
    let key = aws_key();
    let mut policy = policy("block");
    if let Some(then) = policy.pointer_mut("/rules/0/then").and_then(Value::as_object_mut) {
        then.insert("buffer".to_owned(), json!(true));
    }
    let mut answer = Answer::begin_held(&policy);
    let stream = [content("fine so far"), content(&format!(" {key} ")), finish(0)].concat();
    let event = Event::Body { direction: RESPONSE, buffered: stream.len(), end: true };
    let (flow, replaced) = answer.step(event, stream.as_bytes());
    assert_eq!((flow, replaced), (Flow::Hold, None), "refused as a whole");
    assert_eq!(answer.response().pointer("/stream/buffered"), Some(&json!(true)));
    assert_eq!(answer.response().get("action"), Some(&json!("block")));
}

/// An event of a choice that says this of itself besides its delta.
fn event_of(index: &Value, member: &str, said: &Value, finish: &Value) -> String {
    let mut choice = json!({"index": index, "finish_reason": finish});
    if let Some(members) = choice.as_object_mut() {
        members.insert(member.to_owned(), said.clone());
    }
    format!("data: {}\n\n", json!({"object": "chat.completion.chunk", "choices": [choice]}))
}

#[test]
fn a_text_that_goes_on_after_its_end_is_still_one_text() {
    let key = aws_key();
    let (one, two) = key.split_at(9);
    let zero = json!(0);
    for reason in [json!(""), json!("null"), json!("stop")] {
        let piece = |text: &str| event_of(&zero, "delta", &json!({"content": text}), &reason);
        let answer = every_way(&policy("redact"), &[piece(one), piece(two), piece(" bye")].concat());
        assert_eq!(answer.response().get("action"), Some(&json!("redact")), "{reason}");
        assert!(!answer.text().contains(two), "{reason}");
    }
    let piece = |text: &str| {
        let call = json!({"index": 0, "function": {"arguments": text}});
        event_of(&zero, "delta", &json!({"tool_calls": [call]}), &json!("tool_calls"))
    };
    let answer =
        every_way(&policy("redact"), &[piece(&format!("{{\"a\":\"{one}")), piece(&format!("{two}\"}}"))].concat());
    assert!(!answer.text().contains(two), "arguments");
    // Calls that are complete each are not one document.
    let answer = every_way(&policy("redact"), &[piece(r#"{"a":"\u0062"}"#), piece(r#"{"a":"\u0063"}"#)].concat());
    assert_eq!(answer.response().get("action"), Some(&json!("allow")));
    assert_eq!(answer.response().get("inspected"), Some(&json!("full")));
}

#[test]
fn a_choice_is_the_same_however_its_number_is_written() {
    let key = aws_key();
    let (one, two) = key.split_at(9);
    for index in [json!(0.0), json!("0"), Value::Null] {
        let piece = |index: &Value, text: &str| event_of(index, "delta", &json!({"content": text}), &Value::Null);
        let answer = every_way(&policy("redact"), &[piece(&json!(0), one), piece(&index, two)].concat());
        assert_eq!(answer.response().get("action"), Some(&json!("redact")), "{index}");
        assert!(!answer.text().contains(two), "{index}");
    }
}

#[test]
fn choices_without_numbers_are_told_apart_by_their_order() {
    let key = aws_key();
    let (one, two) = key.split_at(9);
    let event = |text: &str| {
        let choices = json!([{"delta": {"content": text}}, {"delta": {"content": "other"}}]);
        format!("data: {}\n\n", json!({"object": "chat.completion.chunk", "choices": choices}))
    };
    let answer = every_way(&policy("redact"), &[event(one), event(two)].concat());
    assert!(!answer.text().contains(two));
}

#[test]
fn what_nobody_documents_grows_by_its_path_however_that_is_spelt() {
    let key = aws_key();
    let (one, two) = key.split_at(9);
    let event = |name: &str, text: &str| {
        format!(r#"data: {{"choices":[{{"index":0,"delta":{{"x":{{"{name}":"{text}"}},"xab":"other"}}}}]}}{}"#, "\n\n")
    };
    let answer = every_way(&policy("redact"), &[event("ab", one), event(r"\u0061b", two)].concat());
    assert!(!answer.text().contains(two));
}

#[test]
fn messages_in_the_place_of_deltas_are_one_text() {
    let key = aws_key();
    let (one, two) = key.split_at(9);
    let event =
        |text: &str| event_of(&json!(0), "message", &json!({"role": "assistant", "content": text}), &Value::Null);
    let answer = every_way(&policy("redact"), &[event(one), event(two)].concat());
    assert!(!answer.text().contains(two), "deltas");
    let answer = every_way(&policy("redact"), &[event(&key), event(&format!("{key} and more"))].concat());
    assert!(!answer.text().contains(two), "the answer so far, again and again");
}

#[test]
fn an_array_of_events_is_one_under_every_path() {
    let key = aws_key();
    let (one, two) = key.split_at(9);
    let event = |text: &str| json!({"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}}]});
    let body = format!("[{},\n{}]", event(one), event(two));
    let asked = r#"{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}"#;
    for path in ["/v1beta/models/g:streamGenerateContent/", "/v1beta/models/g%3AstreamGenerateContent", "/gemini"] {
        let (mut answer, flow) = Answer::to(&policy("redact"), path, asked, "application/json");
        assert_eq!(flow, Flow::Hold, "{path}");
        let event = Event::Body { direction: RESPONSE, buffered: body.len(), end: true };
        let (_, replaced) = answer.step(event, body.as_bytes());
        assert_eq!(answer.response().get("action"), Some(&json!("redact")), "{path}");
        let sent = String::from_utf8(replaced.expect("it is rewritten")).expect("text");
        assert!(!sent.contains(two), "{path}: {sent}");
        assert!(serde_json::from_str::<Value>(&sent).is_ok(), "{path}: {sent}");
    }
}

#[test]
fn a_long_stream_with_whole_scopes_to_replace_keeps_few_parts() {
    let policy = json!({"version": 1, "name": "streams", "rules": [
        {"id": "thoughts", "when": {"scope": "reasoning"}, "then": {"action": "redact"}},
    ]});
    let thought = chunk_of(0, &json!({"reasoning_content": "hm"}));
    let detail = chunk_of(0, &json!({"reasoning_details": [{"type": "t", "id": "secret thought"}]}));
    let stream = [thought, detail.clone(), detail].concat().repeat(40);
    let answer = run(&policy, &[stream.as_bytes()]);
    let chunks: Vec<&[u8]> = stream.as_bytes().chunks(700).collect();
    assert_eq!(run(&policy, &chunks).text(), answer.text());
    assert_eq!(answer.response().get("action"), Some(&json!("redact")));
    let parts = answer.response().get("parts").and_then(Value::as_u64);
    assert!(parts.is_some_and(|parts| parts < 30), "{parts:?}");
    let text = answer.text();
    let events: Vec<&str> = text.split("\n\n").collect();
    assert!(!text.contains("secret thought") && !text.contains("\"hm\""), "{:?}", events.first());
    assert!(events.iter().skip(4).step_by(3).take(39).all(|event| Some(event) == events.get(4)), "all alike");
}

/// What a client gets of a whole answer of this type.
fn whole(path: &str, media: &str, body: &str) -> (Flow, String, Value) {
    let request = r#"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#;
    let (mut answer, flow) = Answer::to(&policy("redact"), path, request, media);
    if flow == Flow::Continue {
        answer.chunk(body.as_bytes(), true);
        return (flow, answer.text(), answer.response().clone());
    }
    let event = Event::Body { direction: RESPONSE, buffered: body.len(), end: true };
    let (flow, replaced) = answer.step(event, body.as_bytes());
    let text = String::from_utf8_lossy(replaced.as_deref().unwrap_or(body.as_bytes())).into_owned();
    (flow, text, answer.response().clone())
}

#[test]
fn a_stream_that_is_called_text_is_a_stream() {
    let key = aws_key();
    let (head, tail) = key.split_at(9);
    let events = [content(head), content(tail), "data: [DONE]\n\n".to_owned()].concat();
    let line =
        |text: &str| format!("{{\"model\":\"m\",\"message\":{{\"role\":\"assistant\",\"content\":\"{text}\"}}}}\n");
    let lines = [line(head), line(tail)].concat();
    for (path, body) in [("/v1/chat/completions", &events), ("/api/chat", &lines)] {
        for media in ["", "text/plain", "text/html; charset=utf-8"] {
            let (flow, text, record) = whole(path, media, body);
            assert_eq!(flow, Flow::Continue, "{path} {media}");
            assert!(!text.contains(tail) && text.contains("[AWS_ACCESS_KEY_ID]"), "{path} {media}: {text}");
            assert_eq!(record.pointer("/action"), Some(&json!("redact")), "{path} {media}");
        }
    }
}

#[test]
fn payloads_without_the_word_data_are_no_events() {
    let key = aws_key();
    let (head, tail) = key.split_at(9);
    let line = |text: &str| format!("{{\"message\":{{\"role\":\"assistant\",\"content\":\"{text}\"}}}}\n");
    let indented = [content(head), content(tail)].concat().replace("data:", " data:");
    for (path, body) in [("/api/chat", [line(head), line(tail)].concat()), ("/v1/chat/completions", indented)] {
        let (_, text, record) = whole(path, "text/event-stream", &body);
        assert!(!text.contains(tail), "{path}: {text}");
        assert_eq!(record.pointer("/faults/0/fault"), Some(&json!("stream")), "{path}");
    }
}
