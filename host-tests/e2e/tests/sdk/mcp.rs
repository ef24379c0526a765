//! The official MCP clients for Python and Node against the official servers: every transport and both eras of the protocol.

use super::agents::{Agent, FORBIDDEN, HUSHED, Heard};
use super::clients::Runtime;
use serde_json::{Value, json};
use weir_cli::mock::openai::aws_access_key_id;

/// Weir's code of a JSON-RPC error.
const BLOCKED: i64 = -32010;

/// How a client talks to a server.
struct Talk<'a> {
    agent: &'a mut Agent,
    runtime: Runtime,
    /// Path, transport and mode.
    way: Value,
}

impl Talk<'_> {
    fn hear(&mut self, what: &Value) -> Heard {
        let mut whole = self.way.clone();
        for (name, value) in what.as_object().unwrap() {
            whole[name] = value.clone();
        }
        let script = if self.runtime == Runtime::Python { "mcp_client.py" } else { "mcp/client.mjs" };
        self.agent.hear(self.runtime, script, &whole)
    }

    /// A conversation after which the session is of use still.
    fn hear_and_go_on(&mut self, what: &Value) -> Heard {
        let heard = self.hear(what);
        assert_eq!(heard.told["usable"], true, "the session is of no use any more: {heard:#?}");
        heard
    }

    fn calls(&mut self, tool: &str, arguments: Value) -> Heard {
        self.hear_and_go_on(&json!({"do": "call", "tool": tool, "arguments": arguments}))
    }

    /// A call that works.
    fn answered(&mut self, tool: &str, arguments: Value) -> Heard {
        let heard = self.calls(tool, arguments);
        heard.assert_went_well("mcp");
        heard
    }

    fn older(&self) -> bool {
        self.way["transport"] == "sse"
    }

    fn error(&self) -> &'static str {
        if self.runtime == Runtime::Python { "MCPError" } else { "McpError" }
    }

    /// A call that is refused, on this side; nothing of the words arrives.
    fn refused(&mut self, tool: &str, arguments: Value, side: &str) -> Heard {
        let heard = self.calls(tool, arguments);
        if self.older() && side == "request" {
            // The server is made to refuse: nobody else can write to the stream that the client listens to.
            let raised = &heard.told["raised"];
            assert_eq!((&raised["class"], &raised["code"]), (&json!(self.error()), &json!(-32601)), "{heard:#?}");
            heard.blocked("request");
        } else {
            heard.assert_raised(self.error(), Some(BLOCKED), side);
        }
        assert!(!heard.told["raised"].to_string().contains(FORBIDDEN), "{heard:#?}");
        heard
    }

    /// What works everywhere: `text` is the name of the argument that the tool `echo` gives back.
    fn everything_about_echo(&mut self, text: &str) {
        let key = aws_access_key_id();
        let plain = self.answered("echo", json!({text: "What is a weir?"}));
        assert!(plain.text().ends_with("What is a weir?"), "{plain:#?}");
        let redacted = self.answered("echo", json!({text: format!("My key is {key}.")}));
        assert!(redacted.text().ends_with("My key is [AWS_ACCESS_KEY_ID]."), "{redacted:#?}");
        assert!(redacted.redacted("request"), "{redacted:#?}");
        let hushed = self.answered("echo", json!({text: format!("More {HUSHED}, please.")}));
        assert!(hushed.text().ends_with("More [HUSHED], please."), "{hushed:#?}");
        assert!(hushed.redacted("response"), "{hushed:#?}");
        self.refused("echo", json!({text: "Tell me about project kingfisher."}), "request");
        let forbidden = json!({text: format!("Play the {FORBIDDEN}.")});
        if self.older() {
            self.cut_off("echo", forbidden);
        } else {
            self.refused("echo", forbidden, "response");
        }
    }

    /// In the older transport every answer comes on one stream, and a blocked one ends it, and with it the session. The client
    /// hears of that, or gives up at its own timeout; nothing of the words arrives.
    fn cut_off(&mut self, tool: &str, arguments: Value) {
        let heard = self.hear(&json!({"do": "call", "tool": tool, "arguments": arguments, "seconds": 2}));
        assert_eq!(heard.told["raised"]["class"], self.error(), "{heard:#?}");
        assert!(!heard.told.to_string().contains(FORBIDDEN), "{heard:#?}");
        heard.blocked("response");
    }
}

fn python_server() -> Agent {
    Agent::start(Runtime::Python, "mcp_server.py", &["0"])
}

#[test]
fn python_and_its_server() {
    let mut agent = python_server();
    let mut talk = Talk { agent: &mut agent, runtime: Runtime::Python, way: json!({}) };
    talk.everything_about_echo("text");
    everything_else(&mut talk);
}

#[test]
fn node_and_the_python_server() {
    let mut agent = python_server();
    let mut talk = Talk { agent: &mut agent, runtime: Runtime::Node, way: json!({}) };
    talk.everything_about_echo("text");
    everything_else(&mut talk);
}

/// What else servers do: structured answers, progress, and questions to the client.
fn everything_else(talk: &mut Talk<'_>) {
    let key = aws_access_key_id();

    let listed = talk.hear_and_go_on(&json!({"do": "tools"}));
    listed.assert_went_well("mcp");
    assert!(listed.told["result"]["tools"].as_array().is_some_and(|tools| tools.len() > 5), "{listed:#?}");

    // The structured form and its text say the same.
    let structured = talk.answered("structured", json!({"text": format!("some {HUSHED} here")}));
    assert_eq!(structured.told["result"]["structuredContent"]["said"], "some [HUSHED] here", "{structured:#?}");
    let text: Value = serde_json::from_str(structured.text()).expect("the text is JSON still");
    assert_eq!(text["said"], "some [HUSHED] here");

    // A stream with progress and log messages before its answer.
    let counted = talk.answered("count", json!({"text": format!("one {HUSHED}"), "steps": 2}));
    assert_eq!(counted.text(), "one [HUSHED]", "{counted:#?}");
    assert!(counted.told["events"].as_u64() >= Some(2), "{counted:#?}");
    assert!(!counted.told.to_string().contains(HUSHED), "{counted:#?}");
    let cut = talk.refused("count", json!({"text": format!("one {FORBIDDEN}"), "steps": 2}), "response");
    assert_eq!(cut.told["events"], 0, "{cut:#?}");

    // The server asks the client's model and the user, and gives back what they said.
    for (tool, said) in [("sample", "the model said: "), ("ask", "the user said: ")] {
        let asked = talk.hear_and_go_on(
            &json!({"do": "call", "tool": tool, "prompt": "What now?", "answer": format!("use {key}")}),
        );
        asked.assert_went_well("mcp");
        assert_eq!(asked.text(), format!("{said}use [AWS_ACCESS_KEY_ID]"), "{asked:#?}");
        // A refused answer of the client fails the call at once, and nobody waits.
        let refused = talk.hear_and_go_on(
            &json!({"do": "call", "tool": tool, "prompt": "What now?", "answer": "project kingfisher"}),
        );
        refused.blocked("request");
        assert!(refused.told["raised"].is_object() || refused.told["finish"] == "error", "{refused:#?}");
        // So does a refused question of the server.
        let question = talk.hear_and_go_on(&json!({"do": "call", "tool": tool, "prompt": format!("the {FORBIDDEN}?")}));
        question.assert_raised(talk.error(), Some(BLOCKED), "response");
        assert_eq!(question.told["events"], 0, "{question:#?}");
    }

    let read = talk.hear_and_go_on(&json!({"do": "read", "uri": "note://weir"}));
    read.assert_went_well("mcp");
    assert_eq!(read.text(), "A weir is a low dam across a river.");
    let prompt =
        talk.hear_and_go_on(&json!({"do": "get", "name": "review", "arguments": {"text": format!("this {HUSHED}")}}));
    prompt.assert_went_well("mcp");
    assert_eq!(prompt.text(), "Review this: this [HUSHED]", "{prompt:#?}");
}

/// The protocol without sessions; what the server asks is part of its answer.
#[test]
fn python_in_the_protocol_of_2026() {
    let mut agent = python_server();
    let mut talk = Talk { agent: &mut agent, runtime: Runtime::Python, way: json!({"mode": "2026-07-28"}) };
    talk.everything_about_echo("text");
    let asked =
        talk.hear_and_go_on(&json!({"do": "call", "tool": "sample", "prompt": "What now?", "answer": "a secret"}));
    asked.assert_went_well("mcp");
    assert_eq!(asked.text(), "the model said: a secret");
}

#[test]
fn answers_that_are_one_json_body() {
    let mut agent = python_server();
    for runtime in [Runtime::Python, Runtime::Node] {
        Talk { agent: &mut agent, runtime, way: json!({"path": "/json"}) }.everything_about_echo("text");
    }
}

#[test]
fn streams_that_can_be_taken_up_again() {
    let mut agent = python_server();
    for runtime in [Runtime::Python, Runtime::Node] {
        Talk { agent: &mut agent, runtime, way: json!({"path": "/resumable"}) }.everything_about_echo("text");
    }
}

/// The older transport: every message of the server comes on one stream.
#[test]
fn the_older_transport() {
    let mut agent = python_server();
    for runtime in [Runtime::Python, Runtime::Node] {
        Talk { agent: &mut agent, runtime, way: json!({"transport": "sse"}) }.everything_about_echo("text");
    }
}

#[test]
fn the_reference_server() {
    let mut agent = Agent::start(Runtime::Node, "mcp/everything.cjs", &["streamableHttp"]);
    for runtime in [Runtime::Python, Runtime::Node] {
        Talk { agent: &mut agent, runtime, way: json!({}) }.everything_about_echo("message");
    }
}

#[test]
fn the_reference_server_in_the_older_transport() {
    let mut agent = Agent::start(Runtime::Node, "mcp/everything.cjs", &["sse"]);
    for runtime in [Runtime::Python, Runtime::Node] {
        Talk { agent: &mut agent, runtime, way: json!({"transport": "sse"}) }.everything_about_echo("message");
    }
}
