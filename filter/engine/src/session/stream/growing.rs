//! One text that grows from event to event.

use std::ops::Range;
use std::sync::Arc;

use crate::detect::{Finding, Scanner, Set};
use crate::enforce::{Cut, Placeholders, cuts_of_piece};
use crate::exchange::{Edit, Layers};
use crate::sensitive::Sensitive;
use crate::stream::json::escape_into;
use crate::wire::{Channel, Scope};

/// One text that grows from event to event.
///
/// Invariants: `kept` is the text from `kept_from` on; of a text that is held whole it is all of it. Nothing before `safe`
/// can become part of a finding that a rule acts on, or of a placeholder, any more, and no placeholder that is restored
/// begins before it and ends behind it. Nothing before `settled` can become part of any finding.
#[derive(Debug)]
pub(super) struct Growing {
    pub(super) channel: Channel,
    pub(super) scope: Scope,
    /// The part that stands for it, once one is needed. The parts of a tool call's arguments are those of the JSON in it.
    pub(super) part: Option<u32>,
    /// Bytes so far.
    pub(super) len: usize,
    pub(super) safe: usize,
    settled: usize,
    pub(super) ended: bool,
    /// Pieces of it in events that wait.
    pub(super) waiting: usize,
    /// Up to where it is the end of a text that seemed complete and went on.
    began: usize,
    /// What of it is replaced, in order and disjoint.
    pub(super) cuts: Vec<Cut>,
    /// Placeholders in it, and what is put in their place, in order and disjoint.
    restored: Vec<Cut>,
    /// Up to where findings are certain that a rule acts on.
    judged: usize,
    /// Up to where placeholders are.
    sought: usize,
    /// The first character that is no space: that of a JSON document tells what belongs into it.
    opening: Option<char>,
    /// Held arguments that have been judged: the way from their parts to this text.
    pub(super) layers: Layers,
    kept: Sensitive<String>,
    kept_from: usize,
    /// None for a text that is held whole.
    scanner: Option<Scanner<Arc<Set>>>,
}

impl Growing {
    /// A text that is scanned as it grows.
    pub(super) fn scanned(channel: Channel, scope: Scope, set: Arc<Set>) -> Self {
        Growing { scanner: Some(Scanner::new(set, 0)), ..Growing::held(channel, scope) }
    }

    /// A text that is held until it is complete.
    pub(super) fn held(channel: Channel, scope: Scope) -> Self {
        Growing {
            channel,
            scope,
            part: None,
            len: 0,
            safe: 0,
            settled: 0,
            ended: false,
            waiting: 0,
            began: 0,
            cuts: Vec::new(),
            restored: Vec::new(),
            judged: 0,
            sought: 0,
            opening: None,
            layers: Layers::default(),
            kept: Sensitive::default(),
            kept_from: 0,
            scanner: None,
        }
    }

    /// Goes on behind a text of the same channel that seemed complete: `before` is the end of that one. It has gone on, and
    /// what was found in it is known.
    pub(super) fn behind(mut self, before: &str, work: &mut u64) -> Self {
        self.push(before, work, &mut Vec::new());
        (self.began, self.safe, self.sought) = (self.len, self.len, self.len);
        self
    }

    /// The end of a complete text, as far as something could go on in it.
    pub(super) fn tail(&self) -> &str {
        let kept = self.kept.expose();
        let most = if self.is_held() { HELD_TAIL } else { TAIL };
        kept.get(kept.floor_char_boundary(kept.len().saturating_sub(most))..).unwrap_or_default()
    }

    pub(super) fn is_held(&self) -> bool {
        self.scanner.is_none()
    }

    /// Bytes that cannot be released yet.
    pub(super) fn undecided(&self) -> usize {
        self.len.saturating_sub(self.safe)
    }

    /// Takes the next piece. Findings that are certain now are appended; `work` is what matchers may still look at.
    pub(super) fn push(&mut self, piece: &str, work: &mut u64, findings: &mut Vec<Finding>) -> Range<usize> {
        let from = self.len;
        self.len = self.len.saturating_add(piece.len());
        self.kept.push_str(piece);
        self.opening = self.opening.or_else(|| piece.trim_ascii_start().chars().next());
        if let Some(scanner) = &mut self.scanner {
            scanner.set_work(*work);
            self.settled = scanner.feed(piece, findings).max(self.settled);
            self.judged = scanner.releasable().max(self.judged);
            *work = scanner.work_left();
            findings.retain(|finding| finding.end > self.began);
        }
        from..self.len
    }

    /// The text is complete.
    pub(super) fn end(&mut self, work: &mut u64, findings: &mut Vec<Finding>) {
        if let Some(scanner) = &mut self.scanner {
            scanner.set_work(*work);
            scanner.finish(findings);
            *work = scanner.work_left();
            findings.retain(|finding| finding.end > self.began);
        }
        (self.ended, self.judged) = (true, self.len);
    }

    /// Looks for placeholders in what has come, and says what is decided now. `count` says whether one more may be restored.
    pub(super) fn seek(&mut self, placeholders: &Placeholders, mut count: impl FnMut() -> bool) {
        let from = self.sought;
        if placeholders.is_empty() || self.is_held() {
            self.sought = self.len;
        } else {
            let mut hits: Vec<(Range<usize>, u32)> = Vec::new();
            let decided =
                placeholders.find(self.text(&(from..self.len)), self.ended, |range, index| hits.push((range, index)));
            self.sought = from.saturating_add(decided);
            for (range, index) in hits.into_iter().filter(|_| count()) {
                let range = from.saturating_add(range.start)..from.saturating_add(range.end);
                let original = placeholders.original(index);
                let mut with = String::with_capacity(original.len());
                match self.opening {
                    Some('{') => escape_into(original, &mut with),
                    _ => with.push_str(original),
                }
                self.restored.push(Cut { range, with });
            }
        }
        if !self.is_held() || self.ended {
            self.safe = self.unsplit(self.judged.min(self.sought)).max(self.safe);
        }
    }

    /// This place, or the beginning of the restored placeholder that it is in.
    fn unsplit(&self, place: usize) -> usize {
        let around = self.restored.get(self.restored.partition_point(|cut| cut.range.end <= place));
        around.map_or(place, |cut| cut.range.start.min(place))
    }

    /// Restores in arguments that are complete.
    pub(super) fn restore(&mut self, edits: Vec<Edit>) {
        self.restored = edits.into_iter().map(|Edit { range, with }| Cut { range, with }).collect();
        self.restored.sort_by_key(|cut| cut.range.start);
    }

    /// What is restored in a piece of the text: every placeholder that nothing of is redacted.
    pub(super) fn restored(&self, piece: &Range<usize>) -> Vec<(Range<usize>, String)> {
        let first = self.restored.partition_point(|cut| cut.range.end <= piece.start);
        let touching =
            self.restored.get(first..).unwrap_or_default().iter().take_while(|cut| cut.range.start < piece.end);
        let redacted = |range: &Range<usize>| {
            let next = self.cuts.get(self.cuts.partition_point(|cut| cut.range.end <= range.start));
            next.is_some_and(|cut| cut.range.start < range.end)
        };
        let whole: Vec<Cut> = touching.filter(|cut| !redacted(&cut.range)).cloned().collect();
        cuts_of_piece(&whole, piece)
    }

    /// Gives up holding back: what has come goes on as far as it has been judged.
    pub(super) fn give_up(&mut self) {
        (self.safe, self.sought, self.settled) = (self.len, self.len, self.len);
    }

    /// Whether matchers had no work left.
    pub(super) fn exhausted(&self) -> bool {
        self.scanner.as_ref().is_some_and(Scanner::exhausted)
    }

    /// A range of the text, as far as it is still kept.
    pub(super) fn text(&self, range: &Range<usize>) -> &str {
        let local = |at: usize| at.saturating_sub(self.kept_from);
        self.kept.expose().get(local(range.start)..local(range.end)).unwrap_or_default()
    }

    /// Forgets text that no finding can begin in any more.
    pub(super) fn forget(&mut self) {
        if self.ended {
            self.kept = Sensitive::default();
            self.kept_from = self.len;
            return;
        }
        let done = self.settled.min(self.safe).saturating_sub(self.kept_from);
        // Moving the rest costs as much as it is long.
        if done > self.kept.len() / 2 && self.scanner.is_some() {
            let kept = self.kept.expose();
            let at = kept.floor_char_boundary(done);
            self.kept = Sensitive::new(kept.get(at..).unwrap_or_default().to_owned());
            self.kept_from = self.kept_from.saturating_add(at);
        }
    }
}

/// Bytes of a complete text that are remembered, should it go on all the same: more than any finding but a private key has.
const TAIL: usize = 4_096;

/// The same for arguments, which are read from their beginning.
const HELD_TAIL: usize = 65_536;
