//! Policies that change while requests are served: ECDS from a directory laid out as a ConfigMap mount.

use serde_json::{Value, json};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use weir_cli::client::{Http, Request};
use weir_cli::stack::Swap;
use weir_e2e::{Lab, baseline, setup};

const WORD: &str = "marmalade";

/// A policy that replaces a word, recognisably.
fn policy(id: &str) -> String {
    let mut policy: Value = serde_json::from_str(&baseline()).unwrap();
    policy["name"] = id.into();
    policy["detectors"] = json!({"custom": [{"id": format!("custom/{id}"), "keywords": [WORD]}]});
    let then = json!({"action": "redact", "with": "placeholder"});
    let rule = json!({"id": id, "when": {"detectors": format!("custom/{id}")}, "then": then});
    policy["rules"].as_array_mut().unwrap().push(rule);
    policy.to_string()
}

fn hash(policy: &str) -> String {
    weir_engine::Policy::compile(policy).expect("it is a policy").hash().to_owned()
}

fn chat() -> Request {
    Request::json("/v1/chat/completions", json!({"messages": [{"role": "user", "content": WORD}]}).to_string())
}

/// One answered request of the load.
struct Answered {
    sent: Instant,
    received: Instant,
    /// The placeholder that came back: which policy decided.
    by: String,
}

fn decided_by(content: &Value) -> String {
    let text = content["choices"][0]["message"]["content"].as_str().unwrap_or_default();
    text.split(['[', ']']).nth(1).unwrap_or("nobody").to_lowercase()
}

/// Sends requests until told to stop. Anything but a redacted echo is a failure.
fn load(address: std::net::SocketAddr, http: Http, stop: &AtomicBool, done: &Mutex<Vec<Result<Answered, String>>>) {
    while !stop.load(Ordering::Relaxed) {
        let sent = Instant::now();
        let answer = chat().http(http).send(address);
        let received = Instant::now();
        let result = match answer {
            Ok(response) if response.status == 200 && response.broken.is_none() => {
                Ok(Answered { sent, received, by: decided_by(&response.json()) })
            }
            Ok(response) => Err(format!("status {}, {:?}: {}", response.status, response.broken, response.text())),
            Err(error) => Err(error.to_string()),
        };
        done.lock().unwrap().push(result);
    }
}

#[test]
fn a_swap_under_load_fails_no_request_and_decides_within_a_second() {
    let mut setup = setup(policy("a"));
    setup.concurrency = 2;
    let mut lab = Lab::start(setup);
    let address = lab.stack.envoy().listener();
    let (stop, done) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    let mut swaps: Vec<(Instant, &str)> = Vec::new();
    std::thread::scope(|scope| {
        for http in [Http::One, Http::Two, Http::One] {
            let (stop, done) = (&stop, &done);
            scope.spawn(move || load(address, http, stop, done));
        }
        for name in ["b", "a", "b", "a"] {
            std::thread::sleep(Duration::from_millis(700));
            swaps.push((Instant::now(), name));
            lab.stack.policy_dir().swap(&policy(name)).unwrap();
        }
        std::thread::sleep(Duration::from_millis(1_200));
        stop.store(true, Ordering::Relaxed);
    });
    let done = done.into_inner().unwrap();
    let failed: Vec<&String> = done.iter().filter_map(|result| result.as_ref().err()).collect();
    assert!(failed.is_empty(), "{} of {} requests failed, such as {}", failed.len(), done.len(), failed[0]);
    let answered: Vec<&Answered> = done.iter().flatten().collect();
    let mut slowest = Duration::ZERO;
    for (index, (at, name)) in swaps.iter().enumerate() {
        let until = swaps.get(index + 1).map_or(Instant::now(), |(next, _)| *next);
        // The last request of this interval that the old policy decided: the swap was done for all by its end.
        let stale = answered.iter().filter(|one| one.sent > *at && one.received < until && one.by != *name);
        let complete = stale.map(|one| one.sent - *at).max().unwrap_or_default();
        let first =
            answered.iter().filter(|one| one.received > *at && one.by == *name).map(|one| one.received - *at).min();
        let first = first.unwrap_or_else(|| panic!("nothing was decided by {name}"));
        println!(
            "swap {index}: first answer under the new policy after {first:?}, last request under the old one sent at {complete:?}"
        );
        slowest = slowest.max(first).max(complete);
    }
    println!("{} requests, none failed; slowest swap {slowest:?}", answered.len());
    assert!(answered.len() > 100, "{} requests are no load", answered.len());
    assert!(slowest < Duration::from_secs(1), "a swap took {slowest:?}");
    assert!(answered.iter().all(|one| one.by == "a" || one.by == "b"), "every request was decided by a policy");
    lab.survived();
}

#[test]
fn a_bad_policy_is_refused_and_the_last_good_one_decides() {
    let good = policy("first");
    let mut lab = Lab::start(setup(good.clone()));
    let decided = |lab: &mut Lab, name: &str, text: &str| {
        let seen = lab.play(&chat());
        assert_eq!(decided_by(&seen.response.json()), name, "{seen:#?}");
        let policy = &seen.record.as_ref().unwrap()["policy"];
        assert_eq!((policy["name"].as_str(), policy["hash"].as_str()), (Some(name), Some(hash(text).as_str())));
    };
    decided(&mut lab, "first", &good);
    let rejected = "extension_config_discovery.http_filter.weir.update_rejected";
    let count = |lab: &Lab| {
        let stats = lab.stack.envoy().stats("update_rejected$").unwrap();
        stats.iter().find(|(name, _)| name.ends_with(rejected)).map_or(0, |(_, count)| *count)
    };

    let cases = [
        (policy("second").replace("\"redact\"", "\"redcat\""), "redcat"),
        (policy("second").replace("\"rules\"", "\"rulez\""), "rulez"),
        ("{\"version\": 1,".to_owned(), ""),
        (String::new(), ""),
    ];
    for (index, (bad, word)) in cases.iter().enumerate() {
        let mark = lab.stack.envoy().log_mark();
        let before = (count(&lab), lab.metric("weir_policy_loads_total", &[("result", "refused")]));
        let reason = match lab.stack.swap(bad).unwrap() {
            Swap::Refused(reason) => reason,
            Swap::Accepted(version) => panic!("accepted as {version}: {bad}"),
        };
        assert!(reason.contains(word), "{reason}");
        let said = lab.stack.envoy().logs_since(mark);
        let said =
            said.iter().filter_map(|line| line.from_module()).filter(|said| said.starts_with("weir_policy_error "));
        assert!(said.count() > 0, "the log gives no reason");
        assert!(count(&lab) > before.0, "update_rejected did not grow");
        assert!(lab.metric("weir_policy_loads_total", &[("result", "refused")]) > before.1);
        decided(&mut lab, "first", &good);
        if index == 0 {
            println!("{reason}");
        }
    }

    let next = policy("third");
    lab.swap(&next);
    decided(&mut lab, "third", &next);
    assert!(lab.metric("weir_policy_loads_total", &[("result", "accepted")]) >= 2);
    lab.survived();
}

/// What was begun under a policy ends under it.
#[test]
fn an_exchange_in_flight_keeps_its_policy() {
    let first = policy("first");
    let mut lab = Lab::start(setup(first.clone()));
    let address = lab.stack.envoy().listener();
    let second = policy("second");
    let body = json!({"messages": [{"role": "user", "content": WORD}]}).to_string().into_bytes();
    let (head, tail) = body.split_at(10);
    let wait = weir_cli::Step::Wait(Duration::from_millis(800));
    let slow = Request::json("/v1/chat/completions", "").steps(vec![
        weir_cli::Step::data(head.to_vec()),
        wait,
        weir_cli::Step::data(tail.to_vec()),
    ]);
    let (response, seen) = std::thread::scope(|scope| {
        let request = scope.spawn(|| slow.send(address).unwrap());
        // The exchange has begun once Envoy counts it.
        let begin = Instant::now();
        while lab.stack.envoy().stat("http.ingress.downstream_rq_active").unwrap() == 0 {
            assert!(begin.elapsed() < Duration::from_secs(5), "the request did not begin");
        }
        lab.swap(&second);
        lab.witness(1, || request.join().unwrap())
    });
    assert_eq!(decided_by(&response.json()), "first");
    assert_eq!(seen[0].1.as_ref().unwrap()["policy"]["hash"].as_str(), Some(hash(&first).as_str()));
    let seen = lab.play(&chat());
    assert_eq!(decided_by(&seen.response.json()), "second");
    lab.survived();
}
