//! The parts of a compiled policy.

use super::condition::Conditions;
use super::facts::Facts;
use super::glob::Glob;
use super::words::{Action, Mode, OnHistory, Severity, With};
use crate::timestamp::Timestamp;
use crate::wire::Dialect;

/// One rule: what must be true of what, and what follows. Every rule is evaluated on every message.
///
/// A rule with `detectors` or `scope` in `when` targets parts; one with neither is an access rule and targets the
/// exchange.
#[derive(Debug)]
pub struct Rule {
    pub(super) id: String,
    pub(super) owner: Option<String>,
    pub(super) description: Option<String>,
    pub(super) severity: Severity,
    pub(super) frameworks: Vec<String>,
    pub(super) mode: Mode,
    pub(super) when: Conditions,
    pub(super) unless: Option<Conditions>,
    pub(super) then: Then,
}

impl Rule {
    /// `id`: lower-case letters, digits and `-`, unique in the policy. Required.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// `owner`: who answers for the rule.
    pub fn owner(&self) -> Option<&str> {
        self.owner.as_deref()
    }

    /// `description`: what it is for.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// `severity`: `medium` unless the policy says otherwise.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// `frameworks`: the controls that the rule implements, such as `OWASP LLM02:2025`.
    pub fn frameworks(&self) -> &[String] {
        &self.frameworks
    }

    /// `mode`: `monitor` when the rule or the whole policy is in monitor mode.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// `then.action`.
    pub fn action(&self) -> Action {
        self.then.action
    }

    /// `then.with`, of use with [`Action::Redact`].
    pub fn with(&self) -> With {
        self.then.with
    }

    /// `then.buffer`: streams that the rule could match are held until they are complete.
    pub fn buffer(&self) -> bool {
        self.then.buffer
    }

    /// `then.on_history`, of use with [`Action::Block`].
    pub fn on_history(&self) -> OnHistory {
        self.then.on_history
    }
}

/// `then`: what follows when a rule matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Then {
    /// `action`: allow, flag, redact or block. Required.
    pub(super) action: Action,
    /// `with`: mask, placeholder (the default), hash or reversible. Only with redact.
    pub(super) with: With,
    /// `on_history`: replace (the default) or block. Only with block.
    pub(super) on_history: OnHistory,
    /// `buffer`: the rule needs to see a stream whole before its first byte goes on. Costs the client the wait.
    pub(super) buffer: bool,
}

/// The only thing that weakens a rule, and only for a while.
#[derive(Debug)]
pub struct Exception {
    pub(super) id: String,
    pub(super) rule: usize,
    pub(super) when: Conditions,
    pub(super) owner: String,
    pub(super) reason: String,
    pub(super) until: Timestamp,
}

impl Exception {
    /// `id`: lower-case letters, digits and `-`, unique among the exceptions. Required.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// `rule`: index of the rule that it weakens. Required.
    pub fn rule(&self) -> usize {
        self.rule
    }

    /// `owner`: who answers for it. Required.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// `reason`: why it exists. Required.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// `until`: the first moment at which it does not apply any more. Required.
    pub fn until(&self) -> Timestamp {
        self.until
    }
}

/// Which exchanges something is about. Every condition that is given must be certainly true.
#[derive(Debug)]
pub(super) struct Whose {
    /// `path`: globs.
    pub(super) path: Option<Vec<Glob>>,
    /// `host`: globs, in any case.
    pub(super) host: Option<Vec<Glob>>,
    /// `route`: globs.
    pub(super) route: Option<Vec<Glob>>,
    /// `method`: names.
    pub(super) method: Option<Vec<String>>,
}

impl Whose {
    /// Whether every condition is certainly true.
    pub(super) fn holds(&self, facts: &Facts<'_>) -> bool {
        self.path.as_deref().is_none_or(|list| facts.path(list).permits())
            && self.host.as_deref().is_none_or(|list| facts.host(list).permits())
            && self.route.as_deref().is_none_or(|list| facts.route(list).permits())
            && self.method.as_deref().is_none_or(|list| facts.method(list).permits())
    }

    /// Whether there is no condition at all.
    pub(super) fn is_everyone(&self) -> bool {
        self.path.is_none() && self.host.is_none() && self.route.is_none() && self.method.is_none()
    }
}

/// `dialects[]`: what exchanges speak where neither path nor headers tell.
#[derive(Debug)]
pub(super) struct RouteDialect {
    pub(super) whose: Whose,
    /// `dialect`: a name. Required.
    pub(super) dialect: Dialect,
}

/// `documents[]`: what stands between two texts is retrieved or quoted material.
#[derive(Debug)]
pub(super) struct Delimiters {
    /// `begin`: exactly these characters. Required.
    pub(super) begin: String,
    /// `end`: exactly these characters; a document without an end goes on to the end of the text. Required.
    pub(super) end: String,
}

/// `bypass[]`: exchanges that are not inspected.
#[derive(Debug)]
pub(super) struct Bypass {
    pub(super) whose: Whose,
    /// `reason`: why they need no inspection. Required.
    pub(super) reason: String,
}
