//! Every error that a policy can have, as people see it.
//!
//! Each file in `policy_errors/` is one case: the policy, a line `----`, and the diagnostics exactly as a terminal shows
//! them without colour. A policy that begins with `hex:` stands for the bytes of a configuration that is no JSON text. The
//! name of a file is the code of an error that it shows, with a number or word after a `.` where there are several. All
//! codes have a case. `UPDATE=1` rewrites what is expected; `CASE=name` runs the cases whose name contains it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use weir_engine::policy::{CODES, Diagnostics};
use weir_engine::{Policy, policy};

#[test]
fn every_error_reads_as_recorded() {
    let wanted = std::env::var("CASE").unwrap_or_default();
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = String::new();
    for path in cases() {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if !name.contains(&wanted) {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let (policy, expected) = text.split_once("\n----\n").unwrap_or((text.trim_end(), ""));
        let Err(diagnostics) = compile(policy) else { panic!("{name}: the policy has no errors") };
        let code = name.split('.').next().unwrap();
        assert!(diagnostics.errors().iter().any(|error| error.code == code), "{name}: no error has this code");
        let shown = diagnostics.render("policy.json", false);
        if update {
            std::fs::write(&path, format!("{policy}\n----\n{shown}")).unwrap();
        } else if shown != expected {
            let _ = write!(wrong, "{name}: expected\n{expected}\ngot\n{shown}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_code_has_a_case() {
    let names: Vec<String> =
        cases().iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    for code in CODES {
        let has = |name: &String| name == code || name.strip_prefix(code).is_some_and(|rest| rest.starts_with('.'));
        assert!(names.iter().any(has), "no case for `{code}`");
    }
    for name in &names {
        let code = name.split('.').next().unwrap();
        assert!(CODES.contains(&code), "`{name}` is the name of no error");
    }
}

/// Lower case, no full stop, one line, and a place that is what the message speaks of.
#[test]
fn every_message_has_the_form_of_messages() {
    for path in cases() {
        let text = std::fs::read_to_string(&path).unwrap();
        let policy = text.split("\n----\n").next().unwrap();
        let Err(diagnostics) = compile(policy) else { panic!("{}: no errors", path.display()) };
        for error in diagnostics.errors() {
            for line in [Some(&error.message), error.help.as_ref()].into_iter().flatten() {
                let first = line.chars().next().unwrap();
                assert!(!first.is_uppercase() || line.starts_with("Weir"), "{line}");
                assert!(!line.ends_with('.') && !line.contains('\n'), "{line}");
            }
            assert_eq!(error.line == 0, policy.starts_with("hex:"), "{error}");
        }
        let starts: Vec<usize> = diagnostics.errors().iter().map(|error| error.span.start).collect();
        assert!(starts.is_sorted(), "{}", path.display());
    }
}

#[test]
fn a_log_gets_one_line_per_error() {
    let text = "{\"version\": 1,\n \"name\": \"x\", \"rulse\": [], \"mode\": \"off\\nX\"}";
    let diagnostics = Policy::compile(text).unwrap_err();
    assert_eq!(
        diagnostics.to_string(),
        "rulse: 2:15: unknown field `rulse` (help: did you mean `rules`)\n\
         mode: 2:36: `off\\u{a}X` is not a mode (help: write one of `enforce`, `monitor`)"
    );
}

#[test]
fn json_has_every_field() {
    let diagnostics = Policy::compile("{\"version\": 1, \"name\": \"é\"}").unwrap_err();
    let json: serde_json::Value = serde_json::from_str(&diagnostics.to_json()).unwrap();
    let expected = serde_json::json!([{
        "code": "bad_name", "path": "name", "span": {"start": 23, "end": 27}, "line": 1, "column": 24,
        "message": "`é` is not a name", "help": "write 1 to 64 lower-case letters, digits and `-`",
    }]);
    assert_eq!(json, expected);
}

#[test]
fn colour_only_adds_colour() {
    let diagnostics = Policy::compile("{\"version\": 2}").unwrap_err();
    let (plain, coloured) = (diagnostics.render("p", false), diagnostics.render("p", true));
    let mut stripped = String::new();
    for (i, piece) in coloured.split('\u{1b}').enumerate() {
        stripped.push_str(if i == 0 { piece } else { piece.split_once('m').unwrap().1 });
    }
    assert_eq!(stripped, plain);
    assert_ne!(coloured, plain);
}

/// Whatever is cut out of a policy, or put into it, the answer is a policy or errors; never a panic.
#[test]
fn damaged_policies_are_refused_or_read() {
    let good = include_str!("policy_errors/all_fields.json");
    assert!(Policy::compile(good).is_ok(), "{}", Policy::compile(good).unwrap_err());
    for at in 0..good.len() {
        for piece in ["", "\"", "é", ",", "\\ud800"] {
            let (before, after) = good.split_at_checked(at).unwrap();
            let after = after.get(usize::from(piece.is_empty())..).unwrap_or_default();
            if let Err(diagnostics) = Policy::compile(&format!("{before}{piece}{after}")) {
                assert!(!diagnostics.errors().is_empty() && !diagnostics.render("p", true).is_empty());
            }
        }
        let _ = Policy::from_configuration(good.as_bytes().get(at..).unwrap_or_default());
    }
}

/// A second occurrence of any key, anywhere, is an error there.
#[test]
fn every_duplicate_key_is_found() {
    let good = include_str!("policy_errors/all_fields.json");
    let mut keys = 0;
    for (at, _) in good.match_indices("\": ") {
        let open = good.get(..at).unwrap().rfind('"').unwrap();
        let key = good.get(open..=at).unwrap();
        let twice = format!("{}{key}: null, {}", good.get(..open).unwrap(), good.get(open..).unwrap());
        let diagnostics = Policy::compile(&twice).unwrap_err();
        assert!(diagnostics.errors().iter().any(|error| error.code == "duplicate_key"), "{key}: {diagnostics}");
        keys += 1;
    }
    assert!(keys > 50);
}

#[test]
fn bounds_that_need_long_policies() {
    let custom: Vec<String> =
        (0..1_002).map(|i| format!("{{\"id\": \"custom/k{i}\", \"keywords\": [\"word{i}\"]}}")).collect();
    let text = |list: &[String]| {
        let list = list.join(",");
        format!(
            "{{\"version\":1,\"name\":\"x\",\"rules\":[{{\"id\":\"r\",\"when\":{{\"detectors\":\"custom/*\"}},\"then\":{{\"action\":\"flag\"}}}}],\"detectors\":{{\"custom\":[{list}]}}}}"
        )
    };
    assert_eq!(Policy::compile(&text(custom.split_at(1_000).0)).unwrap().set().len(), 1_000);
    let diagnostics = Policy::compile(&text(&custom)).unwrap_err();
    assert_eq!(diagnostics.errors().len(), 1);
    assert!(diagnostics.to_string().contains("more than 1000 custom detectors"), "{diagnostics}");
    let many = format!("[{}0]", "0,".repeat(600_000));
    assert_eq!(Policy::compile(&many).unwrap_err().errors().first().unwrap().code, "too_large");
}

fn compile(policy: &str) -> Result<Policy, Diagnostics> {
    let Some(hex) = policy.strip_prefix("hex:") else { return policy::Policy::compile(policy) };
    let bytes: Vec<u8> = hex.split_whitespace().map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
    Policy::from_configuration(&bytes)
}

fn cases() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policy_errors");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "case"));
    paths.sort();
    assert!(!paths.is_empty());
    paths
}
