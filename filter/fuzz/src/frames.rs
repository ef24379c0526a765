//! Streams to frames.

use weir_engine::stream::frames::{Broken, Format, Frame, Frames};

use crate::cuts::Cuts;

/// Reads a stream whole and cut, and holds that both give the same frames, that no byte is lost or made up, and that a
/// frame with another text is a frame with that text. The first two bytes choose the cuts, the third how long a frame may
/// be.
pub fn frames(format: Format, data: &[u8]) {
    let [first, second, most, stream @ ..] = data else { return };
    let most = if *most < 64 { usize::from(*most) } else { usize::MAX };
    let (whole, broken) = read(format, most, std::iter::once(stream));
    let pieces = Cuts::new(stream, [*first, *second]);
    let cut = read(format, most, pieces);
    assert!((&cut.0, cut.1) == (&whole, broken), "the cuts change the frames");
    for (at, frame) in whole.iter().enumerate() {
        assert!(frame.bytes().len() <= most);
        assert!(frame.notes().all(|note| !note.is_empty()));
        rewritten(format, frame, at == 0);
    }
}

/// The same for AWS messages. Where the first byte is odd, what follows the first three is taken for headers and payloads
/// in turn, each after a byte that tells its length, and made into messages whose checksums are right.
pub fn messages(format: Format, data: &[u8]) {
    let Some((head @ [kind, ..], mut rest)) = data.split_first_chunk::<3>() else { return };
    if kind & 1 == 0 {
        return frames(format, data);
    }
    let mut stream = head.to_vec();
    while !rest.is_empty() {
        let headers = piece(&mut rest);
        let payload = piece(&mut rest);
        stream.extend(message(headers, payload));
    }
    frames(format, &stream);
}

fn piece<'b>(bytes: &mut &'b [u8]) -> &'b [u8] {
    let Some((length, rest)) = bytes.split_first() else { return &[] };
    let (piece, rest) = rest.split_at(usize::from(*length).min(rest.len()));
    *bytes = rest;
    piece
}

fn message(headers: &[u8], payload: &[u8]) -> Vec<u8> {
    let lengths = [headers.len() + payload.len() + 16, headers.len()].map(|length| length as u32);
    let mut message = lengths.map(u32::to_be_bytes).concat();
    message.extend(crc32(&message).to_be_bytes());
    message.extend_from_slice(headers);
    message.extend_from_slice(payload);
    message.extend(crc32(&message).to_be_bytes());
    message
}

/// Bit by bit, for a second opinion.
fn crc32(bytes: &[u8]) -> u32 {
    let bit = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), bit))
}

fn read<'s>(format: Format, most: usize, pieces: impl Iterator<Item = &'s [u8]>) -> (Vec<Frame>, Option<Broken>) {
    let (mut reader, mut frames, mut broken) = (Frames::new(format, most), Vec::new(), None);
    // How many bytes have been pushed, and how many of them are in frames that were compared with them.
    let (mut pushed, mut framed, mut compared) = (Vec::new(), 0, 0);
    let mut hold = |frames: &[Frame], reader: &Frames, pushed: &[u8]| {
        for frame in &frames[compared..] {
            assert!(pushed[framed..].starts_with(frame.bytes()), "a frame is not what came");
            framed += frame.bytes().len();
        }
        compared = frames.len();
        assert!(pushed[framed..] == *reader.rest(), "bytes are lost or made up");
    };
    for piece in pieces {
        let result = reader.push(piece, &mut frames);
        if broken.is_some() {
            assert!(result.err() == broken, "an error went away");
            continue;
        }
        broken = result.err();
        pushed.extend_from_slice(piece);
        hold(&frames, &reader, &pushed);
    }
    let end = reader.finish(&mut frames).err();
    hold(&frames, &reader, &pushed);
    assert!(broken.is_none() || end == broken);
    assert!(end.is_some() || reader.pending() == 0);
    (frames, end)
}

/// Another text in the place of a frame's own is read back from it.
fn rewritten(format: Format, frame: &Frame, first: bool) {
    let Some(text) = frame.text() else {
        return assert!(frame.rewritten("x") == frame.bytes());
    };
    assert!(frame.rewritten(text) == frame.bytes());
    let new = match format {
        Format::Sse => [text, "\n x\n", text].concat(),
        Format::JsonArray => "[\"]\"]".to_owned(),
        Format::Lines | Format::AwsEventStream | Format::AwsEventStreamChunks => format!("x{text}"),
    };
    // An element stands in an array; an event that begins with the rest of a line end needs that line.
    let (before, after) = match format {
        Format::JsonArray if frame.bytes().trim_ascii_start().starts_with(b",") => ("[0", "]"),
        Format::JsonArray => ("[", "]"),
        Format::Sse if frame.bytes().starts_with(b"\n") => ("\r\r", ""),
        // Only at the start of the stream is a byte order mark one.
        Format::Sse if !first => ("\n", ""),
        _ => ("", ""),
    };
    let stream = [before.as_bytes(), &frame.rewritten(&new), after.as_bytes()].concat();
    let (frames, broken) = read(format, usize::MAX, std::iter::once(stream.as_slice()));
    assert!(broken.is_none(), "a rewritten frame is broken");
    let texts: Vec<&str> = frames.iter().filter_map(Frame::text).filter(|text| *text != "0").collect();
    let expected = if format == Format::Lines { new.replace('\r', " ") } else { new };
    assert!(texts == [expected.as_str()], "a rewritten frame has another text");
}
