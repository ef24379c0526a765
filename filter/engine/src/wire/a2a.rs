//! Agent2Agent: versions 0.3 and 1.0 of its specification, as typed by its Python SDK (0.3.26 and 1.3.0), over JSON-RPC and
//! over HTTP with plain JSON. 0.3 tells parts and results by `kind`, 1.0 by the member that is there; both are read by the
//! same tables. The words of the agent are the assistant's, and so are its artifacts; an agent card is a tool definition,
//! since it tells other agents what to ask this one for.
//!
//! Streams: the parts of an artifact grow from update to update, told apart by task and artifact. `lastChunk` is not taken
//! for an end, because other artifacts of its task may still grow.

use super::json_rpc::{self, call};
use super::shape::{Case, Object, Shape, Turns};
use super::{ErrorAnswer, Events, LastEvent, Refusal, Scope, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "a2a",
    request: &Shape::OneOrEach(&REQUEST),
    fields: None,
    response: &Shape::OneOrEach(&RESPONSE),
    events: Events::All(&EVENT),
    not_read: "files, as bytes or by URL; push notifications, which go past the proxy",
    independent: false,
    error,
    last,
};

static REQUEST: Shape = Shape::Case(&Case {
    by: "method",
    cases: &[
        (&["message/send", "message/stream", "SendMessage", "SendStreamingMessage"], None, call!(Shape::Object(&SEND))),
        (&["tasks/get", "tasks/cancel", "tasks/resubscribe"], None, call!(Shape::Leaves)),
        (&["GetTask", "ListTasks", "CancelTask", "SubscribeToTask"], None, call!(Shape::Leaves)),
        (&["tasks/pushNotificationConfig/set", "tasks/pushNotificationConfig/get"], None, call!(Shape::Leaves)),
        (&["tasks/pushNotificationConfig/list", "tasks/pushNotificationConfig/delete"], None, call!(Shape::Leaves)),
        (&["CreateTaskPushNotificationConfig", "GetTaskPushNotificationConfig"], None, call!(Shape::Leaves)),
        (&["ListTaskPushNotificationConfigs", "DeleteTaskPushNotificationConfig"], None, call!(Shape::Leaves)),
        (&["agent/getAuthenticatedExtendedCard", "GetExtendedAgentCard"], None, call!(Shape::Leaves)),
    ],
    // HTTP with plain JSON: the parameters by themselves.
    otherwise: Some(&Shape::Object(&SEND)),
});

static SEND: Object = Object::of(&[
    ("message", Shape::Case(&MESSAGE)),
    // What 0.3 calls it over HTTP.
    ("request", Shape::Case(&MESSAGE)),
    ("configuration", Shape::Leaves),
    ("metadata", Shape::Leaves),
    ("tenant", Shape::Text),
    ("jsonrpc", Shape::Words(&["2.0"])),
    ("method", Shape::Text),
    ("params", Shape::Leaves),
    ("id", Shape::Text),
]);

static MESSAGE: Case = Case {
    by: "role",
    cases: &[
        (&["user", "ROLE_USER"], Some(Scope::User), Shape::Object(&SAID)),
        (&["agent", "ROLE_AGENT"], Some(Scope::Assistant), Shape::Object(&SAID)),
    ],
    otherwise: None,
};

static SAID: Object = Object::of(&[
    ("kind", Shape::Words(&["message"])),
    ("messageId", Shape::Text),
    ("contextId", Shape::Text),
    ("taskId", Shape::Text),
    ("referenceTaskIds", Shape::Leaves),
    ("parts", Shape::Each(&PART)),
    // What 0.3 calls them over HTTP.
    ("content", Shape::Each(&PART)),
    ("extensions", Shape::Leaves),
    ("metadata", Shape::Leaves),
]);

static PART: Shape = Shape::Object(&Object::of(&[
    ("kind", Shape::Words(&["text", "file", "data"])),
    ("text", Shape::Text),
    ("file", Shape::Object(&FILE)),
    ("data", Shape::Leaves),
    ("raw", Shape::Opaque),
    ("url", Shape::Opaque),
    ("filename", Shape::Text),
    ("mediaType", Shape::Text),
    ("metadata", Shape::Leaves),
]));

static FILE: Object = Object::of(&[
    ("bytes", Shape::Opaque),
    ("uri", Shape::Opaque),
    ("fileWithBytes", Shape::Opaque),
    ("fileWithUri", Shape::Opaque),
    ("mimeType", Shape::Text),
    ("name", Shape::Text),
]);

static RESPONSE: Shape = Shape::Case(&Case {
    by: "jsonrpc",
    cases: &[(
        &["2.0"],
        None,
        Shape::Object(&Object::of(&[
            ("id", Shape::RpcId),
            ("result", Shape::OneOrEach(&RESULT)),
            ("error", Shape::As(Scope::Assistant, &Shape::Leaves)),
        ])),
    )],
    otherwise: Some(&RESULT),
});

static RESULT: Shape = Shape::Case(&Case {
    by: "kind",
    cases: &[
        (&["message"], None, Shape::Case(&MESSAGE)),
        (&["task"], None, Shape::Object(&TASK)),
        (&["status-update"], None, Shape::Object(&STATUS_UPDATE)),
        (&["artifact-update"], None, Shape::Object(&ARTIFACT_UPDATE)),
    ],
    otherwise: Some(&Shape::Object(&UNTOLD)),
});

/// A result that does not say its kind: one of these, a task by itself, a list of tasks, or an agent card.
static UNTOLD: Object = Object::of(&[
    ("task", Shape::Object(&TASK)),
    ("message", Shape::Case(&MESSAGE)),
    ("statusUpdate", Shape::Object(&STATUS_UPDATE)),
    ("artifactUpdate", Shape::Object(&ARTIFACT_UPDATE)),
    ("tasks", Shape::Each(&Shape::Object(&TASK))),
    ("id", Shape::Text),
    ("contextId", Shape::Text),
    ("status", Shape::Object(&STATUS)),
    ("artifacts", Shape::As(Scope::Assistant, &Shape::Each(&ARTIFACT))),
    ("history", HISTORY),
    ("metadata", Shape::Leaves),
    ("error", Shape::As(Scope::Assistant, &Shape::Leaves)),
    ("name", CARD),
    ("description", CARD),
    ("skills", CARD),
    ("provider", CARD),
    ("capabilities", CARD),
    ("url", CARD),
    ("supportedInterfaces", CARD),
    ("additionalInterfaces", CARD),
    ("securitySchemes", CARD),
    ("signatures", CARD),
]);

const CARD: Shape = Shape::As(Scope::ToolDefinition, &Shape::Leaves);

const HISTORY: Shape =
    Shape::Turns(&Turns { each: &Shape::Case(&MESSAGE), own: &[("role", &["agent", "ROLE_AGENT"])] });

static TASK: Object = Object::of(&[
    ("kind", Shape::Words(&["task"])),
    ("id", Shape::Text),
    ("contextId", Shape::Text),
    ("status", Shape::Object(&STATUS)),
    ("artifacts", Shape::As(Scope::Assistant, &Shape::Each(&ARTIFACT))),
    ("history", HISTORY),
    ("metadata", Shape::Leaves),
]);

static STATUS: Object =
    Object::of(&[("state", Shape::Text), ("message", Shape::Case(&MESSAGE)), ("timestamp", Shape::Text)]);

static STATUS_UPDATE: Object = Object::of(&[
    ("taskId", Shape::Text),
    ("contextId", Shape::Text),
    ("status", Shape::Object(&STATUS)),
    ("final", Shape::Done),
    ("metadata", Shape::Leaves),
]);

static ARTIFACT_UPDATE: Object = Object::of(&[
    ("taskId", Shape::Text),
    ("contextId", Shape::Text),
    ("artifact", Shape::As(Scope::Assistant, &ARTIFACT)),
    ("append", Shape::Leaves),
    ("lastChunk", Shape::Leaves),
    ("metadata", Shape::Leaves),
]);

static ARTIFACT: Shape = Shape::Object(&Object::of(&[
    ("artifactId", Shape::Text),
    ("name", Shape::Text),
    ("description", Shape::Text),
    ("parts", Shape::Each(&PART)),
    ("extensions", Shape::Leaves),
    ("metadata", Shape::Leaves),
]));

static EVENT: Shape = Shape::Case(&Case {
    by: "jsonrpc",
    cases: &[(
        &["2.0"],
        None,
        Shape::Object(&Object::of(&[
            ("id", Shape::RpcId),
            ("result", Shape::Case(&EVENT_RESULTS)),
            ("error", Shape::As(Scope::Assistant, &Shape::Leaves)),
        ])),
    )],
    otherwise: Some(&Shape::Case(&EVENT_RESULTS)),
});

static EVENT_RESULTS: Case = Case {
    by: "kind",
    cases: &[
        (&["message"], None, Shape::Case(&MESSAGE)),
        (&["task"], None, Shape::Object(&TASK)),
        (&["status-update"], None, Shape::Numbered(&["taskId"], &Shape::Object(&STATUS_UPDATE))),
        (&["artifact-update"], None, GROWTH),
    ],
    otherwise: Some(&Shape::Object(&Object::of(&[
        ("task", Shape::Object(&TASK)),
        ("message", Shape::Case(&MESSAGE)),
        ("statusUpdate", Shape::Numbered(&["taskId"], &Shape::Object(&STATUS_UPDATE))),
        ("artifactUpdate", GROWTH),
        ("error", Shape::As(Scope::Assistant, &Shape::Leaves)),
    ]))),
};

const GROWTH: Shape = Shape::Numbered(&["taskId"], &Shape::Object(&GROWING));

static GROWING: Object = Object::of(&[
    ("taskId", Shape::Text),
    ("contextId", Shape::Text),
    ("artifact", Shape::As(Scope::Assistant, &Shape::Numbered(&["artifactId"], &Shape::Object(&GROWING_ARTIFACT)))),
    ("append", Shape::Leaves),
    ("lastChunk", Shape::Leaves),
    ("metadata", Shape::Leaves),
]);

static GROWING_ARTIFACT: Object = Object::of(&[
    ("artifactId", Shape::Text),
    ("name", Shape::Text),
    ("description", Shape::Text),
    ("parts", Shape::Each(&GROWING_PART)),
    ("extensions", Shape::Leaves),
    ("metadata", Shape::Leaves),
]);

static GROWING_PART: Shape = Shape::Object(&Object::of(&[
    ("kind", Shape::Words(&["text", "file", "data"])),
    ("text", Shape::Piece("text")),
    ("file", Shape::Object(&FILE)),
    ("data", Shape::Leaves),
    ("raw", Shape::Opaque),
    ("url", Shape::Opaque),
    ("filename", Shape::Text),
    ("mediaType", Shape::Text),
    ("metadata", Shape::Leaves),
]));

/// Over JSON-RPC its error; over HTTP with plain JSON only the status tells clients, and the body is for people.
fn error(refusal: &Refusal<'_>) -> ErrorAnswer {
    match refusal.rpc_id {
        Some(_) => json_rpc::error(refusal),
        None => ErrorAnswer::json(refusal, plain_error(refusal)),
    }
}

/// Over HTTP with plain JSON, clients only take an event with the name `error` for one.
fn last(refusal: &Refusal<'_>) -> Vec<LastEvent> {
    match refusal.rpc_id {
        Some(_) => vec![LastEvent::plain(json_rpc::error_body(refusal))],
        None => vec![LastEvent::named("error", plain_error(refusal))],
    }
}

/// The form of `google.rpc.Status`, which version 1.0 asks for.
fn plain_error(refusal: &Refusal<'_>) -> String {
    let mut metadata = serde_json::json!({ "exchange": refusal.exchange.to_string() });
    if let (Some(rule), Some(object)) = (refusal.rule, metadata.as_object_mut()) {
        object.insert("rule".to_owned(), rule.into());
    }
    serde_json::json!({ "error": {
        "code": refusal.status,
        "status": "PERMISSION_DENIED",
        "message": refusal.message,
        "details": [{
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": refusal.code.to_ascii_uppercase(),
            "domain": "weir",
            "metadata": metadata,
        }],
    } })
    .to_string()
}
