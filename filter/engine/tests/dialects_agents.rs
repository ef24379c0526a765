//! What Weir makes of Ollama, MCP, Agent2Agent and Bedrock: see `outline/mod.rs`.

mod outline;

use weir_engine::wire::Dialect;

#[test]
fn ollama_chat() {
    outline::check("ollama_chat", Dialect::OllamaChat);
}

#[test]
fn ollama_generate() {
    outline::check("ollama_generate", Dialect::OllamaGenerate);
}

#[test]
fn mcp() {
    outline::check("mcp", Dialect::Mcp);
}

#[test]
fn a2a() {
    outline::check("a2a", Dialect::A2a);
}

#[test]
fn bedrock_converse() {
    outline::check("bedrock_converse", Dialect::BedrockConverse);
}

#[test]
fn bedrock_invoke() {
    outline::check("bedrock_invoke", Dialect::BedrockInvoke);
}
