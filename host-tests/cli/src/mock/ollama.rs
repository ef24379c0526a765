//! Ollama: chat, generate (both stream unless told not to, a line of JSON for each piece), embeddings, and the list of
//! models.

use super::delivery::{deliver, lines, read};
use super::openai::{VECTOR, model_of};
use super::prompt::{Answer, Prompt, pieces};
use super::{Received, Reply};
use serde_json::{Map, Value, json};

/// The answer to a request on one of Ollama's paths.
pub(super) fn answer(request: &Received, _: u64) -> Option<Reply> {
    let make = match (request.method.as_str(), request.route()) {
        ("POST", "/api/chat") => chat,
        ("POST", "/api/generate") => generate,
        ("POST", "/api/embed") => embed,
        ("GET", "/api/tags") => {
            let model = json!({"name": "mock-1", "model": "mock-1", "modified_at": MADE_AT, "size": 0, "digest": ""});
            return Some(Reply::json(200, json!({"models": [model]}).to_string()));
        }
        ("GET", "/api/version") => return Some(Reply::json(200, json!({"version": "0.0.0-mock"}).to_string())),
        _ => return None,
    };
    Some(read(request, error).map_or_else(|refused| refused, |body| make(request, &body)))
}

/// When answers say that they were made: [`CREATED`](super::delivery::CREATED), written out.
const MADE_AT: &str = "2026-01-01T00:00:00Z";

/// An error as Ollama says it.
fn error(status: u16, message: &str) -> Reply {
    Reply::json(status, json!({"error": message}).to_string())
}

/// Whole, or in pieces with a last one that counts. `part` makes the fields of a piece.
fn shaped(body: &Value, answer: &Answer, whole: Value, parts: Vec<Value>, empty: Value) -> Reply {
    let object = |fields: Value, done: bool| {
        let mut object = Map::new();
        object.insert("model".into(), model_of(body).into());
        object.insert("created_at".into(), MADE_AT.into());
        object.extend(fields.as_object().cloned().unwrap_or_default());
        object.insert("done".into(), done.into());
        if done {
            let counts = json!({
                "done_reason": "stop", "total_duration": 12_000_000, "load_duration": 1_000_000,
                "prompt_eval_count": answer.tokens.input, "prompt_eval_duration": 2_000_000,
                "eval_count": answer.tokens.output, "eval_duration": 9_000_000,
            });
            object.extend(counts.as_object().cloned().unwrap_or_default());
        }
        Value::from(object)
    };
    if body.get("stream").and_then(Value::as_bool).unwrap_or(true) {
        let parts = parts.into_iter().map(|part| object(part, false));
        return lines(parts.chain(std::iter::once(object(empty, true))).collect::<Vec<_>>());
    }
    Reply::json(200, object(whole, true).to_string())
}

fn chat(request: &Received, body: &Value) -> Reply {
    let place = ["/tools/0/function/name"];
    let prompt = Prompt::of_turns(body, "messages", request.body.len()).with_tool(body, &place);
    deliver(&prompt, error, |answer| {
        let message = |thinking: Option<&str>, content: &str, call: bool| {
            let mut message = json!({"role": "assistant", "content": content});
            if let Some(fields) = message.as_object_mut() {
                if let Some(thinking) = thinking {
                    fields.insert("thinking".into(), thinking.into());
                }
                if let Some(call) = answer.called().filter(|_| call) {
                    let function = json!({"index": 0, "name": call.name, "arguments": call.arguments});
                    fields.insert("tool_calls".into(), json!([{"id": "call_mock_1", "function": function}]));
                }
            }
            json!({"message": message})
        };
        let words = if answer.called().is_some() { "" } else { answer.words() };
        let thoughts = answer.reasoning.as_deref();
        let mut parts: Vec<Value> =
            thoughts.iter().flat_map(|text| pieces(text)).map(|piece| message(Some(&piece), "", false)).collect();
        // A call comes in one piece.
        parts.extend(answer.called().map(|_| message(None, "", true)));
        parts.extend(pieces(words).map(|piece| message(None, &piece, false)));
        shaped(body, answer, message(thoughts, words, true), parts, message(None, "", false))
    })
}

fn generate(request: &Received, body: &Value) -> Reply {
    let prompt = Prompt::of_turns(body, "prompt", request.body.len());
    deliver(&prompt, error, |answer| {
        let part = |text: String| json!({"response": text});
        let thoughts = answer.reasoning.iter().flat_map(|text| pieces(text));
        let mut parts: Vec<Value> = thoughts.map(|piece| json!({"response": "", "thinking": piece})).collect();
        parts.extend(pieces(answer.words()).map(part));
        let mut whole = part(answer.words().to_owned());
        if let (Some(fields), Some(thoughts)) = (whole.as_object_mut(), &answer.reasoning) {
            fields.insert("thinking".into(), thoughts.as_str().into());
        }
        let last = json!({"response": "", "context": [1, 2, 3]});
        shaped(body, answer, whole, parts, last)
    })
}

fn embed(request: &Received, body: &Value) -> Reply {
    let prompt = Prompt::of_turns(body, "input", request.body.len());
    deliver(&prompt, error, |answer| {
        let count = body.get("input").and_then(Value::as_array).map_or(1, Vec::len);
        let body = json!({
            "model": model_of(body), "embeddings": vec![VECTOR; count], "total_duration": 12_000_000,
            "load_duration": 1_000_000, "prompt_eval_count": answer.tokens.input,
        });
        Reply::json(200, body.to_string())
    })
}
