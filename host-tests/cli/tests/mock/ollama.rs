//! Ollama.

use super::{joined, post, says_key_in_pieces};
use serde_json::{Value, json};
use weir_cli::client::{Request, Response};
use weir_cli::mock::Mock;
use weir_cli::mock::prompt::aws_access_key_id;

fn ask(mock: &Mock, prompt: &str, more: Value) -> Response {
    let tools = json!([{"type": "function", "function": {"name": "mail"}}]);
    let mut body = json!({"model": "m", "messages": [{"role": "user", "content": prompt}], "tools": tools});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    post(mock, "/api/chat", &body)
}

/// Lines of JSON, of which the last says that it is.
fn lines(response: &Response) -> Vec<Value> {
    assert_eq!(response.header("content-type").unwrap(), "application/x-ndjson");
    let lines: Vec<Value> = response.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let done: Vec<bool> = lines.iter().map(|line| line["done"].as_bool().unwrap()).collect();
    assert_eq!(done.iter().position(|done| *done), Some(done.len() - 1));
    assert!(lines.last().unwrap()["eval_count"].as_u64().unwrap() > 0);
    lines
}

#[test]
fn chats() {
    let mock = Mock::start().unwrap();
    let whole = ask(&mock, "say secret, say reasoning", json!({"stream": false})).json();
    assert!(whole["message"]["content"].as_str().unwrap().contains(&aws_access_key_id()));
    assert!(whole["message"]["thinking"].is_string());
    assert_eq!((&whole["done"], &whole["done_reason"]), (&json!(true), &json!("stop")));
    // A stream unless told not to.
    let response = ask(&mock, "say secret, say reasoning", json!({}));
    let sent = lines(&response);
    says_key_in_pieces(&response, &joined(&sent, "/message/content"));
    says_key_in_pieces(&response, &joined(&sent, "/message/thinking"));
    let tool = lines(&ask(&mock, "say tool", json!({})));
    let call = &tool[0]["message"]["tool_calls"][0]["function"];
    assert_eq!((&call["name"], &call["arguments"]["subject"]), (&json!("mail"), &json!("hello")));
    let error = ask(&mock, "say error 404", json!({}));
    assert_eq!((error.status, error.json()), (404, json!({"error": "you asked for this error"})));
}

#[test]
fn generates_and_embeds() {
    let mock = Mock::start().unwrap();
    let response = post(&mock, "/api/generate", &json!({"prompt": "say secret, say reasoning"}));
    let sent = lines(&response);
    says_key_in_pieces(&response, &joined(&sent, "/response"));
    says_key_in_pieces(&response, &joined(&sent, "/thinking"));
    let whole = post(&mock, "/api/generate", &json!({"prompt": "hi", "stream": false})).json();
    assert!(whole["response"].as_str().unwrap().starts_with("You said: \"hi\""));
    let embedded = post(&mock, "/api/embed", &json!({"input": ["a", "b"]})).json();
    assert_eq!(embedded["embeddings"].as_array().unwrap().len(), 2);
    let tags = Request::new("GET", "/api/tags").send(mock.address()).unwrap().json();
    assert_eq!(tags["models"][0]["name"], "mock-1");
}
