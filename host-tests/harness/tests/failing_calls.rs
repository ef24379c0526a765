//! Every host call that weir.wasm makes, failing in every way: nothing traps, nothing waits in silence, and no text gets
//! through that should not.

#![expect(clippy::panic, clippy::indexing_slicing, reason = "a test that panics is a test that fails")]

mod weir;

use serde_json::{Value, json};
use weir::{PLACEHOLDER, answer, chat, fine, key, passed, policy, prompt, records, sane, ssn, start};
use weir_harness::{
    Cause, Chunking, ExchangeResult, Fault, Host, HostCall, HostOptions, Outcome, Protocol, Request, Response, Status,
};

/// Calls that change what passes, or on which the verdict rests.
const DECISIVE: &[HostCall] = &[
    HostCall::GetBuffer,
    HostCall::SetBuffer,
    HostCall::GetMap,
    HostCall::RemoveMapValue,
    HostCall::ReplaceMapValue,
    HostCall::SendLocalResponse,
    HostCall::CloseStream,
];

/// Calls that observe. What the proxy does not tell counts as unknown, which restricts.
const OBSERVING: &[HostCall] = &[
    HostCall::Log,
    HostCall::GetProperty,
    HostCall::SetProperty,
    HostCall::SetTickPeriod,
    HostCall::SetEffectiveContext,
    HostCall::ContinueStream,
    HostCall::DefineMetric,
    HostCall::IncrementMetric,
    HostCall::RecordMetric,
];

/// One exchange and what comes of it when every call works.
struct Scenario {
    name: &'static str,
    request: fn() -> Request,
    response: fn() -> Response,
    /// Status for the client.
    status: u16,
    /// Whether the upstream hears of it.
    forwarded: bool,
    /// What must not reach the other side whatever fails.
    never: fn() -> String,
}

fn nothing() -> String {
    "this text is nowhere".to_owned()
}

/// The one scenario whose answer is broken off.
const BLOCKED_STREAM: &str = "block a stream that keeps coming";

/// One event of a chat's stream.
fn delta(text: &str) -> String {
    let choice = json!({"index": 0, "delta": {"content": text}, "finish_reason": null});
    format!("data: {}\n\n", json!({"id": "c", "object": "chat.completion.chunk", "choices": [choice]}))
}

fn done() -> String {
    "data: [DONE]\n\n".to_owned()
}

const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "allow",
        request: || chat(prompt("hi")),
        response: fine,
        status: 200,
        forwarded: true,
        never: nothing,
    },
    Scenario {
        name: "redact a request",
        request: || chat(prompt(&key())).header("accept-encoding", "gzip").header("x-note", key()),
        response: fine,
        status: 200,
        forwarded: true,
        never: key,
    },
    Scenario {
        name: "redact an answer that shrinks",
        request: || chat(prompt("hi")),
        response: || Response::json(200, answer(&key())).chunks(Chunking::Every(30)),
        status: 200,
        forwarded: true,
        never: key,
    },
    Scenario {
        name: "redact an answer that grows",
        request: || chat(prompt("hi")),
        response: || Response::json(200, answer("ada.lovelace@example.com")).chunks(Chunking::Every(30)),
        status: 200,
        forwarded: true,
        never: || "ada.lovelace@example.com".to_owned(),
    },
    Scenario {
        name: "block a request",
        request: || chat(prompt(&ssn())).chunks(Chunking::Every(30)),
        response: fine,
        status: 403,
        forwarded: false,
        never: ssn,
    },
    Scenario {
        name: "block an answer",
        request: || chat(prompt("hi")),
        response: || Response::json(200, answer(&ssn())),
        status: 403,
        forwarded: true,
        never: ssn,
    },
    Scenario {
        name: "redact a stream",
        request: || chat(prompt("hi")),
        response: || {
            let key = key();
            let (front, back) = key.split_at(9);
            Response::event_stream([delta("so "), delta(front), delta(&format!("{back} .")), done()])
        },
        status: 200,
        forwarded: true,
        never: key,
    },
    Scenario {
        name: BLOCKED_STREAM,
        request: || chat(prompt("hi")),
        response: || Response::event_stream([delta("so "), delta(&ssn()), delta(" and more"), done()]),
        status: 200,
        forwarded: true,
        never: ssn,
    },
    Scenario {
        name: "refuse an answer that is too large and keeps coming",
        request: || chat(prompt("hi")),
        response: || {
            Response::new(200)
                .header("content-type", "text/plain")
                .body("much ".repeat(2_000))
                .chunks(Chunking::Every(4_000))
        },
        status: 403,
        forwarded: true,
        never: || "much ".to_owned(),
    },
    Scenario {
        name: "flag a request",
        request: || chat(prompt("DE89 3704 0044 0532 0130 00")),
        response: fine,
        status: 200,
        forwarded: true,
        never: nothing,
    },
    Scenario {
        name: "refuse at the headers of a request that keeps coming",
        request: || chat("{}").with_header("content-type", "image/png").chunks(Chunking::OneByte),
        response: fine,
        status: 403,
        forwarded: false,
        never: || "{}".to_owned(),
    },
    Scenario {
        name: "block by route",
        request: || chat(prompt("hi")).property(&["xds", "route_name"], "closed"),
        response: fine,
        status: 403,
        forwarded: false,
        never: nothing,
    },
];

fn configuration() -> String {
    policy(|policy| {
        policy["limits"] = json!({"response_body": 6_000});
        let more = [
            json!({"id": "closed", "when": {"route": "closed"}, "then": {"action": "block"}}),
            json!({"id": "mail", "when": {"detectors": "pii/email"}, "then": {"action": "redact", "with": "hash"}}),
        ];
        if let Some(rules) = policy["rules"].as_array_mut() {
            rules.extend(more);
        }
    })
}

fn host(protocol: Protocol) -> Host {
    let options = HostOptions::new(configuration()).downstream(protocol).upstream(protocol);
    start(options.property(&["xds", "route_name"], "open"))
}

fn run(host: &mut Host, scenario: &Scenario) -> ExchangeResult {
    host.exchange((scenario.request)()).upstream(|_| (scenario.response)())
}

/// What comes of a scenario when everything works.
fn expect_normal(scenario: &Scenario, result: &ExchangeResult, what: &str) {
    let outcome = if scenario.name == BLOCKED_STREAM { Outcome::Reset(Cause::Module) } else { Outcome::Completed };
    assert_eq!((&result.outcome, result.status()), (&outcome, Some(scenario.status)), "{what}\n{result}");
    assert_eq!(result.was_forwarded(), scenario.forwarded, "{what}\n{result}");
    assert!(!passed(result, &(scenario.never)()), "{what}\n{result}");
}

/// What comes of it when a decisive call fails: what would have, or a refusal, or it waits; never more than that.
fn expect_closed(scenario: &Scenario, result: &ExchangeResult, what: &str) {
    assert!(!passed(result, &(scenario.never)()), "{what}\n{result}");
    assert!(scenario.forwarded || result.upstream.is_none(), "{what}: it was forwarded\n{result}");
    match (&result.outcome, result.status()) {
        (Outcome::Completed, Some(403)) => {
            let records = records(result);
            let [record] = records.as_slice() else {
                panic!("{what}: {} records of a refusal\n{result}", records.len())
            };
            assert_eq!((&record["answered_by"], &record["status"]), (&json!("weir"), &json!(403)), "{what}: {record}");
            let half = if record["response"] == Value::Null { &record["request"] } else { &record["response"] };
            assert_eq!(half["action"], "block", "{what}: {record}");
        }
        (Outcome::Completed, status) => assert_eq!(status, Some(scenario.status), "{what}\n{result}"),
        (Outcome::Hang(_), None) => {
            assert_eq!(records(result).len(), 1, "{what}: a refusal without a record\n{result}")
        }
        // A stream that has begun can only be broken off.
        (Outcome::Reset(Cause::Module), Some(200)) if scenario.name.contains("a stream") => {
            let records = records(result);
            assert_eq!(records.len(), 1, "{what}\n{result}");
            assert_eq!(records[0]["answered_by"], "weir", "{what}: {}", records[0]);
        }
        (outcome, _) => panic!("{what}: {outcome:?}\n{result}"),
    }
}

#[test]
fn everything_works_when_everything_works() {
    for protocol in [Protocol::Http1, Protocol::Http2] {
        let mut host = host(protocol);
        for scenario in SCENARIOS {
            let result = run(&mut host, scenario);
            sane(&host, &result, scenario.name);
            expect_normal(scenario, &result, scenario.name);
            assert_eq!(records(&result).len(), 1, "{}\n{result}", scenario.name);
        }
        let upstream = run(&mut host, &SCENARIOS[1]).upstream;
        assert!(upstream.is_some_and(|sent| sent.text().contains(PLACEHOLDER)));
    }
}

/// Injects one fault before each scenario.
fn with_each_fault(calls: &[HostCall], expect: fn(&Scenario, &ExchangeResult, &str)) {
    let nth = |call, status| (1..=6).map(move |nth| (Some(nth), Fault::nth(call, nth, status)));
    for protocol in [Protocol::Http1, Protocol::Http2] {
        for call in calls {
            let mut host = host(protocol);
            for status in Status::FAILURES {
                let always = (None, Fault::always(*call, status));
                for (nth, fault) in nth(*call, status).chain([always]) {
                    for scenario in SCENARIOS {
                        let what = format!("{}: {call} answers {status:?}, call {nth:?}, {protocol:?}", scenario.name);
                        host.inject(fault);
                        let result = run(&mut host, scenario);
                        host.clear_faults();
                        sane(&host, &result, &what);
                        expect(scenario, &result, &what);
                    }
                }
            }
            for scenario in SCENARIOS {
                let result = run(&mut host, scenario);
                expect_normal(scenario, &result, &format!("{} after {call} has failed", scenario.name));
            }
        }
    }
}

#[test]
fn decisive_calls_fail_closed() {
    with_each_fault(DECISIVE, expect_closed);
}

#[test]
fn observing_calls_change_nothing() {
    // Without its route, an exchange may be one of those that are closed.
    let unknown = |scenario: &Scenario, result: &ExchangeResult, what: &str| {
        let closed = what.contains("proxy_get_property") && result.status() == Some(403) && result.upstream.is_none();
        if !closed {
            expect_normal(scenario, result, what);
        }
        assert!(!passed(result, &(scenario.never)()), "{what}\n{result}");
    };
    with_each_fault(OBSERVING, unknown);
}

/// The lists above are all the calls there are.
#[test]
fn no_other_call_is_made() {
    let mut host = host(Protocol::Http1);
    for scenario in SCENARIOS {
        run(&mut host, scenario);
    }
    for call in HostCall::ALL.iter().filter(|call| !DECISIVE.contains(call) && !OBSERVING.contains(call)) {
        assert_eq!(host.call_count(*call), 0, "{call} is made, and nothing here makes it fail");
    }
}

/// Under a policy that opens for failing calls, and in monitor mode, what cannot be read goes on.
#[test]
fn an_open_policy_lets_go_what_cannot_be_read() {
    let open = policy(|policy| policy["faults"]["host_call"] = json!("allow"));
    let watching = policy(|policy| policy["mode"] = json!("monitor"));
    for policy in [open, watching] {
        for call in [HostCall::GetMap, HostCall::GetBuffer] {
            let mut host = start(HostOptions::new(policy.clone()));
            host.inject(Fault::always(call, Status::InternalFailure));
            let result = host.exchange(chat(prompt("hi"))).upstream(|_| Response::json(200, answer("there")));
            sane(&host, &result, "open");
            assert_eq!((result.status(), result.client.text()), (Some(200), answer("there")), "{call}\n{result}");
            assert_eq!(records(&result).len(), 1, "{call}\n{result}");
        }
    }
}

/// A new configuration that cannot be read is refused, and the old one goes on.
#[test]
fn a_configuration_that_cannot_be_read_is_refused() {
    for status in Status::FAILURES {
        let mut host = host(Protocol::Http1);
        host.inject(Fault::nth(HostCall::GetBuffer, 1, status));
        assert!(host.reconfigure(configuration()).is_err(), "{status:?}");
        host.clear_faults();
        for scenario in SCENARIOS {
            expect_normal(scenario, &run(&mut host, scenario), scenario.name);
        }
    }
}
