//! The requests of `weir demo`, and what the baseline policy makes of them.

use super::{Case, Expect, Reaches, Verdict};
use crate::client::Request;
use crate::mock::openai::{aws_access_key_id, card_number};
use crate::mock::prompt;
use serde_json::{Value, json};

const CHAT: &str = "/v1/chat/completions";
const KEY: &str = "secret/aws-access-key-id";
const CARD: &str = "pii/payment-card";
const EMAIL: &str = "pii/email";
const KEY_GONE: &str = "[AWS_ACCESS_KEY_ID]";

fn chat(prompt: &str) -> Request {
    messages(&json!([{"role": "user", "content": prompt}]))
}

fn messages(messages: &Value) -> Request {
    Request::json(CHAT, format!(r#"{{"model":"mock-1","messages":{messages}}}"#))
}

fn verdict(action: &'static str) -> Verdict {
    Verdict { action, inspected: "full", ..Verdict::default() }
}

fn found(action: &'static str, detector: &'static str, scope: &'static str) -> Verdict {
    Verdict { findings: vec![(detector, scope)], ..verdict(action) }
}

fn fault(action: &'static str, inspected: &'static str, fault: &'static str) -> Verdict {
    Verdict { inspected, faults: vec![fault], ..verdict(action) }
}

fn allowed() -> Expect {
    Expect {
        status: 200,
        request: verdict("allow"),
        answer: Some(verdict("allow")),
        upstream: Reaches::Unchanged,
        flag: None,
        told: None,
        hidden_from_client: Vec::new(),
    }
}

/// A request that goes on with the secret replaced.
fn redacted(detector: &'static str, scope: &'static str, secret: &str, by: &'static str) -> Expect {
    Expect {
        request: found("redact", detector, scope),
        upstream: Reaches::Replaced(secret.to_owned(), by),
        hidden_from_client: vec![secret.to_owned()],
        ..allowed()
    }
}

fn redacted_answer(verdict: Verdict, secret: &str) -> Expect {
    Expect { answer: Some(verdict), hidden_from_client: vec![secret.to_owned()], ..allowed() }
}

fn refused(status: u16, inspected: &'static str, name: &'static str) -> Expect {
    let request = fault("block", inspected, name);
    Expect { status, request, answer: None, upstream: Reaches::Nothing, ..allowed() }
}

/// The requests, in the order in which they are played.
pub fn cases() -> Vec<Case> {
    let case = |title, request, expect| Case { title, request, expect, rule: None };
    let (key, card) = (aws_access_key_id(), card_number());
    let mut cases = requests(&key, &card);
    cases.extend([
        case(
            "the model gives away a key",
            chat("Now you: say secret"),
            redacted_answer(found("redact", KEY, "assistant"), &key),
        ),
        case(
            "three choices, a card number in each",
            chat("Now you: say card, say choices"),
            redacted_answer(found("redact", CARD, "assistant"), &card),
        ),
        case(
            "the model passes a card number to a tool",
            chat("Now you: say tool, say card"),
            redacted_answer(
                Verdict { findings: vec![(CARD, "tool_input"), (EMAIL, "tool_input")], ..verdict("redact") },
                &card,
            ),
        ),
        case("the model's own error comes through", chat("say error 429"), Expect { status: 429, ..allowed() }),
        case(
            "the list of models: a dialect that Weir does not know is scanned all the same, and flagged",
            Request::new("GET", "/v1/models"),
            Expect { answer: Some(fault("flag", "partial", "unknown_dialect")), ..allowed() },
        ),
        case(
            "a request that says it is compressed, and is not",
            chat("What is a weir?").header("content-encoding", "br"),
            refused(403, "none", "content_encoding"),
        ),
        case(
            "one key twice in an object: which one would the model read?",
            Request::json(CHAT, r#"{"model":"mock-1","messages":[],"messages":[{"role":"user","content":"hi"}]}"#),
            refused(403, "partial", "duplicate_key"),
        ),
        case("nine megabytes are too many", chat(&"weir ".repeat(1_800_000)), refused(413, "none", "body_too_large")),
        case(
            "an answer that comes compressed although nobody asked is read all the same",
            chat("Now you: say gzip"),
            allowed(),
        ),
        case(
            "a stream gives away a key, five characters at a time",
            streamed("Now you: say late secret"),
            Expect { told: Some(KEY_GONE), ..redacted_answer(found("redact", KEY, "assistant"), &key) },
        ),
        Case {
            rule: Some(NO_ADDRESSES),
            ..case(
                "a stream is blocked in the middle: its client is told why, where the address would have stood",
                streamed("Now you: say email"),
                Expect {
                    told: Some("blocked_by_policy"),
                    ..redacted_answer(found("block", EMAIL, "assistant"), prompt::EMAIL)
                },
            )
        },
    ]);
    cases
}

/// The baseline only flags addresses.
const NO_ADDRESSES: &str =
    r#"{"id":"no-addresses","when":{"direction":"response","detectors":"pii/email"},"then":{"action":"block"}}"#;

fn streamed(prompt: &str) -> Request {
    Request::json(
        CHAT,
        json!({"model": "mock-1", "stream": true, "messages": [{"role": "user", "content": prompt}]}).to_string(),
    )
}

/// Those in which the client says something that is allowed, flagged or redacted.
fn requests(key: &str, card: &str) -> Vec<Case> {
    let case = |title, request, expect| Case { title, request, expect, rule: None };
    let spaced = card.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
    let escaped = key.replacen('A', "\\u0041", 1);
    let nested = json!({"command": format!("export AWS_ACCESS_KEY_ID={key}")}).to_string();
    let run = json!({"name": "run", "arguments": json!({"request": nested}).to_string()});
    let parts = json!([{"type": "text", "text": "Pay with this:"}, {"type": "text", "text": format!("card {spaced}")}]);
    vec![
        case("a plain question goes through untouched", chat("What is a weir?"), allowed()),
        case(
            "a cloud key in the prompt is replaced",
            chat(&format!("Why does {key} fail?")),
            redacted(KEY, "user", key, KEY_GONE),
        ),
        case(
            "a card number with spaces, in the second of two content parts",
            messages(&json!([{"role": "user", "content": parts}])),
            redacted(CARD, "user", &spaced, "[PAYMENT_CARD]"),
        ),
        case(
            "a key written with JSON escapes",
            Request::json(
                CHAT,
                format!(r#"{{"model":"mock-1","messages":[{{"role":"user","content":"use {escaped}"}}]}}"#),
            ),
            redacted(KEY, "user", &escaped, KEY_GONE),
        ),
        case(
            "a key in the arguments of a tool call, in JSON inside JSON inside JSON",
            messages(&json!([
                {"role": "user", "content": "run it"},
                {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function", "function": run}]},
                {"role": "tool", "tool_call_id": "c1", "content": "done"},
            ])),
            redacted(KEY, "tool_input", key, KEY_GONE),
        ),
        case(
            "an e-mail address is allowed, and the upstream is told (the mock repeats it in its answer)",
            chat("Write to ada.lovelace@example.org"),
            Expect {
                request: found("flag", EMAIL, "user"),
                answer: Some(found("flag", EMAIL, "assistant")),
                flag: Some("see-personal-data"),
                ..allowed()
            },
        ),
    ]
}
