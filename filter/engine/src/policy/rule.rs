//! The parts of a compiled policy.

use super::condition::Conditions;
use super::glob::Glob;
use super::words::{Action, Mode, OnHistory, Severity, With};
use crate::timestamp::Timestamp;

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

/// `bypass[]`: exchanges that are not inspected. Every condition that is given must be certainly true.
#[derive(Debug)]
pub(super) struct Bypass {
    /// `path`: globs.
    pub(super) path: Option<Vec<Glob>>,
    /// `host`: globs, in any case.
    pub(super) host: Option<Vec<Glob>>,
    /// `route`: globs.
    pub(super) route: Option<Vec<Glob>>,
    /// `method`: names.
    pub(super) method: Option<Vec<String>>,
    /// `reason`: why they need no inspection. Required.
    pub(super) reason: String,
}
