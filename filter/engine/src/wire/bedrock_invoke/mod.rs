//! AWS Bedrock InvokeModel and its stream: the body is that of the model's vendor, as documented in the Bedrock user guide
//! ("Inference request parameters and response fields for foundation models"). The path names the model; which vendor's
//! body it is shows in the body itself: Anthropic's by `anthropic_version` and `type`, Amazon Nova's by `schemaVersion`, all
//! others by members that no two of them use for different things: Amazon Titan text, embeddings and images, Meta Llama,
//! Mistral, AI21 Jamba, DeepSeek and OpenAI open-weight models, Cohere Command, Command R, Embed and Rerank, Stability.
//!
//! The payload of a stream's frame is the vendor's own event, once its Base64 is undone. `answer.rs` has answers and events.
//! Not read: images, video, and the S3 locations of either.

mod answer;

use super::shape::{Case, Object, Shape, Turns};
use super::{Events, Scope, Spec, anthropic_messages, bedrock_converse};

pub(super) static SPEC: Spec = Spec {
    name: "bedrock/invoke",
    request: &REQUEST,
    fields: None,
    response: &answer::RESPONSE,
    events: Events::All(&answer::CHUNK),
    not_read: "images, video and S3 objects",
    independent: false,
    error: bedrock_converse::error,
    last: bedrock_converse::last,
};

static REQUEST: Shape = Shape::Case(&Case {
    by: "anthropic_version",
    cases: &[(&["bedrock-2023-05-31"], None, Shape::As(Scope::Unknown, &anthropic_messages::REQUEST))],
    otherwise: Some(&Shape::Case(&NOVA)),
});

static NOVA: Case = Case {
    by: "schemaVersion",
    cases: &[(&["messages-v1"], None, Shape::As(Scope::Unknown, &bedrock_converse::REQUEST))],
    otherwise: Some(&Shape::Object(&OTHERS)),
};

static OTHERS: Object = Object::of(&[
    // Text in, text out: Titan, Llama, Mistral, Command, Claude before Messages.
    ("inputText", USER),
    ("prompt", USER),
    ("images", Shape::As(Scope::User, &Shape::OneOrEach(&Shape::Opaque))),
    ("textGenerationConfig", Shape::Leaves),
    ("stop", Shape::Leaves),
    ("stop_sequences", Shape::Leaves),
    // Conversations: Jamba, Mistral, OpenAI, and Nova where it does not tell its schema.
    ("messages", Shape::Turns(&Turns { each: &Shape::Case(&MESSAGE), own: &[("role", &["assistant"])] })),
    ("system", Shape::As(Scope::System, &Shape::Leaves)),
    ("tools", DEFINITION),
    ("toolConfig", DEFINITION),
    ("tool_choice", DEFINITION),
    ("response_format", Shape::As(Scope::System, &Shape::Leaves)),
    ("inferenceConfig", Shape::Leaves),
    ("model", Shape::Model),
    // Command R.
    ("message", USER),
    ("chat_history", HISTORY),
    ("preamble", Shape::As(Scope::System, &Shape::Text)),
    ("documents", Shape::As(Scope::Document, &Shape::Leaves)),
    ("tool_results", Shape::As(Scope::ToolOutput, &Shape::Leaves)),
    // Embeddings and reranking.
    ("texts", Shape::As(Scope::User, &Shape::Leaves)),
    ("inputs", Shape::As(Scope::User, &Shape::Leaves)),
    ("inputImage", Shape::As(Scope::User, &Shape::Opaque)),
    ("embeddingConfig", Shape::Leaves),
    ("query", USER),
    // Images.
    ("taskType", Shape::Text),
    ("textToImageParams", TASK),
    ("inPaintingParams", TASK),
    ("outPaintingParams", TASK),
    ("imageVariationParams", TASK),
    ("colorGuidedGenerationParams", TASK),
    ("backgroundRemovalParams", TASK),
    ("imageGenerationConfig", Shape::Leaves),
    ("text_prompts", Shape::As(Scope::User, &Shape::Leaves)),
    ("negative_prompt", USER),
    ("image", Shape::As(Scope::User, &Shape::Opaque)),
]);

const USER: Shape = Shape::As(Scope::User, &Shape::Text);

const DEFINITION: Shape = Shape::As(Scope::ToolDefinition, &Shape::Leaves);

/// What Titan Image Generator and Nova Canvas are asked for.
const TASK: Shape = Shape::As(Scope::User, &Shape::Object(&TASKS));

static TASKS: Object = Object::of(&[
    ("text", Shape::Text),
    ("negativeText", Shape::Text),
    ("maskPrompt", Shape::Text),
    ("image", Shape::Opaque),
    ("images", Shape::Opaque),
    ("maskImage", Shape::Opaque),
    ("conditionImage", Shape::Opaque),
    ("referenceImage", Shape::Opaque),
]);

static MESSAGE: Case = Case {
    by: "role",
    cases: &[
        (&["system", "developer"], Some(Scope::System), Shape::Object(&HEARD)),
        (&["user"], Some(Scope::User), Shape::Object(&HEARD)),
        (&["tool"], Some(Scope::ToolOutput), Shape::Object(&HEARD)),
        (&["assistant"], Some(Scope::Assistant), Shape::Object(&SPOKEN)),
    ],
    otherwise: None,
};

static HEARD: Object = Object::of(&[
    ("content", Shape::TextOr(&PARTS)),
    ("name", Shape::Text),
    ("tool_call_id", Shape::Text),
    ("tool_calls", Shape::Absent),
    ("reasoning_content", Shape::Absent),
]);

static SPOKEN: Object = Object::of(&[
    ("content", Shape::TextOr(&PARTS)),
    ("name", Shape::Text),
    ("index", Shape::Leaves),
    ("refusal", Shape::Text),
    ("reasoning", Shape::As(Scope::Reasoning, &Shape::Text)),
    ("reasoning_content", Shape::As(Scope::Reasoning, &Shape::Text)),
    ("tool_calls", Shape::As(Scope::ToolInput, &Shape::Each(&CALL))),
]);

/// Parts that tell their type, else blocks as Converse has them.
static PARTS: Shape = Shape::Each(&Shape::Case(&Case {
    by: "type",
    cases: &[
        (&["text"], None, Shape::Leaves),
        (&["image_url", "image"], None, Shape::Opaque),
        (&["thinking"], Some(Scope::Reasoning), Shape::Leaves),
    ],
    otherwise: Some(&bedrock_converse::SPOKEN),
}));

static CALL: Shape = Shape::Object(&Object::of(&[
    ("id", Shape::Text),
    ("index", Shape::Leaves),
    ("type", Shape::Words(&["function"])),
    ("function", Shape::Object(&Object::of(&[("name", Shape::Text), ("arguments", Shape::Json)]))),
]));

/// Command R tells roles in capitals.
const HISTORY: Shape = Shape::Turns(&Turns { each: &Shape::Case(&TURN), own: &[("role", &["CHATBOT"])] });

static TURN: Case = Case {
    by: "role",
    cases: &[
        (&["SYSTEM"], Some(Scope::System), Shape::Object(&SAID)),
        (&["USER"], Some(Scope::User), Shape::Object(&SAID)),
        (&["TOOL"], Some(Scope::ToolOutput), Shape::Object(&SAID)),
        (&["CHATBOT"], Some(Scope::Assistant), Shape::Object(&SAID)),
    ],
    otherwise: None,
};

static SAID: Object = Object::of(&[
    ("message", Shape::Text),
    ("user_name", Shape::Text),
    ("tool_calls", Shape::As(Scope::ToolInput, &Shape::Leaves)),
    ("tool_results", Shape::As(Scope::ToolOutput, &Shape::Leaves)),
]);
