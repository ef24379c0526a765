//! What rules mean.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod configuration;
mod exceptions;

use super::context::Context;
use super::test_support::context;
use super::words::{Action, FaultOutcome, Mode, With};
use super::{Cause, Policy, Target, Verdict};
use crate::detect::{Confidence, Finding, Found, View};
use crate::exchange::{Part, Place};
use crate::fault::{Fault, Inspected};
use crate::keyed::Fingerprint;
use crate::wire::{Dialect, Scope};

/// A policy with these rules, and with words of its own to find: `custom/a` and `custom/b`.
fn policy_with(rules: &str, rest: &str) -> Policy {
    let custom = r#"{"custom": [{"id": "custom/a", "keywords": ["aaa"]}, {"id": "custom/b", "keywords": ["bbb"]}]}"#;
    let text = format!(r#"{{"version": 1, "name": "test", "rules": [{rules}], "detectors": {custom}{rest}}}"#);
    Policy::compile(&text).unwrap()
}

fn policy(rules: &str) -> Policy {
    policy_with(rules, "")
}

fn part(scope: Scope) -> Part {
    Part { scope, carried: false, place: Place::Header(0), len: 100 }
}

fn carried(scope: Scope) -> Part {
    Part { carried: true, ..part(scope) }
}

/// A finding of a detector of the policy.
fn found(policy: &Policy, detector: &str, part: u32, range: std::ops::Range<usize>) -> Found {
    let (entry, _) = policy.set().names().find(|(_, name)| name.id.as_ref() == detector).unwrap();
    let finding =
        Finding { start: range.start, end: range.end, entry, confidence: Confidence::Likely, view: View::Written };
    Found { part, finding, fingerprint: Fingerprint::default() }
}

fn access(rules: &str, context: &Context<'_>) -> Verdict {
    policy(rules).decide(context, &[], &[], &[])
}

#[test]
fn an_unknown_fact_restricts_and_never_permits() {
    let (all, none) = (context(), Context { model: None, ..context() });
    for (rule, known, unknown) in [
        (r#""when": {"model": "gpt-4o"}, "then": {"action": "block"}"#, Action::Block, Action::Block),
        (r#""when": {"model": "other"}, "then": {"action": "block"}"#, Action::Allow, Action::Block),
        (r#""unless": {"model": "gpt-4o"}, "then": {"action": "block"}"#, Action::Allow, Action::Block),
        (r#""unless": {"model": "other"}, "then": {"action": "flag"}"#, Action::Flag, Action::Flag),
        (r#""when": {"model": "x", "method": "GET"}, "then": {"action": "block"}"#, Action::Allow, Action::Allow),
        (
            r#""when": {"path": "/v1/*"}, "unless": {"model": "x", "method": "GET"}, "then": {"action": "block"}"#,
            Action::Block,
            Action::Block,
        ),
    ] {
        let rule = format!(r#"{{"id": "r", {rule}}}"#);
        assert_eq!(access(&rule, &all).action, known, "{rule}");
        assert_eq!(access(&rule, &none).action, unknown, "{rule} without a model");
    }
    for (rule, known) in [(r#""when": {"model": "gpt-4o"}"#, 1), (r#""unless": {"model": "other"}"#, 1)] {
        let rule = format!(r#"{{"id": "r", {rule}, "then": {{"action": "allow"}}}}"#);
        assert_eq!(access(&rule, &all).decisions.len(), known, "{rule}");
        assert_eq!(access(&rule, &none).decisions.len(), 0, "{rule} without a model");
    }
}

#[test]
fn every_condition_on_the_message_is_looked_at() {
    for (field, right, wrong) in [
        ("direction", r#"["response", "request"]"#, r#""response""#),
        ("method", r#""POST""#, r#"["GET", "PUT"]"#),
        ("host", r#""*.EXAMPLE.com""#, r#""example.com""#),
        ("path", r#""/v1/*""#, r#""/v2/*""#),
        ("route", r#""c?at""#, r#""embed""#),
        ("model", r#"["o1", "gpt-*"]"#, r#""o1""#),
        ("dialect", r#""openai/chat""#, r#""unknown""#),
    ] {
        for (value, expected) in [(right, Action::Block), (wrong, Action::Allow)] {
            let rule = format!(r#"{{"id": "r", "when": {{"{field}": {value}}}, "then": {{"action": "block"}}}}"#);
            assert_eq!(access(&rule, &context()).action, expected, "{rule}");
        }
    }
    let rule = r#"{"id": "r", "when": {"dialect": "openai/chat"}, "then": {"action": "block"}}"#;
    assert_eq!(access(rule, &Context { dialect: Dialect::Unknown, ..context() }).action, Action::Block);
}

#[test]
fn the_strongest_action_wins_and_every_rule_is_recorded() {
    let rules = r#"
        {"id": "flags", "when": {"direction": "request"}, "then": {"action": "flag"}},
        {"id": "blocks", "severity": "low", "then": {"action": "block"}},
        {"id": "allows", "then": {"action": "allow"}},
        {"id": "blocks-harder", "severity": "high", "then": {"action": "block"}},
        {"id": "other-direction", "when": {"direction": "response"}, "then": {"action": "block"}}"#;
    let verdict = access(rules, &context());
    assert_eq!((verdict.action, verdict.would), (Action::Block, Action::Block));
    assert_eq!(verdict.cause, Some(Cause::Rule(3)), "the most severe rule that blocks");
    assert_eq!(verdict.decisions.iter().map(|one| one.rule).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert!(verdict.decisions.iter().all(|one| one.target == Target::Exchange && one.mode == Mode::Enforce));
}

#[test]
fn an_empty_policy_allows_what_could_be_read() {
    let policy = Policy::compile(r#"{"version": 1, "name": "empty"}"#).unwrap();
    let verdict = policy.decide(&context(), &[part(Scope::User)], &[], &[]);
    assert_eq!((verdict.action, verdict.would, verdict.inspected), (Action::Allow, Action::Allow, Inspected::Full));
    assert!(verdict.decisions.is_empty() && verdict.cause.is_none() && policy.set().is_empty());
    let verdict = policy.decide(&context(), &[], &[], &[Fault::Stream]);
    assert_eq!((verdict.action, verdict.inspected), (Action::Block, Inspected::None));
}

#[test]
fn findings_are_redacted_where_scope_and_confidence_fit() {
    let policy = policy(
        r#"{"id": "r", "when": {"detectors": "custom/*", "scope": "user"}, "then": {"action": "redact", "with": "hash"}}"#,
    );
    let parts = [part(Scope::System), part(Scope::User), part(Scope::Unknown)];
    let mut findings: Vec<_> = (0..3).map(|part| found(&policy, "custom/a", part, 4..7)).collect();
    findings.push(Found { part: 1, ..found(&policy, "custom/b", 1, 10..13) });
    findings.last_mut().unwrap().finding.confidence = Confidence::Possible;
    let verdict = policy.decide(&context(), &parts, &findings, &[]);
    let redacted: Vec<_> =
        verdict.redactions.iter().map(|one| (one.part, one.range.clone(), one.with, one.finding)).collect();
    assert_eq!(redacted, [(1, 4..7, With::Hash, Some(1)), (2, 4..7, With::Hash, Some(2))]);
    assert_eq!(verdict.action, Action::Redact);
    assert_eq!(verdict.decisions.iter().map(|one| one.target).collect::<Vec<_>>(), [Target::Part(1), Target::Part(2)]);
    assert!(verdict.decisions.iter().all(|one| one.findings.len() == 1));
}

#[test]
fn an_allow_rule_needs_a_known_speaker() {
    let policy = policy(r#"{"id": "r", "when": {"scope": "user"}, "then": {"action": "allow"}}"#);
    let verdict = policy.decide(&context(), &[part(Scope::Unknown), part(Scope::User)], &[], &[]);
    assert_eq!(verdict.decisions.iter().map(|one| one.target).collect::<Vec<_>>(), [Target::Part(1)]);
}

#[test]
fn unless_looks_at_the_same_part() {
    let policy = policy(
        r#"{"id": "r", "when": {"detectors": "custom/a"}, "unless": {"detectors": "custom/b"}, "then": {"action": "flag"}}"#,
    );
    let parts = [part(Scope::User), part(Scope::User)];
    let findings =
        [found(&policy, "custom/b", 1, 0..3), found(&policy, "custom/a", 1, 5..8), found(&policy, "custom/a", 0, 5..8)];
    let verdict = policy.decide(&context(), &parts, &findings, &[]);
    assert_eq!(
        verdict.decisions.iter().map(|one| (one.target, one.findings.clone())).collect::<Vec<_>>(),
        [(Target::Part(0), vec![2])]
    );
}

#[test]
fn a_scope_alone_targets_whole_parts() {
    let policy = policy(r#"{"id": "r", "when": {"scope": "reasoning"}, "then": {"action": "redact", "with": "mask"}}"#);
    let empty = Part { len: 0, ..part(Scope::Reasoning) };
    let parts = [part(Scope::Assistant), part(Scope::Reasoning), empty];
    let verdict = policy.decide(&context(), &parts, &[], &[]);
    let redacted: Vec<_> =
        verdict.redactions.iter().map(|one| (one.part, one.range.clone(), one.with, one.finding)).collect();
    assert_eq!(redacted, [(1, 0..100, With::Mask, None)], "nothing stands in an empty part");
    assert!(
        policy.may_replace(parts[1].scope) && policy.may_replace(Scope::Unknown) && !policy.may_replace(parts[0].scope)
    );
}

#[test]
fn a_block_on_history_replaces_the_part() {
    let rule = |history: &str| {
        format!(r#"{{"id": "r", "when": {{"detectors": "custom/a"}}, "then": {{"action": "block"{history}}}}}"#)
    };
    for (history, part, action) in [
        ("", part(Scope::User), Action::Block),
        ("", carried(Scope::User), Action::Redact),
        (r#", "on_history": "replace""#, carried(Scope::User), Action::Redact),
        (r#", "on_history": "block""#, carried(Scope::User), Action::Block),
    ] {
        let policy = policy(&rule(history));
        let verdict = policy.decide(&context(), &[part], &[found(&policy, "custom/a", 0, 3..6)], &[]);
        assert_eq!((verdict.action, verdict.decisions[0].action), (action, action), "{history} {part:?}");
        let whole = verdict
            .redactions
            .iter()
            .any(|one| one.finding.is_none() && one.range == (0..100) && one.with == With::Placeholder);
        assert_eq!((whole, verdict.cause.is_some()), (action == Action::Redact, action == Action::Block));
    }
}

#[test]
fn only_new_findings_add_up_to_a_count() {
    let rule = |action: &str| {
        policy(&format!(
            r#"{{"id": "r", "when": {{"detectors": "custom/*", "count": 3}}, "then": {{"action": "{action}"}}}}"#
        ))
    };
    let targets = |action: &str, news: u32, olds: u32| {
        let policy = rule(action);
        let parts: Vec<Part> =
            (0..news).map(|_| part(Scope::User)).chain((0..olds).map(|_| carried(Scope::User))).collect();
        let findings: Vec<Found> = (0..news + olds).map(|part| found(&policy, "custom/a", part, 0..3)).collect();
        policy.decide(&context(), &parts, &findings, &[]).decisions.len()
    };
    assert_eq!([targets("flag", 2, 0), targets("flag", 2, 2), targets("flag", 3, 0)], [0, 0, 3]);
    assert_eq!(targets("flag", 3, 1), 4, "once it matches, it matches everywhere");
    assert_eq!(targets("flag", 0, 5), 0, "no second alert for what was seen");
    assert_eq!(
        targets("redact", 1, 3),
        3,
        "what was replaced when it was new stays replaced, the new one is not enough"
    );
    assert_eq!(targets("redact", 2, 2), 0);
}

#[test]
fn monitor_mode_changes_nothing_and_says_what_it_would_do() {
    let rules = r#"{"id": "r", "when": {"detectors": "custom/a"}, "then": {"action": "block"}},
        {"id": "s", "when": {"detectors": "custom/a"}, "then": {"action": "redact"}}"#;
    let policy = policy_with(rules, r#", "mode": "monitor""#);
    let findings = [found(&policy, "custom/a", 0, 3..6)];
    let verdict = policy.decide(&context(), &[part(Scope::User)], &findings, &[Fault::Depth]);
    assert_eq!((verdict.action, verdict.would, verdict.cause), (Action::Allow, Action::Block, None));
    assert!(verdict.redactions.is_empty());
    assert!(verdict.decisions.len() == 2 && verdict.decisions.iter().all(|one| one.mode == Mode::Monitor));
    assert_eq!(verdict.faults, [(Fault::Depth, FaultOutcome::Block)]);
    let verdict = policy.decide(&context(), &[], &[], &[Fault::Depth]);
    assert_eq!((verdict.action, verdict.would), (Action::Allow, Action::Block));
}

#[test]
fn a_rule_in_monitor_mode_leaves_the_others_in_force() {
    let policy = policy(
        r#"{"id": "r", "mode": "monitor", "severity": "critical", "then": {"action": "block"}},
           {"id": "s", "when": {"detectors": "custom/a"}, "then": {"action": "redact"}}"#,
    );
    let verdict = policy.decide(&context(), &[part(Scope::User)], &[found(&policy, "custom/a", 0, 3..6)], &[]);
    assert_eq!((verdict.action, verdict.would, verdict.cause), (Action::Redact, Action::Block, None));
    assert_eq!(verdict.decisions.iter().map(|one| one.mode).collect::<Vec<_>>(), [Mode::Monitor, Mode::Enforce]);
    assert_eq!((verdict.redactions.len(), policy.rules()[0].mode()), (1, Mode::Monitor));
}

#[test]
fn faults_have_the_outcome_the_policy_gives_them() {
    let faults = r#", "faults": {"default": "flag", "depth": "block", "stream": "allow"}"#;
    let policy = policy_with("", faults);
    let verdict = |faults: &[Fault]| policy.decide(&context(), &[], &[], faults);
    let stream = verdict(&[Fault::Stream]);
    assert_eq!((stream.action, stream.inspected, stream.cause), (Action::Allow, Inspected::None, None));
    let both = verdict(&[Fault::Nesting, Fault::Nesting, Fault::Stream]);
    assert_eq!((both.action, both.inspected), (Action::Flag, Inspected::None));
    assert_eq!(both.faults, [(Fault::Nesting, FaultOutcome::Flag), (Fault::Stream, FaultOutcome::Allow)]);
    let blocked = verdict(&[Fault::Nesting, Fault::Depth]);
    assert_eq!(
        (blocked.action, blocked.inspected, blocked.cause),
        (Action::Block, Inspected::Partial, Some(Cause::Fault(Fault::Depth)))
    );
    for fault in Fault::ALL {
        let closed = Policy::compile(r#"{"version": 1, "name": "x"}"#).unwrap();
        assert_eq!(closed.fault(*fault), FaultOutcome::Block);
    }
}

#[test]
fn a_rule_is_named_before_a_fault() {
    let policy = policy(r#"{"id": "r", "then": {"action": "block"}}"#);
    assert_eq!(policy.decide(&context(), &[], &[], &[Fault::Depth]).cause, Some(Cause::Rule(0)));
}

#[test]
fn only_named_detectors_are_compiled() {
    let policy = policy(
        r#"{"id": "r", "when": {"detectors": ["custom/a", "secret/aws-access-key-id"]}, "then": {"action": "flag"}}"#,
    );
    let ids: Vec<_> = policy.set().names().map(|(_, name)| (name.id.to_string(), name.label.to_string())).collect();
    assert_eq!(ids.len(), 2, "{ids:?}");
    assert!(ids.contains(&("custom/a".to_owned(), "A".to_owned())));
}

/// Adding a rule that restricts never makes a verdict weaker (Decision 3).
#[test]
fn a_restriction_never_weakens() {
    let rules = [
        r#"{"id": "a", "when": {"detectors": "custom/a"}, "then": {"action": "redact"}}"#,
        r#"{"id": "b", "when": {"detectors": "custom/b", "scope": "user"}, "then": {"action": "block"}}"#,
        r#"{"id": "c", "unless": {"model": "gpt-4o"}, "then": {"action": "block"}}"#,
        r#"{"id": "d", "when": {"scope": "system"}, "then": {"action": "redact", "with": "mask"}}"#,
        r#"{"id": "e", "when": {"detectors": "custom/*", "count": 2}, "then": {"action": "flag"}}"#,
    ];
    let parts = [part(Scope::User), carried(Scope::User), part(Scope::System), part(Scope::Unknown)];
    let verdict = |chosen: u32, shown: u32| {
        let list: Vec<_> =
            rules.iter().enumerate().filter(|(i, _)| chosen & (1 << i) != 0).map(|(_, rule)| *rule).collect();
        // One more rule, which never matches, keeps both detectors in the set.
        let keep = r#"{"id": "z", "when": {"detectors": "custom/*", "path": "/none"}, "then": {"action": "flag"}}"#;
        let policy = policy(&[list.as_slice(), &[keep]].concat().join(","));
        let findings: Vec<Found> = (0..4)
            .filter(|part| shown & (1 << part) != 0)
            .flat_map(|part| [found(&policy, "custom/a", part, 0..3), found(&policy, "custom/b", part, 2..6)])
            .collect();
        policy.decide(&context(), &parts, &findings, &[])
    };
    for shown in 0..16 {
        for chosen in 0..32u32 {
            let fewer = verdict(chosen, shown);
            for more in (0..5).map(|rule| chosen | (1 << rule)) {
                let more = verdict(more, shown);
                assert!(more.action >= fewer.action && more.would >= fewer.would);
                let covered = |one: &super::Redaction| {
                    more.redactions.iter().any(|own| {
                        own.part == one.part && own.range.start <= one.range.start && own.range.end >= one.range.end
                    })
                };
                assert!(fewer.redactions.iter().all(covered));
            }
        }
    }
}
