//! Runs a [`Set`] over texts, whole or in pieces.

use std::cell::Cell;
use std::collections::VecDeque;
use std::fmt;
use std::ops::{Deref, Range};

use aho_corasick::Anchored;
use aho_corasick::automaton::{Automaton, StateID};

use super::set::{Engine, NUMBERS, Open, Set};
use super::skip::{self, Skip, Stop};
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

/// One pass over one text at a time, with a set that it borrows or shares. All offsets are counted from the beginning of that text.
///
/// Invariants: the automaton has seen exactly the bytes before `next`; `window` holds the text from `base` on, which is
/// at least the lookback of the set before everything that is still undecided; `waiting` has at most one place for each
/// detector, and the later anchors of that detector queue behind it, so that the findings do not depend on how the text
/// was cut.
pub struct Scanner<S> {
    set: S,
    state: Option<StateID>,
    window: String,
    base: usize,
    next: usize,
    waiting: Vec<Waiting>,
    /// For each detector that has found something: where its last finding ended.
    taken: Vec<(u16, usize)>,
    /// Up to here nothing will be found by a detector that acts.
    releasable: usize,
    work: u64,
    exhausted: bool,
}

impl<S> fmt::Debug for Scanner<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scanner({} bytes held, {} detectors waiting)", self.window.len(), self.waiting.len())
    }
}

/// A detector that cannot decide yet.
#[derive(Debug)]
struct Waiting {
    entry: u16,
    /// The anchor it looked at.
    anchor: Range<usize>,
    /// A finding would begin here or later.
    from: usize,
    /// Not before the text is this long is it worth looking again: a sixteenth more than there was, so that what waits
    /// long is not read anew for every piece.
    until: usize,
    /// Its anchors after that one.
    queue: VecDeque<Range<usize>>,
}

impl<S: Deref<Target = Set> + Clone> Scanner<S> {
    /// A scanner that may examine `work` bytes in all: every text once, and what matchers look at closer.
    pub fn new(set: S, work: u64) -> Self {
        Scanner {
            set,
            state: None,
            window: String::new(),
            base: 0,
            next: 0,
            waiting: Vec::new(),
            taken: Vec::new(),
            releasable: 0,
            work,
            exhausted: false,
        }
    }

    /// Whether the work ran out, so that something went unexamined.
    pub fn exhausted(&self) -> bool {
        self.exhausted
    }

    /// The work that is left, for the next scanner of the same message.
    pub fn work_left(&self) -> u64 {
        self.work
    }

    /// Gives it another amount of work, for scanners that share what one exchange may cost.
    pub fn set_work(&mut self, work: u64) {
        self.work = work;
    }

    /// Counts bytes that it or its caller is about to examine. False where they are more than the work that is left: then
    /// none is, and this scanner examines nothing any more.
    pub fn charge(&mut self, bytes: usize) -> bool {
        let left = self.work.checked_sub(bytes as u64).filter(|_| !self.exhausted);
        (self.work, self.exhausted) = (left.unwrap_or(0), left.is_none());
        !self.exhausted
    }

    /// Scans a whole text and appends its findings, in text order. The scanner is ready for another text afterwards.
    pub fn whole(&mut self, text: &str, findings: &mut Vec<Finding>) {
        self.restart();
        if !self.charge(text.len()) || text.len() < self.set.shortest {
            return;
        }
        let first = findings.len();
        self.advance(text, true, findings);
        if let Some(new) = findings.get_mut(first..) {
            new.sort_unstable();
        }
        self.restart();
    }

    /// The offset up to which the text so far can be released: no finding of a detector that acts will begin before it.
    pub fn releasable(&self) -> usize {
        self.releasable
    }

    /// Takes the next piece of a text, appends the findings that are certain now, and returns the offset up to which the
    /// text is settled: no finding will begin before it.
    pub fn feed(&mut self, piece: &str, findings: &mut Vec<Finding>) -> usize {
        let mut window = std::mem::take(&mut self.window);
        window.push_str(piece);
        self.charge(piece.len());
        self.advance(&window, false, findings);
        let settled = self.settled(&window, &self.set.open);
        self.releasable = self.set.acting.as_ref().map_or(settled, |acting| self.settled(&window, acting));
        self.window = self.trim(window, settled);
        settled
    }

    /// Ends a text that came in pieces. The scanner is ready for another text afterwards.
    pub fn finish(&mut self, findings: &mut Vec<Finding>) {
        let mut window = std::mem::take(&mut self.window);
        self.advance(&window, true, findings);
        window.clear();
        self.window = window;
        self.restart();
    }

    fn restart(&mut self) {
        self.state = None;
        self.base = 0;
        self.next = 0;
        self.window.clear();
        self.waiting.clear();
        self.taken.clear();
        self.releasable = 0;
    }

    /// No finding to come, of the detectors that count, can begin before this offset.
    fn settled(&self, window: &str, open: &Open) -> usize {
        let end = self.base.saturating_add(window.len());
        let waiting = self.waiting.iter().filter(|waiting| open.counts(waiting.entry));
        let undecided = waiting.map(|waiting| waiting.from).min().unwrap_or(end);
        let held = end.saturating_sub(open.tail(window)).min(undecided);
        self.base.saturating_add(window.floor_char_boundary(held.saturating_sub(self.base)))
    }

    fn trim(&mut self, mut window: String, settled: usize) -> String {
        let oldest = self.waiting.iter().map(|waiting| waiting.anchor.start).min().unwrap_or(settled).min(settled);
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
        if self.exhausted {
            // What comes is passed over, and nothing is kept for it.
            (self.state, self.next) = (None, self.base.saturating_add(window.len()));
            self.waiting.clear();
            return;
        }
        let set = self.set.clone();
        self.revisit(window, ended, findings);
        match &set.engine {
            Engine::Dfa(dfa) => self.run(dfa, window, ended, findings),
            Engine::Nfa(nfa) => self.run(nfa, window, ended, findings),
        }
    }

    /// Looks again at the places that waited for more text.
    fn revisit(&mut self, window: &str, ended: bool, findings: &mut Vec<Finding>) {
        let known = self.base.saturating_add(window.len());
        for mut waiting in std::mem::take(&mut self.waiting) {
            if !ended && known < waiting.until {
                self.waiting.push(waiting);
                continue;
            }
            let mut next = Some(waiting.anchor);
            while let Some(anchor) = next {
                if let Some((from, until)) = self.look(waiting.entry, anchor.clone(), window, ended, findings) {
                    let (entry, queue) = (waiting.entry, waiting.queue);
                    self.waiting.push(Waiting { entry, anchor, from, until, queue });
                    break;
                }
                next = waiting.queue.pop_front();
            }
        }
    }

    fn run<A: Automaton>(&mut self, automaton: &A, window: &str, ended: bool, findings: &mut Vec<Finding>) {
        let Ok(start) = automaton.start_state(Anchored::No) else { return };
        let mut state = self.state.unwrap_or(start);
        let set = self.set.clone();
        let bytes = window.as_bytes();
        let digits = !set.digits.is_empty() || !set.digits_behind_letters.is_empty() || set.numbers.is_some();
        let mut at = self.next.saturating_sub(self.base);
        while at < bytes.len() {
            // Where the automaton may stop again, once nothing has begun.
            let mut until = bytes.len();
            if let Some(skip) = &set.skip {
                if state == start {
                    at = self.pass(skip, at, window, ended, findings);
                }
                until = at.saturating_add(skip::DEPTH);
            }
            let mut before = at.checked_sub(1).and_then(|before| bytes.get(before)).copied().unwrap_or_default();
            for byte in bytes.get(at..).unwrap_or_default() {
                state = automaton.next_state(Anchored::No, state, *byte);
                if digits && byte.is_ascii_digit() && !before.is_ascii_digit() {
                    self.digits(&set.digits, at, window, ended, findings);
                    self.digits(&set.digits_behind_letters, at, window, ended, findings);
                    self.number(at, window, ended, findings);
                }
                if automaton.is_special(state) && automaton.is_match(state) {
                    self.stop(automaton, state, at, window, ended, findings);
                }
                before = *byte;
                at += 1;
                if state == start && at >= until {
                    break;
                }
            }
        }
        self.state = Some(state);
        self.next = self.base.saturating_add(bytes.len());
    }

    /// Passes over text in which no anchor begins, up to where the automaton has to look.
    fn pass(&mut self, skip: &Skip, from: usize, window: &str, ended: bool, findings: &mut Vec<Finding>) -> usize {
        let set = self.set.clone();
        let mut pass = skip.pass(window.as_bytes(), from);
        loop {
            match skip.next(&mut pass, window.as_bytes()) {
                Stop::Automaton(place) => return place,
                Stop::Number(place) => self.number(place, window, ended, findings),
                Stop::Digits(place) => {
                    self.digits(&set.digits, place, window, ended, findings);
                    self.number(place, window, ended, findings);
                }
                Stop::DigitsBehindLetters(place) => {
                    self.digits(&set.digits_behind_letters, place, window, ended, findings)
                }
            }
        }
    }

    /// A run of digits begins at this byte of the window.
    fn digits(&mut self, entries: &[u16], at: usize, window: &str, ended: bool, findings: &mut Vec<Finding>) {
        let start = self.base.saturating_add(at);
        for entry in entries {
            self.visit(*entry, start..start.saturating_add(1), window, ended, findings);
        }
    }

    /// A run of digits of any length begins at this byte of the window.
    fn number(&mut self, at: usize, window: &str, ended: bool, findings: &mut Vec<Finding>) {
        if self.set.numbers.is_some() {
            self.digits(&[NUMBERS], at, window, ended, findings);
        }
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
        let set = self.set.clone();
        let end = self.base.saturating_add(at).saturating_add(1);
        for index in 0..automaton.match_len(state) {
            let pattern = automaton.match_pattern(state, index);
            let start = end.saturating_sub(automaton.pattern_len(pattern));
            if let Some(entry) = set.owners.get(pattern.as_usize()) {
                self.visit(*entry, start..end, window, ended, findings);
            }
        }
    }

    /// A new anchor of a detector: looked at now, or behind what the detector still waits for.
    fn visit(&mut self, entry: u16, anchor: Range<usize>, window: &str, ended: bool, findings: &mut Vec<Finding>) {
        if let Some(waiting) = self.waiting.iter_mut().find(|waiting| waiting.entry == entry) {
            waiting.queue.push_back(anchor);
        } else if let Some((from, until)) = self.look(entry, anchor.clone(), window, ended, findings) {
            self.waiting.push(Waiting { entry, anchor, from, until, queue: VecDeque::new() });
        }
    }

    /// Runs a matcher. When it must wait: from where it may find something, and until how much text there is.
    fn look(
        &mut self,
        entry: u16,
        anchor: Range<usize>,
        window: &str,
        ended: bool,
        findings: &mut Vec<Finding>,
    ) -> Option<(usize, usize)> {
        let taken = self.taken.iter().position(|(id, _)| *id == entry);
        let free = taken.and_then(|at| self.taken.get(at)).map_or(0, |(_, end)| *end);
        if anchor.start < free || self.exhausted {
            return None;
        }
        let candidate = Candidate {
            text: window,
            anchor_start: anchor.start.saturating_sub(self.base),
            anchor_end: anchor.end.saturating_sub(self.base),
            ended,
            work: Cell::new(0),
        };
        let (outcome, found, cost) = self.set.look(entry, &candidate);
        if !self.charge(cost) {
            return None;
        }
        match outcome {
            Outcome::Hit(range, confidence) => {
                let (start, end) = (self.base.saturating_add(range.start), self.base.saturating_add(range.end));
                if start >= free && end > start {
                    findings.push(Finding { start, end, entry: EntryId(found), confidence });
                    match taken.and_then(|at| self.taken.get_mut(at)) {
                        Some(taken) => taken.1 = end,
                        None => self.taken.push((entry, end)),
                    }
                }
                None
            }
            Outcome::Wait(from) if !ended => {
                let known = self.base.saturating_add(window.len());
                let from = self.base.saturating_add(from).max(free);
                Some((from, known.saturating_add(known.saturating_sub(anchor.start) / 16)))
            }
            Outcome::Wait(_) | Outcome::Miss => None,
        }
    }
}
