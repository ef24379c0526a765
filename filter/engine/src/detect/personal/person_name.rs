//! Names of persons behind a key.

use super::key;
use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome};

/// Bytes of the longest name.
const LONGEST: usize = 64;
/// Words of one.
const WORDS: usize = 6;

pub(crate) const DETECTOR: Detector = Detector {
    id: "pii/person-name",
    label: "PERSON_NAME",
    about: "the value of a key that says it is the name of a person, such as `first_name`; a name without such a key is \
            not found",
    max_span: LONGEST,
    anchors: &[
        Anchor::Name("first_name"),
        Anchor::Name("firstname"),
        Anchor::Name("first-name"),
        Anchor::Name("first name"),
        Anchor::Name("last_name"),
        Anchor::Name("lastname"),
        Anchor::Name("last-name"),
        Anchor::Name("last name"),
        Anchor::Name("full_name"),
        Anchor::Name("fullname"),
        Anchor::Name("full name"),
        Anchor::Name("given_name"),
        Anchor::Name("givenname"),
        Anchor::Name("family_name"),
        Anchor::Name("familyname"),
        Anchor::Name("middle_name"),
        Anchor::Name("maiden_name"),
        Anchor::Name("surname"),
        Anchor::Name("cardholder"),
        Anchor::Name("vorname"),
        Anchor::Name("nachname"),
        Anchor::Name("prenom"),
        Anchor::Name("prénom"),
        Anchor::Name("apellido"),
        Anchor::Name("apellidos"),
        Anchor::Name("cognome"),
        Anchor::Name("sobrenome"),
    ],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["{\"first_name\": \"", "Ada", "\"}"],
        &["{\\\"lastName\\\":\\\"", "Lovelace", "\\\"}"],
        &["First name: ", "Grace", "\n"],
        &["full_name=", "Jean-Luc O'Neill", "&x=1"],
        &["customerFirstName: '", "Søren", "'"],
        &["Nachname: ", "Müller", ""],
        &["\"surname\": \"", "de la Cruz", "\""],
    ],
    misses: &[
        &["the first name of the list"],
        &["\"first_name\": null"],
        &["\"first_name\": {\"type\": \"string\"}"],
        &["first_name: String,"],
        &["first_name = request.args"],
        &["\"first_name\": \"$first\""],
        &["unfirst_name: Ada"],
        &["last name: 12345"],
        &["Ada Lovelace"],
    ],
    computed: &[],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    let ends = |byte: u8| matches!(byte, b',' | b';' | b'&' | b'|' | b'(' | b')' | b'[' | b']' | b'/' | b'\t');
    let value = match key::value(candidate, LONGEST, ends) {
        Ok(value) => value,
        Err(outcome) => return outcome,
    };
    if !is_name(value.text, value.quoted) || key::placeholder(value.text) {
        return Outcome::Miss;
    }
    Outcome::Hit(value.range, if value.quoted { Confidence::Likely } else { Confidence::Possible })
}

/// Whether this can be a name: a few words of letters; outside quotes the first letter is no small one.
fn is_name(text: &str, quoted: bool) -> bool {
    let mut letters = 0;
    let mut point = false;
    for character in text.chars() {
        let fits = character.is_alphabetic() || matches!(character, ' ' | '.' | '-' | '\'' | '’' | '·');
        if !fits || (point && character != ' ') {
            return false;
        }
        letters += usize::from(character.is_alphabetic());
        point = character == '.';
    }
    let first = text.chars().next();
    let begins = first.is_some_and(|first| first.is_alphabetic() && (quoted || !first.is_lowercase()));
    let long = letters > 1 || text.bytes().any(|byte| byte >= 0x80);
    begins && long && text.split(' ').count() <= WORDS
}
