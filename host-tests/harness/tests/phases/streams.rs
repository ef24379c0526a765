//! Answers that come in events: read, redacted and blocked on their way, and everybody who may leave in between.

use serde_json::json;
use weir_harness::{Action, At, Cause, ExchangeResult, Host, Outcome, Protocol, Response, Side, Step};

use super::PROTOCOLS;
use super::weir::{PLACEHOLDER, chat, key, options, passed, prompt, record, sane, ssn, start};

/// One event of a chat's stream.
fn delta(text: &str) -> String {
    let choice = json!({"index": 0, "delta": {"content": text}, "finish_reason": null});
    format!("data: {}\n\n", json!({"id": "c", "object": "chat.completion.chunk", "choices": [choice]}))
}

fn done() -> String {
    let choice = json!({"index": 0, "delta": {}, "finish_reason": "stop"});
    format!("data: {}\n\ndata: [DONE]\n\n", json!({"id": "c", "object": "chat.completion.chunk", "choices": [choice]}))
}

/// A stream with a secret that spans two events.
fn leaking() -> Response {
    let key = key();
    let (front, back) = key.split_at(9);
    Response::event_stream([delta("so "), delta(&format!("it is {front}")), delta(&format!("{back} .")), done()])
}

fn play(host: &mut Host, response: Response, what: &str) -> ExchangeResult {
    let result = host.exchange(chat(prompt("hi"))).upstream(|_| response);
    sane(host, &result, what);
    result
}

fn host(protocol: Protocol) -> Host {
    start(options().downstream(protocol).upstream(protocol))
}

#[test]
fn events_go_on_as_they_are_decided() {
    for protocol in PROTOCOLS {
        let mut host = host(protocol);
        let clean = [delta("one "), delta("two"), done()];
        let result = play(&mut host, Response::event_stream(&clean), "clean");
        assert_eq!((&result.outcome, result.client.text()), (&Outcome::Completed, clean.concat()), "{result}");
        assert_eq!(result.released().get(1), Some(&clean[0].as_bytes()), "the first event waited");
        let result = play(&mut host, leaking(), "redacted");
        assert_eq!((&result.outcome, passed(&result, &key())), (&Outcome::Completed, false), "{result}");
        assert!(result.client.text().contains(PLACEHOLDER), "{result}");
        assert_eq!(record(&result)["response"]["action"], "redact");
    }
}

#[test]
fn a_blocked_stream_is_broken_off_behind_its_last_event() {
    for protocol in PROTOCOLS {
        let mut host = host(protocol);
        let stream = [delta("so "), delta(&ssn()), delta(" and"), delta(" more"), done()];
        let result = play(&mut host, Response::event_stream(&stream), "blocked");
        assert_eq!((&result.outcome, result.status()), (&Outcome::Reset(Cause::Module), Some(200)), "{result}");
        assert!(!passed(&result, &ssn()) && !passed(&result, "more"), "{result}");
        let text = result.client.text();
        assert!(text.starts_with(&stream[0]) && text.ends_with("data: [DONE]\n\n"), "{text}");
        let record = record(&result);
        assert!(text.contains(record["exchange"].as_str().unwrap_or("?")), "{text}");
        assert_eq!((&record["response"]["action"], &record["answered_by"]), (&json!("block"), &json!("weir")));
        // The same in one piece: there is nothing left to break off.
        let result = play(&mut host, Response::event_stream([stream.concat()]), "in one piece");
        assert_eq!(result.client.text().len(), text.len(), "{result}");
        assert!(!passed(&result, &ssn()), "{result}");
    }
}

#[test]
fn somebody_leaves_in_the_middle() {
    for protocol in PROTOCOLS {
        for at in [At::ResponseHeaders, At::ResponseBody(1), At::ResponseBody(2), At::ResponseBody(3)] {
            let mut host = host(protocol);
            for upstream in [false, true] {
                let exchange = host.exchange(chat(prompt("hi")));
                let exchange = if upstream { exchange.upstream_resets(at) } else { exchange.client_leaves(at) };
                let result = exchange.upstream(|_| leaking());
                let what = format!("{protocol:?} {at:?} upstream {upstream}");
                sane(&host, &result, &what);
                let outcome = if upstream { Outcome::Reset(Cause::Upstream) } else { Outcome::ClientLeft };
                assert_eq!(result.outcome, outcome, "{what}\n{result}");
                assert!(!passed(&result, &key()) && !passed(&result, "AKIA"), "{what}\n{result}");
                let response = &record(&result)["response"];
                let expected = if at == At::ResponseBody(3) { "redact" } else { "allow" };
                assert_eq!(response["action"], expected, "{what}: {response}");
            }
            assert_eq!(host.contexts(), 1, "an exchange is still there");
        }
    }
}

#[test]
fn trailers_end_a_stream() {
    let mut host = host(Protocol::Http2);
    let clean = [delta("one "), done()];
    let result = play(&mut host, Response::event_stream(&clean).trailers([("x-checksum", "1")]), "clean");
    assert_eq!((&result.outcome, result.client.text()), (&Outcome::Completed, clean.concat()), "{result}");
    assert!(result.client.trailers.is_some(), "{result}");
    // What is held when they come cannot be delivered any more.
    let held = [delta("so "), delta("it is AKIAQYLP")];
    let result = play(&mut host, Response::event_stream(&held).trailers([("x-checksum", "1")]), "held");
    assert_eq!(result.outcome, Outcome::Reset(Cause::Module), "{result}");
    assert_eq!(result.client.text(), held[0], "{result}");
    assert_eq!(record(&result)["response"]["faults"][0]["fault"], "trailers");
}

/// What is to be redacted or blocked in trailers, and trailers behind a block, go on in no form.
#[test]
fn trailers_of_a_stream_are_judged() {
    let mut host = host(Protocol::Http2);
    let clean = [delta("one "), done()];
    let blocked = [delta("one "), delta(&ssn()), done()];
    for (events, trailer) in
        [(&clean[..], key()), (&clean[..], ssn()), (&blocked[..], key()), (&blocked[..], "sum-77".to_owned())]
    {
        let response = Response::event_stream(events).trailers([("x-note", trailer.as_str())]);
        let result = play(&mut host, response, "trailers");
        assert_eq!(result.outcome, Outcome::Reset(Cause::Module), "{result}");
        assert!(result.client.trailers.is_none() && !passed(&result, &trailer), "{result}");
        assert!(result.client.text().starts_with(&delta("one ")), "{result}");
        let record = record(&result);
        assert_eq!(
            (&record["response"]["action"], &record["answered_by"]),
            (&json!("block"), &json!("weir")),
            "{record}"
        );
    }
}

/// The first event may be long in coming, so the headers do not wait for it.
#[test]
fn headers_do_not_wait_for_events() {
    for protocol in PROTOCOLS {
        let mut host = host(protocol);
        let id = host.open();
        let body = prompt("hi");
        host.headers(id, Side::Request, chat(body.clone()).headers().clone(), false);
        host.body(id, Side::Request, body, true);
        let step = host.headers(id, Side::Response, leaking().headers().clone(), false);
        assert_eq!(step, Step::Called(Action::Continue));
        assert!(host.stream(id).is_some_and(|stream| stream.client().headers.is_some()));
        host.body(id, Side::Response, delta("now "), false);
        assert_eq!(host.stream(id).map(|stream| stream.client().text()), Some(delta("now ")));
        host.body(id, Side::Response, done(), true);
        let result = host.finish(id).unwrap_or_else(|problem| panic!("{problem}"));
        sane(&host, &result, "headers");
        assert_eq!(result.outcome, Outcome::Completed, "{result}");
    }
}
