//! weir.wasm in every phase of an exchange, with everything that can happen there: what the upstream got, what the client
//! got, and the one record of it.

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that panics is a test that fails"
)]

mod weir;

use std::time::Duration;

use serde_json::{Value, json};
use weir::{
    PLACEHOLDER, answer, baseline, chat, fine, key, module, options, passed, policy, prompt, record, records, sane,
    ssn, start,
};
use weir_engine::limits::Limits;
use weir_harness::{
    Action, Answerer, At, Cause, Chunking, ExchangeResult, HarnessError, Headers, Host, HostOptions, LocalReply,
    Outcome, Property, Protocol, Request, Response, Side, Status, Step,
};

/// What must come of a message.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Allowed,
    Redacted,
    Blocked,
    Fault,
}

const FATES: [Fate; 4] = [Fate::Allowed, Fate::Redacted, Fate::Blocked, Fate::Fault];

impl Fate {
    /// A text with this fate, as `message` writes it; a message that cannot be read right has a key twice.
    fn body(self, message: fn(&str) -> String) -> String {
        match self {
            Fate::Allowed => message("hello"),
            Fate::Redacted => message(&format!("é {}\n", key())),
            Fate::Blocked => message(&ssn()),
            Fate::Fault => message("x").replacen('{', r#"{"user":"a","user":"b","#, 1),
        }
    }

    fn action(self) -> &'static str {
        match self {
            Fate::Allowed => "allow",
            Fate::Redacted => "redact",
            Fate::Blocked | Fate::Fault => "block",
        }
    }

    fn refused(self) -> bool {
        matches!(self, Fate::Blocked | Fate::Fault)
    }
}

/// What the verdict on one half must say.
fn judged(half: &Value, fate: Fate, what: &str) {
    assert_eq!(half["action"], fate.action(), "{what}: {half}");
    let faults: Vec<&str> =
        half["faults"].as_array().into_iter().flatten().filter_map(|one| one["fault"].as_str()).collect();
    let expected: &[&str] = if fate == Fate::Fault { &["duplicate_key"] } else { &[] };
    assert_eq!(faults, expected, "{what}: {half}");
}

fn check_request(host: &Host, result: &ExchangeResult, fate: Fate, body: &str, what: &str) {
    sane(host, result, what);
    assert_eq!(result.outcome, Outcome::Completed, "{what}\n{result}");
    let record = record(result);
    judged(&record["request"], fate, what);
    assert_eq!(record["status"], result.status().unwrap_or(0), "{what}");
    if fate.refused() {
        assert_eq!((result.status(), &result.upstream), (Some(403), &None), "{what}");
        assert_eq!((&record["answered_by"], &record["response"]), (&json!("weir"), &Value::Null), "{what}");
        return refusal(result, &record, what);
    }
    let upstream = result.upstream.as_ref().unwrap_or_else(|| panic!("{what}: nothing upstream\n{result}"));
    assert_eq!(upstream.text(), body.replace(&key(), PLACEHOLDER), "{what}");
    assert_eq!((result.status(), result.client.text()), (Some(200), answer("fine")), "{what}");
    assert_eq!(record["response"]["action"], "allow", "{what}");
}

fn check_response(host: &Host, result: &ExchangeResult, fate: Fate, body: &str, what: &str) {
    sane(host, result, what);
    assert_eq!(result.outcome, Outcome::Completed, "{what}\n{result}");
    let record = record(result);
    judged(&record["response"], fate, what);
    assert_eq!(record["request"]["action"], "allow", "{what}");
    if fate.refused() {
        assert_eq!((result.status(), result.answered_by), (Some(403), Some(Answerer::Module)), "{what}\n{result}");
        return refusal(result, &record, what);
    }
    assert_eq!((result.status(), result.client.text()), (Some(200), body.replace(&key(), PLACEHOLDER)), "{what}");
    assert_eq!(record["answered_by"], "upstream", "{what}");
}

/// The client's error names the exchange of the record.
fn refusal(result: &ExchangeResult, record: &Value, what: &str) {
    let error: Value =
        serde_json::from_slice(&result.client.body).unwrap_or_else(|problem| panic!("{what}: {problem}"));
    assert_eq!(error["error"]["exchange"], record["exchange"], "{what}");
    assert!(
        result.details.as_deref().is_some_and(|details| details.starts_with("weir:")),
        "{what}: {:?}",
        result.details
    );
}

const PROTOCOLS: [Protocol; 2] = [Protocol::Http1, Protocol::Http2];

/// Whole, with empty pieces, and byte by byte.
fn pieces() -> [Chunking; 3] {
    [Chunking::Whole, Chunking::Sizes(vec![0, 9, 0]), Chunking::OneByte]
}

#[test]
fn requests_in_every_shape() {
    for protocol in PROTOCOLS {
        let mut host = start(options().downstream(protocol).upstream(protocol));
        for (fate, chunks) in FATES.into_iter().flat_map(|fate| pieces().map(|chunks| (fate, chunks))) {
            for (trailers, length, header) in [(false, true, true), (false, false, false), (true, false, true)] {
                let body = fate.body(prompt);
                let mut request = chat(body.clone()).chunks(chunks.clone());
                if trailers {
                    request = request.trailers([("x-checksum", "1")]);
                }
                if !length {
                    request = request.without_header("content-length");
                }
                if header {
                    request = request.header("x-odd", b"\xff\xfe odd");
                }
                let what = format!("{protocol:?} {fate:?} {chunks:?} trailers {trailers} length {length}");
                let result = host.exchange(request).upstream(|_| fine());
                check_request(&host, &result, fate, &body, &what);
                if let Some(upstream) = &result.upstream {
                    assert_eq!(upstream.trailers.is_some(), trailers && protocol == Protocol::Http2, "{what}");
                    assert_eq!(
                        upstream.headers.as_ref().is_some_and(|map| map.bytes("x-odd").is_some()),
                        header,
                        "{what}"
                    );
                }
            }
        }
    }
}

#[test]
fn answers_in_every_shape() {
    for protocol in PROTOCOLS {
        let mut host = start(options().downstream(protocol).upstream(protocol));
        for (fate, chunks) in FATES.into_iter().flat_map(|fate| pieces().map(|chunks| (fate, chunks))) {
            for (trailers, length) in [(false, true), (false, false), (true, false)] {
                let body = fate.body(answer);
                let mut response =
                    Response::json(200, body.clone()).chunks(chunks.clone()).header("x-odd", b"\xff\xfe");
                if trailers {
                    response = response.trailers([("x-checksum", "1")]);
                }
                if !length {
                    response = response.without_header("content-length");
                }
                let what = format!("{protocol:?} {fate:?} {chunks:?} trailers {trailers} length {length}");
                let result = host.exchange(chat(prompt("hello"))).upstream(|_| response);
                check_response(&host, &result, fate, &body, &what);
            }
        }
    }
}

#[test]
fn requests_without_a_body() {
    let mut host = start(options());
    for (path, fate) in [
        ("/v1/models?q=hello".to_owned(), Fate::Allowed),
        (format!("/v1/models?q={}&b=1", key()), Fate::Redacted),
        (format!("/v1/models?q={}", ssn()), Fate::Blocked),
    ] {
        let result = host.exchange(Request::get(&path)).upstream(|_| Response::new(204));
        sane(&host, &result, &path);
        let record = record(&result);
        judged(&record["request"], fate, &path);
        let sent = result.upstream.as_ref().and_then(|sent| sent.header(":path").map(str::to_owned));
        let expected = (!fate.refused()).then(|| path.replace(&key(), "%5BAWS_ACCESS_KEY_ID%5D"));
        assert_eq!((sent, result.status()), (expected, Some(if fate.refused() { 403 } else { 204 })), "{path}");
    }
    // A body that is announced and empty is a body.
    let result = host.exchange(chat("")).upstream(|_| Response::json(200, ""));
    sane(&host, &result, "empty");
    assert_eq!((result.status(), result.was_forwarded()), (Some(200), true));
    assert_eq!(record(&result)["request"]["inspected"], "full");
}

#[test]
fn answers_without_a_body() {
    for protocol in PROTOCOLS {
        let mut host = start(options().downstream(protocol).upstream(protocol));
        let head = Response::json(200, "").with_header("content-length", "512");
        for (request, response) in [
            (Request::new("HEAD", "/v1/models"), head),
            (Request::get("/v1/models"), Response::new(204)),
            (Request::get("/v1/models"), Response::new(304).header("content-type", "image/png")),
        ] {
            let status = response.headers().status();
            let result = host.exchange(request).upstream(|_| response);
            sane(&host, &result, "bodiless");
            assert_eq!((&result.outcome, result.status()), (&Outcome::Completed, status), "{result}");
            let record = record(&result);
            assert_eq!((&record["response"]["action"], &record["status"]), (&json!("allow"), &json!(status)));
        }
    }
}

#[test]
fn what_is_too_large_is_refused() {
    let small = policy(|policy| policy["limits"] = json!({"request_body": 300, "response_body": 300}));
    for protocol in PROTOCOLS {
        let mut host = start(HostOptions::new(small.clone()).downstream(protocol).upstream(protocol));
        let large = "x".repeat(400);
        for length in [true, false] {
            for chunks in pieces() {
                let request = chat(prompt(&large)).chunks(chunks.clone());
                let request = if length { request } else { request.without_header("content-length") };
                let result = host.exchange(request).upstream(|_| fine());
                sane(&host, &result, "large request");
                assert_eq!((result.status(), &result.upstream), (Some(413), &None), "{length} {chunks:?}\n{result}");
                assert_eq!(record(&result)["request"]["faults"][0]["fault"], "body_too_large");

                let response = Response::json(200, answer(&large)).chunks(chunks.clone());
                let response = if length { response } else { response.without_header("content-length") };
                let result = host.exchange(chat(prompt("hi"))).upstream(|_| response);
                sane(&host, &result, "large answer");
                assert_eq!(result.status(), Some(403), "{length} {chunks:?}\n{result}");
                assert!(!passed(&result, &large), "{result}");
                assert_eq!(record(&result)["response"]["faults"][0]["fault"], "body_too_large");
            }
        }
        // Exactly at the limit is not above it.
        let exact = prompt(&"x".repeat(300 - prompt("").len()));
        assert_eq!(host.exchange(chat(exact)).upstream(|_| fine()).status(), Some(200));
    }
}

/// The proxy's own limit is reached before Weir's.
#[test]
fn what_is_too_large_for_the_proxy_is_its_own_affair() {
    let mut host = start(options().request_buffer_limit(1000).response_buffer_limit(1000));
    let large = "x".repeat(2000);
    let request = chat(prompt(&large)).chunks(Chunking::Every(100));
    let result = host.exchange(request).upstream(|_| fine());
    sane(&host, &result, "request");
    assert_eq!(
        (result.status(), &result.upstream, result.client.text().as_str()),
        (Some(413), &None, "Payload Too Large")
    );
    assert_eq!(record(&result)["request"]["faults"][0]["fault"], "body_too_large");
    let response = Response::json(200, answer(&large)).chunks(Chunking::Every(100));
    let result = host.exchange(chat(prompt("hi"))).upstream(|_| response);
    sane(&host, &result, "answer");
    assert_eq!((result.status(), passed(&result, &large)), (Some(500), false));
    assert_eq!(record(&result)["request"]["action"], "allow");
    // A request that grows beyond the limit by being redacted.
    let hash = policy(|policy| policy["rules"][0]["then"]["with"] = json!("hash"));
    let mut host = start(HostOptions::new(hash).request_buffer_limit(1000));
    let fill = "x".repeat(1000 - prompt("").len() - 21);
    let result = host.exchange(chat(prompt(&format!("{} {fill}", key())))).upstream(|_| fine());
    sane(&host, &result, "grown request");
    assert_eq!((result.status(), passed(&result, &key())), (Some(413), false), "{result}");
}

/// Envoy dies of a held answer that grows beyond its limit, so such an answer goes another way.
#[test]
fn answers_that_grow_near_the_limit() {
    let hash = policy(|policy| policy["rules"][0]["then"]["with"] = json!("hash"));
    for protocol in PROTOCOLS {
        let limits = HostOptions::new(hash.clone()).response_buffer_limit(2000).h2_window(0);
        let mut host = start(limits.downstream(protocol).upstream(protocol));
        for size in (1900..=2000).step_by(5) {
            let fill = "y".repeat(size - answer("").len() - 2 * 21);
            let body = answer(&format!("{} {} {fill}", key(), key()));
            assert_eq!(body.len(), size);
            for trailers in [false, true] {
                let response = Response::json(200, body.clone()).chunks(Chunking::Every(700)).header("x-own", "1");
                let response = if trailers { response.trailers([("a", "b")]) } else { response };
                let result = host.exchange(chat(prompt("hi"))).upstream(|_| response);
                sane(&host, &result, &format!("{protocol:?} {size}"));
                assert_eq!(
                    (result.status(), result.client.header("x-own")),
                    (Some(200), Some("1")),
                    "{size}\n{result}"
                );
                assert!(!passed(&result, &key()) && result.client.text().contains(&fill), "{result}");
                assert_eq!(result.client.header("content-length"), Some(result.client.body.len().to_string().as_str()));
                assert!(result.client.body.len() > size && record(&result)["response"]["edits"] == 2);
            }
        }
    }
}

#[test]
fn trailers_are_judged_but_not_rewritten() {
    let mut host = start(options().downstream(Protocol::Http2).upstream(Protocol::Http2));
    let secret = || [("x-note", key())];
    let result = host.exchange(chat(prompt("hi")).trailers(secret())).upstream(|_| fine());
    sane(&host, &result, "request");
    assert_eq!((result.status(), &result.upstream), (Some(403), &None));
    let result = host.exchange(chat(prompt("hi"))).upstream(|_| fine().trailers(secret()));
    sane(&host, &result, "answer");
    assert_eq!((result.status(), passed(&result, &key())), (Some(403), false));
    assert_eq!(record(&result)["response"]["faults"][0]["fault"], "rewrite");
    // Trailers without any body.
    let request = Request::post("/v1/chat/completions").trailers([("a", "b")]);
    let result = host.exchange(request).upstream(|_| Response::new(200).trailers([("a", "b")]));
    sane(&host, &result, "no body");
    assert_eq!((result.status(), result.was_forwarded()), (Some(200), true), "{result}");
}

const POINTS: [At; 8] = [
    At::RequestHeaders,
    At::RequestBody(1),
    At::RequestBody(2),
    At::RequestEnd,
    At::ResponseHeaders,
    At::ResponseBody(1),
    At::ResponseBody(2),
    At::ResponseEnd,
];

/// Whether the request has been decided at this point.
fn decided(at: At) -> bool {
    !matches!(at, At::RequestHeaders | At::RequestBody(_))
}

fn in_pieces() -> (Request, Response) {
    let (request, response) = (chat(prompt(&key())), Response::json(200, answer(&key())));
    (request.chunks(Chunking::Every(25)), response.chunks(Chunking::Every(25)))
}

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

#[test]
fn routes() {
    let routed = policy(|policy| {
        let rule = json!({"id": "closed", "when": {"route": "closed"}, "then": {"action": "block"}});
        if let Some(rules) = policy["rules"].as_array_mut() {
            rules.push(rule);
        }
        policy["bypass"] = json!([{"route": "probe", "reason": "probe"}]);
    });
    let mut host = start(HostOptions::new(routed));
    let route =
        |name: &str| chat(prompt("hi")).header("accept-encoding", "gzip").property(&["xds", "route_name"], name);
    let result = host.exchange(route("open")).upstream(|_| fine());
    sane(&host, &result, "open");
    assert_eq!(
        (result.status(), result.upstream.as_ref().and_then(|sent| sent.header("accept-encoding"))),
        (Some(200), None)
    );
    let result = host.exchange(route("closed")).upstream(|_| fine());
    assert_eq!((result.status(), &result.upstream), (Some(403), &None));
    assert_eq!(record(&result)["request"]["rules"][0]["id"], "closed");
    // A route that the proxy does not name, or will not, may be the closed one.
    let unnamed = chat(prompt("hi"));
    let failing = chat(prompt("hi")).property(&["xds", "route_name"], Property::Fails(Status::SerializationFailure));
    for request in [unnamed, failing] {
        let result = host.exchange(request).upstream(|_| fine());
        sane(&host, &result, "unknown");
        assert_eq!((result.status(), &result.upstream), (Some(403), &None));
    }
    // What is not inspected is not touched either.
    let result = host.exchange(route("probe")).upstream(|_| Response::json(200, answer(&ssn())));
    sane(&host, &result, "bypass");
    assert_eq!(
        result.upstream.as_ref().and_then(|sent| sent.header("accept-encoding").map(str::to_owned)).as_deref(),
        Some("gzip")
    );
    assert_eq!((result.client.text(), records(&result).len()), (answer(&ssn()), 0));
}

#[test]
fn a_held_exchange_keeps_its_policy() {
    for canary in [false, true] {
        let mut host = start(options().canary(canary));
        let id = host.open();
        let body = prompt(&key());
        host.headers(id, Side::Request, chat(body.clone()).headers().clone(), false);
        host.body(id, Side::Request, &body[..20], false);
        let strict = policy(|policy| policy["rules"][0]["then"] = json!({"action": "block"}));
        host.reconfigure(strict).unwrap_or_else(|problem| panic!("{problem}"));
        let result = host.exchange(chat(body.clone())).upstream(|_| fine());
        assert_eq!(result.status(), Some(403), "the new policy blocks");
        let new = record(&result)["policy"]["hash"].clone();
        host.body(id, Side::Request, &body[20..], true);
        assert_eq!(host.stream(id).map(|stream| stream.upstream().text()), Some(prompt(PLACEHOLDER)));
        host.headers(id, Side::Response, fine().headers().clone(), false);
        host.body(id, Side::Response, answer("fine"), true);
        let result = host.finish(id).unwrap_or_else(|problem| panic!("{problem}"));
        sane(&host, &result, "old");
        assert_ne!(record(&result)["policy"]["hash"], new, "the old policy redacts");
        assert_eq!(host.contexts(), 1);

        // A policy that is none is refused with its reason and a counter; the last good one decides on.
        let refusal = host.reconfigure(r#"{"version": 1, "rulez": []}"#);
        let Err(HarnessError::Rejected { logs, .. }) = refusal else { panic!("{refusal:?}") };
        assert!(
            logs.iter().any(|line| line.text.contains("weir_policy_error") && line.text.contains("rulez")),
            "{logs:?}"
        );
        let refused = |(name, _): &(&str, &weir_harness::Metric)| name.contains("policy") && name.contains("refused");
        assert_eq!(host.metrics().filter(refused).count(), 1);
        let result = host.exchange(chat(body.clone())).upstream(|_| fine());
        assert_eq!((result.status(), &record(&result)["policy"]["hash"]), (Some(403), &new));
    }
}

/// One of several headers of a name changes, and none is lost.
#[test]
fn repeated_headers_keep_all_their_values() {
    let mut host = start(options());
    let request =
        chat(prompt("hi")).header("x-note", "first").header("x-note", key()).header("x-note", format!("a {} b", key()));
    let result = host.exchange(request).upstream(|_| fine().header("x-note", key()).header("x-note", "last"));
    sane(&host, &result, "repeated");
    let values = |headers: Option<&Headers>| -> Vec<String> {
        let all = headers.into_iter().flat_map(|headers| headers.all("x-note"));
        all.map(|value| String::from_utf8_lossy(value).into_owned()).collect()
    };
    let upstream = result.upstream.as_ref().and_then(|sent| sent.headers.as_ref());
    assert_eq!(values(upstream), [format!("first, {PLACEHOLDER}, a {PLACEHOLDER} b")]);
    assert_eq!(values(result.client.headers.as_ref()), [format!("{PLACEHOLDER}, last")]);
}

/// Bytes that some readers take for JSON and Weir does not are not waved through as odd text.
#[test]
fn a_known_path_is_given_json_or_nothing() {
    let mut host = start(options());
    let hidden = prompt(&key()).replace("AKIA", "\\u0041KIA");
    let wide: Vec<u8> = hidden.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (media, body, fault) in [
        ("text/plain", format!("\u{feff}{hidden}").into_bytes(), "invalid_json"),
        ("text/plain", format!("x{hidden}").into_bytes(), "invalid_json"),
        ("text/plain", wide.clone(), "opaque_body"),
        ("application/json; charset=utf-16le", wide, "opaque_body"),
        ("text/plain; x=1; Charset=\"UTF-7\"", hidden.clone().into_bytes(), "opaque_body"),
        ("application/x-www-form-urlencoded", format!("\u{feff}{hidden}").into_bytes(), "invalid_json"),
        ("application/x-www-form-urlencoded", format!("x{hidden}").into_bytes(), "invalid_json"),
        ("multipart/form-data; boundary=x", format!(" {hidden}x").into_bytes(), "invalid_json"),
        ("multipart/form-data; boundary=x", format!("\u{feff}{hidden}").into_bytes(), "opaque_body"),
        ("multipart/form-data; boundary=x", format!("x{hidden}").into_bytes(), "opaque_body"),
    ] {
        let request = chat(body).with_header("content-type", media);
        let result = host.exchange(request).upstream(|_| fine());
        sane(&host, &result, media);
        assert_eq!((result.status(), &result.upstream), (Some(403), &None), "{media}");
        let faults = record(&result)["request"]["faults"].to_string();
        assert!(faults.contains(fault), "{media}: {faults}");
    }
}

#[test]
fn the_module_starts_with_what_it_is_given_or_says_why_not() {
    for broken in ["", "{", "null", "[]", r#"{"version":2}"#] {
        assert!(Host::start(module(), HostOptions::new(broken)).is_err(), "{broken}");
    }
    assert!(Host::start(module(), HostOptions::new(vec![0xff, 0xfe])).is_err());
    assert!(Host::start(module(), HostOptions::new(baseline())).is_ok());
}

/// The worst that fits into the limits ends in time, and within memory that a worker can spare.
#[test]
fn hostile_bodies_at_the_limit() {
    const MOST: usize = 8 << 20;
    let fill = |before: &str, piece: &str, after: &str| {
        let times = (MOST - before.len() - after.len()) / piece.len();
        format!("{before}{}{after}", piece.repeat(times))
    };
    let many = |before: &str, piece: &str, after: &str, times: usize| format!("{before}{}{after}", piece.repeat(times));
    let message = |piece: &str| fill(r#"{"messages":[{"role":"user","content":""#, piece, r#""}]}"#);
    let mut nested = "[\"\\n\"]".to_owned();
    while nested.len() * 2 < MOST {
        nested = json!([nested]).to_string();
    }
    let mut host = start(options().request_buffer_limit(MOST * 2));
    let part = "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n";
    let (json, urlencoded, parts) =
        ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x");
    let bodies = [
        ("escapes", message("\\n")),
        ("escapes of escapes", message("\\\\n")),
        (
            "a document of escapes in a string",
            fill(r#"{"messages":[{"role":"user","content":"[\""#, "\\\\n", r#"\"]"}]}"#),
        ),
        ("documents in strings", nested),
        ("roles", many(r#"{"messages":[{"#, r#""role":"user","#, r#""content":"x"}]}"#, 499_000)),
        ("keys", many("{\"messages\":[{", "\"\\u0061\":1,", "\"content\":\"x\"}]}", 499_000)),
        ("empty lists", many("{\"messages\":[", "[],", "[]]}", 999_000)),
        ("messages", many("{\"messages\":[", r#"{"role":"user"},"#, "{}]}", 330_000)),
        ("more values than the limit", fill("{\"messages\":[", "[],", "[]]}")),
        ("findings", message(&format!("{} ", key()))),
        ("a card number without end", message("4")),
        ("a private key without end", message(&format!("-----BEGIN RSA PRIVATE {}-----", "KEY"))),
        ("addresses without end", message("a@a.")),
        ("open brackets", "[".repeat(MOST)),
    ];
    let forms = [
        ("fields", urlencoded, fill("", "a=b&", "")),
        ("fields within the limit", urlencoded, many("", "a=%41&", "", 499_000)),
        ("encoded characters", urlencoded, fill("a=", "%C3%A9", "")),
        ("bytes that are no characters", urlencoded, fill("a=", "%ff", "")),
        ("parts", parts, fill("", part, "--x--")),
        ("empty parts", parts, fill("", "--x\r\n", "--x--")),
        ("delimiters that are none", parts, fill("--x\r\n", "\r\n--x-", "")),
        ("header lines", parts, fill("--x\r\n", "a:b\r\n", "")),
        ("parameters", parts, fill("--x\r\nContent-Disposition: form-data", ";a=\"\"", "\r\n\r\n\r\n--x--")),
        ("lines of JSON", parts, fill(part, "{}\n", "\r\n--x--")),
    ];
    let bodies = bodies.into_iter().map(|(name, body)| (name, json, body)).chain(forms);
    for (name, media, body) in bodies {
        let request = chat(body).with_header("content-type", media).header("x-note", "4".repeat(60_000));
        let began = std::time::Instant::now();
        let result = host.exchange(request).upstream(|_| fine());
        let took = began.elapsed();
        assert_eq!(host.failure(), None, "{name}");
        assert_eq!(result.outcome, Outcome::Completed, "{name}");
        assert!(took < Duration::from_secs(9), "{name} took {took:?}");
        assert!(host.memory_size() < 256 << 20, "{name} took {} bytes", host.memory_size());
    }
}

/// The highest limits that a policy may set leave room for what costs the most memory: line ends, in a document in a string
/// of a document in a string, and so on.
#[test]
fn hostile_bodies_at_the_ceiling() {
    let ceiling =
        Limits::ALL.iter().find(|limit| limit.name == "request_body").map_or(0, |limit| limit.ceiling as usize);
    let highest = policy(|policy| policy["limits"] = json!({"request_body": ceiling}));
    for (levels, written) in [(1, 2), (2, 3), (3, 5), (4, 9), (5, 17)] {
        let mut text = "\n".repeat(ceiling / written - 100);
        for _ in 1..levels {
            text = json!([text]).to_string();
        }
        let body = prompt(&text);
        assert!(body.len() <= ceiling && body.len() > ceiling / 10 * 9, "{levels}: {}", body.len());
        let mut host = start(HostOptions::new(highest.clone()).request_buffer_limit(ceiling * 2));
        let result = host.exchange(chat(body)).upstream(|_| fine());
        assert_eq!((host.failure(), result.status()), (None, Some(200)), "{levels}");
        assert!(host.memory_size() < 700 << 20, "{levels}: {} MiB", host.memory_size() >> 20);
    }
}
