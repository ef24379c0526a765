//! What an encoder flushed comes out as soon as it has come, however it is cut.

use super::*;

#[test]
fn an_event_comes_out_with_its_flush() {
    let events = Dice(5).events(60);
    for level in [-7, -1, 1, 3, 6, 12, 19] {
        for sum in [false, true] {
            let parameters = [CParameter::CompressionLevel(level), CParameter::ChecksumFlag(sum)];
            for size in [1, 2, 3, 5, 16, 1_000] {
                let mut encoder = encoder(&parameters, None);
                let mut decoder = Zstd::new();
                for (number, event) in events.iter().enumerate() {
                    encoder.write_all(event).and_then(|()| encoder.flush()).expect("memory can be written to");
                    let mut out = Vec::new();
                    for piece in std::mem::take(encoder.get_mut()).chunks(size) {
                        decoder.push(piece, &mut out, ROOM).expect("it is a frame");
                    }
                    assert!(out == *event, "event {number}, {parameters:?}, in pieces of {size}");
                    assert_eq!(decoder.finish(), Err(Broken::Syntax), "it is not the end");
                }
                let mut out = Vec::new();
                decoder.push(&encoder.finish().expect("it is all"), &mut out, ROOM).expect("it is the end");
                assert_eq!((out, decoder.finish()), (Vec::new(), Ok(())));
            }
        }
    }
}

#[test]
fn a_block_comes_out_with_its_last_byte() {
    // Twenty blocks, of which none may wait for the window to fill.
    let text = Dice(6).words(20 << 10);
    let frame = encoded(&text, &[CParameter::MaxBlockSize(1_024), CParameter::WindowLog(23)], false);
    let (mut decoder, mut out, mut steps) = (Zstd::new(), Vec::new(), 0);
    for byte in &frame {
        let before = out.len();
        decoder.push(std::slice::from_ref(byte), &mut out, ROOM).expect("it is a frame");
        steps += usize::from(out.len() > before);
    }
    assert!(out == text);
    assert!(steps >= 20, "{steps}");
}

#[test]
fn a_frame_is_read_however_it_is_cut_and_never_taken_for_whole_too_early() {
    let mut dice = Dice(9);
    for text in [Vec::new(), b"x".to_vec(), vec![b'x'; 900], dice.noise(300), dice.words(2_000), dice.skewed(2_500)] {
        for sum in [false, true] {
            for knows_size in [false, true] {
                let parameters = [CParameter::ChecksumFlag(sum), CParameter::WindowLog(10)];
                let frame = encoded(&text, &parameters, knows_size);
                for at in 0..=frame.len() {
                    let (begin, end) = frame.split_at(at);
                    assert!(pieces([begin, end]).as_ref() == Ok(&text), "cut at {at}");
                    if !end.is_empty() {
                        assert_eq!(pieces([begin]), Err(Broken::Syntax), "ended at {at}");
                    }
                }
                for size in 1..50 {
                    assert!(decoded(&frame, size).as_ref() == Ok(&text), "in pieces of {size}");
                }
            }
        }
    }
}
