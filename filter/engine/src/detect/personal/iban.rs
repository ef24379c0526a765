//! International bank account numbers.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, check, lex};

pub(crate) const DETECTOR: Detector = Detector {
    id: "pii/iban",
    label: "IBAN",
    about: "an IBAN of a country of the registry, with its length and its check digits (ISO 13616, mod 97), also in groups \
            of four and in lower case",
    max_span: 34 + 8,
    anchors: &[Anchor::DigitsBehindLetters],
    find: Find::Code(find),
    tail: Some(tail),
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["pay to ", "GB82 WEST 1234 5698 7654 32", ", please"],
        &["iban=", "GB82WEST12345698765432", "&"],
        &["iban ", "de89370400440532013000", "."],
        &["", "DE89 3704 0044 0532 0130 00", " is ours"],
        &["(", "NO93 8601 1117 947", ")"],
        &["FR1420041010050500013M02606"],
        &["x ", "MT84MALT011000012345MTLCAST001S", ";"],
        &["", "CH93 0076 2011 6238 5295 7", "\n"],
        &["\\n", "BE68-5390-0754-7034", "\\n"],
        &["", "DE89 3704 0044 0532 0130 00", " 12 Euro"],
        &["PT50 0002 0123 1234 5678 9015 4"],
        &["PS92PALS000000000400123456702"],
        &["CR05015202001026284066"],
    ],
    misses: &[
        &["GB82 WEST 1234 5698 7654 33"],
        &["GB28WEST12345698765432"],
        &["XGB82WEST12345698765432"],
        &["GB82WEST123456987654321"],
        &["GB82WEST1234569876543"],
        &["GB82 WEST 1234 5698 7654 321"],
        &["GB82 WES T123 4569 8765 432"],
        &["GB82 WEST-1234 5698-7654 32"],
        &["ZZ82WEST12345698765432"],
        &["GB00 0000 0000 0000 0000 00"],
        &["AB12 is a model"],
    ],
    computed: &[],
};

/// Country and length, from the registry of ISO 13616.
const LENGTHS: &[(&[u8], u8)] = &[
    (b"NO", 15),
    (b"BE", 16),
    (b"DKFIFKFOGLNLSD", 18),
    (b"MKSI", 19),
    (b"ATBAEEKZLTLUMNXK", 20),
    (b"CHHRLILV", 21),
    (b"BGBHCRDEGBGEIEMERSVA", 22),
    (b"AEGIILIQOMSOTL", 23),
    (b"ADCZESMDPKROSASESKTNVG", 24),
    (b"LYPTST", 25),
    (b"ISTR", 26),
    (b"BIDJFRGRITMCMRSM", 27),
    (b"ALAZBYCYDOGTHNHULBNIPLSV", 28),
    (b"BREGPSQAUA", 29),
    (b"JOKWMUYE", 30),
    (b"MTSC", 31),
    (b"LC", 32),
    (b"RU", 33),
];

/// [`LENGTHS`] by the two letters of the country, as a number in base 26.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler: an index out of bounds does not build")]
const TABLE: [u8; 26 * 26] = {
    let mut table = [0; 26 * 26];
    let mut line = 0;
    while line < LENGTHS.len() {
        let (mut countries, length) = LENGTHS[line];
        while let [first, second, rest @ ..] = countries {
            table[(*first - b'A') as usize * 26 + (*second - b'A') as usize] = length;
            countries = rest;
        }
        line += 1;
    }
    table
};

fn length(country: &[u8]) -> Option<usize> {
    let [first, second] = country else { return None };
    let letter = |byte: u8| byte.to_ascii_uppercase().checked_sub(b'A').filter(|letter| *letter < 26).map(usize::from);
    let length = *TABLE.get(letter(*first)? * 26 + letter(*second)?)?;
    (length > 0).then_some(usize::from(length))
}

/// The country stands before the digits that the automaton stops at.
fn tail(text: &str) -> usize {
    text.bytes().rev().take(2).take_while(u8::is_ascii_alphabetic).count()
}

fn find(candidate: &Candidate<'_>) -> Outcome {
    let digits = candidate.anchor().start;
    let Some(start) = digits.checked_sub(2) else { return Outcome::Miss };
    if !lex::opens(candidate, start) {
        return Outcome::Miss;
    }
    let country = candidate.bytes().get(start..digits).unwrap_or_default();
    let Some(length) = length(country) else { return Outcome::Miss };
    match read(candidate, start, length) {
        Ok(end) if valid(candidate.slice(start..end)) => Outcome::Hit(start..end, Confidence::Certain),
        Ok(_) => Outcome::Miss,
        Err(outcome) => outcome,
    }
}

/// The end of `length` letters and digits, in one run or in groups of four with one kind of separator.
fn read(candidate: &Candidate<'_>, start: usize, length: usize) -> Result<usize, Outcome> {
    let mut separator = None;
    let mut at = start;
    for count in 0..length {
        let mut byte = candidate.at(at);
        if count == 4 && matches!(byte, Some(b' ' | b'-')) {
            separator = byte;
        }
        if separator.is_some() && count % 4 == 0 && count > 0 {
            if byte.is_some() && byte != separator {
                return Err(Outcome::Miss);
            }
            at += usize::from(byte.is_some());
            byte = candidate.at(at);
        }
        match byte {
            None if candidate.ended() => return Err(Outcome::Miss),
            None => return Err(Outcome::Wait(start)),
            Some(byte) if !lex::alnum(byte) || ((2..4).contains(&count) && !byte.is_ascii_digit()) => {
                return Err(Outcome::Miss);
            }
            Some(_) => at += 1,
        }
    }
    candidate.charge(at - start);
    if candidate.must_wait(at) {
        return Err(Outcome::Wait(start));
    }
    if candidate.at(at).is_some_and(lex::identifier) { Err(Outcome::Miss) } else { Ok(at) }
}

fn valid(text: &str) -> bool {
    let characters = || text.bytes().filter(|byte| lex::alnum(*byte));
    let some = characters().skip(4).any(|byte| byte != b'0');
    some && check::mod_97(characters().skip(4).chain(characters().take(4))) == Some(1)
}
