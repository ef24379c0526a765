//! A number as it stands in a text: where it begins, where it may end.

use super::More;
use crate::detect::{Candidate, lex};

/// Letters that may stand before the first digit of what is still read as one number.
pub(super) const LETTERS: usize = 16;
/// Groups that are read, and bytes from the beginning on.
const GROUPS: usize = 8;
const LONGEST: usize = 36;
/// Letters of what may stand before a separator and the first digit.
const PREFIX: usize = 6;

/// A number, with the letters that stand before its first digit.
pub(super) struct Place<'c, 't> {
    pub(super) candidate: &'c Candidate<'t>,
    /// The first digit.
    pub(super) digit: usize,
    /// The first letter before it, or the digit.
    pub(super) start: usize,
    /// The first of up to six letters in upper case with one separator before it, as in `AB 12 34 56 C`,
    /// and whether that is weak.
    pub(super) prefix: Option<(usize, bool)>,
    /// Something that is no word is joined to its beginning: it is the rest of something longer.
    pub(super) joined: bool,
    /// It stands in a row of numbers, or behind a word and a dash, or in a path: without words it is worth nothing.
    pub(super) weak: bool,
    ends: [usize; GROUPS],
    count: usize,
}

impl<'c, 't> Place<'c, 't> {
    /// Reads the number at an anchor. `None` when it is part of a longer identifier.
    ///
    /// # Errors
    /// [`More`] when more text must come.
    pub(super) fn read(candidate: &'c Candidate<'t>) -> Result<Option<Self>, More> {
        let digit = candidate.anchor().start;
        let Some(start) = beginning(candidate, digit) else { return Ok(None) };
        let (joined, weak) = before_number(candidate, start);
        let prefix = if start == digit { prefix(candidate, digit) } else { None };
        let mut place = Place { candidate, digit, start, prefix, joined, weak, ends: [0; GROUPS], count: 0 };
        if !joined {
            place.read_groups()?;
        }
        Ok(Some(place))
    }

    /// Where the number may end: the longest first.
    pub(super) fn ends(&self) -> impl Iterator<Item = usize> {
        self.ends.iter().take(self.count).rev().copied()
    }

    fn read_groups(&mut self) -> Result<(), More> {
        let candidate = self.candidate;
        let mut at = self.digit;
        for _ in 0..GROUPS {
            let end = candidate.run_up_to(at, LONGEST, lex::alnum);
            if end.saturating_sub(self.start) > LONGEST {
                return Ok(());
            }
            if candidate.must_wait(end) {
                return Err(More);
            }
            let next = candidate.at(end);
            if matches!(next, Some(b' ' | b'-' | b'.' | b'/' | b':' | b'(')) && candidate.must_wait(end + 1) {
                return Err(More);
            }
            let behind = candidate.at(end + 1);
            let goes_on = behind.is_some_and(lex::alnum);
            match next {
                Some(b'_' | b'@' | b'%') => return Ok(()),
                Some(b'(') => return self.read_parentheses(end),
                Some(b':') if behind.is_some_and(|byte| byte.is_ascii_digit()) => return Ok(()),
                Some(b' ') if behind.is_some_and(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) => {
                    self.push(end);
                }
                Some(b'-' | b'.' | b'/') if goes_on => {}
                _ => {
                    self.push(end);
                    return Ok(());
                }
            }
            at = end + 1;
        }
        Ok(())
    }

    /// One character in parentheses at the end, as the check digit of Hong Kong.
    fn read_parentheses(&mut self, end: usize) -> Result<(), More> {
        if self.candidate.must_wait(end + 2) {
            return Err(More);
        }
        let one = self.candidate.at(end + 1).is_some_and(lex::alnum) && self.candidate.at(end + 2) == Some(b')');
        self.push(if one { end + 3 } else { end });
        Ok(())
    }

    fn push(&mut self, end: usize) {
        if let Some(place) = self.ends.get_mut(self.count)
            && end.saturating_sub(self.start) <= LONGEST
        {
            *place = end;
            self.count += 1;
        }
    }
}

/// Whether a number that a kind knows may begin at an anchor, as far as its first digits and what follows them tell: most
/// short numbers are none.
pub(super) fn may_begin(candidate: &Candidate<'_>) -> bool {
    let start = candidate.anchor().start;
    let end = candidate.run_up_to(start, 4, |byte| byte.is_ascii_digit());
    let Some(next) = candidate.at(end) else { return !candidate.ended() || end - start > 3 };
    match next {
        _ if end - start > 3 => true,
        b' ' | b'.' | b'-' | b'/' | b':' | b')' | b'(' => candidate
            .at(end + 1)
            .map_or(!candidate.ended(), |byte| lex::alnum(byte) || byte >= 0x80 || matches!(byte, b' ' | b'(' | b':')),
        // Behind the name of a month.
        b',' => candidate.before(start) == Some(b' '),
        byte => lex::alnum(byte),
    }
}

/// Where the token of a first digit begins; `None` when it is not the first digit of its token, or the token is glued to
/// an identifier or has too many letters before.
fn beginning(candidate: &Candidate<'_>, digit: usize) -> Option<usize> {
    if lex::opens(candidate, digit) {
        return Some(digit);
    }
    let before = candidate.bytes().get(digit.saturating_sub(LETTERS + 1)..digit).unwrap_or_default();
    let letters = before.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
    candidate.charge(letters);
    if letters == 0 || letters > LETTERS {
        return None;
    }
    let start = digit - letters;
    let escape = candidate.before(start) == Some(b'\\') && matches!(candidate.at(start), Some(b'n' | b'r' | b't'));
    if escape {
        return Some(start + 1);
    }
    lex::opens(candidate, start).then_some(start)
}

/// Where letters in upper case begin that one separator divides from the first digit.
fn prefix(candidate: &Candidate<'_>, digit: usize) -> Option<(usize, bool)> {
    let end = digit.checked_sub(1).filter(|at| matches!(candidate.at(*at), Some(b' ' | b'-')))?;
    let before = candidate.bytes().get(end.saturating_sub(PREFIX + 1)..end).unwrap_or_default();
    let letters = before.iter().rev().take_while(|byte| byte.is_ascii_uppercase()).count();
    candidate.charge(letters);
    let start = end - letters;
    let (joined, weak) = before_number(candidate, start);
    ((1..=PREFIX).contains(&letters) && !joined && lex::opens(candidate, start)).then_some((start, weak))
}

/// Whether something is joined to the beginning, and whether what stands there makes a number worth less.
fn before_number(candidate: &Candidate<'_>, start: usize) -> (bool, bool) {
    let (Some(byte), second) = (candidate.before(start), start.checked_sub(1)) else { return (false, false) };
    let second = second.and_then(|at| candidate.before(at));
    let digit = second.is_some_and(|byte| byte.is_ascii_digit());
    let joined = match byte {
        b'.' | b'-' | b':' | b'/' => digit,
        b'+' | b'@' | b'$' => true,
        // The signs of pound, yen and euro.
        0xA3 | 0xA5 => second == Some(0xC2),
        0xAC => second == Some(0x82),
        _ => false,
    };
    let word = second.is_some_and(lex::alnum);
    let weak = match byte {
        b' ' => digit,
        b'-' | b'/' | b'.' => word,
        b'#' => true,
        _ => false,
    };
    (joined, weak)
}

/// Letters at the end of a text that may stand before a first digit; behind up to six in upper case one separator.
pub(super) fn tail(text: &str) -> usize {
    let bytes = text.as_bytes();
    let joint = usize::from(matches!(bytes.last(), Some(b' ' | b'-')));
    let rest = bytes.get(..bytes.len() - joint).unwrap_or_default();
    let letters = rest.iter().rev().take(LETTERS + 1).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let last = rest.get(rest.len() - letters..).unwrap_or_default();
    if letters > LETTERS || (joint == 1 && (letters > PREFIX || !last.iter().all(u8::is_ascii_uppercase))) {
        return 0;
    }
    if letters == 0 { 0 } else { letters + joint }
}
