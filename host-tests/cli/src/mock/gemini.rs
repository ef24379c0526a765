//! Google's Gemini, on the paths of the Gemini API (`/v1beta/models/{m}:...`) and of Vertex AI
//! (`/v1/projects/{p}/locations/{l}/publishers/google/models/{m}:...`): generateContent, streamGenerateContent as events
//! or as one JSON array, countTokens and embeddings.

use super::delivery::{deliver, events_with_crlf, percent_decoded, read};
use super::openai::VECTOR;
use super::prompt::{Answer, Prompt, SIGNATURE, pieces};
use super::{Received, Reply};
use crate::Step;
use serde_json::{Value, json};

/// The answer to a request on one of Google's paths.
pub(super) fn answer(request: &Received, number: u64) -> Option<Reply> {
    let (place, operation) = request.route().rsplit_once(':')?;
    let (before, model) = place.rsplit_once("/models/")?;
    let ours = ["/v1", "/v1beta", "/v1alpha"].contains(&before) || before.ends_with("/publishers/google");
    if request.method != "POST" || !ours {
        return None;
    }
    let model = percent_decoded(model);
    let body = match read(request, error) {
        Ok(body) => body,
        Err(refused) => return Some(refused),
    };
    let places = ["/tools/0/functionDeclarations/0/name", "/tools/0/function_declarations/0/name"];
    let prompt = Prompt::of_turns(&body, "contents", request.body.len()).with_tool(&body, &places);
    let deliver = |make: &dyn Fn(&Answer) -> Reply| deliver(&prompt, error, make);
    let json = |value: Value| Reply::json(200, value.to_string());
    let reply = match operation {
        "generateContent" => deliver(&|answer| json(whole(answer, &model, number))),
        "streamGenerateContent" => deliver(&|answer| {
            let chunks = stream(answer, &model, number);
            if request.path.contains("alt=sse") { events_with_crlf(chunks) } else { array(&chunks) }
        }),
        "countTokens" => deliver(&|answer| {
            let count = answer.tokens.input;
            let details = json!([{"modality": "TEXT", "tokenCount": count}]);
            json(json!({"totalTokens": count, "promptTokensDetails": details}))
        }),
        "embedContent" => embed(&body, request, |_| json!({"embedding": {"values": VECTOR}})),
        "batchEmbedContents" => embed(&body, request, |body| {
            let count = body.get("requests").and_then(Value::as_array).map_or(0, Vec::len);
            json!({"embeddings": vec![json!({"values": VECTOR}); count]})
        }),
        // Vertex AI's way to embed.
        "predict" => embed(&body, request, |body| {
            let count = body.get("instances").and_then(Value::as_array).map_or(0, Vec::len);
            let one = json!({"embeddings": {"values": VECTOR, "statistics": {"truncated": false, "token_count": 1}}});
            json!({"predictions": vec![one; count]})
        }),
        _ => return None,
    };
    Some(reply)
}

/// An error as Google says it.
fn error(status: u16, message: &str) -> Reply {
    let name = match status {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        500.. => "INTERNAL",
        _ => "FAILED_PRECONDITION",
    };
    Reply::json(status, json!({"error": {"code": status, "message": message, "status": name}}).to_string())
}

/// Embeddings take controls from any text of the request.
fn embed(body: &Value, request: &Received, make: impl Fn(&Value) -> Value) -> Reply {
    let prompt = Prompt::of_text(body.to_string(), request.body.len());
    deliver(&prompt, error, |_| Reply::json(200, make(body).to_string()))
}

fn response(candidates: &[Value], answer: &Answer, model: &str, number: u64) -> Value {
    let tokens = &answer.tokens;
    let mut usage = json!({
        "promptTokenCount": tokens.input, "candidatesTokenCount": tokens.output - tokens.reasoning,
        "totalTokenCount": tokens.input + tokens.output,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": tokens.input}],
    });
    if let Some(fields) = usage.as_object_mut().filter(|_| tokens.reasoning > 0) {
        fields.insert("thoughtsTokenCount".into(), tokens.reasoning.into());
    }
    json!({
        "candidates": candidates, "usageMetadata": usage, "modelVersion": model,
        "responseId": format!("mock-{number}"),
    })
}

/// A candidate. The reason to finish comes with the last of its chunks only.
fn candidate(index: usize, parts: &[Value], reason: Option<&str>) -> Value {
    let mut candidate = json!({"content": {"parts": parts, "role": "model"}, "index": index});
    if let (Some(fields), Some(reason)) = (candidate.as_object_mut(), reason) {
        fields.insert("finishReason".into(), reason.into());
        if reason == "SAFETY" {
            let rating = json!({"category": "HARM_CATEGORY_DANGEROUS_CONTENT", "probability": "HIGH", "blocked": true});
            fields.insert("safetyRatings".into(), json!([rating]));
        }
    }
    candidate
}

fn reason(answer: &Answer) -> &'static str {
    if answer.refusal { "SAFETY" } else { "STOP" }
}

fn call_part(answer: &Answer) -> Option<Value> {
    let call = answer.called()?;
    let function = json!({"name": call.name, "args": call.arguments});
    Some(json!({"functionCall": function, "thoughtSignature": SIGNATURE}))
}

fn thought(text: &str) -> Value {
    json!({"text": text, "thought": true})
}

fn whole(answer: &Answer, model: &str, number: u64) -> Value {
    let mut parts: Vec<Value> = answer.reasoning.as_deref().map(thought).into_iter().collect();
    parts.push(call_part(answer).unwrap_or_else(|| json!({"text": answer.words()})));
    let candidates: Vec<Value> =
        (0..answer.choices).map(|index| candidate(index, &parts, Some(reason(answer)))).collect();
    response(&candidates, answer, model, number)
}

/// A stream: thoughts and words in pieces, a call in one, as Google sends them; every chunk is a whole response.
fn stream(answer: &Answer, model: &str, number: u64) -> Vec<Value> {
    let mut chunks = Vec::new();
    for index in 0..answer.choices {
        let mut parts: Vec<Value> =
            answer.reasoning.iter().flat_map(|text| pieces(text)).map(|piece| thought(&piece)).collect();
        match call_part(answer) {
            Some(call) => parts.push(call),
            None => {
                parts.extend(pieces(answer.words()).map(|piece| json!({"text": piece})));
            }
        }
        let last = parts.len().saturating_sub(1);
        chunks.extend(parts.into_iter().enumerate().map(|(place, part)| {
            let reason = (place == last).then(|| reason(answer));
            response(&[candidate(index, &[part], reason)], answer, model, number)
        }));
    }
    chunks
}

/// A stream without `alt=sse`: one JSON array that arrives element by element.
fn array(chunks: &[Value]) -> Reply {
    let before = std::iter::once("[").chain(std::iter::repeat(",\r\n"));
    let elements = before.zip(chunks).map(|(before, chunk)| Step::data(format!("{before}{chunk:#}\n")));
    let steps = elements.chain(std::iter::once(Step::data("]"))).collect();
    Reply::new(200).header("content-type", "application/json; charset=UTF-8").steps(steps)
}
