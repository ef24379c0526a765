//! Overrides of the direction of text.

use super::{LONGEST, Unseen};
use crate::detect::{Anchor, Candidate, Detector, Evidence, Find, Outcome};

pub(crate) const DETECTOR: Detector = Detector {
    id: "hidden/bidi-override",
    label: "BIDI_OVERRIDE",
    about: "a character that makes what follows read backwards, so that what a person sees is not what a program reads (Trojan Source, CVE-2021-42574)",
    max_span: LONGEST + 4,
    anchors: &[Anchor::Unseen(Unseen::Override)],
    find: Find::Code(none),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[&["if x \u{2066}", "\u{202E}", "return"], &["", "\u{202D}", "abc\u{202C}"]],
    misses: &[
        &["\u{200F}\u{5E9}\u{5DC}\u{5D5}\u{5DD}\u{200E} world"],
        &["\u{2067}\u{5E9}\u{5DC}\u{5D5}\u{5DD}\u{2069} and \u{202A}LTR\u{202C}"],
    ],
    computed: &[],
};

/// Runs of characters that are not shown are read where they are told from what is shown: see `view/hidden.rs`.
fn none(_: &Candidate<'_>) -> Outcome {
    Outcome::Miss
}
