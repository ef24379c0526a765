//! What Envoy says by itself, in every phase: its words pass, and say nothing that somebody else wrote.

use super::stage::{SILENCE, Stage, Wire};
use super::{BOTH, CHAT, Trick, body, chat, completion, key, policy, run, says};
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use weir_cli::Step;
use weir_cli::client::Request;
use weir_e2e::raw::send;
use weir_e2e::{Lab, setup};

pub(crate) const TRICKS: &[Trick] = &[
    Trick {
        area: "framing",
        trick: "a request without a route, or that Envoy answers directly",
        outcome: "judged, then answered by Envoy",
        run: no_route,
    },
    Trick {
        area: "framing",
        trick: "an upstream that is not there",
        outcome: "answered by Envoy (503)",
        run: no_upstream,
    },
    Trick {
        area: "framing",
        trick: "an upstream that does not answer in time, before or in its answer",
        outcome: "answered by Envoy (504), nothing held is delivered",
        run: too_slow,
    },
    Trick {
        area: "framing",
        trick: "a client that does not finish its request in time",
        outcome: "answered by Envoy (408)",
        run: slow_client,
    },
    Trick {
        area: "framing",
        trick: "headers that are too large, of a request or of an answer",
        outcome: "refused by Envoy (431), or redacted",
        run: large_headers,
    },
    Trick {
        area: "framing",
        trick: "a request that is larger than what Envoy buffers",
        outcome: "refused: `body_too_large`",
        run: too_large,
    },
];

#[test]
fn local_replies() {
    run(TRICKS);
}

const ROUTE: &str = "- match: {prefix: /}";

fn no_route(stage: &mut Stage) {
    let lab = stage.custom("routes", || {
        let mut setup = setup(policy(|_| {}));
        let routes = "- match: {prefix: /direct}\n                direct_response: {status: 200, body: {inline_string: '{\"note\": \"forbidden\"}'}}\n              - match: {prefix: /v1}";
        setup.bootstrap_changes.push((ROUTE.into(), routes.into()));
        Lab::start(setup)
    });
    for http in BOTH {
        let seen = lab.play(&Request::json("/nowhere", body("hello")).http(http));
        assert_eq!(
            (seen.response.status, &seen.record.as_ref().unwrap()["answered_by"]),
            (404, &json!("proxy")),
            "{seen:#?}"
        );
        // Envoy's own answer of 200 may be anybody's text, and is judged.
        let seen = lab.play(&Request::json("/direct", body("hello")).http(http));
        seen.assert_told("response");
        // A refused request stays refused.
        let seen = lab.play(&Request::json("/nowhere", body("forbidden")).http(http));
        assert_eq!((seen.response.status, seen.action("request")), (403, "block"), "{seen:#?}");
    }
}

fn no_upstream(stage: &mut Stage) {
    let wire = stage.wire();
    for http in BOTH {
        wire.upstream.answer_and_close("");
        let seen = super::answers::ask(wire, &chat("hello").http(http)).expect("Envoy answers");
        assert_eq!((seen.response.status, &seen.record.as_ref().unwrap()["answered_by"]), (503, &json!("proxy")));
    }
}

fn too_slow(stage: &mut Stage) {
    let lab = stage.custom("timeout", || {
        let mut setup = setup(policy(|_| {}));
        setup
            .bootstrap_changes
            .push(("timeout: 0s, auto_host_rewrite".into(), "timeout: 0.3s, auto_host_rewrite".into()));
        Lab::start(setup)
    });
    let text = completion(&key());
    let silence = || Step::Wait(Duration::from_secs(3));
    for http in BOTH {
        for steps in
            [vec![silence(), Step::data(text.clone())], vec![Step::data(text.clone()), silence(), Step::data(" ")]]
        {
            lab.mock().respond_with(says("").steps(steps));
            let address = lab.stack.envoy().listener();
            let (response, _) = lab.overhear(|| chat("hello").http(http).send(address));
            if let Ok(response) = response {
                assert!(response.status == 504 || response.broken.is_some(), "{response:?}");
                assert!(!response.text().contains(&key()), "{response:?}");
            }
        }
    }
}

fn slow_client(stage: &mut Stage) {
    let lab = stage.custom("request timeout", || {
        let mut setup = setup(policy(|_| {}));
        setup
            .bootstrap_changes
            .push(("codec_type: AUTO #".into(), "codec_type: AUTO\n          request_timeout: 0.3s #".into()));
        Lab::start(setup)
    });
    let address = lab.stack.envoy().listener();
    let text = body(&key());
    let (answer, seen) = lab.overhear(|| {
        let mut stream = TcpStream::connect(address).unwrap();
        let head = format!(
            "POST {CHAT} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{text}"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.set_read_timeout(Some(Duration::from_secs(3))).unwrap();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    });
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(lab.mock().take_requests().is_empty());
    let record = seen[0].1.as_ref().expect("it is recorded");
    assert_eq!(record["request"]["faults"][0]["fault"], "interrupted", "{record:#}");
}

fn large_headers(stage: &mut Stage) {
    let text = body("hello");
    let large = format!(
        "POST {CHAT} HTTP/1.1\r\nhost: x\r\nx-note: {} {}\r\ncontent-length: {}\r\n\r\n{text}",
        "x".repeat(70_000),
        key(),
        text.len()
    );
    let lab = stage.http1();
    let address = lab.stack.envoy().listener();
    let (answer, _) = lab.overhear(|| send(address, large.as_bytes(), SILENCE));
    assert!(answer.starts_with(b"HTTP/1.1 431"), "{}", String::from_utf8_lossy(&answer));
    assert!(lab.mock().take_requests().is_empty());
    let wire = stage.wire();
    // Clients of HTTP/2 take no header of this size.
    wire.upstream.answer(format!(
        "HTTP/1.1 200 OK\r\nx-note: {} {}\r\ncontent-length: 0\r\n\r\n",
        "x".repeat(70_000),
        key()
    ));
    let seen = super::answers::ask(wire, &chat("hello")).expect("Envoy answers");
    assert!(seen.response.status == 200 && seen.action("response") == "redact", "{}", seen.access);
}

fn too_large(_: &mut Stage) {
    let mut wire = Wire::start(super::lengths::many_findings(), super::lengths::small_buffers());
    let request = chat(&(key() + &"x".repeat(3_000_000)));
    let address = wire.lab.stack.envoy().listener();
    let (response, seen) = wire.lab.witness(1, || request.send(address));
    assert_eq!(response.expect("an answer").status, 413);
    assert!(wire.upstream.captured().is_empty());
    assert_eq!(seen[0].1.as_ref().expect("it is recorded")["request"]["faults"][0]["fault"], "body_too_large");
    wire.lab.survived();
}
