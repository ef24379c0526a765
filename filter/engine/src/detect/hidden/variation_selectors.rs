//! Variation selectors in a row.

use super::{LONGEST, Unseen};
use crate::detect::{Anchor, Candidate, Detector, Evidence, Find, Outcome};

pub(crate) const DETECTOR: Detector = Detector {
    id: "hidden/variation-selectors",
    label: "HIDDEN_TEXT",
    about: "two or more variation selectors in a row, which hide a byte each; text has one behind a character at most (Unicode 16, section 23.4)",
    max_span: LONGEST + 4,
    anchors: &[Anchor::Unseen(Unseen::Selectors)],
    find: Find::Code(none),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[&["\u{1F60A}", "\u{E0158}\u{E0157}", " and"], &["a", "\u{FE00}\u{FE01}\u{FE02}", ""]],
    misses: &[
        &["\u{2764}\u{FE0F} \u{2600}\u{FE0E}"],
        &["1\u{FE0F}\u{20E3}"],
        &["\u{845B}\u{E0101}"],
        &["\u{2764}\u{FE0F}\u{200D}\u{1F525}"],
    ],
    computed: &[],
};

/// Runs of characters that are not shown are read where they are told from what is shown: see `view/hidden.rs`.
fn none(_: &Candidate<'_>) -> Outcome {
    Outcome::Miss
}
