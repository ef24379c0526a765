//! AWS event streams. The messages below were made with Python's struct and zlib, and botocore's reader takes them for what
//! they are meant to be.

use super::cuts::{MOST, outcome, outcome_within, read, rewriting_changes_one_frame};
use weir_engine::stream::base64;
use weir_engine::stream::frames::{Broken, Format, aws_event};

const EMPTY: &str = "000000100000000005c248eb7d98c8ff";
const NO_HEADERS: &str = "0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936";
/// `contentBlockDelta`, as ConverseStream has it.
const CONVERSE: &str = "000000a2000000579acad7c80b3a6576656e742d74797065070011636f6e74656e74426c6f636b44656c74610d3a636f6e74\
    656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22636f6e74656e74426c6f63\
    6b496e646578223a302c2264656c7461223a7b2274657874223a2248656c6c6f227d2c2270223a2261626364227d1ee2dd14";
/// A header of every type.
const ALL_TYPES: &str = "0000008f00000078084a01240379657300026e6f01046279746502f90573686f727403fed403696e740400011170046c6f6e\
    6705000e9b08a568f1c7056279746573060008726177207465787406737472696e67070009c3a920737472696e670474696d65080000018bcfe5687b0475\
    75696409000102030405060708090a0b0c0d0e0f7061796c6f6164480ae8c5";
/// A `chunk` of InvokeModelWithResponseStream with an Anthropic event in it.
const CHUNK: &str = "000000e80000004b9c88cb6f0b3a6576656e742d747970650700056368756e6b0d3a636f6e74656e742d747970650700106170\
    706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b226279746573223a2265794a306558426c496a6f6959323975\
    64475675644639696247396a6131396b5a57783059534973496d6c755a475634496a6f774c434a6b5a5778305953493665794a306558426c496a6f696447\
    56346446396b5a57783059534973496e526c654851694f694a4961534a3966513d3d222c2270223a226162636465666768696a227dcf1c67ee";
const CHUNK_TEXT: &str = r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}"#;
const EXCEPTION: &str = "00000090000000618e91a9b70f3a657863657074696f6e2d747970650700137468726f74746c696e67457863657074696f\
    6e0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d74797065070009657863657074696f6e7b22\
    6d657373616765223a22546f6f206d616e79207265717565737473227de67f8005";
const ERROR: &str = "0000005a0000004a8188a08d0b3a6572726f722d636f64650700033530300e3a6572726f722d6d657373616765070010746865\
    206d6f64656c206661696c65640d3a6d6573736167652d747970650700056572726f72d89466d1";

fn message(hex: &str) -> Vec<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16).expect("a hexadecimal digit") as u8;
    hex.as_bytes().chunks(2).map(|pair| digit(pair[0]) * 16 + digit(pair[1])).collect()
}

/// A message of the headers given as bytes, put together without the code under test.
pub(crate) fn assembled(headers: &[u8], payload: &[u8]) -> Vec<u8> {
    fn crc(bytes: &[u8]) -> [u8; 4] {
        let bits = bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
        });
        (!bits).to_be_bytes()
    }
    let length = |length: usize| u32::try_from(length).expect("short").to_be_bytes();
    let mut message = [length(headers.len() + payload.len() + 16), length(headers.len())].concat();
    message.extend(crc(&message));
    message.extend_from_slice(headers);
    message.extend_from_slice(payload);
    message.extend(crc(&message));
    message
}

#[test]
fn messages_and_what_they_say() {
    let json = "application/json";
    type Row<'t> = (&'t str, &'t str, Option<&'t str>, bool, &'t [&'t str]);
    let table: &[Row<'_>] = &[
        (EMPTY, "", None, false, &[]),
        (NO_HEADERS, "", Some("{'foo':'bar'}"), false, &[]),
        (
            CONVERSE,
            "contentBlockDelta",
            Some(r#"{"contentBlockIndex":0,"delta":{"text":"Hello"},"p":"abcd"}"#),
            false,
            &["contentBlockDelta", json],
        ),
        (
            ALL_TYPES,
            "",
            Some("payload"),
            false,
            &[
                "yes",
                "no",
                "byte",
                "-7",
                "short",
                "-300",
                "int",
                "70000",
                "long",
                "4111111111111111",
                "bytes",
                "raw text",
                "string",
                "é string",
                "time",
                "1700000000123",
                "uuid",
                "00010203-0405-0607-0809-0a0b0c0d0e0f",
            ],
        ),
        (
            EXCEPTION,
            "throttlingException",
            Some(r#"{"message":"Too many requests"}"#),
            true,
            &["throttlingException", json],
        ),
        (ERROR, "500", None, true, &["500", "the model failed"]),
    ];
    for format in [Format::AwsEventStream, Format::AwsEventStreamChunks] {
        for (hex, name, text, error, notes) in table {
            let outcome = outcome(format, &message(hex));
            assert_eq!((outcome.frames.len(), outcome.broken), (1, None), "{name}");
            let frame = &outcome.frames[0];
            assert_eq!((frame.name(), frame.text(), frame.error()), (*name, *text, *error));
            assert!(frame.notes().eq(notes.iter().copied()), "{name}");
        }
        let all: Vec<u8> = table.iter().flat_map(|row| message(row.0)).collect();
        assert_eq!(outcome(format, &all).frames.len(), table.len());
        rewriting_changes_one_frame(format, &all, &["x", "{\"a\": \"longer than before, é\"}"]);
    }
}

#[test]
fn chunks_are_read_through_their_base64() {
    let stream = [message(CHUNK), message(EXCEPTION), message(CHUNK)].concat();
    let outcome = outcome(Format::AwsEventStreamChunks, &stream);
    assert_eq!(outcome.texts(), [CHUNK_TEXT, r#"{"message":"Too many requests"}"#, CHUNK_TEXT]);
    let notes: Vec<&str> = outcome.frames[0].notes().collect();
    assert_eq!(notes, ["chunk", "application/json", "p", "abcdefghij"]);
    rewriting_changes_one_frame(Format::AwsEventStreamChunks, &stream, &["x", "{\"text\":\"é\\n\"}"]);
    rewriting_changes_one_frame(Format::AwsEventStreamChunks, &message(CHUNK), &["", "\0", "\u{feff}"]);

    // Beside the base64 every byte of the payload stays.
    let payload = |base64: &str| format!(" {{ \"p\" : 12,\n\"by\\u0074es\":\"{base64}\" , \"q\":[\"r\"] }} ");
    let frame =
        |text: &str| aws_event(&[(":event-type", "chunk")], payload(&base64::encode(text.as_bytes())).as_bytes());
    let before = read(Format::AwsEventStreamChunks, MOST, &[&frame("before")]);
    assert_eq!(before.texts(), ["before"]);
    assert_eq!(before.notes(), ["chunk", "p", "12", "q", "r"]);
    assert_eq!(before.frames[0].rewritten("and after"), frame("and after"));
    // A slash may be escaped in JSON.
    let escaped = aws_event(&[], br#"{"bytes":"Pz8\/Pw=="}"#);
    assert_eq!(read(Format::AwsEventStreamChunks, MOST, &[&escaped]).texts(), ["????"]);
    // The plain format does not look inside.
    assert!(read(Format::AwsEventStream, MOST, &[&message(CHUNK)]).texts()[0].starts_with("{\"bytes\":"));
}

#[test]
fn chunks_of_another_shape_are_their_own_text_and_ambiguous_ones_break() {
    let result = |payload: &[u8]| outcome(Format::AwsEventStreamChunks, &aws_event(&[], payload));
    for payload in
        ["{}", "[]", "\"Zm9v\"", "{\"bytes\":1}", "{\"bytes\":null,\"p\":\"a\"}", "{\"Bytes\":\"!\"}", "{\"bytes\""]
    {
        assert_eq!((result(payload.as_bytes()).texts(), result(payload.as_bytes()).broken), (vec![payload], None));
    }
    let deep = format!("{{\"bytes\":\"Zm9v\",\"p\":{}{}}}", "[".repeat(40), "]".repeat(40));
    for payload in [
        r#"{"bytes":"Zm9v","bytes":1}"#,
        r#"{"bytes":"Zm9v","\u0062ytes":"Zm9v"}"#,
        r#"{"bytes":"Zm9v","p":{"a":1,"a":2}}"#,
        r#"{"bytes":"Zm9v\n"}"#,
        r#"{"bytes":"Zm8"}"#,
        r#"{"bytes":"Zm9=v"}"#,
        r#"{"bytes":"\ud83dAAA"}"#,
        &deep,
    ] {
        assert_eq!(result(payload.as_bytes()).broken, Some(Broken::Syntax), "{payload}");
    }
    assert_eq!(result(br#"{"bytes":"/w=="}"#).broken, Some(Broken::Utf8));
}

#[test]
fn messages_of_our_own_are_those_of_others() {
    let headers =
        [(":event-type", "contentBlockDelta"), (":content-type", "application/json"), (":message-type", "event")];
    let payload = br#"{"contentBlockIndex":0,"delta":{"text":"Hello"},"p":"abcd"}"#;
    assert_eq!(aws_event(&headers, payload), message(CONVERSE));
    assert_eq!(aws_event(&[], b""), message(EMPTY));
    let headers = [
        (":exception-type", "throttlingException"),
        (":content-type", "application/json"),
        (":message-type", "exception"),
    ];
    assert_eq!(aws_event(&headers, br#"{"message":"Too many requests"}"#), message(EXCEPTION));
    // More than the format can hold is cut between characters.
    let (name, value) = ("é".repeat(200), "é".repeat(40_000));
    let written = read(Format::AwsEventStream, usize::MAX, &[&aws_event(&[(&name, &value)], b"")]);
    assert_eq!(written.notes().iter().map(|note| note.len()).collect::<Vec<_>>(), [254, 65534]);
}

#[test]
fn every_flipped_bit_is_noticed() {
    let good = message(CONVERSE);
    for bit in 0..good.len() * 8 {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        let result = read(Format::AwsEventStream, MOST, &[&good, &bad]);
        assert_eq!((result.frames.len(), result.broken), (1, Some(Broken::Checksum)), "bit {bit}");
    }
}

#[test]
fn what_is_no_message_breaks() {
    let string = |name: &str, kind: u8, value: &[u8]| {
        let mut header = vec![name.len() as u8];
        header.extend_from_slice(name.as_bytes());
        header.push(kind);
        header.extend(u16::try_from(value.len()).expect("short").to_be_bytes());
        header.extend_from_slice(value);
        header
    };
    let twice = [string("a", 7, b"1"), string("a", 7, b"2")].concat();
    let hostile: Vec<(Vec<u8>, Broken)> = vec![
        (assembled(&twice, b""), Broken::Syntax),
        (assembled(&string(":event-type", 6, b"x"), b""), Broken::Syntax),
        (assembled(b"\x0d:message-type\x00", b""), Broken::Syntax),
        (assembled(&string("", 7, b"x"), b""), Broken::Syntax),
        (assembled(&string("a", 10, b"x"), b""), Broken::Syntax),
        (assembled(b"\x05a", b""), Broken::Syntax),
        (assembled(b"\x01a", b""), Broken::Syntax),
        (assembled(b"\x01a\x07\x00\x09x", b""), Broken::Syntax),
        (assembled(b"\x01a\x05\x00", b""), Broken::Syntax),
        (assembled(b"\x01\xff\x00", b""), Broken::Utf8),
        (assembled(&string("a", 7, b"\xff"), b""), Broken::Utf8),
        (assembled(&string("a", 6, b"\xff"), b""), Broken::Utf8),
        (assembled(b"", b"\xff"), Broken::Utf8),
        // Lengths with a right checksum that cannot be.
        (message("00000000000000006b10ab0b"), Broken::Checksum),
        (prelude(0, 0), Broken::Syntax),
        (prelude(15, 0), Broken::Syntax),
        (prelude(16, 1), Broken::Syntax),
        (prelude(100, u32::MAX), Broken::Syntax),
        (prelude(u32::MAX, 0), Broken::TooLong),
        (prelude(1001, 0), Broken::TooLong),
        // The end comes too early.
        (prelude(1000, 0), Broken::Syntax),
        (message(CONVERSE)[..50].to_vec(), Broken::Syntax),
        (vec![0], Broken::Syntax),
    ];
    for (stream, broken) in hostile {
        assert_eq!(outcome(Format::AwsEventStream, &stream).broken, Some(broken), "{stream:?}");
        let behind = [message(CONVERSE), stream].concat();
        let result = outcome(Format::AwsEventStream, &behind);
        assert_eq!((result.frames.len(), result.broken), (1, Some(broken)));
    }
    let good = message(CONVERSE);
    assert_eq!(outcome_within(Format::AwsEventStream, good.len(), &good).broken, None);
    assert_eq!(outcome_within(Format::AwsEventStream, good.len() - 1, &good).broken, Some(Broken::TooLong));
    assert_eq!(outcome_within(Format::AwsEventStream, 5, &good).broken, Some(Broken::TooLong));
}

/// The first 12 bytes of a message that claims these lengths.
fn prelude(total: u32, headers: u32) -> Vec<u8> {
    let lengths = [total.to_be_bytes(), headers.to_be_bytes()].concat();
    let crc = lengths.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    });
    [lengths.as_slice(), &(!crc).to_be_bytes()].concat()
}
