//! The vendors' own SDKs through a real Envoy: what applications see of Weir.
//!
//! The scripts of this folder talk, one process for each call; this program sets up, counts and compares. `clients.rs` installs
//! and runs them, `scenarios.rs` has what every client of a model goes through, and the file of a vendor says what its
//! errors look like and tests what only this vendor has. Agents have conversations instead: `mcp.rs` and `a2a.rs`, with real
//! servers behind the proxy.
//!
//! The SDKs are installed once, into `target/venv` and `target/npm`, from lock files with every file checked by its hash.
//! Without Python 3.11 or newer, Node 20 or newer, npm, and the package indexes the tests fail; they do not skip.

mod anthropic;
mod bedrock;
mod clients;
mod cohere;
mod google;
mod langchain;
mod ollama;
mod openai;
mod scenarios;

use serde_json::{Value, json};
use weir_e2e::{Lab, Shared, baseline, setup};

/// Two labs, since starting interpreters is most of the work and goes on side by side.
static LABS: Shared = Shared::several(2, || Lab::start(setup(policy())));

/// The baseline, and rules that block: what a prompt can say, and what only an answer says (`say email`).
fn policy() -> String {
    let mut policy: Value = serde_json::from_str(&baseline()).unwrap();
    let words = |id: &str, word: &str| json!({"id": format!("custom/{id}"), "keywords": [word]});
    policy["detectors"] =
        json!({"custom": [words("project-names", "project kingfisher"), words("people", "grace.hopper")]});
    for id in ["project-names", "people"] {
        let when = json!({"detectors": format!("custom/{id}")});
        let rule = json!({"id": format!("no-{id}"), "when": when, "then": {"action": "block"}});
        policy["rules"].as_array_mut().unwrap().push(rule);
    }
    policy.to_string()
}
