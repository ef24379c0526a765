//! Records as lines.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use weir_cli::term::{Style, Tone, line, printable, record};

fn finding(detector: &str, scope: &str, state: &str) -> Value {
    json!({"detector": detector, "scope": scope, "part": 3, "span": [10, 30], "confidence": "certain",
        "fingerprint": "f0", "state": state})
}

fn sample(request: Value, response: Value) -> Value {
    let mut record = json!({
        "weir": "0.1.0", "kind": "exchange", "exchange": "0123abcd0123abcd0123abcd0123abcd",
        "time": "2026-01-02T14:02:11.250Z", "policy": {"name": "baseline", "hash": "sha256:00"}, "mode": "enforce",
        "dialect": "openai/chat", "request": request, "status": 200,
    });
    if response.is_object() {
        record.as_object_mut().unwrap().insert("response".into(), response);
    }
    record
}

fn side(action: &str) -> Value {
    json!({"action": action, "would": action, "inspected": "full", "rules": [], "findings": [], "faults": [],
        "bytes": 12, "parts": 1})
}

#[test]
fn an_allowed_exchange() {
    assert_eq!(
        line(&sample(side("allow"), side("allow")), Style::PLAIN),
        "14:02:11  ALLOW     openai/chat  request allow; answer allow  200  #0123abcd"
    );
}

#[test]
fn a_redacted_request_names_rules_and_findings_once() {
    let mut request = side("redact");
    request["rules"] = json!([{"id": "no-secrets", "action": "redact", "part": 1}, {"id": "no-secrets", "action": "redact", "part": 2},
        {"id": "watch", "action": "flag", "monitor": true}]);
    let key = finding("secret/aws-access-key-id", "user", "new");
    request["findings"] = json!([key, key, finding("personal/email", "tool_input", "carried")]);
    assert_eq!(
        line(&sample(request, side("allow")), Style::PLAIN),
        "14:02:11  REDACT    openai/chat  request redact by no-secrets x2, watch (monitor): \
         secret/aws-access-key-id in user x2, personal/email in tool_input (carried); answer allow  200  #0123abcd"
    );
}

#[test]
fn a_fault_a_partial_inspection_and_a_monitored_action() {
    let mut request = side("allow");
    request["would"] = "block".into();
    request["inspected"] = "partial".into();
    request["faults"] = json!([{"fault": "duplicate_key", "outcome": "block"}]);
    let mut record = sample(request, Value::Null);
    record["mode"] = "monitor".into();
    record["status"] = 403.into();
    assert_eq!(
        line(&record, Style::PLAIN),
        "14:02:11  ALLOW     monitor  openai/chat  request allow (would block): fault duplicate_key -> block \
         [inspected partial]  403  #0123abcd"
    );
}

#[test]
fn an_answer_of_the_proxy_is_told_from_one_of_the_upstream() {
    let mut record = sample(side("allow"), Value::Null);
    record["status"] = 503.into();
    record["answered_by"] = "proxy".into();
    assert_eq!(
        line(&record, Style::PLAIN),
        "14:02:11  ALLOW     openai/chat  request allow  503 (by the proxy itself)  #0123abcd"
    );
}

#[test]
fn an_unknown_shape_does_not_fail() {
    assert_eq!(line(&json!({}), Style::PLAIN), "--:--:--  ?         unknown    #");
}

#[test]
fn colour_and_control_characters() {
    assert_eq!(Style::COLOUR.paint(Tone::Good, "ok"), "\u{1b}[32mok\u{1b}[0m");
    assert_eq!(Style::PLAIN.paint(Tone::Good, "o\u{1b}[2Jk"), "o\u{fffd}[2Jk");
    assert_eq!(printable("a\nb\tc\u{7}"), "a\nb\tc\u{fffd}");
    assert_eq!(printable("\u{202e}tpircs\u{200b}"), "\u{fffd}tpircs\u{fffd}");
    let mut odd = sample(side("allow"), Value::Null);
    odd["dialect"] = "x\u{1b}]0;y".into();
    assert!(!line(&odd, Style::PLAIN).contains('\u{1b}'));
}

#[test]
fn records_are_told_from_other_lines() {
    assert_eq!(record("weir_record {\"a\":1}"), Some(json!({"a": 1})));
    assert_eq!(record("weir_record nonsense"), None);
    assert_eq!(record("something weir_record {}"), None);
}
