//! The policies under which exchanges are played.

use std::sync::{Arc, LazyLock};

use weir_engine::Policy;

const SOURCES: &[&str] = &[
    include_str!("../../../policies/baseline.json"),
    r#"{"version": 1, "name": "blocks", "rules": [
        {"id": "secrets", "when": {"detectors": "secret/*"}, "then": {"action": "block"}}]}"#,
    r#"{"version": 1, "name": "small", "faults": {"default": "allow"},
        "documents": [{"begin": "<doc>", "end": "</doc>"}],
        "limits": {"json_depth": 12, "json_nodes": 200, "nesting": 2, "findings": 6, "work": 4096, "hold_back": 64,
            "tool_call": 256, "frame": 2048, "channels": 4, "expansion": 3},
        "rules": [
            {"id": "secrets", "when": {"detectors": "secret/*"}, "then": {"action": "redact", "with": "hash"}},
            {"id": "results", "when": {"scope": "tool_output"}, "then": {"action": "redact", "with": "placeholder"}}]}"#,
    r#"{"version": 1, "name": "restores", "rules": [
        {"id": "personal", "when": {"detectors": "pii/*"}, "then": {"action": "redact", "with": "reversible"}},
        {"id": "secrets", "when": {"detectors": "secret/*"}, "then": {"action": "redact", "with": "mask"}}]}"#,
    r#"{"version": 1, "name": "watches", "mode": "monitor", "rules": [
        {"id": "secrets", "when": {"detectors": "secret/*"}, "then": {"action": "redact", "with": "placeholder"}}]}"#,
    r#"{"version": 1, "name": "buffers", "faults": {"default": "flag"}, "rules": [
        {"id": "all", "when": {"detectors": ["secret/*", "pii/*"]}, "then": {"action": "redact", "buffer": true}}]}"#,
];

static POLICIES: LazyLock<Vec<Arc<Policy>>> = LazyLock::new(|| {
    let compile = |source: &&str| Arc::new(Policy::compile(source).unwrap_or_else(|errors| panic!("{errors}")));
    SOURCES.iter().map(compile).collect()
});

/// One of them.
pub fn policy(number: u8) -> Arc<Policy> {
    POLICIES[usize::from(number) % POLICIES.len()].clone()
}
