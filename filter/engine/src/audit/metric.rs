//! Everything that is counted.

use std::fmt;
use std::sync::Arc;

use crate::event::Direction;
use crate::fault::{Fault, Inspected};
use crate::policy::{Action, FaultOutcome};
use crate::wire::TokenKind;

/// A counter or histogram with its labels. `Display` is the name under which the proxy keeps it: labels are appended as
/// `.label=value`, which `stats_tags` in the proxy's configuration turns into Prometheus labels.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Metric {
    /// Messages decided.
    Decisions {
        /// Request or response.
        direction: Direction,
        /// What was done.
        action: Action,
        /// What would have been done were nothing in monitor mode.
        would: Action,
        /// How much was read.
        inspected: Inspected,
    },
    /// New findings.
    Findings {
        /// Detector id: built in, or named by the policy.
        detector: Arc<str>,
        /// Request or response.
        direction: Direction,
    },
    /// Faults met.
    Faults {
        /// Which.
        fault: Fault,
        /// What the policy makes of it.
        outcome: FaultOutcome,
    },
    /// Rules that matched.
    Rules {
        /// Rule id, named by the policy.
        rule: Arc<str>,
        /// What it asked for.
        action: Action,
    },
    /// Exchanges that the policy lists as bypass.
    Bypassed,
    /// Policies offered to the module; `accepted` or `refused`.
    PolicyLoads {
        /// Whether it is in force.
        accepted: bool,
    },
    /// Bytes of inspected bodies. A histogram.
    BodyBytes {
        /// Request or response.
        direction: Direction,
    },
    /// Tokens that vendors counted in answers.
    Tokens {
        /// Input, output, cached, reasoning.
        kind: TokenKind,
    },
    /// The most bytes of a stream that were held back. A histogram.
    StreamHeldBytes,
    /// Milliseconds from the headers of a message to its decision, as its sender's pace is part of it. A histogram.
    HeldMilliseconds {
        /// Request or response.
        direction: Direction,
    },
}

/// How a metric is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sample {
    /// Added to.
    Counter,
    /// Recorded as a value.
    Histogram,
}

impl Metric {
    /// Counter or histogram.
    pub const fn sample(&self) -> Sample {
        match self {
            Metric::BodyBytes { .. } | Metric::HeldMilliseconds { .. } | Metric::StreamHeldBytes => Sample::Histogram,
            _ => Sample::Counter,
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Metric::Decisions { direction, action, would, inspected } => write!(
                f,
                "weir_decisions_total.direction={}.action={}.would={}.inspected={}",
                direction.name(),
                action.name(),
                would.name(),
                inspected.name()
            ),
            Metric::Findings { detector, direction } => {
                write!(f, "weir_findings_total.detector={detector}.direction={}", direction.name())
            }
            Metric::Faults { fault, outcome } => {
                write!(f, "weir_faults_total.fault={}.outcome={}", fault.name(), outcome.name())
            }
            Metric::Rules { rule, action } => write!(f, "weir_rule_matches_total.rule={rule}.action={}", action.name()),
            Metric::Bypassed => f.write_str("weir_bypassed_total"),
            Metric::PolicyLoads { accepted } => {
                write!(f, "weir_policy_loads_total.result={}", if *accepted { "accepted" } else { "refused" })
            }
            Metric::BodyBytes { direction } => write!(f, "weir_body_bytes.direction={}", direction.name()),
            Metric::Tokens { kind } => write!(f, "weir_tokens_total.kind={}", kind.name()),
            Metric::StreamHeldBytes => f.write_str("weir_stream_held_bytes"),
            Metric::HeldMilliseconds { direction } => {
                write!(f, "weir_held_milliseconds.direction={}", direction.name())
            }
        }
    }
}
