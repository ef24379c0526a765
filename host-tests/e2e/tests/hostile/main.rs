//! Hostile bytes through the real Envoy: framing that two readers read differently, messages that break off, bodies that
//! are no HTTP, and everything that Envoy says by itself. No text gets past Weir in any of them.
//!
//! Every trick is declared as data (`Trick`) in the file of its kind; `table.rs` writes them, with the hostile cases of the
//! corpus, into `SECURITY.md`.

mod answers;
mod departures;
mod lengths;
mod local_replies;
mod other_bodies;
mod requests;
mod scripted;
mod stage;
mod table;
mod trailers;
mod trap;
mod versions;

use serde_json::{Value, json};
use stage::Stage;
use std::panic::{AssertUnwindSafe, catch_unwind};
use weir_e2e::baseline;
use weir_e2e::chat::{BOTH, CHAT, body, chat, completion, says, with_words};
use weir_harness::corpus::sample;

/// One way to get text past a filter, and what comes of it.
pub(crate) struct Trick {
    pub(crate) area: &'static str,
    pub(crate) trick: &'static str,
    pub(crate) outcome: &'static str,
    pub(crate) run: fn(&mut Stage),
}

/// Every trick, in the order of the table.
pub(crate) fn all() -> impl Iterator<Item = &'static Trick> {
    let lists: [&'static [Trick]; 7] = [
        requests::TRICKS,
        answers::TRICKS,
        lengths::TRICKS,
        trailers::TRICKS,
        departures::TRICKS,
        local_replies::TRICKS,
        other_bodies::TRICKS,
    ];
    lists.into_iter().flatten()
}

/// Runs every trick of a list, and fails with the names of those that worked.
fn run(tricks: &[Trick]) {
    let mut stage = Stage::default();
    let mut worked = Vec::new();
    for trick in tricks {
        let once = catch_unwind(AssertUnwindSafe(|| {
            (trick.run)(&mut stage);
            stage.survived();
        }));
        if let Err(problem) = once {
            let told = problem.downcast_ref::<String>().cloned();
            let told = told.or_else(|| problem.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            worked.push(format!("{}: {}\n{}", trick.area, trick.trick, told.unwrap_or_default()));
            // What a failed one left behind must not fail the others.
            stage = Stage::default();
        }
    }
    assert!(worked.is_empty(), "{} of {} tricks:\n\n{}", worked.len(), tricks.len(), worked.join("\n\n"));
}

const PLACEHOLDER: &str = "[AWS_ACCESS_KEY_ID]";

/// What must not pass.
fn key() -> String {
    sample("aws-access-key-id").unwrap()
}

/// The baseline with a word that is blocked and one that grows where it is masked, after these changes.
fn policy(change: impl FnOnce(&mut Value)) -> String {
    let mut policy = with_words(&baseline(), "hostile", &["zax"], &["forbidden"]);
    change(&mut policy);
    policy.to_string()
}

/// One event of a streamed chat completion.
fn event(content: &str) -> String {
    let choice = json!({"index": 0, "delta": {"content": content}, "finish_reason": null});
    let chunk = json!({"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]});
    format!("data: {chunk}\n\n")
}

/// The status codes of the answers that stand one after the other in these bytes.
fn statuses(bytes: &str) -> Vec<&str> {
    bytes.split("HTTP/1.1 ").skip(1).map(|rest| rest.get(..3).unwrap_or(rest)).collect()
}
