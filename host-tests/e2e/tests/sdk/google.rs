//! Google's Gen AI SDK for Python: Gemini, whole and as server-sent events.

use super::LABS;
use super::clients::Runtime;
use super::scenarios::{Client, Cut, Raised, scenarios};
use serde_json::json;

const REFUSED: Raised =
    Raised { class: "ClientError", package: "google", status: Some(403), code: Some("PERMISSION_DENIED") };

const PYTHON: Client = Client {
    labs: &LABS,
    runtime: Runtime::Python,
    script: "google_client.py",
    base: "",
    always: || json!({}),
    dialect: "google/generate",
    thinks: true,
    refused: REFUSED,
    cut: Cut::Raised(REFUSED),
};

scenarios!(python, PYTHON);
