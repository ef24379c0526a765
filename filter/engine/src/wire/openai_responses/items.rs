//! Items of OpenAI Responses: the same in a request's `input`, an answer's `output` and the events that carry them.

use super::super::Scope;
use super::super::shape::{Case, Object, Shape};

/// Types of items that the model makes by itself.
pub(super) const OWN: &[&str] = &[
    "apply_patch_call",
    "code_interpreter_call",
    "compaction",
    "computer_call",
    "custom_tool_call",
    "file_search_call",
    "function_call",
    "image_generation_call",
    "local_shell_call",
    "mcp_approval_request",
    "mcp_call",
    "program",
    "reasoning",
    "shell_call",
    "tool_search_call",
    "web_search_call",
];

const STATUS: Shape = Shape::Words(&[
    "calling",
    "completed",
    "failed",
    "generating",
    "in_progress",
    "incomplete",
    "interpreting",
    "searching",
]);

/// One of the cases of an item: its types, its speaker, and its members besides those that every item may have.
macro_rules! item {
    ($types:expr, $scope:ident, $(($member:literal, $shape:expr)),* $(,)?) => {
        ($types, Some(Scope::$scope), item!($(($member, $shape)),*))
    };
    ($(($member:literal, $shape:expr)),* $(,)?) => {
        Shape::Object(&Object {
            marks: &[],
            members: &[
                $(($member, $shape),)*
                ("id", Shape::Text),
                ("call_id", Shape::Text),
                ("status", STATUS),
                ("caller", Shape::Leaves),
                ("created_by", Shape::Text),
            ],
        })
    };
}

/// One item. A message may leave its type out.
pub(super) static ITEM: Case = Case {
    by: "type",
    cases: &[
        (&["message"], None, Shape::Case(&MESSAGE)),
        item!(
            &["reasoning"],
            Reasoning,
            ("summary", Shape::Each(&Shape::Case(&PART))),
            ("content", Shape::Each(&Shape::Case(&PART))),
            ("encrypted_content", Shape::Text),
        ),
        item!(
            &["function_call", "mcp_approval_request"],
            ToolInput,
            ("name", Shape::Text),
            ("namespace", Shape::Text),
            ("server_label", Shape::Text),
            ("arguments", Shape::Json),
        ),
        item!(
            &["function_call_output", "custom_tool_call_output"],
            ToolOutput,
            ("name", Shape::Text),
            ("namespace", Shape::Text),
            ("output", Shape::TextOr(&PARTS)),
        ),
        item!(
            &["custom_tool_call"],
            ToolInput,
            ("name", Shape::Text),
            ("namespace", Shape::Text),
            ("input", Shape::Text),
        ),
        item!(
            &["mcp_approval_response"],
            User,
            ("approval_request_id", Shape::Text),
            ("request_id", Shape::Text),
            ("reason", Shape::Text),
        ),
        item!(
            &["mcp_call"],
            ToolInput,
            ("name", Shape::Text),
            ("server_label", Shape::Text),
            ("approval_request_id", Shape::Text),
            ("arguments", Shape::Json),
            ("output", Shape::As(Scope::ToolOutput, &Shape::Text)),
            ("error", Shape::As(Scope::ToolOutput, &Shape::Leaves)),
        ),
        item!(
            &["mcp_list_tools"],
            ToolDefinition,
            ("server_label", Shape::Text),
            ("tools", Shape::Leaves),
            ("error", Shape::As(Scope::ToolOutput, &Shape::Leaves)),
        ),
        item!(
            &["additional_tools", "tool_search_output"],
            ToolDefinition,
            ("role", Shape::Text),
            ("execution", Shape::Text),
            ("tools", Shape::As(Scope::ToolDefinition, &TOOLS)),
        ),
        item!(&["tool_search_call"], ToolInput, ("execution", Shape::Text), ("arguments", Shape::Json),),
        item!(
            &["web_search_call"],
            ToolInput,
            (
                "action",
                Shape::Object(&Object::of(&[
                    ("type", Shape::Words(&["search", "open_page", "find_in_page", "find"])),
                    ("query", Shape::Text),
                    ("queries", Shape::Leaves),
                    ("url", Shape::Text),
                    ("pattern", Shape::Text),
                    ("sources", Shape::As(Scope::Document, &Shape::Leaves)),
                ]))
            ),
            ("results", Shape::As(Scope::Document, &Shape::Leaves)),
        ),
        item!(
            &["file_search_call"],
            ToolInput,
            ("queries", Shape::Leaves),
            ("results", Shape::As(Scope::Document, &Shape::Leaves)),
        ),
        item!(
            &["code_interpreter_call"],
            ToolInput,
            ("code", Shape::Text),
            ("container_id", Shape::Text),
            ("outputs", Shape::As(Scope::ToolOutput, &Shape::Each(&Shape::Case(&PRINTED)))),
        ),
        item!(
            &["computer_call"],
            ToolInput,
            ("action", Shape::Leaves),
            ("actions", Shape::Leaves),
            ("pending_safety_checks", Shape::Leaves),
        ),
        item!(
            &["computer_call_output"],
            ToolOutput,
            ("output", Shape::Opaque),
            ("acknowledged_safety_checks", Shape::Leaves),
        ),
        item!(
            &["local_shell_call", "shell_call"],
            ToolInput,
            ("action", Shape::Leaves),
            ("environment", Shape::Leaves),
        ),
        item!(&["local_shell_call_output"], ToolOutput, ("output", Shape::Json)),
        item!(&["shell_call_output"], ToolOutput, ("output", Shape::Leaves), ("max_output_length", Shape::Leaves),),
        item!(&["apply_patch_call"], ToolInput, ("operation", Shape::Leaves)),
        item!(&["apply_patch_call_output"], ToolOutput, ("output", Shape::Text)),
        item!(&["program"], ToolInput, ("code", Shape::Text), ("fingerprint", Shape::Text)),
        item!(&["program_output"], ToolOutput, ("result", Shape::Text)),
        item!(
            &["image_generation_call"],
            ToolInput,
            ("result", Shape::Opaque),
            ("revised_prompt", Shape::Text),
            ("error", Shape::As(Scope::ToolOutput, &Shape::Leaves)),
            ("action", Shape::Text),
            ("background", Shape::Text),
            ("output_format", Shape::Text),
            ("quality", Shape::Text),
            ("size", Shape::Text),
            ("svg_usage", Shape::Leaves),
        ),
        item!(&["compaction"], Assistant, ("encrypted_content", Shape::Text)),
        item!(&["configuration_update"], System, ("reasoning", Shape::Leaves), ("text", Shape::Leaves)),
        item!(&["item_reference", "compaction_trigger"], Unknown,),
    ],
    otherwise: Some(&Shape::Case(&MESSAGE)),
};

/// Events that begin an item: what grows by later events begins here, usually with nothing.
pub(super) static BEGUN: Case = Case {
    by: "type",
    cases: &[
        item!(
            &["function_call", "mcp_call", "mcp_approval_request"],
            ToolInput,
            ("name", Shape::Text),
            ("namespace", Shape::Text),
            ("server_label", Shape::Text),
            ("approval_request_id", Shape::Text),
            ("arguments", Shape::JsonPiece("arguments")),
            ("output", Shape::As(Scope::ToolOutput, &Shape::Text)),
            ("error", Shape::As(Scope::ToolOutput, &Shape::Leaves)),
        ),
        item!(
            &["custom_tool_call"],
            ToolInput,
            ("name", Shape::Text),
            ("namespace", Shape::Text),
            ("input", Shape::Piece("input")),
        ),
        item!(
            &["code_interpreter_call"],
            ToolInput,
            ("code", Shape::Piece("code")),
            ("container_id", Shape::Text),
            ("outputs", Shape::As(Scope::ToolOutput, &Shape::Each(&Shape::Case(&PRINTED)))),
        ),
    ],
    otherwise: Some(&Shape::Case(&ITEM)),
};

/// `reasoning` and calls have items of their own: in a message these members are where text hides.
static MESSAGE: Case = Case {
    by: "role",
    cases: &[
        (&["system", "developer"], Some(Scope::System), SAID),
        (&["user"], Some(Scope::User), SAID),
        (&["assistant", "critic", "discriminator"], Some(Scope::Assistant), SAID),
        (&["tool"], Some(Scope::ToolOutput), SAID),
        (&["unknown"], Some(Scope::Unknown), SAID),
    ],
    otherwise: None,
};

const SAID: Shape = item!(
    ("type", Shape::Words(&["message"])),
    ("content", Shape::TextOr(&PARTS)),
    ("phase", Shape::Words(&["commentary", "final_answer"])),
    ("arguments", Shape::Absent),
    ("output", Shape::Absent),
    ("summary", Shape::Absent),
);

static PARTS: Shape = Shape::Each(&Shape::Case(&PART));

/// One part of what an item says.
pub(super) static PART: Case = Case {
    by: "type",
    cases: &[
        (&["input_text", "output_text", "text"], None, Shape::Object(&TEXT)),
        (&["refusal"], None, Shape::Object(&Object::of(&[("refusal", Shape::Text)]))),
        (&["reasoning_text", "summary_text"], Some(Scope::Reasoning), Shape::Object(&TEXT)),
        (&["input_file"], Some(Scope::Document), Shape::Opaque),
        (&["input_image", "input_audio", "output_audio", "computer_screenshot"], None, Shape::Opaque),
    ],
    otherwise: None,
};

static TEXT: Object = Object::of(&[
    ("text", Shape::Text),
    ("annotations", Shape::As(Scope::Document, &Shape::Leaves)),
    ("logprobs", Shape::As(Scope::Assistant, &Shape::Leaves)),
    ("prompt_cache_breakpoint", Shape::Leaves),
]);

/// Events that begin a part, as for items.
pub(super) static PART_BEGUN: Case = Case {
    by: "type",
    cases: &[
        (&["output_text", "text"], Some(Scope::Assistant), Shape::Object(&TEXT_BEGUN)),
        (&["refusal"], Some(Scope::Assistant), Shape::Object(&Object::of(&[("refusal", Shape::Piece("refusal"))]))),
        (
            &["reasoning_text"],
            Some(Scope::Reasoning),
            Shape::Object(&Object::of(&[("text", Shape::Piece("reasoning"))])),
        ),
        (&["summary_text"], Some(Scope::Reasoning), Shape::Object(&Object::of(&[("text", Shape::Piece("summary"))]))),
    ],
    otherwise: Some(&Shape::Case(&PART)),
};

static TEXT_BEGUN: Object = Object::of(&[
    ("text", Shape::Piece("text")),
    ("annotations", Shape::As(Scope::Document, &Shape::Leaves)),
    ("logprobs", Shape::Leaves),
]);

/// What a code interpreter gave back.
static PRINTED: Case = Case {
    by: "type",
    cases: &[
        (&["logs"], None, Shape::Object(&Object::of(&[("logs", Shape::Text)]))),
        (&["image"], None, Shape::Opaque),
    ],
    otherwise: None,
};

/// Tools on offer. Two kinds may hold what is not read: a mask for images, and skills as archives.
pub(super) static TOOLS: Shape = Shape::Each(&Shape::Case(&Case {
    by: "type",
    cases: &[
        (&["image_generation"], None, Shape::Object(&Object::of(&[("input_image_mask", Shape::Opaque)]))),
        (&["shell"], None, Shape::Object(&Object::of(&[("environment", Shape::Object(&ENVIRONMENT))]))),
    ],
    otherwise: Some(&Shape::Leaves),
}));

static ENVIRONMENT: Object =
    Object::of(&[("skills", Shape::Each(&Shape::Object(&Object::of(&[("source", Shape::Opaque)]))))]);
