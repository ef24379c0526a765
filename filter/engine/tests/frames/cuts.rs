//! Runs a stream through its reader whole, cut in two at every place and byte by byte, holds the promise about bytes after
//! every push, and holds that the outcome is always the same.

use weir_engine::stream::frames::{Broken, Format, Frame, Frames};

/// Longer than every frame of these tests but those that are about length.
pub(crate) const MOST: usize = 1000;

#[derive(Debug, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) frames: Vec<Frame>,
    pub(crate) broken: Option<Broken>,
}

impl Outcome {
    /// The texts of the frames that have one.
    pub(crate) fn texts(&self) -> Vec<&str> {
        self.frames.iter().filter_map(Frame::text).collect()
    }

    /// The notes of all frames.
    pub(crate) fn notes(&self) -> Vec<&str> {
        self.frames.iter().flat_map(Frame::notes).collect()
    }

    /// The bytes of each frame.
    pub(crate) fn bytes(&self) -> Vec<&[u8]> {
        self.frames.iter().map(Frame::bytes).collect()
    }
}

/// What a reader makes of a stream, however it is cut.
pub(crate) fn outcome(format: Format, stream: &[u8]) -> Outcome {
    outcome_within(format, MOST, stream)
}

/// The same with a bound of one's own.
pub(crate) fn outcome_within(format: Format, most: usize, stream: &[u8]) -> Outcome {
    let whole = read(format, most, &[stream]);
    for at in 0..=stream.len() {
        let (first, second) = stream.split_at(at);
        assert_eq!(read(format, most, &[first, second]), whole, "{format:?} cut at {at} of {}", stream.len());
    }
    let single: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(read(format, most, &single), whole, "{format:?} byte by byte");
    whole
}

/// Pushes the pieces, then the end.
pub(crate) fn read(format: Format, most: usize, pieces: &[&[u8]]) -> Outcome {
    let (mut reader, mut frames) = (Frames::new(format, most), Vec::new());
    let mut pushed = Vec::new();
    let mut broken = None;
    for piece in pieces {
        let result = reader.push(piece, &mut frames);
        match broken {
            // Nothing is taken any more, and the error stays.
            Some(broken) => assert_eq!(result, Err(broken)),
            None => pushed.extend_from_slice(piece),
        }
        broken = result.err();
        assert_bytes(&frames, &reader, &pushed);
        assert!(broken.is_some() || reader.pending() <= most);
    }
    let result = reader.finish(&mut frames);
    assert!(broken.is_none() || result.err() == broken);
    assert_bytes(&frames, &reader, &pushed);
    assert_eq!(result.is_ok(), result.is_ok() && reader.pending() == 0);
    Outcome { frames, broken: result.err() }
}

fn assert_bytes(frames: &[Frame], reader: &Frames, pushed: &[u8]) {
    let all: Vec<u8> = frames.iter().flat_map(Frame::bytes).chain(reader.rest()).copied().collect();
    assert_eq!(all, pushed, "{reader:?} lost or made up bytes");
    assert_eq!(reader.pending(), reader.rest().len());
}

/// Puts a text into every frame that has one, one at a time, and holds that the stream then has that text in that place
/// and is the same everywhere else.
pub(crate) fn rewriting_changes_one_frame(format: Format, stream: &[u8], texts: &[&str]) {
    let before = read(format, usize::MAX, &[stream]);
    for (at, frame) in before.frames.iter().enumerate() {
        let Some(own) = frame.text() else {
            assert_eq!(frame.rewritten("x"), frame.bytes(), "a frame without text stays as it is");
            continue;
        };
        assert_eq!(frame.rewritten(own), frame.bytes(), "the same text is the same frame");
        for text in texts {
            let mut pieces = before.bytes();
            let rewritten = frame.rewritten(text);
            pieces[at] = &rewritten;
            let after = read(format, usize::MAX, &[&pieces.concat()]);
            assert_eq!(after.broken, before.broken, "{text:?}");
            assert_eq!(after.bytes(), pieces, "{text:?} in frame {at}");
            for (number, (before, after)) in before.frames.iter().zip(&after.frames).enumerate() {
                let expected = if number == at { Some(*text) } else { before.text() };
                assert_eq!(after.text(), expected, "frame {number} after {text:?} in frame {at}");
                assert_eq!(after.name(), before.name());
                assert_eq!(after.error(), before.error());
                assert!(after.notes().eq(before.notes()), "notes of frame {number}");
            }
        }
    }
}
