//! The shape of the engine, held by a test: imports go one way, nothing outside is reached, and the crate builds for a
//! target that has nothing outside to reach.

#![expect(clippy::expect_used, clippy::panic, clippy::string_slice, reason = "a test that cannot go on must fail")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// The flow, left to right. A module may import modules before it, and itself.
const FLOW: &[&[&str]] = &[
    &["sensitive", "timestamp", "keyed", "fault", "limits", "event"],
    &["stream"],
    &["wire"],
    &["exchange"],
    &["detect"],
    &["policy"],
    &["enforce"],
    &["audit"],
    &["effect"],
    &["session"],
];

fn source_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the source folder is there");
    entries
        .map(|entry| entry.expect("readable").path())
        .flat_map(|path| if path.is_dir() { source_files(&path) } else { vec![path] })
        .filter(|path| !is_test(path) && path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// Unit tests that fill files of their own may use what the engine may not.
fn is_test(path: &Path) -> bool {
    let name = |piece: &std::ffi::OsStr| piece == "tests" || piece == "tests.rs" || piece == "test_support.rs";
    path.iter().any(name) && path.iter().any(|piece| piece == "src")
}

fn rank(module: &str) -> usize {
    let found = FLOW.iter().position(|stage| stage.contains(&module));
    found.unwrap_or_else(|| panic!("module `{module}` has no place in the flow: add it to FLOW"))
}

#[test]
fn imports_follow_the_flow() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = 0;
    for file in source_files(&root) {
        let relative = file.strip_prefix(&root).expect("below src").to_string_lossy().into_owned();
        let module = relative.split(['/', '.']).next().expect("a path has a first piece").to_owned();
        if module == "lib" {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("readable");
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        // Crate-level re-exports (`crate::Effect`) would hide where a thing comes from.
        for line in code {
            for (at, _) in line.match_indices("crate::") {
                let imported: String =
                    line[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if imported.is_empty() {
                    continue;
                }
                seen += 1;
                assert!(
                    rank(&imported) <= rank(&module),
                    "{relative} imports crate::{imported}, which is to its right"
                );
                let own_stage = rank(&imported) == rank(&module) && rank(&module) > 0;
                assert!(!own_stage || imported == module, "{relative} imports its neighbour crate::{imported}");
            }
        }
    }
    assert!(seen > 50, "the test must see imports to mean anything, saw {seen}");
}

#[test]
fn nothing_outside_is_named() {
    let forbidden = [
        "std::time",
        "SystemTime",
        "Instant",
        "std::env::",
        "std::fs",
        "std::net",
        "std::thread",
        "std::process",
        "HashMap",
        "HashSet",
        "RandomState",
        "rand::",
        "getrandom",
        "proxy_wasm",
        "thread_local!",
        "println!",
        "static mut",
        "OnceLock",
        "LazyLock",
        "AtomicU",
    ];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in source_files(&root) {
        let text = std::fs::read_to_string(&file).expect("readable");
        let code = text.split("#[cfg(test)]").next().expect("a first piece");
        for word in forbidden {
            let uses = code.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(word));
            assert!(!uses, "{} names `{word}`", file.display());
        }
    }
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo {arguments:?}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_dependency_tree_has_no_host_clock_or_randomness() {
    let tree =
        cargo(&["tree", "-p", "weir-engine", "-e", "normal", "--prefix", "none", "--target", "wasm32-unknown-unknown"]);
    let names: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains(&"aho-corasick"), "the tree is the engine's: {names:?}");
    for forbidden in
        ["proxy-wasm", "weir-abi", "getrandom", "rand", "rand_core", "time", "chrono", "jiff", "tokio", "libc", "wasi"]
    {
        assert!(!names.contains(&forbidden), "the engine depends on `{forbidden}`");
    }
}

#[test]
fn the_engine_builds_where_there_is_nothing_outside() {
    cargo(&[
        "check",
        "-q",
        "-p",
        "weir-engine",
        "--target",
        "wasm32-unknown-unknown",
        "--target-dir",
        "target/architecture",
    ]);
}
