//! Answers that come in events, as vendors send them: clean prose, a word or two in each.

use weir_engine::stream::frames::{Format, aws_event, sse_event};

use crate::prose;

/// Whose stream it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// OpenAI Chat Completions.
    OpenAi,
    /// Anthropic Messages.
    Anthropic,
    /// Amazon Bedrock ConverseStream.
    Bedrock,
}

impl Answer {
    /// Every one.
    pub const ALL: [Answer; 3] = [Answer::OpenAi, Answer::Anthropic, Answer::Bedrock];

    /// As benches call it.
    pub fn name(self) -> &'static str {
        match self {
            Answer::OpenAi => "openai_chat",
            Answer::Anthropic => "anthropic_messages",
            Answer::Bedrock => "bedrock_converse",
        }
    }

    /// How it is cut into frames.
    pub fn format(self) -> Format {
        match self {
            Answer::OpenAi | Answer::Anthropic => Format::Sse,
            Answer::Bedrock => Format::AwsEventStream,
        }
    }

    /// Where the request goes.
    pub fn path(self) -> &'static str {
        match self {
            Answer::OpenAi => "/v1/chat/completions",
            Answer::Anthropic => "/v1/messages",
            Answer::Bedrock => "/model/a-model/converse-stream",
        }
    }

    /// The body of the request.
    pub fn request(self) -> &'static str {
        match self {
            Answer::OpenAi => r#"{"model":"m","stream":true,"messages":[{"role":"user","content":"hello"}]}"#,
            Answer::Anthropic => {
                r#"{"model":"m","stream":true,"max_tokens":500,"messages":[{"role":"user","content":"hello"}]}"#
            }
            Answer::Bedrock => r#"{"messages":[{"role":"user","content":[{"text":"hello"}]}]}"#,
        }
    }

    /// The answer's content type.
    pub fn content_type(self) -> &'static str {
        match self {
            Answer::OpenAi | Answer::Anthropic => "text/event-stream",
            Answer::Bedrock => "application/vnd.amazon.eventstream",
        }
    }

    fn delta(self, text: &str) -> Vec<u8> {
        match self {
            Answer::OpenAi => sse_event(
                None,
                &format!(
                    r#"{{"id":"chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012","object":"chat.completion.chunk","created":1767225600,"model":"gpt-4o-2024-08-06","service_tier":"default","system_fingerprint":"fp_44709d6fcb","choices":[{{"index":0,"delta":{{"content":"{text}"}},"logprobs":null,"finish_reason":null}}],"usage":null}}"#
                ),
            ),
            Answer::Anthropic => sse_event(
                Some("content_block_delta"),
                &format!(
                    r#"{{"type":"content_block_delta","index":0,"delta":{{"type":"text_delta","text":"{text}"}}}}"#
                ),
            ),
            Answer::Bedrock => aws(
                "contentBlockDelta",
                &format!(r#"{{"contentBlockIndex":0,"delta":{{"text":"{text}"}},"p":"abcdefghijkl"}}"#),
            ),
        }
    }

    fn last(self) -> Vec<Vec<u8>> {
        match self {
            Answer::OpenAi => vec![
                sse_event(
                    None,
                    r#"{"id":"chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012","object":"chat.completion.chunk","created":1767225600,"model":"gpt-4o-2024-08-06","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}"#,
                ),
                sse_event(None, "[DONE]"),
            ],
            Answer::Anthropic => vec![
                sse_event(Some("content_block_stop"), r#"{"type":"content_block_stop","index":0}"#),
                sse_event(Some("message_stop"), r#"{"type":"message_stop"}"#),
            ],
            Answer::Bedrock => vec![
                aws("contentBlockStop", r#"{"contentBlockIndex":0}"#),
                aws("messageStop", r#"{"stopReason":"end_turn"}"#),
            ],
        }
    }
}

fn aws(name: &str, payload: &str) -> Vec<u8> {
    let headers = [(":event-type", name), (":content-type", "application/json"), (":message-type", "event")];
    aws_event(&headers, payload.as_bytes())
}

/// A whole stream.
pub struct Streamed {
    /// Whose it is.
    pub answer: Answer,
    /// Its events as bytes.
    pub events: Vec<Vec<u8>>,
}

impl Streamed {
    /// One of this many deltas.
    pub fn new(answer: Answer, deltas: usize) -> Self {
        let text = prose(deltas * 16);
        let words = text.split_inclusive(' ').take(deltas);
        let events = words.map(|word| answer.delta(word)).chain(answer.last()).collect();
        Self { answer, events }
    }
}
