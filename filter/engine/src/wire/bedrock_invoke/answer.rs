//! What the models of every vendor answer through InvokeModel, whole and piece by piece.

use super::{HISTORY, MESSAGE};
use crate::wire::outline::TokenKind;
use crate::wire::shape::{Case, Object, Shape};
use crate::wire::{Scope, anthropic_messages, bedrock_converse, openai_chat};

pub(in crate::wire) static RESPONSE: Shape = Shape::Case(&Case {
    by: "type",
    cases: &[(&["message", "error"], None, Shape::As(Scope::Unknown, &anthropic_messages::RESPONSE))],
    otherwise: Some(&Shape::Object(&OTHERS)),
});

static OTHERS: Object = Object::of(&[
    // Titan text.
    ("inputTextTokenCount", Shape::Tokens(TokenKind::Input)),
    ("results", Shape::Each(&Shape::Object(&RESULT))),
    // Llama.
    ("generation", SAYS),
    ("prompt_token_count", Shape::Tokens(TokenKind::Input)),
    ("generation_token_count", Shape::Tokens(TokenKind::Output)),
    ("stop_reason", Shape::Finish),
    // Mistral, and Claude before Messages.
    ("outputs", Shape::Each(&Shape::Object(&RESULT))),
    ("completion", SAYS),
    ("stop", Shape::As(Scope::Assistant, &Shape::Text)),
    // Nova.
    ("output", Shape::Object(&bedrock_converse::OUTPUT)),
    ("stopReason", Shape::Finish),
    // Jamba, Mistral, DeepSeek, OpenAI.
    ("choices", Shape::Each(&Shape::Object(&CHOICE))),
    ("usage", Shape::Object(&USAGE)),
    ("model", Shape::Model),
    ("meta", Shape::Leaves),
    // Command and Command R.
    ("generations", Shape::Each(&Shape::Object(&RESULT))),
    ("text", SAYS),
    ("finish_reason", Shape::Finish),
    ("chat_history", HISTORY),
    ("citations", Shape::As(Scope::Document, &Shape::Leaves)),
    ("documents", Shape::As(Scope::Document, &Shape::Leaves)),
    ("search_results", Shape::As(Scope::Document, &Shape::Leaves)),
    ("search_queries", CALLS),
    ("tool_calls", CALLS),
    ("prompt", Shape::As(Scope::User, &Shape::Text)),
    ("is_search_required", Shape::Leaves),
    ("response_id", Shape::Text),
    ("generation_id", Shape::Text),
    ("id", Shape::Text),
    // Embeddings, whose numbers are no text that anybody could read, and what they are of.
    ("embedding", Shape::Leaves),
    ("embeddings", Shape::Leaves),
    ("embeddingsByType", Shape::Leaves),
    ("texts", Shape::As(Scope::User, &Shape::Leaves)),
    ("response_type", Shape::Text),
    // Images.
    ("images", Shape::As(Scope::Assistant, &Shape::Opaque)),
    ("artifacts", Shape::As(Scope::Assistant, &Shape::Opaque)),
    ("message", Shape::Text),
    ("error", Shape::Leaves),
]);

const SAYS: Shape = Shape::As(Scope::Assistant, &Shape::Text);

const CALLS: Shape = Shape::As(Scope::ToolInput, &Shape::Leaves);

/// One of several answers; also how Rerank gives back a document.
static RESULT: Object = Object::of(&[
    ("outputText", SAYS),
    ("text", SAYS),
    ("tokenCount", Shape::Tokens(TokenKind::Output)),
    ("completionReason", Shape::Finish),
    ("stop_reason", Shape::Finish),
    ("finish_reason", Shape::Finish),
    ("document", Shape::As(Scope::Document, &Shape::Leaves)),
    ("index", Shape::Leaves),
    ("id", Shape::Text),
]);

static CHOICE: Object = Object::of(&[
    ("index", Shape::Leaves),
    ("message", Shape::Case(&MESSAGE)),
    ("text", SAYS),
    ("logprobs", Shape::As(Scope::Assistant, &Shape::Leaves)),
    ("finish_reason", Shape::Finish),
    ("stop_reason", Shape::Finish),
]);

/// In the words of Nova, and of OpenAI.
static USAGE: Object = Object::of(&[
    ("inputTokens", Shape::Tokens(TokenKind::Input)),
    ("outputTokens", Shape::Tokens(TokenKind::Output)),
    ("cacheReadInputTokenCount", Shape::Tokens(TokenKind::Cached)),
    ("cacheWriteInputTokenCount", Shape::Leaves),
    ("totalTokens", Shape::Leaves),
    ("prompt_tokens", Shape::Tokens(TokenKind::Input)),
    ("completion_tokens", Shape::Tokens(TokenKind::Output)),
    ("total_tokens", Shape::Leaves),
]);

pub(in crate::wire) static CHUNK: Shape = Shape::Case(&Case {
    by: "type",
    cases: &[(&ANTHROPIC_EVENTS, None, Shape::As(Scope::Unknown, &anthropic_messages::EVENT))],
    otherwise: Some(&Shape::Object(&OTHER_CHUNKS)),
});

static ANTHROPIC_EVENTS: [&str; 8] = [
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
    "ping",
    "error",
];

static OTHER_CHUNKS: Object = Object::of(&[
    // Titan text.
    ("outputText", Shape::As(Scope::Assistant, &Shape::Piece("outputText"))),
    ("index", Shape::Leaves),
    ("inputTextTokenCount", Shape::Tokens(TokenKind::Input)),
    ("totalOutputTextTokenCount", Shape::Tokens(TokenKind::Output)),
    ("completionReason", Shape::Finish),
    // Llama.
    ("generation", Shape::As(Scope::Assistant, &Shape::Piece("generation"))),
    ("prompt_token_count", Shape::Tokens(TokenKind::Input)),
    ("generation_token_count", Shape::Tokens(TokenKind::Output)),
    ("stop_reason", Shape::Finish),
    // Mistral, and Claude before Messages.
    ("outputs", Shape::Each(&Shape::Object(&OUTPUT_PIECE))),
    ("type", Shape::Words(&["completion"])),
    ("completion", Shape::As(Scope::Assistant, &Shape::Piece("completion"))),
    ("stop", Shape::As(Scope::Assistant, &Shape::Text)),
    // Nova.
    ("messageStart", Shape::Object(&bedrock_converse::MESSAGE_START)),
    ("contentBlockStart", bedrock_converse::BLOCK_START),
    ("contentBlockDelta", bedrock_converse::BLOCK_DELTA),
    ("contentBlockStop", bedrock_converse::BLOCK_STOP),
    ("messageStop", Shape::Object(&bedrock_converse::MESSAGE_STOP)),
    ("metadata", Shape::Object(&bedrock_converse::METADATA)),
    // Jamba, Mistral, DeepSeek, OpenAI.
    ("id", Shape::Text),
    ("object", Shape::Text),
    ("model", Shape::Model),
    ("choices", Shape::Each(&Shape::Numbered(&["index"], &openai_chat::CHUNK_CHOICE))),
    ("usage", Shape::Object(&USAGE)),
    // Command and Command R.
    ("event_type", Shape::Text),
    ("is_finished", Shape::Done),
    ("text", Shape::As(Scope::Assistant, &Shape::Piece("text"))),
    ("finish_reason", Shape::Finish),
    ("citations", Shape::As(Scope::Document, &Shape::Leaves)),
    ("documents", Shape::As(Scope::Document, &Shape::Leaves)),
    ("search_results", Shape::As(Scope::Document, &Shape::Leaves)),
    ("search_queries", CALLS),
    ("tool_calls", CALLS),
    ("generation_id", Shape::Text),
    ("response", Shape::Object(&OTHERS)),
    // The service itself, in the last event of whichever vendor, and in an exception.
    ("amazon-bedrock-invocationMetrics", Shape::Object(&METRICS)),
    ("message", Shape::Text),
]);

static OUTPUT_PIECE: Object =
    Object::of(&[("text", Shape::As(Scope::Assistant, &Shape::Piece("text"))), ("stop_reason", Shape::Finish)]);

static METRICS: Object = Object::of(&[
    ("inputTokenCount", Shape::Tokens(TokenKind::Input)),
    ("outputTokenCount", Shape::Tokens(TokenKind::Output)),
    ("cacheReadInputTokenCount", Shape::Tokens(TokenKind::Cached)),
    ("cacheWriteInputTokenCount", Shape::Leaves),
    ("invocationLatency", Shape::Leaves),
    ("firstByteLatency", Shape::Leaves),
]);
