//! OpenAI Completions, the older interface of text in and text out: request, whole answer and stream, as documented in
//! OpenAI's API reference ("Completions") and typed in its Python SDK 3.54.0; also spoken by vLLM, from which come
//! `prompt_embeds` and `prompt_logprobs`, and by Azure, from which come the content filter results.
//!
//! Not read: a prompt of token numbers. Only the model's tokenizer could tell what it says, so it is opaque.

use super::openai_chat::{self, USAGE};
use super::shape::{Object, Shape};
use super::{Events, LastEvent, Scope, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "openai/completions",
    request: &REQUEST,
    fields: None,
    response: &RESPONSE,
    events: Events::All(&CHUNK),
    not_read: "prompts of token numbers; `prompt_embeds`",
    independent: true,
    error: openai_chat::error,
    last: |refusal| vec![LastEvent::plain(openai_chat::error_body(refusal)), LastEvent::plain("[DONE]")],
};

static REQUEST: Shape = Shape::Object(&Object {
    marks: &["prompt", "prompt_embeds"],
    members: &[
        ("prompt", Shape::As(Scope::User, &Shape::OneOrEach(&Shape::TextOr(&Shape::Opaque)))),
        ("prompt_embeds", Shape::As(Scope::User, &Shape::Opaque)),
        ("suffix", Shape::As(Scope::User, &Shape::Text)),
        ("model", Shape::Model),
    ],
});

static RESPONSE: Shape = Shape::Object(&Object {
    marks: &["choices", "error"],
    members: &[
        ("id", Shape::Text),
        ("object", Shape::Words(&["text_completion"])),
        ("created", Shape::Leaves),
        ("choices", Shape::Each(&CHOICE)),
        ("error", Shape::Leaves),
        ("model", Shape::Model),
        ("system_fingerprint", Shape::Text),
        ("service_tier", Shape::Text),
        ("prompt_filter_results", Shape::Leaves),
        ("usage", Shape::Object(&USAGE)),
    ],
});

static CHOICE: Shape = Shape::Object(&Object::of(&[
    ("index", Shape::Leaves),
    ("text", Shape::As(Scope::Assistant, &Shape::Text)),
    ("logprobs", Shape::As(Scope::Assistant, &Shape::Leaves)),
    ("prompt_logprobs", Shape::As(Scope::User, &Shape::Leaves)),
    ("content_filter_results", Shape::Leaves),
    ("finish_reason", Shape::Finish),
]));

static CHUNK: Shape = Shape::Object(&Object::of(&[
    ("id", Shape::Text),
    ("object", Shape::Words(&["text_completion", "text_completion.chunk"])),
    ("created", Shape::Leaves),
    ("choices", Shape::Each(&Shape::Numbered(&["index"], &CHUNK_CHOICE))),
    ("error", Shape::Leaves),
    ("model", Shape::Model),
    ("system_fingerprint", Shape::Text),
    ("service_tier", Shape::Text),
    ("obfuscation", Shape::Text),
    ("prompt_filter_results", Shape::Leaves),
    ("usage", Shape::Object(&USAGE)),
]));

static CHUNK_CHOICE: Shape = Shape::Object(&Object::of(&[
    ("index", Shape::Leaves),
    ("text", Shape::As(Scope::Assistant, &Shape::Piece("text"))),
    ("reasoning", Shape::As(Scope::Reasoning, &Shape::Piece("reasoning"))),
    ("logprobs", Shape::As(Scope::Assistant, &Shape::Leaves)),
    ("prompt_logprobs", Shape::As(Scope::User, &Shape::Leaves)),
    ("content_filter_results", Shape::Leaves),
    ("stop_reason", Shape::Leaves),
    ("finish_reason", Shape::Finish),
]));
