//! OpenAI Responses: request, whole answer, stream and error, as documented in OpenAI's API reference ("Responses":
//! create, object, streaming events, compact, input token counts) and typed in its Python SDK 3.54.0
//! (`openai/types/responses`). Azure speaks it too, with its content filter results beside.
//!
//! Read: instructions, every item and content part, tools, prompt variables, usage, why the model stopped; in streams every
//! delta as a piece of its text and every event that repeats a text whole. `items.rs` has the items, which requests,
//! answers and events share; `events.rs` the events.
//!
//! Not read: `encrypted_content` of reasoning and compaction items is a token that only OpenAI can open; it is scanned as
//! the text it is written as, and nothing more. Images, audio and files are opaque, and so is what an `item_reference`,
//! a `previous_response_id`, a `conversation` or a stored `prompt` stands for: it is at OpenAI and never passes here.

mod events;
mod items;

use self::items::ITEM;
use super::outline::TokenKind;
use super::shape::{Case, Object, Shape, Turns};
use super::{Events, LastEvent, Refusal, Scope, Spec, openai_chat};

pub(super) static SPEC: Spec = Spec {
    name: "openai/responses",
    request: &REQUEST,
    fields: None,
    response: &Shape::Case(&RESPONSE),
    events: Events::All(&events::EVENT),
    not_read: "images, audio, files and skills; what an id stands for (earlier responses, conversations, stored prompts, items); encrypted reasoning, beyond the text it is written as",
    independent: false,
    error: openai_chat::error,
    last: |refusal| vec![LastEvent::named("error", last_event(refusal))],
};

static REQUEST: Shape = Shape::Object(&Object {
    marks: &["input", "instructions", "prompt", "conversation", "previous_response_id"],
    members: &[
        ("input", Shape::As(Scope::User, &Shape::TextOr(&ITEMS))),
        ("instructions", Shape::As(Scope::System, &Shape::TextOr(&ITEMS))),
        ("personality", Shape::As(Scope::System, &Shape::Text)),
        ("prompt", Shape::Object(&PROMPT)),
        ("model", Shape::Model),
        ("tools", Shape::As(Scope::ToolDefinition, &items::TOOLS)),
        ("tool_choice", Shape::As(Scope::ToolDefinition, &Shape::Leaves)),
        ("text", Shape::As(Scope::System, &Shape::Leaves)),
    ],
});

/// The model's own turns are its messages and everything that it wants done. What tools gave back is not: where it comes
/// last it is new.
static ITEMS: Shape = Shape::As(
    Scope::Unknown,
    &Shape::Turns(&Turns { each: &Shape::Case(&ITEM), own: &[("role", &["assistant"]), ("type", items::OWN)] }),
);

/// A prompt that is stored at OpenAI, and what is put into it.
static PROMPT: Object = Object::of(&[
    ("id", Shape::Text),
    ("version", Shape::Text),
    ("variables", Shape::As(Scope::User, &Shape::Values(&Shape::TextOr(&Shape::Case(&items::PART))))),
]);

/// What has not ended has no reason for having ended, and what is incomplete says why elsewhere.
static RESPONSE: Case = Case {
    by: "status",
    cases: &[(&["queued", "in_progress", "incomplete"], None, Shape::Object(&ANSWER))],
    otherwise: Some(&Shape::Object(&ANSWER)),
};

/// A response, a `response.compaction` or the counts of `response.input_tokens`. Most members repeat the request.
static ANSWER: Object = Object {
    marks: &["output", "error", "input_tokens"],
    members: &[
        ("object", Shape::Words(&["response", "response.compaction", "response.input_tokens"])),
        ("id", Shape::Text),
        ("output", Shape::As(Scope::Unknown, &Shape::Each(&Shape::Case(&ITEM)))),
        ("output_text", Shape::As(Scope::Assistant, &Shape::Text)),
        ("model", Shape::Model),
        ("status", Shape::Finish),
        ("incomplete_details", Shape::Object(&Object::of(&[("reason", Shape::Finish)]))),
        ("error", Shape::Leaves),
        ("usage", Shape::Object(&USAGE)),
        ("input_tokens", Shape::Tokens(TokenKind::Input)),
        ("instructions", Shape::As(Scope::System, &Shape::TextOr(&ITEMS))),
        ("prompt", Shape::Object(&PROMPT)),
        ("tools", Shape::As(Scope::ToolDefinition, &items::TOOLS)),
        ("tool_choice", Shape::As(Scope::ToolDefinition, &Shape::Leaves)),
        ("text", Shape::As(Scope::System, &Shape::Leaves)),
        ("access_programs", Shape::Leaves),
        ("background", Shape::Leaves),
        ("completed_at", Shape::Leaves),
        ("content_filters", Shape::Leaves),
        ("conversation", Shape::Leaves),
        ("created_at", Shape::Leaves),
        ("frequency_penalty", Shape::Leaves),
        ("image", Shape::Leaves),
        ("input_transformations", Shape::Leaves),
        ("max_output_tokens", Shape::Leaves),
        ("max_tool_calls", Shape::Leaves),
        ("metadata", Shape::Leaves),
        ("moderation", Shape::Leaves),
        ("parallel_tool_calls", Shape::Leaves),
        ("presence_penalty", Shape::Leaves),
        ("previous_response_id", Shape::Text),
        ("prompt_cache_diagnostics", Shape::Leaves),
        ("prompt_cache_key", Shape::Text),
        ("prompt_cache_options", Shape::Leaves),
        ("prompt_cache_retention", Shape::Text),
        ("reasoning", Shape::Leaves),
        ("safety_identifier", Shape::Text),
        ("service_tier", Shape::Text),
        ("store", Shape::Leaves),
        ("temperature", Shape::Leaves),
        ("tool_usage", Shape::Leaves),
        ("top_logprobs", Shape::Leaves),
        ("top_p", Shape::Leaves),
        ("truncation", Shape::Text),
        ("user", Shape::Text),
    ],
};

static USAGE: Object = Object::of(&[
    ("input_tokens", Shape::Tokens(TokenKind::Input)),
    (
        "input_tokens_details",
        Shape::Object(&Object::of(&[
            ("cached_tokens", Shape::Tokens(TokenKind::Cached)),
            ("cache_write_tokens", Shape::Leaves),
            ("cache_write_tokens_details", Shape::Leaves),
        ])),
    ),
    ("output_tokens", Shape::Tokens(TokenKind::Output)),
    ("output_tokens_details", Shape::Object(&Object::of(&[("reasoning_tokens", Shape::Tokens(TokenKind::Reasoning))]))),
    ("total_tokens", Shape::Leaves),
]);

/// The documented event `error`, and inside of it the `error` object: the SDKs for Python and JavaScript hand an event
/// without that object to the application as if nothing had happened, and turn one that has it into an exception.
fn last_event(refusal: &Refusal<'_>) -> String {
    serde_json::json!({
        "type": "error",
        "sequence_number": 0,
        "code": refusal.code,
        "message": refusal.message,
        "param": null,
        "error": openai_chat::error_object(refusal),
    })
    .to_string()
}
