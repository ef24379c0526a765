//! Anthropic's SDKs for Python and Node: messages.

use super::LABS;
use super::clients::Runtime;
use super::scenarios::{Client, Cut, Raised, scenarios, with};
use serde_json::json;

const REFUSED: Raised =
    Raised { class: "PermissionDeniedError", package: "anthropic", status: Some(403), code: Some("permission_error") };

const PYTHON: Client = Client {
    labs: &LABS,
    runtime: Runtime::Python,
    script: "anthropic_client.py",
    base: "",
    always: || json!({}),
    dialect: "anthropic/messages",
    thinks: true,
    refused: REFUSED,
    cut: Cut::Raised(Raised { class: "APIStatusError", status: Some(200), ..REFUSED }),
};
const NODE: Client = Client {
    runtime: Runtime::Node,
    script: "anthropic.mjs",
    refused: Raised { package: "@anthropic-ai/sdk", ..REFUSED },
    cut: Cut::Raised(Raised { class: "APIError", package: "@anthropic-ai/sdk", status: None, ..REFUSED }),
    ..PYTHON
};

scenarios!(python, PYTHON);
scenarios!(node, NODE);

/// The SDKs' helpers put a message together again from the events of a stream.
#[test]
fn helpers_accumulate_and_raise() {
    for client in [&PYTHON, &NODE] {
        with(client, |desk| {
            let called = desk.call(1, &json!({"do": "stream", "prompt": "say late secret", "helper": true}));
            assert_eq!(called.result["raised"], json!(null), "{called:#?}");
            assert!(called.text().ends_with("The late key is [AWS_ACCESS_KEY_ID]."), "{called:#?}");
            let called =
                desk.call(1, &json!({"do": "stream_tool", "prompt": "say tool and say secret", "helper": true}));
            let body = called.arguments()["body"].as_str().unwrap_or_default();
            assert!(body.ends_with("The key is [AWS_ACCESS_KEY_ID]."), "{called:#?}");
            let called = desk.call(1, &json!({"do": "stream", "prompt": "say email", "helper": true}));
            let delivered = called.assert_cut(client);
            assert!(delivered.starts_with("You said: \"say email\". I received 1 messages"), "{called:#?}");
        });
    }
}
