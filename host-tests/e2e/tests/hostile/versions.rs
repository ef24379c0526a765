//! What matters most, on every release line of Envoy that Weir supports: decisions, lengths, limits, growth, streams,
//! trailers, and a worker that comes back after a trap.

use super::lengths::{grow, many_findings, small_buffers};
use super::stage::Wire;
use super::trap::{trap_and_wait, trapping};
use super::{BOTH, PLACEHOLDER, body, chat, completion, event, key, policy, says};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use weir_cli::Step;
use weir_cli::client::Http;
use weir_cli::envoy::{Upstream, binary};
use weir_cli::mock::Reply;
use weir_e2e::raw::{content_length, head_length};
use weir_e2e::{Lab, setup};

#[test]
fn every_version_is_tested() {
    let tested = ["1.36.4", "1.37.0", "1.38.2", "1.39.3", "1.40.0"];
    assert_eq!(binary::versions().collect::<Vec<_>>(), tested);
}

#[test]
fn envoy_1_36() {
    on("1.36.4");
}

#[test]
fn envoy_1_37() {
    on("1.37.0");
}

#[test]
fn envoy_1_38() {
    on("1.38.2");
}

#[test]
fn envoy_1_39() {
    on("1.39.3");
}

#[test]
fn envoy_1_40() {
    on("1.40.0");
}

fn on(version: &str) {
    /// Two Envoys each, on machines with few cores.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let envoy = binary::pinned_at(version).unwrap_or_else(|error| panic!("{error}"));
    let mut first = setup(policy(|_| {}));
    (first.mock_http2, first.envoy, first.wasm) = (true, Some(envoy.clone()), trapping());
    let mut lab = Lab::start(first);
    let info = lab.stack.envoy().admin_get("/server_info").unwrap();
    assert!(info.contains(&format!("/{version}/")), "this is not Envoy {version}: {info}");
    decisions(&mut lab);
    blocked_stream(&mut lab);
    trailers(&mut lab);
    lab.survived();
    let times: Vec<Duration> = (0..4).map(|_| trap_and_wait(&mut lab, Duration::ZERO)).collect();
    println!("Envoy {version}: back after a trap in {times:?}");
    assert!(times.iter().any(|time| *time < Duration::from_millis(200)), "{times:?}");
    drop(lab);

    let upstream = super::scripted::Scripted::start();
    let mut second = setup(many_findings());
    let (host, port) = (upstream.address().ip().to_string(), upstream.address().port());
    second.upstream = Some(Upstream { host, port, tls: false, http2: false });
    second.bootstrap_changes = small_buffers();
    second.envoy = Some(envoy);
    let mut wire = Wire { lab: Lab::start(second), upstream };
    lengths(&mut wire);
    limits(&mut wire);
    grow(&mut wire);
    wire.lab.survived();
}

fn decisions(lab: &mut Lab) {
    for http in BOTH {
        lab.mock().respond_with(says(&key()));
        let seen = lab.play(&chat(&key()).http(http));
        assert_eq!(
            (seen.received().text(), seen.response.text()),
            (body(PLACEHOLDER), completion(PLACEHOLDER)),
            "{seen:#?}"
        );
        assert_eq!(seen.response.header("content-length"), Some(completion(PLACEHOLDER).len().to_string()));
        assert_eq!(seen.received().header("content-length"), Some(body(PLACEHOLDER).len().to_string()));
        lab.play(&chat("forbidden").http(http)).assert_told("request");
        lab.mock().respond_with(says("forbidden"));
        lab.play(&chat("hello").http(http)).assert_told("response");
        lab.play(&chat("hello").header("content-encoding", "x-unknown").http(http)).assert_told("request");
    }
}

fn blocked_stream(lab: &mut Lab) {
    for http in BOTH {
        let steps = vec![
            Step::data(event("so far ")),
            Step::data(event("forbidden. ")),
            Step::Wait(Duration::from_secs(10)),
            Step::data(event(&key())),
        ];
        lab.mock().respond_with(Reply::new(200).header("content-type", "text/event-stream").steps(steps));
        let seen = lab.play(&chat("hello").http(http));
        assert_eq!((seen.response.status, seen.action("response")), (200, "block"), "{seen:#?}");
        let text = seen.response.text();
        assert!(
            text.contains("so far") && text.contains("blocked_by_policy") && !text.contains("forbidden."),
            "{text}"
        );
    }
}

fn trailers(lab: &mut Lab) {
    let after = |text: &str| Step::Trailers(vec![("x-note".to_owned(), text.to_owned())]);
    let seen = lab.play(&chat("").http(Http::Two).steps(vec![Step::data(body(&key())), after("fine")]));
    assert_eq!(seen.received().text(), body(PLACEHOLDER), "{seen:#?}");
    let seen = lab.play(&chat("").http(Http::Two).steps(vec![Step::data(body("hello")), after("forbidden")]));
    seen.assert_told("request");
    for http in BOTH {
        lab.mock().respond_with(says("").steps(vec![Step::data(completion(&key())), after("fine")]));
        assert_eq!(lab.play(&chat("hello").http(http)).response.text(), completion(PLACEHOLDER));
        let steps = vec![Step::data(event("forbidden. ")), Step::Wait(Duration::from_millis(30)), after(&key())];
        lab.mock().respond_with(Reply::new(200).header("content-type", "text/event-stream").steps(steps));
        let address = lab.stack.envoy().listener();
        let (response, _) = lab.overhear(|| chat("hello").http(http).send(address));
        assert!(response.is_ok_and(|response| !format!("{:?}", response.trailers).contains("x-note")));
    }
}

/// As they are on the socket of the upstream.
fn lengths(wire: &mut Wire) {
    for (text, due) in [(key(), PLACEHOLDER), ("zax".to_owned(), "********")] {
        for http in BOTH {
            let answer = completion(&text);
            wire.upstream.answer(format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{answer}", answer.len()));
            let address = wire.lab.stack.envoy().listener();
            let (response, _) = wire.lab.witness(1, || chat(&text).http(http).send(address));
            let response = response.unwrap();
            assert_eq!(response.text(), completion(due));
            assert_eq!(response.header("content-length"), Some(completion(due).len().to_string()));
            let captured = wire.upstream.captured().remove(0);
            let head = head_length(captured.as_bytes()).unwrap();
            assert_eq!(
                (&captured[head..], content_length(&captured.as_bytes()[..head])),
                (body(due).as_str(), Some(body(due).len()))
            );
        }
    }
}

/// Larger than Envoy buffers, in both directions.
fn limits(wire: &mut Wire) {
    let address = wire.lab.stack.envoy().listener();
    let (response, _) = wire.lab.witness(1, || chat(&(key() + &"x".repeat(3_000_000))).send(address));
    assert_eq!(response.unwrap().status, 413);
    assert!(wire.upstream.captured().is_empty());
    let large = completion(&(key() + &"x".repeat(3_000_000)));
    wire.upstream.answer(format!(
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{large}",
        large.len()
    ));
    let (response, _) = wire.lab.witness(1, || chat("hello").send(address));
    let response = response.unwrap();
    assert!(response.status == 500 && !response.text().contains(&key()), "{response:?}");
    wire.upstream.captured();
}
