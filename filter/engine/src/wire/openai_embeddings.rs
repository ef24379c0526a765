//! OpenAI Embeddings: request and answer, as documented in OpenAI's API reference ("Embeddings") and typed in its Python
//! SDK 3.54.0.
//!
//! Not read: an input of token numbers, which only the model's tokenizer could turn into text, and the images of servers
//! that embed more than text. Vectors are scanned as the numbers, or the base64 text, that they are. There is no stream.

use super::openai_chat::{self, USAGE};
use super::shape::{Object, Shape};
use super::{Events, LastEvent, Scope, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "openai/embeddings",
    request: &REQUEST,
    fields: None,
    response: &RESPONSE,
    events: Events::None,
    not_read: "inputs of token numbers; images",
    independent: false,
    error: openai_chat::error,
    last: |refusal| vec![LastEvent::plain(openai_chat::error_body(refusal)), LastEvent::plain("[DONE]")],
};

static REQUEST: Shape = Shape::Object(&Object {
    marks: &["input"],
    members: &[
        ("input", Shape::As(Scope::User, &Shape::OneOrEach(&Shape::TextOr(&Shape::Opaque)))),
        ("encoding_format", Shape::Words(&["float", "base64"])),
        ("model", Shape::Model),
    ],
});

static RESPONSE: Shape = Shape::Object(&Object {
    marks: &["data", "error"],
    members: &[
        ("id", Shape::Text),
        ("object", Shape::Words(&["list"])),
        ("created", Shape::Leaves),
        ("data", Shape::Each(&VECTOR)),
        ("error", Shape::Leaves),
        ("model", Shape::Model),
        ("usage", Shape::Object(&USAGE)),
    ],
});

static VECTOR: Shape = Shape::Object(&Object::of(&[
    ("object", Shape::Words(&["embedding"])),
    ("index", Shape::Leaves),
    ("embedding", Shape::Leaves),
]));
