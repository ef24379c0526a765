//! What Gemini answers, whole and event by event. A whole answer to streamGenerateContent is an array of events.

use super::parts::{GROWN, SPOKEN};
use crate::wire::Scope;
use crate::wire::outline::TokenKind;
use crate::wire::shape::{Object, Shape};

pub(super) static ANSWER: Shape = Shape::OneOrEach(&Shape::Object(&Object {
    marks: &["candidates", "promptFeedback", "usageMetadata", "error", "totalTokens", "embedding", "embeddings"],
    members: &[
        ("candidates", Shape::Each(&Shape::Object(&CANDIDATE))),
        ("promptFeedback", Shape::Object(&FEEDBACK)),
        ("usageMetadata", Shape::Object(&USAGE)),
        ("modelVersion", Shape::Model),
        ("responseId", Shape::Text),
        ("createTime", Shape::Text),
        ("modelStatus", Shape::Leaves),
        ("error", Shape::Leaves),
        ("totalTokens", Shape::Tokens(TokenKind::Input)),
        ("cachedContentTokenCount", Shape::Tokens(TokenKind::Cached)),
    ],
}));

/// One event: a whole answer but for its texts, which continue those of the event before.
pub(super) static CHUNK: Shape = Shape::Object(&Object::of(&[
    ("candidates", Shape::Each(&Shape::Numbered(&["index"], &Shape::Object(&GROWN_CANDIDATE)))),
    ("promptFeedback", Shape::Object(&FEEDBACK)),
    ("usageMetadata", Shape::Object(&USAGE)),
    ("modelVersion", Shape::Model),
    ("responseId", Shape::Text),
    ("createTime", Shape::Text),
    ("modelStatus", Shape::Leaves),
    ("error", Shape::Leaves),
]));

static CANDIDATE: Object = Object::of(&[
    ("content", Shape::As(Scope::Assistant, &Shape::Object(&SPOKEN))),
    // Some models give it with every event.
    ("finishReason", Shape::Reason),
    ("finishMessage", Shape::As(Scope::Assistant, &Shape::Text)),
    ("index", Shape::Leaves),
    ("tokenCount", Shape::Leaves),
    ("avgLogprobs", Shape::Leaves),
    ("logprobsResult", Shape::As(Scope::Assistant, &Shape::Leaves)),
    ("safetyRatings", Shape::Leaves),
    ("citationMetadata", Shape::As(Scope::Document, &Shape::Leaves)),
    ("groundingMetadata", Shape::As(Scope::Document, &Shape::Object(&GROUNDING))),
    ("groundingAttributions", Shape::As(Scope::Document, &Shape::Leaves)),
    ("urlContextMetadata", Shape::As(Scope::Document, &Shape::Leaves)),
]);

static GROWN_CANDIDATE: Object = Object::of(&[
    ("content", Shape::As(Scope::Assistant, &Shape::Object(&GROWN))),
    // Some models give it with every event.
    ("finishReason", Shape::Reason),
    ("finishMessage", Shape::As(Scope::Assistant, &Shape::Text)),
    ("index", Shape::Leaves),
    ("tokenCount", Shape::Leaves),
    ("avgLogprobs", Shape::Leaves),
    ("logprobsResult", Shape::As(Scope::Assistant, &Shape::Leaves)),
    ("safetyRatings", Shape::Leaves),
    ("citationMetadata", Shape::As(Scope::Document, &Shape::Leaves)),
    ("groundingMetadata", Shape::As(Scope::Document, &Shape::Object(&GROUNDING))),
    ("groundingAttributions", Shape::As(Scope::Document, &Shape::Leaves)),
    ("urlContextMetadata", Shape::As(Scope::Document, &Shape::Leaves)),
]);

/// Why nothing was answered.
static FEEDBACK: Object = Object::of(&[
    ("blockReason", Shape::Reason),
    ("blockReasonMessage", Shape::As(Scope::Assistant, &Shape::Text)),
    ("safetyRatings", Shape::Leaves),
]);

/// `candidatesTokenCount` leaves thoughts out.
static USAGE: Object = Object::of(&[
    ("promptTokenCount", Shape::Tokens(TokenKind::Input)),
    ("candidatesTokenCount", Shape::Tokens(TokenKind::Output)),
    ("cachedContentTokenCount", Shape::Tokens(TokenKind::Cached)),
    ("thoughtsTokenCount", Shape::Tokens(TokenKind::Reasoning)),
    ("toolUsePromptTokenCount", Shape::Leaves),
    ("totalTokenCount", Shape::Leaves),
    ("promptTokensDetails", Shape::Leaves),
    ("candidatesTokensDetails", Shape::Leaves),
    ("cacheTokensDetails", Shape::Leaves),
    ("toolUsePromptTokensDetails", Shape::Leaves),
    ("trafficType", Shape::Text),
]);

/// What was searched for, what was found, and which words of the answer rest on it.
static GROUNDING: Object = Object::of(&[
    ("webSearchQueries", Shape::As(Scope::ToolInput, &Shape::Leaves)),
    ("imageSearchQueries", Shape::As(Scope::ToolInput, &Shape::Leaves)),
    ("retrievalQueries", Shape::As(Scope::ToolInput, &Shape::Leaves)),
    ("groundingChunks", Shape::Leaves),
    ("groundingSupports", Shape::As(Scope::Assistant, &Shape::Leaves)),
    ("searchEntryPoint", Shape::Leaves),
    ("retrievalMetadata", Shape::Leaves),
    ("sourceFlaggingUris", Shape::Leaves),
    ("googleMapsWidgetContextToken", Shape::Text),
]);
