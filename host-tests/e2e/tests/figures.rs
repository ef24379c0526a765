//! Keeps the measurement alive: a short run must work and say everything that a long one says.

use std::process::Command;

#[test]
fn cpu_per_request_runs() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("result.md");
    let mut command = Command::new(env!("CARGO_BIN_EXE_cpu-per-request"));
    let output = command.args(["--quick", "--record"]).arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    let recorded = std::fs::read_to_string(&file).unwrap();
    assert!(recorded.starts_with(&said));
    for part in [
        "## 4 KB prompt, 4 KB answer",
        "## 64 KB prompt, 4 KB answer",
        "Median ratio",
        "| machine |",
        "| ready after |",
    ] {
        assert!(said.contains(part), "`{part}` is not in {said}");
    }
    let figures = recorded.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let figures: serde_json::Value = serde_json::from_str(figures).unwrap();
    for prompt in figures["prompts"].as_array().unwrap() {
        assert!(prompt["ratio"]["median"].as_f64().is_some_and(|ratio| ratio > 0.5), "{prompt}");
    }
}

#[test]
fn stream_latency_runs() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("result.md");
    let mut command = Command::new(env!("CARGO_BIN_EXE_stream-latency"));
    let output = command.args(["--quick", "--record"]).arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(std::fs::read_to_string(&file).unwrap().starts_with(&said));
    for part in ["## OpenAI Chat Completions, clean text", "## Anthropic Messages, a secret", "time to first token"] {
        assert!(said.contains(part), "`{part}` is not in {said}");
    }
}

#[test]
fn options_that_are_none_are_refused() {
    let output = Command::new(env!("CARGO_BIN_EXE_cpu-per-request")).arg("--slow").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "cpu-per-request: `--slow` is no option\n");
}
