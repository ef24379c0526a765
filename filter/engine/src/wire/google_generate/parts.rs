//! The parts of a content of Gemini. A part is what its only payload member says; `thought` tells the model's reasoning from
//! its answer.

use crate::wire::Scope;
use crate::wire::shape::{Case, Object, Shape};

/// Whoever is not the model speaks in these; only the model calls functions.
pub(super) static HEARD: Object = Object::of(&[("role", Shape::Absent), ("parts", Shape::OneOrEach(&HEARD_PART))]);

pub(super) static SPOKEN: Object =
    Object::of(&[("role", Shape::Words(&["model"])), ("parts", Shape::OneOrEach(&SPOKEN_PART))]);

/// What the next event of a stream adds to a content. The texts of its parts continue those of the event before.
pub(super) static GROWN: Object =
    Object::of(&[("role", Shape::Words(&["model"])), ("parts", Shape::OneOrEach(&GROWN_PART))]);

static HEARD_PART: Shape = Shape::Object(&Object::of(&[
    ("text", Shape::Text),
    ("functionCall", Shape::Absent),
    ("function_call", Shape::Absent),
    ("toolCall", Shape::Absent),
    ("tool_call", Shape::Absent),
    // No more than a flag here: it makes nobody else speak.
    ("thought", Shape::Leaves),
    ("inlineData", Shape::Opaque),
    ("inline_data", Shape::Opaque),
    ("fileData", Shape::Opaque),
    ("file_data", Shape::Opaque),
    ("functionResponse", Shape::As(Scope::ToolOutput, &Shape::Object(&RESPONSE))),
    ("function_response", Shape::As(Scope::ToolOutput, &Shape::Object(&RESPONSE))),
    ("toolResponse", Shape::As(Scope::ToolOutput, &Shape::Object(&RESPONSE))),
    ("tool_response", Shape::As(Scope::ToolOutput, &Shape::Object(&RESPONSE))),
    ("thoughtSignature", Shape::Text),
    ("thought_signature", Shape::Text),
    ("videoMetadata", Shape::Leaves),
    ("video_metadata", Shape::Leaves),
    ("mediaResolution", Shape::Leaves),
    ("media_resolution", Shape::Leaves),
    ("executableCode", Shape::As(Scope::ToolInput, &Shape::Object(&CODE))),
    ("executable_code", Shape::As(Scope::ToolInput, &Shape::Object(&CODE))),
    ("codeExecutionResult", Shape::As(Scope::ToolOutput, &Shape::Object(&RESULT))),
    ("code_execution_result", Shape::As(Scope::ToolOutput, &Shape::Object(&RESULT))),
]));

static SPOKEN_PART: Shape = Shape::Case(&Case {
    by: "thought",
    cases: &[(&["true"], Some(Scope::Reasoning), Shape::Object(&SPOKEN_MEMBERS))],
    otherwise: Some(&Shape::Object(&SPOKEN_MEMBERS)),
});

static SPOKEN_MEMBERS: Object = Object::of(&[
    ("text", Shape::Text),
    ("thought", Shape::Leaves),
    ("functionCall", Shape::As(Scope::ToolInput, &Shape::Object(&CALL))),
    ("function_call", Shape::As(Scope::ToolInput, &Shape::Object(&CALL))),
    ("toolCall", Shape::As(Scope::ToolInput, &Shape::Object(&CALL))),
    ("tool_call", Shape::As(Scope::ToolInput, &Shape::Object(&CALL))),
    ("inlineData", Shape::Opaque),
    ("inline_data", Shape::Opaque),
    ("fileData", Shape::Opaque),
    ("file_data", Shape::Opaque),
    ("functionResponse", Shape::As(Scope::ToolOutput, &Shape::Object(&RESPONSE))),
    ("function_response", Shape::As(Scope::ToolOutput, &Shape::Object(&RESPONSE))),
    ("toolResponse", Shape::As(Scope::ToolOutput, &Shape::Object(&RESPONSE))),
    ("tool_response", Shape::As(Scope::ToolOutput, &Shape::Object(&RESPONSE))),
    ("thoughtSignature", Shape::Text),
    ("thought_signature", Shape::Text),
    ("videoMetadata", Shape::Leaves),
    ("video_metadata", Shape::Leaves),
    ("mediaResolution", Shape::Leaves),
    ("media_resolution", Shape::Leaves),
    ("executableCode", Shape::As(Scope::ToolInput, &Shape::Object(&CODE))),
    ("executable_code", Shape::As(Scope::ToolInput, &Shape::Object(&CODE))),
    ("codeExecutionResult", Shape::As(Scope::ToolOutput, &Shape::Object(&RESULT))),
    ("code_execution_result", Shape::As(Scope::ToolOutput, &Shape::Object(&RESULT))),
]);

/// Events are answers, and these are spelt in camel case only.
static GROWN_PART: Shape = Shape::Case(&Case {
    by: "thought",
    cases: &[(&["true"], Some(Scope::Reasoning), Shape::Object(&GROWN_THOUGHT))],
    otherwise: Some(&Shape::Object(&GROWN_ANSWER)),
});

static GROWN_THOUGHT: Object = Object::of(&[
    ("text", Shape::Piece("thought")),
    ("inlineData", Shape::Opaque),
    ("fileData", Shape::Opaque),
    ("functionCall", Shape::As(Scope::ToolInput, &Shape::Object(&CALL))),
    ("functionResponse", Shape::As(Scope::ToolOutput, &Shape::Object(&RESPONSE))),
    ("toolCall", Shape::As(Scope::ToolInput, &Shape::Object(&CALL))),
    ("toolResponse", Shape::As(Scope::ToolOutput, &Shape::Object(&RESPONSE))),
    ("executableCode", Shape::As(Scope::ToolInput, &Shape::Object(&GROWN_CODE))),
    ("codeExecutionResult", Shape::As(Scope::ToolOutput, &Shape::Object(&GROWN_RESULT))),
    ("thoughtSignature", Shape::Text),
    ("videoMetadata", Shape::Leaves),
    ("mediaResolution", Shape::Leaves),
]);

static GROWN_ANSWER: Object = Object::of(&[
    ("text", Shape::Piece("text")),
    ("thought", Shape::Leaves),
    ("inlineData", Shape::Opaque),
    ("fileData", Shape::Opaque),
    ("functionCall", Shape::As(Scope::ToolInput, &Shape::Object(&CALL))),
    ("functionResponse", Shape::As(Scope::ToolOutput, &Shape::Object(&RESPONSE))),
    ("toolCall", Shape::As(Scope::ToolInput, &Shape::Object(&CALL))),
    ("toolResponse", Shape::As(Scope::ToolOutput, &Shape::Object(&RESPONSE))),
    ("executableCode", Shape::As(Scope::ToolInput, &Shape::Object(&GROWN_CODE))),
    ("codeExecutionResult", Shape::As(Scope::ToolOutput, &Shape::Object(&GROWN_RESULT))),
    ("thoughtSignature", Shape::Text),
    ("videoMetadata", Shape::Leaves),
    ("mediaResolution", Shape::Leaves),
]);

/// A call of a function of the client's, or of a tool of Google's. Arguments may come in pieces, each with the path of the
/// value that it continues.
static CALL: Object = Object::of(&[
    ("id", Shape::Text),
    ("name", Shape::Text),
    ("toolType", Shape::Text),
    ("tool_type", Shape::Text),
    ("args", Shape::Leaves),
    ("partialArgs", Shape::Each(&ARGUMENT)),
    ("partial_args", Shape::Each(&ARGUMENT)),
    ("willContinue", Shape::Leaves),
    ("will_continue", Shape::Leaves),
]);

static ARGUMENT: Shape = Shape::Numbered(&["jsonPath", "json_path"], &Shape::Object(&ARGUMENT_PIECE));

static ARGUMENT_PIECE: Object = Object::of(&[
    ("jsonPath", Shape::Text),
    ("json_path", Shape::Text),
    ("stringValue", Shape::Piece("argument")),
    ("string_value", Shape::Piece("argument")),
    ("numberValue", Shape::Leaves),
    ("number_value", Shape::Leaves),
    ("boolValue", Shape::Leaves),
    ("bool_value", Shape::Leaves),
    ("willContinue", Shape::Leaves),
    ("will_continue", Shape::Leaves),
    ("nullValue", Shape::Words(&["NULL_VALUE"])),
    ("null_value", Shape::Words(&["NULL_VALUE"])),
]);

/// What a function gave back. Its parts are files.
static RESPONSE: Object = Object::of(&[
    ("id", Shape::Text),
    ("name", Shape::Text),
    ("toolType", Shape::Text),
    ("tool_type", Shape::Text),
    ("response", Shape::Leaves),
    ("parts", Shape::Each(&Shape::Object(&FILES))),
    ("scheduling", Shape::Text),
]);

static FILES: Object = Object::of(&[
    ("inlineData", Shape::Opaque),
    ("inline_data", Shape::Opaque),
    ("fileData", Shape::Opaque),
    ("file_data", Shape::Opaque),
]);

static CODE: Object = Object::of(&[("id", Shape::Text), ("code", Shape::Text), ("language", Shape::Text)]);

static RESULT: Object = Object::of(&[("id", Shape::Text), ("output", Shape::Text), ("outcome", Shape::Text)]);

static GROWN_CODE: Object =
    Object::of(&[("id", Shape::Text), ("code", Shape::Piece("code")), ("language", Shape::Text)]);

static GROWN_RESULT: Object =
    Object::of(&[("id", Shape::Text), ("output", Shape::Piece("output")), ("outcome", Shape::Text)]);
