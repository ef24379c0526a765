//! Our reading of JSON against that of the parsers behind real upstreams: Python's, Node's (`JSON.parse`, `fetch`), serde_json,
//! jiter (pydantic, OpenAI's SDK), orjson and ujson, a lenient one.
//!
//! Every hostile document is a chat request. Where parsers disagree about what it says, Weir must have looked at every
//! string, key and number that any of them reads, or name a fault.

mod documents;
mod reading;

use documents::{Document, documents};
use reading::{Inspected, Reading};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use weir_cli::workspace;
use weir_e2e::packages::python_with;
use weir_e2e::root;
use weir_engine::Policy;
use weir_engine::event::{Direction, Headers};
use weir_engine::session::{MessageRead, read_parts};
use weir_harness::Chunking;
use weir_harness::corpus::{Case, Cut, Expected, Message, Policy as PolicyText, Whole, run_on_engine};

const PATH: &str = "/v1/chat/completions";

#[test]
fn every_reading_is_inspected_or_a_fault() {
    let documents = documents();
    let readings = read_by_all(&documents);
    let policy = std::fs::read_to_string(root().join("policies/baseline.json")).unwrap();
    let compiled = Policy::compile(&policy).unwrap();
    let (mut failures, mut clean, mut disagreed) = (String::new(), 0, 0);
    let mut accepted: BTreeMap<&str, usize> = BTreeMap::new();
    for (document, readings) in documents.iter().zip(&readings) {
        let faults = faults(document, &policy);
        let accepting = readings.iter().filter_map(|(name, reading)| Some((*name, reading.as_ref()?)));
        for (name, _) in accepting.clone() {
            *accepted.entry(name).or_default() += 1;
        }
        disagreed += usize::from(accepting.clone().count() % readings.len() != 0);
        if !faults.is_empty() {
            continue;
        }
        clean += 1;
        if document.must_fault {
            writeln!(failures, "{}: no fault, but readers take it for different messages", document.name).unwrap();
        }
        let inspected = inspected(document, &compiled);
        for (name, reading) in accepting {
            let missed = inspected.missed(reading);
            if !missed.is_empty() {
                let missed: Vec<String> = missed.iter().map(|text| text.chars().take(60).collect()).collect();
                writeln!(failures, "{}: {name} reads {missed:?}, and Weir does not", document.name).unwrap();
            }
        }
    }
    println!(
        "{} documents, {disagreed} read by some only, {clean} without a fault; accepted: {accepted:?}",
        documents.len()
    );
    assert!(failures.is_empty(), "what is read and not inspected:\n{failures}");
    // A comparison in which nobody accepts anything, or Weir refuses everything, would say nothing.
    assert!(documents.len() > 400 && disagreed > 100 && clean > 100, "the documents say too little");
    assert!(accepted.len() == 7 && accepted.values().all(|count| *count > 100), "a parser reads nothing: {accepted:?}");
}

/// For every document what each parser made of it.
fn read_by_all(documents: &[Document]) -> Vec<Vec<(&'static str, Option<Reading>)>> {
    let python =
        python_with(&workspace::target().unwrap().join("venv-json/parsers"), &[folder().join("requirements.txt")]);
    let mut scripts = [
        (
            ["python", "jiter", "orjson", "ujson"].as_slice(),
            report(Command::new(python).arg("-B"), "readers.py", documents),
        ),
        (&["node", "fetch"], report(&mut Command::new("node"), "readers.mjs", documents)),
    ];
    let of_script = |(names, reports): &mut (&[&'static str], std::vec::IntoIter<Value>)| {
        let report = reports.next().unwrap();
        names.iter().map(|name| (*name, Reading::of_report(&report[*name]))).collect::<Vec<_>>()
    };
    let serde = |document: &Document| ("serde_json", Reading::of_serde(&document.bytes));
    documents.iter().map(|document| scripts.iter_mut().flat_map(of_script).chain([serde(document)]).collect()).collect()
}

/// Gives a script every document, and takes a report for each.
fn report(command: &mut Command, script: &str, documents: &[Document]) -> std::vec::IntoIter<Value> {
    let command = command.arg(folder().join(script)).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{script} cannot be started: {error}"));
    let mut input = child.stdin.take().unwrap();
    let lines: Vec<String> = documents.iter().map(|document| hex(&document.bytes)).collect();
    let writer = std::thread::spawn(move || lines.iter().try_for_each(|line| writeln!(input, "{line}")));
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{script} ended with {}", output.status);
    writer.join().unwrap().unwrap_or_else(|error| panic!("{script} stopped reading: {error}"));
    let text = String::from_utf8(output.stdout).unwrap();
    let reports: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(reports.len(), documents.len(), "{script} reports on every document");
    reports.into_iter()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn folder() -> PathBuf {
    root().join("host-tests/e2e/tests/json_readers")
}

/// The faults of the request's verdict.
fn faults(document: &Document, policy: &str) -> Vec<Value> {
    let nothing = || Whole::None;
    let case = Case {
        name: document.name.clone(),
        about: String::new(),
        policy: PolicyText(policy.to_owned()),
        request: Message {
            method: "POST".to_owned(),
            path: PATH.to_owned(),
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: Some(document.bytes.clone()),
            declared: true,
            ..Message::default()
        },
        response: None,
        expect: Expected { request: None, response: None, upstream: nothing(), client: nothing() },
        not_on: Vec::new(),
    };
    let observed = run_on_engine(&case, &Cut::both(&Chunking::Whole)).unwrap();
    let record = observed.records.first().unwrap_or_else(|| panic!("{}: no record", document.name));
    record["request"]["faults"].as_array().unwrap_or_else(|| panic!("{}: {record}", document.name)).clone()
}

/// What Weir looks at in the request.
fn inspected(document: &Document, policy: &Policy) -> Inspected {
    let headers: [(&[u8], &[u8]); 3] =
        [(b":method", b"POST"), (b":path", PATH.as_bytes()), (b"content-type", b"application/json")];
    let message = MessageRead {
        direction: Direction::Request,
        method: "POST",
        path: PATH,
        dialect: None,
        headers: Headers(&headers),
        body: &document.bytes,
    };
    Inspected::new(read_parts(policy, message).into_iter().map(|text| text.into_exposed()))
}
