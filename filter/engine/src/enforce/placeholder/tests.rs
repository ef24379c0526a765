//! Tests of [`super`].
#![allow(clippy::panic, reason = "a test fails by panicking")]

use super::*;

fn original(label: &str, text: &str) -> Original {
    Original { label: label.to_owned(), text: Sensitive::new(text.to_owned()) }
}

fn assign(originals: &[Original], taken: &[&str]) -> (Placeholders, Vec<Option<String>>) {
    let taken: Vec<Sensitive<String>> = taken.iter().map(|text| Sensitive::new((*text).to_owned())).collect();
    Placeholders::assign(&Key::new(b"key"), originals, &taken)
}

fn only(given: Vec<Option<String>>) -> String {
    given.into_iter().next().flatten().unwrap_or_default()
}

/// The text with every placeholder replaced by what it stands for.
fn restored(placeholders: &Placeholders, text: &str) -> String {
    let (mut out, mut at) = (String::new(), 0);
    let decided = placeholders.find(text, true, |range, index| {
        out.push_str(text.get(at..range.start).unwrap_or("?"));
        out.push_str(placeholders.original(index));
        at = range.end;
    });
    assert_eq!(decided, text.len());
    out + text.get(at..).unwrap_or("?")
}

#[test]
fn the_same_text_has_the_same_placeholder_whatever_is_around_it() {
    let (ada, bob) = (original("EMAIL", "ada@example.com"), original("EMAIL", "bob@example.com"));
    let (_, alone) = assign(std::slice::from_ref(&ada), &[]);
    let (known, among) = assign(&[bob.clone(), ada.clone(), ada.clone(), original("NAMES", "ada@example.com")], &[]);
    let [Some(second), Some(first), Some(again), Some(other)] = among.as_slice() else { panic!("{among:?}") };
    assert_eq!((Some(first), Some(again)), (alone.first().and_then(Option::as_ref), Some(first)));
    assert!(first != second && other.starts_with("[NAMES_") && first.get(7..) == other.get(7..), "{among:?}");
    assert_eq!(first.len(), "[EMAIL_]".len() + 8);
    assert_eq!(known.known.len(), 3);
    let (_, elsewhere) = Placeholders::assign(&Key::new(b"other"), &[ada], &[]);
    assert_ne!(elsewhere, alone);
    assert!(!format!("{known:?}").contains("example"));
}

#[test]
fn what_somebody_else_wrote_is_no_placeholder() {
    let ada = [original("EMAIL", "ada@example.com")];
    let short = only(assign(&ada, &[]).1);
    let longer = only(assign(&ada, &[&short]).1);
    assert_eq!((longer.len(), longer.get(..15)), (short.len() + 8, short.get(..15)));
    let longest = only(assign(&ada, &[&longer, "[EMAIL_00000000]", &short]).1);
    assert_eq!(longest.len(), short.len() + 16);
    let (known, given) = assign(&ada, &[&short, &longer, &longest]);
    assert_eq!((known.is_empty(), given), (true, vec![None]));
    let (known, _) = assign(&ada, &[&short]);
    assert_eq!(restored(&known, &format!("{short} {longer}")), format!("{short} ada@example.com"));
}

#[test]
fn each_text_is_told_from_each() {
    let many: Vec<Original> = (0..2_000).map(|n| original("EMAIL", &format!("user{n}@example.com"))).collect();
    let (known, given) = assign(&many, &[]);
    for (one, placeholder) in many.iter().zip(given) {
        let placeholder = placeholder.unwrap_or_default();
        assert_eq!(restored(&known, &placeholder), *one.text.expose());
    }
    let reversed: Vec<Original> = many.iter().rev().cloned().collect();
    assert_eq!(assign(&reversed, &[]).0.known, known.known);
}

#[test]
fn only_whole_placeholders_are_found() {
    let (known, given) = assign(&[original("EMAIL", "ada@example.com")], &[]);
    let own = only(given);
    let code = own.get(7..15).unwrap_or_default();
    for (text, expected) in [
        (format!("a {own} b"), "a ada@example.com b".to_owned()),
        (format!("{own}{own}"), "ada@example.comada@example.com".to_owned()),
        (format!("[{own}]"), "[ada@example.com]".to_owned()),
        (format!("[EMAIL_{own}"), "[EMAIL_ada@example.com".to_owned()),
        (format!("é{own}é"), "éada@example.comé".to_owned()),
        (format!("[EMAIL_{code}"), format!("[EMAIL_{code}")),
        (format!("EMAIL_{code}]"), format!("EMAIL_{code}]")),
        (format!("[EMAIL_{code}X]"), format!("[EMAIL_{code}X]")),
        (format!("[NAME_{code}]"), format!("[NAME_{code}]")),
        (own.to_lowercase(), own.to_lowercase()),
        ("[[[[".to_owned(), "[[[[".to_owned()),
    ] {
        assert_eq!(restored(&known, &text), expected);
    }
    assert_eq!(restored(&Placeholders::default(), &own), own);
}

/// What may become a placeholder is not decided, and only that.
#[test]
fn a_beginning_waits_until_it_is_none() {
    let (known, given) = assign(&[original("EMAIL", "ada@example.com"), original("IBAN", "DE00")], &[]);
    let own = only(given);
    for length in 1..own.len() {
        let text = format!("[x] {}", own.get(..length).unwrap_or_default());
        assert_eq!(known.find(&text, false, |_, _| panic!("{text}")), 4, "{text}");
        assert_eq!(known.find(&text, true, |_, _| panic!("{text}")), text.len());
        for other in ["*", " ", "É", "[x"] {
            let text = format!("{text}{other}");
            assert_eq!(known.find(&text, false, |_, _| panic!("{text}")), text.len(), "{text}");
        }
    }
    assert_eq!(known.find("[EMAIX", false, |_, _| ()), 6);
    assert_eq!(known.find("[", false, |_, _| ()), 0);
    assert_eq!(known.find(&own, false, |_, _| ()), own.len());
}

#[test]
fn lookalikes_have_the_form_and_nothing_else_has() {
    let mut found = Vec::new();
    let text = "[EMAIL] [EMAIL_K3F9X2QA] [A_B_0123456789ABCDEF] [EMAIL_K3F9X2Q] [_K3F9X2QA] [EMAIL_K3F9X2QU] \
                [x_K3F9X2QA] [[N_000000000000000000000000]] [EMAIL_K3F9X2QA";
    lookalikes(text, |one| found.push(one.to_owned()));
    assert_eq!(found, ["[EMAIL_K3F9X2QA]", "[A_B_0123456789ABCDEF]", "[N_000000000000000000000000]"]);
    let label = "L".repeat(64);
    let (_, given) = assign(&[original(&label, "x")], &[]);
    let mut found = 0;
    lookalikes(&only(given), |_| found += 1);
    assert_eq!(found, 1);
}

/// RFC 4648, section 10, has the same bits in its own alphabet: `foobar` cut to what fits.
#[test]
fn digits_are_five_bits_each() {
    let bits = *b"fooba\0\0\0\0\0\xff\xff\xff\xff\xff";
    assert_eq!(code(bits), "CSQPYRK100000000ZZZZZZZZ");
    assert!(DIGITS.is_sorted());
}

/// No detector takes a placeholder for something to be found.
#[test]
fn every_label_fits_and_no_placeholder_is_a_finding() {
    use crate::detect::{Scanner, SetBuilder, catalog};
    let mut builder = SetBuilder::new();
    for detector in catalog::DETECTORS {
        builder.built_in(detector);
    }
    let Ok(set) = builder.build() else { panic!("the catalogue does not build") };
    for detector in catalog::DETECTORS {
        let many: Vec<Original> = (0..200).map(|n| original(detector.label, &n.to_string())).collect();
        let (known, given) = assign(&many, &[]);
        for (one, placeholder) in many.iter().zip(given) {
            let placeholder = placeholder.unwrap_or_default();
            assert_eq!(restored(&known, &placeholder), *one.text.expose());
            let mut findings = Vec::new();
            let text = format!("mail me at {placeholder}, key={placeholder}");
            Scanner::new(&set, 1_000_000).whole(&text, &mut findings);
            assert!(findings.is_empty(), "{text}");
        }
    }
}
