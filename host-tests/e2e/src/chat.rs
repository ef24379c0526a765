//! Exchanges of Chat Completions, as tests of the proxy make them.

use serde_json::{Value, json};
use weir_cli::client::{Http, Request};
use weir_cli::mock::Reply;

/// Both versions of HTTP that are spoken.
pub const BOTH: [Http; 2] = [Http::One, Http::Two];
/// The path of Chat Completions.
pub const CHAT: &str = "/v1/chat/completions";

/// The body of a request whose user says `prompt`.
pub fn body(prompt: &str) -> String {
    json!({"model": "m", "messages": [{"role": "user", "content": prompt}]}).to_string()
}

/// A request whose user says `prompt`.
pub fn chat(prompt: &str) -> Request {
    Request::json(CHAT, body(prompt))
}

/// The body of an answer that says `content`.
pub fn completion(content: &str) -> String {
    let message = json!({"role": "assistant", "content": content});
    let choice = json!({"index": 0, "message": message, "finish_reason": "stop"});
    json!({"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}).to_string()
}

/// An answer that says `content`.
pub fn says(content: &str) -> Reply {
    Reply::json(200, completion(content))
}

/// The baseline, renamed, with rules that do to words what it does to secrets: `custom/masked` are redacted with asterisks,
/// `custom/forbidden` are blocked.
pub fn with_words(baseline: &str, name: &str, masked: &[&str], forbidden: &[&str]) -> Value {
    let mut policy: Value = serde_json::from_str(baseline).expect("the baseline is JSON");
    policy["name"] = name.into();
    let words = |id: &str, words: &[&str]| json!({"id": format!("custom/{id}"), "keywords": words});
    policy["detectors"] = json!({"custom": [words("masked", masked), words("forbidden", forbidden)]});
    let rule = |id: &str, then: Value| json!({"id": id, "when": {"detectors": format!("custom/{id}")}, "then": then});
    let rules = policy["rules"].as_array_mut().expect("the baseline has rules");
    rules.push(rule("masked", json!({"action": "redact", "with": "mask"})));
    rules.push(rule("forbidden", json!({"action": "block", "on_history": "block"})));
    policy
}
