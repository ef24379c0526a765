//! OpenAI Chat Completions: request, whole answer, stream and error, as documented in OpenAI's API reference ("Chat
//! Completions": create, object, chunk object) and spoken by OpenAI-compatible servers. From those come
//! `reasoning_content` (DeepSeek, vLLM), `reasoning` and `reasoning_details` (Groq, OpenRouter), `thinking`, `document_url`
//! and `reference` parts (Mistral), `citations` and `search_results` (Perplexity). From Azure come the results of its content
//! filter and `context`, what was retrieved from `data_sources`. Checked against OpenAI's Python SDK 3.54.0.
//!
//! Not read: images, audio and files. A message's `audio.id` stands for audio at OpenAI that never passes here.

use super::outline::TokenKind;
use super::shape::{Case, Object, Shape, Turns};
use super::{ErrorAnswer, Events, LastEvent, Refusal, Scope, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "openai/chat",
    request: &REQUEST,
    fields: None,
    response: &RESPONSE,
    events: Events::All(&CHUNK),
    not_read: "images, audio, video and files; spoken answers that an `audio.id` stands for",
    independent: true,
    error,
    last: |refusal| vec![LastEvent::plain(error_body(refusal)), LastEvent::plain("[DONE]")],
};

static REQUEST: Shape = Shape::Object(&Object {
    marks: &["messages"],
    members: &[
        ("messages", Shape::Turns(&Turns { each: &MESSAGE, own: &[("role", &["assistant"])] })),
        ("model", Shape::Model),
        ("tools", Shape::As(Scope::ToolDefinition, &Shape::Leaves)),
        ("functions", Shape::As(Scope::ToolDefinition, &Shape::Leaves)),
        ("prediction", Shape::As(Scope::Assistant, &Shape::Leaves)),
        ("documents", Shape::As(Scope::Document, &Shape::Leaves)),
        ("response_format", Shape::As(Scope::System, &Shape::Leaves)),
        ("tool_choice", Shape::As(Scope::ToolDefinition, &Shape::Leaves)),
        ("function_call", Shape::As(Scope::ToolDefinition, &Shape::Leaves)),
    ],
});

static MESSAGE: Shape = Shape::Case(&Case {
    by: "role",
    cases: &[
        (&["system", "developer"], Some(Scope::System), Shape::Object(&HEARD)),
        (&["user"], Some(Scope::User), Shape::Object(&HEARD)),
        (&["tool", "function"], Some(Scope::ToolOutput), Shape::Object(&HEARD)),
        (&["assistant"], Some(Scope::Assistant), Shape::Object(&SPOKEN)),
    ],
    otherwise: None,
});

/// Only a model refuses, reasons and calls: in another role these members are where text hides.
static HEARD: Object = Object::of(&[
    ("content", Shape::TextOr(&PARTS)),
    ("content_parts", Shape::TextOr(&PARTS)),
    ("name", Shape::Text),
    ("tool_call_id", Shape::Text),
    ("refusal", Shape::Absent),
    ("reasoning", Shape::Absent),
    ("reasoning_content", Shape::Absent),
    ("reasoning_details", Shape::Absent),
    ("tool_calls", Shape::Absent),
    ("function_call", Shape::Absent),
]);

static SPOKEN: Object = Object::of(&[
    ("content", Shape::TextOr(&PARTS)),
    ("name", Shape::Text),
    ("refusal", Shape::Text),
    ("reasoning", Shape::As(Scope::Reasoning, &Shape::Leaves)),
    ("reasoning_content", Shape::As(Scope::Reasoning, &Shape::Leaves)),
    ("reasoning_details", Shape::As(Scope::Reasoning, &Shape::Leaves)),
    ("audio", Shape::Object(&AUDIO)),
    ("annotations", Shape::As(Scope::Document, &Shape::Leaves)),
    ("context", Shape::Object(&CONTEXT)),
    ("tool_calls", Shape::As(Scope::ToolInput, &Shape::Each(&CALL))),
    ("function_call", Shape::As(Scope::ToolInput, &Shape::Object(&FUNCTION))),
]);

static AUDIO: Object = Object::of(&[
    ("id", Shape::Text),
    ("data", Shape::Opaque),
    ("transcript", Shape::Text),
    ("expires_at", Shape::Leaves),
]);

/// What Azure retrieved, and what it searched for.
static CONTEXT: Object = Object::of(&[
    ("citations", Shape::As(Scope::Document, &Shape::Leaves)),
    ("all_retrieved_documents", Shape::As(Scope::Document, &Shape::Leaves)),
    ("intent", Shape::As(Scope::ToolInput, &Shape::Leaves)),
]);

static PARTS: Shape = Shape::Each(&Shape::Case(&Case {
    by: "type",
    cases: &[
        (&["text", "refusal"], None, Shape::Leaves),
        (&["image_url", "input_audio", "file", "video_url"], None, Shape::Opaque),
        (&["thinking"], Some(Scope::Reasoning), Shape::Leaves),
        (&["document_url", "reference"], Some(Scope::Document), Shape::Leaves),
    ],
    otherwise: None,
}));

static CALL: Shape = Shape::Object(&Object::of(&[
    ("type", Shape::Words(&["function", "custom"])),
    ("function", Shape::Object(&FUNCTION)),
    ("custom", Shape::Object(&FUNCTION)),
]));

/// `{name, arguments}` where the arguments are JSON in a string (some compatible servers write the JSON itself), or
/// `{name, input}` where the input is free text.
static FUNCTION: Object = Object::of(&[("name", Shape::Text), ("arguments", Shape::Json), ("input", Shape::Text)]);

static RESPONSE: Shape = Shape::Object(&Object {
    marks: &["choices", "error", "data"],
    members: &[
        ("choices", Shape::Each(&CHOICE)),
        ("data", Shape::Each(&STORED)),
        ("error", Shape::Leaves),
        ("model", Shape::Model),
        ("citations", Shape::As(Scope::Document, &Shape::Leaves)),
        ("search_results", Shape::As(Scope::Document, &Shape::Leaves)),
        ("usage", Shape::Object(&USAGE)),
    ],
});

/// Lists of stored completions, and of the messages of one.
static STORED: Shape = Shape::Case(&Case {
    by: "object",
    cases: &[(&["chat.completion"], None, Shape::As(Scope::Unknown, &RESPONSE))],
    otherwise: Some(&MESSAGE),
});

static CHOICE: Shape = Shape::Object(&Object::of(&[
    ("message", Shape::Case(&ANSWER)),
    ("logprobs", Shape::As(Scope::Assistant, &Shape::Leaves)),
    ("finish_reason", Shape::Finish),
]));

/// Some compatible servers leave the role out.
static ANSWER: Case = Case {
    by: "role",
    cases: &[(&["assistant"], Some(Scope::Assistant), Shape::Object(&SPOKEN))],
    otherwise: Some(&MESSAGE),
};

pub(super) static USAGE: Object = Object::of(&[
    ("prompt_tokens", Shape::Tokens(TokenKind::Input)),
    ("completion_tokens", Shape::Tokens(TokenKind::Output)),
    ("prompt_tokens_details", Shape::Object(&Object::of(&[("cached_tokens", Shape::Tokens(TokenKind::Cached))]))),
    (
        "completion_tokens_details",
        Shape::Object(&Object::of(&[("reasoning_tokens", Shape::Tokens(TokenKind::Reasoning))])),
    ),
    ("prompt_cache_hit_tokens", Shape::Tokens(TokenKind::Cached)),
]);

static CHUNK: Shape = Shape::Object(&Object::of(&[
    ("id", Shape::Text),
    // Azure sends the results of its filter in an event of empty strings.
    ("object", Shape::Words(&["chat.completion.chunk", "chat.completion", ""])),
    ("model", Shape::Model),
    ("system_fingerprint", Shape::Text),
    ("service_tier", Shape::Text),
    ("obfuscation", Shape::Text),
    ("provider", Shape::Text),
    ("created", Shape::Leaves),
    ("metadata", Shape::Leaves),
    ("moderation", Shape::Leaves),
    ("prompt_filter_results", Shape::Leaves),
    ("citations", Shape::As(Scope::Document, &Shape::Leaves)),
    ("search_results", Shape::As(Scope::Document, &Shape::Leaves)),
    ("x_groq", Shape::Leaves),
    ("choices", Shape::Each(&Shape::Numbered(&["index"], &CHUNK_CHOICE))),
    ("error", Shape::Leaves),
    ("usage", Shape::Object(&USAGE)),
]));

pub(super) static CHUNK_CHOICE: Shape = Shape::Object(&Object::of(&[
    ("index", Shape::Leaves),
    ("content_filter_results", Shape::Leaves),
    ("content_filter_result", Shape::Leaves),
    ("content_filter_offsets", Shape::Leaves),
    ("native_finish_reason", Shape::Text),
    ("stop_reason", Shape::Leaves),
    ("delta", Shape::As(Scope::Assistant, &DELTA)),
    // Servers that answer whole although a stream was asked for, that repeat the answer so far, or call a delta so.
    ("message", Shape::As(Scope::Assistant, &Shape::Object(&TOLD))),
    ("logprobs", Shape::As(Scope::Assistant, &Shape::Leaves)),
    ("finish_reason", Shape::Finish),
]));

static TOLD: Object = Object::of(&[
    ("role", Shape::Words(&["assistant", ""])),
    ("content", Shape::Said("message", &PARTS)),
    ("name", Shape::Text),
    ("refusal", Shape::Said("message refusal", &Shape::Leaves)),
    ("reasoning", Shape::As(Scope::Reasoning, &Shape::Said("message reasoning", &Shape::Leaves))),
    ("reasoning_content", Shape::As(Scope::Reasoning, &Shape::Said("message reasoning content", &Shape::Leaves))),
    ("reasoning_details", Shape::As(Scope::Reasoning, &Shape::Leaves)),
    ("audio", Shape::Object(&AUDIO)),
    ("annotations", Shape::As(Scope::Document, &Shape::Leaves)),
    ("context", Shape::Object(&CONTEXT)),
    ("tool_calls", Shape::As(Scope::ToolInput, &Shape::Each(&CALL))),
    ("function_call", Shape::As(Scope::ToolInput, &Shape::Object(&FUNCTION))),
]);

static DELTA: Shape = Shape::Object(&Object::of(&[
    ("role", Shape::Words(&["assistant", ""])),
    ("content", Shape::PieceOr("content", &PARTS_PIECES)),
    ("refusal", Shape::Piece("refusal")),
    ("reasoning", Shape::As(Scope::Reasoning, &Shape::Piece("reasoning"))),
    ("reasoning_content", Shape::As(Scope::Reasoning, &Shape::Piece("reasoning_content"))),
    ("reasoning_details", Shape::As(Scope::Reasoning, &Shape::Each(&Shape::Numbered(&["index"], &DETAIL)))),
    (
        "audio",
        Shape::Object(&Object::of(&[
            ("id", Shape::Text),
            ("data", Shape::Opaque),
            ("transcript", Shape::Piece("transcript")),
            ("expires_at", Shape::Leaves),
        ])),
    ),
    ("annotations", Shape::As(Scope::Document, &Shape::Leaves)),
    ("context", Shape::Object(&CONTEXT)),
    ("tool_calls", Shape::As(Scope::ToolInput, &Shape::Each(&Shape::Numbered(&["index"], &CALL_PIECE)))),
    ("function_call", Shape::As(Scope::ToolInput, &Shape::Object(&FUNCTION_PIECE))),
]));

static DETAIL: Shape = Shape::Object(&Object::of(&[
    ("type", Shape::Text),
    ("id", Shape::Text),
    ("format", Shape::Text),
    ("text", Shape::Piece("reasoning detail")),
    ("summary", Shape::Piece("reasoning summary")),
]));

static PARTS_PIECES: Shape = Shape::Each(&Shape::Case(&Case {
    by: "type",
    cases: &[
        (&["text"], None, Shape::Object(&Object::of(&[("text", Shape::Piece("content"))]))),
        (
            &["thinking"],
            Some(Scope::Reasoning),
            Shape::Object(&Object::of(&[(
                "thinking",
                Shape::Each(&Shape::Object(&Object::of(&[("type", Shape::Text), ("text", Shape::Piece("thinking"))]))),
            )])),
        ),
        (&["reference"], Some(Scope::Document), Shape::Leaves),
    ],
    otherwise: None,
}));

static CALL_PIECE: Shape = Shape::Object(&Object::of(&[
    ("index", Shape::Leaves),
    ("id", Shape::Text),
    ("type", Shape::Words(&["function", "custom"])),
    ("function", Shape::Object(&FUNCTION_PIECE)),
    ("custom", Shape::Object(&FUNCTION_PIECE)),
]));

static FUNCTION_PIECE: Object = Object::of(&[
    ("name", Shape::Piece("name")),
    ("arguments", Shape::JsonPiece("arguments")),
    // Free text, not JSON.
    ("input", Shape::Piece("input")),
]);

/// The error body that OpenAI's SDKs turn into a typed exception (`error` object with message, type, param, code).
pub(super) fn error(refusal: &Refusal<'_>) -> ErrorAnswer {
    ErrorAnswer::json(refusal, error_body(refusal))
}

/// See [`error`].
pub(super) fn error_body(refusal: &Refusal<'_>) -> String {
    serde_json::json!({ "error": error_object(refusal) }).to_string()
}

/// What `error` holds. See [`error`].
pub(super) fn error_object(refusal: &Refusal<'_>) -> serde_json::Value {
    let mut error = serde_json::json!({
        "message": refusal.message,
        "type": "policy_violation",
        "param": null,
        "code": refusal.code,
        "exchange": refusal.exchange.to_string(),
    });
    if let (Some(rule), Some(object)) = (refusal.rule, error.as_object_mut()) {
        object.insert("rule".to_owned(), rule.into());
    }
    error
}
