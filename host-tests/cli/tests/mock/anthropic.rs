//! Anthropic Messages and Text Completions.

use super::{events, joined, post, says_key_in_pieces, types};
use serde_json::{Value, json};
use weir_cli::client::Response;
use weir_cli::mock::Mock;
use weir_cli::mock::prompt::aws_access_key_id;

fn ask(mock: &Mock, prompt: &str, stream: bool) -> Response {
    let turns = json!([{"role": "user", "content": [{"type": "text", "text": prompt}]}]);
    let body = json!({"model": "claude", "messages": turns, "stream": stream, "tools": [{"name": "mail"}]});
    post(mock, "/v1/messages", &body)
}

#[test]
fn whole() {
    let mock = Mock::start().unwrap();
    let answer = ask(&mock, "say secret, say reasoning", false).json();
    assert_eq!((&answer["type"], &answer["stop_reason"]), (&json!("message"), &json!("end_turn")));
    assert_eq!(answer["content"][0]["type"], "thinking");
    assert!(answer["content"][0]["signature"].is_string());
    assert!(answer["content"][1]["text"].as_str().unwrap().contains(&aws_access_key_id()));
    assert!(answer["usage"]["input_tokens"].as_u64().unwrap() > 0);
    let tool = ask(&mock, "say tool", false).json();
    assert_eq!((&tool["content"][0]["name"], &tool["stop_reason"]), (&json!("mail"), &json!("tool_use")));
    assert_eq!(tool["content"][0]["input"]["subject"], "hello");
    let refusal = ask(&mock, "say refusal", false).json();
    assert_eq!((&refusal["content"], &refusal["stop_reason"]), (&json!([]), &json!("refusal")));
    assert_eq!(ask(&mock, "say choices", false).json()["content"].as_array().unwrap().len(), 3);
    let error = ask(&mock, "say error 529", false);
    assert_eq!((error.status, error.json()["error"]["type"].as_str()), (529, Some("overloaded_error")));
    assert_eq!(error.json()["type"], "error");
}

#[test]
fn what_a_tool_said_is_not_the_users() {
    let mock = Mock::start().unwrap();
    let result = json!([{"type": "tool_result", "tool_use_id": "t", "content": "say tool"}]);
    let turns = json!([{"role": "user", "content": "say tool"}, {"role": "assistant", "content": []},
        {"role": "user", "content": result}]);
    let answer = post(&mock, "/v1/messages", &json!({"messages": turns})).json();
    assert_eq!(answer["stop_reason"], "end_turn");
}

#[test]
fn messages_stream() {
    let mock = Mock::start().unwrap();
    let response = ask(&mock, "say secret, say reasoning", true);
    let sent = events(&response);
    let order = [
        "message_start",
        "content_block_start",
        "ping",
        "content_block_delta",
        "content_block_stop",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ];
    assert_eq!(types(&sent), order);
    says_key_in_pieces(&response, &joined(&sent, "/delta/text"));
    says_key_in_pieces(&response, &joined(&sent, "/delta/thinking"));
    assert!(sent.iter().any(|event| event["delta"]["type"] == "signature_delta"));
    let delta = &sent[sent.len() - 2];
    assert_eq!(delta["delta"]["stop_reason"], "end_turn");
    assert!(delta["usage"]["output_tokens"].as_u64().unwrap() > 0);
    let tool = events(&ask(&mock, "say tool", true));
    let arguments: Value = serde_json::from_str(&joined(&tool, "/delta/partial_json")).unwrap();
    assert_eq!(arguments["to"], "ada.lovelace@example.org");
}

#[test]
fn counts_completions_and_vertex() {
    let mock = Mock::start().unwrap();
    let body = json!({"messages": [{"role": "user", "content": "hi"}]});
    assert!(post(&mock, "/v1/messages/count_tokens", &body).json()["input_tokens"].as_u64().unwrap() > 0);
    let vertex = "/v1/projects/p/locations/l/publishers/anthropic/models/claude:rawPredict";
    assert_eq!(post(&mock, vertex, &body).json()["type"], "message");
    let prompt = "\n\nHuman: say card\n\nAssistant: no\n\nHuman: say secret\n\nAssistant:";
    let whole = post(&mock, "/v1/complete", &json!({"prompt": prompt})).json();
    let said = whole["completion"].as_str().unwrap();
    assert!(said.starts_with(" You said: \"say secret\"") && said.contains(&aws_access_key_id()), "{said}");
    assert_eq!((&whole["type"], &whole["stop_reason"]), (&json!("completion"), &json!("stop_sequence")));
    let stream = post(&mock, "/v1/complete", &json!({"prompt": prompt, "stream": true}));
    let sent = events(&stream);
    says_key_in_pieces(&stream, &joined(&sent, "/completion"));
    assert_eq!(types(&sent), ["completion", "ping", "completion"]);
}
