//! Redactions of several rules made into one list that can be carried out from left to right.

use super::verdict::Redaction;
use super::words::With;

/// Sorts by place and merges what overlaps, so that ranges are disjoint.
///
/// A whole part swallows everything inside it. A merged range has the label, the replacement and the rule of the longest
/// finding in it; of equally long ones, of the one whose rule comes first in the policy. But it is reversible only when
/// all of it is: the other finding may be a secret, which must not come back.
pub(super) fn merge(mut redactions: Vec<Redaction>) -> Vec<Redaction> {
    redactions.sort_by_key(|one| (one.part, one.finding.is_some(), one.range.start, one.range.end, one.rule));
    let mut merged: Vec<Redaction> = Vec::with_capacity(redactions.len());
    // How long the finding is that gave the last merged range its label.
    let mut longest = 0;
    for redaction in redactions {
        let length = redaction.range.len();
        match merged.last_mut().filter(|last| last.part == redaction.part && overlap(last, &redaction)) {
            Some(last) => {
                let end = last.range.end.max(redaction.range.end);
                let lasting = [last.with, redaction.with].into_iter().find(|with| *with != With::Reversible);
                if last.finding.is_some() && (length, last.rule) > (longest, redaction.rule) {
                    (last.with, last.finding, last.rule) = (redaction.with, redaction.finding, redaction.rule);
                    longest = length;
                }
                if last.with == With::Reversible {
                    last.with = lasting.unwrap_or(With::Reversible);
                }
                last.range.end = end;
            }
            None => {
                longest = length;
                merged.push(redaction);
            }
        }
    }
    merged
}

/// Whole parts come first in their part, so `last` is one of them or begins no later than `next`.
fn overlap(last: &Redaction, next: &Redaction) -> bool {
    last.finding.is_none() || next.range.start < last.range.end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(part: u32, range: std::ops::Range<usize>, finding: Option<u32>, rule: usize) -> Redaction {
        let with = if rule == 0 { With::Placeholder } else { With::Hash };
        Redaction { part, range, with, finding, rule }
    }

    #[test]
    fn disjoint_ranges_are_only_sorted() {
        let list = vec![one(1, 5..9, Some(2), 0), one(0, 3..6, Some(1), 0), one(0, 0..3, Some(0), 1)];
        let merged = merge(list.clone());
        assert_eq!(merged, list.into_iter().rev().collect::<Vec<_>>());
    }

    #[test]
    fn the_longest_finding_names_a_merged_range() {
        let merged = merge(vec![one(0, 0..10, Some(0), 0), one(0, 5..30, Some(1), 1), one(0, 28..35, Some(2), 0)]);
        assert_eq!(merged, [one(0, 0..35, Some(1), 1)]);
    }

    #[test]
    fn equal_findings_go_to_the_first_rule() {
        for list in
            [[one(0, 2..8, Some(0), 1), one(0, 2..8, Some(0), 0)], [one(0, 2..8, Some(0), 0), one(0, 2..8, Some(0), 1)]]
        {
            assert_eq!(merge(list.to_vec()), [one(0, 2..8, Some(0), 0)]);
        }
        let shifted = merge(vec![one(0, 0..6, Some(0), 1), one(0, 3..9, Some(1), 0)]);
        assert_eq!(shifted, [one(0, 0..9, Some(1), 0)]);
    }

    #[test]
    fn what_overlaps_something_lasting_is_not_reversible() {
        let with = |redaction: Redaction, with| Redaction { with, ..redaction };
        let reversible = |range| with(one(0, range, Some(0), 0), With::Reversible);
        let masked = with(one(0, 8..12, Some(1), 1), With::Mask);
        let merged = merge(vec![reversible(0..10), masked.clone(), reversible(11..40), reversible(50..60)]);
        assert_eq!(merged, [with(reversible(0..40), With::Mask), reversible(50..60)]);
        let merged = merge(vec![masked, reversible(9..10)]);
        assert_eq!(merged, [with(one(0, 8..12, Some(1), 1), With::Mask)]);
        assert_eq!(merge(vec![reversible(0..10), reversible(5..12)]), [reversible(0..12)]);
    }

    #[test]
    fn a_whole_part_swallows_its_findings() {
        let merged = merge(vec![
            one(3, 4..8, Some(0), 0),
            one(3, 0..20, None, 1),
            one(4, 0..2, Some(1), 0),
            one(3, 0..20, None, 0),
        ]);
        assert_eq!(merged, [one(3, 0..20, None, 0), one(4, 0..2, Some(1), 0)]);
    }

    /// Against the definition: a byte is redacted after merging exactly when it was before.
    #[test]
    fn no_byte_is_lost_or_added() {
        let mut seed = 1u32;
        let mut next = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) % below
        };
        for _ in 0..2_000 {
            let list: Vec<Redaction> = (0..next(8))
                .map(|finding| {
                    let start = next(30) as usize;
                    one(next(2), start..start + 1 + next(10) as usize, Some(finding), next(3) as usize)
                })
                .collect();
            let covered =
                |list: &[Redaction], part, at| list.iter().any(|one| one.part == part && one.range.contains(&at));
            let merged = merge(list.clone());
            for (part, at) in (0..2).flat_map(|part| (0..50).map(move |at| (part, at))) {
                assert_eq!(covered(&list, part, at), covered(&merged, part, at), "{list:?}");
            }
            let sorted = |pair: &[Redaction]| matches!(pair, [a, b] if a.part < b.part || a.range.end <= b.range.start);
            assert!(merged.windows(2).all(sorted), "{merged:?}");
        }
    }
}
