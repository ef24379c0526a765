//! What a paced upstream says: a whole stream, event by event, in the shape of a vendor.

use super::Script;
use crate::prose::prose;
use serde_json::{Value, json};

/// Words as deltas; with what comes before and after them a stream has a few events more.
const WORDS: usize = 60;
/// Where in the text the words with a secret stand, if there are any.
const SECRET_AT: usize = 30;

/// The vendors whose streams are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vendor {
    /// OpenAI Chat Completions.
    OpenAi,
    /// Anthropic Messages.
    Anthropic,
}

impl Vendor {
    /// What a report calls it.
    pub fn name(self) -> &'static str {
        match self {
            Vendor::OpenAi => "OpenAI Chat Completions",
            Vendor::Anthropic => "Anthropic Messages",
        }
    }

    /// An HTTP/1.1 request that asks for a stream.
    pub fn request(self) -> Vec<u8> {
        let messages = json!([{"role": "user", "content": prose(800, 3)}]);
        let (path, body) = match self {
            Vendor::OpenAi => {
                ("/v1/chat/completions", json!({"model": "gpt-4o", "stream": true, "messages": messages}))
            }
            Vendor::Anthropic => {
                ("/v1/messages", json!({"model": "claude", "stream": true, "max_tokens": 500, "messages": messages}))
            }
        };
        let body = body.to_string();
        format!(
            "POST {path} HTTP/1.1\r\nhost: llm.example\r\ncontent-type: application/json\r\naccept: text/event-stream\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    }

    /// The stream of an answer, with an access key among its words or without. `key` is cut into four deltas.
    pub fn script(self, key: Option<&str>) -> Script {
        let words = words(key);
        let (opening, closing) = match self {
            Vendor::OpenAi => {
                let usage = json!({"prompt_tokens": 200, "completion_tokens": WORDS, "total_tokens": 200 + WORDS});
                let last = json!({"id": ID, "object": "chat.completion.chunk", "created": 1_767_225_600, "model": "gpt-4o",
                    "system_fingerprint": "fp_44709d6fcb", "choices": [], "usage": usage});
                let opening = chat(&json!({"role": "assistant", "content": "", "refusal": null}), &Value::Null);
                (vec![opening], vec![chat(&json!({}), &json!("stop")), data(&last), "data: [DONE]\n\n".to_owned()])
            }
            Vendor::Anthropic => {
                let message = json!({"id": "msg_01EHfbhdhmYtXpNAcjFAdJBK", "type": "message", "role": "assistant",
                    "model": "claude", "content": [], "stop_reason": null, "stop_sequence": null,
                    "usage": {"input_tokens": 200, "output_tokens": 1}});
                let block = json!({"type": "text", "text": ""});
                let delta = json!({"stop_reason": "end_turn", "stop_sequence": null});
                let opening = vec![
                    named(&json!({"type": "message_start", "message": message})),
                    named(&json!({"type": "content_block_start", "index": 0, "content_block": block})),
                    named(&json!({"type": "ping"})),
                ];
                let closing = vec![
                    named(&json!({"type": "content_block_stop", "index": 0})),
                    named(&json!({"type": "message_delta", "delta": delta, "usage": {"output_tokens": WORDS}})),
                    named(&json!({"type": "message_stop"})),
                ];
                (opening, closing)
            }
        };
        let first_token = opening.len();
        let deltas = words.iter().map(|word| match self {
            Vendor::OpenAi => chat(&json!({"content": word}), &Value::Null),
            Vendor::Anthropic => {
                let delta = json!({"type": "text_delta", "text": word});
                named(&json!({"type": "content_block_delta", "index": 0, "delta": delta}))
            }
        });
        let events = opening.into_iter().chain(deltas).chain(closing).map(String::into_bytes).collect();
        Script { events, first_token }
    }

    /// The text of a stream: all its deltas, joined.
    ///
    /// # Panics
    /// When an event is no JSON.
    pub fn text(self, events: &str) -> String {
        let payloads = events.lines().filter_map(|line| line.strip_prefix("data: ")).filter(|data| *data != "[DONE]");
        let deltas = payloads.map(|data| {
            let event: Value = serde_json::from_str(data).unwrap_or_else(|error| panic!("{error}: {data}"));
            let pointer = match self {
                Vendor::OpenAi => "/choices/0/delta/content",
                Vendor::Anthropic => "/delta/text",
            };
            event.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
        });
        deltas.collect()
    }
}

const ID: &str = "chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012";

/// Deltas as models send them: words with the space before them.
fn words(key: Option<&str>) -> Vec<String> {
    let text = prose(2 * WORDS * 8, 11);
    let mut words: Vec<String> =
        text.split([' ', '\n']).filter(|word| !word.is_empty()).take(WORDS).map(|word| format!(" {word}")).collect();
    if let Some(key) = key {
        let quarter = key.len().div_ceil(4);
        let pieces = key.as_bytes().chunks(quarter).map(|piece| String::from_utf8_lossy(piece).into_owned());
        for (at, piece) in pieces.enumerate() {
            words[SECRET_AT + at] = if at == 0 { format!(" {piece}") } else { piece };
        }
    }
    words
}

fn chat(delta: &Value, finish: &Value) -> String {
    let choice = json!({"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish});
    data(&json!({"id": ID, "object": "chat.completion.chunk", "created": 1_767_225_600, "model": "gpt-4o",
        "system_fingerprint": "fp_44709d6fcb", "choices": [choice], "usage": null}))
}

fn data(event: &Value) -> String {
    format!("data: {event}\n\n")
}

fn named(event: &Value) -> String {
    format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap_or_default())
}
