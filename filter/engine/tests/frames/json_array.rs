//! A JSON array, element by element, with serde_json as the second reader.

use super::cuts::{MOST, outcome, outcome_within, read, rewriting_changes_one_frame};
use super::mutations::Random;
use weir_engine::stream::frames::{Broken, Format};

/// As Gemini lays it out.
const GEMINI: &str = "[{\n  \"candidates\": [\n    {\n      \"content\": {\"parts\": [{\"text\": \"a ] } \\\" , [\"}]}\n    }\n  \
                      ]\n}\n,\r\n{\n  \"candidates\": []\n}\n]\n";

#[test]
fn streams_and_what_they_say() {
    let table: &[(&str, &[&str])] = &[
        ("[]", &[]),
        (" \r\n[\t] \n", &[]),
        ("[{}]", &["{}"]),
        ("[{},{}]", &["{}", "{}"]),
        (" [ {} ,\r\n {\"a\":[1,{}]} ]\n", &["{}", "{\"a\":[1,{}]}"]),
        ("[\"a,]\\\\\",\"\\\"\",\"é\"]", &["\"a,]\\\\\"", "\"\\\"\"", "\"é\""]),
        ("[1,-2.5e3 ,true\n,null]", &["1", "-2.5e3", "true", "null"]),
        ("[[],[[]],[\"]\"]]", &["[]", "[[]]", "[\"]\"]"]),
        // What an element says is for its reader to judge.
        ("[{],{\"\n\":},+\u{c}]", &["{]", "{\"\n\":}", "+\u{c}"]),
    ];
    for (stream, texts) in table {
        let outcome = outcome(Format::JsonArray, stream.as_bytes());
        assert_eq!((outcome.texts().as_slice(), outcome.broken), (*texts, None), "{stream:?}");
        rewriting_changes_one_frame(Format::JsonArray, stream.as_bytes(), &["0", "{\"a\": [\"]\"]}", "\"é\""]);
    }
    let gemini = outcome(Format::JsonArray, GEMINI.as_bytes());
    let whole: Vec<serde_json::Value> = serde_json::from_str(GEMINI).expect("an array");
    assert_eq!(values(&gemini.texts()), whole);
}

fn values(texts: &[&str]) -> Vec<serde_json::Value> {
    texts.iter().map(|text| serde_json::from_str(text).expect("an element")).collect()
}

#[test]
fn frames_end_where_elements_end() {
    let outcome = outcome(Format::JsonArray, b" [{}\n,\r\n{} , 1 ,\"\"\n]\r\n");
    let bytes: Vec<&[u8]> = vec![b" [", b"{}", b"\n,\r\n{}", b" , 1", b" ,\"\"", b"\n]", b"\r\n"];
    assert_eq!(outcome.bytes(), bytes);
    let texts: Vec<bool> = outcome.frames.iter().map(|frame| frame.text().is_some()).collect();
    assert_eq!(texts, [false, true, true, true, true, false, false]);
}

#[test]
fn what_is_no_array_breaks() {
    let hostile: &[(&[u8], Broken)] = &[
        (b"", Broken::Syntax),
        (b" ", Broken::Syntax),
        (b"{}", Broken::Syntax),
        (b"\xef\xbb\xbf[]", Broken::Syntax),
        (b"[", Broken::Syntax),
        (b"[{}", Broken::Syntax),
        (b"[{},", Broken::Syntax),
        (b"[{},]", Broken::Syntax),
        (b"[,{}]", Broken::Syntax),
        (b"[{}{}]", Broken::Syntax),
        (b"[{}]]", Broken::Syntax),
        (b"[{}],", Broken::Syntax),
        (b"[{}][]", Broken::Syntax),
        (b"[}]", Broken::Syntax),
        (b"[1{}]", Broken::Syntax),
        (b"[1\"a\"]", Broken::Syntax),
        (b"[\"]", Broken::Syntax),
        (b"[\"\\\"]", Broken::Syntax),
        (b"[\"\xff\"]", Broken::Utf8),
    ];
    for (stream, broken) in hostile {
        assert_eq!(outcome(Format::JsonArray, stream).broken, Some(*broken), "{:?}", String::from_utf8_lossy(stream));
    }
    // Depth costs nothing, length is bounded.
    let deep = format!("[{}{}]", "[".repeat(400), "]".repeat(400));
    assert_eq!(outcome(Format::JsonArray, deep.as_bytes()).broken, None);
    let result = outcome_within(Format::JsonArray, 4, b"[{},{ },{  }]");
    assert_eq!((result.texts(), result.broken), (vec!["{}", "{ }"], Some(Broken::TooLong)));
    assert_eq!(outcome_within(Format::JsonArray, 4, b"[]    ").broken, None);
    assert_eq!(outcome_within(Format::JsonArray, 4, b"[]     ").broken, Some(Broken::TooLong));
}

#[test]
fn agrees_with_a_second_reader() {
    const PIECES: [&str; 14] =
        ["[", "]", "{}", "{\"a\":", "}", ",", ",", "\"b\"", "\"]\\\"\"", " ", "\n", "1", "true", "[[],\"}\"]"];
    let (mut random, mut arrays) = (Random(11), 0);
    for _ in 0..20_000 {
        let inside: String = (0..random.below(8)).map(|_| PIECES[random.below(PIECES.len())]).collect();
        let stream = format!("[{inside}]");
        let ours = read(Format::JsonArray, MOST, &[stream.as_bytes()]);
        // Ours may be more lenient about what an element is, never about what the elements are.
        if let Ok(theirs) = serde_json::from_str::<Vec<serde_json::Value>>(&stream) {
            arrays += 1;
            assert_eq!(ours.broken, None, "{stream:?}");
            assert_eq!(values(&ours.texts()), theirs, "{stream:?}");
            outcome(Format::JsonArray, stream.as_bytes());
        }
    }
    assert!(arrays > 500, "only {arrays} of them were arrays");
}
