//! What reversible placeholders need of a message: the texts that they stand for in a request, the places where they stand
//! in its answer.
//!
//! Flows in: the texts of parts and what was found in them. Flows out: placeholders for the redactions of a request, and
//! restorations for its answer. Promises: a text is kept only when a rule may give it back; no more of them are kept than
//! there are findings.

use std::sync::Arc;

use crate::detect::{Finding, Found, Set};
use crate::enforce::{Original, Placeholders, Restoration, lookalikes};
use crate::exchange::{Part, Place};
use crate::keyed::Key;
use crate::policy::{Policy, Redaction, With};
use crate::sensitive::Sensitive;

/// Which of the two a message is.
#[derive(Debug)]
pub(super) enum Reversible {
    /// A request, in which texts may be replaced.
    Request(Originals),
    /// An answer, in which they may be restored.
    Answer(Restorations),
}

impl Default for Reversible {
    fn default() -> Self {
        Reversible::Request(Originals::default())
    }
}

/// Of a request.
#[derive(Debug, Default)]
pub(super) struct Originals {
    /// Index of a finding, and its text. In the order of findings, which is that of parts and places.
    texts: Vec<(u32, Sensitive<String>)>,
    /// What has the form of a placeholder and was written by somebody else.
    lookalikes: Vec<Sensitive<String>>,
}

/// Of an answer.
#[derive(Debug, Default)]
pub(super) struct Restorations {
    pub(super) placeholders: Arc<Placeholders>,
    /// Where they stand, as far as that has not been taken.
    found: Vec<Restoration>,
    /// How many have been found.
    total: usize,
}

/// What was seen of placeholders in a text.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Seen {
    /// At least one.
    pub(super) any: bool,
    /// More than are kept.
    pub(super) overflow: bool,
}

/// What replaces a redaction: part, start, and the placeholder. Sorted.
pub(super) type Assigned = Vec<(u32, usize, String)>;

impl Reversible {
    pub(super) fn of_answer(placeholders: Placeholders) -> Self {
        let placeholders = Arc::new(placeholders);
        Reversible::Answer(Restorations { placeholders, ..Restorations::default() })
    }

    /// Keeps the text of a finding that may have to be given back.
    pub(super) fn keep(&mut self, policy: &Policy, index: usize, finding: &Finding, text: &str) {
        if let (Reversible::Request(originals), Ok(index)) = (self, u32::try_from(index))
            && policy.may_restore(finding.entry)
        {
            originals.texts.push((index, Sensitive::new(text.to_owned())));
        }
    }

    /// Looks for placeholders in the text of a part.
    pub(super) fn look(&mut self, policy: &Policy, number: u32, part: &Part, text: &str) -> Seen {
        let most = policy.limits().findings as usize;
        let mut seen = Seen::default();
        match self {
            Reversible::Request(originals) if policy.restores() => lookalikes(text, |found| {
                if originals.lookalikes.len() < most {
                    originals.lookalikes.push(Sensitive::new(found.to_owned()));
                } else {
                    seen.overflow = true;
                }
            }),
            Reversible::Answer(restorations) if restorations.are_possible(part) => {
                let placeholders = restorations.placeholders.clone();
                placeholders.find(text, true, |range, index| {
                    if restorations.count(most) {
                        restorations.found.push(Restoration { part: number, range, index });
                        seen.any = true;
                    } else {
                        seen.overflow = true;
                    }
                });
            }
            Reversible::Request(_) | Reversible::Answer(_) => {}
        }
        seen
    }

    /// Whether a placeholder that can be restored stands in a text.
    pub(super) fn stands_in(&self, part: &Part, text: &str) -> bool {
        let mut any = false;
        if let Reversible::Answer(restorations) = self
            && restorations.are_possible(part)
        {
            restorations.placeholders.find(text, true, |_, _| any = true);
        }
        any
    }

    /// The placeholders of a request, and which redaction gets which.
    pub(super) fn assign(
        &self,
        set: &Set,
        key: &Key,
        found: &[Found],
        redactions: &[Redaction],
    ) -> (Placeholders, Assigned) {
        let Reversible::Request(originals) = self else { return Default::default() };
        let (mut places, mut wanted) = (Vec::new(), Vec::new());
        for redaction in redactions.iter().filter(|redaction| redaction.with == With::Reversible) {
            let finding = redaction.finding.and_then(|index| found.get(index as usize));
            let finding = finding.filter(|found| found.finding.view.blank().is_none());
            let name = finding.and_then(|found| set.name(found.finding.entry));
            let (Some(name), Some(text)) = (name, originals.text(found, redaction)) else { continue };
            places.push((redaction.part, redaction.range.start));
            wanted.push(Original { label: name.label.to_string(), text });
        }
        let (placeholders, given) = Placeholders::assign(key, &wanted, &originals.lookalikes);
        let assigned = places.into_iter().zip(given).filter_map(|((part, start), text)| Some((part, start, text?)));
        (placeholders, assigned.collect())
    }

    /// What restoring an answer needs, and the restorations that were not taken yet.
    pub(super) fn restorations(&self) -> &[Restoration] {
        match self {
            Reversible::Request(_) => &[],
            Reversible::Answer(restorations) => &restorations.found,
        }
    }

    /// Takes the restorations that were found since.
    pub(super) fn take(&mut self) -> Vec<Restoration> {
        match self {
            Reversible::Request(_) => Vec::new(),
            Reversible::Answer(restorations) => std::mem::take(&mut restorations.found),
        }
    }

    /// The placeholders of an answer.
    pub(super) fn placeholders(&self) -> Arc<Placeholders> {
        match self {
            Reversible::Request(_) => Arc::default(),
            Reversible::Answer(restorations) => restorations.placeholders.clone(),
        }
    }

    /// Counts one more restoration. False when there are too many.
    pub(super) fn count(&mut self, most: usize) -> bool {
        match self {
            Reversible::Request(_) => false,
            Reversible::Answer(restorations) => restorations.count(most),
        }
    }
}

impl Restorations {
    /// Only what stands in a body is restored: a text of a user does not belong into a header.
    fn are_possible(&self, part: &Part) -> bool {
        !self.placeholders.is_empty() && matches!(part.place, Place::Body(_) | Place::Within(..))
    }

    fn count(&mut self, most: usize) -> bool {
        let possible = self.total < most;
        self.total = self.total.saturating_add(usize::from(possible));
        possible
    }
}

impl Originals {
    /// The text of a redaction, put together from the findings that were merged into it.
    fn text(&self, found: &[Found], redaction: &Redaction) -> Option<Sensitive<String>> {
        let of = |index: u32| found.get(index as usize).map(|found| (found.part, found.finding.start));
        let from = self.texts.partition_point(|(index, _)| of(*index) < Some((redaction.part, redaction.range.start)));
        let mut whole = String::new();
        let mut at = redaction.range.start;
        for (index, text) in self.texts.get(from..).unwrap_or_default() {
            let start =
                of(*index).filter(|(part, start)| *part == redaction.part && *start <= at).map(|(_, start)| start)?;
            whole.push_str(text.expose().get(at.saturating_sub(start)..).unwrap_or_default());
            at = at.max(start.saturating_add(text.len()));
            if at >= redaction.range.end {
                break;
            }
        }
        let complete = at == redaction.range.end && whole.len() == redaction.range.len();
        complete.then_some(Sensitive::new(whole))
    }
}
