//! Cohere's chat, version 2, whole and as a stream. Where the request brings documents, the answer cites the first.

use super::delivery::{deliver, named_events, read};
use super::openai::is_set;
use super::prompt::{Answer, Block, Prompt, pieces};
use super::{Received, Reply};
use crate::Step;
use serde_json::{Value, json};

/// The answer to `POST /v2/chat`.
pub(super) fn answer(request: &Received, number: u64) -> Option<Reply> {
    let ours = request.method == "POST" && request.route() == "/v2/chat";
    ours.then(|| read(request, error).map_or_else(|refused| refused, |body| chat(request, &body, number)))
}

/// An error as Cohere says it.
fn error(status: u16, message: &str) -> Reply {
    Reply::json(status, json!({"id": "mock-error", "message": message}).to_string())
}

/// What is said before a tool is called.
const PLAN: &str = "I will call the tool.";

fn chat(request: &Received, body: &Value, number: u64) -> Reply {
    let place = ["/tools/0/function/name"];
    let prompt = Prompt::of_turns(body, "messages", request.body.len()).with_tool(body, &place);
    deliver(&prompt, error, |answer| {
        let id = format!("mock-{number}");
        let cited = body.pointer("/documents/0").map(|document| citation(document, answer));
        if !is_set(body, "/stream") {
            return Reply::json(200, whole(answer, &id, cited).to_string());
        }
        let mut reply = named_events(stream(answer, &id, cited));
        reply.body.push(Step::data("data: [DONE]\n\n"));
        reply
    })
}

/// The first words of the answer, with the document they are said to come from.
fn citation(document: &Value, answer: &Answer) -> Value {
    let words: String = answer.words().chars().take(8).collect();
    let source = match document {
        Value::String(text) => json!({"type": "document", "id": "doc:0", "document": {"id": "doc:0", "text": text}}),
        other => {
            let id = other.get("id").cloned().unwrap_or_else(|| json!("doc:0"));
            let data = other.get("data").cloned().unwrap_or_else(|| json!({}));
            json!({"type": "document", "id": id, "document": data})
        }
    };
    let end = words.chars().count();
    json!({"start": 0, "end": end, "text": words, "sources": [source], "type": "TEXT_CONTENT", "content_index": 0})
}

fn reason(answer: &Answer) -> &'static str {
    if answer.called().is_some() { "TOOL_CALL" } else { "COMPLETE" }
}

fn usage(answer: &Answer) -> Value {
    let counted = json!({"input_tokens": answer.tokens.input, "output_tokens": answer.tokens.output});
    json!({"billed_units": counted, "tokens": counted, "cached_tokens": 0})
}

fn whole(answer: &Answer, id: &str, cited: Option<Value>) -> Value {
    let mut message = json!({"role": "assistant"});
    let mut set = |name: &str, value: Value| {
        message.as_object_mut().map(|fields| fields.insert(name.to_owned(), value));
    };
    let mut content = Vec::new();
    for block in answer.blocks() {
        match block {
            Block::Reasoning(text) => content.push(json!({"type": "thinking", "thinking": text})),
            Block::Text(text) | Block::Refusal(text) => content.push(json!({"type": "text", "text": text})),
            Block::Call(call) => {
                let function = json!({"name": call.name, "arguments": call.arguments.to_string()});
                set("tool_plan", PLAN.into());
                set("tool_calls", json!([{"id": "call_mock_1", "type": "function", "function": function}]));
            }
        }
    }
    if !content.is_empty() {
        set("content", content.into());
    }
    if let Some(cited) = cited.filter(|_| answer.called().is_none()) {
        set("citations", json!([cited]));
    }
    json!({"id": id, "finish_reason": reason(answer), "message": message, "usage": usage(answer)})
}

fn stream(answer: &Answer, id: &str, cited: Option<Value>) -> Vec<Value> {
    let begun = json!({"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []});
    let mut events = vec![json!({"id": id, "type": "message-start", "delta": {"message": begun}})];
    let event = |kind: &str, index: usize, name: &str, part: Value| json!({"type": kind, "index": index, "delta": {"message": {name: part}}});
    for (index, block) in answer.blocks().into_iter().enumerate() {
        let (kind, name, text) = match block {
            Block::Reasoning(text) => ("thinking", "thinking", text),
            Block::Text(text) | Block::Refusal(text) => ("text", "text", text),
            Block::Call(call) => {
                let plan = |piece| json!({"type": "tool-plan-delta", "delta": {"message": {"tool_plan": piece}}});
                events.extend(pieces(PLAN).map(plan));
                let function = json!({"name": call.name, "arguments": ""});
                let begun = json!({"id": "call_mock_1", "type": "function", "function": function});
                events.push(event("tool-call-start", 0, "tool_calls", begun));
                let delta =
                    |piece| event("tool-call-delta", 0, "tool_calls", json!({"function": {"arguments": piece}}));
                events.extend(pieces(&call.arguments.to_string()).map(delta));
                events.push(json!({"type": "tool-call-end", "index": 0}));
                continue;
            }
        };
        events.push(event("content-start", index, "content", json!({"type": kind, name: ""})));
        events.extend(pieces(text).map(|piece| event("content-delta", index, "content", json!({name: piece}))));
        if let Some(cited) = cited.as_ref().filter(|_| kind == "text") {
            events.push(event("citation-start", 0, "citations", cited.clone()));
            events.push(json!({"type": "citation-end", "index": 0}));
        }
        events.push(json!({"type": "content-end", "index": index}));
    }
    let delta = json!({"finish_reason": reason(answer), "usage": usage(answer)});
    events.push(json!({"id": id, "type": "message-end", "delta": delta}));
    events
}
