//! Addresses of the network: IP and MAC.

use core::net::{Ipv4Addr, Ipv6Addr};

use super::super::{More, Place, Seen};
use crate::detect::{Confidence, lex};

/// Bytes of the longest addresses.
const IPV4: usize = 15;
const IPV6: usize = 39;
const MAC: usize = 17;

/// An IPv4 address in four numbers, or a global IPv6 address.
pub(in super::super) fn ip_address(place: &Place<'_, '_>) -> Result<Option<Seen>, More> {
    let candidate = place.candidate;
    if place.joined || place.start != place.digit {
        return Ok(None);
    }
    let start = place.start;
    let end = candidate.run_up_to(start, 5, |byte| byte.is_ascii_hexdigit());
    if candidate.must_wait(end) && end - start < 5 {
        return Err(More);
    }
    match candidate.at(end) {
        Some(b'.') if end - start <= 3 => ipv4(place),
        Some(b':') if end - start == 4 && matches!(candidate.at(start), Some(b'2' | b'3')) => ipv6(place),
        _ => Ok(None),
    }
}

fn ipv4(place: &Place<'_, '_>) -> Result<Option<Seen>, More> {
    let Some(text) = run(place, IPV4, |byte| byte.is_ascii_digit() || byte == b'.')? else { return Ok(None) };
    let Ok(address) = text.trim_end_matches('.').parse::<Ipv4Addr>() else { return Ok(None) };
    let range = place.start..place.start + text.trim_end_matches('.').len();
    if address.is_loopback()
        || address.is_unspecified()
        || address.is_broadcast()
        || address.octets().first() == Some(&0)
        || address.octets().last() == Some(&0)
    {
        return Ok(None);
    }
    let inside = address.is_private() || address.is_link_local() || address.is_multicast();
    // Four small numbers are likelier a version.
    let version = range.len() < 9 || versioned(place);
    let alone = match (inside, version) {
        (true, _) => Confidence::Possible,
        (false, true) => return Ok(Some(Seen { range, alone: None, named: Some(Confidence::Likely), close: false })),
        (false, false) => Confidence::Likely,
    };
    Ok(Some(Seen {
        range,
        alone: Some(alone),
        named: Some(if inside { alone } else { Confidence::Certain }),
        close: false,
    }))
}

/// Whether the word `version` or a `v` stands before.
fn versioned(place: &Place<'_, '_>) -> bool {
    let before =
        place.candidate.slice(place.candidate.text().ceil_char_boundary(place.start.saturating_sub(24))..place.start);
    let before = before.to_ascii_lowercase();
    before.contains("version")
        || before.contains("release")
        || before.trim_end().ends_with(['v', '^', '~', '<', '>', '\\'])
        || before.ends_with("==")
}

fn ipv6(place: &Place<'_, '_>) -> Result<Option<Seen>, More> {
    let Some(text) = run(place, IPV6, |byte| byte.is_ascii_hexdigit() || byte == b':')? else { return Ok(None) };
    let text = if text.ends_with("::") { text } else { text.trim_end_matches(':') };
    let long = text.bytes().filter(|byte| *byte == b':').count() > 2;
    let range = place.start..place.start + text.len();
    let valid = long && text.parse::<Ipv6Addr>().is_ok();
    Ok(valid.then_some(Seen { range, alone: Some(Confidence::Likely), named: Some(Confidence::Certain), close: false }))
}

/// The run of an address that nothing continues.
fn run<'t>(place: &Place<'_, 't>, most: usize, member: fn(u8) -> bool) -> Result<Option<&'t str>, More> {
    let candidate = place.candidate;
    let end = candidate.run_up_to(place.start, most + 2, member);
    if end - place.start > most + 1 {
        return Ok(None);
    }
    if candidate.must_wait(end) || candidate.must_wait(end + 1) {
        return Err(More);
    }
    let goes_on = match candidate.at(end) {
        Some(b'-' | b'.') => candidate.at(end + 1).is_some_and(lex::alnum),
        byte => byte.is_some_and(lex::identifier),
    };
    Ok((!goes_on).then(|| candidate.slice(place.start..end)))
}

const fn member(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b':' | b'-')
}

/// A MAC address in six pairs.
pub(in super::super) fn mac_address(place: &Place<'_, '_>) -> Result<Option<Seen>, More> {
    let candidate = place.candidate;
    let joint = |byte: Option<u8>| matches!(byte, Some(b':' | b'-'));
    let at = place.digit;
    if !joint(candidate.at(at + 1)) && !joint(candidate.at(at + 2)) && !joint(candidate.before(at)) {
        // One of them may still come.
        return if candidate.must_wait(at + 2) { Err(More) } else { Ok(None) };
    }
    let before = candidate.bytes().get(at.saturating_sub(MAC)..at).unwrap_or_default();
    let back = before.iter().rev().take_while(|byte| member(**byte)).count();
    let start = at - back;
    candidate.charge(back);
    if back >= MAC || !lex::opens(candidate, start) || before.iter().rev().take(back).any(u8::is_ascii_digit) {
        return Ok(None);
    }
    let end = candidate.run_up_to(start, MAC + 1, member);
    if end - start > MAC {
        return Ok(None);
    }
    if candidate.must_wait(end) {
        return Err(More);
    }
    let text = candidate.slice(start..end);
    let valid = end - start == MAC && pairs(text.as_bytes()) && !candidate.at(end).is_some_and(lex::identifier);
    let range = start..end;
    Ok(valid.then_some(Seen { range, alone: Some(Confidence::Likely), named: Some(Confidence::Certain), close: false }))
}

/// Whether these are pairs with the same sign between them, and not all the same.
fn pairs(text: &[u8]) -> bool {
    let (pairs, rest) = text.as_chunks::<3>();
    let sign = text.get(2);
    let fits = pairs.iter().all(|[first, second, joint]| {
        first.is_ascii_hexdigit() && second.is_ascii_hexdigit() && Some(joint) == sign && !joint.is_ascii_hexdigit()
    });
    fits && rest.iter().all(u8::is_ascii_hexdigit) && pairs.iter().any(|pair| Some(pair) != pairs.first())
}

/// Pairs of letters at the end of a text that may begin a MAC address.
pub(super) fn tail(text: &str) -> usize {
    let run = text.bytes().rev().take(MAC).take_while(|byte| member(*byte)).count();
    let last = text.as_bytes().get(text.len() - run..).unwrap_or_default();
    if run < MAC && last.contains(&b':') || last.contains(&b'-') { run } else { 0 }
}
