//! OpenAI Moderations: request and answer, as documented in OpenAI's API reference ("Moderations") and typed in its Python
//! SDK 3.54.0.
//!
//! Not read: images. There is no stream.

use super::openai_chat;
use super::shape::{Case, Object, Shape};
use super::{Events, LastEvent, Scope, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "openai/moderations",
    request: &REQUEST,
    fields: None,
    response: &RESPONSE,
    events: Events::None,
    not_read: "images",
    independent: false,
    error: openai_chat::error,
    last: |refusal| vec![LastEvent::plain(openai_chat::error_body(refusal)), LastEvent::plain("[DONE]")],
};

static REQUEST: Shape = Shape::Object(&Object {
    marks: &["input"],
    members: &[("input", Shape::As(Scope::User, &Shape::OneOrEach(&Shape::TextOr(&PART)))), ("model", Shape::Model)],
});

static PART: Shape = Shape::Case(&Case {
    by: "type",
    cases: &[
        (&["text"], None, Shape::Object(&Object::of(&[("text", Shape::Text)]))),
        (&["image_url"], None, Shape::Opaque),
    ],
    otherwise: None,
});

static RESPONSE: Shape = Shape::Object(&Object {
    marks: &["results", "error"],
    members: &[
        ("id", Shape::Text),
        ("model", Shape::Model),
        ("results", Shape::Each(&RESULT)),
        ("error", Shape::Leaves),
    ],
});

static RESULT: Shape = Shape::Object(&Object::of(&[
    ("flagged", Shape::Leaves),
    ("categories", Shape::Leaves),
    ("category_scores", Shape::Leaves),
    ("category_applied_input_types", Shape::Leaves),
]));
