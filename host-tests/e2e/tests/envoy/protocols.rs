//! What Weir cannot read is decided in the headers: other protocols, streams, encodings.

use super::{BOTH, CHAT, HTTP2, PLAIN, chat, policy, says};
use serde_json::json;
use std::time::Duration;
use weir_cli::Step;
use weir_cli::client::{Http, Request};
use weir_cli::mock::Reply;
use weir_e2e::raw::send;
use weir_e2e::{Lab, setup};

#[test]
fn grpc_is_refused_in_its_headers() {
    HTTP2.with(|lab| {
        let request =
            Request::new("POST", "/llm.Service/Generate").header("content-type", "application/grpc").http(Http::Two);
        for steps in [vec![], vec![Step::data(b"\0\0\0\0\x02hi".to_vec())]] {
            let seen = lab.play(&request.clone().steps(steps));
            assert!(seen.upstream.is_none());
            assert_eq!(
                (seen.action("request"), seen.faults("request")),
                ("block", vec!["grpc".to_owned()]),
                "{seen:#?}"
            );
            // Envoy says it the way that gRPC clients understand.
            assert_eq!(seen.response.status, 200);
            let status = seen.response.header("grpc-status");
            assert_eq!(status.as_deref(), Some("7"), "permission denied: {seen:#?}");
        }
    });
}

/// Upgrades and CONNECT reach Weir only where Envoy is told to accept them.
#[test]
fn upgrades_and_connect_are_refused_in_their_headers() {
    let mut setup = setup(policy(json!({})));
    let upgrades = "codec_type: AUTO\n          upgrade_configs: [{upgrade_type: websocket}, {upgrade_type: CONNECT}]\n          \
                    http2_protocol_options: {allow_connect: true}\n          #";
    setup.bootstrap_changes.push(("codec_type: AUTO #".into(), upgrades.into()));
    let connect = "- match: {connect_matcher: {}}\n                route: {cluster: upstream, upgrade_configs: [{upgrade_type: \
                   CONNECT, connect_config: {}}]}\n              - match: {prefix: /}";
    setup.bootstrap_changes.push(("- match: {prefix: /}".into(), connect.into()));
    let mut lab = Lab::start(setup);
    let address = lab.stack.envoy().listener();
    let upgrade = "GET /chat HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                   sec-websocket-key: MDEyMzQ1Njc4OTAxMjM0NQ==\r\n\r\n";
    let connect = "CONNECT db.internal:5432 HTTP/1.1\r\nhost: db.internal:5432\r\n\r\n";
    for bytes in [upgrade, connect] {
        let (answer, seen) = lab.witness(1, || send(address, bytes.as_bytes(), Duration::from_millis(500)));
        let record = seen[0].1.as_ref().unwrap_or_else(|| panic!("no record: {seen:#?}"));
        assert_eq!(record["request"]["action"], "block", "{record:#}");
        assert_eq!(record["request"]["faults"][0]["fault"], "upgrade");
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("uninspectable_request"), "{answer}");
        assert!(lab.mock().take_requests().is_empty());
    }
    lab.survived();
}

#[test]
fn an_upgrade_that_envoy_does_not_accept_is_envoys() {
    PLAIN.with(|lab| {
        let address = lab.stack.envoy().listener();
        let upgrade = "GET /chat HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
        let (answer, _) = lab.witness(1, || send(address, upgrade.as_bytes(), Duration::from_millis(500)));
        assert!(answer.starts_with(b"HTTP/1.1 403"), "{}", String::from_utf8_lossy(&answer));
        assert!(lab.mock().take_requests().is_empty());
    });
}

#[test]
fn what_cannot_be_read_is_refused() {
    PLAIN.with(|lab| {
        for http in BOTH {
            let requests = [
                (chat("hello").header("content-encoding", "br"), "content_encoding"),
                (Request::new("POST", CHAT).header("content-type", "image/png").body("x"), "opaque_body"),
                (Request::json(CHAT, b"{\"a\": \"\xff\"}".to_vec()), "invalid_utf8"),
                (Request::json(CHAT, "{\"a\": "), "invalid_json"),
            ];
            for (request, fault) in requests {
                let seen = lab.play(&request.http(http));
                seen.assert_refused_for("request", fault);
                assert!(seen.upstream.is_none());
                assert_eq!(seen.response.json()["error"]["code"], "uninspectable_request");
            }
            let replies = [
                (Reply::json(200, "\u{1f}\u{8b}").header("content-encoding", "gzip"), "content_encoding"),
                (Reply::new(200).header("content-type", "audio/mpeg").steps(vec![Step::data("x")]), "opaque_body"),
                (says("").steps(vec![Step::data(b"{\"a\": \"\xff\"}".to_vec())]), "invalid_utf8"),
            ];
            for (reply, fault) in replies {
                lab.mock().respond_with(reply);
                let seen = lab.play(&chat("hello").http(http));
                seen.assert_refused_for("response", fault);
                assert_eq!(seen.response.json()["error"]["code"], "uninspectable_answer");
                assert_eq!(seen.response.header("content-encoding"), None, "the refusal itself is plain");
            }
        }
    });
}
