//! OpenAI's official Python SDK through a real Envoy: what applications see of Weir.
//!
//! `client.py` talks, this program sets up, counts and compares. The SDK is installed once, into `target/venv`, from
//! `requirements.txt` with every file checked by its hash. Without Python 3.11 or newer and a package index the test fails;
//! it does not skip.

use serde_json::{Value, json};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use weir_cli::mock::openai::{aws_access_key_id, card_number};
use weir_cli::mock::{Received, Reply};
use weir_cli::workspace;
use weir_e2e::{Lab, baseline, root, setup};

const REQUIREMENTS: &str = include_str!("requirements.txt");

/// The Python that has the SDK.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let home = workspace::target().unwrap().join("venv");
        fs::create_dir_all(&home).unwrap();
        // Other processes wait here and then find it done.
        let lock = File::create(home.join("lock")).unwrap();
        lock.lock().unwrap();
        let (python, installed) = (home.join("openai/bin/python"), home.join("installed.txt"));
        if fs::read_to_string(&installed).ok().as_deref() != Some(REQUIREMENTS) {
            run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(home.join("openai")));
            let requirements = root().join("host-tests/e2e/tests/openai_sdk/requirements.txt");
            let mut pip = Command::new(&python);
            pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]);
            run(pip.args(["--require-hashes", "--only-binary=:all:", "-r"]).arg(requirements));
            fs::write(&installed, REQUIREMENTS).unwrap();
        }
        python
    })
}

fn run(command: &mut Command) {
    let told = format!("{command:?}");
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{told}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the OpenAI SDK cannot be had; {told} said: {said}");
}

/// The baseline, and a rule that blocks.
fn policy() -> String {
    let mut policy: Value = serde_json::from_str(&baseline()).unwrap();
    policy["detectors"] = json!({"custom": [{"id": "custom/project-names", "keywords": ["project kingfisher"]}]});
    let when = json!({"detectors": "custom/project-names"});
    let rule = json!({"id": "no-project-names", "when": when, "then": {"action": "block"}});
    policy["rules"].as_array_mut().unwrap().push(rule);
    policy.to_string()
}

struct Sdk {
    lab: Lab,
}

/// What came of one call.
struct Called {
    /// What the script printed.
    result: Value,
    /// Every request that reached the upstream.
    upstream: Vec<Received>,
    /// The record of every exchange.
    records: Vec<Value>,
}

impl Called {
    fn content(&self) -> &str {
        self.result["message"]["content"].as_str().unwrap_or_else(|| panic!("no content: {}", self.result))
    }

    /// Fails unless the SDK raised this class with this status and the rule or code, once, and nothing went on.
    fn assert_raised(&self, class: &str, status: u64, code: &str, side: &str) {
        let raised = &self.result["raised"];
        assert_eq!((&raised["class"], &raised["status"]), (&json!(class), &json!(status)), "{}", self.result);
        assert_eq!((&raised["code"], &raised["body"]["code"]), (&json!(code), &json!(code)), "{}", self.result);
        assert_eq!(self.records.len(), 1, "the SDK tried again: {:#?}", self.records);
        let record = &self.records[0];
        assert_eq!((&record[side]["action"], &record["status"]), (&json!("block"), &json!(status)), "{record:#}");
        let exchange = record["exchange"].as_str().unwrap();
        let message = raised["body"]["message"].as_str().unwrap_or_default();
        assert!(message.contains(exchange), "{}", self.result);
        assert_eq!(raised["exchange"], exchange, "{}", self.result);
        assert_eq!(self.upstream.len(), usize::from(side == "response"));
    }
}

impl Sdk {
    fn start() -> Sdk {
        Sdk { lab: Lab::start(setup(policy())) }
    }

    /// Runs one call of `client.py`, which makes `exchanges` requests.
    fn call(&mut self, exchanges: usize, what: &Value) -> Called {
        let python = python();
        let script = root().join("host-tests/e2e/tests/openai_sdk/client.py");
        let url = format!("http://{}/v1", self.lab.stack.envoy().listener());
        let (output, seen) = self.lab.witness(exchanges, || {
            Command::new(python).arg(&script).args([&url, &what.to_string()]).stdin(Stdio::null()).output().unwrap()
        });
        let (out, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "client.py failed: {said}");
        Called {
            result: serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}")),
            upstream: self.lab.mock().take_requests(),
            records: seen.into_iter().filter_map(|(_, record)| record).collect(),
        }
    }

    fn chat(&mut self, prompt: &str) -> Called {
        self.call(1, &json!({"prompt": prompt}))
    }
}

#[test]
fn the_official_sdk() {
    let mut sdk = Sdk::start();
    let (key, card) = (aws_access_key_id(), card_number());

    let allowed = sdk.chat("What is a weir?");
    assert!(allowed.content().starts_with("You said: \"What is a weir?\"."), "{}", allowed.result);
    assert_eq!(
        (&allowed.records[0]["request"]["action"], &allowed.records[0]["response"]["action"]),
        (&json!("allow"), &json!("allow"))
    );
    assert_eq!(allowed.records[0]["request"]["inspected"], "full");

    let redacted = sdk.chat(&format!("My key is {key}, keep it."));
    assert!(redacted.upstream[0].text().contains("My key is [AWS_ACCESS_KEY_ID], keep it."));
    assert!(!redacted.upstream[0].text().contains(&key));
    assert!(redacted.content().starts_with("You said: \"My key is [AWS_ACCESS_KEY_ID], keep it.\"."));

    let secret = sdk.chat("say secret");
    assert!(secret.content().contains("The key is [AWS_ACCESS_KEY_ID]."), "{}", secret.result);
    let both = sdk.chat("say card and say secret");
    assert!(both.content().contains("The card number is [PAYMENT_CARD]."), "{}", both.result);
    assert!(![&key, &card].iter().any(|text| both.content().contains(*text)));

    let blocked = sdk.chat("Tell me about project kingfisher.");
    blocked.assert_raised("PermissionDeniedError", 403, "blocked_by_policy", "request");
    assert!(blocked.result["raised"]["body"].to_string().contains("no-project-names"), "{}", blocked.result);

    // The model calls a tool with a secret in its arguments: they stay JSON, and the tool sees no secret.
    let arguments = json!({"to": "ops", "text": format!("use {key} \"now\"\n")}).to_string();
    let function = json!({"name": "notify", "arguments": arguments});
    let call = json!({"id": "call_1", "type": "function", "function": function});
    let message = json!({"role": "assistant", "content": null, "tool_calls": [call]});
    let choice = json!({"index": 0, "message": message, "finish_reason": "tool_calls"});
    let answer = json!({"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]});
    sdk.lab.mock().respond_with(Reply::json(200, answer.to_string()));
    let called = sdk.chat("notify ops");
    let arguments = called.result["message"]["tool_calls"][0]["function"]["arguments"].as_str().unwrap();
    let arguments: Value = serde_json::from_str(arguments).expect("redacted arguments are JSON");
    assert_eq!(arguments, json!({"to": "ops", "text": "use [AWS_ACCESS_KEY_ID] \"now\"\n"}));

    let tool = sdk.chat("say tool");
    let arguments = tool.result["message"]["tool_calls"][0]["function"]["arguments"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(arguments).unwrap()["subject"], "hello");

    sdk.lab.survived();
}

#[test]
fn what_the_sdk_raises() {
    let mut sdk = Sdk::start();

    // The answer is blocked, not the request.
    let message = json!({"role": "assistant", "content": "Project Kingfisher is late."});
    let answer = json!({"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]});
    sdk.lab.mock().respond_with(Reply::json(200, answer.to_string()));
    let blocked = sdk.chat("What is late?");
    blocked.assert_raised("PermissionDeniedError", 403, "blocked_by_policy", "response");
    assert!(!blocked.result.to_string().contains("Kingfisher"));

    // Streams are not read in this version: a typed error, before the first event.
    let stream = sdk.call(1, &json!({"prompt": "hello", "stream": true}));
    let status = stream.result["raised"]["status"].as_u64().unwrap_or_else(|| panic!("{}", stream.result));
    let class = stream.result["raised"]["class"].as_str().unwrap().to_owned();
    stream.assert_raised(&class, status, "uninspectable_answer", "response");
    assert_eq!(stream.records[0]["response"]["faults"], json!([{"fault": "stream", "outcome": "block"}]));
    assert!(stream.result["events"].is_null());

    let large = sdk.call(1, &json!({"prompt": "say nothing", "repeat": 1_000_000}));
    large.assert_raised("APIStatusError", 413, "uninspectable_request", "request");

    // The model's own errors come through as they are, with the SDK's own retries.
    let own = sdk.call(3, &json!({"prompt": "say error 429"}));
    assert_eq!(own.result["raised"]["class"], "RateLimitError", "{}", own.result);
    assert_eq!(own.upstream.len(), 3);

    // Asynchronous, several at once on one client.
    let many = sdk.call(8, &json!({"prompt": format!("key {}", aws_access_key_id()), "parallel": 8}));
    let contents = many.result["contents"].as_array().unwrap();
    assert_eq!(contents.len(), 8);
    assert!(contents.iter().all(|content| content.as_str().unwrap().contains("key [AWS_ACCESS_KEY_ID]")));

    let models = sdk.call(1, &json!({"models": true}));
    assert_eq!(models.result["models"], json!(["mock-1"]));
    sdk.lab.survived();
}
