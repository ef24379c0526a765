//! Frames in which something was changed: what is read all the same, the decoder in C reads too, and as the same text.

use super::*;

/// Frames of every kind of block, literals and codes, as short as they can be.
fn frames() -> Vec<Vec<u8>> {
    let mut dice = Dice(3);
    let runs = (0..2_000).map(|at| b"aaab"[at / 17 % 4]).collect();
    let texts: [Vec<u8>; 8] = [
        dice.words(60),
        dice.words(900),
        dice.words(2_500),
        dice.skewed(1_500),
        dice.events(6).concat(),
        vec![b'z'; 3_000],
        runs,
        [dice.noise(40), dice.words(400), dice.skewed(300)].concat(),
    ];
    let level = CParameter::CompressionLevel;
    let parameters = [
        vec![level(1)],
        vec![level(-1)],
        vec![level(19)],
        vec![level(3), CParameter::MaxBlockSize(1_024)],
        vec![level(1), CParameter::ChecksumFlag(true)],
    ];
    let frame = |text: &Vec<u8>| -> Vec<_> {
        (0..).zip(&parameters).map(|(number, parameters)| encoded(text, parameters, number % 2 == 0)).collect()
    };
    texts.iter().flat_map(frame).collect()
}

/// Whether it is read. What is read here, both decoders in C read, and to the same.
fn is_read_as_in_c(frame: &[u8], what: impl Fn() -> String) -> bool {
    let own = decoded(frame, frame.len());
    assert!(own == decoded(frame, 7), "the cuts change what comes out: {}", what());
    let Ok(own) = own else { return false };
    for other in decoded_in_c(frame) {
        assert!(other.as_ref() == Some(&own), "read as {} bytes: {}", own.len(), what());
    }
    true
}

#[test]
fn a_changed_byte_is_read_as_in_c_or_not_at_all() {
    let mut read = 0;
    for frame in frames() {
        for at in 0..frame.len() {
            for change in [1, 2, 4, 8, 16, 32, 64, 128, 0xFF] {
                let mut changed = frame.clone();
                changed[at] ^= change;
                read += usize::from(is_read_as_in_c(&changed, || format!("{at} ^ {change} of {frame:02x?}")));
            }
        }
    }
    assert!(read > 10_000, "{read}: most of these frames have no checksum");
}

#[test]
fn bytes_put_in_or_taken_out_are_read_as_in_c_or_not_at_all() {
    let mut dice = Dice(4);
    let frames = frames();
    for number in 0..30_000 {
        let mut changed = frames[number % frames.len()].clone();
        for _ in 0..1 + dice.roll(3) {
            // Where most is decided: in the headers.
            let within = if dice.roll(2) == 0 { changed.len() } else { changed.len().min(40) };
            let at = dice.roll(within.max(1));
            match dice.roll(3) {
                0 if at < changed.len() => drop(changed.remove(at)),
                1 => changed.insert(at.min(changed.len()), dice.roll(256) as u8),
                _ if at < changed.len() => changed[at] = dice.roll(256) as u8,
                _ => {}
            }
        }
        is_read_as_in_c(&changed, || format!("{changed:02x?}"));
    }
}
