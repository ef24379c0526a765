//! Model Context Protocol, as its schema types it: 2024-11-05 to 2025-11-25, and what 2026-07-28 adds (`server/discover`,
//! `inputRequests`, `inputResponses`). Bodies and events hold one JSON-RPC message, or a batch of them, in either direction:
//! a client posts requests, notifications and answers to the server's requests; a server streams answers, requests and
//! notifications. An answer does not name its method, so results are known by their members.
//!
//! Tools, prompts and resources on offer are tool definitions, whoever reads them is told what to do by them; what a server
//! says while it works (logs, progress, questions to the person) is tool output. Nothing grows from event to event.

use super::json_rpc::{self, answer, call};
use super::shape::{Case, Object, Shape, Turns};
use super::{Events, LastEvent, Refusal, Scope, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "mcp",
    request: &Shape::OneOrEach(&CLIENT),
    fields: None,
    response: &Shape::OneOrEach(&SERVER),
    events: Events::All(&Shape::Ends(&Shape::OneOrEach(&SERVER))),
    not_read: "images, audio and binary resources (`blob`)",
    independent: false,
    error: json_rpc::error,
    last: |refusal| vec![LastEvent::named("message", json_rpc::error_body(refusal))],
};

/// A server that has asked its client something waits for the answer, and the client for the server: a refused answer
/// becomes an error that the server can act on. In the older transport the answer to every message comes on another
/// stream, which Weir cannot write to, so the server is made to refuse there: it knows no such method.
pub(super) fn instead(refusal: &Refusal<'_>, path: &str, answers: Option<&str>) -> Option<String> {
    if answers.is_some() {
        return Some(json_rpc::error_body(&Refusal { rpc_id: answers, ..*refusal }));
    }
    let older = matches!(path.trim_end_matches('/').rsplit('/').next(), Some("messages" | "message"));
    let id: serde_json::Value = refusal.rpc_id.filter(|_| older).and_then(|id| serde_json::from_str(id).ok())?;
    Some(serde_json::json!({ "jsonrpc": "2.0", "id": id, "method": "weir/blocked" }).to_string())
}

/// What a client posts.
static CLIENT: Shape = Shape::Case(&Case {
    by: "method",
    cases: &[
        (&["initialize", "server/discover", "ping", "logging/setLevel"], None, call!(Shape::Leaves)),
        (&["tools/list", "prompts/list", "resources/list", "resources/templates/list"], None, call!(Shape::Leaves)),
        (&["tools/call"], Some(Scope::ToolInput), call!(Shape::Object(&CALL))),
        (&["prompts/get", "resources/read", "completion/complete"], Some(Scope::User), call!(Shape::Object(&CALL))),
        (&["resources/subscribe", "resources/unsubscribe", "subscriptions/listen"], None, call!(Shape::Leaves)),
        (&["tasks/get", "tasks/result", "tasks/cancel", "tasks/list"], None, call!(Shape::Leaves)),
        (&["notifications/initialized", "notifications/roots/list_changed"], None, call!(Shape::Leaves)),
        (&["notifications/cancelled", "notifications/progress"], Some(Scope::User), call!(Shape::Leaves)),
        (&["notifications/tasks/status"], Some(Scope::User), call!(Shape::Leaves)),
    ],
    otherwise: Some(&answer!(Shape::Case(&CLIENT_RESULT), Shape::As(Scope::User, &Shape::Leaves))),
});

/// `{name, arguments}` of a tool or prompt, `{uri}` of a resource, or `{ref, argument, context}` of a completion. A call that
/// a server answered with questions is made again, with the answers.
static CALL: Object = Object::of(&[
    ("name", Shape::Text),
    ("arguments", Shape::Leaves),
    ("uri", Shape::Text),
    ("ref", Shape::Leaves),
    ("argument", Shape::Leaves),
    ("context", Shape::Leaves),
    ("task", Shape::Leaves),
    ("inputResponses", Shape::As(Scope::User, &Shape::Leaves)),
    ("requestState", Shape::Text),
    ("_meta", Shape::Leaves),
]);

/// What a client answers: to `sampling/createMessage` what its model said, to `elicitation/create` what the person said, to
/// `roots/list` the folders it works in.
static CLIENT_RESULT: Case = Case {
    by: "role",
    cases: &[
        (&["assistant"], Some(Scope::Assistant), Shape::Object(&SAMPLED)),
        (&["user"], Some(Scope::User), Shape::Object(&SAMPLED)),
    ],
    otherwise: Some(&Shape::As(
        Scope::User,
        &Shape::Object(&Object::of(&[
            ("action", Shape::Words(&["accept", "decline", "cancel"])),
            ("content", Shape::Leaves),
            ("roots", Shape::Leaves),
            ("task", Shape::Leaves),
            ("tasks", Shape::Leaves),
            ("_meta", Shape::Leaves),
        ])),
    )),
};

static SAMPLED: Object = Object::of(&[
    ("content", Shape::OneOrEach(&BLOCK)),
    ("model", Shape::Model),
    ("stopReason", Shape::Finish),
    ("_meta", Shape::Leaves),
]);

/// What a server answers, asks and tells.
static SERVER: Shape = Shape::Case(&Case {
    by: "method",
    cases: &[
        (&["sampling/createMessage"], None, call!(Shape::Object(&SAMPLING))),
        (&["elicitation/create"], Some(Scope::ToolOutput), call!(Shape::Object(&ELICITATION))),
        (&["roots/list", "ping"], None, call!(Shape::Leaves)),
        (&["tasks/get", "tasks/result", "tasks/cancel", "tasks/list"], None, call!(Shape::Leaves)),
        (&["notifications/message", "notifications/progress"], Some(Scope::ToolOutput), call!(Shape::Leaves)),
        (&["notifications/cancelled", "notifications/tasks/status"], Some(Scope::ToolOutput), call!(Shape::Leaves)),
        (&["notifications/resources/updated", "notifications/resources/list_changed"], None, call!(Shape::Leaves)),
        (&["notifications/tools/list_changed", "notifications/prompts/list_changed"], None, call!(Shape::Leaves)),
        (&["notifications/elicitation/complete"], None, call!(Shape::Leaves)),
    ],
    otherwise: Some(&answer!(Shape::Object(&SERVER_RESULT), Shape::As(Scope::ToolOutput, &Shape::Leaves))),
});

static SERVER_RESULT: Object = Object::of(&[
    // initialize, server/discover
    ("protocolVersion", Shape::Text),
    ("supportedVersions", Shape::Leaves),
    ("capabilities", Shape::Leaves),
    ("serverInfo", OFFER),
    ("instructions", Shape::As(Scope::System, &Shape::Text)),
    // tools/list, prompts/list, resources/list, resources/templates/list
    ("tools", OFFER),
    ("prompts", OFFER),
    ("resources", OFFER),
    ("resourceTemplates", OFFER),
    ("nextCursor", Shape::Text),
    ("ttlMs", Shape::Leaves),
    ("cacheScope", Shape::Text),
    // tools/call, tasks/result
    ("content", Shape::As(Scope::ToolOutput, &Shape::OneOrEach(&BLOCK))),
    ("structuredContent", Shape::As(Scope::ToolOutput, &Shape::Leaves)),
    ("isError", Shape::Leaves),
    // resources/read
    ("contents", Shape::As(Scope::Document, &Shape::Each(&Shape::Object(&RESOURCE)))),
    // prompts/get
    ("description", OFFER),
    ("messages", MESSAGES),
    // completion/complete
    ("completion", Shape::As(Scope::ToolOutput, &Shape::Leaves)),
    // tasks/*
    ("task", Shape::As(Scope::ToolOutput, &Shape::Leaves)),
    ("tasks", Shape::As(Scope::ToolOutput, &Shape::Leaves)),
    ("taskId", Shape::Text),
    ("status", Shape::Text),
    ("statusMessage", Shape::As(Scope::ToolOutput, &Shape::Text)),
    ("createdAt", Shape::Text),
    ("lastUpdatedAt", Shape::Text),
    // An answer that is a question first.
    ("resultType", Shape::Text),
    ("inputRequests", Shape::As(Scope::ToolOutput, &Shape::Leaves)),
    ("requestState", Shape::Text),
    ("_meta", Shape::Leaves),
]);

const OFFER: Shape = Shape::As(Scope::ToolDefinition, &Shape::Leaves);

/// A server asks the client's model to continue this conversation.
static SAMPLING: Object = Object::of(&[
    ("messages", MESSAGES),
    ("systemPrompt", Shape::As(Scope::System, &Shape::Text)),
    ("tools", OFFER),
    ("modelPreferences", Shape::Leaves),
    ("includeContext", Shape::Text),
    ("stopSequences", Shape::Leaves),
    ("metadata", Shape::Leaves),
    ("_meta", Shape::Leaves),
]);

/// A server asks the person, by a form or behind a link.
static ELICITATION: Object = Object::of(&[
    ("mode", Shape::Text),
    ("message", Shape::Text),
    ("requestedSchema", OFFER),
    ("elicitationId", Shape::Text),
    ("url", Shape::Text),
    ("_meta", Shape::Leaves),
]);

const MESSAGES: Shape = Shape::Turns(&Turns { each: &MESSAGE, own: &[("role", &["assistant"])] });

static MESSAGE: Shape = Shape::Case(&Case {
    by: "role",
    cases: &[
        (&["user"], Some(Scope::User), Shape::Object(&SAID)),
        (&["assistant"], Some(Scope::Assistant), Shape::Object(&SAID)),
    ],
    otherwise: None,
});

static SAID: Object = Object::of(&[("content", Shape::OneOrEach(&BLOCK)), ("_meta", Shape::Leaves)]);

static BLOCK: Shape = Shape::Case(&Case {
    by: "type",
    cases: &[
        (&["text"], None, Shape::Leaves),
        (&["image", "audio"], None, Shape::Object(&MEDIA)),
        (&["resource"], Some(Scope::Document), Shape::Object(&EMBEDDED)),
        (&["resource_link"], Some(Scope::Document), Shape::Leaves),
        (&["tool_use"], Some(Scope::ToolInput), Shape::Leaves),
        (&["tool_result"], Some(Scope::ToolOutput), Shape::Object(&TOOL_RESULT)),
    ],
    otherwise: None,
});

static MEDIA: Object = Object::of(&[
    ("data", Shape::Opaque),
    ("mimeType", Shape::Text),
    ("annotations", Shape::Leaves),
    ("_meta", Shape::Leaves),
]);

static EMBEDDED: Object =
    Object::of(&[("resource", Shape::Object(&RESOURCE)), ("annotations", Shape::Leaves), ("_meta", Shape::Leaves)]);

static RESOURCE: Object = Object::of(&[
    ("uri", Shape::Text),
    ("mimeType", Shape::Text),
    ("text", Shape::Text),
    ("blob", Shape::Opaque),
    ("_meta", Shape::Leaves),
]);

static TOOL_RESULT: Object = Object::of(&[
    ("toolUseId", Shape::Text),
    ("content", Shape::Each(&BLOCK)),
    ("structuredContent", Shape::Leaves),
    ("isError", Shape::Leaves),
    ("_meta", Shape::Leaves),
]);
