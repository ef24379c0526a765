//! A dozen requests that show what Weir does under the shipped baseline policy, each with what must come of it.
//!
//! [`cases`] is data; [`play`] sends one case through a running [`Stack`] and compares. Nothing here contains a secret:
//! [`openai`](crate::mock::openai) puts them together at run time.

use crate::client::{Request, Response};
use crate::mock::Received;
use crate::mock::openai::{aws_access_key_id, card_number};
use crate::stack::Stack;
use crate::{Error, Result, term};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const CHAT: &str = "/v1/chat/completions";

/// One request and what must come of it.
#[derive(Debug, Clone)]
pub struct Case {
    /// What it shows, in a few words.
    pub title: &'static str,
    /// The request.
    pub request: Request,
    /// What must come of it.
    pub expect: Expect,
}

/// What must come of a request. What is `None` is not looked at.
#[derive(Debug, Clone)]
pub struct Expect {
    /// The status that the client gets.
    pub status: u16,
    /// The action on the request.
    pub request: Option<&'static str>,
    /// The action on the answer.
    pub answer: Option<&'static str>,
    /// What the upstream receives.
    pub upstream: Reaches,
    /// Texts that must not reach the client.
    pub hidden_from_client: Vec<String>,
}

/// What the upstream receives of a request.
#[derive(Debug, Clone)]
pub enum Reaches {
    /// The very bytes that the client sent.
    Unchanged,
    /// The request without these texts.
    Without(Vec<String>),
    /// Nothing at all.
    Nothing,
}

/// What came of a case.
#[derive(Debug)]
pub struct Outcome {
    /// What the client got.
    pub response: Response,
    /// What the upstream received, if anything.
    pub upstream: Option<Received>,
    /// The record of the exchange.
    pub record: Option<Value>,
    /// What is not as it should be; empty when all is well.
    pub problems: Vec<String>,
}

fn chat(prompt: &str) -> Request {
    messages(json!([
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": prompt},
    ]))
}

fn messages(messages: Value) -> Request {
    Request::json(CHAT, json!({"model": "mock-1", "messages": messages}).to_string())
}

fn allowed() -> Expect {
    Expect {
        status: 200,
        request: Some("allow"),
        answer: Some("allow"),
        upstream: Reaches::Unchanged,
        hidden_from_client: Vec::new(),
    }
}

fn redacted(secret: String) -> Expect {
    Expect { request: Some("redact"), upstream: Reaches::Without(vec![secret]), ..allowed() }
}

fn redacted_answer(secret: String) -> Expect {
    Expect { answer: Some("redact"), hidden_from_client: vec![secret], ..allowed() }
}

fn refused(status: u16) -> Expect {
    Expect { status, request: Some("block"), answer: None, upstream: Reaches::Nothing, hidden_from_client: Vec::new() }
}

/// The requests of `weir demo`.
pub fn cases() -> Vec<Case> {
    let case = |title, request, expect| Case { title, request, expect };
    let (key, card) = (aws_access_key_id(), card_number());
    let spaced = card.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
    let mut escaped = json!({"model": "mock-1", "messages": [{"role": "user", "content": "use KEY"}]}).to_string();
    escaped = escaped.replace("KEY", &key.replacen('A', "\\u0041", 1));
    let nested = json!({"command": format!("export AWS_ACCESS_KEY_ID={key}")}).to_string();
    let twice = json!({"name": "run", "arguments": json!({"request": nested}).to_string()});
    let parts = json!([{"type": "text", "text": "Pay with this:"}, {"type": "text", "text": format!("card {spaced}")}]);
    vec![
        case("a plain question goes through untouched", chat("What is a weir?"), allowed()),
        case("a cloud key in the prompt is masked", chat(&format!("Why does {key} fail?")), redacted(key.clone())),
        case(
            "a card number with spaces, in the second of two content parts",
            messages(json!([{"role": "user", "content": parts}])),
            redacted(spaced.clone()),
        ),
        case(
            "a key written with JSON escapes",
            Request::json(CHAT, escaped),
            Expect {
                upstream: Reaches::Without(vec![key.clone(), key.replacen('A', "\\u0041", 1)]),
                ..redacted(key.clone())
            },
        ),
        case(
            "a key in a tool call, in JSON inside JSON inside JSON",
            messages(json!([
                {"role": "user", "content": "run it"},
                {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function", "function": twice}]},
                {"role": "tool", "tool_call_id": "c1", "content": "done"},
            ])),
            redacted(key.clone()),
        ),
        case("an e-mail address is seen and recorded", chat("Write to ada.lovelace@example.org"), allowed()),
        case("the model answers with a key", chat("say secret"), redacted_answer(key.clone())),
        case("three choices, a card number in each", chat("say card and say choices"), redacted_answer(card)),
        case("the model calls a tool", chat("say tool"), allowed()),
        case("the model's own error comes through", chat("say error 429"), Expect { status: 429, ..allowed() }),
        case("the list of models, a request without a body", Request::new("GET", "/v1/models"), allowed()),
        case(
            "a compressed request cannot be inspected",
            chat("What is a weir?").header("content-encoding", "br"),
            refused(415),
        ),
        case(
            "one key twice in an object: which one would the model read?",
            Request::json(CHAT, r#"{"model":"mock-1","messages":[],"messages":[{"role":"user","content":"hi"}]}"#),
            refused(400),
        ),
        case(
            "an answer that comes compressed although nobody asked",
            chat("say gzip"),
            Expect { status: 502, answer: Some("block"), ..allowed() },
        ),
        case("nine megabytes are too many", chat(&"weir ".repeat(1_800_000)), refused(413)),
    ]
}

/// Sends one case through and compares.
///
/// # Errors
/// When the proxy does not answer, or there is no mock behind it.
pub fn play(stack: &Stack, case: &Case) -> Result<Outcome> {
    let mock = stack.mock().ok_or_else(|| Error::new("the demo needs the mock as its upstream"))?;
    mock.take_requests();
    let mark = stack.envoy().log_mark();
    let response = case.request.send(stack.envoy().listener())?;
    let record = wait_record(stack, mark, case.expect.answer.is_some());
    let upstream = mock.take_requests().into_iter().next();
    let problems = compare(case, &response, upstream.as_ref(), record.as_ref());
    Ok(Outcome { response, upstream, record, problems })
}

/// The last record of the exchange, which may come a moment after the response.
fn wait_record(stack: &Stack, mark: usize, with_answer: bool) -> Option<Value> {
    let begin = Instant::now();
    loop {
        let lines = stack.envoy().logs_since(mark);
        let last = lines.iter().rev().find_map(|line| term::record(line.from_module()?));
        let done = last.as_ref().is_some_and(|record| !with_answer || record.get("response").is_some());
        if done || begin.elapsed() > Duration::from_secs(2) {
            return last;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn compare(case: &Case, response: &Response, upstream: Option<&Received>, record: Option<&Value>) -> Vec<String> {
    let expect = &case.expect;
    let mut problems = Vec::new();
    if response.status != expect.status {
        problems.push(format!("the client got status {} instead of {}", response.status, expect.status));
    }
    if let Some(broken) = &response.broken {
        problems.push(format!("the answer broke off: {broken}"));
    }
    let action = |side: &str| {
        let pointer = format!("/{side}/action");
        record.and_then(|record| record.pointer(&pointer)).and_then(Value::as_str).unwrap_or("nothing").to_owned()
    };
    for (side, name, wanted) in [("request", "request", expect.request), ("response", "answer", expect.answer)] {
        if let Some(wanted) = wanted.filter(|wanted| action(side) != *wanted) {
            problems.push(format!("the {name} got {} instead of {wanted}", action(side)));
        }
    }
    match (&expect.upstream, upstream) {
        (Reaches::Nothing, None) => {}
        (Reaches::Nothing, Some(_)) => problems.push("the request reached the upstream".into()),
        (_, None) => problems.push("the request did not reach the upstream".into()),
        (Reaches::Unchanged, Some(received)) => {
            if received.body != sent(&case.request) {
                problems.push("the upstream received other bytes than were sent".into());
            }
        }
        (Reaches::Without(secrets), Some(received)) => {
            if secrets.iter().any(|secret| received.text().contains(secret)) {
                problems.push("the upstream received the secret".into());
            }
            if serde_json::from_slice::<Value>(&received.body).is_err() {
                problems.push("the upstream received broken JSON".into());
            }
        }
    }
    if expect.hidden_from_client.iter().any(|secret| response.text().contains(secret)) {
        problems.push("the client received the secret".into());
    }
    problems
}

/// The body that a request sends.
pub fn sent(request: &Request) -> Vec<u8> {
    let data = |step: &crate::Step| match step {
        crate::Step::Data(bytes) => bytes.to_vec(),
        _ => Vec::new(),
    };
    request.body.iter().flat_map(data).collect()
}
