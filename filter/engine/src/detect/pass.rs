//! One pass of a [`Set`] over one text, whole or in pieces.

use std::cell::Cell;
use std::collections::VecDeque;
use std::ops::{Deref, Range};

use aho_corasick::Anchored;
use aho_corasick::automaton::{Automaton, StateID};

use super::scanner::{Finding, Work};
use super::set::{Engine, NUMBERS, Open, Set};
use super::skip::{self, Skip, Stop};
use super::view::View;
use super::{Candidate, EntryId, Outcome};

/// One pass over one text, with a set that it borrows or shares. All offsets are counted from the beginning of that text.
///
/// Invariants: the automaton has seen exactly the bytes before `next`; `window` holds the text from `base` on, which is
/// at least the lookback of the set before everything that is still undecided; `waiting` has at most one place for each
/// detector, and the later anchors of that detector queue behind it, so that the findings do not depend on how the text
/// was cut.
#[derive(Clone)]
pub(super) struct Pass<S> {
    set: S,
    state: Option<StateID>,
    window: String,
    base: usize,
    next: usize,
    waiting: Vec<Waiting>,
    /// For each detector that has found something: where its last finding ended.
    taken: Vec<(u16, usize)>,
    /// Findings of a higher rank, until it is known whether one of a lower rank overlaps them.
    ranked: Vec<Finding>,
    /// The findings that such a one may overlap.
    recent: Vec<Finding>,
    /// No finding to come begins before this.
    settled: usize,
    /// No finding to come of a detector that acts begins before this.
    releasable: usize,
}

/// What one advance looks at, and where it puts what it finds.
struct Advance<'a> {
    window: &'a str,
    ended: bool,
    findings: &'a mut Vec<Finding>,
    work: &'a mut Work,
}

/// A detector that cannot decide yet.
#[derive(Clone)]
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

impl<S: Deref<Target = Set> + Clone> Pass<S> {
    pub(super) fn new(set: S) -> Self {
        Pass {
            set,
            state: None,
            window: String::new(),
            base: 0,
            next: 0,
            waiting: Vec::new(),
            taken: Vec::new(),
            ranked: Vec::new(),
            recent: Vec::new(),
            settled: 0,
            releasable: 0,
        }
    }

    pub(super) fn set(&self) -> &S {
        &self.set
    }

    /// Scans a whole text, which is charged already. Returns from where on a finding might have begun, had it gone on.
    pub(super) fn whole(&mut self, text: &str, findings: &mut Vec<Finding>, work: &mut Work) -> usize {
        self.restart();
        if text.len() < self.set.shortest {
            return 0;
        }
        self.advance(&mut Advance { window: text, ended: false, findings, work });
        let open = self.held(text, &self.set.open);
        self.advance(&mut Advance { window: text, ended: true, findings, work });
        self.rank(usize::MAX, findings);
        self.restart();
        open
    }

    /// Takes the next piece of a text, which is charged already, and appends the findings that are certain now.
    pub(super) fn feed(&mut self, piece: &str, findings: &mut Vec<Finding>, work: &mut Work) {
        let mut window = std::mem::take(&mut self.window);
        window.push_str(piece);
        self.advance(&mut Advance { window: &window, ended: false, findings, work });
        self.rank(self.open(&window, &self.set.open), findings);
        self.settled = self.held(&window, &self.set.open).max(self.settled);
        let releasable = self.set.acting.as_ref().map_or(self.settled, |acting| self.held(&window, acting));
        self.releasable = releasable.max(self.releasable);
        let keep = self.needed(window.len());
        // Moving the rest costs as much as it is long: only worth it when most of the window goes.
        if keep > window.len() / 2 {
            let keep = window.floor_char_boundary(keep);
            window.drain(..keep);
            self.base = self.base.saturating_add(keep);
        }
        self.window = window;
    }

    /// Ends a text that came in pieces. The pass is ready for another text afterwards.
    pub(super) fn finish(&mut self, findings: &mut Vec<Finding>, work: &mut Work) {
        let mut window = std::mem::take(&mut self.window);
        self.advance(&mut Advance { window: &window, ended: true, findings, work });
        self.rank(usize::MAX, findings);
        window.clear();
        self.window = window;
        self.restart();
    }

    pub(super) fn restart(&mut self) {
        self.state = None;
        self.base = 0;
        self.next = 0;
        self.window.clear();
        self.waiting.clear();
        self.taken.clear();
        self.ranked.clear();
        self.recent.clear();
        self.settled = 0;
        self.releasable = 0;
    }

    /// A pass that has seen the same text and may see another go on.
    pub(super) fn fork(&self) -> Self {
        let keep = self.window.floor_char_boundary(self.needed(self.window.len()));
        Pass {
            set: self.set.clone(),
            state: self.state,
            window: self.window.get(keep..).unwrap_or_default().to_owned(),
            base: self.base.saturating_add(keep),
            next: self.next,
            waiting: self.waiting.clone(),
            taken: self.taken.clone(),
            ranked: self.ranked.clone(),
            recent: self.recent.clone(),
            settled: self.settled,
            releasable: self.releasable,
        }
    }

    /// How much of the text has come.
    pub(super) fn known(&self) -> usize {
        self.base.saturating_add(self.window.len())
    }

    /// Bytes of the text that are kept.
    pub(super) fn kept(&self) -> usize {
        self.window.len()
    }

    /// Number of detectors that cannot decide yet, and of findings that others may overlap.
    pub(super) fn undecided(&self) -> usize {
        self.waiting.len().saturating_add(self.ranked.len())
    }

    /// The offset up to which the text is settled: no finding to come will begin before it.
    pub(super) fn settled(&self) -> usize {
        self.settled
    }

    /// The same for the findings of detectors that act.
    pub(super) fn releasable(&self) -> usize {
        self.releasable
    }

    /// No finding that is still to be made, of the detectors that count, can begin before this offset.
    fn open(&self, window: &str, open: &Open) -> usize {
        let end = self.base.saturating_add(window.len());
        let waiting = self.waiting.iter().filter(|waiting| open.counts(waiting.entry));
        let undecided = waiting.map(|waiting| waiting.from).min().unwrap_or(end);
        end.saturating_sub(open.tail(window)).min(undecided)
    }

    /// No finding to come, of the detectors that count, can begin before this offset.
    fn held(&self, window: &str, open: &Open) -> usize {
        let ranked = self.ranked.iter().filter(|finding| open.counts(finding.entry.0));
        let held = ranked.map(|finding| finding.start).min().unwrap_or(usize::MAX).min(self.open(window, open));
        self.base.saturating_add(window.floor_char_boundary(held.saturating_sub(self.base)))
    }

    /// Appends the findings of a higher rank that nothing of a lower one overlaps, nor will, now that all findings are made
    /// that begin before `decided`.
    fn rank(&mut self, decided: usize, findings: &mut Vec<Finding>) {
        if !self.set.ranked {
            return;
        }
        let set = self.set.clone();
        let over = |one: &Finding, other: &Finding| {
            let ((low, family), (high, same)) = (set.rank(one.entry.0), set.rank(other.entry.0));
            low < high && family == same && one.start < other.end && other.start < one.end
        };
        let next = |ranked: &[Finding]| {
            let free = |finding: &Finding| !ranked.iter().any(|other| over(other, finding));
            ranked.iter().position(|finding| finding.end <= decided && free(finding))
        };
        while let Some(at) = next(&self.ranked) {
            let finding = self.ranked.swap_remove(at);
            if !self.recent.iter().any(|other| over(other, &finding)) {
                self.recent.push(finding.clone());
                findings.push(finding);
            }
        }
        let oldest = self.ranked.iter().map(|finding| finding.start).min().unwrap_or(decided).min(decided);
        self.recent.retain(|finding| finding.end > oldest);
    }

    /// A finding was made.
    fn found(&mut self, finding: Finding, findings: &mut Vec<Finding>) {
        if self.set.rank(finding.entry.0).0 > 0 {
            self.ranked.push(finding);
            return;
        }
        if self.set.ranked {
            self.recent.push(finding.clone());
        }
        findings.push(finding);
    }

    /// From which byte of a window of this length on it is still needed.
    fn needed(&self, len: usize) -> usize {
        let settled = self.settled;
        let oldest = self.waiting.iter().map(|waiting| waiting.anchor.start).min().unwrap_or(settled).min(settled);
        oldest.saturating_sub(self.set.lookback).saturating_sub(self.base).min(len)
    }

    fn advance(&mut self, advance: &mut Advance<'_>) {
        if advance.work.exhausted() {
            // What comes is passed over, and nothing is kept for it.
            (self.state, self.next) = (None, self.base.saturating_add(advance.window.len()));
            self.waiting.clear();
            return;
        }
        let set = self.set.clone();
        self.revisit(advance);
        match &set.engine {
            Engine::Dfa(dfa) => self.run(dfa, advance),
            Engine::Nfa(nfa) => self.run(nfa, advance),
        }
    }

    /// Looks again at the places that waited for more text.
    fn revisit(&mut self, advance: &mut Advance<'_>) {
        let known = self.base.saturating_add(advance.window.len());
        for mut waiting in std::mem::take(&mut self.waiting) {
            if !advance.ended && known < waiting.until {
                self.waiting.push(waiting);
                continue;
            }
            let mut next = Some(waiting.anchor);
            while let Some(anchor) = next {
                if let Some((from, until)) = self.look(waiting.entry, anchor.clone(), advance) {
                    let (entry, queue) = (waiting.entry, waiting.queue);
                    self.waiting.push(Waiting { entry, anchor, from, until, queue });
                    break;
                }
                next = waiting.queue.pop_front();
            }
        }
    }

    fn run<A: Automaton>(&mut self, automaton: &A, advance: &mut Advance<'_>) {
        let Ok(start) = automaton.start_state(Anchored::No) else { return };
        let mut state = self.state.unwrap_or(start);
        let set = self.set.clone();
        let window = advance.window;
        let bytes = window.as_bytes();
        let digits = !set.digits.is_empty() || !set.digits_behind_letters.is_empty() || set.numbers.is_some();
        let mut at = self.next.saturating_sub(self.base);
        while at < bytes.len() {
            // Where the automaton may stop again, once nothing has begun.
            let mut until = bytes.len();
            if let Some(skip) = &set.skip {
                if state == start {
                    at = self.pass(skip, at, advance);
                }
                until = at.saturating_add(skip::DEPTH);
            }
            let mut before = at.checked_sub(1).and_then(|before| bytes.get(before)).copied().unwrap_or_default();
            for byte in bytes.get(at..).unwrap_or_default() {
                state = automaton.next_state(Anchored::No, state, *byte);
                if digits && byte.is_ascii_digit() && !before.is_ascii_digit() {
                    self.digits(&set.digits, at, advance);
                    self.digits(&set.digits_behind_letters, at, advance);
                    self.number(at, advance);
                }
                if automaton.is_special(state) && automaton.is_match(state) {
                    self.stop(automaton, state, at, advance);
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
    fn pass(&mut self, skip: &Skip, from: usize, advance: &mut Advance<'_>) -> usize {
        let set = self.set.clone();
        let window = advance.window.as_bytes();
        let mut pass = skip.pass(from);
        loop {
            match skip.next(&mut pass, window) {
                Stop::Automaton(place) => return place,
                Stop::Number(place) => self.number(place, advance),
                Stop::Digits(place) => {
                    self.digits(&set.digits, place, advance);
                    self.number(place, advance);
                }
                Stop::DigitsBehindLetters(place) => self.digits(&set.digits_behind_letters, place, advance),
            }
        }
    }

    /// A run of digits begins at this byte of the window.
    fn digits(&mut self, entries: &[u16], at: usize, advance: &mut Advance<'_>) {
        let start = self.base.saturating_add(at);
        for entry in entries {
            self.visit(*entry, start..start.saturating_add(1), advance);
        }
    }

    /// A run of digits of any length begins at this byte of the window.
    fn number(&mut self, at: usize, advance: &mut Advance<'_>) {
        if self.set.numbers.is_some() {
            self.digits(&[NUMBERS], at, advance);
        }
    }

    /// The automaton is in a match state after the byte at `at` of the window.
    #[inline(never)]
    fn stop<A: Automaton>(&mut self, automaton: &A, state: StateID, at: usize, advance: &mut Advance<'_>) {
        let set = self.set.clone();
        let end = self.base.saturating_add(at).saturating_add(1);
        for index in 0..automaton.match_len(state) {
            let pattern = automaton.match_pattern(state, index);
            let start = end.saturating_sub(automaton.pattern_len(pattern));
            if let Some(entry) = set.owners.get(pattern.as_usize()) {
                self.visit(*entry, start..end, advance);
            }
        }
    }

    /// A new anchor of a detector: looked at now, or behind what the detector still waits for.
    fn visit(&mut self, entry: u16, anchor: Range<usize>, advance: &mut Advance<'_>) {
        if let Some(waiting) = self.waiting.iter_mut().find(|waiting| waiting.entry == entry) {
            waiting.queue.push_back(anchor);
        } else if let Some((from, until)) = self.look(entry, anchor.clone(), advance) {
            self.waiting.push(Waiting { entry, anchor, from, until, queue: VecDeque::new() });
        }
    }

    /// Runs a matcher. When it must wait: from where it may find something, and until how much text there is.
    fn look(&mut self, entry: u16, anchor: Range<usize>, advance: &mut Advance<'_>) -> Option<(usize, usize)> {
        let taken = self.taken.iter().position(|(id, _)| *id == entry);
        let free = taken.and_then(|at| self.taken.get(at)).map_or(0, |(_, end)| *end);
        if anchor.start < free || advance.work.exhausted() {
            return None;
        }
        let candidate = Candidate {
            text: advance.window,
            anchor_start: anchor.start.saturating_sub(self.base),
            anchor_end: anchor.end.saturating_sub(self.base),
            ended: advance.ended,
            work: Cell::new(0),
        };
        let (outcome, found, cost) = self.set.look(entry, &candidate);
        if !advance.work.charge(cost) {
            return None;
        }
        match outcome {
            Outcome::Hit(range, confidence) => {
                let (start, end) = (self.base.saturating_add(range.start), self.base.saturating_add(range.end));
                if start >= free && end > start {
                    let finding = Finding { start, end, entry: EntryId(found), confidence, view: View::Written };
                    self.found(finding, advance.findings);
                    match taken.and_then(|at| self.taken.get_mut(at)) {
                        Some(taken) => taken.1 = end,
                        None => self.taken.push((entry, end)),
                    }
                }
                None
            }
            Outcome::Wait(from) if !advance.ended => {
                let known = self.base.saturating_add(advance.window.len());
                let from = self.base.saturating_add(from).max(free);
                Some((from, known.saturating_add(known.saturating_sub(anchor.start) / 16)))
            }
            Outcome::Wait(_) | Outcome::Miss => None,
        }
    }
}
