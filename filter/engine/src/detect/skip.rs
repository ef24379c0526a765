//! Passes over text in which no anchor begins.
//!
//! Most text has none, and one step of the automaton waits for the one before it. This looks at the first four bytes of
//! the anchors only, for sixteen groups of anchors at once: one shift, one table and one comparison per byte ("shift-or",
//! Baeza-Yates and Gonnet 1992, with character classes). It stops too often rather than too seldom; the automaton
//! decides.

/// Bytes that are compared.
pub(super) const DEPTH: usize = 4;
/// Groups of anchors, one bit each in the [`DEPTH`] lanes of a 64-bit word.
const GROUPS: usize = 16;
/// Above this many different beginnings a group lets so much pass that the automaton alone is faster.
const BEGINNINGS_MAX: usize = 160;
/// A state below this has a group whose four bytes have all been seen: a zero bit in the highest lane.
const STOP: u64 = 0xFFFF << LAST;
/// Where the highest lane begins.
const LAST: usize = GROUPS * (DEPTH - 1);
/// The group of `other digit digit digit`, when there are detectors of digits; of `other digit` when there are numbers.
const RUN: usize = 0;
/// The group of `letter letter digit digit`.
const BEHIND_LETTERS: usize = 1;

/// Finds the places where an anchor or a run of digits may begin.
pub(super) struct Skip {
    /// For each byte and lane, a zero bit for each group that accepts the byte there.
    table: Box<[u64; 256]>,
    /// The groups of digits, one bit each.
    digits: u64,
}

/// How far a pass over a text has come, and what it has seen last.
pub(super) struct Pass {
    from: usize,
    next: usize,
    state: u64,
}

/// Where a pass stops.
pub(super) enum Stop {
    /// The automaton has to look from here on.
    Automaton(usize),
    /// A run of one or two digits begins here. Only where there are numbers.
    Number(usize),
    /// A run of three or more digits begins here.
    Digits(usize),
    /// A run of two or more digits begins here, behind two letters.
    DigitsBehindLetters(usize),
}

type Class = fn(u8) -> bool;

impl Skip {
    /// For these anchors, in any ASCII case, for runs of digits and, for numbers, for short ones as well. `None` when it
    /// would not pay.
    pub(super) fn new(anchors: &[&str], digits: bool, numbers: bool) -> Option<Self> {
        let mut beginnings: Vec<Vec<u8>> = anchors
            .iter()
            .map(|anchor| anchor.bytes().take(DEPTH).map(|byte| byte.to_ascii_lowercase()).collect())
            .collect();
        // Short ones accept everything behind them: they come together.
        beginnings.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
        beginnings.dedup();
        if beginnings.len() > BEGINNINGS_MAX {
            return None;
        }
        let mut skip =
            Skip { table: Box::new([u64::MAX; 256]), digits: if digits { 1 << RUN | 1 << BEHIND_LETTERS } else { 0 } };
        let mut groups = if digits { BEHIND_LETTERS + 1..GROUPS } else { 0..GROUPS };
        if digits {
            let (digit, letter, other): (Class, Class, Class) =
                (|byte| byte.is_ascii_digit(), |byte| byte.is_ascii_alphabetic(), |byte| !byte.is_ascii_digit());
            let more = if numbers { |_| true } else { digit };
            skip.shape(RUN, [other, digit, more, more]);
            skip.shape(BEHIND_LETTERS, [letter, letter, digit, digit]);
        }
        let shortest = beginnings.iter().take_while(|beginning| beginning.len() < DEPTH).count();
        let (short, full) = beginnings.split_at_checked(shortest)?;
        // Up to five groups for short beginnings, each of its own when there are so few.
        let few = short.len().min(5);
        skip.divide(short, groups.by_ref().take(few));
        skip.divide(full, groups);
        Some(skip)
    }

    fn shape(&mut self, group: usize, classes: [Class; DEPTH]) {
        for (lane, class) in classes.iter().enumerate() {
            (0..=u8::MAX).filter(|byte| class(*byte)).for_each(|byte| self.accept(group, lane, byte));
        }
    }

    /// Spreads beginnings over groups, in their order: neighbours are alike, and share what they accept.
    fn divide(&mut self, beginnings: &[Vec<u8>], groups: impl Iterator<Item = usize>) {
        let groups: Vec<usize> = groups.collect();
        let size = beginnings.len().div_ceil(groups.len().max(1)).max(1);
        for (part, group) in beginnings.chunks(size).zip(groups) {
            for beginning in part {
                for lane in 0..DEPTH {
                    match beginning.get(lane) {
                        Some(byte) => {
                            self.accept(group, lane, *byte);
                            self.accept(group, lane, byte.to_ascii_uppercase());
                        }
                        None => (0..=u8::MAX).for_each(|byte| self.accept(group, lane, byte)),
                    }
                }
            }
        }
    }

    fn accept(&mut self, group: usize, lane: usize, byte: u8) {
        if let Some(entry) = self.table.get_mut(usize::from(byte)) {
            *entry &= !(1 << (lane * GROUPS + group));
        }
    }

    fn step(&self, state: u64, byte: u8) -> u64 {
        (state << GROUPS) | self.entry(byte)
    }

    #[inline(always)]
    fn entry(&self, byte: u8) -> u64 {
        self.table.get(usize::from(byte)).copied().unwrap_or(u64::MAX)
    }

    /// Begins a pass at `from`, in a text of which the automaton has seen everything before `from` without being inside an
    /// anchor.
    pub(super) fn pass(&self, text: &[u8], from: usize) -> Pass {
        // A run of digits is known by what stands before it; before the text stands a space.
        let warm = from.saturating_sub(DEPTH - 1);
        let first = if warm == 0 { self.step(u64::MAX, b' ') } else { u64::MAX };
        let before = text.get(warm..from).unwrap_or_default();
        let state = before.iter().fold(first, |state, byte| self.step(state, *byte));
        Pass { from, next: from, state }
    }

    /// The next place. The last bytes of the text are one for the automaton, since an anchor may begin there that ends
    /// later; the pass is over with it.
    pub(super) fn next(&self, pass: &mut Pass, text: &[u8]) -> Stop {
        let (mut at, mut state) = (pass.next, pass.state);
        loop {
            (at, state) = self.quick(text, at, state);
            // The four bytes that hold a place, or the last ones of the text, one by one.
            for _ in 0..DEPTH {
                let Some(byte) = text.get(at) else {
                    return Stop::Automaton(text.len().saturating_sub(DEPTH - 1).max(pass.from));
                };
                state = self.step(state, *byte);
                at += 1;
                if state < STOP
                    && let Some(stop) = self.stop(pass, text, at, state)
                {
                    return stop;
                }
            }
        }
    }

    /// Steps over bytes by four, as long as none of them is a place. Four steps shift out all that was there before them,
    /// so that they can be made side by side.
    #[inline(always)]
    fn quick(&self, text: &[u8], at: usize, mut state: u64) -> (usize, u64) {
        let (fours, _) = text.get(at..).unwrap_or_default().as_chunks::<DEPTH>();
        let mut passed = 0;
        for [first, second, third, fourth] in fours {
            let (first, second) = (self.entry(*first), self.entry(*second));
            let (third, fourth) = (self.entry(*third), self.entry(*fourth));
            let two = (first << GROUPS) | second;
            let three = (two << GROUPS) | third;
            let all = (three << GROUPS) | fourth;
            let before = (state << GROUPS) | first;
            let before_two = (state << (2 * GROUPS)) | two;
            let before_three = (state << (3 * GROUPS)) | three;
            if (before & before_two & before_three & all) < STOP {
                break;
            }
            state = all;
            passed += DEPTH;
        }
        (at + passed, state)
    }

    /// What it means that a group has seen its four bytes, the last of them before `at`.
    fn stop(&self, pass: &mut Pass, text: &[u8], at: usize, state: u64) -> Option<Stop> {
        let groups = state >> LAST;
        if (groups | self.digits) != 0xFFFF {
            return Some(Stop::Automaton(at.saturating_sub(DEPTH).max(pass.from)));
        }
        // Only digits. What began before this pass has been seen.
        let run = groups & (1 << RUN) == 0;
        let first = at.saturating_sub(if run { 3 } else { 2 });
        if first < pass.from {
            return None;
        }
        (pass.next, pass.state) = (at, state);
        let long = || text.get(first..at).is_some_and(|three| three.iter().all(u8::is_ascii_digit));
        Some(match run {
            true if long() => Stop::Digits(first),
            true => Stop::Number(first),
            false => Stop::DigitsBehindLetters(first),
        })
    }
}
