//! After a rewrite the length that a message tells is its length: read from raw sockets on both sides, since a wrong one is a
//! client that hangs or a request that is smuggled.

use super::stage::{SILENCE, Stage, Wire};
use super::{BOTH, CHAT, PLACEHOLDER, Trick, body, chat, completion, key, policy, run};
use serde_json::json;
use weir_cli::Step;
use weir_cli::client::{Http, Request};
use weir_cli::mock::Reply;
use weir_e2e::raw::{content_length, head_length, send};

pub(crate) const TRICKS: &[Trick] = &[
    Trick {
        area: "framing",
        trick: "a redaction that makes a message shorter, longer or leaves its length",
        outcome: "redacted, content-length is true",
        run: captured,
    },
    Trick {
        area: "framing",
        trick: "HTTP/2 with a content-length that is not the body's",
        outcome: "reset by Envoy",
        run: http2_mismatch,
    },
    Trick {
        area: "framing",
        trick: "an HTTP/2 answer with a content-length that is not the body's",
        outcome: "nothing of it is delivered",
        run: http2_answer_mismatch,
    },
    Trick {
        area: "framing",
        trick: "an answer that grows past what Envoy buffers by redaction",
        outcome: "redacted, Envoy lives",
        run: growth,
    },
    Trick {
        area: "framing",
        trick: "a request that grows past what Envoy buffers by redaction",
        outcome: "refused by Envoy (413)",
        run: request_growth,
    },
];

#[test]
fn lengths() {
    run(TRICKS);
}

/// Texts and what becomes of them: shorter, longer, as long (an eight-letter word masked), unchanged.
fn texts() -> [(String, String); 4] {
    let as_long = "x".repeat(8);
    [
        (format!("{0} {0}", key()), format!("{PLACEHOLDER} {PLACEHOLDER}")),
        ("zax".to_owned(), "********".to_owned()),
        ("mandolin".to_owned(), "********".to_owned()),
        (as_long.clone(), as_long),
    ]
}

fn with_a_word_as_long_as_its_mask() -> String {
    policy(|policy| policy["detectors"]["custom"][0]["keywords"] = json!(["zax", "mandolin"]))
}

fn captured(_: &mut Stage) {
    let mut wire = Wire::start(with_a_word_as_long_as_its_mask(), Vec::new());
    for (text, due) in texts() {
        for http in BOTH {
            let answer = completion(&text);
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\n";
            wire.upstream.answer(format!("{head}content-length: {}\r\n\r\n{answer}", answer.len()));
            let address = wire.lab.stack.envoy().listener();
            let (response, _) = wire.lab.witness(1, || chat(&text).http(http).send(address));
            let response = response.expect("an answer");
            assert_eq!(response.text(), completion(&due), "{http:?}");
            assert_eq!(response.header("content-length"), Some(completion(&due).len().to_string()));
            exact(&wire.upstream.captured().remove(0), &body(&due));
        }
        // The answer, as it is on the client's socket.
        let answer = completion(&text);
        wire.upstream.answer(format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{answer}",
            answer.len()
        ));
        let address = wire.lab.stack.envoy().listener();
        let bytes = format!("GET {CHAT} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        let (answer, _) = wire.lab.witness(1, || send(address, bytes.as_bytes(), SILENCE));
        wire.upstream.captured();
        exact(&String::from_utf8(answer).unwrap(), &completion(&due));
    }
    wire.lab.survived();
}

/// A whole message: its head tells the length of exactly this body, and nothing follows.
fn exact(message: &str, body: &str) {
    let head = head_length(message.as_bytes()).expect("a whole head");
    assert_eq!(&message[head..], body, "{message}");
    assert_eq!(content_length(&message.as_bytes()[..head]), Some(body.len()), "{message}");
}

fn http2_mismatch(stage: &mut Stage) {
    let lab = stage.http2();
    let text = body(&key());
    for length in [text.len() - 4, text.len() + 4, 0] {
        let request = Request::new("POST", CHAT).http(Http::Two).header("content-type", "application/json");
        let request = request.header("content-length", length.to_string());
        let steps = text.as_bytes().chunks(30).map(|piece| Step::data(piece.to_vec())).collect();
        let address = lab.stack.envoy().listener();
        let (response, _) = lab.overhear(|| request.steps(steps).send(address));
        let refused = response.as_ref().map_or(true, |response| response.status >= 400 || response.broken.is_some());
        assert!(refused, "{length}: {response:?}");
        assert!(lab.mock().take_requests().is_empty(), "{length}");
    }
}

fn http2_answer_mismatch(stage: &mut Stage) {
    let lab = stage.http2();
    let text = completion(&key());
    for length in [text.len() - 4, text.len() + 4] {
        let steps = text.as_bytes().chunks(30).map(|piece| Step::data(piece.to_vec())).collect();
        let reply =
            Reply::new(200).header("content-type", "application/json").header("content-length", length.to_string());
        lab.mock().respond_with(reply.steps(steps));
        let address = lab.stack.envoy().listener();
        let (response, seen) = lab.overhear(|| chat("hello").http(Http::Two).send(address));
        if let Ok(response) = response {
            assert!(response.status >= 500 || response.broken.is_some(), "{length}: {response:?} {seen:?}");
            assert!(!response.text().contains("assistant"), "{response:?}");
        }
    }
}

/// Envoy's default buffer limit of 1 MiB under Weir's own limits.
pub(crate) fn small_buffers() -> Vec<(String, String)> {
    vec![("    per_connection_buffer_limit_bytes: 33554432\n".into(), String::new())]
}

pub(crate) fn many_findings() -> String {
    policy(|policy| policy["limits"]["findings"] = json!(100_000))
}

const MIB: usize = 1_048_576;

fn growth(_: &mut Stage) {
    let mut wire = Wire::start(many_findings(), small_buffers());
    grow(&mut wire);
    wire.lab.survived();
}

/// Answers around the limit of Envoy that grow beyond it.
pub(crate) fn grow(wire: &mut Wire) {
    for size in [MIB - 5, MIB - 1, 900_000] {
        for http in BOTH {
            let zax = "zax ".repeat(if size < MIB - 5 { 40_000 } else { 1 });
            let filler = "x".repeat(size - completion(&zax).len());
            let (sent, due) =
                (completion(&(zax.clone() + &filler)), completion(&(zax.replace("zax", "********") + &filler)));
            wire.upstream.answer(format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{sent}", sent.len()));
            let address = wire.lab.stack.envoy().listener();
            let (response, seen) = wire.lab.witness(1, || chat("hello").http(http).send(address));
            let response = response.expect("an answer");
            assert!(
                response.status == 200 && response.text() == due,
                "{size} {http:?}: {} {:?}",
                response.status,
                seen[0].0
            );
            assert_eq!(response.header("content-length"), Some(due.len().to_string()));
            wire.upstream.captured();
        }
    }
}

fn request_growth(_: &mut Stage) {
    let mut wire = Wire::start(many_findings(), small_buffers());
    let zax = "zax ".repeat(50_000);
    let request = chat(&(zax.clone() + &"x".repeat(MIB - 1 - body(&zax).len())));
    let address = wire.lab.stack.envoy().listener();
    let (response, _) = wire.lab.witness(1, || request.send(address));
    assert_eq!(response.expect("an answer").status, 413);
    assert!(wire.upstream.captured().is_empty());
    wire.lab.survived();
}
