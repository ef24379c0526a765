//! Google Gemini and Vertex AI: generateContent, streamGenerateContent, countTokens, embedContent and batchEmbedContents, as
//! documented in Google's API references ("Generating content", "Counting tokens", "Embeddings"; Vertex AI
//! "GenerateContentResponse") and typed in the Python SDK google-genai 3.4.0 (`types.py`).
//!
//! Requests may spell members in camel case or with underscores, as Protocol Buffers' JSON does: both have rows. Read: system
//! instructions, contents and all their parts (`parts.rs`), tools on offer, grounding and citations, prompt feedback, usage,
//! why the model stopped (`answer.rs`). Not read: inline data and files, which are opaque. Embeddings are numbers and
//! read as such.

mod answer;
mod parts;

use super::shape::{Case, Object, Shape, Turns};
use super::{ErrorAnswer, Events, LastEvent, Refusal, Scope, Spec};
use parts::{HEARD, SPOKEN};

pub(super) static SPEC: Spec = Spec {
    name: "google/generate",
    request: &REQUEST,
    fields: None,
    response: &answer::ANSWER,
    events: Events::All(&answer::CHUNK),
    not_read: "inline data and files (images, audio, video, PDF)",
    independent: false,
    error: |refusal| ErrorAnswer::json(refusal, error_body(refusal)),
    last: |refusal| vec![LastEvent::plain(error_body(refusal))],
};

static REQUEST: Shape = Shape::Object(&MEMBERS);

/// All methods take their texts by these members, and so do the requests inside of requests.
static MEMBERS: Object = Object {
    marks: &["contents", "content", "requests", "generateContentRequest", "generate_content_request"],
    members: &[
        ("model", Shape::Model),
        ("contents", Shape::OneOrTurns(&Turns { each: &CONTENT, own: &[("role", &["model"])] })),
        ("systemInstruction", Shape::As(Scope::System, &Shape::TextOr(&TOLD))),
        ("system_instruction", Shape::As(Scope::System, &Shape::TextOr(&TOLD))),
        ("tools", Shape::As(Scope::ToolDefinition, &Shape::Leaves)),
        ("toolConfig", Shape::As(Scope::ToolDefinition, &Shape::Leaves)),
        ("tool_config", Shape::As(Scope::ToolDefinition, &Shape::Leaves)),
        ("cachedContent", Shape::Text),
        ("cached_content", Shape::Text),
        // Counting tokens: the request whose tokens are counted.
        ("generateContentRequest", Shape::Object(&MEMBERS)),
        ("generate_content_request", Shape::Object(&MEMBERS)),
        // Embedding: one content, or many requests with one each.
        ("content", Shape::Case(&CONTENT_CASE)),
        ("title", Shape::As(Scope::Document, &Shape::Text)),
        ("requests", Shape::Each(&REQUEST)),
    ],
};

static CONTENT: Shape = Shape::Case(&CONTENT_CASE);

static CONTENT_CASE: Case = Case {
    by: "role",
    cases: &[
        (&["user"], Some(Scope::User), Shape::Object(&HEARD)),
        (&["model"], Some(Scope::Assistant), Shape::Object(&SPOKEN)),
        (&["function", "tool"], Some(Scope::ToolOutput), Shape::Object(&HEARD)),
    ],
    // Without a role it is the user's; with another one it is not as documented.
    otherwise: Some(&Shape::As(Scope::User, &Shape::Object(&HEARD))),
};

/// System instructions need no role, and whatever it says does not matter.
static TOLD: Shape = Shape::Case(&Case {
    by: "role",
    cases: &[(&["system", "user", "model"], None, Shape::Object(&HEARD))],
    otherwise: Some(&Shape::Object(&HEARD)),
});

/// The error that Google's SDK raises as `ClientError`, whole or as an event. Its client takes an event for an error by the
/// first key, so `error` stands alone.
fn error_body(refusal: &Refusal<'_>) -> String {
    let status = if refusal.status == 403 { "PERMISSION_DENIED" } else { "INVALID_ARGUMENT" };
    let mut metadata = serde_json::json!({ "exchange": refusal.exchange.to_string() });
    if let (Some(rule), Some(object)) = (refusal.rule, metadata.as_object_mut()) {
        object.insert("rule".to_owned(), rule.into());
    }
    serde_json::json!({
        "error": {
            "code": refusal.status,
            "message": refusal.message,
            "status": status,
            "details": [{
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": refusal.code.to_ascii_uppercase(),
                "domain": "weir",
                "metadata": metadata,
            }],
        },
    })
    .to_string()
}
