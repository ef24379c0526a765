//! Characters without width.

use super::{LONGEST, Unseen};
use crate::detect::{Anchor, Candidate, Detector, Evidence, Find, Outcome};

pub(crate) const DETECTOR: Detector = Detector {
    id: "hidden/zero-width",
    label: "HIDDEN_TEXT",
    about: "characters without width inside of Latin words, or many in a row, which split words from whoever looks for them or hide bits; but for joiners in emoji and in scripts that need them",
    max_span: LONGEST + 4,
    anchors: &[Anchor::Unseen(Unseen::ZeroWidth)],
    find: Find::Code(none),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["ig", "\u{200D}", "nore"],
        &["sk-a", "\u{2060}\u{200B}", "nt"],
        &["", "\u{200B}\u{200C}\u{200B}\u{200B}\u{200C}\u{200B}\u{200C}\u{200C}", ""],
        &["a", "\u{3164}", "b"],
    ],
    misses: &[
        &["\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}"],
        &["\u{645}\u{6CC}\u{200C}\u{62E}\u{648}\u{627}\u{647}\u{645}"],
        &["\u{915}\u{94D}\u{200D}\u{937}"],
        &["\u{E20}\u{E32}\u{E29}\u{E32}\u{200B}\u{E44}\u{E17}\u{E22}"],
        &["a word, \u{200B}and another"],
        &["\u{FEFF}text with a byte order mark"],
    ],
    computed: &[],
};

/// Runs of characters that are not shown are read where they are told from what is shown: see `view/hidden.rs`.
fn none(_: &Candidate<'_>) -> Outcome {
    Outcome::Miss
}
