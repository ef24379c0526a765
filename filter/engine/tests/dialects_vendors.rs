//! What Weir makes of Anthropic, Google and Cohere: see `outline/mod.rs`.

mod outline;

use weir_engine::wire::Dialect;

#[test]
fn anthropic_messages() {
    outline::check("anthropic_messages", Dialect::AnthropicMessages);
}
