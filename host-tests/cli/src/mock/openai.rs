//! OpenAI's chat completions, completions, embeddings, moderations and models, also on the paths of Azure and of servers
//! that speak the same dialect.
//!
//! What a prompt can ask for stands in [`prompt`](super::prompt). Responses and transcriptions have files of their own.

pub use super::prompt::{aws_access_key_id, card_number};

use super::delivery::{CREATED, base64, deliver, events_until_done, read};
use super::prompt::{Answer, Prompt, REFUSAL, pieces};
use super::{Received, Reply, responses, transcription};
use serde_json::{Value, json};

/// The answer to a request on one of OpenAI's paths.
pub(super) fn answer(request: &Received, number: u64) -> Option<Reply> {
    let operation = operation(request.route(), &request.path)?;
    let error = error_of(request);
    let with_json = |make: fn(&Received, &Value, u64) -> Reply| {
        Some(read(request, error).map_or_else(|refused| refused, |body| make(request, &body, number)))
    };
    match (request.method.as_str(), operation) {
        ("POST", "chat/completions") => with_json(chat),
        ("POST", "completions") => with_json(completions),
        ("POST", "responses") => with_json(responses::answer),
        ("POST", "embeddings") => with_json(embeddings),
        ("POST", "moderations") => with_json(moderations),
        ("POST", "audio/transcriptions" | "audio/translations") => Some(transcription::answer(request)),
        ("GET", "models") => {
            let model = json!({"id": "mock-1", "object": "model", "created": CREATED, "owned_by": "weir"});
            Some(Reply::json(200, json!({"object": "list", "data": [model]}).to_string()))
        }
        _ => None,
    }
}

/// What the path asks for, without what stands before it: `/v1` (OpenAI, most others), `/openai/v1` (Azure, Groq),
/// `/api/v1` (OpenRouter), nothing (DeepSeek), or a deployment of Azure, which wants an `api-version` in the query.
fn operation<'a>(route: &'a str, path: &str) -> Option<&'a str> {
    if let Some(rest) = route.strip_prefix("/openai/deployments/") {
        let (_, operation) = rest.split_once('/')?;
        return path.contains("api-version=").then_some(operation);
    }
    let prefixes = ["/openai/v1/", "/api/v1/", "/v1/"];
    let found = prefixes.iter().find_map(|prefix| route.strip_prefix(prefix));
    found.or_else(|| route.strip_prefix('/').filter(|rest| *rest == "chat/completions"))
}

/// An error as OpenAI says it.
pub(super) fn error(status: u16, message: &str) -> Reply {
    let kind = match status {
        429 => "rate_limit_error",
        401 | 403 => "authentication_error",
        500.. => "server_error",
        _ => "invalid_request_error",
    };
    let error = json!({"message": message, "type": kind, "param": null, "code": null});
    Reply::json(status, json!({"error": error}).to_string())
}

/// An error as Azure says it: the code is the status, in a string.
fn azure_error(status: u16, message: &str) -> Reply {
    Reply::json(status, json!({"error": {"code": status.to_string(), "message": message}}).to_string())
}

/// The way to say errors on the path of this request.
pub(super) fn error_of(request: &Received) -> super::delivery::Failure {
    if request.route().starts_with("/openai/deployments/") { azure_error } else { error }
}

/// The model that a request names.
pub(super) fn model_of(body: &Value) -> String {
    body.get("model").and_then(Value::as_str).unwrap_or("mock-1").to_owned()
}

/// A field that says yes.
pub(super) fn is_set(body: &Value, pointer: &str) -> bool {
    body.pointer(pointer).and_then(Value::as_bool).unwrap_or(false)
}

fn usage(answer: &Answer) -> Value {
    let tokens = &answer.tokens;
    json!({
        "prompt_tokens": tokens.input, "completion_tokens": tokens.output, "total_tokens": tokens.input + tokens.output,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": tokens.reasoning, "audio_tokens": 0},
    })
}

fn chat(request: &Received, body: &Value, number: u64) -> Reply {
    let places = ["/tools/0/function/name", "/functions/0/name"];
    let prompt = Prompt::of_turns(body, "messages", request.body.len()).with_tool(body, &places);
    deliver(&prompt, error_of(request), |answer| {
        let chat = Chat { id: format!("chatcmpl-mock-{number}"), model: model_of(body), answer };
        if is_set(body, "/stream") {
            chat.streamed(is_set(body, "/stream_options/include_usage"))
        } else {
            chat.whole()
        }
    })
}

/// A chat completion.
struct Chat<'a> {
    id: String,
    model: String,
    answer: &'a Answer,
}

impl Chat<'_> {
    fn whole(&self) -> Reply {
        let choice = |index| {
            let (message, reason) = (self.message(), self.reason());
            json!({"index": index, "message": message, "logprobs": null, "finish_reason": reason})
        };
        let choices: Vec<Value> = (0..self.answer.choices).map(choice).collect();
        let body = json!({
            "id": self.id, "object": "chat.completion", "created": CREATED, "model": self.model,
            "choices": choices, "usage": usage(self.answer), "system_fingerprint": "fp_mock",
        });
        Reply::json(200, body.to_string())
    }

    fn reason(&self) -> &'static str {
        if self.answer.called().is_some() { "tool_calls" } else { "stop" }
    }

    fn message(&self) -> Value {
        let mut message = json!({"role": "assistant", "content": null, "refusal": null});
        let mut set = |name: &str, value: Value| {
            message.as_object_mut().map(|fields| fields.insert(name.to_owned(), value));
        };
        if let Some(reasoning) = &self.answer.reasoning {
            set("reasoning_content", reasoning.as_str().into());
        }
        if self.answer.refusal {
            set("refusal", REFUSAL.into());
        } else if let Some(call) = self.answer.called() {
            let function = json!({"name": call.name, "arguments": call.arguments.to_string()});
            set("tool_calls", json!([{"id": "call_mock_1", "type": "function", "function": function}]));
        } else {
            set("content", self.answer.text.as_str().into());
        }
        message
    }

    fn streamed(&self, usage_wanted: bool) -> Reply {
        let mut events = Vec::new();
        for index in 0..self.answer.choices {
            self.stream_choice(index, &mut events);
        }
        if usage_wanted {
            let mut last = self.chunk(0, json!({}), Value::Null);
            if let Some(fields) = last.as_object_mut() {
                fields.insert("choices".into(), json!([]));
                fields.insert("usage".into(), usage(self.answer));
            }
            events.push(last);
        }
        events_until_done(events)
    }

    fn stream_choice(&self, index: usize, events: &mut Vec<Value>) {
        let mut delta = |delta: Value| events.push(self.chunk(index, delta, Value::Null));
        delta(json!({"role": "assistant", "content": ""}));
        if let Some(reasoning) = &self.answer.reasoning {
            pieces(reasoning).for_each(|piece| delta(json!({"reasoning_content": piece})));
        }
        if self.answer.refusal {
            pieces(REFUSAL).for_each(|piece| delta(json!({"refusal": piece})));
        } else if let Some(call) = self.answer.called() {
            let function = json!({"name": call.name, "arguments": ""});
            let opened = json!({"index": 0, "id": "call_mock_1", "type": "function", "function": function});
            delta(json!({"tool_calls": [opened]}));
            for piece in pieces(&call.arguments.to_string()) {
                delta(json!({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}));
            }
        } else {
            pieces(&self.answer.text).for_each(|piece| delta(json!({"content": piece})));
        }
        events.push(self.chunk(index, json!({}), self.reason().into()));
    }

    fn chunk(&self, index: usize, delta: Value, reason: Value) -> Value {
        json!({
            "id": self.id, "object": "chat.completion.chunk", "created": CREATED, "model": self.model,
            "choices": [{"index": index, "delta": delta, "logprobs": null, "finish_reason": reason}],
        })
    }
}

/// Text completions of the old kind: a prompt, or several that are answered as one.
fn completions(request: &Received, body: &Value, number: u64) -> Reply {
    let prompt = Prompt::of_turns(body, "prompt", request.body.len());
    deliver(&prompt, error_of(request), |answer| {
        let object = |choices: Vec<Value>| {
            json!({
                "id": format!("cmpl-mock-{number}"), "object": "text_completion", "created": CREATED,
                "model": model_of(body), "choices": choices,
            })
        };
        let choice = |index: usize, text: &str, reason: Value| json!({"index": index, "text": text, "logprobs": null, "finish_reason": reason});
        if is_set(body, "/stream") {
            let mut chunks = Vec::new();
            for index in 0..answer.choices {
                chunks.extend(pieces(answer.words()).map(|piece| object(vec![choice(index, &piece, Value::Null)])));
                chunks.push(object(vec![choice(index, "", "stop".into())]));
            }
            return events_until_done(chunks);
        }
        let choices = (0..answer.choices).map(|index| choice(index, answer.words(), "stop".into())).collect();
        let mut body = object(choices);
        body.as_object_mut().map(|fields| fields.insert("usage".into(), usage(answer)));
        Reply::json(200, body.to_string())
    })
}

/// The numbers of every embedding.
pub(super) const VECTOR: [f32; 3] = [0.25, -0.5, 0.125];

fn embeddings(request: &Received, body: &Value, _: u64) -> Reply {
    let prompt = Prompt::of_turns(body, "input", request.body.len());
    deliver(&prompt, error_of(request), |answer| {
        let count = body.get("input").and_then(Value::as_array).map_or(1, Vec::len);
        let packed = body.get("encoding_format").is_some_and(|format| format == "base64");
        let bytes: Vec<u8> = VECTOR.iter().flat_map(|number| number.to_le_bytes()).collect();
        let vector = if packed { json!(base64(&bytes)) } else { json!(VECTOR) };
        let one = |index| json!({"object": "embedding", "index": index, "embedding": vector});
        let data: Vec<Value> = (0..count).map(one).collect();
        let usage = json!({"prompt_tokens": answer.tokens.input, "total_tokens": answer.tokens.input});
        let body = json!({"object": "list", "data": data, "model": model_of(body), "usage": usage});
        Reply::json(200, body.to_string())
    })
}

/// What moderation looks for.
const CATEGORIES: [&str; 13] = [
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/instructions",
    "self-harm/intent",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
];

/// Flags violence where the input says `say refusal`.
fn moderations(request: &Received, body: &Value, number: u64) -> Reply {
    let prompt = Prompt::of_turns(body, "input", request.body.len());
    deliver(&prompt, error_of(request), |answer| {
        let each = |value: fn(bool) -> Value| -> Value {
            let hit = |name: &str| answer.refusal && name == "violence";
            CATEGORIES.iter().map(|name| ((*name).to_owned(), value(hit(name)))).collect()
        };
        let result = json!({
            "flagged": answer.refusal, "categories": each(Value::Bool),
            "category_scores": each(|hit| if hit { 0.98 } else { 0.01 }.into()),
            "category_applied_input_types": each(|_| json!(["text"])),
        });
        let strings = body.get("input").and_then(Value::as_array);
        let count = strings.filter(|input| input.iter().all(Value::is_string)).map_or(1, Vec::len);
        let results = vec![result; count];
        let body = json!({"id": format!("modr-mock-{number}"), "model": model_of(body), "results": results});
        Reply::json(200, body.to_string())
    })
}
