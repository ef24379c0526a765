//! LangChain's client for OpenAI: a library that wraps a vendor's SDK.

use super::LABS;
use super::clients::Runtime;
use super::scenarios::{Client, Cut, Raised, scenarios};
use serde_json::json;

const CHAT: Client = Client {
    labs: &LABS,
    runtime: Runtime::Python,
    script: "langchain_client.py",
    base: "/v1",
    always: || json!({}),
    dialect: "openai/chat",
    // Thoughts of other vendors behind OpenAI's dialect are not handed on.
    thinks: false,
    refused: Raised {
        class: "OpenAIPermissionDeniedError",
        package: "langchain_openai",
        status: Some(403),
        code: Some("blocked_by_policy"),
    },
    cut: Cut::Raised(Raised { class: "APIError", package: "openai", status: None, code: Some("blocked_by_policy") }),
};
const RESPONSES: Client =
    Client { always: || json!({"api": "responses"}), dialect: "openai/responses", thinks: true, ..CHAT };

scenarios!(chat, CHAT);
scenarios!(responses, RESPONSES);
