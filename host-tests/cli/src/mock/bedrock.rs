//! AWS Bedrock: Converse and InvokeModel, whole and as event streams. Every request must carry a right signature
//! ([`sigv4`]). Bodies for InvokeModel are those of the model's vendor: Anthropic's Messages, Amazon Titan, Meta Llama.

use super::delivery::{base64, deliver, percent_decoded, read};
use super::event_stream::event;
use super::prompt::{Answer, Block, Prompt, SIGNATURE, pieces};
use super::{Received, Reply, anthropic, sigv4};
use crate::Step;
use serde_json::{Map, Value, json};

/// The answer to a request on one of Bedrock's paths, `/model/{id}/{operation}`. Ids hold colons, encoded or not.
pub(super) fn answer(request: &Received, number: u64) -> Option<Reply> {
    let (model, operation) = request.route().strip_prefix("/model/")?.rsplit_once('/')?;
    let known = ["converse", "converse-stream", "invoke", "invoke-with-response-stream"];
    if request.method != "POST" || !known.contains(&operation) {
        return None;
    }
    if let Err(refusal) = sigv4::verify(request, "bedrock") {
        return Some(exception(403, refusal.exception(), refusal.message()));
    }
    let model = percent_decoded(model);
    Some(read(request, error).map_or_else(
        |refused| refused,
        |body| match operation {
            "converse" | "converse-stream" => converse(request, &body, operation == "converse-stream"),
            _ => invoke(request, &body, &model, number, operation == "invoke-with-response-stream"),
        },
    ))
}

fn exception(status: u16, name: &str, message: &str) -> Reply {
    Reply::json(status, json!({"message": message}).to_string()).header("x-amzn-errortype", name)
}

/// An error as Bedrock says it.
fn error(status: u16, message: &str) -> Reply {
    let name = match status {
        403 => "AccessDeniedException",
        404 => "ResourceNotFoundException",
        408 => "ModelTimeoutException",
        424 => "ModelErrorException",
        429 => "ThrottlingException",
        503 => "ServiceUnavailableException",
        500.. => "InternalServerException",
        _ => "ValidationException",
    };
    exception(status, name, message)
}

fn stream(frames: impl IntoIterator<Item = Vec<u8>>) -> Reply {
    let steps = frames.into_iter().map(Step::data).collect();
    Reply::new(200).header("content-type", "application/vnd.amazon.eventstream").steps(steps)
}

fn converse(request: &Received, body: &Value, streamed: bool) -> Reply {
    let place = ["/toolConfig/tools/0/toolSpec/name"];
    let prompt = Prompt::of_turns(body, "messages", request.body.len()).with_tool(body, &place);
    deliver(&prompt, error, |answer| {
        if streamed {
            return stream(converse_events(answer).iter().map(|(kind, payload)| event(kind, payload)));
        }
        let content: Vec<Value> = answer.blocks().iter().map(content_of).collect();
        let message = json!({"role": "assistant", "content": content});
        let mut body = costs(answer);
        body.insert("output".into(), json!({"message": message}));
        body.insert("stopReason".into(), stop_reason(answer).into());
        Reply::json(200, Value::from(body).to_string())
    })
}

fn costs(answer: &Answer) -> Map<String, Value> {
    let (input, output) = (answer.tokens.input, answer.tokens.output);
    let usage = json!({"inputTokens": input, "outputTokens": output, "totalTokens": input + output});
    let fields = [("usage", usage), ("metrics", json!({"latencyMs": 12}))];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn stop_reason(answer: &Answer) -> &'static str {
    match answer.called() {
        _ if answer.refusal => "content_filtered",
        Some(_) => "tool_use",
        None => "end_turn",
    }
}

fn content_of(block: &Block<'_>) -> Value {
    match block {
        Block::Reasoning(text) => {
            json!({"reasoningContent": {"reasoningText": {"text": text, "signature": SIGNATURE}}})
        }
        Block::Text(text) | Block::Refusal(text) => json!({"text": text}),
        Block::Call(call) => {
            json!({"toolUse": {"toolUseId": "tooluse_mock_1", "name": call.name, "input": call.arguments}})
        }
    }
}

fn converse_events(answer: &Answer) -> Vec<(&'static str, Value)> {
    let mut events = vec![("messageStart", json!({"role": "assistant"}))];
    for (index, block) in answer.blocks().iter().enumerate() {
        let deltas: Vec<Value> = match block {
            Block::Reasoning(text) => {
                let thoughts = pieces(text).map(|piece| json!({"reasoningContent": {"text": piece}}));
                let signed = json!({"reasoningContent": {"signature": SIGNATURE}});
                thoughts.chain(std::iter::once(signed)).collect()
            }
            Block::Text(text) | Block::Refusal(text) => pieces(text).map(|piece| json!({"text": piece})).collect(),
            Block::Call(call) => {
                // Only tools have a start of their own.
                let start = json!({"toolUse": {"toolUseId": "tooluse_mock_1", "name": call.name}});
                events.push(("contentBlockStart", json!({"start": start, "contentBlockIndex": index})));
                pieces(&call.arguments.to_string()).map(|piece| json!({"toolUse": {"input": piece}})).collect()
            }
        };
        let delta = |delta| ("contentBlockDelta", json!({"delta": delta, "contentBlockIndex": index}));
        events.extend(deltas.into_iter().map(delta));
        events.push(("contentBlockStop", json!({"contentBlockIndex": index})));
    }
    events.push(("messageStop", json!({"stopReason": stop_reason(answer)})));
    events.push(("metadata", costs(answer).into()));
    // Bedrock pads payloads so that their sizes tell nothing; clients overlook the field.
    for (place, (_, payload)) in events.iter_mut().enumerate() {
        let padding: String = "abcdefghijklmnopqrstuvwxyz".chars().take(1 + place * 7 % 26).collect();
        payload.as_object_mut().map(|fields| fields.insert("p".into(), padding.into()));
    }
    events
}

fn invoke(request: &Received, body: &Value, model: &str, number: u64, streamed: bool) -> Reply {
    let bytes = request.body.len();
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    type Whole = fn(&Answer, &str, u64) -> Value;
    type Chunks = fn(&Answer, &str, u64) -> Vec<Value>;
    let (prompt, whole, chunks): (Prompt, Whole, Chunks) = if model.contains("anthropic.") {
        (anthropic::prompt_of(body, bytes), anthropic::message, anthropic::stream)
    } else if model.contains("amazon.titan") {
        (Prompt::of_text(text("inputText"), bytes), titan, titan_chunks)
    } else if model.contains("meta.llama") {
        (Prompt::of_text(text("prompt"), bytes), llama, llama_chunks)
    } else {
        return error(400, "The provided model identifier is invalid.");
    };
    deliver(&prompt, error, |answer| {
        if !streamed {
            return Reply::json(200, whole(answer, model, number).to_string());
        }
        let mut chunks = chunks(answer, model, number);
        if let Some(last) = chunks.last_mut().and_then(Value::as_object_mut) {
            let metrics = json!({
                "inputTokenCount": answer.tokens.input, "outputTokenCount": answer.tokens.output,
                "invocationLatency": 12, "firstByteLatency": 3,
            });
            last.insert("amazon-bedrock-invocationMetrics".into(), metrics);
        }
        let wrapped = |chunk: &Value| event("chunk", &json!({"bytes": base64(chunk.to_string().as_bytes())}));
        stream(chunks.iter().map(wrapped)).header("x-amzn-bedrock-content-type", "application/json")
    })
}

fn titan(answer: &Answer, _: &str, _: u64) -> Value {
    let result = json!({
        "tokenCount": answer.tokens.output, "outputText": answer.words(), "completionReason": "FINISH",
    });
    json!({"inputTextTokenCount": answer.tokens.input, "results": [result]})
}

fn titan_chunks(answer: &Answer, _: &str, _: u64) -> Vec<Value> {
    let chunk = |text: &str, count: Value, reason: Value| {
        json!({
            "outputText": text, "index": 0, "totalOutputTextTokenCount": count, "completionReason": reason,
            "inputTextTokenCount": answer.tokens.input,
        })
    };
    let mut chunks: Vec<Value> = pieces(answer.words()).map(|piece| chunk(&piece, Value::Null, Value::Null)).collect();
    chunks.push(chunk("", answer.tokens.output.into(), "FINISH".into()));
    chunks
}

fn llama(answer: &Answer, _: &str, _: u64) -> Value {
    json!({
        "generation": answer.words(), "prompt_token_count": answer.tokens.input,
        "generation_token_count": answer.tokens.output, "stop_reason": "stop",
    })
}

fn llama_chunks(answer: &Answer, _: &str, _: u64) -> Vec<Value> {
    let mut chunks: Vec<Value> = Vec::new();
    for piece in pieces(answer.words()) {
        // Only the first chunk counts the prompt.
        let prompt = if chunks.is_empty() { answer.tokens.input.into() } else { Value::Null };
        chunks.push(json!({
            "generation": piece, "prompt_token_count": prompt, "generation_token_count": chunks.len() + 1,
            "stop_reason": null,
        }));
    }
    chunks.push(json!({
        "generation": "", "prompt_token_count": null, "generation_token_count": chunks.len() + 1,
        "stop_reason": "stop",
    }));
    chunks
}
