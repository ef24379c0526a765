//! The findings do not depend on how a text is cut, and what is released is never part of one.

use super::super::Scanner;
use super::*;

/// Feeds pieces and checks every promise of [`Scanner::feed`].
fn fed<'t>(set: &Set, pieces: impl IntoIterator<Item = &'t str>) -> Vec<Finding> {
    let mut scanner = Scanner::new(set, WORK);
    let (mut findings, mut fed, mut released) = (Vec::new(), 0, 0);
    for piece in pieces {
        fed += piece.len();
        let known = findings.len();
        let safe = scanner.feed(piece, &mut findings);
        for finding in &findings[known..] {
            assert!(finding.start >= released, "a finding at {finding:?} after {released} had been released");
        }
        assert!((released..=fed).contains(&safe), "released {safe} after {released} of {fed}: {piece:?}");
        let held = fed - safe;
        assert!(held <= set.max_span() + set.max_span() / 16 + 24, "held {held}");
        released = safe;
    }
    let known = findings.len();
    scanner.finish(&mut findings);
    assert!(findings[known..].iter().all(|finding| finding.start >= released));
    assert!(!scanner.exhausted());
    findings.sort_unstable();
    findings
}

fn characters(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().map(|(at, character)| &text[at..at + character.len_utf8()])
}

fn same_under_every_cut(set: &Set, text: &str) {
    let expected = whole(set, text);
    assert_eq!(fed(set, characters(text)), expected, "by characters: {text:?}");
    for (at, _) in text.char_indices() {
        let (first, second) = text.split_at(at);
        assert_eq!(fed(set, [first, second]), expected, "cut at {at}: {text:?}");
    }
    for size in [2, 3, 5, 7, 16, 40] {
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).step_by(size).chain([text.len()]).collect();
        assert_eq!(fed(set, starts.windows(2).map(|pair| &text[pair[0]..pair[1]])), expected, "by {size}: {text:?}");
    }
}

#[test]
fn catalog() {
    texts().iter().for_each(|text| same_under_every_cut(&CATALOG, text));
}

#[test]
fn long_samples() {
    for sample in samples().into_iter().filter(|sample| sample.text.len() >= 600) {
        let text = &sample.text;
        let expected = whole(&CATALOG, text);
        assert_eq!(fed(&CATALOG, characters(text)), expected);
        for at in (0..text.len()).step_by(197).filter(|at| text.is_char_boundary(*at)) {
            assert_eq!(fed(&CATALOG, [&text[..at], &text[at..]]), expected, "cut at {at}");
        }
    }
}

#[test]
fn customs() {
    for text in [
        "the Project Nightfall and nightfall, falls; a fall",
        "INV-1234 INV-12345678 INV-123456789 see abc#case#12, abcdefgh#case#123456789012345 end",
        "megacorp x corp acorp corpcorpcorp\nkey=12\nkey=\n key=3\nkey=0123456789012345678901234\nkey=9",
        "这是机密文件 Straße Straßen aa a",
    ] {
        same_under_every_cut(&CUSTOM, text);
    }
}

#[test]
fn many_keywords_use_the_large_automaton_with_the_same_result() {
    let mut builder = SetBuilder::new();
    for detector in DETECTORS {
        builder.built_in(detector).unwrap();
    }
    let phrases = (0..900).map(|number| format!("codename{number}x")).collect();
    builder.keywords(name("custom/many"), &Keywords { phrases }).unwrap();
    let set = builder.build().unwrap();
    for text in texts() {
        assert_eq!(whole(&set, &text), whole(&CATALOG, &text), "{text:?}");
    }
    same_under_every_cut(&set, "codename17x codename1x ada@example.com 4111111111111111 codename8 99x codename899x");
}

#[test]
fn prose_that_ends_in_a_space_is_released_whole() {
    for text in
        ["Plain prose, in which nothing is to be found. ", "We met in 2024 at the lake, at 10:30, all 12 of us. ", "x "]
    {
        let mut scanner = Scanner::new(&*CATALOG, WORK);
        assert_eq!(scanner.feed(text, &mut Vec::new()), text.len(), "{text:?}");
    }
}

/// Every short text over an alphabet of beginnings, joints and endings.
#[test]
fn small_texts() {
    const PIECES: &[&str] = &[
        "GB82",
        " ",
        "4111 1111",
        " 1111 1111",
        "-",
        "a@b",
        ".io",
        "sk-",
        "536-",
        "90-4399",
        "eyJ",
        "ghp_",
        "\\n",
        "é",
    ];
    let texts =
        PIECES.iter().flat_map(|a| PIECES.iter().flat_map(move |b| PIECES.iter().map(move |c| [*a, *b, *c].concat())));
    for text in texts {
        let expected = whole(&CATALOG, &text);
        assert_eq!(fed(&CATALOG, characters(&text)), expected, "{text:?}");
        let middle = text.floor_char_boundary(text.len() / 2);
        assert_eq!(fed(&CATALOG, [&text[..middle], &text[middle..]]), expected, "{text:?}");
    }
}

/// What a detector that does not act may still find is released all the same, and found; what one that acts may still find
/// is not.
#[test]
fn only_detectors_that_act_hold_back() {
    let mut builder = SetBuilder::new();
    let mut add = |id: &str| {
        let detector = DETECTORS.iter().find(|detector| detector.id == id).unwrap();
        builder.built_in(detector).unwrap()
    };
    let (_, key) = (add("pii/email"), add("secret/aws-access-key-id"));
    let set = builder.build_acting(|entry| entry == key).unwrap();
    let (mut scanner, mut findings) = (Scanner::new(&set, WORK), Vec::new());
    assert_eq!((scanner.feed("write to grace", &mut findings), scanner.releasable()), (9, 14));
    assert_eq!((scanner.feed("@example.com, ", &mut findings), scanner.releasable()), (28, 28));
    assert_eq!(findings.len(), 1);
    assert_eq!((scanner.feed("or AKI", &mut findings), scanner.releasable()), (31, 31));
}

/// A finding begins behind a name, so that nothing is held back while a word may still become one.
#[test]
fn a_name_may_go_on() {
    let mut builder = SetBuilder::new();
    builder.built_in(DETECTORS.iter().find(|one| one.id == "secret/aws-secret-access-key").unwrap()).unwrap();
    let set = builder.build().unwrap();
    let mut scanner = Scanner::new(&set, WORK);
    assert_eq!(scanner.feed("the houses", &mut Vec::new()), 10);
    assert_eq!(scanner.feed(" and my secret_access", &mut Vec::new()), 31);
}
