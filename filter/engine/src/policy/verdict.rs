//! What was decided, and why.

use std::ops::Range;

use super::words::{Action, FaultOutcome, Mode, With};
use crate::fault::{Fault, Inspected};

/// The outcome for one message. The record is a projection of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The strongest action that takes effect.
    pub action: Action,
    /// The strongest action if nothing were in monitor mode. Never weaker than `action`.
    pub would: Action,
    /// How much of the message was read.
    pub inspected: Inspected,
    /// One entry per rule and target that matched, in the order of rules, then parts.
    pub decisions: Vec<Decision>,
    /// What could not be done, each once, with what the policy says to it.
    pub faults: Vec<(Fault, FaultOutcome)>,
    /// What is to be replaced: sorted by part and place, disjoint. Applies to whatever is forwarded.
    pub redactions: Vec<Redaction>,
    /// What refuses the exchange, when `action` is [`Action::Block`].
    pub cause: Option<Cause>,
}

/// What one rule decided for one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Index into [`Policy::rules`](super::Policy::rules).
    pub rule: usize,
    /// What it applies to.
    pub target: Target,
    /// What happens to the target: the action of the rule, weakened to [`Action::Redact`] where it blocks a part of an
    /// earlier turn, and to [`Action::Allow`] under an exception.
    pub action: Action,
    /// Whether it takes effect: monitor when the policy or the rule is.
    pub mode: Mode,
    /// Indices into the findings that led to it, ascending. Empty when the rule looks at no detectors.
    pub findings: Vec<u32>,
    /// Index into [`Policy::exceptions`](super::Policy::exceptions) of the exception that weakened it.
    pub excepted: Option<usize>,
}

/// What a decision applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// The whole message.
    Exchange,
    /// The part with this index.
    Part(u32),
}

/// One piece of text to replace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redaction {
    /// Index of the part.
    pub part: u32,
    /// Where in the part's decoded text.
    pub range: Range<usize>,
    /// By what.
    pub with: With,
    /// Index of the finding whose label stands in its place; `None` when the whole part is replaced.
    pub finding: Option<u32>,
    /// Index of the rule that asked for it.
    pub rule: usize,
}

/// What refuses an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The rule with this index: among those that block, the most severe one, the first of equals.
    Rule(usize),
    /// A fault, where no rule blocks.
    Fault(Fault),
}
