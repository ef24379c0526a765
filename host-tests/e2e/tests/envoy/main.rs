//! What the real Envoy does around Weir, case by case: framing, limits, trailers, broken exchanges, protocols that are not
//! read, and the settings without which it would not work. The corpus says what is decided; here it is how the decision
//! survives the proxy.

mod broken;
mod configuration;
mod framing;
mod limits;
mod messages;
mod protocols;
mod streams;

use serde_json::{Value, json};
use weir_cli::client::{Http, Request};
use weir_cli::mock::Reply;
use weir_e2e::{Lab, Shared, baseline, setup};

/// As shipped, with an upstream that speaks HTTP/1.1.
static PLAIN: Shared = Shared::new(|| Lab::start(setup(policy(json!({})))));

/// As shipped, with an upstream that speaks HTTP/2.
static HTTP2: Shared = Shared::new(|| {
    let mut setup = setup(policy(json!({})));
    setup.mock_http2 = true;
    Lab::start(setup)
});

const CHAT: &str = "/v1/chat/completions";

/// Nine letters: its mask of eight asterisks is shorter.
const LONG: &str = "marmalade";
/// Eight letters: its mask is as long.
const EQUAL: &str = "mandolin";
/// Three letters: its mask is longer.
const SHORT: &str = "zax";
const MASK: &str = "********";

/// The baseline with limits, and with rules that do to words what the baseline does to secrets.
fn policy(limits: Value) -> String {
    let mut policy: Value = serde_json::from_str(&baseline()).unwrap();
    policy["name"] = "envoy-tests".into();
    let words = |id: &str, words: &[&str]| json!({"id": format!("custom/{id}"), "keywords": words});
    policy["detectors"] =
        json!({"custom": [words("masked", &[LONG, EQUAL, SHORT]), words("forbidden", &["forbidden"])]});
    let rule = |id: &str, then: Value| json!({"id": id, "when": {"detectors": format!("custom/{id}")}, "then": then});
    let rules = policy["rules"].as_array_mut().unwrap();
    rules.push(rule("masked", json!({"action": "redact", "with": "mask"})));
    rules.push(rule("forbidden", json!({"action": "block", "on_history": "block"})));
    for (name, limit) in limits.as_object().unwrap() {
        policy["limits"][name] = limit.clone();
    }
    policy.to_string()
}

fn body(prompt: &str) -> String {
    json!({"model": "m", "messages": [{"role": "user", "content": prompt}]}).to_string()
}

fn chat(prompt: &str) -> Request {
    Request::json(CHAT, body(prompt))
}

/// A chat completion that says `content`.
fn completion(content: &str) -> String {
    let message = json!({"role": "assistant", "content": content});
    let choice = json!({"index": 0, "message": message, "finish_reason": "stop"});
    json!({"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}).to_string()
}

fn says(content: &str) -> Reply {
    Reply::json(200, completion(content))
}

const BOTH: [Http; 2] = [Http::One, Http::Two];
