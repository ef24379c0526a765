//! What a stream sees of the message that is being judged.

use std::collections::BTreeSet;

use crate::detect::Finding;
use crate::enforce::Restoration;
use crate::exchange::{Edit, Layers, Part, Place, Sink};
use crate::fault::Fault;
use crate::keyed::Key;
use crate::policy::{Context, Policy, Redaction, Verdict};
use crate::session::inspect::Inspection;
use crate::session::scan::Scan;
use crate::wire::Scope;

use super::growing::Growing;

/// Everything a stream needs to be judged.
pub(in crate::session) struct Judge<'a> {
    pub(in crate::session) policy: &'a Policy,
    pub(in crate::session) key: &'a Key,
    pub(in crate::session) context: Context<'a>,
    pub(in crate::session) inspection: &'a mut Inspection,
}

impl Judge<'_> {
    pub(super) fn fault(&mut self, fault: Fault) {
        self.inspection.fault(fault);
    }

    /// Numbers of parts, findings and faults: what a verdict depends on.
    pub(super) fn seen(&self) -> (usize, usize, usize) {
        self.inspection.seen()
    }

    pub(super) fn decide(&self) -> Verdict {
        self.inspection.decide(self.policy, &self.context)
    }

    pub(super) fn replacement(&self, redaction: &Redaction) -> String {
        self.inspection.replacement(self.policy, redaction)
    }

    pub(super) fn part(&self, part: u32) -> Option<&Part> {
        self.inspection.parts.get(part as usize)
    }

    /// How many parts there are: the number of the next.
    pub(super) fn parts(&self) -> u32 {
        u32::try_from(self.inspection.parts.len()).unwrap_or(u32::MAX)
    }

    /// Adds a part that grows.
    pub(super) fn add(&mut self, scope: Scope) -> u32 {
        let number = self.parts();
        self.inspection.add_growing(Part { scope, carried: false, place: Place::Unplaced, len: 0 });
        number
    }

    /// What a part says in the end.
    pub(super) fn spoken(&mut self, part: u32, whole: &str) {
        self.inspection.spoken(part, whole);
    }

    /// Forgets the last part, if it is this one, nothing was found in it, and an earlier one is like it.
    pub(super) fn forget(&mut self, part: u32) -> bool {
        let Inspection { parts, found, texts, .. } = &mut *self.inspection;
        let Some((last, earlier)) = parts.split_last().filter(|(_, earlier)| earlier.len() == part as usize) else {
            return false;
        };
        let unclean: BTreeSet<u32> = found.iter().map(|found| found.part).collect();
        let clean = |part: u32| !unclean.contains(&part);
        let mut like = earlier.iter().zip(0_u32..).filter(|(one, _)| one.scope == last.scope && in_body(one));
        let forgotten = in_body(last) && clean(part) && like.any(|(_, number)| clean(number));
        if forgotten {
            parts.pop();
            texts.as_mut().map(Vec::pop);
        }
        forgotten
    }

    /// Whether a text of this scope matters although nothing is found in it: it may have to be replaced, or it is the first
    /// that rules speak of.
    pub(super) fn matters(&self, scope: Scope, spoken: &mut Vec<Scope>) -> bool {
        matters(self.policy, scope, spoken)
    }

    /// A part has this length now.
    pub(super) fn grow(&mut self, part: u32, len: usize) {
        if let Some(part) = self.inspection.parts.get_mut(part as usize) {
            part.len = u32::try_from(len).unwrap_or(u32::MAX);
        }
    }

    /// Keeps a finding in a growing part; `text` is what was found.
    pub(super) fn found(&mut self, part: u32, finding: Finding, text: &str) {
        let fingerprint = self.key.fingerprint(text.as_bytes());
        self.inspection.keep(self.policy, part, finding, fingerprint);
    }

    /// The changes that restore placeholders in what was scanned last, through its layers.
    pub(super) fn restored(&mut self, layers: &Layers) -> Vec<Edit> {
        let placeholders = self.inspection.reversible.placeholders();
        let restorations = self.inspection.reversible.take().into_iter();
        let edits = restorations.filter_map(|Restoration { part, range, index }| {
            let (layer, range) = self.part(part)?.place.in_body(&range)?;
            layers.edit(layer, range, placeholders.original(index))
        });
        edits.collect()
    }

    /// Looks for placeholders in a text that has grown.
    pub(super) fn seek(&mut self, text: &mut Growing) {
        let placeholders = self.inspection.reversible.placeholders();
        let most = self.policy.limits().findings as usize;
        let mut overflow = false;
        text.seek(&placeholders, || {
            let possible = self.inspection.reversible.count(most);
            overflow |= !possible;
            possible
        });
        if overflow {
            self.fault(Fault::TooManyFindings);
        }
    }

    /// Where a finding begins in its part.
    pub(super) fn start_of(&self, finding: u32) -> Option<usize> {
        self.inspection.found.get(finding as usize).map(|found| found.finding.start)
    }

    /// What came earns work, so that a stream does not run out for being long: no more than the exchange began with.
    pub(super) fn earn(&mut self, bytes: usize) {
        let most = u64::from(self.policy.limits().work);
        self.set_work(self.work().saturating_add(EARNED.saturating_mul(bytes as u64)).min(most));
    }

    /// Counts bytes that are about to be examined. False, with the fault, where that would be too much work.
    pub(super) fn examine(&mut self, bytes: usize) -> bool {
        let left = self.work().checked_sub(bytes as u64);
        self.set_work(left.unwrap_or(0));
        if left.is_none() {
            self.fault(Fault::Work);
        }
        left.is_some()
    }

    /// The bytes that may still be examined for this exchange.
    pub(super) fn work(&self) -> u64 {
        self.inspection.work.unwrap_or(u64::from(self.policy.limits().work))
    }

    pub(super) fn set_work(&mut self, work: u64) {
        self.inspection.work = Some(work);
    }

    /// Scans what `read` hands on. A stream has many short texts that say nothing, such as an id in every event: a text
    /// becomes a part when something is found in it, when it may have to be replaced, or as the first of a scope that
    /// rules speak of.
    pub(super) fn scan<T>(&mut self, spoken: &mut Vec<Scope>, read: impl FnOnce(&mut Selective<'_, '_>) -> T) -> T {
        let policy = self.policy;
        self.inspection.look(policy, self.key, |scan| read(&mut Selective { scan, policy, spoken }))
    }
}

/// Bytes that may be examined for one that came: as many as the default work is for the largest body.
const EARNED: u64 = 32;

/// Whether a part stands in the payload of an event.
fn in_body(part: &Part) -> bool {
    matches!(part.place, Place::Body(_) | Place::Within(..))
}

/// Whether a text of this scope matters although nothing is found in it.
fn matters(policy: &Policy, scope: Scope, spoken: &mut Vec<Scope>) -> bool {
    let first = policy.speaks_of(scope) && !spoken.contains(&scope);
    if first {
        spoken.push(scope);
    }
    first || policy.may_replace(scope)
}

/// Scans texts and keeps those that matter.
pub(super) struct Selective<'s, 'a> {
    scan: &'s mut Scan<'a>,
    policy: &'s Policy,
    spoken: &'s mut Vec<Scope>,
}

impl Selective<'_, '_> {
    fn matters(&mut self, part: &Part, text: &str) -> bool {
        let found = self.scan.has_found() || self.scan.is_restored(part, text);
        found || matters(self.policy, part.scope, self.spoken)
    }
}

impl Sink for Selective<'_, '_> {
    fn examine(&mut self, bytes: usize) -> bool {
        self.scan.examine(bytes)
    }

    fn part(&mut self, part: Part, text: &str) -> bool {
        self.scan.look(text);
        self.matters(&part, text) && self.scan.keep(part, text)
    }

    fn named(&mut self, part: Part, key: &str, text: &str) -> bool {
        self.scan.look_behind(key, text);
        self.matters(&part, text) && self.scan.keep(part, text)
    }
}
