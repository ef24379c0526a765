//! Detectors that a policy brings: lists of words and linear-time regular expressions.

use std::fmt;
use std::ops::Range;

use regex_lite::{Regex, RegexBuilder};

use super::{Candidate, Confidence, Outcome, lex};

/// Words and phrases, found in any ASCII case and only as whole words.
#[derive(Debug, Clone, Default)]
pub struct Keywords {
    /// At least one character each.
    pub phrases: Vec<String>,
}

/// A regular expression around a literal.
#[derive(Debug, Clone)]
pub struct Pattern {
    regex: Regex,
    literal: String,
    max_len: usize,
    lookback: usize,
}

/// Why a [`Pattern`] cannot be built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomError {
    /// regex-lite refuses the expression, in its words.
    Regex(String),
    /// The literal is shorter than [`Pattern::LITERAL_MIN`] bytes.
    ShortLiteral,
    /// `max_len` is 0 or above [`Pattern::MAX_LEN`].
    MaxLen,
    /// The expression matches the empty text.
    Empty,
}

impl fmt::Display for CustomError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CustomError::Regex(reason) => f.write_str(reason),
            CustomError::ShortLiteral => write!(f, "the literal needs at least {} characters", Pattern::LITERAL_MIN),
            CustomError::MaxLen => write!(f, "`max_len` must be between 1 and {}", Pattern::MAX_LEN),
            CustomError::Empty => f.write_str("the expression matches the empty text"),
        }
    }
}

impl Pattern {
    /// The literal must be rare enough to be worth looking for.
    pub const LITERAL_MIN: usize = 3;
    /// A finding longer than this is not a token any more.
    pub const MAX_LEN: usize = 4096;
    /// Compiled size of one expression, in bytes as regex-lite counts them.
    const SIZE_LIMIT: usize = 256 * 1024;

    /// Compiles an expression all of whose matches contain `literal` (in any ASCII case) and are at most `max_len` bytes.
    ///
    /// # Errors
    /// [`CustomError`], which says what is wrong without the text that was wrong.
    pub fn new(regex: &str, literal: &str, max_len: usize) -> Result<Self, CustomError> {
        if literal.len() < Self::LITERAL_MIN {
            return Err(CustomError::ShortLiteral);
        }
        if max_len == 0 || max_len > Self::MAX_LEN {
            return Err(CustomError::MaxLen);
        }
        let compiled = RegexBuilder::new(regex)
            .size_limit(Self::SIZE_LIMIT)
            .nest_limit(32)
            .build()
            .map_err(|error| CustomError::Regex(error.to_string()))?;
        if compiled.is_match("") {
            return Err(CustomError::Empty);
        }
        // An expression that begins with its literal has nothing before the anchor, so a stream need not hold any back.
        let lookback = if regex.starts_with(&regex_lite::escape(literal)) { 0 } else { max_len };
        Ok(Self { regex: compiled, literal: literal.to_owned(), max_len, lookback })
    }

    /// What the automaton looks for.
    pub fn literal(&self) -> &str {
        &self.literal
    }

    /// The longest finding in bytes.
    pub fn max_len(&self) -> usize {
        self.max_len
    }

    /// Bytes before the literal that may belong to a finding.
    pub(super) fn lookback(&self) -> usize {
        self.lookback
    }

    pub(super) fn find(&self, candidate: &Candidate<'_>) -> Outcome {
        // Four more bytes than a match may have, so that `\b` at its end sees what follows.
        const CONTEXT: usize = 4;
        let (text, anchor) = (candidate.text(), candidate.anchor());
        // A finding contains the literal, so it begins no earlier than this.
        let from =
            if self.lookback == 0 { anchor.start } else { anchor.end.saturating_sub(self.max_len).min(anchor.start) };
        let from = text.floor_char_boundary(from);
        let wanted = anchor.start.saturating_add(self.max_len).saturating_add(CONTEXT);
        if candidate.must_wait(wanted) {
            return Outcome::Wait(from);
        }
        let end = text.floor_char_boundary(wanted);
        let cut = end < text.len();
        let haystack = candidate.slice(0..end);
        let mut at = from;
        loop {
            // One search reads to the end of the haystack at worst.
            candidate.charge(end.saturating_sub(at));
            let Some(found) = self.regex.find_at(haystack, at).filter(|found| found.start() <= anchor.start) else {
                return Outcome::Miss;
            };
            let whole = found.len() <= self.max_len && !(cut && found.end() == end);
            if found.end() >= anchor.end && whole {
                return Outcome::Hit(found.range(), Confidence::Likely);
            }
            at = text.ceil_char_boundary(found.end().max(found.start().saturating_add(1)));
            if at > anchor.start {
                return Outcome::Miss;
            }
        }
    }
}

/// A keyword is found when it stands as whole words.
pub(super) fn find_keyword(candidate: &Candidate<'_>) -> Outcome {
    let Range { start, end } = candidate.anchor();
    let text = candidate.text();
    let before = |at: usize| text.get(..at).and_then(|text| text.chars().next_back()).is_some_and(lex::word);
    let after = |at: usize| text.get(at..).and_then(|text| text.chars().next()).is_some_and(lex::word);
    if before(start) && after(start) {
        return Outcome::Miss;
    }
    if candidate.must_wait(end) {
        return Outcome::Wait(start);
    }
    if before(end) && after(end) { Outcome::Miss } else { Outcome::Hit(start..end, Confidence::Likely) }
}
