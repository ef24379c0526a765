//! What the dialects of OpenAI make of documents in their documented shapes.

mod outline;

use outline::check;
use weir_engine::wire::Dialect;

#[test]
fn responses() {
    check("openai_responses", Dialect::OpenAiResponses);
}
