//! Ollama generate: request, whole answer, stream and error, as documented in Ollama's API reference ("Generate a response")
//! and typed in its Python client 0.6.3. `context`, the conversation so far as numbers of tokens, is text that Weir cannot
//! read; in an answer it repeats what was said, so it goes when anything of the answer is redacted.

use super::outline::TokenKind;
use super::shape::{Object, Shape};
use super::{Events, LastEvent, Scope, Spec, ollama_chat};

pub(super) static SPEC: Spec = Spec {
    name: "ollama/generate",
    request: &REQUEST,
    fields: None,
    response: &RESPONSE,
    events: Events::All(&CHUNK),
    not_read: "images; `context`, the conversation so far as token numbers",
    independent: false,
    error: ollama_chat::error,
    last: |refusal| vec![LastEvent::plain(ollama_chat::error_body(refusal))],
};

static REQUEST: Shape = Shape::Object(&Object {
    marks: &["model", "prompt"],
    members: &[
        ("model", Shape::Model),
        ("prompt", Shape::As(Scope::User, &Shape::Text)),
        ("suffix", Shape::As(Scope::User, &Shape::Text)),
        ("system", Shape::As(Scope::System, &Shape::Text)),
        ("template", Shape::As(Scope::System, &Shape::Text)),
        ("images", Shape::As(Scope::User, &Shape::Each(&Shape::Opaque))),
        ("context", Shape::Opaque),
        ("format", Shape::As(Scope::System, &Shape::Leaves)),
        ("options", Shape::Leaves),
        ("keep_alive", Shape::Leaves),
        ("think", Shape::Leaves),
    ],
});

static RESPONSE: Shape = Shape::Object(&Object {
    marks: &["response", "image", "error"],
    members: &[
        ("model", Shape::Model),
        ("created_at", Shape::Text),
        ("response", Shape::As(Scope::Assistant, &Shape::Text)),
        ("thinking", Shape::As(Scope::Reasoning, &Shape::Text)),
        ("image", Shape::As(Scope::Assistant, &Shape::Opaque)),
        ("context", Shape::Echo),
        ("logprobs", Shape::As(Scope::Assistant, &Shape::Leaves)),
        ("done", Shape::Done),
        ("done_reason", Shape::Finish),
        ("prompt_eval_count", Shape::Tokens(TokenKind::Input)),
        ("eval_count", Shape::Tokens(TokenKind::Output)),
        ("error", Shape::Leaves),
    ],
});

static CHUNK: Shape = Shape::Object(&Object::of(&[
    ("model", Shape::Model),
    ("remote_model", Shape::Text),
    ("remote_host", Shape::Text),
    ("created_at", Shape::Text),
    ("response", Shape::As(Scope::Assistant, &Shape::Piece("response"))),
    ("thinking", Shape::As(Scope::Reasoning, &Shape::Piece("thinking"))),
    ("image", Shape::As(Scope::Assistant, &Shape::Opaque)),
    ("context", Shape::Echo),
    ("logprobs", Shape::As(Scope::Assistant, &Shape::Leaves)),
    ("done", Shape::Done),
    ("done_reason", Shape::Finish),
    ("prompt_eval_count", Shape::Tokens(TokenKind::Input)),
    ("eval_count", Shape::Tokens(TokenKind::Output)),
    ("error", Shape::Leaves),
]));
