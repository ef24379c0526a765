//! OpenAI Responses.

use super::{events, joined, post, types};
use serde_json::{Value, json};
use weir_cli::mock::Mock;
use weir_cli::mock::prompt::aws_access_key_id;

fn ask(mock: &Mock, prompt: &str) -> Value {
    post(mock, "/v1/responses", &json!({"model": "m", "input": prompt})).json()
}

fn stream(mock: &Mock, prompt: &str) -> Vec<Value> {
    let tools = json!([{"type": "function", "name": "mail"}]);
    let sent = events(&post(mock, "/v1/responses", &json!({"input": prompt, "stream": true, "tools": tools})));
    let numbers: Vec<u64> = sent.iter().map(|event| event["sequence_number"].as_u64().unwrap()).collect();
    assert!(numbers.iter().copied().eq(0..sent.len() as u64), "{numbers:?}");
    sent
}

fn deltas(sent: &[Value], kind: &str) -> String {
    let deltas: Vec<Value> = sent.iter().filter(|event| event["type"] == kind).cloned().collect();
    joined(&deltas, "/delta")
}

#[test]
fn whole() {
    let mock = Mock::start().unwrap();
    let answer = ask(&mock, "say secret, say reasoning");
    assert_eq!((&answer["object"], &answer["status"]), (&json!("response"), &json!("completed")));
    assert_eq!(answer["output"][0]["type"], "reasoning");
    let part = &answer["output"][1]["content"][0];
    assert_eq!(part["type"], "output_text");
    assert!(part["text"].as_str().unwrap().contains(&aws_access_key_id()));
    assert!(answer["usage"]["output_tokens_details"]["reasoning_tokens"].as_u64().unwrap() > 0);
    assert_eq!(ask(&mock, "say tool")["output"][0]["type"], "function_call");
    assert_eq!(ask(&mock, "say refusal")["output"][0]["content"][0]["refusal"], "I will not do that.");
    assert_eq!(ask(&mock, "say choices")["output"].as_array().unwrap().len(), 3);
    let turns = json!([{"role": "user", "content": [{"type": "input_text", "text": "say tool"}]},
        {"type": "reasoning", "id": "rs_1", "summary": []}, {"type": "function_call", "call_id": "c", "name": "n", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": "sent"}]);
    let after = post(&mock, "/v1/responses", &json!({"input": turns})).json();
    let said = after["output"][0]["content"][0]["text"].as_str().unwrap();
    assert!(said.starts_with("You said: \"say tool\""), "{said}");
    assert_eq!(after["output"][0]["type"], "message", "a tool is called once");
}

#[test]
fn text_and_thoughts_stream() {
    let mock = Mock::start().unwrap();
    let sent = stream(&mock, "say secret, say reasoning");
    let order = [
        "created",
        "in_progress",
        "output_item.added",
        "reasoning_summary_part.added",
        "reasoning_summary_text.delta",
        "reasoning_summary_text.done",
        "reasoning_summary_part.done",
        "output_item.done",
        "output_item.added",
        "content_part.added",
        "output_text.delta",
        "output_text.done",
        "content_part.done",
        "output_item.done",
        "completed",
    ];
    assert_eq!(types(&sent), order.map(|kind| format!("response.{kind}")));
    let text = deltas(&sent, "response.output_text.delta");
    let completed = sent.last().unwrap();
    assert_eq!(completed["response"]["output"][1]["content"][0]["text"], text);
    assert!(text.contains(&aws_access_key_id()));
    let thoughts = deltas(&sent, "response.reasoning_summary_text.delta");
    assert_eq!(completed["response"]["output"][0]["summary"][0]["text"], thoughts);
    assert_eq!(sent[0]["response"]["usage"], Value::Null);
}

#[test]
fn calls_and_refusals_stream() {
    let mock = Mock::start().unwrap();
    let sent = stream(&mock, "say tool");
    let done = sent.iter().find(|event| event["type"] == "response.function_call_arguments.done").unwrap();
    assert_eq!(done["arguments"], deltas(&sent, "response.function_call_arguments.delta"));
    assert_eq!(sent.last().unwrap()["response"]["output"][0]["name"], "mail");
    let sent = stream(&mock, "say refusal");
    assert_eq!(deltas(&sent, "response.refusal.delta"), "I will not do that.");
    assert!(types(&sent).contains(&"response.refusal.done"));
}
