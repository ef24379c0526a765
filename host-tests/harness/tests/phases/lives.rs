//! Policies that change while exchanges are held, and modules that cannot start.

use serde_json::json;
use weir_harness::{HarnessError, Host, HostOptions, Side};

use super::weir::{
    PLACEHOLDER, answer, baseline, chat, fine, key, module, options, policy, prompt, record, sane, start,
};

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

#[test]
fn the_module_starts_with_what_it_is_given_or_says_why_not() {
    for broken in ["", "{", "null", "[]", r#"{"version":2}"#] {
        assert!(Host::start(module(), HostOptions::new(broken)).is_err(), "{broken}");
    }
    assert!(Host::start(module(), HostOptions::new(vec![0xff, 0xfe])).is_err());
    assert!(Host::start(module(), HostOptions::new(baseline())).is_ok());
}
