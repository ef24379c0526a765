//! Cohere chat, version 2.

use super::{events, joined, post, says_key_in_pieces, types};
use serde_json::{Value, json};
use weir_cli::client::Response;
use weir_cli::mock::Mock;
use weir_cli::mock::prompt::aws_access_key_id;

fn ask(mock: &Mock, prompt: &str, stream: bool) -> Response {
    let body = json!({
        "model": "command", "messages": [{"role": "user", "content": prompt}], "stream": stream,
        "tools": [{"type": "function", "function": {"name": "mail"}}],
        "documents": [{"id": "d1", "data": {"text": "a document"}}],
    });
    post(mock, "/v2/chat", &body)
}

#[test]
fn whole() {
    let mock = Mock::start().unwrap();
    let answer = ask(&mock, "say secret, say reasoning", false).json();
    assert_eq!(answer["finish_reason"], "COMPLETE");
    assert_eq!(answer["message"]["content"][0]["type"], "thinking");
    let text = answer["message"]["content"][1]["text"].as_str().unwrap();
    assert!(text.contains(&aws_access_key_id()));
    let citation = &answer["message"]["citations"][0];
    assert_eq!(citation["sources"][0]["id"], "d1");
    assert!(text.starts_with(citation["text"].as_str().unwrap()));
    assert!(answer["usage"]["billed_units"]["input_tokens"].as_u64().unwrap() > 0);
    let tool = ask(&mock, "say tool", false).json();
    assert_eq!(
        (&tool["finish_reason"], &tool["message"]["tool_calls"][0]["function"]["name"]),
        (&json!("TOOL_CALL"), &json!("mail"))
    );
    assert!(tool["message"]["tool_plan"].is_string());
    let error = ask(&mock, "say error 429", false);
    assert_eq!((error.status, error.json()["message"].as_str()), (429, Some("you asked for this error")));
}

#[test]
fn streams() {
    let mock = Mock::start().unwrap();
    let response = ask(&mock, "say secret", true);
    assert!(response.text().ends_with("data: [DONE]\n\n"));
    let sent = events(&response);
    says_key_in_pieces(&response, &joined(&sent, "/delta/message/content/text"));
    let order = [
        "message-start",
        "content-start",
        "content-delta",
        "citation-start",
        "citation-end",
        "content-end",
        "message-end",
    ];
    assert_eq!(types(&sent), order);
    assert_eq!(sent.last().unwrap()["delta"]["finish_reason"], "COMPLETE");
    let tool = events(&ask(&mock, "say tool", true));
    let order =
        ["message-start", "tool-plan-delta", "tool-call-start", "tool-call-delta", "tool-call-end", "message-end"];
    assert_eq!(types(&tool), order);
    let arguments = joined(&tool, "/delta/message/tool_calls/function/arguments");
    assert_eq!(serde_json::from_str::<Value>(&arguments).unwrap()["subject"], "hello");
}
