//! Server-sent events, with the examples of the standard and a second reader that only knows whole streams.

use super::cuts::{MOST, outcome, outcome_within, read, rewriting_changes_one_frame};
use super::mutations::Random;
use weir_engine::stream::frames::{Broken, Format, Frame, sse_event};

/// Name and data of an event.
type Event<'t> = (&'t str, &'t str);

fn events(frames: &[Frame]) -> Vec<Event<'_>> {
    frames.iter().filter_map(|frame| Some((frame.name(), frame.text()?))).collect()
}

#[test]
fn streams_and_what_they_say() {
    let table: &[(&str, &[Event<'_>], &[&str])] = &[
        // The examples of section 9.2.6, "Interpreting an event stream".
        ("data: YHOO\ndata: +2\ndata: 10\n\n", &[("message", "YHOO\n+2\n10")], &[]),
        (
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            &[("message", "first event"), ("message", "second event"), ("message", " third event")],
            &["test stream", "1"],
        ),
        ("data\n\ndata\ndata\n\ndata:\n\n", &[("message", ""), ("message", "\n"), ("message", "")], &[]),
        ("data:test\n\ndata: test\n\n", &[("message", "test"), ("message", "test")], &[]),
        // Names, in any order; the last one counts, an empty one is none.
        ("event: add\ndata: 73857293\n\n", &[("add", "73857293")], &["add"]),
        ("data: 1\nevent: remove\n\n", &[("remove", "1")], &["remove"]),
        ("event: a\nevent: b\ndata: 1\n\n", &[("b", "1")], &["a", "b"]),
        ("event: a\nevent:\ndata: 1\n\n", &[("message", "1")], &["a"]),
        ("event: a\n\ndata: 1\n\n", &[("message", "1")], &["a"]),
        // Everything that readers pass over is told.
        (
            "retry: soon\nid: \0\nDATA: a\ndata : b\n data: c\nnonsense\ndata: d\n\n",
            &[("message", "d")],
            &["soon", "\0", "DATA: a", "data : b", " data: c", "nonsense"],
        ),
        (":\n:c\n: c\n\n", &[], &["c", "c"]),
        // Colons and spaces inside a value.
        ("data: a: b:c \n\n", &[("message", "a: b:c ")], &[]),
        ("data:\ta\n\n", &[("message", "\ta")], &[]),
        // A byte order mark is skipped at the start of the stream and nowhere else.
        ("\u{feff}data: a\n\n\u{feff}data: b\n\n", &[("message", "a")], &["\u{feff}data: b"]),
        ("\u{feff}\u{feff}data: a\n\n", &[], &["\u{feff}data: a"]),
        ("\u{feff}\n\ndata: a\n\n", &[("message", "a")], &[]),
        ("\u{feff}", &[], &[]),
        // Line ends of all kinds.
        ("data: a\r\rdata: b\r\r", &[("message", "a"), ("message", "b")], &[]),
        ("data: a\r\n\r\ndata: b\r\n\r\n", &[("message", "a"), ("message", "b")], &[]),
        (
            "data: a\rdata: b\r\ndata: c\n\rdata: d\r\r\ndata: e",
            &[("message", "a\nb\nc"), ("message", "d"), ("message", "e")],
            &[],
        ),
        ("data: a\n\r\n\r\rdata: b\r\n\n", &[("message", "a"), ("message", "b")], &[]),
        ("\r\r\n\n\n\r", &[], &[]),
        // Line separators of Unicode are no line ends.
        ("data: a\u{2028}b\u{85}c\u{b}d\n\n", &[("message", "a\u{2028}b\u{85}c\u{b}d")], &[]),
        // The stream ends anywhere.
        ("", &[], &[]),
        ("data: a\n", &[("message", "a")], &[]),
        ("data: a", &[("message", "a")], &[]),
        ("data: a\n\nda", &[("message", "a")], &["da"]),
        ("event: a", &[], &["a"]),
        ("data: é😀\n\n", &[("message", "é😀")], &[]),
    ];
    for (stream, expected, notes) in table {
        let outcome = outcome(Format::Sse, stream.as_bytes());
        assert_eq!(outcome.broken, None, "{stream:?}");
        assert_eq!(events(&outcome.frames), *expected, "{stream:?}");
        assert_eq!(outcome.notes(), *notes, "{stream:?}");
    }
}

#[test]
fn a_frame_ends_with_its_blank_line() {
    let cut = |stream: &'static str| -> Vec<String> {
        let outcome = outcome(Format::Sse, stream.as_bytes());
        outcome.bytes().iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect()
    };
    assert_eq!(cut("data: a\n\n\ndata: b\n\n"), ["data: a\n\n", "\n", "data: b\n\n"]);
    assert_eq!(cut("data: a\r\n\r\n: c\r\n\r\n"), ["data: a\r\n\r\n", ": c\r\n\r\n"]);
    assert_eq!(cut("data: a\r\rdata: b\r\r"), ["data: a\r\r", "data: b\r\r"]);
    assert_eq!(cut("data: a\n\r\ndata: b\n\rx"), ["data: a\n\r\n", "data: b\n\r", "x"]);
    // Where the line before ended with a CR alone, the blank line does not wait for an LF.
    assert_eq!(cut("data: a\r\r\ndata: b\r\r\n"), ["data: a\r\r", "\ndata: b\r\r", "\n"]);
}

#[test]
fn an_event_is_out_with_its_last_byte() {
    for (stream, late) in [("data: a\n\n", 0), ("data: a\r\n\r\n", 0), ("data: a\r\r", 0), ("data: a\n\r", 1)] {
        let (mut reader, mut frames) = (weir_engine::stream::frames::Frames::new(Format::Sse, MOST), Vec::new());
        reader.push(stream.as_bytes(), &mut frames).expect("valid");
        assert_eq!(frames.len(), 1 - late, "{stream:?}");
        reader.push(b"data", &mut frames).expect("valid");
        assert_eq!(frames.len(), 1, "{stream:?}");
    }
}

/// The standard's algorithm on a whole stream, line by line, with the end of the stream taken for a blank line.
fn second_opinion(stream: &str) -> Vec<(String, String)> {
    let stream = stream.strip_prefix('\u{feff}').unwrap_or(stream).replace("\r\n", "\n").replace('\r', "\n");
    let (mut events, mut name, mut data) = (Vec::new(), String::new(), None::<String>);
    for line in stream.split('\n').chain([""]) {
        if line.is_empty() {
            let name = std::mem::take(&mut name);
            if let Some(data) = data.take() {
                let name = if name.is_empty() { "message".to_owned() } else { name };
                events.push((name, data.strip_suffix('\n').unwrap_or_default().to_owned()));
            }
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => name = value.to_owned(),
            "data" => *data.get_or_insert_default() += &format!("{value}\n"),
            _ => {}
        }
    }
    events
}

#[test]
fn agrees_with_a_second_reader() {
    const PIECES: [&str; 15] = [
        "data: a", "data:b", "data: ", "data", "event: e", "event", "id: 7", ": c", "x", "\n", "\n", "\r", "\r",
        "\r\n", "\u{feff}",
    ];
    let mut random = Random(7);
    for _ in 0..2000 {
        let stream: String = (0..random.below(14)).map(|_| PIECES[random.below(PIECES.len())]).collect();
        let outcome = outcome(Format::Sse, stream.as_bytes());
        let ours = events(&outcome.frames);
        let theirs = second_opinion(&stream);
        assert!(ours.iter().copied().eq(theirs.iter().map(|(name, data)| (&**name, &**data))), "{stream:?}");
        rewriting_changes_one_frame(
            Format::Sse,
            stream.as_bytes(),
            &["", "b", "a\nb", "\n\n", " x\nb\n y", "a\n\nz\na"],
        );
    }
}

#[test]
fn rewriting_keeps_what_it_can() {
    let table = [
        ("data: a\n\n", "b", "data: b\n\n"),
        ("data:a\r\nid: 1\r\n\r\n", " b", "data:  b\r\nid: 1\r\n\r\n"),
        ("data\n\n", "b", "data:b\n\n"),
        (": c\ndata:a\nx: y\ndata: b\rdata\r\n\n", "a\nB\n", ": c\ndata:a\nx: y\ndata: B\rdata\r\n\n"),
        // More lines and fewer.
        ("data: a\n\n", "a\nb\nc", "data: a\ndata: b\ndata: c\n\n"),
        ("data: a\nevent: e\ndata:b\r\n\r\n", "a\nx\ny\nb", "data: a\ndata: x\ndata: y\nevent: e\ndata:b\r\n\r\n"),
        ("data: b\n\n", "a\nb", "data: a\ndata: b\n\n"),
        ("data: a\nid: 1\ndata: b\ndata: c\n\n", "c", "data: c\nid: 1\n\n"),
        ("data: a\ndata: b\n\n", "", "data: \n\n"),
        // A line between CR and LF that is left out must not make them one line end.
        ("data: a\rdata: b\n\n", "a", "data: a\n\n"),
        ("data: a\rdata: b\n\r\n", "a", "data: a\n\r\n"),
        ("\u{feff}data: a\rid: 1\rdata: b\n\n", "b", "\u{feff}data: b\rid: 1\n\n"),
        // At the end of the stream.
        ("data: a", "b\nc", "data: b\ndata: c"),
        ("\u{feff}data: a", "b", "\u{feff}data: b"),
        // Line breaks are line feeds.
        ("data: a\n\n", "b\rc\r\nd", "data: b\ndata: c\ndata: d\n\n"),
    ];
    for (frame, text, expected) in table {
        let outcome = read(Format::Sse, MOST, &[frame.as_bytes()]);
        let rewritten = String::from_utf8(outcome.frames[0].rewritten(text)).expect("text");
        assert_eq!(rewritten, expected, "{frame:?} with {text:?}");
    }
}

#[test]
fn events_of_our_own_are_read_back() {
    for (name, data) in [(None, "a"), (Some("error"), "{\"error\":1}"), (Some("e"), "a\n\n b\n"), (None, "")] {
        let outcome = outcome(Format::Sse, &sse_event(name, data));
        assert_eq!(events(&outcome.frames), [(name.unwrap_or("message"), data)]);
        assert_eq!(outcome.frames.len(), 1);
    }
    assert_eq!(sse_event(Some("a\nb\rc"), "d\r\ne"), b"event: a b c\ndata: d\ndata: e\n\n");
    assert_eq!(sse_event(None, "[DONE]"), b"data: [DONE]\n\n");
}

#[test]
fn what_is_not_text_or_too_long_breaks() {
    for hostile in
        [b"data: \xff\n\n".as_slice(), b": \xc3\n\n", b"\xef\xbbdata: a\n\n", b"\xed\xa0\x80\n\n", b"\xef\xbb"]
    {
        let stream = [b"data: fine\n\n", hostile].concat();
        let result = outcome(Format::Sse, &stream);
        assert_eq!((result.texts(), result.broken), (vec!["fine"], Some(Broken::Utf8)), "{hostile:?}");
    }
    let result = outcome_within(Format::Sse, 9, b"data: a\n\ndata: ab\n\ndata: a\n\n");
    assert_eq!((result.texts(), result.broken), (vec!["a"], Some(Broken::TooLong)));
    // The LF that a held CR waits for counts.
    assert_eq!(outcome_within(Format::Sse, 9, b"data: a\n\rx").broken, None);
    assert_eq!(outcome_within(Format::Sse, 9, b"data: a\n\r\nx").broken, Some(Broken::TooLong));
    assert_eq!(outcome_within(Format::Sse, 0, b"\n").broken, Some(Broken::TooLong));
    let endless = vec![b'a'; MOST + 1];
    assert_eq!(outcome(Format::Sse, &endless).broken, Some(Broken::TooLong));
}

#[test]
fn nothing_prints_what_it_holds() {
    let outcome = read(Format::Sse, MOST, &[b"event: hush\ndata: whisper\n\n"]);
    assert_eq!(format!("{:?}", outcome.frames), "[Frame(27 bytes, text of Some(7) bytes, 1 notes)]");
    let mut reader = weir_engine::stream::frames::Frames::new(Format::Sse, MOST);
    reader.push(b"data: whisper", &mut Vec::new()).expect("valid");
    assert_eq!(format!("{reader:?}"), "Frames(Sse, 13 bytes pending, broken: None)");
}
