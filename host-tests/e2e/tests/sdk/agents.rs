//! Real servers behind the proxy, and conversations with them. Such a server says what its client tells it to say, so the
//! policy here also has rules for one direction: words that only the answers must not have.

use super::clients::Runtime;
use super::policy;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::Child;
use weir_cli::envoy::Upstream;
use weir_e2e::{Lab, setup};

/// Redacted in answers alone.
pub(crate) const HUSHED: &str = "marmalade";
/// Blocks the answer that it is in.
pub(crate) const FORBIDDEN: &str = "mandolin";

/// A server process; it ends with the value.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server, and the proxy before it.
pub(crate) struct Agent {
    lab: Lab,
    _server: Server,
}

/// What came of a conversation.
#[derive(Debug)]
pub(crate) struct Heard {
    /// What the script printed.
    pub(crate) told: Value,
    /// The records of all exchanges that were decided.
    pub(crate) records: Vec<Value>,
}

impl Agent {
    /// Starts a server, which says its port first, and everything else.
    pub(crate) fn start(runtime: Runtime, script: &str, arguments: &[&str]) -> Agent {
        let mut server = Server(runtime.start(script, arguments));
        let mut out = BufReader::new(server.0.stdout.take().expect("it is piped"));
        let mut line = String::new();
        let port = loop {
            line.clear();
            let read = out.read_line(&mut line).expect("a pipe can be read");
            assert!(read > 0, "{script} did not start");
            if let Ok(said) = serde_json::from_str::<Value>(&line) {
                break said["port"].as_u64().and_then(|port| u16::try_from(port).ok()).expect("a port");
            }
        };
        // What else it says is not read, but must not fill the pipes.
        let mut errors = server.0.stderr.take().expect("it is piped");
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        std::thread::spawn(move || std::io::copy(&mut errors, &mut std::io::sink()));
        let mut setup = setup(agents());
        setup.upstream = Some(Upstream { host: "127.0.0.1".into(), port, tls: false, http2: false });
        // The servers look at the host, and take every port of this one.
        setup.bootstrap_changes.push((", auto_host_rewrite: true".into(), String::new()));
        Agent { lab: Lab::start(setup), _server: server }
    }

    /// One conversation of a client.
    pub(crate) fn hear(&mut self, runtime: Runtime, script: &str, what: &Value) -> Heard {
        let url = format!("http://{}", self.lab.stack.envoy().listener());
        let (told, seen) = self.lab.overhear(|| runtime.call(script, &url, what));
        self.lab.survived();
        Heard { told, records: seen.into_iter().filter_map(|(_, record)| record).collect() }
    }
}

impl Heard {
    /// What the application was told in words.
    pub(crate) fn text(&self) -> &str {
        self.told["text"].as_str().unwrap_or_else(|| panic!("no text: {self:#?}"))
    }

    /// Nothing was raised, and every message was read whole in this dialect.
    pub(crate) fn assert_went_well(&self, dialect: &str) {
        self.assert_read(dialect, &[]);
    }

    /// As [`Heard::assert_went_well`], but for these faults of answers, which the policy lets pass.
    pub(crate) fn assert_read(&self, dialect: &str, but: &[&str]) {
        assert_eq!(self.told["raised"], json!(null), "{self:#?}");
        assert!(!self.records.is_empty(), "{self:#?}");
        for record in &self.records {
            assert_eq!(record["dialect"], dialect, "{record:#}");
            assert_eq!(record["request"]["faults"], json!([]), "{record:#}");
            let faults = record["response"]["faults"].as_array().cloned().unwrap_or_default();
            let expected = |fault: &Value| but.iter().any(|name| fault["fault"] == *name) && fault["outcome"] == "flag";
            assert!(faults.iter().all(expected), "{record:#}");
        }
    }

    /// The ids of the exchanges that were blocked: one, unless a client comes back for the end of a stream it was not given.
    pub(crate) fn blocked(&self, side: &str) -> Vec<&str> {
        let blocked = self.records.iter().filter(|record| record[side]["action"] == "block");
        let ids: Vec<&str> = blocked.filter_map(|record| record["exchange"].as_str()).collect();
        assert!(!ids.is_empty(), "{self:#?}");
        ids
    }

    /// Whether a message of this side was redacted.
    pub(crate) fn redacted(&self, side: &str) -> bool {
        self.records.iter().any(|record| record[side]["action"] == "redact")
    }

    /// The client raised this, and was told under which id to look.
    pub(crate) fn assert_raised(&self, class: &str, code: Option<i64>, side: &str) {
        let raised = &self.told["raised"];
        assert_eq!((&raised["class"], &raised["code"]), (&json!(class), &json!(code)), "{self:#?}");
        let message = raised["message"].as_str().unwrap();
        assert!(self.blocked(side).iter().any(|exchange| message.contains(exchange)), "{self:#?}");
    }
}

/// The policy of the other tests, and rules for answers alone.
fn agents() -> String {
    let mut policy: Value = serde_json::from_str(&policy()).unwrap();
    for (id, word, action) in [("hushed", HUSHED, "redact"), ("forbidden", FORBIDDEN, "block")] {
        let custom = json!({"id": format!("custom/{id}"), "keywords": [word]});
        policy["detectors"]["custom"].as_array_mut().unwrap().push(custom);
        let when = json!({"detectors": format!("custom/{id}"), "direction": "response"});
        let rule = json!({"id": id, "when": when, "then": {"action": action}});
        policy["rules"].as_array_mut().unwrap().push(rule);
    }
    policy.to_string()
}
