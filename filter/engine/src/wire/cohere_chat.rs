//! Cohere v2 chat: request, whole answer and stream, as documented in Cohere's API reference ("Chat", "Chat with Streaming")
//! and typed in its Python SDK 7.3.1 (`v2/types`, `types/*v2*`).
//!
//! Read: messages with text, thinking, tool plans, tool calls and results, documents given and cited, tools on offer, usage,
//! why the model stopped. Images are opaque. A tool plan is the model's reasoning about which tools to use. In a stream,
//! contents and tool calls are numbered from 0 each.

use super::outline::TokenKind;
use super::shape::{Case, Object, Shape, Turns};
use super::{ErrorAnswer, Events, LastEvent, Refusal, Scope, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "cohere/chat",
    request: &REQUEST,
    fields: None,
    response: &RESPONSE,
    events: Events::All(&EVENT),
    not_read: "images",
    independent: false,
    error: |refusal| ErrorAnswer::json(refusal, error_body(refusal)),
    last: |refusal| vec![LastEvent::named("message-end", last_event(refusal)), LastEvent::plain("[DONE]")],
};

static REQUEST: Shape = Shape::Object(&Object {
    marks: &["messages"],
    members: &[
        ("model", Shape::Model),
        ("messages", Shape::Turns(&Turns { each: &MESSAGE, own: &[("role", &["assistant"])] })),
        ("documents", Shape::As(Scope::Document, &Shape::Leaves)),
        ("tools", Shape::As(Scope::ToolDefinition, &Shape::Leaves)),
        ("tool_choice", Shape::Words(&["REQUIRED", "NONE"])),
        ("safety_mode", Shape::Words(&["CONTEXTUAL", "STRICT", "OFF"])),
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

/// Only the model plans, calls and cites.
static HEARD: Object = Object::of(&[
    ("content", Shape::TextOr(&HEARD_PARTS)),
    ("tool_call_id", Shape::Text),
    ("tool_plan", Shape::Absent),
    ("tool_calls", Shape::Absent),
    ("citations", Shape::Absent),
]);

static HEARD_PARTS: Shape = Shape::Each(&Shape::Case(&Case {
    by: "type",
    cases: &[
        (&["text"], None, Shape::Object(&Object::of(&[("text", Shape::Text)]))),
        (&["image_url"], None, Shape::Object(&Object::of(&[("image_url", Shape::Opaque)]))),
        (&["document"], Some(Scope::Document), Shape::Object(&Object::of(&[("document", Shape::Leaves)]))),
    ],
    otherwise: None,
}));

static SPOKEN: Object = Object::of(&[
    ("content", Shape::TextOr(&SPOKEN_PARTS)),
    ("tool_plan", Shape::As(Scope::Reasoning, &Shape::Text)),
    ("tool_calls", Shape::As(Scope::ToolInput, &Shape::Each(&CALL))),
    ("citations", Shape::As(Scope::Document, &Shape::Each(&CITATION))),
    ("tool_call_id", Shape::Absent),
]);

static SPOKEN_PARTS: Shape = Shape::Each(&Shape::Case(&Case {
    by: "type",
    cases: &[
        (&["text"], None, Shape::Object(&Object::of(&[("text", Shape::Text)]))),
        (&["thinking"], Some(Scope::Reasoning), Shape::Object(&Object::of(&[("thinking", Shape::Text)]))),
    ],
    otherwise: None,
}));

static CALL: Shape = Shape::Object(&Object::of(&[
    ("id", Shape::Text),
    ("type", Shape::Words(&["function"])),
    ("function", Shape::Object(&Object::of(&[("name", Shape::Text), ("arguments", Shape::Json)]))),
]));

/// `text` is what of the answer rests on the sources.
static CITATION: Shape = Shape::Object(&Object::of(&[
    ("start", Shape::Leaves),
    ("end", Shape::Leaves),
    ("content_index", Shape::Leaves),
    ("text", Shape::Text),
    ("type", Shape::Words(&["TEXT_CONTENT", "THINKING_CONTENT", "PLAN"])),
    (
        "sources",
        Shape::Each(&Shape::Case(&Case {
            by: "type",
            cases: &[
                (&["document"], Some(Scope::Document), Shape::Object(&SOURCE)),
                (&["tool"], Some(Scope::ToolOutput), Shape::Object(&SOURCE)),
            ],
            otherwise: None,
        })),
    ),
]));

static SOURCE: Object = Object::of(&[("id", Shape::Text), ("document", Shape::Leaves), ("tool_output", Shape::Leaves)]);

static RESPONSE: Shape = Shape::Object(&Object {
    marks: &["message"],
    members: &[
        ("id", Shape::Text),
        (
            "message",
            Shape::Case(&Case {
                by: "role",
                cases: &[(&["assistant"], Some(Scope::Assistant), Shape::Object(&SPOKEN))],
                otherwise: None,
            }),
        ),
        ("finish_reason", Shape::Finish),
        ("usage", Shape::Object(&USAGE)),
        ("logprobs", Shape::As(Scope::Assistant, &Shape::Leaves)),
    ],
});

/// `billed_units` are what is paid for, `tokens` what was used.
static USAGE: Object = Object::of(&[
    ("billed_units", Shape::Leaves),
    (
        "tokens",
        Shape::Object(&Object::of(&[
            ("input_tokens", Shape::Tokens(TokenKind::Input)),
            ("output_tokens", Shape::Tokens(TokenKind::Output)),
        ])),
    ),
    ("cached_tokens", Shape::Tokens(TokenKind::Cached)),
]);

/// An event whose `delta` holds this of a message.
macro_rules! event {
    ($message:expr) => {
        Shape::Object(&Object::of(&[
            ("id", Shape::Text),
            ("index", Shape::Leaves),
            (
                "delta",
                Shape::As(Scope::Assistant, &Shape::Object(&Object::of(&[("message", Shape::Object($message))]))),
            ),
            ("logprobs", Shape::As(Scope::Assistant, &Shape::Leaves)),
        ]))
    };
}

static EVENT: Shape = Shape::Case(&Case {
    by: "type",
    cases: &[
        (&["message-start"], None, event!(&BEGUN)),
        (&["content-start", "content-delta"], None, Shape::Numbered(&["index"], &event!(&CONTENT))),
        (&["tool-plan-delta"], None, event!(&PLAN)),
        (&["tool-call-start", "tool-call-delta"], None, Shape::Numbered(&["index"], &event!(&CALL_PIECE))),
        (&["content-end", "tool-call-end"], None, Shape::Numbered(&["index"], &Shape::Ends(&NUMBER))),
        (&["citation-start"], None, event!(&CITED)),
        (&["citation-end"], None, Shape::Object(&Object::of(&[("index", Shape::Leaves)]))),
        (
            &["message-end"],
            None,
            Shape::Ends(&Shape::Object(&Object::of(&[("id", Shape::Text), ("delta", Shape::Object(&END))]))),
        ),
        (&["debug"], None, Shape::Leaves),
    ],
    otherwise: None,
});

static NUMBER: Shape = Shape::Object(&Object::of(&[("index", Shape::Leaves)]));

static BEGUN: Object = Object::of(&[
    ("role", Shape::Words(&["assistant"])),
    ("content", Shape::Each(&Shape::Absent)),
    ("tool_plan", PLANNED),
    ("tool_calls", Shape::Each(&Shape::Absent)),
    ("citations", Shape::Each(&Shape::Absent)),
]);

static CONTENT: Object = Object::of(&[(
    "content",
    Shape::Object(&Object::of(&[
        ("type", Shape::Words(&["text", "thinking"])),
        ("text", Shape::Piece("text")),
        ("thinking", Shape::As(Scope::Reasoning, &Shape::Piece("thinking"))),
    ])),
)]);

static PLAN: Object = Object::of(&[("tool_plan", PLANNED)]);

const PLANNED: Shape = Shape::As(Scope::Reasoning, &Shape::Piece("tool plan"));

static CALL_PIECE: Object = Object::of(&[("tool_calls", Shape::As(Scope::ToolInput, &CALLED))]);

static CALLED: Shape = Shape::Object(&Object::of(&[
    ("id", Shape::Text),
    ("type", Shape::Words(&["function"])),
    ("function", Shape::Object(&Object::of(&[("name", Shape::Text), ("arguments", Shape::JsonPiece("arguments"))]))),
]));

static CITED: Object = Object::of(&[("citations", Shape::As(Scope::Document, &CITATION))]);

static END: Object =
    Object::of(&[("error", Shape::Text), ("finish_reason", Shape::Finish), ("usage", Shape::Object(&USAGE))]);

/// What Cohere's SDK raises as `ForbiddenError` (403), with this body.
fn error_body(refusal: &Refusal<'_>) -> String {
    serde_json::json!({
        "id": refusal.exchange.to_string(),
        "message": refusal.message,
        "code": refusal.code,
        "rule": refusal.rule,
    })
    .to_string()
}

/// No event makes Cohere's SDK raise: what an application gets to see is a message that ended in an error.
fn last_event(refusal: &Refusal<'_>) -> String {
    serde_json::json!({
        "type": "message-end",
        "id": refusal.exchange.to_string(),
        "delta": {
            "error": refusal.message,
            "finish_reason": "ERROR",
            "code": refusal.code,
            "rule": refusal.rule,
        },
    })
    .to_string()
}
