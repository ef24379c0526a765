//! What Weir makes of Anthropic, Google and Cohere: see `outline/mod.rs`.

mod outline;

use weir_engine::wire::Dialect;

#[test]
fn anthropic_messages() {
    outline::check("anthropic_messages", Dialect::AnthropicMessages);
}

#[test]
fn anthropic_completions() {
    outline::check("anthropic_completions", Dialect::AnthropicCompletions);
}

#[test]
fn google_generate() {
    outline::check("google_generate", Dialect::GoogleGenerate);
}

#[test]
fn cohere_chat() {
    outline::check("cohere_chat", Dialect::CohereChat);
}
