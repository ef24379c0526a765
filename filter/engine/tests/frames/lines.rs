//! One text per line.

use super::cuts::{MOST, outcome, outcome_within, read, rewriting_changes_one_frame};
use weir_engine::stream::frames::{Broken, Format};

#[test]
fn streams_and_what_they_say() {
    let table: &[(&str, &[&str])] = &[
        ("{\"a\":1}\n{\"b\":2}\n", &["{\"a\":1}", "{\"b\":2}"]),
        ("{\"a\":1}\r\n{\"b\":2}\r\n", &["{\"a\":1}", "{\"b\":2}"]),
        ("{\"a\":1}\n{\"b\":2}", &["{\"a\":1}", "{\"b\":2}"]),
        ("\n\r\n \t\r\n{}\n\n", &["{}"]),
        (" {} \n", &[" {} "]),
        ("a\rb\n", &["a\rb"]),
        ("a\r\r\n", &["a\r"]),
        ("\u{feff}{}\n", &["\u{feff}{}"]),
        ("a\u{2028}b\u{85}c\n", &["a\u{2028}b\u{85}c"]),
        ("", &[]),
        ("\n", &[]),
        (" ", &[]),
    ];
    for (stream, texts) in table {
        let outcome = outcome(Format::Lines, stream.as_bytes());
        assert_eq!((outcome.texts().as_slice(), outcome.broken), (*texts, None), "{stream:?}");
        assert!(outcome.notes().is_empty());
        assert!(outcome.frames.iter().all(|frame| frame.name().is_empty() && !frame.error()));
        rewriting_changes_one_frame(Format::Lines, stream.as_bytes(), &["x", " {\"long\": \"er\"} ", "é"]);
    }
}

#[test]
fn rewriting_keeps_line_ends_and_lets_no_new_ones_in() {
    let outcome = read(Format::Lines, MOST, &[b"\t\n{}\r\n{}"]);
    let rewritten: Vec<Vec<u8>> = outcome.frames.iter().map(|frame| frame.rewritten("{\r\n\"a\":\n1}")).collect();
    assert_eq!(rewritten, [b"\t\n".as_slice(), b"{  \"a\": 1}\r\n", b"{  \"a\": 1}"]);
}

#[test]
fn what_is_not_text_or_too_long_breaks() {
    let result = outcome(Format::Lines, b"{}\n\xff\n{}\n");
    assert_eq!((result.texts(), result.broken), (vec!["{}"], Some(Broken::Utf8)));
    let result = outcome_within(Format::Lines, 3, b"{}\n{ }\n");
    assert_eq!((result.texts(), result.broken), (vec!["{}"], Some(Broken::TooLong)));
    assert_eq!(outcome_within(Format::Lines, 3, b"{ }").broken, None);
    assert_eq!(outcome_within(Format::Lines, 3, b"    ").broken, Some(Broken::TooLong));
}
