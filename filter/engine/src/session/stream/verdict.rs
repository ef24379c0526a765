//! The verdict on a stream: when it is taken, and how it reaches the events that wait.

use super::pending::PendingPiece;
use super::texts::TextId;
use super::{Home, Judge, Stream};
use crate::enforce::Cut;
use crate::fault::Fault;
use crate::policy::{Cause, Decision, Target, Verdict};

/// What looking at one part or finding costs a verdict, as if it were so many bytes of text: measured, a little above.
const PER_PART: usize = 64;

impl Stream {
    /// Takes the verdict anew when something new was seen. Answers what blocks.
    pub(super) fn judge(&mut self, judge: &mut Judge<'_>) -> Option<Cause> {
        let seen = judge.seen();
        if self.judged == Some(seen) {
            return None;
        }
        // Whoever makes many parts and findings, one in each event, makes every verdict look at all of them.
        let (parts, findings, _) = seen;
        judge.examine(parts.saturating_add(findings).saturating_mul(PER_PART));
        let mut verdict = judge.decide();
        if self.apply(judge, &verdict).is_err() {
            judge.fault(Fault::Rewrite);
            verdict = judge.decide();
        }
        self.judged = Some(judge.seen());
        let cause = verdict.cause;
        self.verdict = Some(verdict);
        cause
    }

    /// Brings redactions to where they will be carried out.
    fn apply(&mut self, judge: &Judge<'_>, verdict: &Verdict) -> Result<(), Fault> {
        self.texts.each(|text| text.cuts.clear());
        self.waiting.iter_mut().for_each(|pending| pending.edits.clear());
        for redaction in &verdict.redactions {
            let with = judge.replacement(redaction);
            if let Some(text) = self.texts.of_part(redaction.part).and_then(|id| self.texts.get_mut(id)) {
                let range = match redaction.finding {
                    Some(_) => redaction.range.clone(),
                    None => 0..usize::MAX,
                };
                text.cuts.push(Cut { range, with });
                continue;
            }
            let home = self.homes.binary_search_by_key(&redaction.part, |(part, _)| *part);
            let Some((_, home)) = home.ok().and_then(|index| self.homes.get(index)) else {
                // A header: it went on before the stream began. Trailers have not, and must not as they are.
                if self.trailers.contains(&redaction.part) {
                    return Err(Fault::Rewrite);
                }
                continue;
            };
            let place = judge.part(redaction.part).and_then(|part| part.place.in_body(&redaction.range));
            match (*home, place) {
                (Home::Event(number), Some((layer, range))) => {
                    let Some(pending) = self.waiting.get_mut(number) else { continue };
                    let edit = pending.layers.edit(layer, range, &with).ok_or(Fault::Rewrite)?;
                    pending.edits.push(edit);
                }
                (Home::Arguments(id), Some((layer, range))) => {
                    // Arguments that have gone on were cut when they did.
                    let Some(text) = self.texts.get_mut(id) else { continue };
                    let edit = text.layers.edit(layer, range, &with).ok_or(Fault::Rewrite)?;
                    text.cuts.push(Cut { range: edit.range, with: edit.with });
                }
                // What stands beside the payload of an event, in a comment or an id.
                (Home::Event(number), _) if self.waiting.holds(number) => {
                    return Err(Fault::Rewrite);
                }
                _ => {}
            }
        }
        self.texts.each(|text| text.cuts.sort_by_key(|cut| cut.range.start));
        Ok(())
    }

    /// The number of the waiting event in which that begins what a decision speaks of.
    pub(super) fn begins_in(&self, judge: &Judge<'_>, decision: &Decision) -> Option<u64> {
        let Target::Part(part) = decision.target else { return None };
        let start = decision.findings.iter().filter_map(|finding| judge.start_of(*finding)).min();
        let in_text = |id: TextId, start: usize| {
            let holds = |piece: &&PendingPiece| piece.text == id && piece.range.end > start;
            let event = self.waiting.iter().find(|pending| pending.pieces.iter().any(|piece| holds(&piece)));
            event.map(|pending| pending.number)
        };
        if let Some(id) = self.texts.of_part(part) {
            return in_text(id, start.unwrap_or(0));
        }
        let home = self.homes.binary_search_by_key(&part, |(part, _)| *part).ok()?;
        match self.homes.get(home)? {
            (_, Home::Event(number)) => Some(*number),
            (_, Home::Arguments(id)) => in_text(*id, 0),
        }
    }
}
