//! What weakens: exceptions and bypasses, and how far.

use super::{found, part, policy_with};
use crate::event::Direction;
use crate::policy::Policy;
use crate::policy::context::Context;
use crate::policy::test_support::context;
use crate::policy::words::Action;
use crate::timestamp::Timestamp;
use crate::wire::Scope;

const EXCEPTED: &str = r#"{"id": "r", "when": {"detectors": "custom/*"}, "then": {"action": "block"}},
    {"id": "s", "when": {"detectors": "custom/*"}, "then": {"action": "flag"}}"#;

fn excepting(when: &str, until: &str) -> Policy {
    policy_with(
        EXCEPTED,
        &format!(
            r#", "exceptions": [{{"id": "e", "rule": "r", "when": {when}, "owner": "me", "reason": "why", "until": "{until}"}}]"#
        ),
    )
}

#[test]
fn an_exception_weakens_its_rule_only_and_is_recorded() {
    let policy = excepting(r#"{"scope": "user", "detectors": "custom/a", "path": "/v1/*"}"#, "2030-01-01");
    let (parts, both) = ([part(Scope::User), part(Scope::Unknown)], |part| {
        [found(&policy, "custom/a", part, 0..3), found(&policy, "custom/b", part, 5..8)]
    });
    let findings = both(0);
    let verdict = policy.decide(&context(), &parts, &findings[..1], &[]);
    let decided: Vec<_> = verdict.decisions.iter().map(|one| (one.rule, one.action, one.excepted)).collect();
    assert_eq!(decided, [(0, Action::Allow, Some(0)), (1, Action::Flag, None)]);
    assert_eq!((verdict.action, policy.exception_id(0)), (Action::Flag, Some("e")));

    let verdict = policy.decide(&context(), &parts, &findings, &[]);
    let decided: Vec<_> =
        verdict.decisions.iter().map(|one| (one.action, one.excepted, one.findings.clone())).collect();
    let expected =
        [(Action::Allow, Some(0), vec![0]), (Action::Block, None, vec![1]), (Action::Flag, None, vec![0, 1])];
    assert_eq!(decided, expected, "the other finding is not excepted");

    let verdict = policy.decide(&context(), &parts, &both(1)[..1], &[]);
    assert_eq!(verdict.action, Action::Block, "nobody knows whether the speaker is a user");
    let elsewhere = Context { path: "/v2/../v1/x", ..context() };
    assert_eq!(policy.decide(&elsewhere, &parts, &findings[..1], &[]).action, Action::Block, "an unclear path");
}

#[test]
fn an_exception_ends_by_itself() {
    let policy = excepting("{}", "2030-01-01");
    let end = Timestamp::parse("2030-01-01").unwrap();
    let findings = [found(&policy, "custom/a", 0, 0..3)];
    let at = |now| policy.decide(&Context { now, ..context() }, &[part(Scope::User)], &findings, &[]).action;
    assert_eq!(at(Timestamp::from_millis(end.as_millis() - 1)), Action::Flag);
    assert_eq!(at(end), Action::Block);
}

#[test]
fn an_exception_to_an_access_rule() {
    let rule = r#"{"id": "r", "unless": {"model": "o1"}, "then": {"action": "block"}}"#;
    let exception = r#", "exceptions": [{"id": "e", "rule": "r", "when": {"route": "chat"}, "owner": "me", "reason": "why", "until": "2030-01-01"}]"#;
    let policy = policy_with(rule, exception);
    assert!(policy.needs_route());
    let verdict = policy.decide(&context(), &[], &[], &[]);
    assert_eq!((verdict.action, verdict.decisions[0].excepted), (Action::Allow, Some(0)));
    let nowhere = Context { route: None, ..context() };
    assert_eq!(policy.decide(&nowhere, &[], &[], &[]).action, Action::Block);
}

#[test]
fn bypass_needs_every_condition_to_be_certain() {
    let policy = policy_with(
        "",
        r#", "bypass": [{"path": "/health/*", "method": ["GET", "HEAD"], "reason": "probes"}, {"host": "*.internal", "route": "m", "reason": "metrics"}]"#,
    );
    let health = Context { method: "GET", path: "/health/live", ..context() };
    assert_eq!(policy.bypass(&health), Some("probes"));
    assert_eq!(policy.bypass(&Context { direction: Direction::Response, ..health }), Some("probes"));
    for other in [
        Context { method: "POST", ..health },
        Context { method: "get", ..health },
        Context { path: "/health/../v1/chat/completions", ..health },
        Context { path: "/health/%2e%2e/v1/chat/completions", ..health },
        Context { path: "/Health/live", ..health },
        Context { host: Some("a.internal"), route: None, ..context() },
    ] {
        assert_eq!(policy.bypass(&other), None, "{other:?}");
    }
    assert_eq!(policy.bypass(&Context { host: Some("a.internal:80"), route: Some("m"), ..context() }), Some("metrics"));
    assert!(policy.needs_route());
}
