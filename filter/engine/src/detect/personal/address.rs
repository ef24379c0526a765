//! Postal addresses behind a key.

use super::key;
use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome};

/// Bytes of the longest and the shortest address.
const LONGEST: usize = 120;
const SHORTEST: usize = 6;

pub(crate) const DETECTOR: Detector = Detector {
    id: "pii/address",
    label: "ADDRESS",
    about: "the value of a key that says it is a postal address, such as `address` or `street`, with words and a number; an \
            address without such a key is not found",
    max_span: LONGEST,
    anchors: &[
        Anchor::Name("address"),
        Anchor::Name("address1"),
        Anchor::Name("address_line1"),
        Anchor::Name("address_line_1"),
        Anchor::Name("addressline1"),
        Anchor::Name("street"),
        Anchor::Name("street_name"),
        Anchor::Name("strasse"),
        Anchor::Name("straße"),
        Anchor::Name("anschrift"),
        Anchor::Name("adresse"),
        Anchor::Name("direccion"),
        Anchor::Name("dirección"),
        Anchor::Name("indirizzo"),
        Anchor::Name("endereco"),
        Anchor::Name("endereço"),
        Anchor::Name("地址"),
        Anchor::Name("住所"),
    ],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["{\"address\": \"", "12 Main Street, Springfield", "\"}"],
        &["Address: ", "221B Baker Street, London NW1 6XE", "\n"],
        &["{\\\"street\\\":\\\"", "Unter den Linden 77", "\\\"}"],
        &["homeAddress='", "5 rue de la Paix", "'"],
        &["Anschrift: ", "Hauptstraße 5, 10115 Berlin", ""],
    ],
    misses: &[
        &["the address of the bank"],
        &["\"address\": \"localhost\""],
        &["email address: x 1@example.com"],
        &["\"address\": {\"type\": \"string\"}"],
        &["address: string with 5 words"],
        &["\"address\": \"http://example.com/12 3\""],
        &["address = 0x00400000 "],
        &["12 Main Street, Springfield"],
        &["please address: the five questions"],
    ],
    computed: &[],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    let value = match key::value(candidate, LONGEST, |byte| matches!(byte, b';' | b'&' | b'|' | b'[' | b']' | b'(')) {
        Ok(value) => value,
        Err(outcome) => return outcome,
    };
    if !is_address(value.text) || key::placeholder(value.text) {
        return Outcome::Miss;
    }
    Outcome::Hit(value.range, if value.quoted { Confidence::Likely } else { Confidence::Possible })
}

/// Whether this can be an address: words, a number, and no sign of something else.
fn is_address(text: &str) -> bool {
    let letters = text.chars().filter(|character| character.is_alphabetic()).count();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let unspaced = text.chars().any(|character| character >= '\u{2E80}');
    let words = text.contains(' ') || unspaced;
    let other = text.contains(['@', '=', '_', '*', '?', '!', '`']) || text.contains("://") || text.starts_with("0x");
    text.len() >= SHORTEST && letters >= 3 && digits > 0 && words && !other
}
