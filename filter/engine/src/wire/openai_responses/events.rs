//! Events of a stream of OpenAI Responses: each says its type, and the numbers of the item and the part that it belongs to.

use super::super::Scope;
use super::super::shape::{Case, Object, Shape};
use super::RESPONSE;
use super::items::{BEGUN, ITEM, PART, PART_BEGUN};

/// The members of an event besides those that every event may have.
macro_rules! event {
    ($(($member:literal, $shape:expr)),* $(,)?) => {
        Shape::Object(&Object::of(&[
            $(($member, $shape),)*
            ("sequence_number", Shape::Leaves),
            ("item_id", Shape::Text),
            ("output_index", Shape::Leaves),
            ("content_index", Shape::Leaves),
            ("summary_index", Shape::Leaves),
            ("annotation_index", Shape::Leaves),
            ("command_index", Shape::Leaves),
            ("partial_image_index", Shape::Leaves),
            ("status", Shape::Text),
            ("obfuscation", Shape::Text),
            ("stream_id", Shape::Text),
            ("logprobs", Shape::As(Scope::Assistant, &Shape::Leaves)),
        ]))
    };
}

/// An event of an item: numbered by it.
macro_rules! of_item {
    ($event:expr) => {
        Shape::Numbered(&["output_index"], &$event)
    };
}

/// An event of a part of an item: numbered by both.
macro_rules! of_part {
    ($part:literal, $event:expr) => {
        Shape::Numbered(&["output_index", $part], &$event)
    };
}

/// Every event. One that nobody documents is read as growing text, at the numbers that it names.
pub(super) static EVENT: Shape = Shape::Case(&Case {
    by: "type",
    cases: &[
        // The response as a whole: as it stands, and as it is in the end.
        (
            &["response.created", "response.in_progress", "response.queued"],
            None,
            event!(("response", Shape::Case(&RESPONSE))),
        ),
        (
            &["response.completed", "response.failed", "response.incomplete", "response.cancelled"],
            None,
            Shape::Ends(&event!(("response", Shape::Case(&RESPONSE)))),
        ),
        (
            &["error"],
            None,
            Shape::Ends(&event!(
                ("code", Shape::Text),
                ("message", Shape::Text),
                ("param", Shape::Text),
                ("error", Shape::Leaves)
            )),
        ),
        // Items and parts.
        (&["response.output_item.added"], None, of_item!(event!(("item", Shape::Case(&BEGUN))))),
        (&["response.output_item.done"], None, of_item!(Shape::Ends(&event!(("item", Shape::Case(&ITEM)))))),
        (&["response.content_part.added"], None, of_part!("content_index", event!(("part", Shape::Case(&PART_BEGUN))))),
        (
            &["response.content_part.done"],
            Some(Scope::Assistant),
            of_part!("content_index", Shape::Ends(&event!(("part", Shape::Case(&PART))))),
        ),
        (
            &["response.reasoning_summary_part.added"],
            None,
            of_part!("summary_index", event!(("part", Shape::Case(&PART_BEGUN)))),
        ),
        (
            &["response.reasoning_summary_part.done"],
            Some(Scope::Reasoning),
            of_part!("summary_index", Shape::Ends(&event!(("part", Shape::Case(&PART))))),
        ),
        // What the model says.
        (
            &["response.output_text.delta"],
            Some(Scope::Assistant),
            of_part!("content_index", event!(("delta", Shape::Piece("text")))),
        ),
        (
            &["response.output_text.done"],
            Some(Scope::Assistant),
            of_part!("content_index", Shape::Ends(&event!(("text", Shape::Text)))),
        ),
        (
            &["response.output_text.annotation.added", "response.output_text_annotation.added"],
            Some(Scope::Document),
            of_part!("content_index", event!(("annotation", Shape::Leaves))),
        ),
        (
            &["response.refusal.delta"],
            Some(Scope::Assistant),
            of_part!("content_index", event!(("delta", Shape::Piece("refusal")))),
        ),
        (
            &["response.refusal.done"],
            Some(Scope::Assistant),
            of_part!("content_index", Shape::Ends(&event!(("refusal", Shape::Text)))),
        ),
        (
            &["response.audio.transcript.delta", "response.output_audio_transcript.delta"],
            Some(Scope::Assistant),
            of_part!("content_index", event!(("delta", Shape::Piece("transcript")))),
        ),
        (
            &["response.audio.transcript.done", "response.output_audio_transcript.done"],
            Some(Scope::Assistant),
            of_part!("content_index", Shape::Ends(&event!(("transcript", Shape::Text)))),
        ),
        (
            &["response.audio.delta", "response.output_audio.delta"],
            Some(Scope::Assistant),
            event!(("delta", Shape::Opaque)),
        ),
        // What it says to itself.
        (
            &["response.reasoning_text.delta", "response.reasoning.delta"],
            Some(Scope::Reasoning),
            of_part!("content_index", event!(("delta", Shape::Piece("reasoning")))),
        ),
        (
            &["response.reasoning_text.done", "response.reasoning.done"],
            Some(Scope::Reasoning),
            of_part!("content_index", Shape::Ends(&event!(("text", Shape::Text)))),
        ),
        (
            &["response.reasoning_summary_text.delta", "response.reasoning_summary.delta"],
            Some(Scope::Reasoning),
            of_part!("summary_index", event!(("delta", Shape::Piece("summary")))),
        ),
        (
            &["response.reasoning_summary_text.done", "response.reasoning_summary.done"],
            Some(Scope::Reasoning),
            of_part!("summary_index", Shape::Ends(&event!(("text", Shape::Text)))),
        ),
        // What it wants tools to do.
        (
            &["response.function_call_arguments.delta", "response.mcp_call_arguments.delta"],
            Some(Scope::ToolInput),
            of_item!(event!(("delta", Shape::JsonPiece("arguments")))),
        ),
        (
            &["response.function_call_arguments.done", "response.mcp_call_arguments.done"],
            Some(Scope::ToolInput),
            of_item!(Shape::Ends(&event!(("name", Shape::Text), ("arguments", Shape::Json)))),
        ),
        (
            &["response.custom_tool_call_input.delta"],
            Some(Scope::ToolInput),
            of_item!(event!(("delta", Shape::Piece("input")))),
        ),
        (
            &["response.custom_tool_call_input.done"],
            Some(Scope::ToolInput),
            of_item!(Shape::Ends(&event!(("input", Shape::Text)))),
        ),
        (
            &["response.code_interpreter_call_code.delta"],
            Some(Scope::ToolInput),
            of_item!(event!(("delta", Shape::Piece("code")))),
        ),
        (
            &["response.code_interpreter_call_code.done"],
            Some(Scope::ToolInput),
            of_item!(Shape::Ends(&event!(("code", Shape::Text)))),
        ),
        (
            &["response.shell_call_command.added"],
            Some(Scope::ToolInput),
            of_part!("command_index", event!(("command", Shape::Piece("command")))),
        ),
        (
            &["response.shell_call_command.delta"],
            Some(Scope::ToolInput),
            of_part!("command_index", event!(("delta", Shape::Piece("command")))),
        ),
        (
            &["response.shell_call_command.done"],
            Some(Scope::ToolInput),
            of_part!("command_index", Shape::Ends(&event!(("command", Shape::Text)))),
        ),
        // What they gave back.
        (
            &["response.shell_call_output_content.delta"],
            Some(Scope::ToolOutput),
            of_part!(
                "command_index",
                event!((
                    "delta",
                    Shape::Object(&Object::of(&[
                        ("stdout", Shape::Piece("stdout")),
                        ("stderr", Shape::Piece("stderr"))
                    ]))
                ))
            ),
        ),
        (
            &["response.shell_call_output_content.done"],
            Some(Scope::ToolOutput),
            of_part!("command_index", Shape::Ends(&event!(("output", Shape::Leaves)))),
        ),
        (
            &["response.image_generation_call.partial_image"],
            Some(Scope::ToolOutput),
            event!(
                ("partial_image_b64", Shape::Opaque),
                ("background", Shape::Text),
                ("output_format", Shape::Text),
                ("quality", Shape::Text),
                ("size", Shape::Text)
            ),
        ),
        // Input that is added while the model works, on connections that allow it.
        (
            &["response.steer.accepted", "response.steer.pending", "response.steer.failed"],
            None,
            event!(
                ("steer", Shape::Leaves),
                ("error", Shape::Leaves),
                ("reason", Shape::Text),
                ("required_input", Shape::Leaves)
            ),
        ),
        (PROGRESS, None, event!()),
    ],
    otherwise: Some(&Shape::Numbered(
        &["output_index", "content_index"],
        &Shape::Case(&Case { by: "type", cases: &[], otherwise: None }),
    )),
});

/// Events that only say how far something is.
const PROGRESS: &[&str] = &[
    "keepalive",
    "response.audio.done",
    "response.output_audio.done",
    "response.code_interpreter_call.completed",
    "response.code_interpreter_call.in_progress",
    "response.code_interpreter_call.interpreting",
    "response.compaction.compacting",
    "response.file_search_call.completed",
    "response.file_search_call.in_progress",
    "response.file_search_call.searching",
    "response.image_generation_call.completed",
    "response.image_generation_call.generating",
    "response.image_generation_call.in_progress",
    "response.mcp_call.completed",
    "response.mcp_call.failed",
    "response.mcp_call.in_progress",
    "response.mcp_list_tools.completed",
    "response.mcp_list_tools.failed",
    "response.mcp_list_tools.in_progress",
    "response.web_search_call.completed",
    "response.web_search_call.in_progress",
    "response.web_search_call.searching",
];
