//! weir.wasm in every phase of an exchange, with everything that can happen there: what the upstream got, what the client
//! got, and the one record of it.

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that panics is a test that fails"
)]

mod departures;
mod lives;
mod memory;
mod protocols;
mod routes;
mod shapes;
mod sizes;
mod streams;
#[path = "../weir/mod.rs"]
mod weir;

use serde_json::{Value, json};
use weir::{PLACEHOLDER, answer, chat, key, prompt, record, sane, ssn};
use weir_harness::{Answerer, At, Chunking, ExchangeResult, Host, Outcome, Protocol, Request, Response};

/// What must come of a message.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Allowed,
    Redacted,
    Blocked,
    Fault,
}

const FATES: [Fate; 4] = [Fate::Allowed, Fate::Redacted, Fate::Blocked, Fate::Fault];

impl Fate {
    /// A text with this fate, as `message` writes it; a message that cannot be read right has a key twice.
    fn body(self, message: fn(&str) -> String) -> String {
        match self {
            Fate::Allowed => message("hello"),
            Fate::Redacted => message(&format!("é {}\n", key())),
            Fate::Blocked => message(&ssn()),
            Fate::Fault => message("x").replacen('{', r#"{"user":"a","user":"b","#, 1),
        }
    }

    fn action(self) -> &'static str {
        match self {
            Fate::Allowed => "allow",
            Fate::Redacted => "redact",
            Fate::Blocked | Fate::Fault => "block",
        }
    }

    fn refused(self) -> bool {
        matches!(self, Fate::Blocked | Fate::Fault)
    }
}

/// What the verdict on one half must say.
fn judged(half: &Value, fate: Fate, what: &str) {
    assert_eq!(half["action"], fate.action(), "{what}: {half}");
    let faults: Vec<&str> =
        half["faults"].as_array().into_iter().flatten().filter_map(|one| one["fault"].as_str()).collect();
    let expected: &[&str] = if fate == Fate::Fault { &["duplicate_key"] } else { &[] };
    assert_eq!(faults, expected, "{what}: {half}");
}

fn check_request(host: &Host, result: &ExchangeResult, fate: Fate, body: &str, what: &str) {
    sane(host, result, what);
    assert_eq!(result.outcome, Outcome::Completed, "{what}\n{result}");
    let record = record(result);
    judged(&record["request"], fate, what);
    assert_eq!(record["status"], result.status().unwrap_or(0), "{what}");
    if fate.refused() {
        assert_eq!((result.status(), &result.upstream), (Some(403), &None), "{what}");
        assert_eq!((&record["answered_by"], &record["response"]), (&json!("weir"), &Value::Null), "{what}");
        return refusal(result, &record, what);
    }
    let upstream = result.upstream.as_ref().unwrap_or_else(|| panic!("{what}: nothing upstream\n{result}"));
    assert_eq!(upstream.text(), body.replace(&key(), PLACEHOLDER), "{what}");
    assert_eq!((result.status(), result.client.text()), (Some(200), answer("fine")), "{what}");
    assert_eq!(record["response"]["action"], "allow", "{what}");
}

fn check_response(host: &Host, result: &ExchangeResult, fate: Fate, body: &str, what: &str) {
    sane(host, result, what);
    assert_eq!(result.outcome, Outcome::Completed, "{what}\n{result}");
    let record = record(result);
    judged(&record["response"], fate, what);
    assert_eq!(record["request"]["action"], "allow", "{what}");
    if fate.refused() {
        assert_eq!((result.status(), result.answered_by), (Some(403), Some(Answerer::Module)), "{what}\n{result}");
        return refusal(result, &record, what);
    }
    assert_eq!((result.status(), result.client.text()), (Some(200), body.replace(&key(), PLACEHOLDER)), "{what}");
    assert_eq!(record["answered_by"], "upstream", "{what}");
}

/// The client's error names the exchange of the record.
fn refusal(result: &ExchangeResult, record: &Value, what: &str) {
    let error: Value =
        serde_json::from_slice(&result.client.body).unwrap_or_else(|problem| panic!("{what}: {problem}"));
    assert_eq!(error["error"]["exchange"], record["exchange"], "{what}");
    assert!(
        result.details.as_deref().is_some_and(|details| details.starts_with("weir:")),
        "{what}: {:?}",
        result.details
    );
}

const PROTOCOLS: [Protocol; 2] = [Protocol::Http1, Protocol::Http2];

/// Whole, with empty pieces, and byte by byte.
fn pieces() -> [Chunking; 3] {
    [Chunking::Whole, Chunking::Sizes(vec![0, 9, 0]), Chunking::OneByte]
}

const POINTS: [At; 8] = [
    At::RequestHeaders,
    At::RequestBody(1),
    At::RequestBody(2),
    At::RequestEnd,
    At::ResponseHeaders,
    At::ResponseBody(1),
    At::ResponseBody(2),
    At::ResponseEnd,
];

/// Whether the request has been decided at this point.
fn decided(at: At) -> bool {
    !matches!(at, At::RequestHeaders | At::RequestBody(_))
}

fn in_pieces() -> (Request, Response) {
    let (request, response) = (chat(prompt(&key())), Response::json(200, answer(&key())));
    (request.chunks(Chunking::Every(25)), response.chunks(Chunking::Every(25)))
}
