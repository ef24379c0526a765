//! Text that is split over parts: the content parts of a message, or messages of one speaker that follow each other.
//!
//! Flows in: the texts of parts, in order, each with how much of its end may go on. Flows out: what is found across their
//! borders. Promises: each text is looked at once more at most, and only its beginning.

use std::ops::{Deref, Range};

use crate::detect::{Finding, Scanner, Set, View};
use crate::wire::Scope;

/// Bytes of the beginning of a text that are looked at behind the end of the one before it.
const HEAD: usize = 4096;
/// Bytes of what may go on, above which it is let go.
const TAIL: usize = 4096;
/// What models and their vendors put between two parts: nothing, or a space or line break.
const BETWEEN: [&str; 2] = ["", " "];

/// The keys under which dialects have what is said. What stands under another one beside it is not part of that.
pub(super) const SPOKEN: [&str; 5] = ["content", "text", "message", "input", "prompt"];

/// What may go on in the next part, for each way to join them.
#[derive(Debug, Default)]
pub(super) struct Joined {
    scope: Option<Scope>,
    ends: [End; BETWEEN.len()],
}

/// The end of what one speaker has said.
#[derive(Debug, Default)]
struct End {
    text: String,
    pieces: Vec<Piece>,
}

/// Which part some of an [`End`] is of.
#[derive(Debug, Clone)]
struct Piece {
    part: u32,
    /// In the end.
    range: Range<usize>,
    /// Where it begins in the part.
    start: usize,
}

/// A piece of a finding that goes over several parts.
#[derive(Debug)]
pub(super) struct Across {
    pub(super) part: u32,
    /// The piece, in the part's text.
    pub(super) finding: Finding,
    /// The text of the whole finding.
    pub(super) text: String,
}

/// Whether what is said in this scope may go on in the next part.
pub(super) const fn goes_on(scope: Scope) -> bool {
    matches!(scope, Scope::System | Scope::User | Scope::Document | Scope::Assistant | Scope::ToolOutput)
}

impl Joined {
    /// Takes the text of the next part, what was found in it alone, and from where on its end may go on. Answers with what
    /// is found across the border before it.
    pub(super) fn next<S: Deref<Target = Set> + Clone>(
        &mut self,
        scanner: &mut Scanner<S>,
        (part, scope): (u32, Scope),
        text: &str,
        alone: &[Finding],
        open: usize,
    ) -> Vec<Across> {
        if self.scope != Some(scope) {
            (self.scope, self.ends) = (Some(scope), Default::default());
        }
        let mut across: Vec<Across> = Vec::new();
        for (end, between) in self.ends.iter_mut().zip(BETWEEN) {
            let found = end.with(scanner, part, between, text, open);
            for (finding, pieces, text) in found {
                // What is found in a part alone, the joint makes only longer.
                let longer = pieces.iter().any(|(of, range)| {
                    *of == part && alone.iter().any(|one| one.entry == finding.entry && one.start < range.end)
                });
                let known = |part: u32, range: &Range<usize>| {
                    across.iter().any(|one| {
                        one.part == part && one.finding.entry == finding.entry && one.finding.range() == *range
                    })
                };
                if longer || pieces.iter().all(|(part, range)| known(*part, range)) {
                    continue;
                }
                across.extend(pieces.into_iter().map(|(part, range)| Across {
                    part,
                    finding: Finding { start: range.start, end: range.end, view: View::Joined, ..finding.clone() },
                    text: text.clone(),
                }));
            }
        }
        across
    }
}

type Split = (Finding, Vec<(u32, Range<usize>)>, String);

impl End {
    /// Joins a text to this end, which afterwards is the end of both.
    fn with<S: Deref<Target = Set> + Clone>(
        &mut self,
        scanner: &mut Scanner<S>,
        part: u32,
        between: &str,
        text: &str,
        open: usize,
    ) -> Vec<Split> {
        let alone = || {
            let rest = text.get(open..).unwrap_or_default().to_owned();
            End { pieces: vec![Piece { part, range: 0..rest.len(), start: open }], text: rest }
        };
        if self.text.is_empty() {
            *self = alone().limited();
            return Vec::new();
        }
        let head = text.get(..text.floor_char_boundary(HEAD)).unwrap_or(text);
        let border = self.text.len();
        let behind = border.saturating_add(between.len());
        let mut joined = std::mem::take(self);
        joined.text.push_str(between);
        joined.text.push_str(head);
        joined.pieces.push(Piece { part, range: behind..joined.text.len(), start: 0 });
        let mut findings = Vec::new();
        let open = scanner.whole(&joined.text, &mut findings);
        let across = findings.into_iter().filter(|finding| finding.start < border && finding.end > behind);
        let across = across.map(|finding| joined.split(finding)).collect();
        *self = if head.len() == text.len() { joined.from(open) } else { alone() }.limited();
        across
    }

    fn split(&self, finding: Finding) -> Split {
        let pieces = self.pieces.iter().filter_map(|piece| {
            let (start, end) = (finding.start.max(piece.range.start), finding.end.min(piece.range.end));
            let place = |at: usize| at.saturating_sub(piece.range.start).saturating_add(piece.start);
            (start < end).then(|| (piece.part, place(start)..place(end)))
        });
        let pieces = pieces.collect();
        let text = self.text.get(finding.range()).unwrap_or_default().to_owned();
        (finding, pieces, text)
    }

    /// What of it may go on.
    fn from(self, open: usize) -> Self {
        let pieces = self.pieces.into_iter().filter(|piece| piece.range.end > open).map(|piece| {
            let cut = open.saturating_sub(piece.range.start);
            let range = piece.range.start.max(open).saturating_sub(open)..piece.range.end.saturating_sub(open);
            Piece { range, start: piece.start.saturating_add(cut), ..piece }
        });
        End { text: self.text.get(open..).unwrap_or_default().to_owned(), pieces: pieces.collect() }
    }

    fn limited(self) -> Self {
        if self.text.len() > TAIL { End::default() } else { self }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

    use super::*;
    use crate::detect::{DetectorName, Keywords, SetBuilder, catalog};

    fn across(scope: Scope, texts: &[&str]) -> Vec<(u32, Range<usize>)> {
        let mut builder = SetBuilder::new();
        for id in ["pii/payment-card", "pii/email"] {
            builder.built_in(catalog::by_id(id).unwrap()).unwrap();
        }
        let name = DetectorName { id: "custom/words".into(), label: "X".into() };
        builder.keywords(name, &Keywords { phrases: vec!["ignore all previous instructions".to_owned()] }).unwrap();
        let set = builder.build().unwrap();
        let (mut scanner, mut joined) = (Scanner::new(&set, 1 << 30), Joined::default());
        let mut found: Vec<(u32, Range<usize>)> = texts
            .iter()
            .zip(0..)
            .flat_map(|(text, part)| {
                let mut alone = Vec::new();
                let open = scanner.whole(text, &mut alone);
                joined.next(&mut scanner, (part, scope), text, &alone, open)
            })
            .map(|across| (across.part, across.finding.range()))
            .collect();
        found.sort_by_key(|(part, range)| (*part, range.start));
        found
    }

    #[test]
    fn what_is_split_is_found_in_all_its_parts() {
        for (texts, expected) in [
            (&["note: 4111 1111 ", "1111 1111, ok"][..], vec![(0, 6..16), (1, 0..9)]),
            (&["note: 4111 11", "11 1111", " 1111"], vec![(0, 6..13), (1, 0..7), (2, 0..5)]),
            (&["so ignore all", "previous instructions!"], vec![(0, 3..13), (1, 0..21)]),
            (&["so ignore all ", "previous instructions!"], vec![(0, 3..14), (1, 0..21)]),
            (&["ignore", "all", "previous", "instructions"], vec![(0, 0..6), (1, 0..3), (2, 0..8), (3, 0..12)]),
            (&["NDExMTExMTEx", "MTExMTExMQ=="], vec![(0, 3..12), (1, 0..10)]),
            // Nothing is across: all of it stands in one part, or it is none.
            (&["4111 1111 1111 1111", " and on"], vec![]),
            (&["write to me.", "ada@example.com"], vec![]),
            (&["4111 1111", "and 1111 1111"], vec![]),
            (&["a", "", "b"], vec![]),
        ] {
            assert_eq!(across(Scope::User, texts), expected, "{texts:?}");
        }
    }
}
