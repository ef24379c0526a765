//! Unicode tags.

use super::{LONGEST, Unseen};
use crate::detect::{Anchor, Candidate, Detector, Evidence, Find, Outcome};

pub(crate) const DETECTOR: Detector = Detector {
    id: "hidden/tags",
    label: "HIDDEN_TEXT",
    about: "text in Unicode tag characters, which are invisible and which models read; but for the flags of England, Scotland and Wales (UTS #51, annex C)",
    max_span: LONGEST + 4,
    anchors: &[Anchor::Unseen(Unseen::Tags)],
    find: Find::Code(none),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["so: ", "\u{E0069}\u{E0067}\u{E006E}\u{E006F}\u{E0072}\u{E0065}", " and"],
        &["", "\u{E0041}", ""],
        &["\u{1F3F4}", "\u{E0069}\u{E0067}\u{E006E}\u{E006F}\u{E0072}\u{E0065}", "!"],
    ],
    misses: &[
        &["\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}"],
        &["\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F} and so on"],
        &["\u{1F3F4}\u{200D}\u{2620}\u{FE0F}"],
    ],
    computed: &[],
};

/// Runs of characters that are not shown are read where they are told from what is shown: see `view/hidden.rs`.
fn none(_: &Candidate<'_>) -> Outcome {
    Outcome::Miss
}
