//! The shipped Envoy files, and what is rendered from them, before a real Envoy.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use weir_cli::client::{Http, Request};
use weir_cli::envoy::config::{RESOURCE, STATIC, WATCHED};
use weir_cli::envoy::{Bootstrap, EnvoyProcess, Filter, Launch, PolicyDir, Upstream, validate};
use weir_cli::stack::{Setup, Stack, Swap};
use weir_cli::{wasm, workspace};

fn upstream(url: &str) -> Upstream {
    Upstream::parse(url).unwrap()
}

fn baseline() -> String {
    fs::read_to_string(workspace::root().unwrap().join("policies/baseline.json")).unwrap()
}

#[test]
fn the_shipped_static_file_is_valid_as_it_is() {
    let module = wasm::module().unwrap().path.display().to_string();
    validate(&STATIC.replace("/etc/envoy/weir.wasm", &module)).unwrap();
}

#[test]
fn the_shipped_ecds_files_are_valid_as_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let module = wasm::module().unwrap().path.display().to_string();
    fs::write(dir.path().join("ecds.yaml"), RESOURCE.replace("/etc/envoy/weir.wasm", &module)).unwrap();
    let mounted = dir.path().display().to_string();
    validate(&WATCHED.replace("/etc/envoy/policy", &mounted)).unwrap();
}

#[test]
fn every_rendered_variant_is_valid() {
    let dir = tempfile::tempdir().unwrap();
    let module = wasm::module().unwrap().path;
    let policy_dir = PolicyDir::create(&dir.path().join("policy"), &module, &baseline(), Vec::new()).unwrap();
    let inline = Filter::Inline { wasm: module, policy: baseline() };
    for filter in [Filter::None, inline, Filter::Watched(policy_dir.path().to_owned())] {
        for url in ["http://127.0.0.1:9", "h2://127.0.0.1:9", "https://example.org", "h2s://example.org:8443"] {
            let mut bootstrap = Bootstrap::new(upstream(url), filter.clone());
            bootstrap.access_log = dir.path().join("access.log");
            let text = bootstrap.render().unwrap();
            validate(&text).unwrap_or_else(|error| panic!("{url} {filter:?}: {error}\n{text}"));
        }
    }
}

#[test]
fn both_ways_of_delivery_carry_the_same_filter() {
    let block = |text: &str| {
        let filter = text.split_once("extensions.filters.http.wasm.v3.Wasm\n").unwrap().1;
        let filter = filter.split("# <<< weir").next().unwrap().trim_end();
        let indent = filter.len() - filter.trim_start().len();
        filter.lines().map(|line| line.get(indent..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(block(STATIC), block(RESOURCE));
}

#[test]
fn both_bootstraps_differ_only_in_the_filter() {
    let around = |text: &str| {
        let (before, rest) = text.split_once("# >>> weir\n").unwrap();
        let before = before.split_once("admin:").unwrap().1.to_owned();
        before + rest.split_once("# <<< weir\n").unwrap().1
    };
    assert_eq!(around(STATIC), around(WATCHED));
}

#[test]
fn a_proxy_without_weir_serves_and_answers_questions() {
    let mock = weir_cli::mock::Mock::start().unwrap();
    let url = format!("http://{}", mock.address());
    let envoy = EnvoyProcess::start(Launch::new(Bootstrap::new(upstream(&url), Filter::None))).unwrap();
    let response = Request::json("/v1/chat/completions?x=1", r#"{"messages":[]}"#).send(envoy.listener()).unwrap();
    assert_eq!(response.status, 200);
    assert_eq!(mock.requests().len(), 1);
    assert_eq!(envoy.stat("http.ingress.downstream_rq_2xx").unwrap(), 1);
    assert!(envoy.rss().unwrap() > 10_000_000);
    assert!(envoy.cpu_time().unwrap().as_secs() < 60);
    let log = envoy.access_log();
    envoy.admin_get("/stats?filter=^nothing$").unwrap();
    let begin = std::time::Instant::now();
    while fs::metadata(&log).map_or(0, |meta| meta.len()) == 0 && begin.elapsed().as_secs() < 5 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let line: serde_json::Value = serde_json::from_str(fs::read_to_string(&log).unwrap().trim()).unwrap();
    assert_eq!(line.get("path").and_then(|path| path.as_str()), Some("/v1/chat/completions"));
    let dir = envoy.dir().to_owned();
    envoy.stop();
    assert!(!dir.exists());
}

#[test]
fn both_versions_of_http_on_both_sides() {
    let mock = weir_cli::mock::Mock::start().unwrap();
    for (scheme, version) in [("http", "HTTP/1.1"), ("h2", "HTTP/2.0")] {
        let url = format!("{scheme}://{}", mock.address());
        let envoy = EnvoyProcess::start(Launch::new(Bootstrap::new(upstream(&url), Filter::None))).unwrap();
        for http in [Http::One, Http::Two] {
            let response = Request::new("GET", "/v1/models").http(http).send(envoy.listener()).unwrap();
            assert_eq!(response.status, 200);
            assert_eq!(mock.take_requests().remove(0).version, version);
        }
    }
}

#[test]
fn a_swapped_policy_is_taken_and_a_broken_one_refused() {
    let mut setup = Setup::new(wasm::module().unwrap().path, baseline());
    setup.concurrency = 2;
    let mut stack = Stack::start(setup).unwrap();
    let Swap::Refused(reason) = stack.swap("{ \"bad\": tru }").unwrap() else { panic!("a broken policy was taken") };
    assert!(!reason.contains("gave no reason"), "{reason}");
    let version = weir_cli::envoy::policy_dir::version(&baseline());
    assert_eq!(stack.swap(&baseline()).unwrap(), Swap::Accepted(version.clone()));
    assert_eq!(stack.swap(&baseline()).unwrap(), Swap::Accepted(version));
    let changed = format!("{}\n", baseline());
    assert!(matches!(stack.swap(&changed).unwrap(), Swap::Accepted(_)));
    stack.policy_dir().swap_text("resources: [").unwrap();
    stack.stop();
}

#[test]
fn an_envoy_that_does_not_start_says_why() {
    let mut bootstrap = Bootstrap::new(upstream("http://127.0.0.1:9"), Filter::None);
    bootstrap.changes.push(("codec_type: AUTO".into(), "codec_type: NONSENSE".into()));
    let error = EnvoyProcess::start(Launch::new(bootstrap)).unwrap_err().to_string();
    assert!(error.starts_with("Envoy did not start") && error.contains("NONSENSE"), "{error}");
}
