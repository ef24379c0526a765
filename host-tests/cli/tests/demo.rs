//! `weir demo` through the real Envoy: every decision is as it should be, and it notices when one is not.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use weir_cli::demo::{cases, play};
use weir_cli::policy::BASELINE;
use weir_cli::stack::{Setup, Stack};
use weir_cli::wasm;

/// What is wrong under a policy: title of the case, problems.
fn wrong(policy: &str) -> Vec<(&'static str, Vec<String>)> {
    let mut stack = Stack::start(Setup::new(wasm::module().unwrap().path, policy)).unwrap();
    let played: Vec<_> = cases().iter().map(|case| (case.title, play(&mut stack, case).unwrap().problems)).collect();
    stack.stop();
    played.into_iter().filter(|(_, problems)| !problems.is_empty()).collect()
}

#[test]
fn the_baseline_decides_as_it_should() {
    assert_eq!(wrong(BASELINE), []);
}

#[test]
fn a_policy_that_only_watches_is_noticed() {
    let wrong = wrong(&BASELINE.replace("\"mode\": \"enforce\"", "\"mode\": \"monitor\""));
    let titles: Vec<&str> = wrong.iter().map(|(title, _)| *title).collect();
    let unaffected = [
        "a plain question goes through untouched",
        "the model's own error comes through",
        "an answer that comes compressed although nobody asked is read all the same",
    ];
    let expected: Vec<&str> =
        cases().iter().map(|case| case.title).filter(|title| !unaffected.contains(title)).collect();
    assert_eq!(titles, expected, "{wrong:?}");
}
