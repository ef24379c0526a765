//! What operators see: metrics with labels, records in the log and in the access log, and nothing that users said.

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use weir_cli::client::{Http, Request};
use weir_cli::mock::Reply;
use weir_e2e::chat::{CHAT, chat};
use weir_e2e::{Lab, Seen, Shared, baseline, findings, setup};
use weir_harness::corpus::{names, sample};

static LAB: Shared = Shared::new(|| Lab::start(setup(baseline())));

#[test]
fn metrics_have_labels() {
    LAB.with(|lab| {
        let count = |lab: &Lab, name: &str, labels: &[(&str, &str)]| lab.metric(name, labels);
        let wanted: [(&str, &[(&str, &str)]); 8] = [
            (
                "weir_decisions_total",
                &[("direction", "request"), ("action", "redact"), ("would", "redact"), ("inspected", "full")],
            ),
            (
                "weir_decisions_total",
                &[("direction", "response"), ("action", "allow"), ("would", "allow"), ("inspected", "full")],
            ),
            (
                "weir_decisions_total",
                &[("direction", "response"), ("action", "block"), ("would", "block"), ("inspected", "none")],
            ),
            ("weir_findings_total", &[("detector", "secret/aws-access-key-id"), ("direction", "request")]),
            ("weir_faults_total", &[("fault", "content_encoding"), ("outcome", "block")]),
            ("weir_rule_matches_total", &[("rule", "redact-secrets"), ("action", "redact")]),
            ("weir_body_bytes_count", &[("direction", "request")]),
            ("weir_held_milliseconds_count", &[("direction", "request")]),
        ];
        // Histograms are there after the first flush, up to five seconds later.
        let before: Vec<u64> = wanted.iter().map(|(name, labels)| count(lab, name, labels)).collect();
        let redacted = lab.play(&chat(&sample("aws-access-key-id").unwrap()));
        assert_eq!((redacted.action("request"), redacted.action("response")), ("redact", "allow"), "{redacted:#?}");
        lab.mock().respond_with(Reply::json(200, "{}").header("content-encoding", "compress"));
        lab.play(&chat("hello")).assert_refused_for("response", "content_encoding");
        let begin = Instant::now();
        for ((name, labels), before) in wanted.iter().zip(before) {
            while count(lab, name, labels) <= before {
                let text = lab.stack.envoy().admin_get("/stats/prometheus").unwrap();
                let ours: Vec<&str> = text.lines().filter(|line| line.starts_with("weir_")).collect();
                assert!(begin.elapsed() < Duration::from_secs(12), "{name} {labels:?} did not grow: {ours:#?}");
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        // A decision, a fault and a matched rule count once.
        let labels = [("rule", "redact-secrets"), ("action", "redact")];
        let once = lab.metric("weir_rule_matches_total", &labels);
        lab.play(&chat(&sample("github-token").unwrap()));
        assert_eq!(lab.metric("weir_rule_matches_total", &labels), once + 1);
        assert!(lab.metric("weir_policy_loads_total", &[("result", "accepted")]) > 0);
        assert_eq!(lab.metric("weir_policy_loads_total", &[("result", "refused")]), 0);
    });
}

/// No label of a metric may be part of its name, and no metric may come twice: either would make the page invalid.
#[test]
fn the_metrics_page_is_valid() {
    LAB.with(|lab| {
        lab.play(&chat("hello"));
        let text = lab.stack.envoy().admin_get("/stats/prometheus").unwrap();
        let samples: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("weir_"))
            .filter_map(|line| line.rsplit_once(' '))
            .map(|l| l.0)
            .collect();
        assert!(!samples.is_empty());
        for (index, sample) in samples.iter().enumerate() {
            let name = sample.split('{').next().unwrap();
            assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{sample}");
            assert!(!["direction", "action", "outcome"].iter().any(|label| name.contains(label)), "{sample}");
            assert!(!samples[index + 1..].contains(sample), "{sample} stands twice");
        }
        let declared: Vec<&str> = text.lines().filter(|line| line.starts_with("# TYPE weir_")).collect();
        for (index, line) in declared.iter().enumerate() {
            assert!(!declared[index + 1..].contains(line), "{line} stands twice");
        }
    });
}

#[test]
fn the_access_log_has_the_record() {
    LAB.with(|lab| {
        let seen = lab.play(&chat(&format!("my key is {}", sample("openai-api-key").unwrap())));
        let record = seen.record.as_ref().expect("a decided exchange has a record");
        let in_access_log: Value = serde_json::from_str(seen.access["weir"].as_str().unwrap()).unwrap();
        assert_eq!(*record, in_access_log);
        assert_eq!((&seen.access["status"], &seen.access["details"]), (&json!(200), &json!("via_upstream")));
        assert_eq!(
            (&record["kind"], &record["dialect"], &record["mode"]),
            (&json!("exchange"), &json!("openai/chat"), &json!("enforce"))
        );
        assert_eq!((&record["status"], &record["answered_by"]), (&json!(200), &json!("upstream")));
        assert_eq!(record["policy"]["name"], "baseline");
        assert_eq!(record["policy"]["hash"].as_str(), Some(expected_hash().as_str()));
        assert_eq!(findings(seen.verdict("request")), ["secret/openai-api-key user"]);
        assert_eq!(seen.verdict("request")["edits"], 1);
    });
}

fn expected_hash() -> String {
    weir_engine::Policy::compile(&baseline()).expect("the baseline is a policy").hash().to_owned()
}

/// Fingerprints agree for the same text, differ for others, and are those of a key that only the environment holds.
#[test]
fn fingerprints_are_keyed() {
    let mut setups = [setup(baseline()), setup(baseline()), setup(baseline())];
    for (setup, key) in setups.iter_mut().zip(["key one", "key one", "key two"]) {
        setup.environment.push(("WEIR_FINGERPRINT_KEY".into(), key.into()));
    }
    let prints = setups.map(|setup| {
        let mut lab = Lab::start(setup);
        let both = format!("{} and {}", sample("aws-access-key-id").unwrap(), sample("github-token").unwrap());
        let seen = [lab.play(&chat(&both)), lab.play(&chat(&both))];
        let of = |seen: &Seen| -> Vec<String> {
            let list = seen.verdict("request")["findings"].as_array().cloned().unwrap_or_default();
            list.iter().map(|finding| finding["fingerprint"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(of(&seen[0]), of(&seen[1]));
        assert_ne!(of(&seen[0])[0], of(&seen[0])[1]);
        lab.survived();
        of(&seen[0])
    });
    assert_eq!(prints[0], prints[1], "one deployment, two proxies");
    assert_ne!(prints[0], prints[2], "two deployments");
}

/// Everything a user can say is sent everywhere a user can say it; none of it may be in what Envoy writes.
#[test]
fn nothing_that_users_say_is_written_down() {
    LAB.with(|lab| {
        let marker = "xylophone-quartz-marker";
        let mut said: Vec<String> = names().iter().filter_map(|name| sample(name)).collect();
        said.push(marker.to_owned());
        for text in &said {
            let line = text.replace('\n', " ");
            let body = json!({
                "model": line, "user": line, line.clone(): 1,
                "messages": [
                    {"role": "system", "content": text},
                    {"role": "user", "name": line, "content": [{"type": "text", "text": text}]},
                    {"role": "assistant", "content": null, "tool_calls": [
                        {"id": "c", "type": "function", "function": {"name": "f", "arguments": json!({"a": text}).to_string()}}]},
                    {"role": "tool", "tool_call_id": "c", "content": text},
                ],
            });
            let answer = json!({"id": "x", "choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]});
            lab.mock().respond_with(Reply::json(200, answer.to_string()).header("x-said", &line));
            let encoded: String = line.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let request = Request::json(&format!("{CHAT}?q={encoded}"), body.to_string());
            lab.play(&request.header("x-user-said", &line).header("user-agent", &line));
            lab.mock().clear_script();
            // What cannot be read, what is refused, what breaks.
            lab.play(&Request::json(CHAT, format!("{{\"a\": \"{line}\", ")));
            lab.play(&Request::json(CHAT, text.clone()).header("content-encoding", "br"));
            lab.play(&Request::json(CHAT, text.clone()).header("content-type", &line).http(Http::Two));
            lab.play(&Request::json("/unknown", json!({"x": text}).to_string()));
        }
        let log: Vec<String> = lab.stack.envoy().logs().into_iter().map(|line| line.message).collect();
        let access = std::fs::read_to_string(lab.stack.envoy().access_log()).unwrap();
        let admin = |path: &str| lab.stack.envoy().admin_get(path).unwrap();
        let written = [
            ("the log", log.join("\n")),
            ("the access log", access),
            ("the statistics", admin("/stats")),
            ("the metrics", admin("/stats/prometheus")),
        ];
        for (place, text) in &written {
            for said in &said {
                let line = said.replace('\n', " ");
                let escaped = Value::from(said.as_str()).to_string();
                let forms = [said.as_str(), &line, escaped.trim_matches('"')];
                assert!(!forms.iter().any(|form| text.contains(form)), "{place} holds {said:?}");
            }
        }
        assert!(written[0].1.contains("weir_record") && written[1].1.contains("fingerprint"), "there is something to search");
    });
}

/// A policy that logs only what is not allowed still leaves every record in the access log.
#[test]
fn audit_log_can_be_quiet() {
    let policy = baseline().replace("\"log\": \"all\"", "\"log\": \"not_allowed\"");
    let mut lab = Lab::start(setup(policy));
    let mark = lab.stack.envoy().log_mark();
    let logged = |lab: &Lab| {
        let lines = lab.stack.envoy().logs_since(mark);
        lines.iter().filter(|line| line.from_module().is_some_and(|said| said.starts_with("weir_record"))).count()
    };
    let plain = lab.play(&chat("hello"));
    assert!(plain.record.is_some());
    assert_eq!(logged(&lab), 0);
    lab.play(&chat(&sample("aws-access-key-id").unwrap()));
    assert_eq!(logged(&lab), 1);
    lab.survived();
}
