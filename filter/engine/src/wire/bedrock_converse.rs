//! AWS Bedrock Converse, ConverseStream and CountTokens, as the service model of the Bedrock runtime (2023-09-30, in
//! botocore 1.44.5) types them. Members of a block tell what it is; the model is named in the path. Documents and search
//! results are documents, what a guardrail is asked to look at is spoken by whoever says it, bytes and S3 locations are not
//! read. Reasoning that the service encrypts is looked at as text: nobody can have put words there in the clear. The stream is an AWS event stream whose frames name their events.

use super::outline::TokenKind;
use super::shape::{Case, Object, Shape, Turns};
use super::{ErrorAnswer, Events, LastEvent, Refusal, Scope, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "bedrock/converse",
    request: &REQUEST,
    fields: None,
    response: &RESPONSE,
    events: Events::Named(&EVENTS),
    not_read: "images, video, audio, document files and S3 objects; encrypted reasoning, beyond the text it is written as; the InvokeModel body inside CountTokens",
    independent: false,
    error,
    last,
};

pub(super) static REQUEST: Shape = Shape::Object(&Object {
    marks: &["messages", "promptVariables", "input"],
    members: &[
        ("system", Shape::As(Scope::System, &Shape::Each(&Shape::Object(&HEARD)))),
        ("messages", Shape::Turns(&Turns { each: &Shape::Case(&MESSAGE), own: &[("role", &["assistant"])] })),
        ("toolConfig", Shape::As(Scope::ToolDefinition, &Shape::Leaves)),
        ("inferenceConfig", Shape::Leaves),
        ("additionalModelRequestFields", Shape::Leaves),
        ("additionalModelResponseFieldPaths", Shape::Leaves),
        ("promptVariables", Shape::As(Scope::User, &Shape::Leaves)),
        ("guardrailConfig", Shape::Leaves),
        ("outputConfig", Shape::As(Scope::System, &Shape::Leaves)),
        ("requestMetadata", Shape::Leaves),
        ("performanceConfig", Shape::Leaves),
        ("serviceTier", Shape::Leaves),
        // Amazon Nova writes the same to InvokeModel, and tells so.
        ("schemaVersion", Shape::Words(&["messages-v1"])),
        // CountTokens holds the request that it counts.
        ("input", Shape::Object(&COUNTED)),
    ],
});

static COUNTED: Object = Object::of(&[
    ("converse", Shape::As(Scope::Unknown, &REQUEST)),
    ("invokeModel", Shape::Object(&Object::of(&[("body", Shape::Opaque)]))),
]);

pub(super) static MESSAGE: Case = Case {
    by: "role",
    cases: &[
        (&["user"], Some(Scope::User), Shape::Object(&Object::of(&[("content", Shape::Each(&Shape::Object(&HEARD)))]))),
        (
            &["system"],
            Some(Scope::System),
            Shape::Object(&Object::of(&[("content", Shape::Each(&Shape::Object(&HEARD)))])),
        ),
        (&["assistant"], Some(Scope::Assistant), Shape::Object(&Object::of(&[("content", Shape::Each(&SPOKEN))]))),
    ],
    otherwise: None,
};

/// Only a model reasons, calls and cites: in another role these members are where text hides.
static HEARD: Object = Object::of(&[
    ("text", Shape::Text),
    ("image", Shape::Object(&MEDIA)),
    ("document", Shape::As(Scope::Document, &Shape::Object(&DOCUMENT))),
    ("video", Shape::Object(&MEDIA)),
    ("audio", Shape::Object(&MEDIA)),
    ("toolUse", Shape::Absent),
    ("toolResult", Shape::As(Scope::ToolOutput, &Shape::Object(&TOOL_RESULT))),
    ("guardContent", Shape::Object(&GUARDED)),
    ("cachePoint", Shape::Leaves),
    ("reasoningContent", Shape::Absent),
    ("citationsContent", Shape::Absent),
    ("searchResult", Shape::As(Scope::Document, &Shape::Leaves)),
    ("toolAddition", Shape::As(Scope::ToolDefinition, &Shape::Leaves)),
    ("toolRemoval", Shape::As(Scope::ToolDefinition, &Shape::Leaves)),
]);

pub(super) static SPOKEN: Shape = Shape::Object(&Object::of(&[
    ("text", Shape::Text),
    ("image", Shape::Object(&MEDIA)),
    ("document", Shape::As(Scope::Document, &Shape::Object(&DOCUMENT))),
    ("video", Shape::Object(&MEDIA)),
    ("audio", Shape::Object(&MEDIA)),
    ("toolUse", Shape::As(Scope::ToolInput, &Shape::Leaves)),
    // Of tools that the service runs itself.
    ("toolResult", Shape::As(Scope::ToolOutput, &Shape::Object(&TOOL_RESULT))),
    ("guardContent", Shape::Object(&GUARDED)),
    ("cachePoint", Shape::Leaves),
    ("reasoningContent", Shape::As(Scope::Reasoning, &Shape::Object(&REASONING))),
    ("citationsContent", Shape::Object(&CITED)),
    ("searchResult", Shape::As(Scope::Document, &Shape::Leaves)),
]));

static MEDIA: Object = Object::of(&[("format", Shape::Text), ("source", Shape::Opaque), ("error", Shape::Leaves)]);

static DOCUMENT: Object = Object::of(&[
    ("format", Shape::Text),
    ("name", Shape::Text),
    ("context", Shape::Text),
    ("citations", Shape::Leaves),
    (
        "source",
        Shape::Object(&Object::of(&[
            ("bytes", Shape::Opaque),
            ("s3Location", Shape::Opaque),
            ("text", Shape::Text),
            ("content", Shape::Leaves),
        ])),
    ),
]);

static TOOL_RESULT: Object = Object::of(&[
    ("toolUseId", Shape::Text),
    ("status", Shape::Text),
    ("type", Shape::Text),
    (
        "content",
        Shape::Each(&Shape::Object(&Object::of(&[
            ("text", Shape::Text),
            ("json", Shape::Leaves),
            ("image", Shape::Object(&MEDIA)),
            ("document", Shape::As(Scope::Document, &Shape::Object(&DOCUMENT))),
            ("video", Shape::Object(&MEDIA)),
            ("searchResult", Shape::As(Scope::Document, &Shape::Leaves)),
        ]))),
    ),
]);

static GUARDED: Object = Object::of(&[
    ("text", Shape::Object(&Object::of(&[("text", Shape::Text), ("qualifiers", Shape::Leaves)]))),
    ("image", Shape::Object(&MEDIA)),
]);

static REASONING: Object = Object::of(&[
    ("reasoningText", Shape::Object(&Object::of(&[("text", Shape::Text), ("signature", Shape::Text)]))),
    ("redactedContent", Shape::Text),
]);

static CITED: Object =
    Object::of(&[("content", Shape::Leaves), ("citations", Shape::As(Scope::Document, &Shape::Leaves))]);

pub(super) static RESPONSE: Shape = Shape::Object(&Object {
    marks: &["output", "inputTokens"],
    members: &[
        ("output", Shape::Object(&OUTPUT)),
        ("stopReason", Shape::Finish),
        ("usage", Shape::Object(&USAGE)),
        ("inputTokens", Shape::Tokens(TokenKind::Input)),
        ("metrics", Shape::Leaves),
        ("additionalModelResponseFields", Shape::As(Scope::Assistant, &Shape::Leaves)),
        ("trace", Shape::Object(&TRACE)),
        ("performanceConfig", Shape::Leaves),
        ("serviceTier", Shape::Leaves),
    ],
});

pub(super) static OUTPUT: Object = Object::of(&[("message", Shape::Case(&MESSAGE))]);

pub(super) static USAGE: Object = Object::of(&[
    ("inputTokens", Shape::Tokens(TokenKind::Input)),
    ("outputTokens", Shape::Tokens(TokenKind::Output)),
    ("cacheReadInputTokens", Shape::Tokens(TokenKind::Cached)),
    ("cacheReadInputTokenCount", Shape::Tokens(TokenKind::Cached)),
    ("cacheWriteInputTokens", Shape::Leaves),
    ("totalTokens", Shape::Leaves),
    ("cacheDetails", Shape::Leaves),
]);

/// What a guardrail saw, in the words it saw.
static TRACE: Object = Object::of(&[
    (
        "guardrail",
        Shape::Object(&Object::of(&[
            ("modelOutput", Shape::As(Scope::Assistant, &Shape::Leaves)),
            ("inputAssessment", Shape::As(Scope::User, &Shape::Leaves)),
            ("outputAssessments", Shape::As(Scope::Assistant, &Shape::Leaves)),
            ("actionReason", Shape::Text),
        ])),
    ),
    ("promptRouter", Shape::Leaves),
]);

static EVENTS: [(&str, Shape); 12] = [
    ("messageStart", Shape::Object(&MESSAGE_START)),
    ("contentBlockStart", BLOCK_START),
    ("contentBlockDelta", BLOCK_DELTA),
    ("contentBlockStop", BLOCK_STOP),
    ("messageStop", Shape::Object(&MESSAGE_STOP)),
    ("metadata", Shape::Object(&METADATA)),
    ("internalServerException", Shape::Leaves),
    ("modelStreamErrorException", Shape::Leaves),
    ("modelTimeoutException", Shape::Leaves),
    ("serviceUnavailableException", Shape::Leaves),
    ("throttlingException", Shape::Leaves),
    ("validationException", Shape::Leaves),
];

/// `p` stands in every event and pads it, so that nobody can guess words from lengths.
pub(super) static MESSAGE_START: Object = Object::of(&[("role", Shape::Words(&["assistant"])), ("p", Shape::Text)]);

pub(super) const BLOCK_START: Shape = Shape::Numbered(&["contentBlockIndex"], &Shape::Object(&START));

pub(super) const BLOCK_DELTA: Shape = Shape::Numbered(&["contentBlockIndex"], &Shape::Object(&DELTA));

pub(super) const BLOCK_STOP: Shape = Shape::Numbered(&["contentBlockIndex"], &Shape::Ends(&Shape::Object(&STOP)));

static START: Object = Object::of(&[
    ("contentBlockIndex", Shape::Leaves),
    ("p", Shape::Text),
    (
        "start",
        Shape::Object(&Object::of(&[
            ("toolUse", Shape::As(Scope::ToolInput, &Shape::Leaves)),
            ("toolResult", Shape::As(Scope::ToolOutput, &Shape::Leaves)),
            ("image", Shape::As(Scope::Assistant, &Shape::Leaves)),
        ])),
    ),
]);

static DELTA: Object = Object::of(&[
    ("contentBlockIndex", Shape::Leaves),
    ("p", Shape::Text),
    (
        "delta",
        Shape::As(
            Scope::Assistant,
            &Shape::Object(&Object::of(&[
                ("text", Shape::Piece("text")),
                ("toolUse", Shape::As(Scope::ToolInput, &Shape::Object(&TOOL_USE_PIECE))),
                ("toolResult", Shape::As(Scope::ToolOutput, &Shape::Each(&Shape::Object(&TOOL_RESULT_PIECE)))),
                ("reasoningContent", Shape::As(Scope::Reasoning, &Shape::Object(&REASONING_PIECE))),
                ("citation", Shape::As(Scope::Document, &Shape::Object(&CITATION_PIECE))),
                ("image", Shape::Object(&MEDIA)),
            ])),
        ),
    ),
]);

static TOOL_USE_PIECE: Object = Object::of(&[("input", Shape::JsonPiece("input"))]);

static TOOL_RESULT_PIECE: Object = Object::of(&[("text", Shape::Piece("tool result")), ("json", Shape::Leaves)]);

static REASONING_PIECE: Object = Object::of(&[
    ("text", Shape::Piece("reasoning")),
    ("signature", Shape::Piece("signature")),
    ("redactedContent", Shape::Piece("redacted")),
]);

static CITATION_PIECE: Object = Object::of(&[
    ("title", Shape::Text),
    ("source", Shape::Text),
    ("sourceContent", Shape::Each(&Shape::Object(&Object::of(&[("text", Shape::Piece("source"))])))),
    ("location", Shape::Leaves),
]);

static STOP: Object = Object::of(&[("contentBlockIndex", Shape::Leaves), ("p", Shape::Text)]);

pub(super) static MESSAGE_STOP: Object = Object::of(&[
    ("stopReason", Shape::Finish),
    ("additionalModelResponseFields", Shape::As(Scope::Assistant, &Shape::Leaves)),
    ("p", Shape::Text),
]);

pub(super) static METADATA: Object = Object::of(&[
    ("usage", Shape::Object(&USAGE)),
    ("metrics", Shape::Leaves),
    ("trace", Shape::Object(&TRACE)),
    ("performanceConfig", Shape::Leaves),
    ("serviceTier", Shape::Leaves),
    ("p", Shape::Text),
]);

/// The AWS SDKs take the type of an error from a header, and its text from `message`.
pub(super) fn error(refusal: &Refusal<'_>) -> ErrorAnswer {
    let headers = vec![("x-amzn-errortype", "AccessDeniedException".to_owned())];
    ErrorAnswer { status: refusal.status, headers, body: body(refusal) }
}

/// Of exceptions inside a stream the SDKs only read those that the operation's model names; an error may have any code.
pub(super) fn last(refusal: &Refusal<'_>) -> Vec<LastEvent> {
    let code = match refusal.code {
        "blocked_by_policy" => "blocked_by_policy",
        _ => "uninspectable_answer",
    };
    vec![LastEvent::named(code, refusal.message.to_owned())]
}

fn body(refusal: &Refusal<'_>) -> String {
    let mut body = serde_json::json!({
        "message": refusal.message,
        "code": refusal.code,
        "exchange": refusal.exchange.to_string(),
    });
    if let (Some(rule), Some(object)) = (refusal.rule, body.as_object_mut()) {
        object.insert("rule".to_owned(), rule.into());
    }
    body.to_string()
}
