//! From findings to a verdict: every rule on every target, then the strongest of what applies.

use super::Policy;
use super::condition::{Conditions, Detects};
use super::context::Context;
use super::facts::Facts;
use super::redaction::merge;
use super::rule::{Exception, Rule};
use super::tri::Tri;
use super::verdict::{Cause, Decision, Redaction, Target, Verdict};
use super::words::{Action, FaultOutcome, Mode, OnHistory, With};
use crate::detect::Found;
use crate::exchange::Part;
use crate::fault::{Fault, Inspected};
use crate::wire::Scope;

impl Policy {
    /// Decides on one message. Deterministic: the same inputs give the same verdict.
    ///
    /// `findings` name their part by its index in `parts`. Faults may repeat; the verdict has each once.
    pub fn decide(&self, context: &Context<'_>, parts: &[Part], findings: &[Found], faults: &[Fault]) -> Verdict {
        let facts = Facts::new(context);
        let message = Message::new(parts, findings);
        let mut decisions = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            for hit in message.hits(rule, &facts) {
                self.weigh(index, rule, hit, &facts, &message, &mut decisions);
            }
        }
        self.conclude(decisions, faults, &message)
    }

    /// Turns one hit of a rule into decisions: what exceptions take away, and what is left.
    fn weigh(
        &self,
        index: usize,
        rule: &Rule,
        hit: Hit,
        facts: &Facts<'_>,
        message: &Message<'_>,
        decisions: &mut Vec<Decision>,
    ) {
        let Hit { target, findings } = hit;
        let decision =
            |action, findings, excepted| Decision { rule: index, target, action, mode: rule.mode, findings, excepted };
        let exceptions: Vec<(usize, &Exception)> = self
            .exceptions
            .iter()
            .enumerate()
            .filter(|(_, one)| one.rule == index && facts.context.now < one.until)
            .filter(|(_, one)| one.when.message(facts).and(message.scope(&one.when, target)).permits())
            .collect();
        let mut left = findings;
        let nothing_found = left.is_empty();
        for (number, exception) in exceptions {
            let covers =
                |finding: &u32| exception.when.detectors.as_ref().is_none_or(|own| message.admits(own, *finding));
            let (excepted, rest): (Vec<u32>, Vec<u32>) = left.into_iter().partition(covers);
            left = rest;
            if nothing_found || !excepted.is_empty() {
                decisions.push(decision(Action::Allow, excepted, Some(number)));
            }
            if left.is_empty() {
                return;
            }
        }
        let action = match (rule.then.action, rule.then.on_history) {
            (Action::Block, OnHistory::Replace) if message.carried(target) => Action::Redact,
            (action, _) => action,
        };
        decisions.push(decision(action, left, None));
    }

    fn conclude(&self, decisions: Vec<Decision>, faults: &[Fault], message: &Message<'_>) -> Verdict {
        let mut verdict = Verdict {
            action: Action::Allow,
            would: Action::Allow,
            inspected: faults.iter().map(|fault| fault.leaves()).min().unwrap_or(Inspected::Full),
            decisions,
            faults: Vec::new(),
            redactions: Vec::new(),
            cause: None,
        };
        let mut redactions = Vec::new();
        let mut blocking: Option<(&Rule, usize)> = None;
        for decision in &verdict.decisions {
            verdict.would = verdict.would.max(decision.action);
            let Some(rule) = self.rules.get(decision.rule).filter(|_| decision.mode == Mode::Enforce) else { continue };
            verdict.action = verdict.action.max(decision.action);
            match decision.action {
                Action::Redact => message.redact(decision, rule, &mut redactions),
                Action::Block if blocking.is_none_or(|(strongest, _)| rule.severity > strongest.severity) => {
                    blocking = Some((rule, decision.rule));
                }
                _ => {}
            }
        }
        for fault in faults {
            if verdict.faults.iter().any(|(known, _)| known == fault) {
                continue;
            }
            let outcome = self.fault(*fault);
            verdict.faults.push((*fault, outcome));
            verdict.would = verdict.would.max(outcome.into());
            if self.mode == Mode::Enforce {
                verdict.action = verdict.action.max(outcome.into());
                if outcome == FaultOutcome::Block && verdict.cause.is_none() {
                    verdict.cause = Some(Cause::Fault(*fault));
                }
            }
        }
        if let Some((_, index)) = blocking {
            verdict.cause = Some(Cause::Rule(index));
        }
        verdict.redactions = merge(redactions);
        verdict
    }
}

/// One target on which a rule matches, and the findings that made it.
struct Hit {
    target: Target,
    findings: Vec<u32>,
}

/// The parts and findings of a message, findings grouped by part.
struct Message<'a> {
    parts: &'a [Part],
    findings: &'a [Found],
    /// (part, index of the finding), sorted.
    by_part: Vec<(u32, u32)>,
}

impl<'a> Message<'a> {
    fn new(parts: &'a [Part], findings: &'a [Found]) -> Self {
        let mut by_part: Vec<(u32, u32)> = findings.iter().zip(0..).map(|(found, index)| (found.part, index)).collect();
        by_part.sort_unstable();
        Message { parts, findings, by_part }
    }

    /// Where a rule matches.
    fn hits(&self, rule: &Rule, facts: &Facts<'_>) -> Vec<Hit> {
        let when = rule.when.message(facts);
        let unless = rule.unless.as_ref().map_or(Tri::False, |unless| unless.message(facts));
        let applies = |value: Tri| if rule.then.action == Action::Allow { value.permits() } else { value.restricts() };
        if !applies(when) {
            return Vec::new();
        }
        let matches = |part: u32, findings: &[(u32, u32)]| {
            let scope = self.scope_of(part);
            let excused = rule.unless.as_ref().map_or(Tri::False, |own| {
                unless
                    .and(own.scope(scope))
                    .and(own.detectors.as_ref().map_or(Tri::True, |own| self.enough(own, findings)))
            });
            applies(when.and(rule.when.scope(scope)).and(excused.not()))
        };
        if !rule.when.on_parts() {
            let exchange = Hit { target: Target::Exchange, findings: Vec::new() };
            return if applies(when.and(unless.not())) { vec![exchange] } else { Vec::new() };
        }
        let Some(detects) = &rule.when.detectors else {
            let parts = (0..).zip(self.parts).filter(|(part, _)| matches(*part, self.findings_of(*part)));
            return parts.map(|(part, _)| Hit { target: Target::Part(part), findings: Vec::new() }).collect();
        };
        let mut hits = Vec::new();
        for group in self.by_part.chunk_by(|(one, _), (other, _)| one == other) {
            let Some((part, _)) = group.first().copied() else { continue };
            let findings: Vec<u32> =
                group.iter().map(|(_, index)| *index).filter(|index| self.admits(detects, *index)).collect();
            if !findings.is_empty() && matches(part, group) {
                hits.push(Hit { target: Target::Part(part), findings });
            }
        }
        if let Some(count) = detects.count {
            self.keep_counted(rule, count, &mut hits);
        }
        hits
    }

    /// Old and new findings are counted apart, so that a conversation does not add up to a crime turn by turn. What was
    /// replaced when it was new is replaced again whenever it is sent along, but raises no second alert.
    fn keep_counted(&self, rule: &Rule, count: u32, hits: &mut Vec<Hit>) {
        let sum = |carried: bool| -> usize {
            hits.iter().filter(|hit| self.carried(hit.target) == carried).map(|hit| hit.findings.len()).sum()
        };
        let enough = |sum: usize| sum >= count as usize;
        let (new, old) = (enough(sum(false)), enough(sum(true)) && rule.then.action >= Action::Redact);
        hits.retain(|hit| new || (old && self.carried(hit.target)));
    }

    /// Whether a part has the findings that `unless` asks for.
    fn enough(&self, detects: &Detects, findings: &[(u32, u32)]) -> Tri {
        let found = findings.iter().filter(|(_, index)| self.admits(detects, *index)).count();
        (found >= detects.count.unwrap_or(1) as usize).into()
    }

    fn admits(&self, detects: &Detects, finding: u32) -> bool {
        self.findings.get(finding as usize).is_some_and(|found| detects.admits(&found.finding))
    }

    fn findings_of(&self, part: u32) -> &[(u32, u32)] {
        let from = self.by_part.partition_point(|(one, _)| *one < part);
        let to = self.by_part.partition_point(|(one, _)| *one <= part);
        self.by_part.get(from..to).unwrap_or_default()
    }

    fn part(&self, part: u32) -> Option<&Part> {
        self.parts.get(part as usize)
    }

    fn scope_of(&self, part: u32) -> Scope {
        self.part(part).map_or(Scope::Unknown, |part| part.scope)
    }

    /// The scope condition on a target; an exchange has no scope.
    fn scope(&self, conditions: &Conditions, target: Target) -> Tri {
        match target {
            Target::Part(part) => conditions.scope(self.scope_of(part)),
            Target::Exchange if conditions.scope.is_none() => Tri::True,
            Target::Exchange => Tri::Unknown,
        }
    }

    fn carried(&self, target: Target) -> bool {
        match target {
            Target::Part(part) => self.part(part).is_some_and(|part| part.carried),
            Target::Exchange => false,
        }
    }

    fn redact(&self, decision: &Decision, rule: &Rule, redactions: &mut Vec<Redaction>) {
        let Target::Part(part) = decision.target else { return };
        let whole = decision.findings.is_empty() || rule.then.action == Action::Block;
        if whole {
            let len = self.part(part).map_or(0, |part| part.len as usize);
            if len > 0 {
                let with = if rule.then.action == Action::Block { With::Placeholder } else { rule.then.with };
                redactions.push(Redaction { part, range: 0..len, with, finding: None, rule: decision.rule });
            }
            return;
        }
        for index in &decision.findings {
            let Some(found) = self.findings.get(*index as usize) else { continue };
            let (range, with) = (found.finding.range(), rule.then.with);
            redactions.push(Redaction { part, range, with, finding: Some(*index), rule: decision.rule });
        }
    }
}
