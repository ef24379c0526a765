//! Payment cards.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, check, lex};

pub(crate) const DETECTOR: Detector = Detector {
    id: "pii/payment-card",
    label: "PAYMENT_CARD",
    about: "a payment card number (ISO/IEC 7812): a prefix and length of a known network and a valid check digit, in one \
            run or in the groups that are printed on cards",
    max_span: 19 + 4,
    anchors: &[Anchor::Digits],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["card ", "4111111111111111", "."],
        &["card ", "4111 1111 1111 1111", " exp 12/27"],
        &["card ", "4111 1111 1111 1111", " 12/27 123"],
        &["card ", "4111-1111-1111-1111", ", thanks"],
        &["\"", "5555555555554444", "\""],
        &["2223003122003222"],
        &["mc ", "2720 9900 0000 0007", "\n"],
        &["amex ", "3782 822463 10005", " x"],
        &["378282246310005"],
        &["diners ", "3056 930902 5904", ";"],
        &["30569309025904"],
        &["6011111111111117"],
        &["jcb=", "3530111333300000", "&"],
        &["6200000000000005"],
        &["old ", "4222222222222", ","],
        &["4000 0000 0000 0000 006"],
        &["", "4111111111111111", ",x"],
        &["2024 ", "4111 1111 1111 1111", " 2025"],
        &["\\n", "4111111111111111", "\\n"],
        &["编号", "4111111111111111", "号"],
    ],
    misses: &[
        &["4111111111111112"],
        &["4111 1111 1111 1112"],
        &["411111111111111"],
        &["41111111111111111"],
        &["4111 1111-1111 1111"],
        &["4111  1111  1111  1111"],
        &["41 11 11 11 11 11 11 11"],
        &["x4111111111111111"],
        &["4111111111111111x"],
        &["4111111111111111_1"],
        &["14111111111111111111"],
        &["0.4111111111111111"],
        &["4111111111111111.5"],
        &["4111-1111-1111-1111-1"],
        &["12-4111-1111-1111-1111"],
        &["550e8400-e29b-41d4-a716-446655440000"],
        &["12345678-4111-1111-1111-111111111111"],
        &["2221999999999999999"],
        &["9111111111111111"],
        &["1700000000000"],
        &["0000 0000 0000 0000"],
        &["4444444444444444"],
        &["+4111111111111111"],
    ],
    computed: &[],
};

/// Digits of the shortest and of the longest number.
const SHORTEST: usize = 13;
const LONGEST: usize = 19;

/// The lengths that the network of a prefix of four digits issues, from the ranges that the networks publish.
const fn lengths(prefix: u16) -> &'static [usize] {
    match prefix {
        // Visa
        4000..=4999 => &[13, 16, 19],
        // Mastercard
        5100..=5599 | 2221..=2720 => &[16],
        // American Express
        3400..=3499 | 3700..=3799 => &[15],
        // Diners Club
        3000..=3059 | 3095 | 3600..=3699 | 3800..=3999 => &[14, 16, 19],
        // JCB
        3528..=3589 => &[16, 17, 18, 19],
        // Discover, UnionPay
        6011 | 6440..=6599 | 6200..=6299 => &[16, 17, 18, 19],
        // Maestro
        5018 | 5020 | 5038 | 6304 | 6759 | 6761..=6763 => &[13, 16, 18, 19],
        _ => &[],
    }
}

/// How the digits are grouped on cards.
const GROUPS: &[&[usize]] = &[&[4, 4, 4, 4, 3], &[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4]];

fn find(candidate: &Candidate<'_>) -> Outcome {
    let start = candidate.anchor().start;
    if !begins(candidate, start) {
        return Outcome::Miss;
    }
    let first = candidate.run_up_to(start, LONGEST + 1, |byte| byte.is_ascii_digit());
    let len = first - start;
    let known = candidate.slice(start..first.min(start + 4)).parse().map_or(&[][..], lengths);
    if len > LONGEST || (len >= 4 && known.is_empty()) {
        return Outcome::Miss;
    }
    if candidate.must_wait(first) {
        return Outcome::Wait(start);
    }
    if len == 4 {
        return grouped(candidate, start, known);
    }
    if len < SHORTEST || !known.contains(&len) {
        return Outcome::Miss;
    }
    match ends(candidate, first, b"-.") {
        None => Outcome::Wait(start),
        Some(true) if valid(candidate.slice(start..first)) => {
            Outcome::Hit(start..first, if matches!(len, 15 | 16) { Confidence::Certain } else { Confidence::Likely })
        }
        Some(_) => Outcome::Miss,
    }
}

/// Whether no longer number or identifier ends before the digits.
fn begins(candidate: &Candidate<'_>, start: usize) -> bool {
    match candidate.before(start) {
        Some(b'-' | b'.') => !candidate.before(start - 1).is_some_and(|byte| byte.is_ascii_digit()),
        Some(b'+') => false,
        Some(_) => lex::opens(candidate, start),
        None => true,
    }
}

/// Whether the number ends at an offset, neither glued to anything nor continued by one of `joints` and a digit.
fn ends(candidate: &Candidate<'_>, at: usize, joints: &[u8]) -> Option<bool> {
    match candidate.at(at) {
        None => candidate.ended().then_some(true),
        Some(byte) if joints.contains(&byte) => match candidate.at(at + 1) {
            None => candidate.ended().then_some(true),
            Some(byte) => Some(!byte.is_ascii_digit()),
        },
        Some(byte) => Some(!lex::identifier(byte)),
    }
}

fn grouped(candidate: &Candidate<'_>, start: usize, known: &[usize]) -> Outcome {
    let Some(separator @ (b' ' | b'-')) = candidate.at(start + 4) else { return Outcome::Miss };
    for groups in GROUPS {
        if !known.contains(&groups.iter().sum()) {
            continue;
        }
        let Some(end) = (match shape(candidate, start, separator, groups) {
            Err(outcome) => return outcome,
            Ok(end) => end,
        }) else {
            continue;
        };
        if !valid(candidate.slice(start..end)) {
            continue;
        }
        match ends(candidate, end, b"-.") {
            None => return Outcome::Wait(start),
            Some(false) => continue,
            Some(true) => return Outcome::Hit(start..end, alone(candidate, start)),
        }
    }
    Outcome::Miss
}

/// The end of these groups of digits, if the text has them.
fn shape(candidate: &Candidate<'_>, start: usize, separator: u8, groups: &[usize]) -> Result<Option<usize>, Outcome> {
    let mut at = start;
    for (index, group) in groups.iter().enumerate() {
        if index > 0 {
            if candidate.must_wait(at) {
                return Err(Outcome::Wait(start));
            }
            if candidate.at(at) != Some(separator) {
                return Ok(None);
            }
            at += 1;
        }
        let end = candidate.run_up_to(at, group + 1, |byte| byte.is_ascii_digit());
        if candidate.must_wait(end) && end - at <= *group {
            return Err(Outcome::Wait(start));
        }
        if end - at != *group {
            return Ok(None);
        }
        at = end;
    }
    Ok(Some(at))
}

/// Four digits in a row of many such groups are likelier a table than a card.
fn alone(candidate: &Candidate<'_>, start: usize) -> Confidence {
    let row = candidate.before(start) == Some(b' ')
        && start.checked_sub(5).is_some_and(|from| {
            let group = candidate.bytes().get(from..start - 1).unwrap_or_default();
            group.len() == 4 && group.iter().all(u8::is_ascii_digit)
        });
    if row { Confidence::Likely } else { Confidence::Certain }
}

fn valid(text: &str) -> bool {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
    check::luhn(&digits) && digits.iter().any(|digit| Some(digit) != digits.first())
}
