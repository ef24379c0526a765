//! The events of a stream of Anthropic Messages. Their data say what they are; the names of their frames repeat it.

use super::blocks::{BEGUN, CITATION};
use super::{STOP_DETAILS, USAGE};
use crate::wire::Scope;
use crate::wire::shape::{Case, Object, Shape};

pub(in crate::wire) static EVENT: Shape = Shape::Case(&Case {
    by: "type",
    cases: &[
        (&["message_start"], None, Shape::Object(&Object::of(&[("message", Shape::Object(&MESSAGE))]))),
        (
            &["content_block_start"],
            Some(Scope::Assistant),
            Shape::Numbered(&["index"], &Shape::Object(&Object::of(&[INDEX, ("content_block", Shape::Case(&BEGUN))]))),
        ),
        (
            &["content_block_delta"],
            Some(Scope::Assistant),
            Shape::Numbered(&["index"], &Shape::Object(&Object::of(&[INDEX, ("delta", Shape::Case(&DELTA))]))),
        ),
        (&["content_block_stop"], None, Shape::Numbered(&["index"], &Shape::Ends(&STOP))),
        (&["message_delta"], None, Shape::Object(&CLOSING)),
        (&["message_stop"], None, Shape::Ends(&Shape::Object(&Object::of(&[])))),
        (&["ping"], None, Shape::Object(&Object::of(&[]))),
        (&["error"], None, Shape::Object(&Object::of(&[("error", Shape::Leaves), ("request_id", Shape::Text)]))),
    ],
    otherwise: None,
});

const INDEX: (&str, Shape) = ("index", Shape::Leaves);

static STOP: Shape = Shape::Object(&Object::of(&[INDEX]));

/// The message without its content, which is documented to be empty here: blocks come by events of their own.
static MESSAGE: Object = Object::of(&[
    ("id", Shape::Text),
    ("type", Shape::Words(&["message"])),
    ("role", Shape::Words(&["assistant"])),
    ("model", Shape::Model),
    ("content", Shape::As(Scope::Assistant, &Shape::Each(&Shape::Absent))),
    ("stop_reason", Shape::Finish),
    ("stop_sequence", Shape::As(Scope::Assistant, &Shape::Text)),
    ("stop_details", Shape::As(Scope::Assistant, &STOP_DETAILS)),
    ("usage", Shape::Object(&USAGE)),
    ("container", Shape::Leaves),
    ("context_management", Shape::Leaves),
    ("diagnostics", Shape::Leaves),
    ("input_transformations", Shape::Leaves),
]);

static DELTA: Case = Case {
    by: "type",
    cases: &[
        (&["text_delta"], None, Shape::Object(&Object::of(&[("text", Shape::Piece("text"))]))),
        (
            &["thinking_delta"],
            Some(Scope::Reasoning),
            Shape::Object(&Object::of(&[("thinking", Shape::Piece("thinking")), ("estimated_tokens", Shape::Leaves)])),
        ),
        // Comes whole: clients put it in the place of the one before.
        (&["signature_delta"], Some(Scope::Reasoning), Shape::Object(&Object::of(&[("signature", Shape::Text)]))),
        (
            &["input_json_delta"],
            Some(Scope::ToolInput),
            Shape::Object(&Object::of(&[("partial_json", Shape::JsonPiece("input"))])),
        ),
        (
            &["citations_delta"],
            Some(Scope::Document),
            Shape::Object(&Object::of(&[("citation", Shape::Case(&CITATION))])),
        ),
        (
            &["compaction_delta"],
            None,
            Shape::Object(&Object::of(&[("content", Shape::Piece("compaction")), ("encrypted_content", Shape::Text)])),
        ),
    ],
    otherwise: None,
};

/// Why the model stopped, and what it cost. Counts are those of the whole message.
static CLOSING: Object = Object::of(&[
    ("delta", Shape::Object(&CLOSED)),
    ("usage", Shape::Object(&USAGE)),
    ("context_management", Shape::Leaves),
    ("input_transformations", Shape::Leaves),
]);

static CLOSED: Object = Object::of(&[
    ("stop_reason", Shape::Finish),
    ("stop_sequence", Shape::As(Scope::Assistant, &Shape::Text)),
    ("stop_details", Shape::As(Scope::Assistant, &STOP_DETAILS)),
    ("container", Shape::Leaves),
]);
