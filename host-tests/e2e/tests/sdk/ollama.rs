//! Ollama's client for Python: chat and generate, streams of lines.

use super::LABS;
use super::clients::Runtime;
use super::scenarios::{Client, Cut, Raised, scenarios};
use serde_json::json;

const REFUSED: Raised = Raised { class: "ResponseError", package: "ollama", status: Some(403), code: None };

const CHAT: Client = Client {
    labs: &LABS,
    runtime: Runtime::Python,
    script: "ollama_client.py",
    base: "",
    always: || json!({}),
    dialect: "ollama/chat",
    thinks: true,
    refused: REFUSED,
    // What the client says where an error came without a status of HTTP.
    cut: Cut::Raised(Raised { status: Some(-1), ..REFUSED }),
};
const GENERATE: Client = Client { always: || json!({"api": "generate"}), dialect: "ollama/generate", ..CHAT };

scenarios!(chat, CHAT);
// Generate has no tools.
scenarios!(
    generate,
    GENERATE,
    [
        whole_answers_arrive,
        streams_arrive,
        whole_answers_are_redacted,
        streams_are_redacted,
        requests_are_refused,
        whole_answers_are_refused,
        streams_are_cut,
        the_models_own_errors_arrive,
    ]
);
