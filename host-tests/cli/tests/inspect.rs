//! `weir inspect`: the verdict of the engine, with the findings underlined.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use weir_cli::mock::openai::aws_access_key_id;
use weir_cli::policy::BASELINE;
use weir_cli::term::Style;
use weir_cli::underline::underline;
use weir_engine::Policy;

fn inspect(arguments: &[&str], body: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weir"));
    command.arg("inspect").args(arguments).arg("-").env("NO_COLOR", "1");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that ends with a usage error never reads it.
    let _ = child.stdin.take().unwrap().write_all(body.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn chat(content: &str) -> String {
    format!(r#"{{"model":"m","messages":[{}]}}"#, json!({"role": "user", "content": content}))
}

fn policy_line() -> String {
    format!("  policy  baseline {}\n", Policy::compile(BASELINE).unwrap().hash())
}

#[test]
fn a_redacted_request() {
    let key = aws_access_key_id();
    let body = chat(&format!("Why does\n{key} fail?"));
    let (code, shown, said) = inspect(&[], &body);
    let shown = shown.replace(&key, "KEY_KEY_KEY_KEY_KEY_");
    let expected = format!(
        "REDACT  request to POST /v1/chat/completions, openai/chat, inspected full\n{}  looked  {} bytes in 5 parts\n\n\
         secret/aws-access-key-id in user, certain: redact-secrets -> redact\n\
         \u{20} | Why does↵KEY_KEY_KEY_KEY_KEY_ fail?\n\
         \u{20} |          ^^^^^^^^^^^^^^^^^^^^\n\n\
         the body that goes on\n{}\n",
        policy_line(),
        body.len(),
        body.replace(&key, "[AWS_ACCESS_KEY_ID]"),
    );
    let without_header: String =
        shown.lines().filter(|line| !line.contains("x-weir-")).map(|line| format!("{line}\n")).collect();
    assert_eq!((code, without_header.as_str(), said.as_str()), (0, expected.as_str(), ""));
}

#[test]
fn a_fault_blocks_with_exit_code_1() {
    let (code, shown, _) = inspect(&[], r#"{"model":"m","messages":[],"messages":[]}"#);
    assert_eq!(code, 1);
    assert!(shown.starts_with("BLOCK   request to POST"), "{shown}");
    assert!(shown.contains("fault   duplicate_key -> block: an object has the same key twice"), "{shown}");
    assert!(shown.contains("the client gets 403\n{\"error\":"), "{shown}");
    let (code, shown, _) = inspect(&["-H", "Content-Encoding: br"], "x");
    assert_eq!(code, 1);
    assert!(shown.contains("content_encoding -> block"), "{shown}");
}

#[test]
fn an_answer_and_its_status() {
    let key = aws_access_key_id();
    let body = json!({"choices": [{"index": 0, "message": {"role": "assistant", "content": key}}]}).to_string();
    let (code, shown, _) = inspect(&["--response"], &body);
    assert_eq!(code, 0);
    assert!(shown.starts_with("REDACT  answer to POST /v1/chat/completions, openai/chat, inspected full\n"), "{shown}");
    assert!(shown.contains("in assistant, certain: redact-secrets -> redact\n"), "{shown}");
    let (code, shown, _) = inspect(&["--response", "--status", "500", "-H", "content-type: text/html"], "<p>down</p>");
    assert_eq!(code, 0);
    assert!(shown.starts_with("ALLOW   answer to"), "{shown}");
}

/// Events of a stream of Chat Completions that say these.
fn stream(deltas: &[&str]) -> String {
    let event = |delta: &&str| json!({"choices": [{"index": 0, "delta": {"content": delta}}]});
    let events = deltas.iter().map(|delta| format!("data: {}\n\n", event(delta)));
    events.chain(["data: [DONE]\n\n".to_owned()]).collect()
}

const EVENTS: [&str; 3] = ["--response", "-H", "content-type: text/event-stream"];

#[test]
fn a_streamed_answer_is_one_text() {
    let key = aws_access_key_id();
    let (head, tail) = key.split_at(7);
    let body = stream(&["The key", &format!(" is {head}"), &format!("{tail}."), " Bye."]);
    let (code, shown, said) = inspect(&EVENTS, &body);
    let shown = shown.replace(&key, "KEY_KEY_KEY_KEY_KEY_");
    assert_eq!((code, said.as_str()), (0, ""));
    assert!(shown.starts_with("REDACT  answer to POST /v1/chat/completions, openai/chat, inspected full\n"), "{shown}");
    // The finding is shown in the text as a whole, which no event holds.
    let finding = "in assistant, certain: redact-secrets -> redact\n\
                   \u{20} | The key is KEY_KEY_KEY_KEY_KEY_. Bye.\n\
                   \u{20} |            ^^^^^^^^^^^^^^^^^^^^\n";
    assert!(shown.contains(finding), "{shown}");
    let goes_on = stream(&["The key", " is [AWS_ACCESS_KEY_ID]", ".", " Bye."]);
    assert!(shown.ends_with(&format!("the body that goes on\n{}\n", goes_on.trim_end())), "{shown}");
}

#[test]
fn a_stream_that_is_blocked_ends_in_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("block.json");
    let rule = json!({"id": "no-keys", "when": {"detectors": "secret/*"}, "then": {"action": "block"}});
    std::fs::write(&file, json!({"version": 1, "name": "block", "rules": [rule]}).to_string()).unwrap();
    let (first, key) = ("Good morning. ", aws_access_key_id());
    let arguments = [&["--policy", file.to_str().unwrap()], EVENTS.as_slice()].concat();
    let (code, shown, _) = inspect(&arguments, &stream(&[first, &key, " and more"]));
    assert_eq!(code, 1);
    assert!(shown.starts_with("BLOCK   answer to"), "{shown}");
    let (_, goes_on) = shown.split_once("the body that goes on\n").unwrap();
    assert!(goes_on.contains(first) && goes_on.contains("blocked_by_policy"), "{goes_on}");
    assert!(!goes_on.contains(&key) && !goes_on.contains("and more"), "{goes_on}");
}

#[test]
fn json_holds_the_verdict_and_no_text_of_findings() {
    let key = aws_access_key_id();
    let (code, shown, _) = inspect(&["--format", "json", "--path", "/elsewhere"], &json!({"a": [key]}).to_string());
    let verdict: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(code, 0);
    assert!(!shown.contains(&key));
    assert_eq!(verdict["action"], "redact");
    assert_eq!(verdict["dialect"], "unknown");
    assert_eq!(verdict["inspected"], "partial");
    assert_eq!(verdict["faults"], json!([{"fault": "unknown_dialect", "outcome": "flag"}]));
    assert_eq!(verdict["findings"][0]["rules"], json!(["redact-secrets"]));
    assert_eq!(verdict["rewritten"], r#"{"a":["[AWS_ACCESS_KEY_ID]"]}"#);
    assert_eq!(verdict["bypass"], false);
}

#[test]
fn other_policies() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, policy: Value| {
        let file = dir.path().join(name);
        std::fs::write(&file, policy.to_string()).unwrap();
        file.display().to_string()
    };
    let mut policy: Value = serde_json::from_str(BASELINE).unwrap();
    policy["mode"] = "monitor".into();
    let monitor = write("monitor.json", policy.clone());
    let body = chat(&aws_access_key_id());
    let (code, shown, _) = inspect(&["--policy", &monitor], &body);
    assert_eq!(code, 0);
    assert!(shown.starts_with("ALLOW   request") && shown.contains("(would redact)"), "{shown}");
    assert!(shown.contains("redact-secrets -> redact (monitor)") && !shown.contains("goes on"), "{shown}");

    policy["bypass"] = json!([{"path": "/v1/*", "reason": "tried elsewhere"}]);
    let bypass = write("bypass.json", policy.clone());
    let (code, shown, _) = inspect(&["--policy", &bypass], &body);
    let said = "BYPASS  request to POST /v1/chat/completions: the policy lists it as bypass, nothing was inspected\n";
    assert_eq!((code, shown.as_str()), (0, said));

    policy["rulse"] = json!([]);
    let bad = write("bad.json", policy);
    let (code, shown, said) = inspect(&["--policy", &bad], &body);
    assert_eq!((code, shown.as_str()), (2, ""));
    assert!(said.contains("unknown field `rulse`") && said.ends_with("bad.json` has 1 error\n"), "{said}");
}

#[test]
fn usage_errors_are_exit_code_2() {
    let (code, _, said) = inspect(&["-H", "nonsense"], "{}");
    let expected = "weir: `nonsense` is not a header; write a name, a colon and a value, as in `x-team: blue`\n";
    assert_eq!((code, said.as_str()), (2, expected));
    assert_eq!(inspect(&["--status", "500"], "{}").0, 2);
    let (code, _, said) = inspect(&["--response", "--request", "/nowhere"], "{}");
    assert_eq!(code, 2);
    assert!(said.starts_with("weir: cannot read the body `/nowhere`: "), "{said}");
}

#[test]
fn underlining() {
    let plain = |text: &str, range| underline(text, range, "| ", Style::PLAIN);
    assert_eq!(plain("a\u{e9}\tb\u{7}", 1..4,), "| a\u{e9} b\u{fffd}\n|  ^^\n");
    assert_eq!(underline("a b c", 2..3, "| ", Style::COLOUR), "| a \u{1b}[1;4;31mb\u{1b}[0m c\n");
    let long = format!("{}KEY{}", "x".repeat(100), "y".repeat(100));
    let expected = format!("| …{}KEY{}…\n| {}^^^\n", "x".repeat(36), "y".repeat(36), " ".repeat(37));
    assert_eq!(plain(&long, 100..103), expected);
    let found = plain(&"z".repeat(300), 0..300);
    assert_eq!(found, format!("| {0}…{0}\n| {1}\n", "z".repeat(32), "^".repeat(65)));
    // Ranges that fit no text are cut, not a panic.
    assert_eq!(plain("\u{e9}", 1..9), "| \u{e9}\n| ^\n");
}
