//! Ollama chat: request, whole answer, stream and error, as documented in Ollama's API reference ("Generate a chat message")
//! and typed in its Python client 0.6.3. Answers stream as lines of JSON unless the request says `"stream": false`; tool
//! calls come whole, with arguments as JSON. Options and durations are not given meaning; they are read leaf by leaf.

use super::outline::TokenKind;
use super::shape::{Case, Object, Shape, Turns};
use super::{ErrorAnswer, Events, LastEvent, Refusal, Scope, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "ollama/chat",
    request: &REQUEST,
    fields: None,
    response: &RESPONSE,
    events: Events::All(&CHUNK),
    not_read: "images",
    independent: false,
    error,
    last: |refusal| vec![LastEvent::plain(error_body(refusal))],
};

static REQUEST: Shape = Shape::Object(&Object {
    marks: &["messages"],
    members: &[
        ("model", Shape::Model),
        ("messages", Shape::Turns(&Turns { each: &MESSAGE, own: &[("role", &["assistant"])] })),
        ("tools", Shape::As(Scope::ToolDefinition, &Shape::Leaves)),
        ("format", Shape::As(Scope::System, &Shape::Leaves)),
        ("options", Shape::Leaves),
        ("keep_alive", Shape::Leaves),
        ("think", Shape::Leaves),
    ],
});

static MESSAGE: Shape = Shape::Case(&Case {
    by: "role",
    cases: &[
        (&["system", "developer"], Some(Scope::System), Shape::Object(&HEARD)),
        (&["user"], Some(Scope::User), Shape::Object(&HEARD)),
        (&["tool"], Some(Scope::ToolOutput), Shape::Object(&HEARD)),
        (&["assistant"], Some(Scope::Assistant), Shape::Object(&SPOKEN)),
    ],
    otherwise: None,
});

/// Only a model thinks and calls: in another role these members are where text hides.
static HEARD: Object = Object::of(&[
    ("content", Shape::Text),
    ("images", Shape::Each(&Shape::Opaque)),
    ("tool_name", Shape::Text),
    ("tool_call_id", Shape::Text),
    ("thinking", Shape::Absent),
    ("tool_calls", Shape::Absent),
]);

static SPOKEN: Object = Object::of(&[
    ("content", Shape::Text),
    ("thinking", Shape::As(Scope::Reasoning, &Shape::Text)),
    ("images", Shape::Each(&Shape::Opaque)),
    ("tool_name", Shape::Text),
    ("tool_calls", Shape::As(Scope::ToolInput, &Shape::Each(&CALL))),
]);

static CALL: Shape = Shape::Object(&Object::of(&[("id", Shape::Text), ("function", Shape::Object(&FUNCTION))]));

static FUNCTION: Object = Object::of(&[
    ("index", Shape::Leaves),
    ("name", Shape::Text),
    ("description", Shape::Text),
    ("arguments", Shape::Json),
]);

static RESPONSE: Shape = Shape::Object(&Object {
    marks: &["message", "error"],
    members: &[
        ("model", Shape::Model),
        ("created_at", Shape::Text),
        ("message", Shape::Case(&ANSWER)),
        ("logprobs", Shape::As(Scope::Assistant, &Shape::Leaves)),
        ("done", Shape::Done),
        ("done_reason", Shape::Finish),
        ("prompt_eval_count", Shape::Tokens(TokenKind::Input)),
        ("eval_count", Shape::Tokens(TokenKind::Output)),
        ("error", Shape::Leaves),
    ],
});

static ANSWER: Case = Case {
    by: "role",
    cases: &[(&["assistant"], Some(Scope::Assistant), Shape::Object(&SPOKEN))],
    otherwise: Some(&MESSAGE),
};

static CHUNK: Shape = Shape::Object(&Object::of(&[
    ("model", Shape::Model),
    ("remote_model", Shape::Text),
    ("remote_host", Shape::Text),
    ("created_at", Shape::Text),
    ("message", Shape::Case(&DELTA)),
    ("logprobs", Shape::As(Scope::Assistant, &Shape::Leaves)),
    ("done", Shape::Done),
    ("done_reason", Shape::Finish),
    ("prompt_eval_count", Shape::Tokens(TokenKind::Input)),
    ("eval_count", Shape::Tokens(TokenKind::Output)),
    ("error", Shape::Leaves),
]));

static DELTA: Case = Case {
    by: "role",
    cases: &[(
        &["assistant"],
        Some(Scope::Assistant),
        Shape::Object(&Object::of(&[
            ("content", Shape::Piece("content")),
            ("thinking", Shape::As(Scope::Reasoning, &Shape::Piece("thinking"))),
            ("images", Shape::Each(&Shape::Opaque)),
            ("tool_name", Shape::Text),
            ("tool_calls", Shape::As(Scope::ToolInput, &Shape::Each(&CALL))),
        ])),
    )],
    otherwise: Some(&Shape::Object(&Object::of(&[]))),
};

/// The error body that Ollama's clients turn into a `ResponseError`. They keep the text and drop all else, so that the rule
/// and the exchange reach whoever reads the body itself.
pub(super) fn error(refusal: &Refusal<'_>) -> ErrorAnswer {
    ErrorAnswer::json(refusal, error_body(refusal))
}

/// See [`error`]. A line of the stream that has this member is an error too.
pub(super) fn error_body(refusal: &Refusal<'_>) -> String {
    let mut body = serde_json::json!({
        "error": refusal.message,
        "code": refusal.code,
        "exchange": refusal.exchange.to_string(),
    });
    if let (Some(rule), Some(object)) = (refusal.rule, body.as_object_mut()) {
        object.insert("rule".to_owned(), rule.into());
    }
    body.to_string()
}
