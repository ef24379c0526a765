//! Requests whose bytes two readers may cut differently.

use super::stage::{SILENCE, Stage, poke};
use super::{CHAT, PLACEHOLDER, Trick, body, key, run, statuses};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use weir_cli::client::Request;

pub(crate) const TRICKS: &[Trick] = &[
    Trick {
        area: "framing",
        trick: "pipelined requests, the first longer than its content-length",
        outcome: "the rest is a request of its own, and judged",
        run: pipelined,
    },
    Trick {
        area: "framing",
        trick: "a body shorter than its content-length",
        outcome: "never sent on",
        run: short_body,
    },
    Trick {
        area: "framing",
        trick: "content-length and transfer-encoding at once",
        outcome: "refused by Envoy (400)",
        run: both_lengths,
    },
    Trick {
        area: "framing",
        trick: "two content-lengths, or one that is no number",
        outcome: "refused by Envoy (400)",
        run: two_lengths,
    },
    Trick {
        area: "framing",
        trick: "a transfer-encoding that is not chunked alone",
        outcome: "refused by Envoy",
        run: odd_encodings,
    },
    Trick {
        area: "framing",
        trick: "text in chunk extensions",
        outcome: "extensions dropped, the body redacted",
        run: chunk_extensions,
    },
    Trick {
        area: "framing",
        trick: "chunk sizes that are no hex, signed, too small or overflow",
        outcome: "refused by Envoy (400), or `invalid_json`",
        run: chunk_sizes,
    },
    Trick { area: "framing", trick: "a body in chunks of one byte", outcome: "redacted", run: tiny_chunks },
    Trick {
        area: "framing",
        trick: "text in a folded header line",
        outcome: "joined and redacted, or refused by Envoy",
        run: folded,
    },
    Trick {
        area: "framing",
        trick: "bare line feeds, or NUL and CR inside a header",
        outcome: "redacted, or refused by Envoy",
        run: line_ends,
    },
    Trick {
        area: "framing",
        trick: "a space before a colon or in a name, no host, two hosts",
        outcome: "refused by Envoy (400), or redacted",
        run: odd_heads,
    },
    Trick {
        area: "framing",
        trick: "text in trailers of HTTP/1.1 chunks",
        outcome: "dropped by Envoy",
        run: http1_trailers,
    },
    Trick {
        area: "framing",
        trick: "expect: 100-continue, the body withheld until then",
        outcome: "redacted, or blocked by rule",
        run: expect_and_wait,
    },
    Trick {
        area: "framing",
        trick: "expect: 100-continue, the body sent at once",
        outcome: "redacted, or blocked by rule",
        run: expect_at_once,
    },
    Trick {
        area: "framing",
        trick: "a body behind GET, HEAD, DELETE, OPTIONS or an unknown method",
        outcome: "redacted",
        run: methods,
    },
    Trick { area: "framing", trick: "the target as an absolute URL", outcome: "redacted", run: absolute_form },
    Trick {
        area: "framing",
        trick: "double and encoded slashes, dots and capitals in the path",
        outcome: "redacted, whatever dialect it is read as",
        run: paths,
    },
    Trick {
        area: "framing",
        trick: "text in the query or in an encoded path",
        outcome: "redacted in its encoding",
        run: targets,
    },
    Trick {
        area: "framing",
        trick: "an upgrade to HTTP/2 in the clear, with a body",
        outcome: "refused, or read as HTTP/1.1 and redacted",
        run: h2c,
    },
];

#[test]
fn requests() {
    run(TRICKS);
}

fn post(headers: &str, body: &str) -> String {
    format!("POST {CHAT} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{headers}\r\n{body}")
}

fn counted(body: &str) -> String {
    post(&format!("content-length: {}\r\n", body.len()), body)
}

/// With its trailing chunk.
fn chunks(pieces: &[&str]) -> String {
    let mut text: String = pieces.iter().map(|piece| format!("{:x}\r\n{piece}\r\n", piece.len())).collect();
    text += "0\r\n\r\n";
    text
}

fn redacted() -> String {
    body(PLACEHOLDER)
}

fn pipelined(stage: &mut Stage) {
    let lab = stage.http1();
    let blocked = counted(&body("forbidden"));
    let (answer, received) = poke(lab, &(counted(&body("hello")) + &counted(&body(&key())) + &blocked));
    assert_eq!(statuses(&answer), ["200", "200", "403"], "{answer}");
    assert_eq!(received.iter().map(|one| one.text()).collect::<Vec<_>>(), [body("hello"), redacted()]);
    // What stands behind a body and is no request ends the connection.
    let (answer, received) = poke(lab, &(counted(&body("hello")) + &key()));
    assert!(received.len() == 1 && answer.starts_with("HTTP/1.1 200") && !answer.contains(&key()), "{answer}");
}

fn short_body(stage: &mut Stage) {
    let (answer, received) = poke(stage.http1(), &post("content-length: 5000\r\n", &body(&key())));
    assert!(answer.is_empty() && received.is_empty(), "{answer} {received:?}");
    // What comes next on the connection is still body, and the whole is no JSON.
    let next = counted(&body("hello"));
    let first = body(&key());
    let bytes = post(&format!("content-length: {}\r\n", first.len() + next.len()), &first) + &next;
    let (answer, received) = poke(stage.http1(), &bytes);
    assert!(statuses(&answer) == ["403"] && received.is_empty(), "{answer}");
}

fn refused(stage: &mut Stage, requests: &[String]) {
    for bytes in requests {
        let (answer, received) = poke(stage.http1(), bytes);
        let status = statuses(&answer).first().map(|status| (*status).to_owned()).unwrap_or_default();
        assert!(matches!(status.as_str(), "400" | "501") && received.is_empty(), "{bytes}\n{answer} {received:?}");
    }
}

fn both_lengths(stage: &mut Stage) {
    let text = body(&key());
    let length = format!("content-length: {}\r\n", text.len());
    refused(
        stage,
        &[
            post(&(length.clone() + "transfer-encoding: chunked\r\n"), &chunks(&[&text])),
            post(&("transfer-encoding: chunked\r\n".to_owned() + &length), &chunks(&[&text])),
            post("content-length: 4\r\ntransfer-encoding: chunked\r\n", &chunks(&[&text])),
        ],
    );
}

fn two_lengths(stage: &mut Stage) {
    let text = body(&key());
    let with = |lines: &str| post(&lines.replace("LEN", &text.len().to_string()), &text);
    refused(
        stage,
        &[
            with("content-length: LEN\r\ncontent-length: 4\r\n"),
            with("content-length: 4\r\ncontent-length: LEN\r\n"),
            with("content-length: LEN, 4\r\n"),
            with("content-length: -LEN\r\n"),
            with("content-length: +LEN\r\n"),
            with("content-length: 0xLEN\r\n"),
            with("content-length: 18446744073709551999\r\n"),
        ],
    );
}

fn odd_encodings(stage: &mut Stage) {
    let text = chunks(&[&body(&key())]);
    let of = |value: &str| post(&format!("transfer-encoding: {value}\r\n"), &text);
    refused(
        stage,
        &[of("xchunked"), of("gzip, chunked"), of("chunked, identity"), of("identity"), of("chunked, chunked")],
    );
}

fn chunk_extensions(stage: &mut Stage) {
    let text = body(&key());
    let chunk = format!("{:x};note={}\r\n{text}\r\n0;{}\r\n\r\n", text.len(), key(), key());
    let (answer, received) = poke(stage.http1(), &post("transfer-encoding: chunked\r\n", &chunk));
    assert_eq!((statuses(&answer), received[0].text()), (vec!["200"], redacted()), "{answer}");
}

fn chunk_sizes(stage: &mut Stage) {
    let text = body(&key());
    let of = |size: &str| post("transfer-encoding: chunked\r\n", &format!("{size}\r\n{text}\r\n0\r\n\r\n"));
    let size = format!("{:x}", text.len());
    refused(
        stage,
        &[
            of("zz"),
            of(&format!("-{size}")),
            of(&format!("+{size}")),
            of(&format!("0x{size}")),
            of(&format!("FFFFFFFFFFFFFFFF{size}")),
            of(&format!("1000000000000000{size}")),
        ],
    );
    // A chunk that goes on after its size is cut there, so the rest is missing.
    let (answer, received) = poke(stage.http1(), &of(&format!("{:x}", text.len() - 3)));
    assert!(matches!(statuses(&answer)[0], "400" | "403") && received.is_empty(), "{answer}");
}

fn tiny_chunks(stage: &mut Stage) {
    let text = body(&key());
    let pieces: Vec<&str> = (0..text.len()).map(|at| &text[at..=at]).collect();
    let (answer, received) = poke(stage.http1(), &post("transfer-encoding: chunked\r\n", &chunks(&pieces)));
    assert_eq!((statuses(&answer), received[0].text()), (vec!["200"], redacted()));
}

/// Either nothing went on, or it went on without the key ([`poke`] looks for it).
fn refused_or_clean(stage: &mut Stage, requests: &[String]) {
    for bytes in requests {
        let (answer, received) = poke(stage.http1(), bytes);
        let status = statuses(&answer).first().map(|status| (*status).to_owned()).unwrap_or_default();
        let refused = received.is_empty() && matches!(status.as_str(), "400" | "403" | "501");
        assert!(refused || (status == "200" && received.len() == 1), "{bytes}\n{answer} {received:?}");
    }
}

fn folded(stage: &mut Stage) {
    let text = body("hello");
    let length = text.len();
    refused_or_clean(
        stage,
        &[
            post(&format!("x-note: one\r\n {}\r\ncontent-length: {length}\r\n", key()), &text),
            post(&format!("content-length: {length}\r\nx-note: one\r\n\t{}\r\n", key()), &text),
        ],
    );
}

fn line_ends(stage: &mut Stage) {
    let bare = counted(&body(&key())).replace("\r\n", "\n");
    let text = body("hello");
    let with = |value: &str| post(&format!("x-note: {value}\r\ncontent-length: {}\r\n", text.len()), &text);
    refused_or_clean(
        stage,
        &[bare, with(&format!("a \0 {}", key())), with(&format!("a \r {}", key())), with(&format!("a \n {}", key()))],
    );
}

fn odd_heads(stage: &mut Stage) {
    let text = body(&key());
    let length = format!("content-length: {}\r\n", text.len());
    let without_host = counted(&text).replacen("host: x\r\n", "", 1);
    refused(
        stage,
        &[
            post(&format!("content-length : {}\r\n", text.len()), &text),
            post(&format!("{length}x note: a\r\n"), &text),
            without_host,
        ],
    );
    refused_or_clean(stage, &[post(&format!("host: y\r\n{length}"), &text)]);
}

fn http1_trailers(stage: &mut Stage) {
    let text = body(&key());
    let chunk = format!("{:x}\r\n{text}\r\n0\r\nx-note: {}\r\n\r\n", text.len(), key());
    let (answer, received) = poke(stage.http1(), &post("trailer: x-note\r\ntransfer-encoding: chunked\r\n", &chunk));
    assert_eq!((statuses(&answer), received[0].text()), (vec!["200"], redacted()), "{answer}");
    assert!(received[0].trailers.is_empty());
}

fn expect_and_wait(stage: &mut Stage) {
    for (text, expected) in [(body(&key()), "200"), (body("forbidden"), "403")] {
        let lab = stage.http1();
        let address = lab.stack.envoy().listener();
        let (answer, _) = lab.overhear(|| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            let head = post(&format!("expect: 100-continue\r\ncontent-length: {}\r\n", text.len()), "");
            stream.write_all(head.as_bytes()).unwrap();
            let mut told = [0; 1024];
            let count = stream.read(&mut told).unwrap();
            let told = String::from_utf8_lossy(&told[..count]).into_owned();
            assert_eq!(statuses(&told), ["100"], "{told}");
            stream.write_all(text.as_bytes()).unwrap();
            let mut answer = Vec::new();
            stream.set_read_timeout(Some(SILENCE)).unwrap();
            let _ = stream.read_to_end(&mut answer);
            String::from_utf8_lossy(&answer).into_owned()
        });
        assert_eq!(statuses(&answer), [expected], "{answer}");
        let received = lab.mock().take_requests();
        let texts: Vec<String> = received.iter().map(|one| one.text()).collect();
        assert_eq!(texts, if expected == "200" { vec![redacted()] } else { Vec::new() });
    }
}

fn expect_at_once(stage: &mut Stage) {
    let expecting = |text: &str| post(&format!("expect: 100-continue\r\ncontent-length: {}\r\n", text.len()), text);
    let (answer, received) = poke(stage.http1(), &expecting(&body(&key())));
    assert_eq!((statuses(&answer).last(), received[0].text()), (Some(&"200"), redacted()), "{answer}");
    let (answer, received) = poke(stage.http1(), &expecting(&body("forbidden")));
    assert!(statuses(&answer).last() == Some(&"403") && received.is_empty(), "{answer}");
}

fn methods(stage: &mut Stage) {
    for method in ["GET", "HEAD", "DELETE", "OPTIONS", "PATCH", "PROPFIND"] {
        let (answer, received) = poke(stage.http1(), &counted(&body(&key())).replacen("POST", method, 1));
        assert_eq!(received.len(), 1, "{method}: {answer}");
        assert_eq!(received[0].text(), redacted(), "{method}");
    }
}

fn absolute_form(stage: &mut Stage) {
    let bytes = counted(&body(&key())).replacen(CHAT, &format!("http://x{CHAT}"), 1);
    let (answer, received) = poke(stage.http1(), &bytes);
    assert_eq!((statuses(&answer), received[0].text()), (vec!["200"], redacted()), "{answer}");
    assert_eq!(received[0].path, CHAT);
}

fn paths(stage: &mut Stage) {
    let known = [
        "/v1//chat/completions",
        "/v1/./chat/completions",
        "/v1/x/../chat/completions",
        "/v1/x/%2e%2e/chat/completions",
    ];
    let any = [
        "/V1/CHAT/COMPLETIONS",
        "/v1%2Fchat%2Fcompletions",
        "/v1/%63hat/completions",
        "/v1/chat/completions/",
        "/v1/chat/completions;x",
        "/v1\\chat\\completions",
        "/",
    ];
    for path in known.iter().chain(&any) {
        let lab = stage.http1();
        let seen = lab.play(&Request::json(path, body(&key())));
        assert_eq!((seen.action("request"), seen.received().text()), ("redact", redacted()), "{path}: {seen:#?}");
        if known.contains(path) {
            let dialect = &seen.record.as_ref().unwrap()["dialect"];
            assert_eq!(dialect, "openai/chat", "{path}: Envoy puts it in order before Weir reads it");
        }
    }
}

fn targets(stage: &mut Stage) {
    let encoded: String = key().bytes().map(|byte| format!("%{byte:02X}")).collect();
    for path in [format!("{CHAT}?note={}", key()), format!("{CHAT}?note={encoded}"), format!("{CHAT}/{encoded}")] {
        let (answer, received) = poke(stage.http1(), &counted(&body("hello")).replacen(CHAT, &path, 1));
        let path = received.first().map(|one| one.path.clone()).unwrap_or_default();
        assert!(!path.contains(&encoded) && path.contains("AWS_ACCESS_KEY_ID"), "{path} {answer}");
    }
}

fn h2c(stage: &mut Stage) {
    let text = body(&key());
    let upgrade = "connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n";
    refused_or_clean(stage, &[post(&format!("{upgrade}content-length: {}\r\n", text.len()), &text)]);
}
