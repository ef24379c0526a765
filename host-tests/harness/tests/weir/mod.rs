//! weir.wasm under the shipped policy, and what tests of it look at.

#![allow(dead_code, reason = "each test binary uses its own part of this")]
#![allow(clippy::panic, reason = "a test that panics is a test that fails")]

use std::path::Path;
use std::sync::OnceLock;

use serde_json::{Value, json};
use weir_harness::{ExchangeResult, Host, HostOptions, Module, Outcome, Request, Response};

/// The module under test, built and compiled once.
pub(crate) fn module() -> &'static Module {
    static MODULE: OnceLock<Module> = OnceLock::new();
    MODULE.get_or_init(|| {
        let built = weir_cli::wasm::module().unwrap_or_else(|problem| panic!("{problem}"));
        Module::from_file(&built.path).unwrap_or_else(|problem| panic!("{problem}"))
    })
}

/// The shipped policy with a rule that blocks, changed by `change`.
pub(crate) fn policy(change: impl FnOnce(&mut Value)) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/baseline.json");
    let text = std::fs::read_to_string(path).unwrap_or_else(|problem| panic!("{problem}"));
    let mut policy: Value = serde_json::from_str(&text).unwrap_or_else(|problem| panic!("{problem}"));
    let block = json!({"id": "no-ssn", "when": {"detectors": "pii/us-ssn"}, "then": {"action": "block"}});
    if let Some(rules) = policy["rules"].as_array_mut() {
        rules.push(block);
    }
    change(&mut policy);
    policy.to_string()
}

/// The shipped policy with a rule that blocks.
pub(crate) fn baseline() -> String {
    policy(|_| {})
}

pub(crate) fn options() -> HostOptions {
    HostOptions::new(baseline())
}

pub(crate) fn start(options: HostOptions) -> Host {
    Host::start(module(), options).unwrap_or_else(|problem| panic!("{problem}"))
}

/// A secret, which the policy redacts.
pub(crate) fn key() -> String {
    ["AKIA", "QYLPMN5HXY4K2ZTB"].concat()
}

pub(crate) const PLACEHOLDER: &str = "[AWS_ACCESS_KEY_ID]";

/// A social security number, which the policy blocks.
pub(crate) fn ssn() -> String {
    ["536", "22", "8726"].join("-")
}

/// A chat request.
pub(crate) fn prompt(text: &str) -> String {
    json!({"model": "m", "messages": [{"role": "user", "content": text}]}).to_string()
}

/// A chat answer.
pub(crate) fn answer(text: &str) -> String {
    json!({"id": "c", "choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]}).to_string()
}

pub(crate) fn chat(body: impl Into<Vec<u8>>) -> Request {
    Request::post("/v1/chat/completions").json_body(body)
}

pub(crate) fn fine() -> Response {
    Response::json(200, answer("fine"))
}

/// Every record in the log of an exchange.
pub(crate) fn records(result: &ExchangeResult) -> Vec<Value> {
    let lines = result.logs.iter().filter_map(|line| line.text.strip_prefix("weir_record "));
    lines.map(|line| serde_json::from_str(line).unwrap_or_else(|problem| panic!("{problem}: {line}"))).collect()
}

/// The one record of an exchange; filter state holds the same.
pub(crate) fn record(result: &ExchangeResult) -> Value {
    let records = records(result);
    let [record] = records.as_slice() else { panic!("{} records\n{result}", records.len()) };
    let state: Option<Value> = result.filter_state("weir").and_then(|text| serde_json::from_str(text).ok());
    assert_eq!(state.as_ref(), Some(record), "{result}");
    record.clone()
}

/// What must always be true: nothing traps, no length is wrong, and nothing that was written holds a secret.
pub(crate) fn sane(host: &Host, result: &ExchangeResult, what: &str) {
    assert_eq!(host.failure(), None, "{what}\n{result}");
    assert!(!matches!(result.outcome, Outcome::Failed(_) | Outcome::FramingError), "{what}\n{result}");
    for line in &result.logs {
        assert!(!line.text.contains(&key()) && !line.text.contains(&ssn()), "{what}: {line}");
    }
    assert!(records(result).len() <= 1, "{what}: more than one record\n{result}");
}

/// Whether a text has reached the upstream or the client.
pub(crate) fn passed(result: &ExchangeResult, text: &str) -> bool {
    let ends = [Some(&result.client), result.upstream.as_ref()];
    ends.into_iter().flatten().any(|sent| {
        let headers = sent.headers.iter().chain(&sent.trailers).flat_map(|headers| headers.iter());
        sent.text().contains(text)
            || headers.into_iter().any(|(_, value)| String::from_utf8_lossy(value).contains(text))
    })
}
