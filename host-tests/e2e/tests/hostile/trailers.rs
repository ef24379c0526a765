//! Text behind the body.

use super::stage::{Stage, Wire, assert_clean, poke};
use super::{BOTH, CHAT, PLACEHOLDER, Trick, body, chat, completion, event, key, policy, run, says, statuses};
use std::time::Duration;
use weir_cli::Step;
use weir_cli::client::Http;
use weir_cli::mock::Reply;
use weir_e2e::{Lab, setup};

pub(crate) const TRICKS: &[Trick] = &[
    Trick {
        area: "framing",
        trick: "text in the trailers of an HTTP/2 request",
        outcome: "refused: `rewrite`",
        run: of_a_request,
    },
    Trick {
        area: "framing",
        trick: "text in the trailers of an HTTP/2 answer",
        outcome: "refused: `rewrite`",
        run: of_an_answer,
    },
    Trick {
        area: "framing",
        trick: "text in the trailers of a stream",
        outcome: "the stream is broken off",
        run: of_a_stream,
    },
    Trick {
        area: "framing",
        trick: "text in the trailers of a stream that was blocked",
        outcome: "the stream is broken off",
        run: of_a_blocked_stream,
    },
    Trick {
        area: "framing",
        trick: "text in HTTP/1.1 trailers where Envoy keeps them",
        outcome: "refused: `rewrite`",
        run: of_http1,
    },
];

#[test]
fn trailers() {
    run(TRICKS);
}

fn after(name: &str, text: &str) -> Step {
    Step::Trailers(vec![(name.to_owned(), text.to_owned())])
}

fn of_a_request(stage: &mut Stage) {
    let lab = stage.http2();
    let request = |content: &str, trailer: &str| {
        chat("").http(Http::Two).steps(vec![Step::data(body(content)), after("x-note", trailer)])
    };
    let seen = lab.play(&request("hello", &key()));
    seen.assert_refused_for("request", "rewrite");
    assert!(seen.upstream.is_none());
    let seen = lab.play(&request(&key(), "fine"));
    assert_eq!(seen.received().text(), body(PLACEHOLDER), "{seen:#?}");
    assert_eq!(seen.received().header("content-length"), None);
    assert_clean(seen.received());
}

fn of_an_answer(stage: &mut Stage) {
    let lab = stage.http2();
    for http in BOTH {
        lab.mock().respond_with(says("").steps(vec![Step::data(completion("hello")), after("x-note", &key())]));
        lab.play(&chat("hello").http(http)).assert_refused_for("response", "rewrite");
        // A content-length beside trailers stays true.
        let reply = says("").header("content-length", completion(&key()).len().to_string());
        lab.mock().respond_with(reply.steps(vec![Step::data(completion(&key())), after("x-note", "fine")]));
        let seen = lab.play(&chat("hello").http(http));
        assert_eq!(seen.response.text(), completion(PLACEHOLDER), "{seen:#?}");
        let length = seen.response.header("content-length");
        assert!(length.is_none() || length == Some(completion(PLACEHOLDER).len().to_string()), "{seen:#?}");
    }
}

fn stream(steps: Vec<Step>) -> Reply {
    Reply::new(200).header("content-type", "text/event-stream").steps(steps)
}

fn no_key(lab: &mut Lab, http: Http) -> String {
    let address = lab.stack.envoy().listener();
    let (response, _) = lab.overhear(|| chat("hello").http(http).send(address));
    let Ok(response) = response else { return String::new() };
    let trailers: String =
        response.trailers.iter().map(|(_, value)| String::from_utf8_lossy(value).into_owned()).collect();
    assert!(!trailers.contains(&key()) && !response.text().contains(&key()), "{http:?}: {response:?}");
    response.text()
}

fn of_a_stream(stage: &mut Stage) {
    let lab = stage.http2();
    for http in BOTH {
        for text in [key(), "forbidden ".to_owned() + &key()] {
            let steps = vec![Step::data(event("so far")), Step::data("data: [DONE]\n\n"), after("x-note", &text)];
            lab.mock().respond_with(stream(steps));
            let told = no_key(lab, http);
            assert!(told.contains("so far") || http == Http::Two, "{told}");
        }
    }
}

fn of_a_blocked_stream(stage: &mut Stage) {
    let lab = stage.http2();
    for http in BOTH {
        for pause in [0, 30, 400] {
            let mut steps = vec![Step::data(event("so far ")), Step::data(event("forbidden. "))];
            if pause > 0 {
                steps.push(Step::Wait(Duration::from_millis(pause)));
            }
            steps.push(after("x-note", &key()));
            lab.mock().respond_with(stream(steps));
            let told = no_key(lab, http);
            assert!(!told.contains("forbidden. ") && told.contains("blocked_by_policy"), "{told}");
        }
    }
}

/// With `enable_trailers`, which the shipped configuration does not set.
fn of_http1(_: &mut Stage) {
    let mut setup = setup(policy(|_| {}));
    let keeps = "codec_type: AUTO\n          http_protocol_options: {enable_trailers: true} #";
    setup.bootstrap_changes.push(("codec_type: AUTO #".into(), keeps.into()));
    let up = "explicit_http_config: {http_protocol_options: {enable_trailers: true}} #";
    setup.bootstrap_changes.push(("explicit_http_config: {http_protocol_options: {}} #".into(), up.into()));
    let mut lab = Lab::start(setup);
    let request = |content: &str, trailer: &str| {
        let text = body(content);
        let head = format!(
            "POST {CHAT} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
        );
        format!("{head}{:x}\r\n{text}\r\n0\r\nx-note: {trailer}\r\n\r\n", text.len())
    };
    let (answer, received) = poke(&mut lab, &request("hello", &key()));
    assert!(statuses(&answer) == ["403"] && received.is_empty() && answer.contains("`rewrite`"), "{answer}");
    let (answer, received) = poke(&mut lab, &request(&key(), "fine"));
    assert_eq!((statuses(&answer), received[0].text()), (vec!["200"], body(PLACEHOLDER)));
    assert_eq!(received[0].trailers, [("x-note".to_owned(), b"fine".to_vec())]);
    let mut wire = Wire::start(
        policy(|_| {}),
        vec![
            ("codec_type: AUTO #".into(), keeps.into()),
            ("explicit_http_config: {http_protocol_options: {}} #".into(), up.into()),
        ],
    );
    let text = completion("hello");
    wire.upstream.answer(format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{text}\r\n0\r\nx-note: {}\r\n\r\n",
        text.len(),
        key()
    ));
    let seen = super::answers::ask(&mut wire, &chat("hello")).expect("an answer");
    seen.assert_refused_for("response", "rewrite");
    lab.survived();
    wire.lab.survived();
}
