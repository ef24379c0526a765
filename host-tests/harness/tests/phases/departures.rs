//! Clients and upstreams that leave, proxies that answer by themselves, answers that come early.

use serde_json::{Value, json};
use weir_harness::{Action, At, Cause, HostOptions, LocalReply, Outcome, Response, Side, Step};

use super::weir::{
    PLACEHOLDER, answer, chat, fine, key, options, passed, policy, prompt, record, records, sane, start,
};
use super::{POINTS, PROTOCOLS, decided, in_pieces};

#[test]
fn clients_that_leave() {
    for (protocol, at) in PROTOCOLS.into_iter().flat_map(|protocol| POINTS.map(|at| (protocol, at))) {
        let mut host = start(options().downstream(protocol).upstream(protocol));
        let (request, response) = in_pieces();
        let result = host.exchange(request).client_leaves(at).upstream(|_| response);
        let what = format!("{protocol:?} {at:?}");
        sane(&host, &result, &what);
        let whole = at == At::ResponseEnd;
        assert_eq!(result.outcome, if whole { Outcome::Completed } else { Outcome::ClientLeft }, "{what}\n{result}");
        assert!(!passed(&result, &key()), "{what}");
        assert_eq!(records(&result).len(), usize::from(decided(at)), "{what}");
        if decided(at) {
            assert_eq!(record(&result)["request"]["action"], "redact", "{what}");
            assert_eq!(record(&result)["response"].is_null(), !whole, "{what}");
        }
        assert_eq!(host.contexts(), 1, "{what}: the exchange is still there");
    }
}

#[test]
fn upstreams_that_leave() {
    for (protocol, at) in PROTOCOLS.into_iter().flat_map(|protocol| POINTS.map(|at| (protocol, at))) {
        let mut host = start(options().downstream(protocol).upstream(protocol));
        let (request, response) = in_pieces();
        let result = host.exchange(request).upstream_resets(at).upstream(|_| response);
        let what = format!("{protocol:?} {at:?}");
        sane(&host, &result, &what);
        assert!(!passed(&result, &key()), "{what}");
        let record = record(&result);
        match at {
            At::ResponseEnd => assert_eq!(result.outcome, Outcome::Completed, "{what}"),
            At::ResponseHeaders | At::ResponseBody(_) => {
                assert_eq!(result.outcome, Outcome::Reset(Cause::Upstream), "{what}");
                assert_eq!(result.client.headers, None, "{what}");
                assert_eq!(record["response"], Value::Null, "{what}");
            }
            _ => {
                assert_eq!((result.status(), &record["answered_by"]), (Some(503), &json!("proxy")), "{what}");
                let faults = &record["request"]["faults"][0]["fault"];
                assert_eq!(faults == "interrupted", !decided(at), "{what}: {record}");
            }
        }
    }
}

/// Whatever the proxy answers by itself reaches the client as it is, and is written down once.
#[test]
fn the_proxy_answers_by_itself() {
    for (protocol, at) in PROTOCOLS.into_iter().flat_map(|protocol| POINTS.map(|at| (protocol, at))) {
        for (status, details) in [(413, "request_payload_too_large"), (503, "overload"), (504, "response_timeout")] {
            let mut host = start(options().downstream(protocol).upstream(protocol));
            let (request, response) = in_pieces();
            let reply = LocalReply::new(status, details, "in the proxy's own words");
            let result = host.exchange(request).proxy_replies(at, reply).upstream(|_| response);
            let what = format!("{protocol:?} {at:?} {status}");
            sane(&host, &result, &what);
            assert!(!passed(&result, &key()), "{what}");
            let record = record(&result);
            if at == At::ResponseEnd {
                assert_eq!(result.status(), Some(200), "{what}");
                continue;
            }
            assert_eq!(result.client.text(), "in the proxy's own words", "{what}\n{result}");
            assert_eq!((&result.outcome, result.status()), (&Outcome::Completed, Some(status)), "{what}");
            if !decided(at) {
                let fault = if status == 413 { "body_too_large" } else { "interrupted" };
                assert_eq!(record["request"]["faults"][0]["fault"], fault, "{what}");
                assert_eq!(result.upstream, None, "{what}");
            }
        }
    }
}

/// What no upstream wrote may still be an upstream's text, out of a cache or from a service that another filter asked.
#[test]
fn an_answer_from_elsewhere_is_judged() {
    let mut host = start(options());
    let reply = LocalReply::new(200, "cache.hit", &answer(&key()));
    let result = host.exchange(chat(prompt("hi"))).proxy_replies(At::RequestEnd, reply).upstream(|_| fine());
    sane(&host, &result, "cache");
    assert_eq!((result.status(), result.client.text()), (Some(200), answer(PLACEHOLDER)), "{result}");
    assert_eq!(record(&result)["response"]["action"], "redact");
}

#[test]
fn an_answer_before_the_request_has_ended() {
    let open = policy(|policy| {
        policy["limits"] = json!({"request_body": 100});
        policy["faults"]["body_too_large"] = json!("flag");
    });
    for protocol in PROTOCOLS {
        let mut host = start(HostOptions::new(open.clone()).downstream(protocol).upstream(protocol));
        let id = host.open();
        let headers = chat("").without_header("content-length").headers().clone();
        host.headers(id, Side::Request, headers, false);
        assert_eq!(host.body(id, Side::Request, "x".repeat(200), false), Step::Called(Action::Continue));
        let response = Response::json(200, answer(&key()));
        host.headers(id, Side::Response, response.headers().clone(), false);
        assert_eq!(host.body(id, Side::Request, "y".repeat(200), false), Step::Called(Action::Continue));
        assert_eq!(host.stream(id).map(|stream| stream.client().headers.is_some()), Some(false), "held");
        host.body(id, Side::Response, answer(&key()), true);
        let result = host.finish(id).unwrap_or_else(|problem| panic!("{problem}"));
        sane(&host, &result, "early");
        assert_eq!((result.status(), result.client.text()), (Some(200), answer(PLACEHOLDER)));
        assert_eq!(record(&result)["response"]["action"], "redact");
    }
}
