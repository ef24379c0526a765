//! OpenAI Audio: transcriptions and translations (answers `json`, `verbose_json`, `diarized_json` and the stream), and the
//! text that speech is made of, as documented in OpenAI's API reference ("Audio") and typed in its Python SDK 3.54.0.
//!
//! Read: the text, whole and as it grows, and the hints of a request. Requests for transcriptions are forms; those for
//! speech are JSON, and some servers take the other requests as JSON too.
//!
//! `segments` and `words` say the text a second time, cut anywhere. A text that spans two of them is found in the whole
//! only, so they go when anything of the answer is redacted.
//!
//! Not read: audio, in either direction. Answers that are subtitles or plain text are scanned as text.

use super::openai_chat;
use super::outline::TokenKind;
use super::shape::{Case, Object, Shape};
use super::{Events, Field, LastEvent, Scope, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "openai/audio",
    request: &REQUEST,
    fields: Some(field),
    response: &RESPONSE,
    events: Events::All(&EVENT),
    not_read: "audio, in either direction, and what a URL of audio stands for",
    independent: false,
    error: openai_chat::error,
    last: |refusal| vec![LastEvent::plain(openai_chat::error_body(refusal)), LastEvent::plain("[DONE]")],
};

/// The fields of a transcription or translation request. Lists have a field for each element, and settings one for each
/// member, with brackets behind the name. Those that only choose among words or give numbers are scanned like the others.
fn field(name: &str) -> Option<Field> {
    let scope = match name.split('[').next().unwrap_or_default() {
        "file" | "prompt" | "keywords" | "known_speaker_names" | "known_speaker_references" => Scope::User,
        "model"
        | "chunking_strategy"
        | "include"
        | "language"
        | "languages"
        | "response_format"
        | "stream"
        | "temperature"
        | "timestamp_granularities" => Scope::Unknown,
        _ => return None,
    };
    Some(Field { scope, model: name == "model" })
}

static REQUEST: Shape = Shape::Object(&Object::of(&[
    ("model", Shape::Model),
    ("file", Shape::As(Scope::User, &Shape::Opaque)),
    ("url", Shape::As(Scope::User, &Shape::Opaque)),
    ("prompt", Shape::As(Scope::User, &Shape::Text)),
    ("keywords", Shape::As(Scope::User, &Shape::Leaves)),
    ("known_speaker_names", Shape::As(Scope::User, &Shape::Leaves)),
    ("known_speaker_references", Shape::As(Scope::User, &Shape::Opaque)),
    // Speech.
    ("input", Shape::As(Scope::User, &Shape::Text)),
    ("instructions", Shape::As(Scope::System, &Shape::Text)),
    ("voice", Shape::Leaves),
]));

static RESPONSE: Shape = Shape::Object(&Object {
    marks: &["text", "error"],
    members: &[
        ("text", Shape::As(Scope::Assistant, &Shape::Text)),
        ("segments", Shape::As(Scope::Assistant, &Shape::Echo)),
        ("words", Shape::As(Scope::Assistant, &Shape::Echo)),
        ("logprobs", Shape::As(Scope::Assistant, &Shape::Leaves)),
        ("task", Shape::Words(&["transcribe", "translate"])),
        ("language", Shape::Text),
        ("languages", Shape::Leaves),
        ("duration", Shape::Leaves),
        ("error", Shape::Leaves),
        ("usage", Shape::Case(&USAGE)),
    ],
});

static USAGE: Case = Case {
    by: "type",
    cases: &[
        (
            &["tokens"],
            None,
            Shape::Object(&Object::of(&[
                ("input_tokens", Shape::Tokens(TokenKind::Input)),
                ("output_tokens", Shape::Tokens(TokenKind::Output)),
                ("total_tokens", Shape::Leaves),
                ("input_token_details", Shape::Leaves),
            ])),
        ),
        (&["duration"], None, Shape::Object(&Object::of(&[("seconds", Shape::Leaves)]))),
    ],
    otherwise: None,
};

/// With speakers told apart the text comes in segments: each is a piece of the whole that `transcript.text.done` says again.
static EVENT: Shape = Shape::Case(&Case {
    by: "type",
    cases: &[
        (
            &["transcript.text.delta"],
            Some(Scope::Assistant),
            Shape::Object(&Object::of(&[
                ("delta", Shape::Piece("text")),
                ("segment_id", Shape::Text),
                ("logprobs", Shape::Leaves),
                ("obfuscation", Shape::Text),
            ])),
        ),
        (
            &["transcript.text.segment"],
            Some(Scope::Assistant),
            Shape::Object(&Object::of(&[
                ("id", Shape::Text),
                ("text", Shape::Piece("segment")),
                ("speaker", Shape::Text),
                ("start", Shape::Leaves),
                ("end", Shape::Leaves),
            ])),
        ),
        (
            &["transcript.text.done"],
            Some(Scope::Assistant),
            Shape::Ends(&Shape::Object(&Object::of(&[
                ("text", Shape::Text),
                ("languages", Shape::Leaves),
                ("logprobs", Shape::Leaves),
                ("usage", Shape::Case(&USAGE)),
            ]))),
        ),
        (&["speech.audio.delta"], Some(Scope::Assistant), Shape::Object(&Object::of(&[("audio", Shape::Opaque)]))),
        (
            &["speech.audio.done"],
            Some(Scope::Assistant),
            Shape::Ends(&Shape::Object(&Object::of(&[("usage", Shape::Object(&SPEECH_USAGE))]))),
        ),
        (&["error"], None, Shape::Ends(&Shape::Object(&Object::of(&[("error", Shape::Leaves)])))),
    ],
    otherwise: None,
});

/// As for transcriptions, without a type.
static SPEECH_USAGE: Object = Object::of(&[
    ("input_tokens", Shape::Tokens(TokenKind::Input)),
    ("output_tokens", Shape::Tokens(TokenKind::Output)),
    ("total_tokens", Shape::Leaves),
]);
