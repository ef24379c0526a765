//! Golden outlines: what a dialect makes of documents in its vendor's documented shape.
//!
//! A folder below `tests/dialects` holds inputs: `*.json`, or `*.event.json` and `*.stream.json` with an array of
//! `{"name", "data"}` each. `request` anywhere in a name makes it a request, `error` an answer with an error status; all
//! others are answers. Beside each input stands its `.outline`: a line for every leaf with its scope, whether it was
//! carried, whether it is JSON, which growing text it is a piece of, its bytes and what stands there; then every string that
//! is a word of the format and no leaf; then faults, model, usage, finishes and ends. `UPDATE=1` rewrites it.

#![expect(clippy::expect_used, clippy::string_slice, reason = "a test that panics is a test that fails")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use weir_engine::event::Direction;
use weir_engine::stream::json::{Bounds, Document, Kind};
use weir_engine::wire::{Channel, Dialect, Outline};

const BOUNDS: Bounds = Bounds { depth: 96, nodes: 100_000 };

/// One input, cut into its documents.
struct Input {
    file: PathBuf,
    kind: Form,
    /// Each with the name of its frame.
    documents: Vec<(String, String)>,
}

enum Form {
    Whole { direction: Direction, error: bool },
    Events,
}

/// Compares every input in the folder with its golden outline, then changes each of them in every place.
pub(crate) fn check(folder: &str, dialect: Dialect) {
    let inputs = inputs(folder);
    for input in &inputs {
        golden(input, dialect);
        for (name, text) in &input.documents {
            every_string_is_read(input, dialect, name, text);
            every_new_member_is_read(input, dialect, name, text);
        }
    }
    assert!(inputs.len() >= 3, "{folder}: {} inputs are too few to say anything", inputs.len());
}

fn inputs(folder: &str) -> Vec<Input> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialects").join(folder);
    let entries = std::fs::read_dir(&folder).expect("the folder is there");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files.into_iter().map(input).collect()
}

fn input(file: PathBuf) -> Input {
    let text = std::fs::read_to_string(&file).expect("text");
    let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
    if name.ends_with("event.json") || name.ends_with("stream.json") {
        let events: Vec<Value> = serde_json::from_str(&text).expect("an array of events");
        let named = |event: &Value| event.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let data = |event: &Value| event.get("data").expect("every event has data").to_string();
        let documents = events.iter().map(|event| (named(event), data(event))).collect();
        return Input { kind: Form::Events, documents, file };
    }
    let direction = if name.contains("request") { Direction::Request } else { Direction::Response };
    let kind = Form::Whole { direction, error: name.contains("error") };
    Input { kind, documents: vec![(String::new(), text)], file }
}

fn read(input: &Input, dialect: Dialect, name: &str, document: &Document<'_>) -> Outline {
    match input.kind {
        Form::Whole { direction, error } => dialect.read(direction, error, document),
        Form::Events => dialect.read_event(name, document),
    }
}

fn golden(input: &Input, dialect: Dialect) {
    let mut written = String::new();
    let mut channels = Vec::new();
    for (index, (name, text)) in input.documents.iter().enumerate() {
        if matches!(input.kind, Form::Events) {
            writeln!(written, "event {index} {name}").expect("text");
        }
        let document = Document::parse(text, BOUNDS).expect("JSON");
        let outline = read(input, dialect, name, &document);
        write_outline(&outline, &document, &mut channels, &mut written);
    }
    let beside = input.file.with_extension("outline");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&beside, &written).expect("written");
    }
    let expected = std::fs::read_to_string(&beside).unwrap_or_default();
    assert_eq!(written, expected, "{} (UPDATE=1 rewrites it)", beside.display());
}

fn write_outline(outline: &Outline, document: &Document<'_>, channels: &mut Vec<Channel>, out: &mut String) {
    for leaf in &outline.leaves {
        write!(out, "{} {}", leaf.scope.name(), if leaf.carried { "carried" } else { "new" }).expect("text");
        if leaf.json {
            out.push_str(" json");
        }
        if let Some(channel) = leaf.piece {
            let known = channels.iter().position(|known| *known == channel);
            let number = known.unwrap_or_else(|| {
                channels.push(channel);
                channels.len() - 1
            });
            write!(out, " piece-of-{number}").expect("text");
        }
        let span = document.span(leaf.node);
        writeln!(out, " {}..{} {}", span.start, span.end, document.raw(leaf.node)).expect("text");
    }
    for node in document.subtree(document.root()) {
        let string = matches!(document.kind(node), Kind::String | Kind::EscapedString);
        if string && !outline.leaves.iter().any(|leaf| leaf.node == node) {
            writeln!(out, "word {}", document.raw(node)).expect("text");
        }
    }
    for fault in &outline.faults {
        writeln!(out, "fault {fault}").expect("text");
    }
    if let Some(model) = &outline.told.model {
        writeln!(out, "model {}", model.expose()).expect("text");
    }
    if let Some(id) = &outline.told.rpc_id {
        writeln!(out, "rpc id {}", id.expose()).expect("text");
    }
    if let Some(id) = &outline.told.rpc_answers {
        writeln!(out, "rpc answers {}", id.expose()).expect("text");
    }
    if !outline.told.usage.is_empty() {
        writeln!(out, "usage {}", serde_json::to_string(&outline.told.usage).expect("JSON")).expect("text");
    }
    for finish in &outline.told.finishes {
        writeln!(out, "finish {}", finish.name()).expect("text");
    }
    for end in &outline.ends {
        let ended = channels.iter().enumerate().filter(|(_, channel)| end.holds(&channel.position));
        let ended: Vec<String> = ended.map(|(number, _)| number.to_string()).collect();
        writeln!(out, "ends {}", ended.join(" ")).expect("text");
    }
    for echo in &outline.echoes {
        writeln!(out, "echo {:?}", document.span(*echo)).expect("text");
    }
}

/// What stands in place of a text, and is no word of any format.
const MARKER: &str = "zq9 marker";

/// Whatever says anything says it to a detector: any string of the document, a word of the format too, is a leaf as soon as
/// it says something else.
fn every_string_is_read(input: &Input, dialect: Dialect, name: &str, text: &str) {
    let document = Document::parse(text, BOUNDS).expect("JSON");
    for node in document.subtree(document.root()) {
        if matches!(document.kind(node), Kind::String | Kind::EscapedString) {
            let span = document.span(node);
            let changed = [&text[..span.start], MARKER, &text[span.end..]].concat();
            assert!(reads_marker(input, dialect, name, &changed), "{}: {changed}", input.file.display());
        }
    }
}

/// No object has a place for a member that nobody reads.
fn every_new_member_is_read(input: &Input, dialect: Dialect, name: &str, text: &str) {
    let document = Document::parse(text, BOUNDS).expect("JSON");
    for node in document.subtree(document.root()) {
        if document.kind(node) == Kind::Object {
            let at = document.span(node).start + 1;
            let comma = if document.members(node).next().is_some() { "," } else { "" };
            for member in [format!("\"{MARKER}\":0{comma}"), format!("\"unheard of\":[\"{MARKER}\"]{comma}")] {
                let changed = [&text[..at], member.as_str(), &text[at..]].concat();
                assert!(reads_marker(input, dialect, name, &changed), "{}: {changed}", input.file.display());
            }
        }
    }
}

fn reads_marker(input: &Input, dialect: Dialect, name: &str, text: &str) -> bool {
    let document = Document::parse(text, BOUNDS).expect("JSON");
    let outline = read(input, dialect, name, &document);
    outline.leaves.iter().any(|leaf| document.raw(leaf.node) == MARKER)
}
