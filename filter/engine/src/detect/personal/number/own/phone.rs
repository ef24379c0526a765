//! Telephone numbers.

use super::super::{More, Place, Seen};
use crate::detect::{Confidence, lex};

/// Digits of the longest number (ITU-T E.164), and bytes that its separators may add.
const DIGITS: usize = 15;
const BYTES: usize = 26;

/// Country code, fewest and most digits behind it, from the national numbering plans that the ITU publishes.
const PLANS: &[(u16, u8, u8)] = &[
    (1, 10, 10),
    (7, 10, 10),
    (20, 8, 10),
    (27, 9, 9),
    (30, 10, 10),
    (31, 9, 9),
    (32, 8, 9),
    (33, 9, 9),
    (34, 9, 9),
    (36, 8, 9),
    (39, 6, 11),
    (40, 9, 9),
    (41, 9, 9),
    (43, 7, 13),
    (44, 9, 10),
    (45, 8, 8),
    (46, 7, 10),
    (47, 8, 8),
    (48, 9, 9),
    (49, 6, 12),
    (51, 8, 9),
    (52, 10, 10),
    (53, 8, 8),
    (54, 10, 11),
    (55, 10, 11),
    (56, 9, 9),
    (57, 10, 10),
    (58, 10, 10),
    (60, 8, 10),
    (61, 9, 9),
    (62, 8, 12),
    (63, 8, 10),
    (64, 8, 10),
    (65, 8, 8),
    (66, 8, 9),
    (81, 9, 10),
    (82, 8, 10),
    (84, 9, 10),
    (86, 10, 11),
    (90, 10, 10),
    (91, 10, 10),
    (92, 9, 10),
    (93, 9, 9),
    (94, 9, 9),
    (95, 7, 10),
    (98, 10, 10),
    (212, 9, 9),
    (213, 8, 9),
    (216, 8, 8),
    (218, 9, 9),
    (220, 7, 7),
    (221, 9, 9),
    (225, 10, 10),
    (233, 9, 9),
    (234, 8, 10),
    (237, 9, 9),
    (243, 9, 9),
    (244, 9, 9),
    (250, 9, 9),
    (251, 9, 9),
    (254, 9, 9),
    (255, 9, 9),
    (256, 9, 9),
    (260, 9, 9),
    (263, 9, 10),
    (351, 9, 9),
    (352, 6, 11),
    (353, 7, 9),
    (354, 7, 9),
    (355, 8, 9),
    (356, 8, 8),
    (357, 8, 8),
    (358, 6, 11),
    (359, 7, 9),
    (370, 8, 8),
    (371, 8, 8),
    (372, 7, 8),
    (373, 8, 8),
    (374, 8, 8),
    (375, 9, 9),
    (376, 6, 9),
    (377, 8, 9),
    (380, 9, 9),
    (381, 8, 9),
    (382, 8, 8),
    (383, 8, 8),
    (385, 8, 9),
    (386, 8, 8),
    (387, 8, 8),
    (389, 8, 8),
    (420, 9, 9),
    (421, 9, 9),
    (423, 7, 9),
    (502, 8, 8),
    (503, 8, 8),
    (504, 8, 8),
    (505, 8, 8),
    (506, 8, 8),
    (507, 7, 8),
    (591, 8, 8),
    (593, 8, 9),
    (595, 9, 9),
    (598, 8, 8),
    (852, 8, 8),
    (853, 8, 8),
    (855, 8, 9),
    (856, 8, 10),
    (880, 8, 10),
    (886, 8, 9),
    (961, 7, 8),
    (962, 8, 9),
    (964, 8, 10),
    (965, 7, 8),
    (966, 8, 9),
    (968, 7, 8),
    (970, 8, 9),
    (971, 7, 9),
    (972, 8, 9),
    (973, 8, 8),
    (974, 7, 8),
    (977, 8, 10),
    (992, 9, 9),
    (994, 9, 9),
    (995, 9, 9),
    (996, 9, 9),
    (998, 9, 9),
];

/// The digits of a number and its end.
struct Read {
    digits: Vec<u8>,
    end: usize,
    separated: bool,
}

/// Reads digits with at most two separators between them.
fn read(place: &Place<'_, '_>, from: usize) -> Result<Option<Read>, More> {
    let candidate = place.candidate;
    let mut read = Read { digits: Vec::with_capacity(DIGITS), end: from, separated: false };
    let (mut at, mut separators) = (from, 0);
    while at < from + BYTES {
        if candidate.must_wait(at) {
            return Err(More);
        }
        match candidate.at(at) {
            Some(byte) if byte.is_ascii_digit() => {
                if read.digits.len() == DIGITS {
                    return Ok(None);
                }
                read.separated |= separators > 0;
                read.digits.push(byte);
                (read.end, separators) = (at + 1, 0);
            }
            Some(b' ' | b'-' | b'.' | b'(' | b')' | b'/') if separators < 2 => separators += 1,
            _ => break,
        }
        at += 1;
    }
    candidate.charge(at - from);
    // What follows the last digit: nothing that makes it something else.
    let glued = match candidate.at(read.end) {
        Some(b'-' | b'/') => candidate.at(read.end + 1).is_some_and(lex::alnum),
        Some(b'@' | b'%' | b'*') => true,
        byte => byte.is_some_and(lex::identifier),
    };
    if candidate.must_wait(read.end) || candidate.must_wait(read.end + 1) {
        return Err(More);
    }
    Ok((!glued).then_some(read))
}

/// A number with its country code.
pub(in super::super) fn international(place: &Place<'_, '_>) -> Result<Option<Seen>, More> {
    let Some(plus) = place.digit.checked_sub(1).filter(|at| place.candidate.at(*at) == Some(b'+')) else {
        return Ok(None);
    };
    if place.candidate.before(plus).is_some_and(|byte| lex::identifier(byte) || b"+)]=".contains(&byte)) {
        return Ok(None);
    }
    let Some(read) = read(place, place.digit)? else { return Ok(None) };
    let planned = [1, 2, 3].into_iter().any(|len| {
        let (code, rest) = read.digits.split_at_checked(len).unwrap_or_default();
        let code = code.iter().fold(0, |code: u16, digit| code * 10 + u16::from(digit - b'0'));
        let wrong = code == 1 && !matches!(rest, [b'2'..=b'9', _, _, b'2'..=b'9', ..]);
        // The zero of the national form stands in parentheses.
        let zero = usize::from(rest.first() == Some(&b'0') && place.candidate.slice(plus..read.end).contains("(0)"));
        let known = |(plan, least, most): &(u16, u8, u8)| {
            *plan == code && (usize::from(*least)..=usize::from(*most)).contains(&(rest.len() - zero))
        };
        !wrong && PLANS.iter().any(known)
    });
    let range = plus..read.end;
    Ok(planned.then_some(Seen {
        range,
        alone: Some(Confidence::Likely),
        named: Some(Confidence::Certain),
        close: false,
    }))
}

/// A number without its country code: behind its words, or in the form of North America.
pub(in super::super) fn national(place: &Place<'_, '_>) -> Result<Option<Seen>, More> {
    let candidate = place.candidate;
    if place.joined || place.weak || place.start != place.digit {
        return Ok(None);
    }
    let open = place.digit.checked_sub(1).filter(|at| candidate.at(*at) == Some(b'('));
    let begin = open.filter(|at| lex::opens(candidate, *at)).unwrap_or(place.digit);
    let Some(read) = read(place, place.digit)? else { return Ok(None) };
    let text = candidate.slice(begin..read.end);
    let balanced = text.matches('(').count() == text.matches(')').count();
    let years =
        matches!(text.as_bytes(), [b'1' | b'2', b'9' | b'0', _, _, b'-' | b'/', b'1' | b'2', b'9' | b'0', _, _]);
    if !(7..=12).contains(&read.digits.len()) || !balanced || years {
        return Ok(None);
    }
    let american = matches!(read.digits.as_slice(), [b'2'..=b'9', _, _, b'2'..=b'9', _, _, _, _, _, _])
        && matches!(text.as_bytes(), [_, _, _, b'-', _, _, _, b'-', ..] | [b'(', _, _, _, b')', ..]);
    let alike = read.digits.iter().all(|digit| Some(digit) == read.digits.first());
    let alone = american.then_some(Confidence::Possible);
    let named = (!alike && (read.separated || read.digits.len() > 7)).then_some(Confidence::Likely);
    Ok(Some(Seen { range: begin..read.end, alone, named, close: false }))
}
