//! Streams that were damaged at random, the same ones in every run: the readers must hold their promises on them too.

use super::aws::assembled;
use super::cuts::{MOST, read};
use weir_engine::stream::frames::{Broken, Format, aws_event, sse_event};

/// A linear congruential generator (Knuth's MMIX constants), its low bits left out.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A number from 0 up to but not including `end`, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

fn seeds() -> Vec<(Format, Vec<u8>)> {
    let chunk = aws_event(
        &[(":event-type", "chunk"), (":message-type", "event")],
        br#"{"bytes":"eyJ0ZXh0IjoiSGkifQ==","p":"abc"}"#,
    );
    let sse = [
        "\u{feff}: comment\r\n\r\nevent: a\r\nid: 1\r\ndata: b\r\n\r\n".as_bytes(),
        b"data: c\rdata: d\r\rdata:e\n\n",
        &sse_event(Some("error"), "{\n}"),
    ];
    let array = "[{\"a\": [\"]\\\"\", \"\u{e9}\"]}\n,\r\n{\"b\": {}}, 12, \"x\"\n]\n";
    vec![
        (Format::Sse, sse.concat()),
        (Format::Lines, b"{\"a\":1}\n\r\n{\"b\":2}\r\n{\"c\":3}".to_vec()),
        (Format::JsonArray, array.as_bytes().to_vec()),
        (Format::AwsEventStream, chunk.repeat(3)),
        (Format::AwsEventStreamChunks, chunk.repeat(3)),
    ]
}

fn message_of_damage(random: &mut Random) -> Vec<u8> {
    let headers = damaged(random, b"\x0b:event-type\x07\x00\x05chunk\x04time\x08\x00\x00\x01\x8b\xcf\xe5\x68\x7b");
    let payload = damaged(random, br#"{"bytes":"eyJ0ZXh0IjoiSGkifQ==","p":"abc"}"#);
    assembled(&headers, &payload).repeat(random.below(3))
}

fn damaged(random: &mut Random, seed: &[u8]) -> Vec<u8> {
    let mut stream = seed.to_vec();
    const LIKELY: &[u8] = b"\r\n\r\n: ,[]{}\"\\\0\xff\xef\xbb\xbfdata0";
    for _ in 0..random.below(4) {
        let at = random.below(stream.len().max(1)).min(stream.len());
        let byte = LIKELY[random.below(LIKELY.len())];
        match random.below(5) {
            0 => stream.insert(at, byte),
            1 if at < stream.len() => stream[at] = byte,
            2 if at < stream.len() => stream[at] ^= 1 << random.below(8),
            3 if at < stream.len() => drop(stream.remove(at)),
            _ => {
                let end = (at + random.below(20)).min(stream.len());
                let piece = stream[at..end].to_vec();
                let to = random.below(stream.len() + 1);
                stream.splice(to..to, piece);
            }
        }
    }
    stream
}

fn cut_at_random<'s>(random: &mut Random, mut stream: &'s [u8]) -> Vec<&'s [u8]> {
    let mut pieces = Vec::new();
    while !stream.is_empty() {
        let (piece, rest) = stream.split_at(random.below(24).min(stream.len()));
        pieces.push(piece);
        stream = rest;
    }
    pieces
}

#[test]
fn damaged_streams_break_the_same_way_however_they_are_cut() {
    let mut random = Random(2026);
    for (format, seed) in seeds() {
        let (mut whole_streams, mut broken_streams) = (0, 0);
        for _ in 0..4000 {
            let aws = matches!(format, Format::AwsEventStream | Format::AwsEventStreamChunks);
            let stream = match aws && random.below(4) > 0 {
                // Damage that the checksums cover up.
                true => message_of_damage(&mut random),
                false => damaged(&mut random, &seed),
            };
            let most = if random.below(4) == 0 { random.below(60) } else { MOST };
            let whole = read(format, most, &[&stream]);
            let pieces = cut_at_random(&mut random, &stream);
            assert_eq!(read(format, most, &pieces), whole, "{format:?} {:?}", String::from_utf8_lossy(&stream));
            *(if whole.broken.is_some() { &mut broken_streams } else { &mut whole_streams }) += 1;
            for frame in &whole.frames {
                assert!(frame.bytes().len() <= most);
                assert!(frame.notes().all(|note| !note.is_empty()));
                if let Some(text) = frame.text() {
                    assert_eq!(frame.rewritten(text), frame.bytes());
                    assert_ne!(frame.rewritten(&format!("{text}!")), frame.bytes());
                }
            }
        }
        assert!(broken_streams > 200, "{format:?}: only {broken_streams} broke");
        assert!(whole_streams > 20, "{format:?}: only {whole_streams} held");
    }
}

#[test]
fn bytes_that_mean_nothing_break_nothing_else() {
    let mut random = Random(1);
    for format in [Format::Sse, Format::Lines, Format::AwsEventStream, Format::AwsEventStreamChunks, Format::JsonArray]
    {
        for _ in 0..500 {
            let stream: Vec<u8> = (0..random.below(80)).map(|_| random.below(256) as u8).collect();
            let pieces = cut_at_random(&mut random, &stream);
            let cut = read(format, MOST, &pieces);
            assert_eq!(cut, read(format, MOST, &[&stream]));
            assert_ne!(cut.broken, Some(Broken::TooLong));
        }
    }
}

/// One byte at a time costs as much as all at once, but for the calls: a frame of 4 MiB would take minutes if every push
/// looked at all of it again.
#[test]
fn a_long_frame_byte_by_byte_is_read_once() {
    let long = "x".repeat(4 << 20);
    let streams = [
        (Format::Sse, sse_event(None, &long)),
        (Format::Lines, format!("\"{long}\"\n").into_bytes()),
        (Format::JsonArray, format!("[\"{long}\"]").into_bytes()),
        (Format::AwsEventStream, aws_event(&[], long.as_bytes())),
    ];
    for (format, stream) in streams {
        let mut reader = weir_engine::stream::frames::Frames::new(format, usize::MAX);
        let mut frames = Vec::new();
        for byte in stream.chunks(1) {
            reader.push(byte, &mut frames).expect("valid");
        }
        reader.finish(&mut frames).expect("whole");
        let length = frames.iter().filter_map(|frame| frame.text()).map(str::len).max().unwrap_or_default();
        assert!(length >= long.len(), "{format:?}");
    }
}
