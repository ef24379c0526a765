//! The detectors that one policy enables, compiled into one automaton.

use std::fmt;
use std::sync::Arc;

use aho_corasick::automaton::Automaton;
use aho_corasick::{Anchored, MatchKind, StartKind, dfa, nfa::contiguous};

use super::beginnings::Beginnings;
use super::custom::{Keywords, Pattern, find_keyword};
use super::personal::number::{self, Numbers};
use super::skip::Skip;
use super::{Anchor, Candidate, Class, Detector, Outcome, Unseen};

/// Bytes of anchors up to which the automaton is a DFA (fastest; 256 bytes for each of them at most, so 2 MiB); above it is
/// a contiguous NFA, which is about four times slower and ten times smaller.
const DFA_ANCHOR_BYTES: usize = 8192;

/// Bytes before an anchor that built-in matchers may look at.
const LOOKBACK: usize = 128;

/// Stands for all numbers together where a detector is meant: they wait together, and one place makes one finding.
pub(super) const NUMBERS: u16 = u16::MAX;

/// Id and redaction label of a detector in a [`Set`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DetectorName {
    /// `family/name`.
    pub id: Arc<str>,
    /// What stands in brackets in the place of a finding.
    pub label: Arc<str>,
}

/// The place of a detector in a [`Set`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub(super) u16);

/// Why a [`Set`] cannot be built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetError {
    /// More detectors than an [`EntryId`] can number.
    TooMany,
    /// The automaton would be too large, in aho-corasick's words.
    Automaton(String),
}

impl fmt::Display for SetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SetError::TooMany => f.write_str("more than 65535 detectors"),
            SetError::Automaton(reason) => f.write_str(reason),
        }
    }
}

pub(super) enum Engine {
    Dfa(dfa::DFA),
    Nfa(contiguous::NFA),
}

enum Matcher {
    BuiltIn(&'static Detector),
    Keywords,
    Pattern(Pattern),
}

pub(super) struct Entry {
    name: DetectorName,
    max_span: usize,
    matcher: Matcher,
}

/// A compiled set of detectors. Immutable; shared by every exchange of a policy.
pub struct Set {
    pub(super) engine: Engine,
    /// Passes over text in which nothing begins, where that is faster than the automaton.
    pub(super) skip: Option<Skip>,
    /// Which detector each anchor of the automaton belongs to.
    pub(super) owners: Vec<u16>,
    /// The detectors that look at runs of digits. These are no anchors of the automaton.
    pub(super) digits: Vec<u16>,
    /// The detectors that look at digits behind two letters.
    pub(super) digits_behind_letters: Vec<u16>,
    /// The detectors of characters that are not shown.
    unseen: [Option<u16>; Unseen::COUNT],
    /// The numbers among the detectors.
    pub(super) numbers: Option<Numbers>,
    pub(super) lookback: usize,
    /// No text shorter than this has a finding.
    pub(super) shortest: usize,
    /// The length of the longest anchor.
    longest: usize,
    entries: Vec<Entry>,
    /// Whether some detector leaves what it finds to others.
    pub(super) ranked: bool,
    /// What may still become a finding, of any detector.
    pub(super) open: Open,
    /// The same for the detectors that act; `None` where all do.
    pub(super) acting: Option<Open>,
}

/// How much of the end of a text may still become the beginning of a finding of some detectors.
pub(super) struct Open {
    beginnings: Beginnings,
    tails: Vec<&'static Detector>,
    pattern_tail: usize,
    /// For each detector of the set, whether it is one of them.
    acts: Vec<bool>,
    /// Whether a number is.
    numbers: bool,
}

impl Open {
    /// Whether this detector is one of them.
    pub(super) fn counts(&self, entry: u16) -> bool {
        if entry == NUMBERS { self.numbers } else { self.acts.get(usize::from(entry)).copied().unwrap_or(true) }
    }

    /// Bytes at the end of `text` that may begin a finding whose anchor has not come yet, or has not come whole.
    pub(super) fn tail(&self, text: &str) -> usize {
        let numbers = if self.numbers { number::tail(text) } else { 0 };
        let least = self.pattern_tail.min(text.len()).max(self.beginnings.longest_at_end_of(text)).max(numbers);
        self.tails.iter().map(|detector| detector.tail_of(text)).fold(least, usize::max)
    }
}

impl fmt::Debug for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Set({} detectors)", self.entries.len())
    }
}

/// Collects detectors for a [`Set`].
#[derive(Default)]
pub struct SetBuilder {
    entries: Vec<Entry>,
    anchors: Vec<(String, u16)>,
    digits: Vec<u16>,
    digits_behind_letters: Vec<u16>,
    unseen: [Option<u16>; Unseen::COUNT],
    numbers: Vec<(u16, &'static str)>,
    /// Which of the anchors are prefixes of tokens.
    prefixes: Vec<usize>,
    /// Which of the anchors stand before what is found.
    names: Vec<usize>,
}

impl SetBuilder {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a built-in detector.
    pub fn built_in(&mut self, detector: &'static Detector) -> Option<EntryId> {
        let name = DetectorName { id: detector.id.into(), label: detector.label.into() };
        let id = self.entry(name, detector.max_span, Matcher::BuiltIn(detector))?;
        for anchor in detector.anchors {
            match anchor {
                Anchor::Text(text) => self.anchors.push(((*text).to_owned(), id.0)),
                Anchor::Prefix(text) => {
                    self.prefixes.push(self.anchors.len());
                    self.anchors.push(((*text).to_owned(), id.0));
                }
                Anchor::Name(text) => {
                    self.names.push(self.anchors.len());
                    self.anchors.push(((*text).to_owned(), id.0));
                }
                Anchor::Digits => self.digits.push(id.0),
                Anchor::DigitsBehindLetters => self.digits_behind_letters.push(id.0),
                Anchor::Unseen(kind) => {
                    if let Some(place) = self.unseen.get_mut(kind.index()) {
                        *place = Some(id.0);
                    }
                }
                Anchor::Number => self.numbers.push((id.0, detector.id)),
            }
        }
        Some(id)
    }

    /// Adds a list of words.
    pub fn keywords(&mut self, name: DetectorName, keywords: &Keywords) -> Option<EntryId> {
        let longest = keywords.phrases.iter().map(String::len).max().unwrap_or(0);
        let id = self.entry(name, longest, Matcher::Keywords)?;
        self.anchors
            .extend(keywords.phrases.iter().filter(|phrase| !phrase.is_empty()).map(|phrase| (phrase.clone(), id.0)));
        Some(id)
    }

    /// Adds a regular expression.
    pub fn pattern(&mut self, name: DetectorName, pattern: Pattern) -> Option<EntryId> {
        let literal = pattern.literal().to_owned();
        let id = self.entry(name, pattern.max_len(), Matcher::Pattern(pattern))?;
        self.anchors.push((literal, id.0));
        Some(id)
    }

    fn entry(&mut self, name: DetectorName, max_span: usize, matcher: Matcher) -> Option<EntryId> {
        let id = u16::try_from(self.entries.len()).ok().filter(|id| *id != NUMBERS)?;
        self.entries.push(Entry { name, max_span, matcher });
        Some(EntryId(id))
    }

    /// Compiles the set. Every detector acts.
    ///
    /// # Errors
    /// [`SetError`] when the anchors are too many for the automaton.
    pub fn build(self) -> Result<Set, SetError> {
        self.build_acting(|_| true)
    }

    /// Compiles the set. The findings of a detector that does not act change nothing of a text, so that no text needs to be
    /// held back for them.
    ///
    /// # Errors
    /// [`SetError`] when the anchors are too many for the automaton.
    pub fn build_acting(self, acts: impl Fn(EntryId) -> bool) -> Result<Set, SetError> {
        let open = self.open(|_| true);
        let all = (0..).map(EntryId).take(self.entries.len()).all(&acts);
        let acting = (!all).then(|| self.open(acts));
        let texts: Vec<&str> = self.anchors.iter().map(|(text, _)| text.as_str()).collect();
        let numbers = Numbers::new(&self.numbers);
        let digits = !self.digits.is_empty() || !self.digits_behind_letters.is_empty() || numbers.is_some();
        let engine = engine(&texts)?;

        let skip = match &engine {
            Engine::Dfa(_) => self.skip(digits, numbers.is_some()),
            Engine::Nfa(_) => None,
        };
        let lookback = self.entries.iter().map(Entry::lookback).max().unwrap_or(0);
        let shortest =
            texts.iter().map(|text| text.len()).min().unwrap_or(usize::MAX).min(if digits { 1 } else { usize::MAX });
        Ok(Set {
            engine,
            skip,
            owners: self.anchors.iter().map(|(_, owner)| *owner).collect(),
            digits: self.digits,
            digits_behind_letters: self.digits_behind_letters,
            unseen: self.unseen,
            numbers,
            lookback,
            shortest,
            longest: texts.iter().map(|text| text.len()).max().unwrap_or(0),
            ranked: self.entries.iter().any(Entry::yields),
            entries: self.entries,
            open,
            acting,
        })
    }

    fn skip(&self, digits: bool, numbers: bool) -> Option<Skip> {
        let follows: Vec<Option<Class>> = self
            .anchors
            .iter()
            .map(|(_, owner)| match self.entries.get(usize::from(*owner)).map(|entry| &entry.matcher) {
                Some(Matcher::BuiltIn(detector)) => detector.follows(),
                _ => None,
            })
            .collect();
        let follows: Vec<_> = follows.iter().map(|class| class.map(|class| move |byte| class.has(byte))).collect();
        let follows = follows.iter().map(|follows| follows.as_ref().map(|follows| follows as &dyn Fn(u8) -> bool));
        let anchors = self.anchors.iter().zip(follows).enumerate();
        let anchors =
            anchors.map(|(index, ((text, _), follows))| (text.as_str(), follows, self.prefixes.contains(&index)));
        Skip::new(anchors, digits, numbers)
    }

    /// What the detectors that `counts` admits leave open.
    fn open(&self, counts: impl Fn(EntryId) -> bool) -> Open {
        let entries = || (0..).map(EntryId).zip(&self.entries).filter(|(id, _)| counts(*id)).map(|(_, entry)| entry);
        let anchors = self.anchors.iter().enumerate().filter(|(index, (_, owner))| {
            // What is found begins behind a name, which may go on before it is complete.
            counts(EntryId(*owner)) && !self.names.contains(index)
        });
        let anchors = anchors.map(|(index, (text, _))| (text.as_str(), self.prefixes.contains(&index)));
        Open {
            beginnings: Beginnings::new(anchors),
            tails: entries().filter_map(Entry::tail).collect(),
            pattern_tail: entries().map(Entry::pattern_tail).max().unwrap_or(0),
            numbers: self.numbers.iter().any(|(entry, _)| counts(EntryId(*entry))),
            acts: (0..).map(EntryId).take(self.entries.len()).map(&counts).collect(),
        }
    }
}

fn engine(texts: &[&str]) -> Result<Engine, SetError> {
    if texts.iter().map(|text| text.len()).sum::<usize>() <= DFA_ANCHOR_BYTES {
        let built = dfa::Builder::new()
            .match_kind(MatchKind::Standard)
            .start_kind(StartKind::Unanchored)
            .ascii_case_insensitive(true)
            .prefilter(false)
            .build(texts);
        return built.map(Engine::Dfa).map_err(|error| SetError::Automaton(error.to_string()));
    }
    let built = contiguous::Builder::new()
        .match_kind(MatchKind::Standard)
        .ascii_case_insensitive(true)
        .prefilter(false)
        .build(texts);
    built.map(Engine::Nfa).map_err(|error| SetError::Automaton(error.to_string()))
}

fn mentions<A: Automaton>(automaton: &A, text: &str) -> bool {
    let Ok(mut state) = automaton.start_state(Anchored::No) else { return false };
    text.bytes().any(|byte| {
        state = automaton.next_state(Anchored::No, state, byte);
        automaton.is_match(state)
    })
}

impl Set {
    /// Id and label of a detector.
    pub fn name(&self, id: EntryId) -> Option<&DetectorName> {
        self.entries.get(usize::from(id.0)).map(|entry| &entry.name)
    }

    /// Every detector of the set.
    pub fn names(&self) -> impl Iterator<Item = (EntryId, &DetectorName)> {
        (0..).map(EntryId).zip(self.entries.iter().map(|entry| &entry.name))
    }

    /// Whether some detector would look closer at this text, were there more of it.
    pub fn mentions(&self, text: &str) -> bool {
        let anchor = match &self.engine {
            Engine::Dfa(dfa) => mentions(dfa, text),
            Engine::Nfa(nfa) => mentions(nfa, text),
        };
        anchor || self.numbers.as_ref().is_some_and(|numbers| numbers.mentions(text))
    }

    /// Number of detectors.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The longest finding that any detector of the set can make: the most a stream holds back.
    pub fn max_span(&self) -> usize {
        self.entries.iter().map(|entry| entry.max_span).max().unwrap_or(0)
    }

    /// Bytes after which two passes that have read the same, and wait for nothing, find the same.
    pub(super) fn reach(&self) -> usize {
        self.lookback.max(self.longest)
    }

    /// The detector of characters of this kind.
    pub(super) fn unseen(&self, kind: Unseen) -> Option<EntryId> {
        self.unseen.get(kind.index()).copied().flatten().map(EntryId)
    }

    /// Whether a detector acts.
    pub(super) fn acts(&self, entry: EntryId) -> bool {
        self.acting.as_ref().is_none_or(|open| open.counts(entry.0))
    }

    /// Whether no detector of the set acts.
    pub(super) fn acts_never(&self) -> bool {
        self.acting.as_ref().is_some_and(|open| !open.acts.contains(&true))
    }

    /// The rank of a detector, and its family.
    pub(super) fn rank(&self, entry: u16) -> (u8, &str) {
        let Some(entry) = self.entries.get(usize::from(entry)) else { return (0, "") };
        let rank = match &entry.matcher {
            Matcher::BuiltIn(detector) => detector.rank,
            Matcher::Keywords | Matcher::Pattern(_) => 0,
        };
        (rank, entry.name.id.split('/').next().unwrap_or_default())
    }

    /// Runs one matcher; also returns the detector whose finding it is and the bytes it may have looked at.
    pub(super) fn look(&self, entry: u16, candidate: &Candidate<'_>) -> (Outcome, u16, usize) {
        /// What every look costs, beyond the bytes that the matcher counts.
        const GLANCE: usize = 8;
        let cost = || candidate.work.get().saturating_add(GLANCE);
        if entry == NUMBERS {
            let numbers = self.numbers.as_ref().map(|numbers| numbers.look(candidate));
            let (outcome, found) = numbers.unwrap_or((Outcome::Miss, entry));
            return (outcome, found, cost());
        }
        let Some(known) = self.entries.get(usize::from(entry)) else { return (Outcome::Miss, entry, 0) };
        let outcome = match &known.matcher {
            Matcher::BuiltIn(detector) => detector.look(candidate),
            Matcher::Keywords => find_keyword(candidate),
            Matcher::Pattern(pattern) => pattern.find(candidate),
        };
        (outcome, entry, cost())
    }
}

impl Entry {
    fn yields(&self) -> bool {
        matches!(self.matcher, Matcher::BuiltIn(detector) if detector.rank > 0)
    }

    fn tail(&self) -> Option<&'static Detector> {
        match &self.matcher {
            Matcher::BuiltIn(detector) => detector.has_tail().then_some(*detector),
            Matcher::Keywords | Matcher::Pattern(_) => None,
        }
    }

    fn pattern_tail(&self) -> usize {
        match &self.matcher {
            Matcher::Pattern(pattern) => pattern.lookback(),
            Matcher::BuiltIn(_) | Matcher::Keywords => 0,
        }
    }

    fn lookback(&self) -> usize {
        match &self.matcher {
            Matcher::BuiltIn(_) => LOOKBACK,
            Matcher::Keywords => 4,
            Matcher::Pattern(pattern) => pattern.lookback().saturating_add(4),
        }
    }
}
