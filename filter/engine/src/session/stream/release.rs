//! What of a stream goes on, and in which order.

use super::growing::Growing;
use super::pending::{Pending, Written};
use super::texts::Texts;
use super::{Home, Judge, Stream};
use crate::policy::{Cause, Decision, Mode};

impl Stream {
    /// Lets go on what is decided.
    pub(super) fn release(&mut self, judge: &mut Judge<'_>, out: &mut Vec<u8>) {
        while let Some(number) = self.waiting.first_decided(&self.texts) {
            let Some(pending) = self.waiting.remove(number, &mut self.texts) else { break };
            self.emit(judge, &pending, out);
        }
        self.texts.each(Growing::forget);
        self.forget_parts(judge);
    }

    /// Forgets the parts of events that have gone on, where another part says the same of the stream: a rule that replaces
    /// whole scopes would have some in every event, and every verdict look at all of them.
    fn forget_parts(&mut self, judge: &mut Judge<'_>) {
        while let Some((part, Home::Event(number))) = self.homes.last().copied() {
            let waits = self.waiting.last().is_some_and(|last| last >= number);
            if waits || !judge.forget(part) {
                break;
            }
            self.homes.pop();
            // The number will be that of another part.
            self.judged = None;
        }
    }

    fn emit(&mut self, judge: &Judge<'_>, pending: &Pending, out: &mut Vec<u8>) {
        self.record.waited(judge.context.now.since(pending.arrived));
        let Written { bytes, edits, restored } = pending.bytes(&self.texts);
        self.edits = self.edits.saturating_add(edits);
        self.restored = self.restored.saturating_add(restored);
        out.extend_from_slice(&bytes);
        self.sent.opened |= !bytes.is_empty();
        self.sent.elements |= pending.frame.text().is_some();
        self.sent.closed |= pending.frame.bytes().trim_ascii() == b"]";
    }

    /// Lets go on what came before the event in which that stands which blocks the stream.
    pub(super) fn release_before(&mut self, judge: &Judge<'_>, cause: Cause, out: &mut Vec<u8>) {
        let decisions = self.verdict.as_ref().map(|verdict| verdict.decisions.as_slice()).unwrap_or_default();
        let blamed = |decision: &&Decision| cause == Cause::Rule(decision.rule) && decision.mode == Mode::Enforce;
        let first = decisions.iter().filter(blamed).filter_map(|decision| self.begins_in(judge, decision)).min();
        let first = first.unwrap_or(self.events);
        let goes_on = |pending: &&Pending, texts: &Texts| pending.number < first && pending.decided(texts);
        while let Some(number) =
            self.waiting.first().filter(|first| goes_on(first, &self.texts)).map(|first| first.number)
        {
            let Some(pending) = self.waiting.remove(number, &mut self.texts) else { break };
            self.emit(judge, &pending, out);
        }
        self.drop_waiting();
    }
}
