//! What is not plain HTTP, and proxies that deliver no bodies.

use std::time::Duration;

use serde_json::json;
use weir_harness::{Action, ExchangeResult, Host, HostOptions, Outcome, Protocol, Request, Response, Side, Step};

use super::weir::{answer, chat, fine, key, options, passed, policy, prompt, record, records, sane, ssn, start};

#[test]
fn grpc_is_refused_in_its_own_way() {
    let mut host = start(options().downstream(Protocol::Http2).upstream(Protocol::Http2));
    let request =
        Request::post("/pkg.Service/Do").header("content-type", "application/grpc+proto").body("\0\0\0\0\x01x");
    let result = host.exchange(request.trailers([("a", "b")])).upstream(|_| fine());
    sane(&host, &result, "grpc");
    assert_eq!((result.status(), result.client.header("grpc-status")), (Some(200), Some("7")), "{result}");
    assert_eq!((&result.upstream, result.client.body.len()), (&None, 0));
    assert_eq!(record(&result)["request"]["faults"][0]["fault"], "grpc");
}

#[test]
fn what_leaves_http_is_refused_or_let_go() {
    let upgrade = || Request::get("/ws").header("connection", "upgrade").header("upgrade", "websocket");
    let connect = || Request::new("CONNECT", "/");
    let mut host = start(options());
    for request in [upgrade(), connect(), Request::new("CONNECT", "/").header(":protocol", "websocket")] {
        let result = host.exchange(request.body("")).upstream(|_| Response::new(101));
        sane(&host, &result, "refused");
        assert_eq!((result.status(), &result.upstream), (Some(403), &None));
        assert_eq!(record(&result)["request"]["faults"][0]["fault"], "upgrade");
    }
    // Where the policy lets them, bytes flow both ways at once: nothing waits for an end that never comes.
    let mut host = start(HostOptions::new(policy(|policy| policy["faults"]["upgrade"] = json!("flag"))));
    for (request, status) in [(upgrade(), 101), (connect(), 200)] {
        let id = host.open();
        let step = host.headers(id, Side::Request, request.headers().clone(), false);
        assert_eq!(step, Step::Called(Action::Continue));
        assert_eq!(
            host.headers(id, Side::Response, Response::new(status).headers().clone(), false),
            Step::Called(Action::Continue)
        );
        assert_eq!(host.body(id, Side::Request, "ping", false), Step::Called(Action::Continue));
        assert_eq!(host.body(id, Side::Response, "pong", false), Step::Called(Action::Continue));
        let result = host.finish(id).unwrap_or_else(|problem| panic!("{problem}"));
        sane(&host, &result, "let go");
        let record = record(&result);
        for half in ["request", "response"] {
            assert_eq!(
                (&record[half]["action"], &record[half]["inspected"]),
                (&json!("flag"), &json!("none")),
                "{record}"
            );
        }
    }
    // An upgrade that the upstream declines is an answer like any other.
    let result = host.exchange(upgrade()).upstream(|_| Response::json(200, answer(&ssn())));
    assert_eq!((result.status(), passed(&result, &ssn())), (Some(403), false));
}

/// A proxy that delivers no bodies while headers are held.
fn blind(policy: String) -> Host {
    start(HostOptions::new(policy).allow_on_headers_stop_iteration(false))
}

/// Time until the exchange is settled, in seconds.
fn seconds(host: &mut Host, run: impl FnOnce(&mut Host) -> ExchangeResult) -> (ExchangeResult, u64) {
    let before = host.now();
    let result = run(host);
    (result, (host.now() - before) / 1_000_000_000)
}

#[test]
fn a_proxy_that_delivers_no_bodies_is_found_out_every_time() {
    let bypass = policy(|policy| policy["bypass"] = json!([{"path": "/healthz", "reason": "probe"}]));
    let mut host = blind(bypass);
    for round in 0..3 {
        // Bodies that are not held come by, and prove nothing.
        let result = host.exchange(Request::post("/healthz").body("ok")).upstream(|_| Response::new(200).body("ok"));
        assert_eq!((result.status(), records(&result).len()), (Some(200), 0), "{round}\n{result}");

        let (result, took) =
            seconds(&mut host, |host| host.exchange(chat(prompt(&key()))).ticks(20).upstream(|_| fine()));
        sane(&host, &result, "request");
        assert_eq!((result.status(), &result.upstream), (Some(403), &None), "{round}\n{result}");
        assert!(took <= 7, "{took} s");
        assert_eq!(result.details.as_deref(), Some("weir:fault:cannot_hold"));

        let get = Request::get("/v1/models");
        let (result, took) =
            seconds(&mut host, |host| host.exchange(get).ticks(20).upstream(|_| Response::json(200, answer(&key()))));
        sane(&host, &result, "answer");
        assert_eq!((result.status(), passed(&result, &key())), (Some(403), false), "{round}\n{result}");
        assert!(took <= 7, "{took} s");
    }
    let faults: i64 = host.metrics().filter(|(name, _)| name.contains("cannot_hold")).count() as i64;
    assert!(faults > 0, "no counter tells of it");
}

/// Where the policy does not refuse what it cannot read, or only watches, held exchanges go on.
#[test]
fn a_proxy_that_delivers_no_bodies_may_be_tolerated() {
    let open = policy(|policy| policy["faults"]["cannot_hold"] = json!("flag"));
    let watching = policy(|policy| policy["mode"] = json!("monitor"));
    for policy in [open, watching] {
        let mut host = blind(policy);
        let result = host.exchange(chat(prompt("hi"))).ticks(40).upstream(|_| Response::json(200, answer("there")));
        sane(&host, &result, "tolerated");
        assert_eq!((&result.outcome, result.client.text()), (&Outcome::Completed, answer("there")), "{result}");
        assert_eq!(result.upstream.as_ref().map(|sent| sent.text()), Some(prompt("hi")));
    }
}

#[test]
fn a_proxy_that_delivers_bodies_is_not_suspected() {
    let mut host = start(options());
    assert_eq!(host.exchange(chat(prompt("hi"))).upstream(|_| fine()).status(), Some(200));
    let id = host.open();
    host.headers(id, Side::Request, chat("").without_header("content-length").headers().clone(), false);
    host.advance(Duration::from_secs(600)).unwrap_or_else(|problem| panic!("{problem}"));
    host.body(id, Side::Request, prompt("late"), true);
    assert_eq!(host.stream(id).map(|stream| stream.upstream().text()), Some(prompt("late")));
    host.headers(id, Side::Response, fine().headers().clone(), false);
    host.advance(Duration::from_secs(600)).unwrap_or_else(|problem| panic!("{problem}"));
    host.body(id, Side::Response, answer("fine"), true);
    let result = host.finish(id).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!((&result.outcome, result.client.text()), (&Outcome::Completed, answer("fine")));
}
