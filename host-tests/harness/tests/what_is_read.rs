//! The table of the README that says, for every dialect, what is inspected and what is not.
//!
//! It is written by this test (`UPDATE=1`) and true because everything in it is taken from where it is decided: names,
//! paths and what is not read from the tables of `filter/engine/src/wire`, scopes from the golden outlines, which say what
//! those tables make of documents in the vendor's own shape.

#![expect(clippy::panic, reason = "a test that panics is a test that fails")]

use std::fs;
use std::path::{Path, PathBuf};

use weir_engine::event::Direction;
use weir_engine::wire::{Dialect, Scope};

const BEGIN: &str = "<!-- what is read: written by host-tests/harness/tests/what_is_read.rs, UPDATE=1 -->\n";
const END: &str = "<!-- end of what is read -->\n";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

#[test]
fn the_readme_says_what_is_read() {
    let file = root().join("README.md");
    let readme = text(&file);
    let parts = readme.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?)));
    let Some((before, (said, after))) = parts else { panic!("the README has no place for the table") };
    let table = table();
    if std::env::var_os("UPDATE").is_some() {
        let written = [before, BEGIN, table.as_str(), END, after].concat();
        fs::write(&file, written).unwrap_or_else(|error| panic!("{error}"));
        return;
    }
    assert_eq!(said, table, "UPDATE=1 rewrites it");
}

/// What is said not to be read is what the tables do not read, and the other way round.
#[test]
fn what_is_opaque_is_told() {
    for dialect in Dialect::ALL.iter().filter(|dialect| **dialect != Dialect::Unknown) {
        let opaque =
            outlines(*dialect).iter().any(|(_, outline)| outline.lines().any(|line| line == "fault opaque_part"));
        assert_eq!(opaque, !dialect.not_inspected().is_empty(), "{}", dialect.name());
    }
}

fn table() -> String {
    let mut table =
        "| dialect | recognised by | request | answer | stream | not inspected |\n|---|---|---|---|---|---|\n"
            .to_owned();
    for dialect in Dialect::ALL {
        let row = [
            format!("`{}`", dialect.name()),
            paths(*dialect),
            request(*dialect),
            scopes(*dialect, Half::Answer),
            scopes(*dialect, Half::Stream),
            nothing_else(dialect.not_inspected()),
        ];
        table += &format!("| {} |\n", row.join(" | "));
    }
    table
}

fn nothing_else(said: &str) -> String {
    if said.is_empty() { "-".to_owned() } else { said.to_owned() }
}

fn paths(dialect: Dialect) -> String {
    let paths: Vec<String> = dialect.paths().map(|pattern| format!("`/{}`", pattern.join("/"))).collect();
    if paths.is_empty() { "anything else".to_owned() } else { paths.join(" ") }
}

/// Also whether a request may be a form.
fn request(dialect: Dialect) -> String {
    let scopes = scopes(dialect, Half::Request);
    if dialect.fields(Direction::Request).is_some() { format!("{scopes}; forms too") } else { scopes }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Request,
    Answer,
    Stream,
}

/// The scopes that occur in golden outlines of this half, in the order of policies.
fn scopes(dialect: Dialect, half: Half) -> String {
    if half == Half::Stream && !dialect.streams() {
        return "none".to_owned();
    }
    if dialect == Dialect::Unknown {
        // Nobody knows who speaks, so there is no outline of a vendor's shape.
        return Scope::Unknown.name().to_owned();
    }
    let outlines: Vec<String> =
        outlines(dialect).into_iter().filter(|(own, _)| *own == half).map(|(_, outline)| outline).collect();
    let spoken = |scope: &&Scope| {
        let begins = [format!("{} new", scope.name()), format!("{} carried", scope.name())];
        outlines
            .iter()
            .flat_map(|outline| outline.lines())
            .any(|line| begins.iter().any(|begin| line.starts_with(begin)))
    };
    let found: Vec<&str> = Scope::ALL.iter().filter(spoken).map(|scope| scope.name()).collect();
    assert!(!found.is_empty(), "{} has no golden outline for one half", dialect.name());
    found.join(", ")
}

/// The golden outlines of a dialect that are no errors, as in `filter/engine/tests/outline/mod.rs`.
fn outlines(dialect: Dialect) -> Vec<(Half, String)> {
    let folder = root().join("filter/engine/tests/dialects").join(dialect.name().replace('/', "_"));
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let files = entries.map(|entry| entry.unwrap_or_else(|error| panic!("{error}")).path());
    let mut outlines = Vec::new();
    for file in files.filter(|file| file.extension().is_some_and(|extension| extension == "outline")) {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let half = match name.as_str() {
            name if name.contains("error") => continue,
            name if name.ends_with("stream.outline") || name.ends_with("event.outline") => Half::Stream,
            name if name.contains("request") => Half::Request,
            _ => Half::Answer,
        };
        outlines.push((half, text(&file)));
    }
    outlines
}
