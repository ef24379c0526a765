//! Exchanges that break: resets, clients that leave, upstreams that are not there, and answers of the proxy itself.

use super::{BOTH, CHAT, HTTP2, PLAIN, body, chat, completion, policy, says};
use serde_json::json;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::{Duration, Instant};
use weir_cli::Step;
use weir_cli::client::Request;
use weir_cli::envoy::Upstream;
use weir_cli::mock::Reply;
use weir_e2e::raw::{Act, RawUpstream};
use weir_e2e::{Lab, setup};

#[test]
fn an_upstream_that_breaks_off_inside_its_answer() {
    for lab in [&PLAIN, &HTTP2] {
        lab.with(|lab| {
            for http in BOTH {
                let half = completion("half of an answer");
                let half = half[..half.len() / 2].to_owned();
                lab.mock().respond_with(Reply::json(200, "").steps(vec![
                    Step::data(half),
                    Step::Wait(Duration::from_millis(20)),
                    Step::Reset,
                ]));
                // Retries are not configured: a client sees what happened.
                let address = lab.stack.envoy().listener();
                let (response, seen) = lab.witness(1, || chat("hello").http(http).send(address));
                let leaked = response.as_ref().is_ok_and(|response| response.text().contains("half"));
                assert!(!leaked, "what was held back leaked: {response:?}");
                let status = response.map_or(0, |response| if response.broken.is_some() { 0 } else { response.status });
                assert!(status == 0 || status >= 500, "{status}: {seen:#?}");
                let record = seen[0].1.as_ref().expect("the request was decided");
                assert_eq!(record["request"]["action"], "allow");
                assert_ne!(
                    record["response"]["action"], "allow",
                    "an answer was called inspected that never was complete"
                );
            }
        });
    }
}

#[test]
fn an_upstream_that_closes_before_its_answer_or_is_gone() {
    let upstream = RawUpstream::start();
    let mut setup = setup(policy(json!({})));
    let (host, port) = (upstream.address().ip().to_string(), upstream.address().port());
    setup.upstream = Some(Upstream { host, port, tls: false, http2: false });
    let mut lab = Lab::start(setup);
    let by_proxy = |lab: &mut Lab, request: &Request, status: u16| {
        let seen = lab.play(request);
        assert_eq!(seen.response.status, status, "{seen:#?}");
        let record = seen.record.as_ref().expect("the request was decided");
        assert_eq!(
            (&record["answered_by"], &record["request"]["action"]),
            (&json!("proxy"), &json!("allow")),
            "{seen:#?}"
        );
        assert_eq!(record["response"], json!(null));
        assert!(seen.response.text().contains("upstream connect error"), "Envoy's words pass: {seen:#?}");
    };
    for http in BOTH {
        upstream.then(Act::Close(Vec::new()));
        by_proxy(&mut lab, &chat("hello").http(http), 503);
        upstream.then(Act::Close(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec()));
        by_proxy(&mut lab, &chat("hello").http(http), 502);
        upstream.then(Act::Close(b"this is not HTTP\r\n\r\n".to_vec()));
        by_proxy(&mut lab, &chat("hello").http(http), 502);
    }
    drop(upstream);
    for http in BOTH {
        by_proxy(&mut lab, &chat("hello").http(http), 503);
        by_proxy(&mut lab, &Request::new("GET", "/v1/models").http(http), 503);
    }
    // What is refused is refused whether or not there is an upstream.
    lab.play(&chat("forbidden")).assert_told("request");
    lab.survived();
}

/// A cluster without a healthy host: Envoy answers by itself, and its words pass.
#[test]
fn no_healthy_upstream() {
    let mut setup = setup(policy(json!({})));
    // A port that is taken but not listened on: a health check of it fails at once.
    let reserved = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = reserved.local_addr().unwrap().port();
    drop(reserved);
    setup.upstream = Some(Upstream { host: "127.0.0.1".into(), port, tls: false, http2: false });
    let check = "  - name: upstream\n    common_lb_config: {healthy_panic_threshold: {value: 0}}\n    health_checks:\n    - {timeout: 1s, \
                 interval: 0.2s, unhealthy_threshold: 1, healthy_threshold: 1, tcp_health_check: {}}\n    type: LOGICAL_DNS";
    setup.bootstrap_changes.push(("  - name: upstream\n    type: LOGICAL_DNS".into(), check.into()));
    let mut lab = Lab::start(setup);
    let begin = Instant::now();
    let seen = loop {
        let seen = lab.play(&chat("hello"));
        if seen.access["flags"] == "UH" || begin.elapsed() > Duration::from_secs(10) {
            break seen;
        }
    };
    assert_eq!((seen.response.status, seen.response.text().as_str()), (503, "no healthy upstream"), "{seen:#?}");
    let record = seen.record.as_ref().unwrap();
    assert_eq!((&record["answered_by"], &record["status"]), (&json!("proxy"), &json!(503)));
    lab.survived();
}

#[test]
fn clients_that_leave_while_they_are_held() {
    PLAIN.with(|lab| {
        let address = lab.stack.envoy().listener();
        // In the middle of the request: nothing was decided, nothing is recorded, nothing went on.
        let (_, seen) = lab.witness(1, || {
            let mut stream = TcpStream::connect(address).unwrap();
            let head =
                format!("POST {CHAT} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000");
            stream.write_all(format!("{head}\r\n\r\n{}", body("half")).as_bytes()).unwrap();
            std::thread::sleep(Duration::from_millis(20));
        });
        assert_eq!(seen[0].1, None, "{seen:#?}");
        assert!(lab.mock().take_requests().is_empty());
        // In the middle of the answer: the request was decided.
        let wait = Step::Wait(Duration::from_millis(300));
        lab.mock().respond_with(says("").steps(vec![Step::data("{\"id\":"), wait, Step::data("1}")]));
        let (_, seen) = lab.witness(1, || {
            let mut stream = TcpStream::connect(address).unwrap();
            let body = body("hello");
            let head = format!(
                "POST {CHAT} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}",
                body.len()
            );
            stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).unwrap();
            // Long enough for the answer to have begun, shorter than it takes.
            std::thread::sleep(Duration::from_millis(100));
        });
        let record = seen[0].1.as_ref().expect("the request was decided");
        assert_eq!((&record["request"]["action"], &record["response"]), (&json!("allow"), &json!(null)));
        assert_eq!(lab.play(&chat("hello")).response.status, 200);
    });
}
