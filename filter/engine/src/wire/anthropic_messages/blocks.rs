//! The content blocks of Anthropic Messages. A block says by its `type` who speaks in it.

use crate::wire::Scope;
use crate::wire::shape::{Case, Object, Shape};

/// What a user says and what a tool gave back.
pub(super) static HEARD: Shape = Shape::Each(&Shape::Case(&Case {
    by: "type",
    cases: &[
        (&["text"], None, Shape::Object(&TEXT)),
        (&["tool_result"], Some(Scope::ToolOutput), Shape::Object(&TOOL_RESULT)),
        (&["container_upload"], None, Shape::Object(&UPLOAD)),
        (&["image"], None, Shape::Object(&IMAGE)),
        (&["browser_state"], Some(Scope::ToolOutput), Shape::Leaves),
    ],
    otherwise: Some(&MATERIAL),
}));

/// What the model says, or said in an earlier turn.
pub(super) static SPOKEN: Shape = Shape::Each(&SPOKEN_BLOCK);

static SPOKEN_BLOCK: Shape = Shape::Case(&Case {
    by: "type",
    cases: &[
        (&["text"], None, Shape::Object(&TEXT)),
        (&["thinking"], Some(Scope::Reasoning), Shape::Object(&THINKING)),
        (&["redacted_thinking"], Some(Scope::Reasoning), Shape::Object(&REDACTED_THINKING)),
        (&["tool_use", "server_tool_use", "mcp_tool_use"], Some(Scope::ToolInput), Shape::Object(&CALL)),
        (&["mcp_tool_listing"], Some(Scope::ToolDefinition), Shape::Leaves),
        (&["compaction"], None, Shape::Object(&COMPACTION)),
        (&["fallback"], None, Shape::Leaves),
        (&["container_upload"], None, Shape::Object(&UPLOAD)),
        (&["image"], None, Shape::Object(&IMAGE)),
    ],
    otherwise: Some(&MATERIAL),
});

/// The first event of a block in a stream. The texts of those that grow are their first pieces.
pub(super) static BEGUN: Case = Case {
    by: "type",
    cases: &[
        (&["text"], None, Shape::Object(&Object::of(&[("text", Shape::Piece("text")), ("citations", CITATIONS)]))),
        (
            &["thinking"],
            Some(Scope::Reasoning),
            Shape::Object(&Object::of(&[("thinking", Shape::Piece("thinking")), ("signature", Shape::Text)])),
        ),
        (
            &["compaction"],
            None,
            Shape::Object(&Object::of(&[
                ("content", Shape::Piece("compaction")),
                ("encrypted_content", Shape::Text),
                ("signature", Shape::Text),
                ("tool_changes", TOOL_CHANGES),
            ])),
        ),
    ],
    otherwise: Some(&SPOKEN_BLOCK),
};

/// What an operator says, before a conversation or in it.
pub(super) static TOLD: Shape = Shape::Each(&Shape::Case(&Case {
    by: "type",
    cases: &[
        (&["text"], None, Shape::Object(&TEXT)),
        (&["tool_addition", "tool_removal"], Some(Scope::ToolDefinition), Shape::Leaves),
    ],
    otherwise: None,
}));

/// What was brought into the conversation: documents, and what servers' tools gave back.
static MATERIAL: Shape = Shape::Case(&Case {
    by: "type",
    cases: &[
        (&["document"], Some(Scope::Document), Shape::Object(&DOCUMENT)),
        (&["search_result"], Some(Scope::Document), Shape::Object(&SEARCH_RESULT)),
        (&["web_search_tool_result"], Some(Scope::ToolOutput), Shape::Object(&WEB_SEARCH)),
        (&["web_fetch_tool_result"], Some(Scope::ToolOutput), Shape::Object(&WEB_FETCH)),
        (
            &[
                "code_execution_tool_result",
                "bash_code_execution_tool_result",
                "text_editor_code_execution_tool_result",
                "tool_search_tool_result",
                "advisor_tool_result",
            ],
            Some(Scope::ToolOutput),
            Shape::Object(&SERVER_RESULT),
        ),
        (&["mcp_tool_result"], Some(Scope::ToolOutput), Shape::Object(&TOOL_RESULT)),
    ],
    otherwise: None,
});

static TEXT: Object = Object::of(&[("text", Shape::Text), ("citations", CITATIONS), ("cache_control", CACHE_CONTROL)]);

const CACHE_CONTROL: Shape =
    Shape::Object(&Object::of(&[("type", Shape::Words(&["ephemeral"])), ("ttl", Shape::Words(&["5m", "1h"]))]));

/// Citations quote what was cited.
const CITATIONS: Shape = Shape::As(Scope::Document, &Shape::Each(&Shape::Case(&CITATION)));

pub(super) static CITATION: Case = Case {
    by: "type",
    cases: &[(
        &[
            "char_location",
            "page_location",
            "content_block_location",
            "search_result_location",
            "web_search_result_location",
        ],
        Some(Scope::Document),
        Shape::Object(&CITED),
    )],
    otherwise: None,
};

static CITED: Object = Object::of(&[
    ("cited_text", Shape::Text),
    ("document_title", Shape::Text),
    ("title", Shape::Text),
    ("source", Shape::Text),
    ("url", Shape::Text),
    ("file_id", Shape::Text),
    ("encrypted_index", Shape::Text),
    ("document_index", Shape::Leaves),
    ("search_result_index", Shape::Leaves),
    ("start_char_index", Shape::Leaves),
    ("end_char_index", Shape::Leaves),
    ("start_page_number", Shape::Leaves),
    ("end_page_number", Shape::Leaves),
    ("start_block_index", Shape::Leaves),
    ("end_block_index", Shape::Leaves),
]);

static THINKING: Object = Object::of(&[("thinking", Shape::Text), ("signature", Shape::Text)]);

static REDACTED_THINKING: Object = Object::of(&[("data", Shape::Text)]);

/// A call of a tool of the client's, of the API's, or of an MCP server. `caller` is what called it: the model, or code of
/// its own.
static CALL: Object = Object::of(&[
    ("id", Shape::Text),
    ("name", Shape::Text),
    ("server_name", Shape::Text),
    ("toolset_name", Shape::Text),
    ("input", Shape::Leaves),
    ("caller", Shape::Leaves),
    ("cache_control", CACHE_CONTROL),
]);

const TOOL_CHANGES: Shape = Shape::As(Scope::ToolDefinition, &Shape::Leaves);

/// What is left of a conversation that was too long: the model's own summary.
static COMPACTION: Object = Object::of(&[
    ("content", Shape::Text),
    ("encrypted_content", Shape::Text),
    ("signature", Shape::Text),
    ("tool_changes", TOOL_CHANGES),
    ("cache_control", CACHE_CONTROL),
]);

/// A file in a container, which Weir does not see.
static UPLOAD: Object = Object::of(&[("file_id", Shape::Opaque), ("cache_control", CACHE_CONTROL)]);

static IMAGE: Object = Object::of(&[("source", Shape::Opaque), ("cache_control", CACHE_CONTROL)]);

static DOCUMENT: Object = Object::of(&[
    ("source", Shape::Case(&SOURCE)),
    ("title", Shape::Text),
    ("context", Shape::Text),
    ("citations", Shape::Leaves),
    ("cache_control", CACHE_CONTROL),
]);

/// PDFs, pages at an address and uploaded files are not read.
static SOURCE: Case = Case {
    by: "type",
    cases: &[
        (
            &["text"],
            None,
            Shape::Object(&Object::of(&[("data", Shape::Text), ("media_type", Shape::Words(&["text/plain"]))])),
        ),
        (&["content"], None, Shape::Object(&Object::of(&[("content", Shape::TextOr(&QUOTED))]))),
        (
            &["base64"],
            None,
            Shape::Object(&Object::of(&[("data", Shape::Opaque), ("media_type", Shape::Words(&["application/pdf"]))])),
        ),
        (&["url"], None, Shape::Object(&Object::of(&[("url", Shape::Opaque)]))),
        (&["file"], None, Shape::Object(&Object::of(&[("file_id", Shape::Opaque)]))),
    ],
    otherwise: None,
};

static QUOTED: Shape = Shape::Each(&Shape::Case(&Case {
    by: "type",
    cases: &[(&["text"], None, Shape::Object(&TEXT)), (&["image"], None, Shape::Object(&IMAGE))],
    otherwise: None,
}));

static SEARCH_RESULT: Object = Object::of(&[
    ("content", Shape::TextOr(&QUOTED)),
    ("source", Shape::Text),
    ("title", Shape::Text),
    ("citations", Shape::Leaves),
    ("cache_control", CACHE_CONTROL),
]);

/// What the client's tool, or that of an MCP server, gave back.
static TOOL_RESULT: Object = Object::of(&[
    ("tool_use_id", Shape::Text),
    ("toolset_name", Shape::Text),
    ("content", Shape::TextOr(&GIVEN)),
    ("is_error", Shape::Leaves),
    ("cache_control", CACHE_CONTROL),
]);

static GIVEN: Shape = Shape::Each(&Shape::Case(&Case {
    by: "type",
    cases: &[
        (&["text"], None, Shape::Object(&TEXT)),
        (&["image"], None, Shape::Object(&IMAGE)),
        (&["document"], Some(Scope::Document), Shape::Object(&DOCUMENT)),
        (&["search_result"], Some(Scope::Document), Shape::Object(&SEARCH_RESULT)),
        (&["tool_reference", "browser_state"], None, Shape::Leaves),
    ],
    otherwise: None,
}));

/// What a tool of the API's gave back, all of it text.
static SERVER_RESULT: Object = Object::of(&[
    ("tool_use_id", Shape::Text),
    ("content", Shape::Leaves),
    ("caller", Shape::Leaves),
    ("cache_control", CACHE_CONTROL),
]);

static WEB_SEARCH: Object = Object::of(&[
    ("tool_use_id", Shape::Text),
    ("content", Shape::OneOrEach(&FOUND)),
    ("caller", Shape::Leaves),
    ("cache_control", CACHE_CONTROL),
]);

static FOUND: Shape = Shape::Case(&Case {
    by: "type",
    cases: &[
        (&["web_search_result"], Some(Scope::Document), Shape::Leaves),
        (&["web_search_tool_result_error"], None, Shape::Leaves),
    ],
    otherwise: None,
});

static WEB_FETCH: Object = Object::of(&[
    ("tool_use_id", Shape::Text),
    ("content", Shape::Case(&FETCHED)),
    ("caller", Shape::Leaves),
    ("cache_control", CACHE_CONTROL),
]);

static FETCHED: Case = Case {
    by: "type",
    cases: &[
        (
            &["web_fetch_result"],
            Some(Scope::Document),
            Shape::Object(&Object::of(&[
                ("url", Shape::Text),
                ("retrieved_at", Shape::Text),
                ("content", Shape::Case(&PAGE)),
            ])),
        ),
        (&["web_fetch_tool_result_error"], None, Shape::Leaves),
    ],
    otherwise: None,
};

static PAGE: Case = Case { by: "type", cases: &[(&["document"], None, Shape::Object(&DOCUMENT))], otherwise: None };
