//! Clients and upstreams that leave, at every point of an exchange, over both versions of HTTP. Nothing that was held is
//! delivered, nobody waits, and the worker goes on.

use super::stage::Stage;
use super::{BOTH, CHAT, Trick, body, chat, completion, event, key, run};
use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};
use weir_cli::Step;
use weir_cli::client::{Http, Request};
use weir_cli::mock::Reply;

pub(crate) const TRICKS: &[Trick] = &[
    Trick {
        area: "framing",
        trick: "a client that leaves in its headers or its body",
        outcome: "nothing goes on",
        run: client_in_request,
    },
    Trick {
        area: "framing",
        trick: "a client that leaves before or in its answer, whole or stream",
        outcome: "the upstream is stopped",
        run: client_in_answer,
    },
    Trick {
        area: "framing",
        trick: "an upstream that closes in its headers, its body, its stream or its chunks (HTTP/1.1)",
        outcome: "nothing held is delivered",
        run: upstream_over_http1,
    },
    Trick {
        area: "framing",
        trick: "an upstream that resets before, in or after its body, whole or stream (HTTP/2)",
        outcome: "nothing held is delivered",
        run: upstream_over_http2,
    },
];

#[test]
fn departures() {
    run(TRICKS);
}

fn post(length: usize, body: &str) -> String {
    format!(
        "POST {CHAT} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

fn client_in_request(stage: &mut Stage) {
    let text = body(&key());
    let whole = post(text.len(), &text);
    let head = whole.len() - text.len();
    for cut in [10, head - 3, head, head + 1, head + text.len() / 2, whole.len() - 1] {
        for half in [true, false] {
            let lab = stage.http1();
            let address = lab.stack.envoy().listener();
            lab.overhear(|| {
                let mut stream = TcpStream::connect(address).unwrap();
                stream.write_all(&whole.as_bytes()[..cut]).unwrap();
                std::thread::sleep(Duration::from_millis(15));
                if half {
                    let _ = stream.shutdown(Shutdown::Write);
                    std::thread::sleep(Duration::from_millis(15));
                }
            });
            assert!(lab.mock().take_requests().is_empty(), "{cut}");
        }
    }
    // A stream of HTTP/2 that is reset in the middle.
    let lab = stage.http2();
    let address = lab.stack.envoy().listener();
    let steps = vec![Step::data(text[..20].to_owned()), Step::Wait(Duration::from_millis(20)), Step::Reset];
    let (response, _) = lab.overhear(|| chat("").http(Http::Two).steps(steps).send(address));
    assert!(response.is_err(), "{response:?}");
    assert!(lab.mock().take_requests().is_empty());
}

/// The upstream's silence is long; that it ends earlier is what the client's leaving does.
fn client_in_answer(stage: &mut Stage) {
    let silence = || Step::Wait(Duration::from_secs(20));
    let text = completion(&key());
    let whole = |steps: Vec<Step>| Reply::new(200).header("content-type", "application/json").steps(steps);
    let stream = |steps: Vec<Step>| Reply::new(200).header("content-type", "text/event-stream").steps(steps);
    let answers = [
        whole(vec![silence(), Step::data(text.clone())]),
        whole(vec![Step::data(text[..30].to_owned()), silence(), Step::data(text[30..].to_owned())]),
        stream(vec![silence(), Step::data(event("a"))]),
        stream(vec![Step::data(event("a")), silence(), Step::data(event("b"))]),
        stream(vec![Step::data(event("forbidden")), silence(), Step::data(event("b"))]),
    ];
    for answer in answers {
        for http in BOTH {
            for http2 in [false, true] {
                let lab = if http2 { stage.http2() } else { stage.http1() };
                lab.mock().respond_with(answer.clone());
                let before = lab.mock().abandoned();
                let mut request = chat("hello").http(http);
                request.timeout = Duration::from_millis(80);
                let address = lab.stack.envoy().listener();
                let (_, seen) = lab.overhear(|| request.send(address));
                let begin = Instant::now();
                while lab.mock().abandoned() == before {
                    assert!(begin.elapsed() < Duration::from_secs(5), "the upstream was not stopped");
                    std::thread::sleep(Duration::from_millis(5));
                }
                assert!(seen[0].1.is_some(), "the request was decided, so it is recorded: {seen:?}");
            }
        }
    }
}

/// Fails if a client got anything of what was held.
fn undelivered(response: Result<weir_cli::client::Response, weir_cli::Error>, what: &str) {
    let Ok(response) = response else { return };
    assert!(response.status >= 500 || response.broken.is_some(), "{what}: {response:?}");
    assert!(!response.text().contains(&key()[..8]), "{what}: {response:?}");
}

fn upstream_over_http1(stage: &mut Stage) {
    let wire = stage.wire();
    let text = completion(&key());
    let answer =
        format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{text}", text.len());
    let head = answer.len() - text.len();
    let events = event("so far ") + &event(&key()) + &event(" so");
    let chunks = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{events}\r\n0\r\nx-note: {}\r\n",
        events.len(),
        key()
    );
    let in_stream = chunks.find("AKIA").unwrap_or(chunks.len() / 2) + 10;
    let cuts = [
        (&answer, 0),
        (&answer, 20),
        (&answer, head),
        (&answer, head + text.len() / 2),
        (&answer, answer.len() - 1),
        (&chunks, in_stream),
        (&chunks, chunks.len() - 3),
    ];
    for (bytes, cut) in cuts {
        for http in BOTH {
            wire.upstream.answer_and_close(&bytes.as_bytes()[..cut]);
            let address = wire.lab.stack.envoy().listener();
            let (response, _) = wire.lab.witness(1, || chat("hello").http(http).send(address));
            wire.upstream.captured();
            undelivered(response, &format!("{cut} {http:?}"));
        }
    }
    // Closed while the request is still held: the upstream has not heard of it.
    assert!(wire.upstream.captured().is_empty());
}

fn upstream_over_http2(stage: &mut Stage) {
    let text = completion(&key());
    let reset = || vec![Step::Wait(Duration::from_millis(20)), Step::Reset];
    let with = |media: &str, mut steps: Vec<Step>| {
        steps.extend(reset());
        Reply::new(200).header("content-type", media).steps(steps)
    };
    let events = event("so far ") + &event(&key());
    let inside = events.find("AKIA").unwrap_or(events.len() / 2) + 10;
    let answers = [
        with("application/json", vec![]),
        with("application/json", vec![Step::data(text[..40].to_owned())]),
        with("application/json", vec![Step::data(text.clone())]),
        with("text/event-stream", vec![]),
        with("text/event-stream", vec![Step::data(events[..inside].to_owned())]),
        with("text/event-stream", vec![Step::data(events.clone())]),
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        for http in BOTH {
            let lab = stage.http2();
            lab.mock().respond_with(answer.clone());
            let address = lab.stack.envoy().listener();
            let (response, _) = lab.overhear(|| chat("hello").http(http).send(address));
            undelivered(response, &format!("answer {number} {http:?}"));
            assert_eq!(lab.play(&Request::new("GET", "/v1/models")).response.status, 200);
        }
    }
}
