//! Anthropic's Messages (whole, as a stream, and counted) and Text Completions, on Anthropic's own paths and on those of
//! Vertex. Bedrock wraps the same bodies: see [`bedrock`](super::bedrock).

use super::delivery::{deliver, named_events, read};
use super::openai::{is_set, model_of};
use super::prompt::{Answer, Block, Prompt, SIGNATURE, pieces};
use super::{Received, Reply};
use serde_json::{Value, json};

/// The answer to a request on one of Anthropic's paths.
pub(super) fn answer(request: &Received, number: u64) -> Option<Reply> {
    let make = match (request.method.as_str(), request.route()) {
        ("POST", "/v1/messages") => messages,
        ("POST", "/v1/messages/count_tokens") => count,
        ("POST", "/v1/complete") => complete,
        ("POST", path) if path.contains("/publishers/anthropic/models/") => match path.rsplit_once(':')?.1 {
            "rawPredict" | "streamRawPredict" => messages,
            _ => return None,
        },
        _ => return None,
    };
    Some(read(request, error).map_or_else(|refused| refused, |body| make(request, &body, number)))
}

/// An error as Anthropic says it.
pub(super) fn error(status: u16, message: &str) -> Reply {
    let kind = match status {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        529 => "overloaded_error",
        500.. => "api_error",
        _ => "invalid_request_error",
    };
    let error = json!({"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_mock_1"});
    Reply::json(status, error.to_string())
}

/// The prompt of a Messages request.
pub(super) fn prompt_of(body: &Value, bytes: usize) -> Prompt {
    Prompt::of_turns(body, "messages", bytes).with_tool(body, &["/tools/0/name"])
}

fn messages(request: &Received, body: &Value, number: u64) -> Reply {
    deliver(&prompt_of(body, request.body.len()), error, |answer| {
        let model = model_of(body);
        if is_set(body, "/stream") {
            return named_events(stream(answer, &model, number));
        }
        Reply::json(200, message(answer, &model, number).to_string())
    })
}

fn count(request: &Received, body: &Value, _: u64) -> Reply {
    deliver(&prompt_of(body, request.body.len()), error, |answer| {
        Reply::json(200, json!({"input_tokens": answer.tokens.input}).to_string())
    })
}

/// A whole message.
pub(super) fn message(answer: &Answer, model: &str, number: u64) -> Value {
    let content: Vec<Value> = answer.blocks().iter().filter_map(content_of).collect();
    shell(model, number, &content, stop_reason(answer).into(), (answer.tokens.input, answer.tokens.output))
}

fn shell(model: &str, number: u64, content: &[Value], reason: Value, (input, output): (usize, usize)) -> Value {
    json!({
        "id": format!("msg_mock_{number}"), "type": "message", "role": "assistant", "model": model,
        "content": content, "stop_reason": reason, "stop_sequence": null,
        "usage": {
            "input_tokens": input, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
            "output_tokens": output, "service_tier": "standard",
        },
    })
}

fn stop_reason(answer: &Answer) -> &'static str {
    match answer.called() {
        _ if answer.refusal => "refusal",
        Some(_) => "tool_use",
        None => "end_turn",
    }
}

/// A refusal is a stop reason and no content.
fn content_of(block: &Block<'_>) -> Option<Value> {
    match block {
        Block::Reasoning(text) => Some(json!({"type": "thinking", "thinking": text, "signature": SIGNATURE})),
        Block::Text(text) => Some(json!({"type": "text", "text": text})),
        Block::Call(call) => {
            Some(json!({"type": "tool_use", "id": "toolu_mock_1", "name": call.name, "input": call.arguments}))
        }
        Block::Refusal(_) => None,
    }
}

/// The events of a message as a stream.
pub(super) fn stream(answer: &Answer, model: &str, number: u64) -> Vec<Value> {
    let begun = shell(model, number, &[], Value::Null, (answer.tokens.input, 1));
    let mut events = vec![json!({"type": "message_start", "message": begun})];
    let blocks = answer.blocks();
    let with_content = blocks.iter().filter(|block| !matches!(block, Block::Refusal(_)));
    for (index, block) in with_content.enumerate() {
        let (begun, deltas) = opened(block);
        events.push(json!({"type": "content_block_start", "index": index, "content_block": begun}));
        if index == 0 {
            events.push(json!({"type": "ping"}));
        }
        let delta = |delta| json!({"type": "content_block_delta", "index": index, "delta": delta});
        events.extend(deltas.into_iter().map(delta));
        events.push(json!({"type": "content_block_stop", "index": index}));
    }
    let delta = json!({"stop_reason": stop_reason(answer), "stop_sequence": null});
    events.push(json!({"type": "message_delta", "delta": delta, "usage": {"output_tokens": answer.tokens.output}}));
    events.push(json!({"type": "message_stop"}));
    events
}

/// A block before anything is in it, and the deltas that fill it.
fn opened(block: &Block<'_>) -> (Value, Vec<Value>) {
    match block {
        Block::Reasoning(text) => {
            let thoughts = pieces(text).map(|piece| json!({"type": "thinking_delta", "thinking": piece}));
            let signed = json!({"type": "signature_delta", "signature": SIGNATURE});
            let deltas = thoughts.chain(std::iter::once(signed)).collect();
            (json!({"type": "thinking", "thinking": "", "signature": ""}), deltas)
        }
        Block::Text(text) | Block::Refusal(text) => {
            let deltas = pieces(text).map(|piece| json!({"type": "text_delta", "text": piece})).collect();
            (json!({"type": "text", "text": ""}), deltas)
        }
        Block::Call(call) => {
            // The first delta is empty, as it is at Anthropic.
            let json = std::iter::once(String::new()).chain(pieces(&call.arguments.to_string()));
            let deltas = json.map(|piece| json!({"type": "input_json_delta", "partial_json": piece})).collect();
            (json!({"type": "tool_use", "id": "toolu_mock_1", "name": call.name, "input": {}}), deltas)
        }
    }
}

/// The part of a completion's prompt that the human said last.
pub(super) fn said_by_human(prompt: &str) -> &str {
    let turn = prompt.rsplit("\n\nHuman:").next().unwrap_or(prompt);
    turn.split("\n\nAssistant:").next().unwrap_or(turn).trim()
}

fn complete(request: &Received, body: &Value, number: u64) -> Reply {
    let whole = body.get("prompt").and_then(Value::as_str).unwrap_or_default();
    let mut prompt = Prompt::of_text(said_by_human(whole).to_owned(), request.body.len());
    prompt.whole = whole.to_owned();
    deliver(&prompt, error, |answer| {
        let part = |text: &str, reason: Value| {
            json!({
                "type": "completion", "id": format!("compl_mock_{number}"), "completion": text,
                "stop_reason": reason, "model": model_of(body), "stop": null, "log_id": format!("compl_mock_{number}"),
            })
        };
        let said = format!(" {}", answer.words());
        if !is_set(body, "/stream") {
            return Reply::json(200, part(&said, "stop_sequence".into()).to_string());
        }
        let mut events: Vec<Value> = pieces(&said).map(|piece| part(&piece, Value::Null)).collect();
        events.insert(1, json!({"type": "ping"}));
        events.push(part("", "stop_sequence".into()));
        named_events(events)
    })
}
