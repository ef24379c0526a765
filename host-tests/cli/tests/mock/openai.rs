//! OpenAI Chat, Completions, Embeddings, Moderations, and Azure's paths.

use super::{events, joined, post, says_key_in_pieces};
use serde_json::{Value, json};
use weir_cli::client::{Request, Response};
use weir_cli::mock::Mock;
use weir_cli::mock::openai::aws_access_key_id;

pub(crate) fn chat(mock: &Mock, prompt: &str, more: Value) -> Response {
    let mut body = json!({"model": "m", "messages": [{"role": "user", "content": prompt}]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    post(mock, "/v1/chat/completions", &body)
}

pub(crate) fn content(response: &Response) -> String {
    response.json()["choices"][0]["message"]["content"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn chats_stream() {
    let mock = Mock::start().unwrap();
    let response = chat(&mock, "say secret", json!({"stream": true, "stream_options": {"include_usage": true}}));
    assert!(response.text().ends_with("data: [DONE]\n\n"));
    let sent = events(&response);
    says_key_in_pieces(&response, &joined(&sent, "/choices/0/delta/content"));
    let last = sent.last().unwrap();
    assert_eq!(last["choices"], json!([]));
    assert!(last["usage"]["total_tokens"].as_u64().unwrap() > 0);
    let tool = events(&chat(&mock, "say tool", json!({"stream": true})));
    let arguments = joined(&tool, "/choices/0/delta/tool_calls/0/function/arguments");
    assert_eq!(serde_json::from_str::<Value>(&arguments).unwrap()["subject"], "hello");
    let refusal = events(&chat(&mock, "say refusal", json!({"stream": true})));
    assert_eq!(joined(&refusal, "/choices/0/delta/refusal"), "I will not do that.");
}

#[test]
fn chats_reason() {
    let mock = Mock::start().unwrap();
    let whole = chat(&mock, "say reasoning, say secret", json!({})).json();
    let thoughts = whole["choices"][0]["message"]["reasoning_content"].as_str().unwrap();
    assert!(thoughts.contains(&aws_access_key_id()), "{thoughts}");
    assert!(whole["usage"]["completion_tokens_details"]["reasoning_tokens"].as_u64().unwrap() > 0);
    let stream = chat(&mock, "say reasoning, say secret", json!({"stream": true}));
    says_key_in_pieces(&stream, &joined(&events(&stream), "/choices/0/delta/reasoning_content"));
    assert!(chat(&mock, "hi", json!({})).json().pointer("/choices/0/message/reasoning_content").is_none());
}

#[test]
fn a_tool_is_called_once() {
    let mock = Mock::start().unwrap();
    let turns = json!([{"role": "user", "content": "say tool"}, {"role": "assistant", "content": null},
        {"role": "tool", "tool_call_id": "call_mock_1", "content": "sent"}]);
    let answer = post(&mock, "/v1/chat/completions", &json!({"messages": turns})).json();
    assert_eq!(answer["choices"][0]["finish_reason"], "stop");
    assert_eq!(
        answer["choices"][0]["message"]["content"].as_str().map(|text| text.starts_with("You said")),
        Some(true)
    );
}

#[test]
fn completions() {
    let mock = Mock::start().unwrap();
    let ask = |more: bool| post(&mock, "/v1/completions", &json!({"prompt": "say secret", "stream": more}));
    let whole = ask(false).json();
    assert_eq!((&whole["object"], &whole["choices"][0]["finish_reason"]), (&json!("text_completion"), &json!("stop")));
    let stream = ask(true);
    let text = joined(&events(&stream), "/choices/0/text");
    says_key_in_pieces(&stream, &text);
    assert!(whole["choices"][0]["text"].as_str().unwrap().contains(&aws_access_key_id()));
}

#[test]
fn other_paths() {
    let mock = Mock::start().unwrap();
    let send = |request: Request| request.send(mock.address()).unwrap();
    assert_eq!(send(Request::new("GET", "/v1/models")).json()["data"][0]["id"], "mock-1");
    let embedded = send(Request::json("/v1/embeddings", r#"{"input":["a","b"]}"#)).json();
    assert_eq!(embedded["data"].as_array().unwrap().len(), 2);
    assert_eq!(embedded["data"][1]["embedding"], json!([0.25, -0.5, 0.125]));
    let packed = post(&mock, "/v1/embeddings", &json!({"input": "a", "encoding_format": "base64"})).json();
    // Three floats of four bytes, little end first: 0x3e800000, 0xbf000000, 0x3e000000.
    assert_eq!(packed["data"][0]["embedding"], "AACAPgAAAL8AAAA+");
    assert_eq!(send(Request::new("GET", "/nope")).status, 404);
    assert_eq!(send(Request::json("/v1/chat/completions", "{")).status, 400);
}

#[test]
fn moderations() {
    let mock = Mock::start().unwrap();
    let calm = post(&mock, "/v1/moderations", &json!({"input": ["a", "b"]})).json();
    assert_eq!(calm["results"].as_array().unwrap().len(), 2);
    assert_eq!(calm["results"][0]["flagged"], false);
    let hit = post(&mock, "/v1/moderations", &json!({"input": "say refusal"})).json();
    assert_eq!(
        (&hit["results"][0]["flagged"], &hit["results"][0]["categories"]["violence"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(hit["results"][0]["categories"]["hate"], false);
    assert_eq!(hit["results"][0]["category_scores"].as_object().unwrap().len(), 13);
}

#[test]
fn azure_and_those_who_speak_the_same() {
    let mock = Mock::start().unwrap();
    let body = json!({"messages": [{"role": "user", "content": "hi"}]});
    let paths = [
        "/openai/deployments/d/chat/completions?api-version=2024-10-21",
        "/openai/v1/chat/completions",
        "/api/v1/chat/completions",
        "/chat/completions",
    ];
    for path in paths {
        let answer = post(&mock, path, &body);
        assert!(content(&answer).starts_with("You said: \"hi\""), "{path}");
    }
    assert_eq!(post(&mock, "/openai/deployments/d/chat/completions", &body).status, 404, "no api-version");
    let error = json!({"messages": [{"role": "user", "content": "say error 429"}]});
    let error = post(&mock, "/openai/deployments/d/chat/completions?api-version=2024-10-21", &error);
    assert_eq!((error.status, error.json()["error"]["code"].as_str()), (429, Some("429")));
}
