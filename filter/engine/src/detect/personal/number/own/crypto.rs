//! Addresses of digital currencies.

use super::super::{More, Place, Seen};
use super::{base_58, bech_32, keccak};
use crate::detect::{Confidence, lex};

/// Characters of the longest address: a taproot address with its prefix is 62 or 63 long, and the standard allows 90.
pub(in super::super) const LONGEST: usize = 90;

/// The token at a place, when it is at least 26 characters long and nothing else.
fn token<'t>(place: &Place<'_, 't>, most: usize) -> Result<Option<&'t str>, More> {
    let candidate = place.candidate;
    let end = candidate.run_up_to(place.start, most + 1, lex::alnum);
    let len = end - place.start;
    if candidate.must_wait(end) && len <= most {
        return Err(More);
    }
    let whole = (26..=most).contains(&len) && !candidate.at(end).is_some_and(lex::identifier);
    Ok(whole.then(|| candidate.slice(place.start..end)))
}

fn seen(place: &Place<'_, '_>, text: &str, sure: Confidence) -> Seen {
    Seen {
        range: place.start..place.start + text.len(),
        alone: Some(sure),
        named: Some(Confidence::Certain),
        close: false,
    }
}

fn begins(place: &Place<'_, '_>, letters: &[u8]) -> bool {
    place.candidate.at(place.start).is_some_and(|byte| letters.contains(&byte))
}

/// An address of base58 with one of these first characters and versions.
fn base_58(place: &Place<'_, '_>, first: &[u8], versions: &[u8]) -> Result<Option<Seen>, More> {
    if place.joined || !begins(place, first) {
        return Ok(None);
    }
    let Some(text) = token(place, 35)? else { return Ok(None) };
    place.candidate.charge(text.len() * 8);
    let valid = base_58::version(text.as_bytes()).is_some_and(|version| versions.contains(&version));
    Ok(valid.then(|| seen(place, text, Confidence::Certain)))
}

/// An address of bech32 with this prefix.
fn bech_32(place: &Place<'_, '_>, prefix: &str) -> Result<Option<Seen>, More> {
    let letters = place.candidate.slice(place.start..place.digit);
    if place.joined || !letters.eq_ignore_ascii_case(prefix) || place.candidate.at(place.digit) != Some(b'1') {
        return Ok(None);
    }
    let Some(text) = token(place, LONGEST)? else { return Ok(None) };
    place.candidate.charge(text.len());
    let one_case =
        !text.bytes().any(|byte| byte.is_ascii_lowercase()) || !text.bytes().any(|byte| byte.is_ascii_uppercase());
    let lower = text.to_ascii_lowercase();
    let data = lower.get(prefix.len() + 1..).unwrap_or_default();
    let valid = one_case && bech_32::valid(prefix.as_bytes(), data.as_bytes());
    Ok(valid.then(|| seen(place, text, Confidence::Certain)))
}

/// Bitcoin: pay to public key hash, to script hash, and witness programs.
pub(in super::super) fn bitcoin(place: &Place<'_, '_>) -> Result<Option<Seen>, More> {
    if place.start == place.digit {
        return base_58(place, b"13", &[0, 5]);
    }
    bech_32(place, "bc")
}

/// Litecoin.
pub(in super::super) fn litecoin(place: &Place<'_, '_>) -> Result<Option<Seen>, More> {
    match bech_32(place, "ltc")? {
        Some(seen) => Ok(Some(seen)),
        None => base_58(place, b"LM", &[48, 50]),
    }
}

/// Tron.
pub(in super::super) fn tron(place: &Place<'_, '_>) -> Result<Option<Seen>, More> {
    base_58(place, b"T", &[0x41])
}

/// Ethereum: forty hexadecimal digits behind 0x, whose case is a checksum where it is mixed.
pub(in super::super) fn ethereum(place: &Place<'_, '_>) -> Result<Option<Seen>, More> {
    let candidate = place.candidate;
    if place.joined || place.start != place.digit || !begins(place, b"0") {
        return Ok(None);
    }
    match candidate.goes_on(place.start, "0x") {
        None => return Err(More),
        Some(false) => return Ok(None),
        Some(true) => {}
    }
    let Some(text) = token(place, 42)? else { return Ok(None) };
    let digits = text.get(2..).unwrap_or_default().as_bytes();
    if digits.len() != 40 || !digits.iter().all(u8::is_ascii_hexdigit) || digits.iter().all(|digit| *digit == b'0') {
        return Ok(None);
    }
    let mixed = digits.iter().any(u8::is_ascii_lowercase) && digits.iter().any(u8::is_ascii_uppercase);
    candidate.charge(digits.len() * 8);
    Ok(match (mixed, checksummed(digits)) {
        (true, true) => Some(seen(place, text, Confidence::Certain)),
        (true, false) => None,
        (false, _) => Some(seen(place, text, Confidence::Likely)),
    })
}

/// Whether a letter is in upper case exactly where the hash of the address has a great digit (EIP-55).
fn checksummed(digits: &[u8]) -> bool {
    let hash = keccak::keccak_256(&digits.to_ascii_lowercase());
    let nibbles = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .iter()
        .zip(nibbles)
        .all(|(digit, nibble)| !digit.is_ascii_alphabetic() || digit.is_ascii_uppercase() == (nibble > 7))
}
