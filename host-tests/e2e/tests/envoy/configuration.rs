//! The setting without which Weir does not work, and whose absence it finds out by itself. That the list of what the module
//! may call is exact is held by `host-tests/cli/tests/envoy_files.rs`.

use super::{chat, policy, says};
use serde_json::json;
use std::time::{Duration, Instant};
use weir_cli::client::{Http, Request};
use weir_e2e::{Lab, setup};

/// Without `allow_on_headers_stop_iteration` Envoy delivers no body while headers are held. Nobody waits for long, and
/// everybody is told why.
#[test]
fn without_allow_on_headers_stop_iteration_exchanges_are_refused() {
    let mut setup = setup(policy(json!({})));
    let off = ("allow_on_headers_stop_iteration: true".to_owned(), "allow_on_headers_stop_iteration: false".to_owned());
    setup.resource_changes.push(off);
    let mut lab = Lab::start(setup);
    let address = lab.stack.envoy().listener();
    lab.mock().respond_with(says("hello"));
    lab.mock().respond_with(says("hello"));
    let requests = [
        chat("hello"),
        chat("hello").http(Http::Two),
        Request::new("GET", "/v1/models"),
        Request::new("GET", "/v1/models").http(Http::Two),
    ];
    let begin = Instant::now();
    let (responses, seen) = lab.witness(requests.len(), || {
        std::thread::scope(|scope| {
            let sent: Vec<_> = requests.iter().map(|request| scope.spawn(move || request.send(address))).collect();
            sent.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect::<Vec<_>>()
        })
    });
    assert!(begin.elapsed() < Duration::from_secs(8), "refused after {:?}", begin.elapsed());
    for response in responses {
        assert!((400..600).contains(&response.status), "{response:?}");
        let code = response.json()["error"]["code"].clone();
        assert!(code == "uninspectable_request" || code == "uninspectable_answer", "{response:?}");
    }
    for (access, record) in &seen {
        let record = record.as_ref().expect("a refusal is recorded");
        let side = if access["method"] == "POST" { "request" } else { "response" };
        assert_eq!(record[side]["faults"], json!([{"fault": "cannot_hold", "outcome": "block"}]), "{record:#}");
        assert_eq!(access["details"], "weir:fault:cannot_hold");
    }
    // Only the two requests without a body went on.
    assert_eq!(lab.mock().take_requests().len(), 2);
    assert!(lab.metric("weir_faults_total", &[("fault", "cannot_hold")]) >= 4);
    lab.survived();
}
