//! Anthropic Messages: request, whole answer, token counting, stream and error, as documented in Anthropic's API reference
//! ("Messages": create, count tokens, streaming) and typed in its Python SDK 2.12.0 (`types/beta`, which holds all that
//! `types` does). Vertex AI and Bedrock carry the same bodies.
//!
//! Read: system prompts, every content block and citation, tools on offer, MCP servers, usage, why the model stopped.
//! `blocks.rs` has the content blocks, `events.rs` the stream. Not read: images, PDFs and uploaded files, which are opaque.
//! What the API encrypts (`redacted_thinking`, `encrypted_content`, signatures) is looked at as text without being opaque:
//! it holds nothing that the client or the model could have put there in the clear.

mod blocks;
mod events;

pub(super) use events::EVENT;

use super::outline::TokenKind;
use super::shape::{Case, Object, Shape, Turns};
use super::{ErrorAnswer, Events, LastEvent, Refusal, Scope, Spec};
use blocks::{HEARD, SPOKEN, TOLD};

pub(super) static SPEC: Spec = Spec {
    name: "anthropic/messages",
    request: &REQUEST,
    fields: None,
    response: &RESPONSE,
    events: Events::All(&EVENT),
    not_read: "images, PDF files, uploaded files and what their URLs stand for; encrypted thinking, beyond the text it is written as",
    independent: false,
    error,
    last: |refusal| vec![LastEvent::named("error", error_body(refusal))],
};

/// A message, and the same without `max_tokens` for counting its tokens.
pub(super) static REQUEST: Shape = Shape::Object(&Object {
    marks: &["messages"],
    members: &[
        ("model", Shape::Model),
        ("system", Shape::As(Scope::System, &Shape::TextOr(&TOLD))),
        ("messages", Shape::Turns(&Turns { each: &MESSAGE, own: &[("role", &["assistant"])] })),
        ("tools", Shape::As(Scope::ToolDefinition, &Shape::Leaves)),
        ("tool_choice", Shape::As(Scope::ToolDefinition, &Shape::Leaves)),
        ("mcp_servers", Shape::As(Scope::ToolDefinition, &Shape::Leaves)),
        // Both may tell in words how to sum up what is too long.
        ("context_management", Shape::As(Scope::System, &Shape::Leaves)),
        ("compaction", Shape::As(Scope::System, &Shape::Leaves)),
    ],
});

static MESSAGE: Shape = Shape::Case(&Case {
    by: "role",
    cases: &[
        (&["user"], Some(Scope::User), Shape::Object(&Object::of(&[("content", Shape::TextOr(&HEARD))]))),
        (&["assistant"], Some(Scope::Assistant), Shape::Object(&Object::of(&[("content", Shape::TextOr(&SPOKEN))]))),
        (&["system"], Some(Scope::System), Shape::Object(&Object::of(&[("content", Shape::TextOr(&TOLD))]))),
    ],
    otherwise: None,
});

/// A message, a count of tokens, or (with a status that hides it) an error.
pub(super) static RESPONSE: Shape = Shape::Object(&Object {
    marks: &["content", "input_tokens", "error"],
    members: &[
        ("id", Shape::Text),
        ("type", Shape::Words(&["message", "error"])),
        ("role", Shape::Words(&["assistant"])),
        ("model", Shape::Model),
        ("content", Shape::As(Scope::Assistant, &SPOKEN)),
        ("stop_reason", Shape::Finish),
        ("stop_sequence", Shape::As(Scope::Assistant, &Shape::Text)),
        ("stop_details", Shape::As(Scope::Assistant, &STOP_DETAILS)),
        ("usage", Shape::Object(&USAGE)),
        ("input_tokens", Shape::Tokens(TokenKind::Input)),
        ("error", Shape::Leaves),
        ("request_id", Shape::Text),
    ],
});

/// Why it refuses, in its vendor's words.
static STOP_DETAILS: Shape = Shape::Object(&Object::of(&[
    ("type", Shape::Words(&["refusal"])),
    ("category", Shape::Text),
    ("explanation", Shape::Text),
    ("recommended_model", Shape::Text),
    ("fallback_credit_token", Shape::Text),
]));

/// `input_tokens` counts neither what the cache gave nor what was written to it.
static USAGE: Object = Object::of(&[
    ("input_tokens", Shape::Tokens(TokenKind::Input)),
    ("output_tokens", Shape::Tokens(TokenKind::Output)),
    ("cache_read_input_tokens", Shape::Tokens(TokenKind::Cached)),
    ("cache_creation_input_tokens", Shape::Leaves),
    ("cache_creation", Shape::Leaves),
    ("output_tokens_details", Shape::Object(&Object::of(&[("thinking_tokens", Shape::Tokens(TokenKind::Reasoning))]))),
    ("server_tool_use", Shape::Leaves),
    ("service_tier", Shape::Text),
    ("inference_geo", Shape::Text),
    ("speed", Shape::Text),
    ("iterations", Shape::Leaves),
    ("fallback_credit", Shape::Leaves),
]);

/// The error that Anthropic's SDKs raise by its status (403: `PermissionDeniedError`). They keep the whole body, members
/// of ours included.
pub(super) fn error(refusal: &Refusal<'_>) -> ErrorAnswer {
    ErrorAnswer::json(refusal, error_body(refusal))
}

/// Also the data of the event `error`, which the SDKs raise in the middle of a stream.
pub(super) fn error_body(refusal: &Refusal<'_>) -> String {
    let kind = if refusal.status == 413 { "request_too_large" } else { "permission_error" };
    let mut error = serde_json::json!({
        "type": kind,
        "message": refusal.message,
        "code": refusal.code,
        "exchange": refusal.exchange.to_string(),
    });
    if let (Some(rule), Some(object)) = (refusal.rule, error.as_object_mut()) {
        object.insert("rule".to_owned(), rule.into());
    }
    serde_json::json!({ "type": "error", "error": error, "request_id": refusal.exchange.to_string() }).to_string()
}
