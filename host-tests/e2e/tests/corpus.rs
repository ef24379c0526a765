//! The corpus through weir.wasm in a real Envoy. The format is documented in `host-tests/harness/src/corpus/mod.rs`.
//!
//! Every case runs twice: HTTP/1.1 on both sides of Envoy and HTTP/2 on both sides. One Envoy runs all cases of a version;
//! its policy is swapped as an operator would swap it, so cases are ordered by policy. An answer that is a stream comes once
//! event by event and once in pieces that have nothing to do with its events.

use std::collections::BTreeMap;
use std::time::Duration;
use weir_cli::Step;
use weir_cli::client::{Http, Request};
use weir_cli::mock::Reply;
use weir_e2e::{Lab, baseline, root, setup};
use weir_harness::corpus::{Case, FINGERPRINT_KEY, Header, Message, Observed, check, load};

#[test]
fn corpus_over_http1() {
    run(Http::One);
}

#[test]
fn corpus_over_http2() {
    run(Http::Two);
}

fn run(http: Http) {
    let cases = load(&root().join("host-tests/corpus"), &root().join("policies")).unwrap();
    let mut by_policy: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for case in cases.into_iter().filter(|case| runs(case, http)) {
        by_policy.entry(case.policy.0.clone()).or_default().push(case);
    }
    let mut start = setup(baseline());
    start.mock_http2 = http == Http::Two;
    // What stands for a text is the same on every runner.
    start.environment.push(("WEIR_FINGERPRINT_KEY".into(), FINGERPRINT_KEY.into()));
    // Envoy refuses upgrades by itself unless it is told that they are wanted.
    let upgrades = "codec_type: AUTO\n          upgrade_configs: [{upgrade_type: websocket}] #";
    start.bootstrap_changes.push(("codec_type: AUTO #".into(), upgrades.into()));
    let mut lab = Lab::start(start);
    let (mut count, mut failures) = (0, Vec::new());
    for (policy, cases) in &by_policy {
        lab.swap(policy);
        for case in cases {
            for pieces in ways(case) {
                count += 1;
                let observed = observe(&mut lab, case, http, &pieces);
                if let Err(differences) = check(case, &observed) {
                    failures.push(format!("{} in {} pieces ({})\n{differences}", case.name, pieces.len(), case.about));
                }
            }
        }
    }
    lab.survived();
    println!("{count} cases under {} policies", by_policy.len());
    assert!(
        failures.is_empty(),
        "{} of {count} cases failed over {http:?}:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
    assert!(count > 0, "no case ran");
}

/// Whether a case can run over this version of HTTP.
fn runs(case: &Case, http: Http) -> bool {
    if case.not_on.iter().any(|(runner, _)| runner == "envoy") {
        return false;
    }
    let trailers = |message: &Message| !message.trailers.is_empty();
    let has_trailers = trailers(&case.request) || case.response.as_ref().is_some_and(trailers);
    let upgrades = case.request.headers.iter().any(|(name, _)| name == "upgrade");
    assert!(!(has_trailers && upgrades), "{}: no version of HTTP runs this", case.name);
    match http {
        // Envoy drops trailers of HTTP/1.1 unless it is told to keep them (`enable_trailers`), which the shipped
        // configuration does not.
        Http::One => !has_trailers,
        // HTTP/2 has no upgrade header.
        Http::Two => !upgrades,
    }
}

/// Bytes of a piece: longer than the smallest events, shorter than most, and of no size that anything else has.
const ODD: usize = 97;

/// The ways in which the answer's body is cut into pieces.
fn ways(case: &Case) -> Vec<Vec<Vec<u8>>> {
    let Some(answer) = &case.response else { return vec![Vec::new()] };
    let body = answer.body.as_deref().unwrap_or_default();
    if answer.events.is_empty() || answer.declared {
        return vec![answer.body.iter().cloned().collect()];
    }
    let mut rest = body;
    let events = answer.events.iter().map(|length| {
        let (event, behind) = rest.split_at(*length);
        rest = behind;
        event.to_vec()
    });
    vec![events.collect(), body.chunks(ODD).map(<[u8]>::to_vec).collect()]
}

fn observe(lab: &mut Lab, case: &Case, http: Http, pieces: &[Vec<u8>]) -> Observed {
    let mark = lab.stack.envoy().log_mark();
    lab.mock().clear_script();
    if let Some(response) = &case.response {
        let mut reply = Reply::new(response.status).steps(steps(response, pieces));
        for (name, value) in &response.headers {
            reply = reply.header(name, value);
        }
        lab.mock().respond_with(reply);
    }
    let mut request = Request::new(&case.request.method, &case.request.path)
        .http(http)
        .steps(steps(&case.request, case.request.body.as_slice()));
    // What the other runners call the host.
    request = request.header("host", "llm.example");
    for (name, value) in &case.request.headers {
        request = request.header(name, value);
    }
    let seen = lab.play(&request);
    let logs = lab.stack.envoy().logs_since(mark);
    let stats = lab.stack.envoy().admin_get("/stats?filter=wasm").expect("the admin interface answers");
    let log: Vec<&str> = logs.iter().map(|line| line.message.as_str()).collect();
    let path = |received: &weir_cli::mock::Received| (":path".to_owned(), received.path.clone());
    Observed {
        upstream: seen.upstream.map(|received| {
            let headers = [path(&received)].into_iter().chain(text(&received.headers)).collect();
            (headers, received.body)
        }),
        client: (seen.response.status, text(&seen.response.headers), seen.response.body()),
        broken_off: seen.response.broken.is_some(),
        records: seen.record.into_iter().collect(),
        written: format!("{}\n{}\n{stats}", log.join("\n"), seen.access),
    }
}

fn steps(message: &Message, pieces: &[Vec<u8>]) -> Vec<Step> {
    let mut steps: Vec<Step> = pieces.iter().map(|piece| Step::data(piece.clone())).collect();
    if message.body.is_some() && !message.declared {
        // A body of one step alone would have a length.
        steps.push(Step::Wait(Duration::from_millis(1)));
    }
    if !message.trailers.is_empty() {
        steps.push(Step::Trailers(message.trailers.clone()));
    }
    steps
}

fn text(headers: &[(String, Vec<u8>)]) -> Vec<Header> {
    headers.iter().map(|(name, value)| (name.clone(), String::from_utf8_lossy(value).into_owned())).collect()
}
