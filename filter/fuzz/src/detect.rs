//! Scanning texts.

use std::sync::LazyLock;

use weir_engine::detect::catalog::DETECTORS;
use weir_engine::detect::{EntryId, Finding, Scanner, Set, SetBuilder};

use crate::cuts::text_cuts;

/// All detectors, of which every second one acts.
static SET: LazyLock<(Set, Vec<EntryId>)> = LazyLock::new(|| {
    let mut builder = SetBuilder::new();
    let entries: Vec<EntryId> = DETECTORS.iter().filter_map(|detector| builder.built_in(detector)).collect();
    let acting: Vec<EntryId> = entries.iter().copied().step_by(2).collect();
    let set = builder.build_acting(|entry| acting.contains(&entry)).expect("the catalog compiles");
    (set, acting)
});

/// Holds that a text has the same findings however it is cut, that they are in it, and that nothing is found in what was said
/// to be settled or releasable. The first two bytes choose the cuts.
pub fn detect(data: &[u8]) {
    let [first, second, text @ ..] = data else { return };
    let text = String::from_utf8_lossy(text);
    let (set, acting) = &*SET;
    let mut whole = Vec::new();
    Scanner::new(set, u64::MAX).whole(&text, &mut whole);
    assert!(whole.iter().all(|finding| finding.start < finding.end && text.get(finding.range()).is_some()));
    let mut scanner = Scanner::new(set, u64::MAX);
    let (mut found, mut known, mut fed, mut settled, mut releasable) = (Vec::new(), 0, 0, 0, 0);
    let later = |new: &[Finding], settled: usize, releasable: usize| {
        new.iter().all(|finding| {
            finding.start >= settled && (finding.start >= releasable || !acting.contains(&finding.entry))
        })
    };
    for piece in text_cuts(&text, [*first, *second]) {
        fed += piece.len();
        let next = scanner.feed(piece, &mut found);
        assert!(later(&found[known..], settled, releasable), "a finding begins in what was let go");
        known = found.len();
        assert!((settled..=fed).contains(&next) && text.is_char_boundary(next), "settled goes back");
        // What is scanned in vain is not found out at once: a sixteenth more has to come.
        let most = set.max_span() + set.max_span() / 16 + 64;
        assert!(fed - next <= most, "{} bytes are undecided", fed - next);
        settled = next;
        let next = scanner.releasable();
        assert!((releasable..=fed).contains(&next) && text.is_char_boundary(next), "releasable goes back");
        releasable = next;
    }
    scanner.finish(&mut found);
    assert!(later(&found[known..], settled, releasable), "a finding begins in what was let go");
    found.sort_unstable();
    assert!(found == whole, "the cuts change the findings:\n{found:?}\n{whole:?}");
}
