//! The very bytes that Envoy writes, where a wrong content-length would be a hang or a smuggled request.

use super::{CHAT, EQUAL, LONG, MASK, SHORT, body, completion, policy};
use serde_json::json;
use std::time::Duration;
use weir_cli::client::{Http, Request};
use weir_cli::envoy::Upstream;
use weir_e2e::raw::{Act, RawUpstream, content_length, head_length, send};
use weir_e2e::{Lab, Seen, setup};

fn answer(body: &str) -> Vec<u8> {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
    format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn before(upstream: &RawUpstream) -> Lab {
    let mut setup = setup(policy(json!({})));
    let (host, port) = (upstream.address().ip().to_string(), upstream.address().port());
    setup.upstream = Some(Upstream { host, port, tls: false, http2: false });
    Lab::start(setup)
}

#[test]
fn rewritten_messages_are_as_long_as_they_say() {
    let upstream = RawUpstream::start();
    let mut lab = before(&upstream);
    for (word, what) in [(LONG, "shorter"), (EQUAL, "as long"), (SHORT, "longer"), ("plain", "unchanged")] {
        let sent = word.to_owned() + " and " + word;
        let due = if word == "plain" { sent.clone() } else { format!("{MASK} and {MASK}") };
        for http in [Http::One, Http::Two] {
            for pieces in [1, 5] {
                upstream.then(Act::Answer(answer(&completion(&sent))));
                let mut request = Request::json(CHAT, body(&sent)).http(http);
                if pieces > 1 {
                    let text = body(&sent).into_bytes();
                    request.body =
                        text.chunks(text.len() / pieces).map(|piece| weir_cli::Step::data(piece.to_vec())).collect();
                }
                let seen: Seen = lab.play(&request);
                let captured = upstream.captured();
                let head = head_length(&captured).expect("a whole head");
                let (head, rest) = captured.split_at(head);
                let told = format!("{what}, {http:?}, {pieces} pieces\n{}", String::from_utf8_lossy(&captured));
                if pieces == 1 {
                    assert_eq!(String::from_utf8_lossy(rest), body(&due), "{told}");
                    assert_eq!(content_length(head), Some(rest.len()), "{told}");
                } else {
                    assert_eq!(unchunked(head, rest), body(&due), "{told}");
                }
                assert_eq!(seen.response.text(), completion(&due), "{told}");
                assert_eq!(seen.response.header("content-length"), Some(completion(&due).len().to_string()), "{told}");
            }
        }
    }
    lab.survived();
}

/// A body without a length comes in chunks; nothing may follow the last one.
fn unchunked(head: &[u8], mut rest: &[u8]) -> String {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    if let Some(length) = content_length(head.as_bytes()) {
        assert_eq!(length, rest.len(), "{head}");
        return String::from_utf8_lossy(rest).into_owned();
    }
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    let mut text = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n").expect("a chunk has a length");
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).expect("a length is in hex");
        rest = &rest[end + 2..];
        text.extend_from_slice(&rest[..size]);
        assert_eq!(&rest[size..size + 2], b"\r\n");
        rest = &rest[size + 2..];
        if size == 0 {
            assert!(rest.is_empty(), "{} bytes follow the last chunk", rest.len());
            return String::from_utf8(text).unwrap();
        }
    }
}

/// One connection, several requests: a redacted, a blocked and a large one must not shift what comes after them.
#[test]
fn a_connection_stays_in_step() {
    super::PLAIN.with(|lab| {
        let one = |text: &str, last: bool| {
            let body = body(text);
            let close = if last { "connection: close\r\n" } else { "" };
            let head = format!("POST {CHAT} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{close}");
            format!("{head}content-length: {}\r\n\r\n{body}", body.len())
        };
        let large = "plain words ".repeat(20_000);
        let texts = [LONG, "forbidden", SHORT, large.as_str(), "one", "forbidden", "two"];
        let bytes: String = texts.iter().enumerate().map(|(i, text)| one(text, i + 1 == texts.len())).collect();
        let address = lab.stack.envoy().listener();
        let (answer, seen) = lab.witness(texts.len(), || send(address, bytes.as_bytes(), Duration::from_secs(10)));
        let actions: Vec<&str> =
            seen.iter().map(|(_, record)| record.as_ref().unwrap()["request"]["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["redact", "block", "redact", "allow", "allow", "block", "allow"]);
        let text = String::from_utf8(answer).unwrap();
        let statuses: Vec<&str> = text.split("HTTP/1.1 ").skip(1).map(|part| &part[..3]).collect();
        assert_eq!(statuses, ["200", "403", "200", "200", "200", "403", "200"]);
        assert_eq!(lab.mock().take_requests().len(), 5);
    });
}

/// An answer that is sent by Weir in full has the upstream's headers, each once, and none that speak of the old body.
#[test]
fn a_grown_answer_has_the_headers_of_the_upstream() {
    super::PLAIN.with(|lab| {
        for http in super::BOTH {
            let reply = super::says("zax zax zax").header("x-ratelimit-remaining", "7").header("etag", "\"old\"");
            lab.mock().respond_with(reply.header("set-cookie", "a=1").header("set-cookie", "b=2"));
            let seen = lab.play(&super::chat("hello").http(http));
            assert_eq!((seen.response.status, seen.action("response")), (200, "redact"), "{seen:#?}");
            assert_eq!(seen.response.text(), completion(&format!("{MASK} {MASK} {MASK}")));
            assert_eq!(seen.response.header("x-ratelimit-remaining").as_deref(), Some("7"));
            assert_eq!(seen.response.header("etag"), None);
            let count = |name: &str| seen.response.headers.iter().filter(|(known, _)| known == name).count();
            assert_eq!(count("set-cookie"), 2, "{seen:#?}");
            for name in ["content-type", "content-length", "server", "date", "x-ratelimit-remaining"] {
                assert_eq!(count(name), 1, "{name}: {seen:#?}");
            }
        }
    });
}
