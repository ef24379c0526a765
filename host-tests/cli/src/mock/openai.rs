//! What the mock answers by itself: chat completions (whole and as a stream), models and embeddings, in OpenAI's shapes.
//!
//! The answer to a chat quotes the last user message and says how many messages and bytes arrived. The prompt may ask
//! for more, also for several things at once:
//!
//! | the prompt says | the answer |
//! |---|---|
//! | `say secret` | holds an AWS access key id |
//! | `say card` | holds a payment card number |
//! | `say tool` | calls a tool whose arguments hold an e-mail address, and the secret or card if asked for |
//! | `say choices` | has three choices |
//! | `say big N` | has N bytes of filler |
//! | `say refusal` | is a refusal |
//! | `say html` | is an HTML page |
//! | `say gzip` | comes compressed, asked for or not |
//! | `say error N` | is an error with status N (429 without a number) |
//!
//! Secrets are put together here at run time: they match the detectors, and no text of this repository does.

use super::{Received, Reply};
use crate::Step;
use serde_json::{Value, json};

/// An AWS access key id of the right shape that belongs to nobody.
pub fn aws_access_key_id() -> String {
    ["AKIA", "Q3EGRZPL", "7XMSNW2D"].concat()
}

/// A payment card number with a right check digit, from a range made for tests.
pub fn card_number() -> String {
    let body = "453201511283036";
    // From the right, every second digit counts double, beginning with the one before the check digit.
    let digits = body.bytes().rev().map(|byte| u32::from(byte - b'0'));
    let sum: u32 = digits.enumerate().map(|(i, d)| if i % 2 == 0 { d * 2 / 10 + d * 2 % 10 } else { d }).sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// The model's own answer to a request; `number` makes ids differ.
pub fn answer(request: &Received, number: u64) -> Reply {
    let path = request.path.split('?').next().unwrap_or_default();
    match (request.method.as_str(), path) {
        ("POST", "/v1/chat/completions") => match serde_json::from_slice(&request.body) {
            Ok(body) => Chat::read(&body, request.body.len(), number).answer(),
            Err(cause) => error(400, &format!("the body is not JSON: {cause}")),
        },
        ("GET", "/v1/models") => {
            let model = json!({"id": "mock-1", "object": "model", "created": CREATED, "owned_by": "weir"});
            Reply::json(200, json!({"object": "list", "data": [model]}).to_string())
        }
        ("POST", "/v1/embeddings") => match serde_json::from_slice::<Value>(&request.body) {
            Ok(body) => embeddings(&body),
            Err(cause) => error(400, &format!("the body is not JSON: {cause}")),
        },
        (method, path) => error(404, &format!("there is no {method} {path} here")),
    }
}

/// What `say big N` gives at most: more than every limit on the way.
const MOST_FILLER: usize = 64 << 20;

/// Fixed, so that answers can be compared.
const CREATED: u64 = 1_767_225_600;

fn error(status: u16, message: &str) -> Reply {
    let kind = match status {
        429 => "rate_limit_error",
        401 | 403 => "authentication_error",
        500.. => "server_error",
        _ => "invalid_request_error",
    };
    let error = json!({"message": message, "type": kind, "param": null, "code": null});
    Reply::json(status, json!({"error": error}).to_string())
}

fn embeddings(body: &Value) -> Reply {
    let count = body.get("input").and_then(Value::as_array).map_or(1, Vec::len);
    let one = |index| json!({"object": "embedding", "index": index, "embedding": [0.25, -0.5, 0.125]});
    let data: Vec<Value> = (0..count).map(one).collect();
    let usage = json!({"prompt_tokens": count, "total_tokens": count});
    Reply::json(200, json!({"object": "list", "data": data, "model": "mock-1", "usage": usage}).to_string())
}

/// A chat request, as far as it matters here.
struct Chat {
    id: String,
    model: String,
    stream: bool,
    usage: bool,
    prompt: String,
    content: String,
    tool: Option<String>,
    messages: usize,
    bytes: usize,
}

impl Chat {
    fn read(body: &Value, bytes: usize, number: u64) -> Chat {
        let messages = body.get("messages").and_then(Value::as_array).cloned().unwrap_or_default();
        let by_user = |message: &&Value| message.get("role").and_then(Value::as_str) == Some("user");
        let prompt = messages.iter().rev().find(by_user).map(text_of).unwrap_or_default();
        let mut content = format!("You said: \"{prompt}\". I received {} messages in {bytes} bytes.", messages.len());
        content += &given_away(&prompt);
        if asks(&prompt, "big") {
            let size = number_after(&prompt, "big").unwrap_or(100_000).min(MOST_FILLER);
            content.extend("All work and no play. ".chars().cycle().take(size));
        }
        let named = body.pointer("/tools/0/function/name").and_then(Value::as_str).unwrap_or("send_email");
        Chat {
            id: format!("chatcmpl-mock-{number}"),
            model: body.get("model").and_then(Value::as_str).unwrap_or("mock-1").to_owned(),
            stream: body.get("stream").and_then(Value::as_bool).unwrap_or(false),
            usage: body.pointer("/stream_options/include_usage").and_then(Value::as_bool).unwrap_or(false),
            tool: asks(&prompt, "tool").then(|| named.to_owned()),
            content,
            prompt,
            messages: messages.len(),
            bytes,
        }
    }

    fn answer(&self) -> Reply {
        if asks(&self.prompt, "error") {
            let status = number_after(&self.prompt, "error").and_then(|n| u16::try_from(n).ok()).unwrap_or(429);
            return error(status, "you asked for this error");
        }
        if asks(&self.prompt, "html") {
            let page = format!("<!doctype html><title>mock</title><p>{}</p>", self.content);
            return Reply::new(200).header("content-type", "text/html").steps(vec![Step::data(page)]);
        }
        if self.stream {
            return self.streamed();
        }
        let choices: Vec<Value> = (0..self.choices())
            .map(|index| {
                json!({"index": index, "message": self.message(), "logprobs": null, "finish_reason": self.reason()})
            })
            .collect();
        let body = json!({
            "id": self.id, "object": "chat.completion", "created": CREATED, "model": self.model,
            "choices": choices, "usage": self.counted(), "system_fingerprint": "fp_mock",
        });
        if asks(&self.prompt, "gzip") {
            return Reply::json(200, gzip(body.to_string().as_bytes())).header("content-encoding", "gzip");
        }
        Reply::json(200, body.to_string())
    }

    fn choices(&self) -> usize {
        if asks(&self.prompt, "choices") { 3 } else { 1 }
    }

    fn reason(&self) -> &'static str {
        if self.tool.is_some() { "tool_calls" } else { "stop" }
    }

    fn counted(&self) -> Value {
        let (prompt, completion) = (self.bytes / 4, self.content.len() / 4);
        json!({"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion})
    }

    fn arguments(&self) -> String {
        let mut body = format!("There were {} messages.", self.messages);
        body += &given_away(&self.prompt);
        json!({"to": "ada.lovelace@example.org", "subject": "hello", "body": body}).to_string()
    }

    fn message(&self) -> Value {
        if asks(&self.prompt, "refusal") {
            return json!({"role": "assistant", "content": null, "refusal": "I will not do that."});
        }
        match &self.tool {
            None => json!({"role": "assistant", "content": self.content, "refusal": null}),
            Some(name) => {
                let function = json!({"name": name, "arguments": self.arguments()});
                let call = json!({"id": "call_mock_1", "type": "function", "function": function});
                json!({"role": "assistant", "content": null, "refusal": null, "tool_calls": [call]})
            }
        }
    }

    /// Server-sent events: text and arguments in pieces of a few characters, as models send them.
    fn streamed(&self) -> Reply {
        let mut events = Vec::new();
        for index in 0..self.choices() {
            self.stream_choice(index, &mut events);
        }
        let mut steps: Vec<Step> = events.into_iter().map(|event| Step::data(format!("data: {event}\n\n"))).collect();
        if self.usage {
            let mut last = self.chunk(0, json!({}), Value::Null);
            if let Some(fields) = last.as_object_mut() {
                fields.insert("choices".into(), json!([]));
                fields.insert("usage".into(), self.counted());
            }
            steps.push(Step::data(format!("data: {last}\n\n")));
        }
        steps.push(Step::data("data: [DONE]\n\n"));
        Reply::new(200).header("content-type", "text/event-stream").header("cache-control", "no-cache").steps(steps)
    }

    fn stream_choice(&self, index: usize, events: &mut Vec<Value>) {
        let mut delta = |delta: Value| events.push(self.chunk(index, delta, Value::Null));
        delta(json!({"role": "assistant", "content": ""}));
        if asks(&self.prompt, "refusal") {
            pieces("I will not do that.").for_each(|piece| delta(json!({"refusal": piece})));
        } else if let Some(name) = &self.tool {
            let function = json!({"name": name, "arguments": ""});
            let call = json!({"index": 0, "id": "call_mock_1", "type": "function", "function": function});
            delta(json!({"tool_calls": [call]}));
            for piece in pieces(&self.arguments()) {
                delta(json!({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}));
            }
        } else {
            pieces(&self.content).for_each(|piece| delta(json!({"content": piece})));
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

/// What the answer says that it should not.
fn given_away(prompt: &str) -> String {
    let mut said = String::new();
    if asks(prompt, "secret") {
        said += &format!(" The key is {}.", aws_access_key_id());
    }
    if asks(prompt, "card") {
        said += &format!(" The card number is {}.", card_number());
    }
    said
}

/// The text of a message whose content is a string or an array of parts.
fn text_of(message: &Value) -> String {
    match message.get("content") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => {
            let texts = parts.iter().filter_map(|part| part.get("text").and_then(Value::as_str));
            texts.collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

fn asks(prompt: &str, what: &str) -> bool {
    prompt.contains(&format!("say {what}"))
}

fn number_after(prompt: &str, what: &str) -> Option<usize> {
    let rest = prompt.split_once(&format!("say {what} "))?.1;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Pieces of five characters.
fn pieces(text: &str) -> impl Iterator<Item = String> {
    let characters: Vec<char> = text.chars().collect();
    let count = characters.len().div_ceil(5);
    (0..count).map(move |piece| characters.iter().skip(piece * 5).take(5).collect())
}

/// RFC 1952 around stored blocks of RFC 1951: valid gzip that compresses nothing.
fn gzip(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut blocks = data.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(blocks.peek().is_none()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    out.extend(crc32(data).to_le_bytes());
    out.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_le_bytes());
    out
}

fn crc32(data: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    };
    !data.iter().fold(!0, step)
}
