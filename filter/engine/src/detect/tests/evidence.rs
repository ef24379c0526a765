//! Hits hit, misses miss.

use std::collections::BTreeSet;

use super::super::{Confidence, Scanner};
use super::*;

/// Detectors that rightly find something else in the evidence of a detector, and why.
const ALSO: &[(&str, &str, &str)] = &[
    (
        "secret/github-token",
        "pii/email",
        "a token before the host of a repository is also the local part of an address",
    ),
    ("secret/connection-string", "pii/ip-address", "a server may be named by its address"),
];

#[test]
fn every_hit_is_found_whole_and_alone() {
    let mut wrong = Vec::new();
    for sample in samples() {
        let Some(range) = sample.finding else { continue };
        let found: Vec<_> = whole(&CATALOG, &sample.text)
            .iter()
            .map(|finding| (id(&CATALOG, finding), finding.range()))
            .filter(|(other, _)| !ALSO.iter().any(|(of, also, _)| (*of, *also) == (sample.id, *other)))
            .collect();
        if found != [(sample.id, range)] {
            wrong.push(format!("{} in {:?}: {found:?}", sample.id, sample.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_miss_is_found() {
    let mut wrong = Vec::new();
    for sample in samples().into_iter().filter(|sample| sample.finding.is_none()) {
        let found: Vec<_> =
            whole(&CATALOG, &sample.text).iter().map(|finding| id(&CATALOG, finding).to_owned()).collect();
        if found.iter().any(|found| found == sample.id) {
            wrong.push(format!("{}: {:?}", sample.id, sample.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_finding_is_longer_than_its_detector_says() {
    for sample in samples() {
        for finding in whole(&CATALOG, &sample.text) {
            let detector = super::super::catalog::by_id(id(&CATALOG, &finding)).unwrap();
            assert!(finding.range().len() <= detector.max_span, "{}", detector.id);
        }
    }
}

#[test]
fn ids_and_labels_are_well_formed_and_ids_unique() {
    let mut ids = BTreeSet::new();
    for detector in DETECTORS {
        let (family, name) = detector.id.split_once('/').unwrap();
        let lower =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        assert!(matches!(family, "secret" | "pii" | "hidden" | "prompt") && lower(name), "{}", detector.id);
        let upper = |byte: u8| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_');
        assert!(!detector.label.is_empty() && detector.label.bytes().all(upper), "{}", detector.id);
        assert!(detector.about.len() > 20 && !detector.about.ends_with('.'), "{}", detector.id);
        assert!(ids.insert(detector.id), "{}", detector.id);
    }
    assert_eq!(CATALOG.len(), DETECTORS.len());
}

#[test]
fn a_valid_checksum_makes_certain_and_an_invalid_one_does_not_make_a_miss() {
    for detector in [
        "secret/github-token",
        "secret/npm-token",
        "secret/gitlab-token",
        "secret/grafana-token",
        "secret/atlassian-token",
    ] {
        let at = DETECTORS.iter().position(|known| known.id == detector).unwrap();
        let valid = EVIDENCE[at].computed[0]();
        let wrong = match valid.as_bytes()[valid.len() - 1] {
            b'1' => b'2',
            _ => b'1',
        };
        let invalid = format!("{}{}", &valid[..valid.len() - 1], char::from(wrong));
        assert_eq!(whole(&CATALOG, &valid)[0].confidence, Confidence::Certain, "{detector}");
        assert_eq!(whole(&CATALOG, &invalid)[0].confidence, Confidence::Likely, "{detector}");
    }
}

#[test]
fn context_and_form_decide_how_certain_a_number_is() {
    let confidence = |text: &str| whole(&CATALOG, text).first().map(|finding| finding.confidence);
    assert_eq!(confidence("536 90 4399"), Some(Confidence::Possible));
    assert_eq!(confidence("536-90-4399"), Some(Confidence::Likely));
    assert_eq!(confidence("SSN 536-90-4399"), Some(Confidence::Certain));
    assert_eq!(confidence("SSN 536904399"), Some(Confidence::Likely));
    assert_eq!(confidence("536904399"), None);
    assert_eq!(confidence("4111 1111 1111 1111"), Some(Confidence::Certain));
    assert_eq!(confidence("2024 4111 1111 1111 1111"), Some(Confidence::Likely));
    assert_eq!(confidence("4222222222222"), Some(Confidence::Likely));
}

#[test]
fn one_scanner_takes_text_after_text() {
    let mut scanner = Scanner::new(&*CATALOG, WORK);
    let mut findings = Vec::new();
    scanner.whole("ada@example.com", &mut findings);
    scanner.feed("x ada@exam", &mut findings);
    scanner.feed("ple.com", &mut findings);
    scanner.finish(&mut findings);
    scanner.feed("never ended ada@exa", &mut findings);
    scanner.whole("a@b.io", &mut findings);
    scanner.feed("a@b.io ", &mut findings);
    assert_eq!(findings.iter().map(Finding::range).collect::<Vec<_>>(), [0..15, 2..17, 0..6, 0..6]);
}

#[test]
fn a_keyword_is_a_whole_word_where_words_are_separated() {
    let found =
        |text: &str| whole(&CUSTOM, text).iter().map(|finding| text[finding.range()].to_owned()).collect::<Vec<_>>();
    assert_eq!(found("the project nightfall, and nightfalls"), ["project nightfall", "nightfall"]);
    assert_eq!(found("a fall"), ["a", "fall"]);
    assert_eq!(found("fälle fallé éfall _fall fall_"), Vec::<String>::new());
    assert_eq!(found("这是机密文件"), ["机密"]);
    assert_eq!(found("Straßen Straße"), ["Straße"]);
}

#[test]
fn a_pattern_is_found_around_its_literal() {
    let found =
        |text: &str| whole(&CUSTOM, text).iter().map(|finding| text[finding.range()].to_owned()).collect::<Vec<_>>();
    assert_eq!(found("INV-1234 inv-1234 INV-123 INV-123456789 xINV-12345"), ["INV-1234", "INV-12345"]);
    assert_eq!(found("see abc#case#12, 1#case#2"), ["abc#case#12"]);
    assert_eq!(found("MegaCorp CORP"), ["MegaCorp"]);
    assert_eq!(found("x key=1\nkey=2\n"), ["key=2"]);
}

#[test]
fn debug_shows_no_text() {
    let shown = format!("{:?}", Scanner::new(&*CATALOG, WORK));
    assert_eq!(shown, "Scanner(0 bytes held, 0 detectors waiting)");
    let mut scanner = Scanner::new(&*CATALOG, WORK);
    scanner.feed("ada@exam", &mut Vec::new());
    assert!(!format!("{scanner:?}").contains("ada"), "the window is the text of a user");
}

#[test]
fn the_source_of_the_detectors_holds_no_secret() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/detect/secret");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let source = std::fs::read_to_string(&path).unwrap();
        let found: Vec<_> = whole(&CATALOG, &source).iter().map(|finding| id(&CATALOG, finding).to_owned()).collect();
        assert!(found.iter().all(|id| !id.starts_with("secret/")), "{found:?} in {path:?}");
    }
}
