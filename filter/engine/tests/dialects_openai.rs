//! What the dialects of OpenAI make of documents in their documented shapes.

mod outline;

use outline::check;
use weir_engine::wire::Dialect;

#[test]
fn responses() {
    check("openai_responses", Dialect::OpenAiResponses);
}

#[test]
fn completions() {
    check("openai_completions", Dialect::OpenAiCompletions);
}

#[test]
fn embeddings() {
    check("openai_embeddings", Dialect::OpenAiEmbeddings);
}

#[test]
fn moderations() {
    check("openai_moderations", Dialect::OpenAiModerations);
}

#[test]
fn audio() {
    check("openai_audio", Dialect::OpenAiAudio);
}

#[test]
fn chat() {
    check("openai_chat", Dialect::OpenAiChat);
}
