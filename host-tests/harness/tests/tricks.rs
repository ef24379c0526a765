//! The table of tricks in SECURITY.md is what the cases below `host-tests/corpus/hostile` say: each is one trick, and runs on
//! the engine, on the module and in Envoy. `UPDATE=1` writes the table anew.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that panics is a test that fails")]

use std::fs;
use std::path::{Path, PathBuf};

use weir_harness::corpus::{Case, Verdict, load};

const BEGIN: &str = "<!-- tricks: written by host-tests/harness/tests/tricks.rs, UPDATE=1 -->\n";
const END: &str = "<!-- end of tricks -->";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn security_md_says_what_comes_of_every_trick() {
    let file = root().join("SECURITY.md");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let (before, rest) = text.split_once(BEGIN).expect("SECURITY.md has the place of the table");
    let (old, after) = rest.split_once(END).expect("SECURITY.md has the end of the table");
    let new = table();
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::write(&file, [before, BEGIN, &new, END, after].concat()).expect("SECURITY.md can be written");
    } else {
        assert!(old == new, "the table is stale; UPDATE=1 writes it:\n{new}");
    }
}

fn table() -> String {
    let cases = load(&root().join("host-tests/corpus/hostile"), &root().join("policies"))
        .unwrap_or_else(|error| panic!("{error}"));
    let mut table = "| area | trick | outcome |\n|---|---|---|\n".to_owned();
    for case in &cases {
        let area = case.name.split('/').next().unwrap_or_default();
        table += &format!("| {area} | {} | {} |\n", case.about, outcome(case));
    }
    table
}

/// What is decided of the request where that is more than to let it pass, else of the answer.
fn outcome(case: &Case) -> String {
    let of = |verdict: &Option<Option<Verdict>>| verdict.as_ref().and_then(Option::as_ref).and_then(told);
    let passes = "read, and passes as it came".to_owned();
    of(&case.expect.request).or_else(|| of(&case.expect.response)).unwrap_or(passes)
}

/// `None` for what passes without a remark.
fn told(verdict: &Verdict) -> Option<String> {
    // The outcome of a fault is what is said before it.
    let name = |fault: &String| format!("`{}`", fault.split(' ').next().unwrap_or_default());
    let faults: Vec<String> = verdict.faults.iter().flatten().map(name).collect();
    let because = if faults.is_empty() { String::new() } else { format!(": {}", faults.join(", ")) };
    match (verdict.action.as_deref(), verdict.would.as_deref()) {
        (Some("block"), _) if faults.is_empty() => Some("blocked by a rule".to_owned()),
        (Some("block"), _) => Some(format!("refused{because}")),
        (Some("redact"), _) => Some(format!("redacted{because}")),
        (Some("flag"), _) => Some(format!("flagged{because}")),
        (_, Some(would)) if would != "allow" => Some(format!("passes as it came, recorded as `{would}`")),
        _ if faults.is_empty() => None,
        _ => Some(format!("passes by policy{because}")),
    }
}
