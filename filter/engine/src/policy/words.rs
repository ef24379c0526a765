//! The fixed words of the policy language, each with its one spelling.

use std::fmt;

use crate::detect::Confidence;
use crate::event::Direction;
use crate::fault::Fault;
use crate::wire::{Dialect, Scope};

/// A closed set of words that a policy can choose from.
pub(crate) trait Word: Copy + PartialEq + 'static {
    /// What the words are, for messages: "an action".
    const WHAT: &'static str;
    /// Every one of them, in the order in which messages list them.
    const WORDS: &'static [Self];
    /// How it is written.
    fn word(self) -> &'static str;
}

macro_rules! words {
    ($($(#[doc = $about:literal])+ $what:literal $name:ident { $($(#[doc = $doc:literal])+ $variant:ident = $word:literal,)+ })+) => {$(
        $(#[doc = $about])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[doc = $doc])+ $variant,)+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The name used in policies, records and metrics.
            pub const fn name(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }
        }

        impl Word for $name {
            const WHAT: &'static str = $what;
            const WORDS: &'static [Self] = Self::ALL;

            fn word(self) -> &'static str {
                self.name()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    )+};
}

words! {
    /// What a rule does with its target. A total order: the strongest of all that apply to a target wins.
    "an action" Action {
        /// Nothing is changed; the rule is recorded.
        Allow = "allow",
        /// Nothing is changed; the exchange is recorded and marked for the upstream.
        Flag = "flag",
        /// What was found, or the whole part, is replaced.
        Redact = "redact",
        /// The exchange is refused.
        Block = "block",
    }

    /// Whether decisions take effect.
    "a mode" Mode {
        /// Decisions take effect.
        Enforce = "enforce",
        /// Decisions are recorded and change nothing.
        Monitor = "monitor",
    }

    /// What stands in the place of redacted text.
    "a replacement" With {
        /// Asterisks.
        Mask = "mask",
        /// The label of the detector in brackets.
        Placeholder = "placeholder",
        /// The label of the detector and a keyed hash of the text, in brackets: equal texts stay equal.
        Hash = "hash",
        /// The label of the detector and a code for the text, in brackets, in requests only: where the code comes back in
        /// the answer, the text is put there again. Never for secrets.
        Reversible = "reversible",
    }

    /// What a block does on a part of an earlier turn.
    "a way to treat history" OnHistory {
        /// The part is replaced, so that one bad message does not end a conversation for ever.
        Replace = "replace",
        /// The exchange is refused.
        Block = "block",
    }

    /// How much a rule matters to the people who read records.
    "a severity" Severity {
        /// Good to know.
        Info = "info",
        /// Look at it some day.
        Low = "low",
        /// Look at it.
        Medium = "medium",
        /// Look at it today.
        High = "high",
        /// Look at it now.
        Critical = "critical",
    }

    /// What the policy does about a fault. The default is to block.
    "an outcome of a fault" FaultOutcome {
        /// Nothing is changed; the fault is recorded.
        Allow = "allow",
        /// Nothing is changed; the exchange is recorded and marked for the upstream.
        Flag = "flag",
        /// The exchange is refused.
        Block = "block",
    }

    /// Which exchanges get a line in the proxy's log.
    "a choice of what to log" AuditLog {
        /// Every exchange that Weir decided.
        All = "all",
        /// Only those where something happened: an action above `allow`, or a fault.
        NotAllowed = "not_allowed",
    }
}

impl From<FaultOutcome> for Action {
    fn from(outcome: FaultOutcome) -> Action {
        match outcome {
            FaultOutcome::Allow => Action::Allow,
            FaultOutcome::Flag => Action::Flag,
            FaultOutcome::Block => Action::Block,
        }
    }
}

macro_rules! foreign_words {
    ($($what:literal $name:ident $words:expr;)+) => {$(
        impl Word for $name {
            const WHAT: &'static str = $what;
            const WORDS: &'static [Self] = $words;

            fn word(self) -> &'static str {
                self.name()
            }
        }
    )+};
}

foreign_words! {
    "a direction" Direction &[Direction::Request, Direction::Response];
    "a scope" Scope Scope::ALL;
    "a dialect" Dialect Dialect::ALL;
    "a confidence" Confidence &[Confidence::Possible, Confidence::Likely, Confidence::Certain];
    "a fault" Fault Fault::ALL;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_ordered_by_strength() {
        assert!(Action::Allow < Action::Flag && Action::Flag < Action::Redact && Action::Redact < Action::Block);
        assert_eq!(Action::ALL.iter().max(), Some(&Action::Block));
        assert_eq!(FaultOutcome::ALL.iter().map(|o| Action::from(*o)).max(), Some(Action::Block));
    }
}
