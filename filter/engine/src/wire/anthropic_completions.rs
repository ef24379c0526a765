//! Anthropic Text Completions: request, whole answer and stream, as documented in Anthropic's API reference ("Text
//! Completions (Legacy)") and typed in its Python SDK 0.74.0 (`types/completion.py`). Errors are those of Messages.
//!
//! Read: the prompt, in which the turns of a conversation are written out and not told apart here, so that all of it is the
//! user's and nothing of it counts as carried; the completion, whole or in pieces. There are no other texts.

use super::shape::{Case, Object, Shape};
use super::{Events, LastEvent, Scope, Spec, anthropic_messages};

pub(super) static SPEC: Spec = Spec {
    name: "anthropic/completions",
    request: &REQUEST,
    fields: None,
    response: &RESPONSE,
    events: Events::All(&EVENT),
    not_read: "",
    independent: false,
    error: anthropic_messages::error,
    last: |refusal| vec![LastEvent::named("error", anthropic_messages::error_body(refusal))],
};

pub(super) static REQUEST: Shape = Shape::Object(&Object {
    marks: &["prompt"],
    members: &[("model", Shape::Model), ("prompt", Shape::As(Scope::User, &Shape::Text))],
});

pub(super) static RESPONSE: Shape = Shape::Object(&Object {
    marks: &["completion", "error"],
    members: &[
        ("id", Shape::Text),
        ("type", Shape::Words(&["completion", "error"])),
        ("completion", Shape::As(Scope::Assistant, &Shape::Text)),
        ("model", Shape::Model),
        ("stop_reason", Shape::Finish),
        ("stop", Shape::As(Scope::Assistant, &Shape::Text)),
        ("log_id", Shape::Text),
        ("error", Shape::Leaves),
    ],
});

pub(super) static EVENT: Shape = Shape::Case(&Case {
    by: "type",
    cases: &[
        (&["completion"], None, Shape::Object(&PIECE)),
        (&["ping"], None, Shape::Object(&Object::of(&[]))),
        (&["error"], None, Shape::Object(&Object::of(&[("error", Shape::Leaves), ("request_id", Shape::Text)]))),
    ],
    // Bedrock's stream has no types.
    otherwise: Some(&Shape::Object(&PIECE)),
});

static PIECE: Object = Object::of(&[
    ("id", Shape::Text),
    ("completion", Shape::As(Scope::Assistant, &Shape::Piece("completion"))),
    ("model", Shape::Model),
    ("stop_reason", Shape::Finish),
    ("stop", Shape::As(Scope::Assistant, &Shape::Text)),
    ("log_id", Shape::Text),
]);
