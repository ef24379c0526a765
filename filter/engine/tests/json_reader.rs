//! The JSON reader against serde_json as a second opinion, and against what JSON itself says.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    clippy::indexing_slicing,
    reason = "a test that cannot go on must fail"
)]

use weir_engine::stream::json::{Bounds, Document, Error, Expected, Kind, NodeId};

const BOUNDS: Bounds = Bounds { depth: 32, nodes: 10_000 };

/// Rebuilds a serde_json value from our nodes, last duplicate key winning as serde_json has it.
fn value(document: &Document<'_>, id: NodeId) -> serde_json::Value {
    match document.kind(id) {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool => (document.raw(id) == "true").into(),
        Kind::Number => serde_json::from_str(document.raw(id)).expect("our numbers are JSON numbers"),
        Kind::String | Kind::EscapedString | Kind::Key | Kind::EscapedKey => {
            document.string(id).expect("strings have text").into_owned().into()
        }
        Kind::Array => document.elements(id).map(|element| value(document, element)).collect(),
        Kind::Object => document
            .members(id)
            .map(|(key, member)| (document.string(key).expect("keys have text").into_owned(), value(document, member)))
            .collect(),
    }
}

#[test]
fn agrees_with_serde_json_on_what_a_text_says() {
    let pieces = [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "12.5e-3",
        "1E+2",
        "\"\"",
        "\"a b\"",
        "\"é\\u00e9\\n\\\"\\\\\\/\"",
        "\"\\ud83d\\ude00\"",
        "[]",
        "[1]",
        "[1,[2,[3]]]",
        "{}",
        "{\"a\":1}",
        "{\"a\":{\"b\":[{}]}}",
        "{\"a\":1,\"a\":2}",
        "{\"\\u0061\":1}",
        " \t\r\n[ 1 , 2 ]\n",
    ];
    let broken = [
        "",
        " ",
        "nul",
        "tru",
        "01",
        "1.",
        ".5",
        "-",
        "+1",
        "1e",
        "NaN",
        "Infinity",
        "\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\n\"",
        "\"\t\"",
        "[",
        "]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{",
        "}",
        "{a:1}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "1 2",
        "[]]",
        "// c\n1",
        "/* c */1",
        "'a'",
        "\u{feff}1",
        "nullx",
        "[1}",
        "{\"a\":1]",
    ];
    for text in pieces {
        let ours = Document::parse(text, BOUNDS).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        let theirs: serde_json::Value = serde_json::from_str(text).expect(text);
        assert_eq!(value(&ours, ours.root()), theirs, "{text}");
    }
    for text in broken {
        assert!(matches!(Document::parse(text, BOUNDS), Err(Error::Syntax(..))), "{text}");
        assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text}");
    }
}

/// Every text that comes from a valid one by cutting it, or by replacing one byte, is judged as serde_json judges it.
#[test]
fn agrees_with_serde_json_on_mutilated_texts() {
    let text = r#"{"a":[1,-2.5e3,"x\u0041\n"],"b":{"c":null,"d":true},"é":"\\"}"#;
    let verdicts =
        |text: &str| (Document::parse(text, BOUNDS).is_ok(), serde_json::from_str::<serde_json::Value>(text).is_ok());
    for cut in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
        let (ours, theirs) = verdicts(&text[..cut]);
        assert_eq!(ours, theirs, "cut at {cut}");
    }
    for at in 0..text.len() {
        for byte in (0u8..128).filter(|_| text.is_char_boundary(at) && text.is_char_boundary(at + 1)) {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = byte;
            let changed = String::from_utf8(bytes).expect("ASCII for ASCII");
            let (ours, theirs) = verdicts(&changed);
            assert_eq!(ours, theirs, "{changed}");
        }
    }
}

#[test]
fn spans_point_at_the_bytes() {
    let text = r#" {"key": ["v\u0031", 42, {"in": false}], "z":null} "#;
    let document = Document::parse(text, BOUNDS).expect("valid");
    let raws: Vec<&str> = document.subtree(document.root()).map(|id| &text[document.span(id)]).collect();
    assert_eq!(
        raws,
        [
            r#"{"key": ["v\u0031", 42, {"in": false}], "z":null}"#,
            "key",
            r#"["v\u0031", 42, {"in": false}]"#,
            r"v\u0031",
            "42",
            r#"{"in": false}"#,
            "in",
            "false",
            "z",
            "null",
        ]
    );
    assert_eq!(document.member(document.root(), "z").map(|id| document.raw(id)), Some("null"));
}

#[test]
fn duplicate_keys_are_reported_however_they_are_written() {
    let duplicates = |text: &str| {
        let document = Document::parse(text, BOUNDS).expect("valid");
        document.duplicates().iter().map(|id| document.span(*id).start).collect::<Vec<_>>()
    };
    assert_eq!(duplicates(r#"{"a":1,"b":{"a":2},"c":[{"a":3}]}"#), Vec::<usize>::new());
    assert_eq!(duplicates(r#"{"a":1,"a":2}"#), [8]);
    assert_eq!(duplicates(r#"{"a":1,"\u0061":2,"A":3}"#), [8]);
    assert_eq!(duplicates(r#"[{"x":{"y":1,"y":2,"y":3}}]"#), [14, 20]);
    let many: Vec<String> = (0..40).map(|n| format!("\"k{}\":0", n % 39)).collect();
    assert_eq!(duplicates(&format!("{{{}}}", many.join(","))).len(), 1);
}

#[test]
fn half_a_surrogate_pair_is_reported_and_replaced() {
    for (text, lone, decoded) in [
        (r#""\ud83d\ude00""#, false, "😀"),
        (r#""\ud83d""#, true, "\u{fffd}"),
        (r#""\ude00x""#, true, "\u{fffd}x"),
        (r#""\ud83d\u0041""#, true, "\u{fffd}A"),
        (r#""\ud83d\ud83d\ude00""#, true, "\u{fffd}😀"),
    ] {
        let document = Document::parse(text, BOUNDS).expect("grammatical");
        let found = document.decoded(document.root()).expect("escaped");
        assert_eq!((found.lone_surrogate, found.text.expose().as_str()), (lone, decoded), "{text}");
    }
}

#[test]
fn bounds_are_bounds() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Document::parse(&nested(32), BOUNDS).is_ok());
    assert_eq!(Document::parse(&nested(33), BOUNDS).err(), Some(Error::Depth));
    assert_eq!(Document::parse(&"[".repeat(1 << 20), BOUNDS).err(), Some(Error::Depth));
    let wide = format!("[{}0]", "0,".repeat(9_998));
    assert!(Document::parse(&wide, BOUNDS).is_ok());
    let wider = format!("[{}0]", "0,".repeat(9_999));
    assert_eq!(Document::parse(&wider, BOUNDS).err(), Some(Error::Nodes));
}

#[test]
fn errors_name_the_place() {
    for (text, expected, at) in [
        ("{\"a\":1 \"b\":2}", Expected::CommaOrClose, 7),
        ("{a:1}", Expected::Key, 1),
        ("{\"a\" 1}", Expected::Colon, 5),
        ("[1,]", Expected::Value, 3),
        ("\"abc", Expected::Quote, 4),
        ("\"a\\q\"", Expected::Escape, 2),
        ("1.x", Expected::Digit, 2),
        ("nope", Expected::Literal, 0),
        ("1 1", Expected::End, 2),
        ("\"a\u{1}\"", Expected::NoControl, 2),
    ] {
        assert_eq!(Document::parse(text, BOUNDS).err(), Some(Error::Syntax(expected, at)), "{text}");
    }
}
