//! Dates, which are dates of birth behind their words.

use super::super::{More, Place, Seen};
use crate::detect::check::national::date;
use crate::detect::{Confidence, lex};

/// Bytes of the longest date: `30 de septiembre de 1985`.
const BYTES: usize = 32;
/// Bytes of the longest name of a month.
const MONTH: usize = 12;
/// Bytes of the longest of all, with the name of the month before it.
pub(in super::super) const LONGEST: usize = MONTH + 1 + BYTES;

/// The beginnings of the names of months, in English, German, French, Spanish, Italian, Portuguese and Dutch.
const MONTHS: &[(&str, u64)] = &[
    ("jan", 1),
    ("jän", 1),
    ("ene", 1),
    ("gen", 1),
    ("feb", 2),
    ("fév", 2),
    ("fev", 2),
    ("mar", 3),
    ("mär", 3),
    ("maa", 3),
    ("apr", 4),
    ("avr", 4),
    ("abr", 4),
    ("may", 5),
    ("mai", 5),
    ("mag", 5),
    ("mei", 5),
    ("jun", 6),
    ("juin", 6),
    ("giu", 6),
    ("jul", 7),
    ("juil", 7),
    ("lug", 7),
    ("aug", 8),
    ("aoû", 8),
    ("ago", 8),
    ("sep", 9),
    ("set", 9),
    ("oct", 10),
    ("okt", 10),
    ("out", 10),
    ("ott", 10),
    ("nov", 11),
    ("dec", 12),
    ("dez", 12),
    ("déc", 12),
    ("dic", 12),
];

fn month(word: &str) -> Option<u64> {
    let word = word.to_lowercase();
    let known = |(beginning, _): &&(&str, u64)| word.starts_with(beginning);
    // The longer of two beginnings comes later.
    if word.len() > MONTH { None } else { MONTHS.iter().rev().find(known).map(|(_, month)| *month) }
}

/// A date of a life, in figures or with the name of the month.
pub(in super::super) fn date_of_birth(place: &Place<'_, '_>) -> Result<Option<Seen>, More> {
    if place.joined || place.start != place.digit {
        return Ok(None);
    }
    let candidate = place.candidate;
    // A first number of one, two or four digits, or it is none.
    let digits = candidate.run_up_to(place.digit, 5, |byte| byte.is_ascii_digit()) - place.digit;
    let next = candidate.at(place.digit + digits);
    if next.is_some() && !(matches!(digits, 1 | 2 | 4) && matches!(next, Some(b' ' | b'-' | b'.' | b'/' | b','))) {
        return Ok(None);
    }
    let start = before(place).unwrap_or(place.digit);
    let wanted = place.digit + BYTES;
    let end = candidate.run_up_to(place.digit, BYTES, |byte| {
        byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b' ' | b'-' | b'.' | b'/' | b',')
    });
    let text = candidate.slice(place.digit..candidate.text().floor_char_boundary(end));
    let found = if start < place.digit {
        behind_month(candidate.slice(start..place.digit), text)
    } else {
        figures(text).or_else(|| with_month(text))
    };
    let Some(len) = found else {
        // The rest of the date may still come.
        let open = candidate.must_wait(end) && end < wanted && may_go_on(text, start < place.digit);
        return if open { Err(More) } else { Ok(None) };
    };
    let end = place.digit + len;
    if candidate.must_wait(end) || candidate.must_wait(end + 1) {
        return Err(More);
    }
    let goes_on = match candidate.at(end) {
        Some(b'-' | b'/' | b'.') => candidate.at(end + 1).is_some_and(|byte| byte.is_ascii_digit()),
        Some(b'T') => false,
        byte => byte.is_some_and(lex::identifier),
    };
    Ok((!goes_on).then_some(Seen { range: start..end, alone: None, named: Some(Confidence::Likely), close: true }))
}

/// Whether a text that is no date can still become one.
fn may_go_on(text: &str, behind_month: bool) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let rest = text.trim_start_matches(|character: char| character.is_ascii_digit());
    if behind_month {
        return digits(rest.trim_start_matches([',', ' ']));
    }
    if rest.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'/' | b'.')) {
        return true;
    }
    let rest = rest.trim_start_matches(['.', ' ', '-']);
    let rest = rest.strip_prefix("de ").unwrap_or(rest);
    let end = rest.find(|character: char| !character.is_alphabetic()).unwrap_or(rest.len());
    let (word, rest) = rest.split_at_checked(end).unwrap_or_default();
    if rest.is_empty() {
        let word = word.to_lowercase();
        let begins = |(name, _): &(&str, u64)| name.starts_with(&word) || word.starts_with(name);
        return "de".starts_with(&word) || (word.len() <= MONTH && MONTHS.iter().any(begins));
    }
    let rest = rest.trim_start_matches(['.', ' ', ',', '-']);
    month(word).is_some() && ("de ".starts_with(rest) || digits(rest.strip_prefix("de ").unwrap_or(rest)))
}

/// Where the name of a month begins that stands before the day.
fn before(place: &Place<'_, '_>) -> Option<usize> {
    let candidate = place.candidate;
    let from = candidate.text().ceil_char_boundary(place.digit.saturating_sub(MONTH + 2));
    let text = candidate.slice(from..place.digit).strip_suffix(' ')?;
    candidate.charge(text.len());
    let start = text.rfind(|character: char| !character.is_alphabetic()).map_or(0, |at| at + 1);
    let start = text.ceil_char_boundary(start);
    month(text.get(start..)?).map(|_| from + start)
}

/// The numbers at the beginning of a text, and where each ends.
fn numbers(text: &str, joints: &[char]) -> Option<[(u64, usize, usize); 3]> {
    let mut found = [(0, 0, 0); 3];
    let mut at = 0;
    for (index, place) in found.iter_mut().enumerate() {
        let rest = text.get(at..)?;
        let len = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
        *place = (rest.get(..len)?.parse().ok()?, len, at + len);
        at += len;
        if index < 2 {
            let joint = text.get(at..)?.strip_prefix(joints)?;
            at = text.len() - joint.len();
        }
    }
    Some(found)
}

/// Year, month, day; day, month, year; month, day, year.
fn figures(text: &str) -> Option<usize> {
    let [(first, one, _), (second, two, _), (third, three, end)] = numbers(text, &['-', '/', '.'])?;
    if two > 2 {
        return None;
    }
    let valid = match (one, three) {
        (4, 1 | 2) => date(first, second, third),
        (1 | 2, 4) => date(third, second, first) || date(third, first, second),
        // Two digits of the year are of this century or the last; every one is possible.
        (1 | 2, 2) => date(2000, second, first) || date(2000, first, second),
        _ => false,
    };
    valid.then_some(end)
}

/// Day, month, year, with the name of the month: `12 March 1985`, `12. März 1985`, `12 de marzo de 1985`.
fn with_month(text: &str) -> Option<usize> {
    let len = text.find(|character: char| !character.is_ascii_digit()).filter(|len| *len <= 2)?;
    let day = text.get(..len)?.parse().ok()?;
    let rest = text.get(len..)?.trim_start_matches(['.', ' ', '-']);
    let rest = rest.strip_prefix("de ").unwrap_or(rest);
    let word = rest.find(|character: char| !character.is_alphabetic())?;
    let month = month(rest.get(..word)?)?;
    let rest = rest.get(word..)?.trim_start_matches(['.', ' ', ',', '-']);
    let rest = rest.strip_prefix("de ").unwrap_or(rest);
    year(text, rest, month, day)
}

/// Day and year behind the name of a month: `March 12, 1985`.
fn behind_month(name: &str, text: &str) -> Option<usize> {
    let len = text.find(|character: char| !character.is_ascii_digit()).filter(|len| *len <= 2)?;
    let day = text.get(..len)?.parse().ok()?;
    let rest = text.get(len..)?.trim_start_matches([',', ' ']);
    year(text, rest, month(name.trim_end())?, day)
}

/// The end of the year at the beginning of the rest of a text.
fn year(text: &str, rest: &str, month: u64, day: u64) -> Option<usize> {
    let len = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    let year = rest.get(..len).filter(|_| len == 4)?.parse().ok()?;
    date(year, month, day).then_some(text.len() - rest.len() + len)
}

/// The name of a month and a space at the end of a text.
pub(super) fn tail(text: &str) -> usize {
    let (word, space) = text.strip_suffix(' ').map_or((text, 0), |word| (word, 1));
    let from = word.rfind(|character: char| !character.is_alphabetic()).map_or(0, |at| at + 1);
    let name = word.get(word.ceil_char_boundary(from)..).unwrap_or_default();
    if name.len() <= MONTH && (space == 0 || month(name).is_some()) && !name.is_empty() {
        name.len() + space
    } else {
        0
    }
}
