//! `weir check`: what it says of good and bad policies, and its exit codes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use weir_cli::policy::BASELINE;
use weir_engine::Policy;

const BAD: &str = r#"{
  "version": 1,
  "name": "bad",
  "rulse": [],
  "rules": [{"id": "x", "when": {"detectors": "secrt/*"}, "then": {"action": "flag"}}]
}
"#;

fn check(dir: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weir"));
    command.arg("check").args(arguments).current_dir(dir).stdin(Stdio::null()).env("NO_COLOR", "1");
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

fn files() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("good.json"), BASELINE).unwrap();
    fs::write(dir.path().join("bad.json"), BAD).unwrap();
    dir
}

fn good_line() -> String {
    let policy = Policy::compile(BASELINE).unwrap();
    let (rules, detectors) = (policy.rules().len(), policy.set().len());
    format!("ok good.json: baseline, {rules} rules, {detectors} detectors, {}\n", policy.hash())
}

#[test]
fn a_good_policy_is_one_line() {
    let dir = files();
    assert_eq!(check(dir.path(), &["good.json"]), (0, good_line(), String::new()));
}

#[test]
fn every_error_is_shown_where_it_is() {
    let dir = files();
    let expected = r#"error[unknown_field]: unknown field `rulse`
 --> bad.json:4:3
  |
4 |   "rulse": [],
  |   ^^^^^^^
  = at `rulse`
  = help: did you mean `rules`

error[unknown_detector]: no detector fits `secrt/*`
 --> bad.json:5:47
  |
5 |   "rules": [{"id": "x", "when": {"detectors": "secrt/*"}, "then": {"action": "flag"}}]
  |                                               ^^^^^^^^^
  = at `rules[0].when.detectors`
  = help: did you mean `secret/*`

bad.json: 2 errors

"#;
    let (code, shown, said) = check(dir.path(), &["bad.json", "good.json"]);
    assert_eq!((code, shown, said), (1, format!("{expected}{}", good_line()), String::new()));
}

#[test]
fn a_file_that_cannot_be_read_is_exit_code_2_and_hides_no_other() {
    let dir = files();
    let (code, shown, said) = check(dir.path(), &["none.json", "good.json"]);
    assert_eq!((code, shown), (2, good_line()));
    assert_eq!(said, "weir: cannot read the policy `none.json`: No such file or directory (os error 2)\n");
    assert_eq!(check(dir.path(), &[]).0, 2);
}

#[test]
fn json_has_the_documented_shape() {
    let dir = files();
    let (code, shown, said) = check(dir.path(), &["--format", "json", "bad.json", "good.json", "none.json"]);
    assert_eq!((code, said), (2, String::new()));
    let policy = Policy::compile(BASELINE).unwrap();
    let expected = json!([
        {
            "file": "bad.json", "ok": false, "name": null, "hash": null, "rules": null, "detectors": null,
            "errors": [
                {
                    "code": "unknown_field", "path": "rulse", "span": {"start": 37, "end": 44}, "line": 4, "column": 3,
                    "message": "unknown field `rulse`", "help": "did you mean `rules`",
                },
                {
                    "code": "unknown_detector", "path": "rules[0].when.detectors", "span": {"start": 96, "end": 105},
                    "line": 5, "column": 47, "message": "no detector fits `secrt/*`", "help": "did you mean `secret/*`",
                },
            ],
            "unreadable": null,
        },
        {
            "file": "good.json", "ok": true, "name": "baseline", "hash": policy.hash(), "rules": policy.rules().len(),
            "detectors": policy.set().len(), "errors": [], "unreadable": null,
        },
        {
            "file": "none.json", "ok": false, "name": null, "hash": null, "rules": null, "detectors": null, "errors": [],
            "unreadable": "cannot read the policy `none.json`: No such file or directory (os error 2)",
        },
    ]);
    assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), expected);
}
