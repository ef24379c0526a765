//! What the corpus covers: for every dialect its requests, whole answers and streams, each clean, redacted and blocked.
//!
//! Which dialect a case speaks is asked of the engine, which judges its request as it would any other; what becomes of it
//! is what the case expects, and that it becomes so is shown where the corpus is run.

#![expect(clippy::panic, reason = "a test that panics is a test that fails")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;
use weir_cli::offline::{Message, decide};
use weir_engine::wire::Dialect;
use weir_engine::{Policy, Timestamp};
use weir_harness::corpus::expand;

/// What a case is about.
const ABOUT: [&str; 3] = ["request", "answer", "stream"];
/// What becomes of it: it goes on with nothing found, goes on changed, or goes no further.
const OUTCOMES: [&str; 3] = ["clean", "redacted", "blocked"];

/// Cells without a case, each with its reason.
const NOT_THERE: [(Dialect, &str, &str); 2] = [
    (Dialect::OpenAiEmbeddings, "stream", "embeddings come at once: the vendor documents no stream"),
    (Dialect::OpenAiModerations, "stream", "moderations come at once: the vendor documents no stream"),
];

/// How many cases there are for dialect, subject and outcome.
type Cells = BTreeMap<(&'static str, &'static str, &'static str), usize>;

#[test]
fn every_dialect_is_shown_whole_and_streaming() {
    let cells = cells();
    let (mut missing, mut needless) = (Vec::new(), Vec::new());
    for dialect in Dialect::ALL {
        for about in ABOUT {
            let excused = NOT_THERE.iter().any(|(own, what, _)| own == dialect && *what == about);
            let cases = |outcome| cells.get(&(dialect.name(), about, outcome)).copied().unwrap_or(0);
            for outcome in OUTCOMES {
                match (excused, cases(outcome)) {
                    (false, 0) => missing.push(format!("{} {about} {outcome}", dialect.name())),
                    (true, 1..) => needless.push(format!("{} {about}", dialect.name())),
                    _ => {}
                }
            }
            // What is excused is so because the engine says the same.
            assert!(
                about != "stream" || excused != dialect.streams(),
                "{} {about}: a reason too many or few",
                dialect.name()
            );
        }
    }
    assert!(missing.is_empty(), "the corpus has no case for\n{}", missing.join("\n"));
    assert!(needless.is_empty(), "a reason is given, and there is a case, for\n{}", needless.join("\n"));
    for (dialect, about, reason) in NOT_THERE {
        assert!(reason.len() > 20, "{} {about} needs a reason", dialect.name());
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn cells() -> Cells {
    let mut files = Vec::new();
    json_files(&root().join("host-tests/corpus"), &mut files);
    // Where cases of streams stand until every runner reads them.
    let streams = root().join("host-tests/corpus-streams");
    if streams.exists() {
        json_files(&streams, &mut files);
    }
    assert!(files.len() > 200, "the corpus has {} files", files.len());
    let mut cells = Cells::new();
    for file in files {
        let case = json(&file);
        let dialect = dialect(&case);
        for about in ABOUT {
            if let Some(outcome) = outcome(&case, about) {
                *cells.entry((dialect, about, outcome)).or_default() += 1;
            }
        }
    }
    cells
}

fn json_files(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display())).path();
        if path.is_dir() {
            json_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn json(file: &Path) -> Value {
    serde_json::from_str(&read(file)).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// What becomes of that which a case is about; `None` when the case does not say, or it is neither of the three.
fn outcome(case: &Value, about: &str) -> Option<&'static str> {
    let streams = case.pointer("/response/stream").is_some();
    let verdict = match about {
        "request" => case.pointer("/expect/request")?,
        "answer" if !streams => case.pointer("/expect/response")?,
        "stream" if streams => case.pointer("/expect/response")?,
        _ => return None,
    };
    let nothing = |list: &str| verdict.get(list).and_then(Value::as_array).is_none_or(Vec::is_empty);
    match verdict.get("action")?.as_str()? {
        "allow" if nothing("findings") && nothing("rules") => Some("clean"),
        "redact" => Some("redacted"),
        "block" => Some("blocked"),
        _ => None,
    }
}

/// The dialect that the record of a case names.
fn dialect(case: &Value) -> &'static str {
    let policy = match &case["policy"] {
        Value::String(name) => read(&root().join("policies").join(name).with_extension("json")),
        written => written.to_string(),
    };
    let policy = Policy::compile(&policy).unwrap_or_else(|problem| panic!("{}: {problem}", case["about"]));
    let decided = decide(Arc::new(policy), &message(&case["request"]), None, Timestamp::from_millis(0));
    // What the policy lets pass uninspected has no record.
    decided.record.map_or("none", |record| record.dialect)
}

/// A request as far as it tells a dialect.
fn message(request: &Value) -> Message {
    let text = |name: &str, otherwise: &str| request.get(name).and_then(Value::as_str).unwrap_or(otherwise).to_owned();
    let mut headers: Vec<(String, Vec<u8>)> =
        vec![(":method".into(), text("method", "POST").into()), (":path".into(), text("path", "").into())];
    for (name, value) in request["headers"].as_object().into_iter().flatten() {
        headers.extend(value.as_str().map(|value| (name.clone(), value.as_bytes().to_vec())));
    }
    let body = request.get("json").map(Value::to_string).unwrap_or_else(|| text("text", ""));
    let body = expand(&body).unwrap_or_else(|problem| panic!("{problem}"));
    Message { headers, body: body.into_bytes() }
}
