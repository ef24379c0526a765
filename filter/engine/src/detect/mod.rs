//! Text to findings.
//!
//! Flows in: the text of one part at a time, whole or in pieces. Flows out: [`Finding`]s with byte ranges in that text,
//! and how much of it is safe to release. Promises: one automaton pass over every byte, precise matchers only where it
//! fires, work linear in the text, the same findings however the text is cut.
//!
//! A [`Detector`] is a value in one file with its anchors, its matcher and its evidence (see [`Evidence`]); the list of
//! them is [`catalog`]. What a policy enables is compiled into a [`Set`]; a [`Scanner`] runs a set over texts.

mod beginnings;
pub mod catalog;
mod check;
mod custom;
mod declared;
mod hidden;
mod lex;
mod pass;
mod personal;
mod prompt;
mod rarity;
mod scanner;
mod secret;
mod set;
mod skip;
#[cfg(test)]
mod tests;
mod token;
mod view;

use std::cell::Cell;

use std::fmt;
use std::ops::Range;

pub use custom::{CustomError, Keywords, Pattern};
pub use declared::{Certainty, Class, Named, Part, Token};
pub use hidden::Unseen;
pub use scanner::{Finding, Scanner};
pub use set::{DetectorName, EntryId, Set, SetBuilder, SetError};
pub use view::View;

/// How sure a detector is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// The shape fits, and nothing more can be known from the text.
    Possible,
    /// The shape fits and is rare, or the context supports it.
    Likely,
    /// A checksum or a structure that does not occur by chance confirms it.
    Certain,
}

impl Confidence {
    /// The name used in policies and records.
    pub const fn name(self) -> &'static str {
        match self {
            Confidence::Possible => "possible",
            Confidence::Likely => "likely",
            Confidence::Certain => "certain",
        }
    }
}

/// What makes the automaton stop and ask a detector.
#[derive(Debug, Clone, Copy)]
pub enum Anchor {
    /// These characters, in any ASCII case. The matcher checks the case where it matters.
    Text(&'static str),
    /// The beginning of a token: exactly these characters, and not inside an identifier. The matcher refuses everything
    /// else; what is known here is how little of a text may still become one.
    Prefix(&'static str),
    /// A name, in any ASCII case, behind which findings begin: never a part of one.
    Name(&'static str),
    /// The first digit of a run of three or more digits. Shorter runs may be passed over or not: a matcher must refuse
    /// what it does not want.
    Digits,
    /// The first digit of a run of two or more digits behind two letters. Others may be passed over or not.
    DigitsBehindLetters,
    /// A run of characters that are not shown: found where they are told from what is shown, without a matcher.
    Unseen(Unseen),
    /// The first digit of every run of digits, for the numbers in [`personal::number`]: they are read once for all of
    /// them, and no matcher of their own is called.
    Number,
}

/// One kind of thing that Weir can recognise.
#[derive(Debug)]
pub struct Detector {
    /// `family/name`: lower case, digits, `-`. Stable: policies and records name it.
    pub id: &'static str,
    /// What stands in the place of a redacted finding, in brackets: upper case, digits, `_`.
    pub label: &'static str,
    /// One sentence: what it finds, how it is validated, and the source of the format.
    pub about: &'static str,
    /// The longest finding in bytes. A stream holds back at most this much for this detector.
    pub max_span: usize,
    /// Where to look closer. At least one.
    pub anchors: &'static [Anchor],
    /// Looks closer.
    pub find: Find,
    /// For a detector whose findings begin before their anchor: how many bytes at the end of a text may still become the
    /// beginning of a finding before its anchor has come, at most `max_span`.
    pub tail: Option<fn(&str) -> usize>,
    /// 0 for what judges a secret by itself, higher for what judges by its surroundings: where findings of one family overlap,
    /// those of the lowest rank are kept.
    pub rank: u8,
}

/// How a detector looks closer.
#[derive(Debug)]
pub enum Find {
    /// With code of its own.
    Code(fn(&Candidate<'_>) -> Outcome),
    /// As a token.
    Token(Token),
    /// As a value behind a name.
    Named(Named),
}

impl Detector {
    /// Looks closer at a candidate.
    pub(crate) fn look(&self, candidate: &Candidate<'_>) -> Outcome {
        match &self.find {
            Find::Code(find) => find(candidate),
            Find::Token(token) => token.find(candidate, self.anchors),
            Find::Named(named) => named.find(candidate),
        }
    }

    /// The characters that can follow an anchor, where that is known.
    fn follows(&self) -> Option<Class> {
        match &self.find {
            Find::Token(Token { parts: [Part::Run(class, 1.., _), ..], .. }) => Some(*class),
            _ => None,
        }
    }

    /// Whether findings begin before their anchor.
    fn has_tail(&self) -> bool {
        self.tail.is_some() || matches!(&self.find, Find::Token(Token { before: Some(_), .. }))
    }

    /// How much of the end of a text may become the beginning of a finding whose anchor has not come.
    fn tail_of(&self, text: &str) -> usize {
        match (&self.find, self.tail) {
            (_, Some(tail)) => tail(text),
            (Find::Token(token), None) => token.tail(text, self.anchors),
            (_, None) => 0,
        }
    }
}

/// A finding in a message: what a detector saw, in which part, and the keyed hash that stands for the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Index of the part in the message's list of parts.
    pub part: u32,
    /// Where in the part's decoded text, which detector, how sure.
    pub finding: Finding,
    /// Equal texts have equal fingerprints.
    pub fingerprint: crate::keyed::Fingerprint,
}

/// The proof of a detector: it does not compile into the catalog without both. Each sample is a list of pieces that are
/// joined when it is used, so that no text in this repository looks like a live credential.
#[derive(Debug)]
pub struct Evidence {
    /// Samples with one finding each. One or two pieces are the finding; of three or more, the first stands before the
    /// finding and the last after it.
    pub hits: &'static [&'static [&'static str]],
    /// Samples without any finding of this detector.
    pub misses: &'static [&'static [&'static str]],
    /// Findings that are computed: with a valid checksum, or too long to write down.
    pub computed: &'static [fn() -> String],
}

/// A place where an anchor of a detector stands.
#[derive(Clone)]
pub struct Candidate<'t> {
    text: &'t str,
    anchor_start: usize,
    anchor_end: usize,
    ended: bool,
    /// Bytes that the matcher has looked at.
    work: Cell<usize>,
}

impl fmt::Debug for Candidate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Candidate({:?} of {} bytes)", self.anchor(), self.text.len())
    }
}

impl<'t> Candidate<'t> {
    /// Everything known of the text so far. It may begin later than the part does, but at least 128 bytes before
    /// the anchor are there, if the part has them.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The bytes of [`Candidate::text`].
    pub fn bytes(&self) -> &'t [u8] {
        self.text.as_bytes()
    }

    /// Where the anchor stands in [`Candidate::text`].
    pub fn anchor(&self) -> Range<usize> {
        self.anchor_start..self.anchor_end
    }

    /// Whether nothing follows [`Candidate::text`]. A matcher that reaches the end of the text before that must answer
    /// [`Outcome::Wait`]; afterwards it must not.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// The byte at an offset, `None` past the known text.
    pub fn at(&self, offset: usize) -> Option<u8> {
        self.bytes().get(offset).copied()
    }

    /// The byte before an offset, `None` at the beginning.
    pub fn before(&self, offset: usize) -> Option<u8> {
        offset.checked_sub(1).and_then(|at| self.at(at))
    }

    /// The offset of the first byte at or after `from` that `member` does not accept, looking at no more than `limit`
    /// bytes.
    pub fn run_up_to(&self, from: usize, limit: usize, member: impl Fn(u8) -> bool) -> usize {
        let end = from.saturating_add(limit).min(self.text.len());
        let rest = self.bytes().get(from..end).unwrap_or_default();
        let len = rest.iter().position(|byte| !member(*byte)).unwrap_or(rest.len());
        self.charge(len);
        from.saturating_add(len)
    }

    /// Counts bytes that a matcher has looked at by itself.
    pub fn charge(&self, bytes: usize) {
        self.work.set(self.work.get().saturating_add(bytes));
    }

    /// Whether a decision that needs the byte at `offset` must wait for more text.
    pub fn must_wait(&self, offset: usize) -> bool {
        !self.ended && offset >= self.text.len()
    }

    /// Whether the text goes on with `text` at an offset: `None` when that depends on text to come.
    pub fn goes_on(&self, offset: usize, text: &str) -> Option<bool> {
        let known = self.bytes().get(offset..).unwrap_or_default();
        let part = known.get(..text.len()).unwrap_or(known);
        let same = text.as_bytes().starts_with(part);
        if same && part.len() < text.len() && !self.ended { None } else { Some(same && part.len() == text.len()) }
    }

    /// The text of a range.
    pub fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }
}

/// What a matcher says of a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Not this.
    Miss,
    /// This, at this range of [`Candidate::text`].
    Hit(Range<usize>, Confidence),
    /// Undecided until more text comes; a finding would begin at this offset or later.
    Wait(usize),
}
