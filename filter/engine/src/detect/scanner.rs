//! Runs a [`Set`] over texts, whole or in pieces.

use std::ops::Range;

use aho_corasick::Anchored;
use aho_corasick::automaton::{Automaton, StateID};

use super::set::{Engine, Set, Trigger};
use super::{Candidate, Confidence, EntryId, Outcome};

/// What a detector saw in one text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Where, in bytes of the text.
    pub start: usize,
    /// The end of it.
    pub end: usize,
    /// Which detector.
    pub entry: EntryId,
    /// How sure it is.
    pub confidence: Confidence,
}

impl Finding {
    /// `start..end`.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// One pass over one text at a time. All offsets are counted from the beginning of that text.
///
/// Invariants: the automaton has seen exactly the bytes before `next`; `window` holds the text from `base` on, which is
/// at least [`Set::lookback`] before everything that is still undecided; `waiting` is in text order, and while a detector
/// waits for one place, its later anchors queue behind it, so that the findings do not depend on how the text was cut.
#[derive(Debug)]
pub struct Scanner<'s> {
    set: &'s Set,
    state: Option<StateID>,
    window: String,
    base: usize,
    next: usize,
    waiting: Vec<Waiting>,
    /// For each detector that has found something: where its last finding ended.
    taken: Vec<(u16, usize)>,
    work: u64,
    exhausted: bool,
}

#[derive(Debug, Clone, Copy)]
struct Waiting {
    entry: u16,
    start: usize,
    end: usize,
    from: usize,
}

impl<'s> Scanner<'s> {
    /// A scanner that lets matchers look at `work` bytes in all, beyond the one pass over every text.
    pub fn new(set: &'s Set, work: u64) -> Self {
        Scanner {
            set,
            state: None,
            window: String::new(),
            base: 0,
            next: 0,
            waiting: Vec::new(),
            taken: Vec::new(),
            work,
            exhausted: false,
        }
    }

    /// Whether the work ran out, so that candidates went unexamined.
    pub fn exhausted(&self) -> bool {
        self.exhausted
    }

    /// The work that is left, for the next scanner of the same message.
    pub fn work_left(&self) -> u64 {
        self.work
    }

    /// Scans a whole text and appends its findings, in text order. The scanner is ready for another text afterwards.
    pub fn whole(&mut self, text: &str, findings: &mut Vec<Finding>) {
        if text.len() < self.set.shortest {
            return;
        }
        let first = findings.len();
        self.restart();
        self.advance(text, true, findings);
        if let Some(new) = findings.get_mut(first..) {
            new.sort_unstable();
        }
    }

    /// Takes the next piece of a text, appends the findings that are certain now, and returns the offset up to which the
    /// text can be released: no finding will begin before it.
    pub fn feed(&mut self, piece: &str, findings: &mut Vec<Finding>) -> usize {
        let mut window = std::mem::take(&mut self.window);
        window.push_str(piece);
        self.advance(&window, false, findings);
        let safe = self.safe(&window);
        self.window = self.trim(window, safe);
        safe
    }

    /// Ends a text that came in pieces. The scanner is ready for another text afterwards.
    pub fn finish(&mut self, findings: &mut Vec<Finding>) {
        let window = std::mem::take(&mut self.window);
        self.advance(&window, true, findings);
        self.restart();
    }

    fn restart(&mut self) {
        self.state = None;
        self.base = 0;
        self.next = 0;
        self.waiting.clear();
        self.taken.clear();
    }

    /// No finding to come can begin before this offset.
    fn safe(&self, window: &str) -> usize {
        let end = self.base.saturating_add(window.len());
        let anchor = self.state.map_or(0, |state| self.set.depth(state));
        let undecided = self.waiting.iter().map(|waiting| waiting.from).min().unwrap_or(end);
        let held = end.saturating_sub(anchor.max(self.set.tail(window))).min(undecided);
        self.base.saturating_add(window.floor_char_boundary(held.saturating_sub(self.base)))
    }

    fn trim(&mut self, mut window: String, safe: usize) -> String {
        let oldest = self.waiting.iter().map(|waiting| waiting.start).min().unwrap_or(safe).min(safe);
        let keep = oldest.saturating_sub(self.set.lookback).saturating_sub(self.base);
        // Moving the rest costs as much as it is long: only worth it when most of the window goes.
        if keep > window.len() / 2 {
            let keep = window.floor_char_boundary(keep);
            window.drain(..keep);
            self.base = self.base.saturating_add(keep);
        }
        window
    }

    fn advance(&mut self, window: &str, ended: bool, findings: &mut Vec<Finding>) {
        let set = self.set;
        self.revisit(window, ended, findings);
        match &set.engine {
            Engine::Dfa(dfa) => self.run(dfa, window, ended, findings),
            Engine::Nfa(nfa) => self.run(nfa, window, ended, findings),
        }
    }

    /// Looks again at the places that waited for more text.
    fn revisit(&mut self, window: &str, ended: bool, findings: &mut Vec<Finding>) {
        for waiting in std::mem::take(&mut self.waiting) {
            self.look(waiting.entry, waiting.start..waiting.end, window, ended, findings);
        }
    }

    fn run<A: Automaton>(&mut self, automaton: &A, window: &str, ended: bool, findings: &mut Vec<Finding>) {
        let Some(mut state) = self.state.or_else(|| automaton.start_state(Anchored::No).ok()) else { return };
        let bytes = window.as_bytes();
        let skip = self.next.saturating_sub(self.base);
        for (at, byte) in bytes.iter().enumerate().skip(skip) {
            state = automaton.next_state(Anchored::No, state, *byte);
            if automaton.is_special(state) && automaton.is_match(state) {
                self.stop(automaton, state, at, window, ended, findings);
            }
        }
        self.state = Some(state);
        self.next = self.base.saturating_add(bytes.len());
    }

    /// The automaton is in a match state after the byte at `at` of the window.
    #[inline(never)]
    fn stop<A: Automaton>(
        &mut self,
        automaton: &A,
        state: StateID,
        at: usize,
        window: &str,
        ended: bool,
        findings: &mut Vec<Finding>,
    ) {
        let set = self.set;
        let end = self.base.saturating_add(at).saturating_add(1);
        for index in 0..automaton.match_len(state) {
            let pattern = automaton.match_pattern(state, index);
            let start = end.saturating_sub(automaton.pattern_len(pattern));
            match set.triggers.get(pattern.as_usize()) {
                Some(Trigger::Entry(entry)) => self.look(*entry, start..end, window, ended, findings),
                Some(Trigger::Digit) => {
                    let before = at.checked_sub(1).and_then(|before| window.as_bytes().get(before));
                    if !before.is_some_and(u8::is_ascii_digit) {
                        for entry in &set.digit_entries {
                            self.look(*entry, start..end, window, ended, findings);
                        }
                    }
                }
                None => {}
            }
        }
    }

    fn look(&mut self, entry: u16, anchor: Range<usize>, window: &str, ended: bool, findings: &mut Vec<Finding>) {
        let taken = self.taken.iter().find(|(id, _)| *id == entry).map_or(0, |(_, end)| *end);
        if anchor.start < taken {
            return;
        }
        if self.waiting.iter().any(|waiting| waiting.entry == entry) {
            self.waiting.push(Waiting { entry, start: anchor.start, end: anchor.end, from: anchor.start });
            return;
        }
        let candidate = Candidate {
            text: window,
            anchor_start: anchor.start.saturating_sub(self.base),
            anchor_end: anchor.end.saturating_sub(self.base),
            ended,
        };
        let (outcome, cost) = self.set.look(entry, &candidate);
        self.spend(cost);
        if self.exhausted {
            return;
        }
        match outcome {
            Outcome::Hit(range, confidence) => {
                let (start, end) = (self.base.saturating_add(range.start), self.base.saturating_add(range.end));
                if start >= taken && end > start {
                    findings.push(Finding { start, end, entry: EntryId(entry), confidence });
                    self.taken.retain(|(id, _)| *id != entry);
                    self.taken.push((entry, end));
                }
            }
            Outcome::Wait(from) if !ended => {
                let from = self.base.saturating_add(from);
                self.waiting.push(Waiting { entry, start: anchor.start, end: anchor.end, from });
            }
            Outcome::Wait(_) | Outcome::Miss => {}
        }
    }

    fn spend(&mut self, cost: usize) {
        match self.work.checked_sub(cost as u64) {
            Some(left) => self.work = left,
            None => self.exhausted = true,
        }
    }
}
