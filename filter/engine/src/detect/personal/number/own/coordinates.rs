//! Coordinates on the earth.

use super::super::{More, Place, Seen};
use crate::detect::{Confidence, lex};

/// Digits behind the point from which on a place is told to some ten metres.
const DECIMALS: usize = 4;
/// Bytes of one number, and of a pair.
const ONE: usize = 20;

/// Latitude and longitude in decimal degrees, or one of them, behind their words.
pub(in super::super) fn coordinates(place: &Place<'_, '_>) -> Result<Option<Seen>, More> {
    let candidate = place.candidate;
    if place.start != place.digit || candidate.before(place.digit).is_some_and(|byte| byte == b'.') {
        return Ok(None);
    }
    let minus = place
        .digit
        .checked_sub(1)
        .filter(|at| candidate.at(*at) == Some(b'-') && !candidate.before(*at).is_some_and(lex::identifier));
    let start = minus.unwrap_or(place.digit);
    if place.joined && minus.is_none() {
        return Ok(None);
    }
    let Some(first) = degrees(place, start, 180.0)? else { return Ok(None) };
    let end = match second(place, first)? {
        Some(end) => end,
        None => first,
    };
    Ok(Some(Seen { range: start..end, alone: None, named: Some(Confidence::Likely), close: false }))
}

/// The end of the second of a pair.
fn second(place: &Place<'_, '_>, first: usize) -> Result<Option<usize>, More> {
    let candidate = place.candidate;
    let mut at = first;
    for wanted in [b',', b' '] {
        if candidate.must_wait(at) {
            return Err(More);
        }
        if candidate.at(at) == Some(wanted) {
            at += 1;
        }
    }
    if at == first { Ok(None) } else { degrees(place, at, 180.0) }
}

/// The end of a number of degrees with enough decimals.
fn degrees(place: &Place<'_, '_>, from: usize, most: f64) -> Result<Option<usize>, More> {
    let candidate = place.candidate;
    let end = candidate.run_up_to(from, ONE + 1, |byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    if candidate.must_wait(end) && end - from <= ONE {
        return Err(More);
    }
    let text = candidate.slice(from..end).trim_end_matches('.');
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let glued = candidate.at(end).is_some_and(lex::identifier);
    let fits = end - from <= ONE
        && decimals >= DECIMALS
        && !glued
        && text.parse::<f64>().is_ok_and(|degrees| (-most..=most).contains(&degrees));
    Ok(fits.then_some(from + text.len()))
}
