//! The corpus on the engine and on weir.wasm, whole and in pieces.

#![expect(clippy::panic, reason = "a test that panics is a test that fails")]

use std::path::PathBuf;

use weir_harness::corpus::{Case, Cut, Message, ModuleRun, check, load, run_on_engine};
use weir_harness::{Chunking, Module};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn cases(runner: &str) -> Vec<Case> {
    let cases =
        load(&root().join("host-tests/corpus"), &root().join("policies")).unwrap_or_else(|problem| panic!("{problem}"));
    let wanted: Vec<Case> =
        cases.into_iter().filter(|case| case.not_on.iter().all(|(excluded, _)| excluded != runner)).collect();
    let all = std::env::var("WEIR_CASE").is_err();
    assert!(!wanted.is_empty() && (!all || wanted.len() > 80), "the corpus has {} cases for {runner}", wanted.len());
    wanted
}

/// Runs every case, and reports every failure before it fails.
fn run(runner: &str, mut outcome: impl FnMut(&Case) -> Result<(), String>) {
    let cases = cases(runner);
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| outcome(case).err().map(|problem| format!("{} ({})\n{problem}", case.name, case.about)))
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {} cases fail on {runner}:\n\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n\n")
    );
}

#[test]
fn corpus_on_the_engine() {
    run("engine", |case| {
        let pieces = [Chunking::Whole, Chunking::OneByte, Chunking::Every(7), Chunking::Every(1000)];
        let splits = if streams(case) { Cut::splits(case, usize::MAX, 0) } else { Vec::new() };
        for cut in pieces.iter().map(Cut::both).chain(splits) {
            check(case, &run_on_engine(case, &cut)?).map_err(|problem| format!("{cut:?}: {problem}"))?;
        }
        Ok(())
    });
}

#[test]
fn corpus_on_the_module() {
    let module = weir_wasm();
    run("harness", |case| {
        let pieces = [Chunking::Whole, Chunking::OneByte, Chunking::Every(7), Chunking::Every(1000)];
        let splits = if streams(case) { Cut::splits(case, 2000, 200) } else { small_splits(case) };
        let mut run = ModuleRun::start(case, &module)?;
        for cut in pieces.iter().map(Cut::both).chain(splits) {
            check(case, &run.run(&cut)?).map_err(|problem| format!("{cut:?}: {problem}"))?;
        }
        Ok(())
    });
}

fn streams(case: &Case) -> bool {
    case.response.as_ref().is_some_and(Message::streams)
}

/// Every split of bodies that are small.
fn small_splits(case: &Case) -> Vec<Cut> {
    let longest = [Some(&case.request), case.response.as_ref()];
    let longest =
        longest.into_iter().flatten().filter_map(|message| message.body.as_ref()).map(Vec::len).max().unwrap_or(0);
    let splits = if longest <= 400 { Chunking::every_split(longest).collect() } else { Vec::new() };
    splits.iter().map(Cut::both).collect()
}

/// The module under test.
fn weir_wasm() -> Module {
    let built = weir_cli::wasm::module().unwrap_or_else(|problem| panic!("{problem}"));
    Module::from_file(&built.path).unwrap_or_else(|problem| panic!("{problem}"))
}
