//! Answers whose bytes two readers may cut differently, and those that come when none is due.

use super::stage::{SILENCE, Stage, Wire};
use super::{BOTH, CHAT, PLACEHOLDER, Trick, body, chat, completion, event, key, policy, run, statuses};
use serde_json::json;
use std::io::{Read, Write};
use std::time::Duration;
use weir_cli::client::Request;
use weir_e2e::Seen;
use weir_e2e::raw::send;

pub(crate) const TRICKS: &[Trick] = &[
    Trick {
        area: "framing",
        trick: "an answer longer than its content-length",
        outcome: "the rest is dropped with the connection",
        run: longer,
    },
    Trick {
        area: "framing",
        trick: "an answer shorter than its content-length",
        outcome: "nothing of it is delivered",
        run: shorter,
    },
    Trick {
        area: "framing",
        trick: "an answer with content-length and transfer-encoding, or two lengths",
        outcome: "refused by Envoy (502)",
        run: two_lengths,
    },
    Trick {
        area: "framing",
        trick: "an answer in chunks of wrong sizes",
        outcome: "nothing of it is delivered",
        run: chunk_sizes,
    },
    Trick {
        area: "framing",
        trick: "an answer that ends with its connection, also of HTTP/1.0",
        outcome: "redacted",
        run: until_closed,
    },
    Trick {
        area: "framing",
        trick: "two answers to one request",
        outcome: "the second reaches nobody",
        run: two_answers,
    },
    Trick { area: "framing", trick: "204 and 304 with a body", outcome: "the body is dropped", run: no_content },
    Trick {
        area: "framing",
        trick: "HEAD answered with a content-length, and with a body",
        outcome: "the body is dropped",
        run: head,
    },
    Trick {
        area: "framing",
        trick: "text in the headers of 100, 102 and 103 before the answer",
        outcome: "dropped by Envoy, the answer redacted",
        run: informational,
    },
    Trick {
        area: "framing",
        trick: "101 that nobody asked for",
        outcome: "refused, nothing behind it is delivered",
        run: unasked_switch,
    },
    Trick {
        area: "framing",
        trick: "text in chunk extensions, trailers, the reason or a folded header of an answer",
        outcome: "dropped or redacted",
        run: around_the_body,
    },
    Trick { area: "framing", trick: "an answer before the request has ended", outcome: "redacted", run: early },
    Trick {
        area: "framing",
        trick: "an answer to a request that was refused",
        outcome: "the upstream never hears of it",
        run: after_a_refusal,
    },
];

#[test]
fn answers() {
    run(TRICKS);
}

/// Whatever the upstream writes, the client sees no key.
pub(crate) fn ask(wire: &mut Wire, request: &Request) -> Option<Seen> {
    let address = wire.lab.stack.envoy().listener();
    let (response, mut seen) = wire.lab.witness(1, || request.send(address));
    wire.upstream.captured();
    let (access, record) = seen.remove(0);
    let response = response.ok()?;
    let headers: String =
        response.headers.iter().map(|(_, value)| String::from_utf8_lossy(value).into_owned()).collect();
    assert!(!response.text().contains(&key()) && !headers.contains(&key()), "{response:?}");
    Some(Seen { response, upstream: None, record, access })
}

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

fn counted(text: &str) -> String {
    format!("{HEAD}content-length: {}\r\n\r\n{text}", text.len())
}

fn redacted() -> String {
    completion(PLACEHOLDER)
}

fn longer(stage: &mut Stage) {
    let wire = stage.wire();
    for http in BOTH {
        wire.upstream.answer(counted(&completion("hello")) + &key() + &"x".repeat(5_000));
        let seen = ask(wire, &chat("hello").http(http)).expect("the answer is whole");
        assert_eq!((seen.response.status, seen.response.text()), (200, completion("hello")));
        wire.upstream.answer(counted(&completion("next")));
        assert_eq!(ask(wire, &chat("hello").http(http)).unwrap().response.text(), completion("next"));
    }
}

fn shorter(stage: &mut Stage) {
    let wire = stage.wire();
    let text = completion(&key());
    for http in BOTH {
        wire.upstream.answer_and_close(format!("{HEAD}content-length: {}\r\n\r\n{text}", text.len() + 10));
        if let Some(seen) = ask(wire, &chat("hello").http(http)) {
            assert!(seen.response.status >= 500 || seen.response.broken.is_some(), "{seen:#?}");
            assert!(!seen.response.text().contains("assistant"), "{seen:#?}");
        }
    }
}

fn by_envoy(stage: &mut Stage, answer: &str) {
    let wire = stage.wire();
    for http in BOTH {
        wire.upstream.answer(answer);
        let seen = ask(wire, &chat("hello").http(http)).expect("Envoy answers");
        assert_eq!(
            (seen.response.status, &seen.record.as_ref().unwrap()["answered_by"]),
            (502, &json!("proxy")),
            "{answer}\n{seen:#?}"
        );
    }
}

fn two_lengths(stage: &mut Stage) {
    let text = completion(&key());
    let length = text.len();
    by_envoy(stage, &format!("{HEAD}content-length: {length}\r\ncontent-length: 4\r\n\r\n{text}"));
    by_envoy(
        stage,
        &format!(
            "{HEAD}content-length: {length}\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n{text}\r\n0\r\n\r\n"
        ),
    );
    by_envoy(stage, &format!("{HEAD}transfer-encoding: gzip\r\n\r\n{text}"));
}

fn chunk_sizes(stage: &mut Stage) {
    let wire = stage.wire();
    let text = completion(&key());
    for size in ["zz".to_owned(), format!("FFFFFFFFFFFFFFFF{:x}", text.len()), format!("{:x}", text.len() - 3)] {
        for http in BOTH {
            wire.upstream.answer(format!("{HEAD}transfer-encoding: chunked\r\n\r\n{size}\r\n{text}\r\n0\r\n\r\n"));
            if let Some(seen) = ask(wire, &chat("hello").http(http)) {
                assert!(seen.response.status >= 400 || seen.response.broken.is_some(), "{size} {seen:#?}");
                assert!(!seen.response.text().contains("assistant"), "{seen:#?}");
            }
        }
    }
}

fn until_closed(stage: &mut Stage) {
    let wire = stage.wire();
    for version in ["1.1", "1.0"] {
        for http in BOTH {
            let head = HEAD.replacen("1.1", version, 1);
            wire.upstream.answer_and_close(format!("{head}\r\n{}", completion(&key())));
            let seen = ask(wire, &chat("hello").http(http)).expect("the answer is whole");
            assert_eq!((seen.response.status, seen.response.text()), (200, redacted()), "{version}");
        }
    }
}

fn two_answers(stage: &mut Stage) {
    let wire = stage.wire();
    wire.upstream.answer(counted(&completion("first")) + &counted(&completion(&format!("second {}", key()))));
    wire.upstream.answer(counted(&completion("third")));
    let address = wire.lab.stack.envoy().listener();
    let one = |close: &str| {
        let text = body("hello");
        let head = format!("POST {CHAT} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{close}");
        format!("{head}content-length: {}\r\n\r\n{text}", text.len())
    };
    let bytes = one("") + &one("connection: close\r\n");
    let (answer, _) = wire.lab.witness(2, || send(address, bytes.as_bytes(), Duration::from_secs(5)));
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.contains("first") && answer.contains("third") && !answer.contains("second"), "{answer}");
    assert_eq!(statuses(&answer), ["200", "200"]);
    assert_eq!(wire.upstream.captured().len(), 2);
}

fn no_content(stage: &mut Stage) {
    let wire = stage.wire();
    for status in ["204 No Content", "304 Not Modified"] {
        for length in [true, false] {
            for http in BOTH {
                let text = completion(&key());
                let line = if length { format!("content-length: {}\r\n", text.len()) } else { String::new() };
                let answer = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{line}\r\n{text}");
                wire.upstream.answer(answer);
                let seen = ask(wire, &Request::new("GET", "/v1/models").http(http)).expect("an answer");
                assert!(seen.response.text().is_empty() || seen.response.status == 502, "{seen:#?}");
                wire.upstream.answer(counted(&completion("next")));
                let next = ask(wire, &chat("hello").http(http)).expect("an answer");
                assert_eq!(next.response.text(), completion("next"));
            }
        }
    }
}

fn head(stage: &mut Stage) {
    let wire = stage.wire();
    for http in BOTH {
        let text = completion(&key());
        wire.upstream.answer(counted(&text));
        let seen = ask(wire, &Request::new("HEAD", "/v1/models").http(http)).expect("an answer");
        assert_eq!((seen.response.status, seen.response.body().len()), (200, 0), "{seen:#?}");
        assert_eq!(seen.response.header("content-length"), Some(text.len().to_string()), "what a GET would have had");
    }
}

fn informational(stage: &mut Stage) {
    let wire = stage.wire();
    for status in ["100 Continue", "102 Processing", "103 Early Hints"] {
        for http in BOTH {
            let hint = format!("HTTP/1.1 {status}\r\nlink: <{}>; rel=preload\r\n\r\n", key());
            wire.upstream.answer(hint + &counted(&completion(&key())));
            let Some(seen) = ask(wire, &chat("hello").http(http)) else { panic!("no answer after {status}") };
            let redacted = (seen.response.status, seen.response.text()) == (200, redacted());
            assert!(redacted, "{status} {seen:#?}");
        }
    }
}

fn unasked_switch(stage: &mut Stage) {
    let wire = stage.wire();
    for http in BOTH {
        wire.upstream.answer_and_close(format!(
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n{}",
            key()
        ));
        if let Some(seen) = ask(wire, &chat("hello").http(http)) {
            assert!(matches!(seen.response.status, 403 | 502 | 503), "{seen:#?}");
        }
    }
}

fn around_the_body(stage: &mut Stage) {
    let wire = stage.wire();
    for http in BOTH {
        let text = completion(&key());
        let reason = HEAD.replacen("OK", &key(), 1);
        let bytes = format!(
            "{reason}x-note: one\r\n {}\r\ntrailer: x-after\r\ntransfer-encoding: chunked\r\n\r\n{:x};note={}\r\n{text}\r\n0\r\nx-after: {}\r\n\r\n",
            key(),
            text.len(),
            key(),
            key()
        );
        wire.upstream.answer(bytes);
        if let Some(seen) = ask(wire, &chat("hello").http(http)) {
            let redacted = (seen.response.status, seen.response.text()) == (200, redacted());
            assert!(redacted || seen.response.status == 502, "{seen:#?}");
        }
    }
    // The reason phrase, as the client sees it on its socket.
    wire.upstream.answer(counted(&completion("hello")).replacen("OK", &key(), 1));
    let address = wire.lab.stack.envoy().listener();
    let bytes = b"GET /v1/models HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let (answer, _) = wire.lab.witness(1, || send(address, bytes, SILENCE));
    wire.upstream.captured();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && !answer.contains(&key()), "{answer}");
}

/// Possible only where the policy lets a body stream by: else the upstream hears of nothing before its end.
fn early(_: &mut Stage) {
    let open = policy(|policy| {
        policy["limits"]["request_body"] = json!(100);
        policy["faults"]["body_too_large"] = json!("flag");
    });
    let mut wire = Wire::start(open, Vec::new());
    for streaming in [false, true] {
        let answer = if streaming {
            let events = event("it is ") + &event(&key()) + &event(" so") + "data: [DONE]\n\n";
            format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: {}\r\n\r\n{events}",
                events.len()
            )
        } else {
            counted(&completion(&key()))
        };
        wire.upstream.then(move |stream, _| {
            let _ = stream.write_all(answer.as_bytes());
            // The rest of the request is left unread for a while.
            std::thread::sleep(Duration::from_millis(300));
        });
        let address = wire.lab.stack.envoy().listener();
        let (answer, seen) = wire.lab.witness(1, || {
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            let head = format!(
                "POST {CHAT} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 4000\r\n\r\n"
            );
            stream.write_all((head + &"x".repeat(2_000)).as_bytes()).unwrap();
            let mut answer = Vec::new();
            stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
            let _ = stream.read_to_end(&mut answer);
            String::from_utf8_lossy(&answer).into_owned()
        });
        wire.upstream.captured();
        assert!(!answer.contains(&key()), "{answer}");
        assert!(answer.contains(PLACEHOLDER), "{answer} {seen:#?}");
        let record = seen[0].1.as_ref().expect("it is recorded");
        assert_eq!(
            (&record["request"]["inspected"], &record["response"]["action"]),
            (&json!("none"), &json!("redact")),
            "{record:#}"
        );
    }
    wire.lab.survived();
}

fn after_a_refusal(stage: &mut Stage) {
    let wire = stage.wire();
    for http in BOTH {
        wire.upstream.answer(counted(&completion(&key())));
        let address = wire.lab.stack.envoy().listener();
        let (response, _) = wire.lab.witness(1, || chat("forbidden").http(http).send(address));
        assert_eq!(response.expect("an answer").status, 403);
        assert!(wire.upstream.captured().is_empty(), "the upstream was asked");
    }
}
