//! Detectors that are data: most secrets are a prefix, or the name of a vendor, and characters of known classes.
//!
//! A [`Token`] stands by itself; a [`Named`] value is only one behind its name. Both are read the same way, from [`Part`]s.

use super::{Anchor, Candidate, Confidence, Detector, Find, Outcome, lex};

/// A set of ASCII characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Class(u128);

impl Class {
    /// From ranges (`a-z`) and single characters; a `-` of its own stands last.
    pub const fn of(text: &str) -> Self {
        let mut rest = text.as_bytes();
        let mut set = 0;
        loop {
            rest = match rest {
                [] => return Self(set),
                [first, b'-', last, more @ ..] => {
                    let mut byte = *first;
                    while byte <= *last {
                        set |= 1 << byte;
                        byte += 1;
                    }
                    more
                }
                [one, more @ ..] => {
                    set |= 1 << *one;
                    more
                }
            };
        }
    }

    /// Whether a character is one of them.
    pub const fn has(self, byte: u8) -> bool {
        byte < 128 && (self.0 >> byte) & 1 == 1
    }
}

/// One piece of a secret.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// As many characters of a class as there are, between a least and a most. At the end of a secret, more than the most is
    /// none; before another piece, exactly the most are read where there are that many.
    Run(Class, usize, usize),
    /// These characters.
    Text(&'static str),
    /// A UUID in any case (RFC 9562).
    Uuid,
}

impl Part {
    const UUID: usize = 36;

    const fn longest(self) -> usize {
        match self {
            Part::Run(_, _, most) => most,
            Part::Text(text) => text.len(),
            Part::Uuid => Self::UUID,
        }
    }
}

/// How certain a token is.
#[derive(Debug, Clone, Copy)]
pub enum Certainty {
    /// Always the same.
    Always(Confidence),
    /// Certain when this accepts the whole token, likely otherwise: not every issuer computes the checksum.
    Checked(fn(&str) -> bool),
}

/// A secret that an anchor gives away: an [`Anchor::Prefix`] at its beginning, or an [`Anchor::Text`] inside.
#[derive(Debug, Clone, Copy)]
pub struct Token {
    /// The class and number of the characters before an anchor that is not at the beginning.
    pub before: Option<(Class, usize)>,
    /// What follows the anchor.
    pub parts: &'static [Part],
    /// How certain it is.
    pub certainty: Certainty,
}

/// A secret that nothing gives away but the name before it: the word of the vendor (an [`Anchor::Name`]), in the same name
/// or the one above it a word that says that it is secret, an operator, and the value.
#[derive(Debug, Clone, Copy)]
pub struct Named {
    /// What a value is.
    pub value: &'static [Part],
}

/// A checksum cannot confirm it, but nothing else looks like it.
pub(super) const CERTAIN: Certainty = Certainty::Always(Confidence::Certain);
/// Other things may look like it.
pub(super) const LIKELY: Certainty = Certainty::Always(Confidence::Likely);

const fn longest(parts: &[Part]) -> usize {
    match parts {
        [] => 0,
        [first, rest @ ..] => first.longest() + longest(rest),
    }
}

const fn longest_anchor(anchors: &[Anchor]) -> usize {
    match anchors {
        [] => 0,
        [first, rest @ ..] => {
            let len = match first {
                Anchor::Text(text) | Anchor::Prefix(text) | Anchor::Name(text) => text.len(),
                Anchor::Digits | Anchor::DigitsBehindLetters | Anchor::Number | Anchor::Unseen(_) => 1,
            };
            let other = longest_anchor(rest);
            if len > other { len } else { other }
        }
    }
}

/// A token that begins with one of its anchors.
pub(super) const fn token(
    id: &'static str,
    label: &'static str,
    about: &'static str,
    anchors: &'static [Anchor],
    parts: &'static [Part],
    certainty: Certainty,
) -> Detector {
    let max_span = longest_anchor(anchors) + longest(parts);
    let find = Find::Token(Token { before: None, parts, certainty });
    Detector { id, label, about, max_span, anchors, find, tail: None, rank: 0 }
}

/// A token with as many characters of a class before its anchor.
pub(super) const fn infix(
    id: &'static str,
    label: &'static str,
    about: &'static str,
    before: (Class, usize),
    anchors: &'static [Anchor],
    parts: &'static [Part],
    certainty: Certainty,
) -> Detector {
    let max_span = before.1 + longest_anchor(anchors) + longest(parts);
    let find = Find::Token(Token { before: Some(before), parts, certainty });
    Detector { id, label, about, max_span, anchors, find, tail: None, rank: 0 }
}

/// A value behind one of its names.
pub(super) const fn named(
    id: &'static str,
    label: &'static str,
    about: &'static str,
    anchors: &'static [Anchor],
    value: &'static [Part],
) -> Detector {
    let find = Find::Named(Named { value });
    Detector { id, label, about, max_span: longest(value), anchors, find, tail: None, rank: 0 }
}

/// Reads parts at an offset, up to something that does not belong to an identifier.
///
/// # Errors
/// A miss, or to wait from `start` on.
fn read(candidate: &Candidate<'_>, from: usize, parts: &[Part], start: usize) -> Result<usize, Outcome> {
    let mut at = from;
    for (index, part) in parts.iter().enumerate() {
        let last = index + 1 == parts.len();
        at = match part {
            Part::Text(text) => match candidate.goes_on(at, text) {
                Some(true) => at + text.len(),
                Some(false) => return Err(Outcome::Miss),
                None => return Err(Outcome::Wait(start)),
            },
            Part::Run(class, least, most) => run(candidate, at, *class, *least, *most, last, start)?,
            Part::Uuid => {
                let end = candidate.run_up_to(at, Part::UUID, |byte| byte.is_ascii_hexdigit() || byte == b'-');
                if end - at < Part::UUID && candidate.must_wait(end) {
                    return Err(Outcome::Wait(start));
                }
                let uuid = candidate.slice(at..end);
                if !uuid.split('-').map(str::len).eq([8, 4, 4, 4, 12]) || lex::placeholder(uuid.as_bytes()) {
                    return Err(Outcome::Miss);
                }
                end
            }
        };
    }
    if candidate.must_wait(at) {
        return Err(Outcome::Wait(start));
    }
    if candidate.at(at).is_some_and(lex::identifier) { Err(Outcome::Miss) } else { Ok(at) }
}

/// A run of fewer characters is not judged by itself.
const RUN_JUDGED: usize = 12;

/// The end of one run.
fn run(
    candidate: &Candidate<'_>,
    at: usize,
    class: Class,
    least: usize,
    most: usize,
    last: bool,
    start: usize,
) -> Result<usize, Outcome> {
    let limit = if last { most + 1 } else { most };
    let end = candidate.run_up_to(at, limit, |byte| class.has(byte));
    let len = end - at;
    if len < limit && candidate.must_wait(end) {
        return Err(Outcome::Wait(start));
    }
    let blank = len >= RUN_JUDGED && lex::placeholder(candidate.slice(at..end).as_bytes());
    if (least..=most).contains(&len) && !blank { Ok(end) } else { Err(Outcome::Miss) }
}

impl Token {
    pub(super) fn find(&self, candidate: &Candidate<'_>, anchors: &[Anchor]) -> Outcome {
        self.look(candidate, anchors).unwrap_or_else(|outcome| outcome)
    }

    fn look(&self, candidate: &Candidate<'_>, anchors: &[Anchor]) -> Result<Outcome, Outcome> {
        let anchor = candidate.anchor();
        let found = candidate.slice(anchor.clone());
        let exact =
            anchors.iter().any(|anchor| matches!(anchor, Anchor::Prefix(text) | Anchor::Text(text) if *text == found));
        if !exact {
            return Err(Outcome::Miss);
        }
        let start = self.start(candidate)?;
        // The beginning that reads as a plain word has gone on.
        let from = start + lex::plain(candidate.slice(start..anchor.start).as_bytes());
        let end = read(candidate, anchor.end, self.parts, from)?;
        let (front, body) = (candidate.slice(start..anchor.start), candidate.slice(anchor.end..end));
        let judged = if body.len() > front.len() { body } else { front };
        if lex::placeholder(judged.as_bytes()) || lex::words(judged.as_bytes()) {
            return Err(Outcome::Miss);
        }
        let confidence = match self.certainty {
            Certainty::Always(confidence) => confidence,
            Certainty::Checked(valid) if valid(candidate.slice(start..end)) => Confidence::Certain,
            Certainty::Checked(_) => Confidence::Likely,
        };
        Ok(Outcome::Hit(from..end, confidence))
    }

    /// Where a token with this anchor begins.
    fn start(&self, candidate: &Candidate<'_>) -> Result<usize, Outcome> {
        let at = candidate.anchor().start;
        let Some((class, count)) = self.before else {
            return if lex::opens(candidate, at) { Ok(at) } else { Err(Outcome::Miss) };
        };
        let start = at.checked_sub(count).ok_or(Outcome::Miss)?;
        let front = candidate.bytes().get(start..at).unwrap_or_default();
        candidate.charge(count);
        let glued = candidate.before(start).is_some_and(|byte| class.has(byte) && !lex::identifier(byte));
        let whole = front.iter().all(|byte| class.has(*byte)) && !glued && lex::opens(candidate, start);
        if whole { Ok(start) } else { Err(Outcome::Miss) }
    }

    /// How much of the end of a text may still become the characters before an anchor, and a part of the anchor.
    pub(super) fn tail(&self, text: &str, anchors: &[Anchor]) -> usize {
        let Some((class, count)) = self.before else { return 0 };
        let bytes = text.as_bytes();
        let open = |part: usize| {
            let front = bytes.get(..bytes.len().saturating_sub(part)).unwrap_or_default();
            let run = front.iter().rev().take(count + 1).take_while(|byte| class.has(**byte)).count();
            let run = front.get(front.len().saturating_sub(run)..).unwrap_or_default();
            // A longer run is none; the beginning of one that reads as a plain word is not held back.
            if run.len() > count { part } else { part + run.len() - lex::plain(run) }
        };
        let begun = anchors.iter().filter_map(|anchor| match anchor {
            Anchor::Text(anchor) => (1..anchor.len()).rev().find(|part| ends_with(bytes, anchor, *part)),
            _ => None,
        });
        begun.map(open).max().unwrap_or(0).max(open(0))
    }
}

/// Whether a text ends with the first `part` bytes of an anchor, in any case.
fn ends_with(text: &[u8], anchor: &str, part: usize) -> bool {
    let end = text.len().checked_sub(part).and_then(|from| text.get(from..));
    end.zip(anchor.as_bytes().get(..part)).is_some_and(|(end, begun)| end.eq_ignore_ascii_case(begun))
}

impl Named {
    pub(super) fn find(&self, candidate: &Candidate<'_>) -> Outcome {
        self.look(candidate).unwrap_or_else(|outcome| outcome)
    }

    fn look(&self, candidate: &Candidate<'_>) -> Result<Outcome, Outcome> {
        let anchor = candidate.anchor();
        if !begins_word(candidate) {
            return Err(Outcome::Miss);
        }
        let mut at = assigned(candidate, anchor.end)?;
        // The name may be that of a table, with the names of its values in it.
        if let Some(inner) = inner_name(candidate, at)? {
            at = inner;
        }
        let name = anchor.start - word_before(candidate, anchor.start);
        if !says_secret(candidate.slice(name..at)) {
            return Err(Outcome::Miss);
        }
        let end = read(candidate, at, self.value, at)?;
        if matches!(candidate.at(end), Some(b'-' | b'+' | b'/')) {
            return Err(Outcome::Miss);
        }
        let value = candidate.slice(at..end);
        if lex::placeholder(value.as_bytes()) || lex::words(value.as_bytes()) {
            return Err(Outcome::Miss);
        }
        Ok(Outcome::Hit(at..end, Confidence::Likely))
    }
}

/// Whether no other word ends where the anchor begins; a capital begins a word of its own.
fn begins_word(candidate: &Candidate<'_>) -> bool {
    let start = candidate.anchor().start;
    let capital = candidate.at(start).is_some_and(|byte| byte.is_ascii_uppercase());
    candidate.before(start).is_none_or(|byte| !byte.is_ascii_alphabetic() || (capital && byte.is_ascii_lowercase()))
}

/// What may stand between a name and its value, or before either.
const fn joint(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'`' | b'\\' | b']' | b'[' | b'(' | b'{' | b'<' | b'\r' | b'\n' | b'*')
        || operator(byte)
}

const fn operator(byte: u8) -> bool {
    matches!(byte, b'=' | b':' | b'>' | b',' | b'|' | b'(')
}

/// The offset of the value that is assigned to a name of which more may follow at `from`: behind an operator, or `is`.
///
/// # Errors
/// A miss when nothing is assigned, or to wait: what is found begins behind all that is known.
pub(super) fn assigned(candidate: &Candidate<'_>, from: usize) -> Result<usize, Outcome> {
    const NAME: usize = 32;
    const JOINT: usize = 16;
    let wait = || Outcome::Wait(candidate.text().len());
    let name = candidate.run_up_to(from, NAME, |byte| lex::token(byte) || matches!(byte, b'.' | b' '));
    if let Some(is) = candidate.slice(from..name).find(" is ") {
        let value = from + is + 4;
        return Ok(candidate.run_up_to(value, 4, |byte| matches!(byte, b' ' | b'"' | b'\'' | b'`')));
    }
    if name - from < NAME && candidate.must_wait(name) {
        return Err(wait());
    }
    let value = candidate.run_up_to(name, JOINT, joint);
    if value - name < JOINT && candidate.must_wait(value) {
        return Err(wait());
    }
    let between = candidate.slice(name..value);
    // A comma is an operator between the arguments of a call only, and two colons are a path.
    let quoted = between.contains(['"', '\'']);
    let assigns = between.bytes().any(|byte| operator(byte) && (byte != b',' || quoted));
    if assigns && !between.contains("::") { Ok(value) } else { Err(Outcome::Miss) }
}

/// Where the value is, if what stands at `at` is a short name to which something is assigned.
fn inner_name(candidate: &Candidate<'_>, at: usize) -> Result<Option<usize>, Outcome> {
    let end = candidate.run_up_to(at, 24, |byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-'));
    if end == at || end - at == 24 {
        return Ok(None);
    }
    match candidate.at(end) {
        None if !candidate.ended() => Err(Outcome::Wait(at)),
        Some(b'"' | b'\'' | b':' | b' ' | b'=') => match assigned(candidate, end) {
            // The next argument of a call, or member of an object, is another name.
            Ok(value) => Ok((!candidate.slice(end..value).contains(',')).then_some(value)),
            Err(Outcome::Miss) => Ok(None),
            // The short name itself may be the value.
            Err(_) => Err(Outcome::Wait(at)),
        },
        _ => Ok(None),
    }
}

/// Length of what stands before a word in the same name.
fn word_before(candidate: &Candidate<'_>, at: usize) -> usize {
    let before = candidate.bytes().get(..at).unwrap_or_default();
    let len = before.iter().rev().take(24).take_while(|byte| lex::token(**byte) || **byte == b'.').count();
    candidate.charge(len);
    len
}

/// Whether a name says that what it names is secret.
fn says_secret(name: &str) -> bool {
    const WORDS: &[&str] = &["key", "token", "secret", "pass", "pwd", "auth", "cred", "bearer", "license", "pat"];
    let name = name.to_ascii_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}
