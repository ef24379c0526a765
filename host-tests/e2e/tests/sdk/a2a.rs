//! The official A2A client against the official agent, in both versions and both bindings.

use super::agents::{Agent, FORBIDDEN, HUSHED, Heard};
use super::clients::Runtime;
use serde_json::{Value, json};
use weir_cli::mock::openai::aws_access_key_id;

fn agent() -> Agent {
    Agent::start(Runtime::Python, "a2a_server.py", &["0"])
}

/// How a client talks to the agent.
struct Talk<'a> {
    agent: &'a mut Agent,
    protocol: &'static str,
    binding: &'static str,
}

impl Talk<'_> {
    fn hear(&mut self, how: &str, prompt: &str) -> Heard {
        let what = json!({"do": how, "prompt": prompt, "protocol": self.protocol, "binding": self.binding});
        self.agent.hear(Runtime::Python, "a2a_client.py", &what)
    }

    fn answered(&mut self, how: &str, prompt: &str) -> Heard {
        let heard = self.hear(how, prompt);
        heard.assert_went_well("a2a");
        heard
    }

    /// A refused call raises the client's own error; over JSON-RPC with Weir's words, over plain HTTP with the status.
    fn refused(&mut self, how: &str, prompt: &str, side: &str) {
        let heard = self.hear(how, prompt);
        let raised = &heard.told["raised"];
        assert_eq!(raised["class"], "A2AClientError", "{heard:#?}");
        let message = raised["message"].as_str().unwrap();
        let named = heard.blocked(side).iter().any(|exchange| message.contains(exchange));
        let told = named || (self.binding == "HTTP+JSON" && raised["status"] == 403);
        assert!(told, "{heard:#?}");
        assert!(!raised.to_string().contains(FORBIDDEN), "{heard:#?}");
    }

    fn everything(&mut self) {
        let key = aws_access_key_id();
        for how in ["send", "stream"] {
            let plain = self.answered(how, "message What is a weir?");
            assert_eq!(plain.text(), "What is a weir?", "{plain:#?}");
            let redacted = self.answered(how, &format!("message My key is {key}."));
            assert_eq!(redacted.text(), "My key is [AWS_ACCESS_KEY_ID].", "{redacted:#?}");
            assert!(redacted.redacted("request"), "{redacted:#?}");
            let hushed = self.answered(how, &format!("message More {HUSHED}, please."));
            assert_eq!(hushed.text(), "More [HUSHED], please.", "{hushed:#?}");
            assert!(hushed.redacted("response"), "{hushed:#?}");
            self.refused(how, "message Tell me about project kingfisher.", "request");
            self.refused(how, &format!("message Play the {FORBIDDEN}."), "response");
        }
        // A task: its artifact comes in chunks, and what is to be redacted lies across them.
        let task = self.hear("stream", &format!("task The {HUSHED} is in the middle."));
        // It also has a file, which is not read.
        task.assert_read("a2a", &["opaque_part"]);
        assert_eq!(task.told["finish"], "TASK_STATE_COMPLETED", "{task:#?}");
        assert!(!task.told.to_string().contains(HUSHED), "{task:#?}");
        assert_eq!(chunks(&task), "The [HUSHED] is in the middle.", "{task:#?}");
        self.refused("stream", &format!("task The {FORBIDDEN} is in the middle."), "response");
        let got = self.hear("get", "task What is a weir?");
        got.assert_read("a2a", &["opaque_part"]);
        assert!(got.told["result"]["artifacts"].is_array(), "{got:#?}");
    }
}

/// The chunks of the artifact `answer`, joined.
fn chunks(heard: &Heard) -> String {
    let events = heard.told["results"].as_array().cloned().unwrap_or_default();
    let of_answer = events.iter().filter(|event| event["artifactUpdate"]["artifact"]["artifactId"] == "answer");
    let parts = of_answer
        .flat_map(|event| event["artifactUpdate"]["artifact"]["parts"].as_array().cloned().unwrap_or_default());
    parts.filter_map(|part: Value| part["text"].as_str().map(str::to_owned)).collect()
}

#[test]
fn version_1_over_json_rpc() {
    Talk { agent: &mut agent(), protocol: "1.0", binding: "JSONRPC" }.everything();
}

#[test]
fn version_0_3_over_json_rpc() {
    Talk { agent: &mut agent(), protocol: "0.3", binding: "JSONRPC" }.everything();
}

#[test]
fn version_1_over_http() {
    Talk { agent: &mut agent(), protocol: "1.0", binding: "HTTP+JSON" }.everything();
}

#[test]
fn version_0_3_over_http() {
    Talk { agent: &mut agent(), protocol: "0.3", binding: "HTTP+JSON" }.everything();
}

#[test]
fn the_card_of_an_agent() {
    let heard = agent().hear(Runtime::Python, "a2a_client.py", &json!({"do": "card", "prompt": ""}));
    heard.assert_went_well("a2a");
    assert_eq!(heard.told["result"]["name"], "weir-e2e", "{heard:#?}");
}
