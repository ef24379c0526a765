//! OpenAI's SDKs for Python and Node: chat completions and responses.

use super::LABS;
use super::clients::Runtime;
use super::scenarios::{Client, Cut, Desk, Raised, scenarios, with};
use serde_json::{Value, json};
use weir_cli::mock::Reply;
use weir_cli::mock::openai::aws_access_key_id;

const REFUSED: Raised =
    Raised { class: "PermissionDeniedError", package: "openai", status: Some(403), code: Some("blocked_by_policy") };
const CUT: Raised = Raised { class: "APIError", package: "openai", status: None, code: Some("blocked_by_policy") };

const PYTHON_CHAT: Client = Client {
    labs: &LABS,
    runtime: Runtime::Python,
    script: "openai_client.py",
    base: "/v1",
    always: || json!({}),
    dialect: "openai/chat",
    thinks: true,
    refused: REFUSED,
    cut: Cut::Raised(CUT),
};
const PYTHON_RESPONSES: Client =
    Client { always: || json!({"api": "responses"}), dialect: "openai/responses", ..PYTHON_CHAT };
const NODE_CHAT: Client = Client { runtime: Runtime::Node, script: "openai.mjs", ..PYTHON_CHAT };
const NODE_RESPONSES: Client = Client { runtime: Runtime::Node, script: "openai.mjs", ..PYTHON_RESPONSES };

scenarios!(python_chat, PYTHON_CHAT);
scenarios!(python_responses, PYTHON_RESPONSES);
scenarios!(node_chat, NODE_CHAT);
scenarios!(node_responses, NODE_RESPONSES);

fn chat(test: impl FnOnce(&mut Desk<'_>)) {
    with(&PYTHON_CHAT, test);
}

const EVERY: [&Client; 4] = [&PYTHON_CHAT, &PYTHON_RESPONSES, &NODE_CHAT, &NODE_RESPONSES];

/// The SDKs' helpers put a stream together again, from its deltas (chat) or from the events that repeat the whole
/// (responses).
#[test]
fn helpers_accumulate_redacted_streams() {
    for client in EVERY {
        with(client, |desk| {
            let called = desk.call(1, &json!({"do": "stream", "prompt": "say late secret", "helper": true}));
            assert_eq!(called.result["raised"], json!(null), "{called:#?}");
            assert!(called.text().ends_with("The late key is [AWS_ACCESS_KEY_ID]."), "{called:#?}");
            let called =
                desk.call(1, &json!({"do": "stream_tool", "prompt": "say tool and say secret", "helper": true}));
            let body = called.arguments()["body"].as_str().unwrap_or_default();
            assert!(body.ends_with("The key is [AWS_ACCESS_KEY_ID]."), "{called:#?}");
        });
    }
}

#[test]
fn helpers_raise_when_a_stream_is_cut() {
    for client in EVERY {
        with(client, |desk| {
            let called = desk.call(1, &json!({"do": "stream", "prompt": "say email", "helper": true}));
            let delivered = called.assert_cut(client);
            assert!(delivered.starts_with("You said: \"say email\". I received 1 messages"), "{called:#?}");
        });
    }
}

/// The rule and Weir's own words are in the body of the error.
#[test]
fn the_error_names_the_rule() {
    chat(|desk| {
        let called = desk.call(1, &json!({"do": "plain", "prompt": "Tell me about project kingfisher."}));
        let body = &called.result["raised"]["body"];
        assert_eq!((&body["type"], &body["code"]), (&json!("policy_violation"), &json!("blocked_by_policy")));
        assert!(body["message"].as_str().unwrap().contains("no-project-names"), "{body}");
    });
}

/// A secret in the arguments of a tool, among characters that are escaped twice: they stay JSON.
#[test]
fn arguments_stay_json() {
    chat(|desk| {
        let text = |key: &str| format!("use {key} \"now\"\n");
        let arguments = json!({"to": "ops", "text": text(&aws_access_key_id())}).to_string();
        let function = json!({"name": "notify", "arguments": arguments});
        let call = json!({"id": "call_1", "type": "function", "function": function});
        let message = json!({"role": "assistant", "content": null, "tool_calls": [call]});
        desk.lab.mock().respond_with(Reply::json(200, completion(message, "tool_calls")));
        let called = desk.answered("tool", "notify ops");
        assert_eq!(called.arguments(), &json!({"to": "ops", "text": text("[AWS_ACCESS_KEY_ID]")}));
    });
}

fn completion(message: Value, reason: &str) -> String {
    let choice = json!({"index": 0, "message": message, "finish_reason": reason});
    json!({"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}).to_string()
}

#[test]
fn what_cannot_be_inspected_raises_too() {
    chat(|desk| {
        let large = desk.call(1, &json!({"do": "plain", "prompt": "say nothing", "repeat": 1_000_000}));
        let code = Some("uninspectable_request");
        large.assert_raised(&Raised { class: "APIStatusError", package: "openai", status: Some(413), code }, "request");

        // An answer of a kind that nobody reads: a typed error, before its first byte.
        desk.lab.mock().respond_with(Reply::json(200, "\u{1}\u{2}").header("content-encoding", "br"));
        let packed = desk.call(1, &json!({"do": "plain", "prompt": "hello"}));
        let raised = &packed.result["raised"];
        assert_eq!(
            (&raised["package"], &raised["code"]),
            (&json!("openai"), &json!("uninspectable_answer")),
            "{packed:#?}"
        );
        assert_eq!(packed.records.len(), 1, "the SDK tried again: {packed:#?}");
        assert_eq!(packed.upstream.len(), 1, "{packed:#?}");
    });
}

/// The model's own errors come through as they are, with the SDK's own retries.
#[test]
fn the_sdk_retries_as_ever() {
    chat(|desk| {
        let own = desk.call(3, &json!({"do": "plain", "prompt": "say error 429"}));
        assert_eq!(own.result["raised"]["class"], "RateLimitError", "{own:#?}");
        assert_eq!(own.upstream.len(), 3);
    });
}

/// Asynchronous, several at once on one client.
#[test]
fn many_at_once() {
    chat(|desk| {
        let prompt = format!("key {}", aws_access_key_id());
        let many = desk.call(8, &json!({"do": "many", "prompt": prompt, "parallel": 8}));
        assert_eq!(many.text().lines().count(), 8, "{many:#?}");
        assert!(many.text().lines().all(|content| content.contains("key [AWS_ACCESS_KEY_ID]")), "{many:#?}");
    });
}

#[test]
fn models_are_listed() {
    chat(|desk| {
        let models = desk.call(1, &json!({"do": "models", "prompt": ""}));
        assert_eq!(models.text(), "mock-1", "{models:#?}");
    });
}
