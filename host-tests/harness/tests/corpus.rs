//! The corpus on the engine and on weir.wasm, whole and in pieces.

#![expect(clippy::panic, reason = "a test that panics is a test that fails")]

use std::path::PathBuf;

use weir_harness::corpus::{Case, check, load, run_on_engine, run_on_module};
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

/// Whole, in pieces, and for a stream cut at every place.
fn cuts(case: &Case) -> Vec<Chunking> {
    let mut cuts = vec![Chunking::Whole, Chunking::OneByte, Chunking::Every(7), Chunking::Every(1000)];
    if let Some(body) =
        case.response.as_ref().filter(|answer| answer.written.is_some()).and_then(|answer| answer.body.as_ref())
    {
        cuts.extend(Chunking::every_split(body.len()));
    }
    cuts
}

#[test]
fn corpus_on_the_engine() {
    run("engine", |case| {
        for cut in cuts(case) {
            check(case, &run_on_engine(case, &cut)?).map_err(|problem| format!("{cut:?}: {problem}"))?;
        }
        Ok(())
    });
}

#[test]
fn corpus_on_the_module() {
    let module = weir_wasm();
    run("harness", |case| {
        let longest = [Some(&case.request), case.response.as_ref()];
        let longest =
            longest.into_iter().flatten().filter_map(|message| message.body.as_ref()).map(Vec::len).max().unwrap_or(0);
        // Every split of a small body; of a large one, whole and in odd pieces.
        let splits = if longest <= 400 { Chunking::every_split(longest).collect() } else { Vec::new() };
        for chunks in [Chunking::Whole, Chunking::OneByte, Chunking::Every(1000)].into_iter().chain(splits) {
            check(case, &run_on_module(case, &module, &chunks)?).map_err(|problem| format!("{chunks:?}: {problem}"))?;
        }
        Ok(())
    });
}

/// The module under test.
fn weir_wasm() -> Module {
    let built = weir_cli::wasm::module().unwrap_or_else(|problem| panic!("{problem}"));
    Module::from_file(&built.path).unwrap_or_else(|problem| panic!("{problem}"))
}
