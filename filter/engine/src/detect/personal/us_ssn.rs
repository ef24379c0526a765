//! Social security numbers of the United States.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, lex};

pub(crate) const DETECTOR: Detector = Detector {
    id: "pii/us-ssn",
    label: "US_SSN",
    about: "a US social security number: 3, 2 and 4 digits with dashes or spaces, or nine digits behind the words, outside \
            the ranges that are never assigned (SSA, RM 10201.035)",
    max_span: 11,
    anchors: &[Anchor::Digits],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["ssn ", "536-90-4399", "."],
        &["my number is ", "536 90 4399", ", thanks"],
        &["SSN: ", "536904399", "\n"],
        &["Social Security number ", "536904399", " x"],
        &["219-09-9998"],
        &["7,", "536-90-4399", ",x"],
        &["social-security-number=", "536904399", "&"],
    ],
    misses: &[
        &["078-05-1120"],
        &["123-45-6789"],
        &["219-09-9999"],
        &["000-90-4399"],
        &["666-90-4399"],
        &["936-90-4399"],
        &["536-00-4399"],
        &["536-90-0000"],
        &["536-90 4399"],
        &["5536-90-4399"],
        &["536-90-43990"],
        &["1-536-90-4399"],
        &["536-90-4399-1"],
        &["x536-90-4399"],
        &["536-90-4399x"],
        &["order 536904399"],
        &["lessness 536904399"],
        &["536-904-399"],
        &["111-11-1111"],
    ],
    computed: &[],
};

/// Numbers that were printed as samples.
const SAMPLES: &[&[u8]] = &[b"078051120", b"219099999", b"123456789", b"457555462"];
/// How far before the digits the words may stand.
const CONTEXT: usize = 40;

fn find(candidate: &Candidate<'_>) -> Outcome {
    let start = candidate.anchor().start;
    let first = candidate.run_up_to(start, 10, |byte| byte.is_ascii_digit());
    let area = first - start;
    if !begins(candidate, start) || area > 9 {
        return Outcome::Miss;
    }
    if candidate.must_wait(first) {
        return Outcome::Wait(start);
    }
    match area {
        3 => separated(candidate, start),
        9 => judge(candidate, start, start + 9, None),
        _ => Outcome::Miss,
    }
}

/// Whether no longer number ends before the digits.
fn begins(candidate: &Candidate<'_>, start: usize) -> bool {
    match candidate.before(start) {
        Some(b'-' | b'.') => !candidate.before(start - 1).is_some_and(|byte| byte.is_ascii_digit()),
        Some(b'+') => false,
        Some(_) => lex::opens(candidate, start),
        None => true,
    }
}

fn separated(candidate: &Candidate<'_>, start: usize) -> Outcome {
    let separator = candidate.at(start + 3);
    if !matches!(separator, Some(b'-' | b' ')) {
        return Outcome::Miss;
    }
    for at in start + 4..start + 11 {
        let fits = match candidate.at(at) {
            None => return if candidate.ended() { Outcome::Miss } else { Outcome::Wait(start) },
            byte if at == start + 6 => byte == separator,
            Some(byte) => byte.is_ascii_digit(),
        };
        if !fits {
            return Outcome::Miss;
        }
    }
    judge(candidate, start, start + 11, separator)
}

fn judge(candidate: &Candidate<'_>, start: usize, end: usize, separator: Option<u8>) -> Outcome {
    if candidate.must_wait(end + 1) && !candidate.at(end).is_some_and(|byte| !matches!(byte, b'-' | b'.')) {
        return Outcome::Wait(start);
    }
    let goes_on = match candidate.at(end) {
        Some(b'-' | b'.') => candidate.at(end + 1).is_some_and(|byte| byte.is_ascii_digit()),
        byte => byte.is_some_and(lex::identifier),
    };
    let digits: Vec<u8> = candidate.slice(start..end).bytes().filter(u8::is_ascii_digit).collect();
    if goes_on || !assignable(&digits) {
        return Outcome::Miss;
    }
    let confidence = match (separator, named(candidate, start)) {
        (Some(b'-'), true) => Confidence::Certain,
        (Some(b'-'), false) | (_, true) => Confidence::Likely,
        (Some(_), false) => Confidence::Possible,
        (None, false) => return Outcome::Miss,
    };
    Outcome::Hit(start..end, confidence)
}

fn assignable(digits: &[u8]) -> bool {
    let (Some((area, rest)), Some(first)) = (digits.split_first_chunk::<3>(), digits.first()) else { return false };
    let Some((group, serial)) = rest.split_first_chunk::<2>() else { return false };
    !matches!(area, b"000" | b"666")
        && *first != b'9'
        && group != b"00"
        && serial != b"0000"
        && !SAMPLES.contains(&digits)
        && digits.iter().any(|digit| digit != first)
}

/// Whether the words stand before the number.
fn named(candidate: &Candidate<'_>, start: usize) -> bool {
    let from = start.saturating_sub(CONTEXT);
    let before = candidate.bytes().get(from..start).unwrap_or_default();
    candidate.charge(before.len());
    let has = |words: &[u8]| {
        before.windows(words.len()).enumerate().any(|(at, part)| {
            part.eq_ignore_ascii_case(words)
                && !candidate.before(from + at).is_some_and(|byte| byte.is_ascii_alphabetic())
        })
    };
    has(b"ssn")
        || has(b"social security")
        || has(b"social-security")
        || has(b"social_security")
        || has(b"socialsecurity")
}
