//! Cohere's SDK for Python: chat, version 2.

use super::LABS;
use super::clients::Runtime;
use super::scenarios::{Client, Cut, Raised, scenarios};
use serde_json::json;

const PYTHON: Client = Client {
    labs: &LABS,
    runtime: Runtime::Python,
    script: "cohere_client.py",
    base: "",
    always: || json!({}),
    dialect: "cohere/chat",
    thinks: true,
    refused: Raised { class: "ForbiddenError", package: "cohere", status: Some(403), code: None },
    // No event makes this SDK raise.
    cut: Cut::Finish("ERROR: "),
};

scenarios!(python, PYTHON);
