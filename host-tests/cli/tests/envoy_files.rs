//! The shipped Envoy files say what the module and the policies say.
//!
//! `UPDATE=1` puts `policies/baseline.json` and its hash into the files; review the diff.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use regex_lite::Regex;
use std::collections::BTreeSet;
use std::fs;
use weir_cli::envoy::config::{RESOURCE, STATIC, WATCHED};
use weir_cli::policy::BASELINE;
use weir_cli::{wasm, workspace};
use weir_engine::audit::Metric;
use weir_engine::fault::Inspected;
use weir_engine::policy::{Action, FaultOutcome};
use weir_engine::wire::TokenKind;
use weir_engine::{Direction, Fault, Policy};

/// The lines of the policy in a file, without their indentation.
fn policy_in(text: &str) -> String {
    let (before, rest) = text.split_once("value: | # CHANGE: the policy, as JSON\n").unwrap();
    let indent = before.len() - before.trim_end_matches(' ').len() + 2;
    let inside = rest.lines().take_while(|line| line.trim().is_empty() || line.starts_with(&" ".repeat(indent)));
    inside.map(|line| line.get(indent..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The file with the baseline as its policy, and its hash as the version.
fn with_baseline(text: &str) -> String {
    let (before, rest) = text.split_once("value: | # CHANGE: the policy, as JSON\n").unwrap();
    let indent = " ".repeat(before.len() - before.trim_end_matches(' ').len() + 2);
    let after: String =
        rest.split_inclusive('\n').skip_while(|line| line.trim().is_empty() || line.starts_with(&indent)).collect();
    let block: String = BASELINE.lines().map(|line| format!("{indent}{line}\n")).collect();
    let whole = format!("{before}value: | # CHANGE: the policy, as JSON\n{block}{after}");
    let hash = Policy::compile(BASELINE).unwrap().hash().to_owned();
    let version = Regex::new("version_info: \"[^\"]*\"").unwrap();
    version.replace(&whole, format!("version_info: \"{hash}\"").as_str()).into_owned()
}

#[test]
fn they_hold_the_baseline_policy_and_its_hash() {
    for (file, text) in [("envoy/envoy.yaml", STATIC), ("envoy/policy/ecds.yaml", RESOURCE)] {
        if std::env::var_os("UPDATE").is_some() {
            fs::write(workspace::root().unwrap().join(file), with_baseline(text)).unwrap();
            continue;
        }
        let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(json(&policy_in(text)), json(BASELINE), "{file} holds another policy; UPDATE=1 puts it right");
        let hash = Policy::compile(BASELINE).unwrap().hash().to_owned();
        let version = text.lines().find_map(|line| line.strip_prefix("version_info: "));
        assert!(version.is_none_or(|version| version.starts_with(&format!("\"{hash}\""))), "{file}: {version:?}");
    }
}

/// `(tag name, regex)` as Envoy takes them: group 1 leaves the name, group 2 is the value.
fn stats_tags(text: &str) -> Vec<(String, Regex)> {
    let line = Regex::new(r"- \{tag_name: ([a-z]+), regex: '(.*)'\}").unwrap();
    let tag = |line: regex_lite::Captures<'_>| (line[1].to_owned(), Regex::new(&line[2]).unwrap());
    line.captures_iter(text).map(tag).collect()
}

/// One metric of every kind, and more where a label has several values.
fn metrics() -> Vec<Metric> {
    let mut metrics = vec![Metric::Bypassed, Metric::StreamHeldBytes];
    let kinds = [TokenKind::Input, TokenKind::Output, TokenKind::Cached, TokenKind::Reasoning];
    metrics.extend(kinds.map(|kind| Metric::Tokens { kind }));
    for direction in [Direction::Request, Direction::Response] {
        metrics.extend([Metric::BodyBytes { direction }, Metric::HeldMilliseconds { direction }]);
        for inspected in [Inspected::None, Inspected::Partial, Inspected::Full] {
            for action in [Action::Allow, Action::Flag, Action::Redact, Action::Block] {
                metrics.push(Metric::Decisions { direction, action, would: Action::Block, inspected });
            }
        }
        for (_, name) in Policy::compile(BASELINE).unwrap().set().names() {
            metrics.push(Metric::Findings { detector: name.id.clone(), direction });
        }
        metrics.push(Metric::Findings { detector: "custom/own-2-words".into(), direction });
    }
    for fault in Fault::ALL {
        for outcome in [FaultOutcome::Allow, FaultOutcome::Flag, FaultOutcome::Block] {
            metrics.push(Metric::Faults { fault: *fault, outcome });
        }
    }
    metrics.push(Metric::Rules { rule: "action-of-rule-9".into(), action: Action::Redact });
    metrics.extend([true, false].map(|accepted| Metric::PolicyLoads { accepted }));
    for metric in &metrics {
        // A new kind of metric does not compile here until it is in the list above.
        match metric {
            Metric::Decisions { .. } | Metric::Findings { .. } | Metric::Faults { .. } | Metric::Rules { .. } => {}
            Metric::Bypassed
            | Metric::PolicyLoads { .. }
            | Metric::BodyBytes { .. }
            | Metric::Tokens { .. }
            | Metric::StreamHeldBytes
            | Metric::HeldMilliseconds { .. } => {}
        }
    }
    metrics
}

#[test]
fn the_stats_tags_are_the_labels_of_the_metrics() {
    for text in [STATIC, WATCHED] {
        let tags = stats_tags(text);
        let mut used = BTreeSet::new();
        for metric in metrics() {
            let name = format!("wasmcustom.{metric}");
            let mut rest = name.clone();
            for (tag, regex) in &tags {
                let Some(found) = regex.captures(&name) else { continue };
                let (label, value) = (&found[1], &found[2]);
                assert_eq!(label, format!(".{tag}={value}"));
                rest = rest.replacen(label, "", 1);
                used.insert(tag.clone());
            }
            let plain = rest.strip_prefix("wasmcustom.weir_").unwrap();
            assert!(plain.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{name} leaves {rest}");
        }
        let all: BTreeSet<String> = tags.iter().map(|(tag, _)| tag.clone()).collect();
        assert_eq!(used, all, "no metric has these labels");
        assert_eq!(tags.len(), all.len());
    }
}

fn capabilities(text: &str) -> Vec<String> {
    let (_, rest) = text.split_once("allowed_capabilities:\n").unwrap();
    let mut names: Vec<String> =
        rest.lines().map_while(|line| line.trim().strip_suffix(": {}").map(str::to_owned)).collect();
    names.sort();
    names
}

/// Imports and exported functions of a module.
fn interface(wasm: &[u8]) -> (BTreeSet<String>, BTreeSet<String>) {
    struct Reader<'a>(&'a [u8]);
    impl<'a> Reader<'a> {
        fn byte(&mut self) -> u8 {
            self.take(1)[0]
        }
        fn take(&mut self, count: usize) -> &'a [u8] {
            let (taken, rest) = self.0.split_at(count);
            self.0 = rest;
            taken
        }
        /// LEB128.
        fn number(&mut self) -> usize {
            let (mut value, mut shift) = (0, 0);
            loop {
                let byte = self.byte();
                value |= usize::from(byte & 0x7f) << shift;
                shift += 7;
                if byte < 0x80 {
                    return value;
                }
            }
        }
        fn name(&mut self) -> String {
            let length = self.number();
            String::from_utf8(self.take(length).to_vec()).unwrap()
        }
    }
    let (mut imports, mut exports) = (BTreeSet::new(), BTreeSet::new());
    let mut module = Reader(&wasm[8..]);
    while !module.0.is_empty() {
        let (id, size) = (module.byte(), module.number());
        let mut section = Reader(module.take(size));
        match id {
            2 => {
                for _ in 0..section.number() {
                    let (_, name) = (section.name(), section.name());
                    assert_eq!(section.byte(), 0, "{name} is no function");
                    section.number();
                    imports.insert(name);
                }
            }
            7 => {
                for _ in 0..section.number() {
                    exports.insert(section.name());
                    section.byte();
                    section.number();
                }
            }
            _ => {}
        }
    }
    (imports, exports)
}

/// The SDK imports every call of the ABI and exports every callback; what Weir uses of them stands in its sources.
#[test]
fn the_capabilities_are_what_the_module_uses_and_no_more() {
    let root = workspace::root().unwrap();
    let read = |file: &str| fs::read_to_string(root.join(file)).unwrap();
    let (imports, exports) = interface(&fs::read(wasm::module().unwrap().path).unwrap());
    let names = |pattern: &str, text: &str, with: &str| -> BTreeSet<String> {
        Regex::new(pattern).unwrap().captures_iter(text).map(|found| format!("{with}{}", &found[1])).collect()
    };

    let called = names(r"pub fn (proxy_[a-z_]+|random_get)\(", &read("filter/abi/src/raw.rs"), "");
    // Rust's standard library: time, environment variables, and what a panic prints.
    let library = ["clock_time_get", "environ_get", "environ_sizes_get", "fd_write"].map(str::to_owned);
    let calls: BTreeSet<String> = called.into_iter().chain(library).collect();
    assert_eq!(calls.difference(&imports).collect::<Vec<_>>(), Vec::<&String>::new(), "not imported by weir.wasm");

    let shell = read("filter/plugin/src/exchange.rs") + &read("filter/plugin/src/root.rs");
    let own = names(r"fn on_(?:http_)?([a-z_]+)\(&", &shell, "proxy_on_");
    // The life of a context, which the SDK itself keeps.
    let life = ["proxy_on_vm_start", "proxy_on_context_create", "proxy_on_done", "proxy_on_delete"].map(str::to_owned);
    let callbacks: BTreeSet<String> = own.into_iter().chain(life).collect();
    assert_eq!(callbacks.difference(&exports).collect::<Vec<_>>(), Vec::<&String>::new(), "not exported by weir.wasm");

    let all: Vec<String> = calls.union(&callbacks).cloned().collect();
    for text in [STATIC, RESOURCE] {
        assert_eq!(capabilities(text), all);
    }
}
