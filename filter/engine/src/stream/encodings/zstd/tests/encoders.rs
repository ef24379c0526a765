//! Whatever the encoder in C writes, with whatever settings.

use zstd::zstd_safe::{ParamSwitch, Strategy};

use super::*;

/// Texts that end up in different kinds of blocks, literals and codes. None is longer than `most`.
fn texts(most: usize) -> Vec<(&'static str, Vec<u8>)> {
    let mut dice = Dice(77);
    let far = dice.noise(most / 3);
    let mut mixed = Vec::new();
    while mixed.len() < most {
        let len = 1 + dice.roll(20_000);
        match dice.roll(4) {
            0 => mixed.extend(dice.noise(len)),
            1 => mixed.extend(dice.words(len)),
            2 => mixed.extend(vec![dice.roll(256) as u8; len]),
            _ => mixed.extend_from_within(mixed.len() / 3..mixed.len() / 3 + len.min(mixed.len() / 2)),
        }
    }
    mixed.truncate(most);
    let mut texts = vec![
        ("empty", Vec::new()),
        ("one byte", b"x".to_vec()),
        ("noise", dice.noise(most)),
        ("words", dice.words(most)),
        ("skewed", dice.skewed(most)),
        ("zeros", vec![0; most]),
        ("runs", (0..most).map(|at| (at / 700) as u8).collect()),
        ("period of three", b"abc".iter().copied().cycle().take(most).collect()),
        ("two letters", (0..most).map(|_| b'a' + dice.roll(2) as u8).collect()),
        ("far repetition", [far.as_slice(), &dice.words(most / 3), &far].concat()),
        ("json", dice.events(most / 100).concat().into_iter().take(most).collect()),
        ("mixed", mixed),
    ];
    for len in [2, 3, 5, 6, 7, 8, 20, 63, 64, 65, 255, 256, 257, 1_023, 1_024, 1_025] {
        texts.push(("few words", dice.words(len)));
        texts.push(("few bytes", dice.noise(len)));
    }
    texts
}

fn holds(name: &str, text: &[u8], parameters: &[CParameter], knows_size: bool) {
    let frame = encoded(text, parameters, knows_size);
    let same = decoded(&frame, frame.len()).is_ok_and(|out| out == text);
    assert!(same, "{name} of {} bytes, {parameters:?}, size told: {knows_size}", text.len());
}

#[test]
fn every_level_is_read() {
    for (name, text) in texts(150_000) {
        for level in (-7..=22).chain([-100, -100_000]) {
            holds(name, &text, &[CParameter::CompressionLevel(level)], true);
        }
    }
    // Beyond level 19 the window is larger than HTTP allows, where the encoder does not know that the text is shorter.
    for (name, text) in texts(2_000) {
        for level in -7..=19 {
            let most = CParameter::WindowLog(18);
            holds(name, &text, &[CParameter::CompressionLevel(level), most], false);
        }
    }
}

#[test]
fn every_setting_is_read() {
    let (sum, level) = (CParameter::ChecksumFlag(true), CParameter::CompressionLevel);
    let settings: Vec<Vec<CParameter>> = vec![
        vec![sum],
        vec![sum, CParameter::ContentSizeFlag(false)],
        vec![sum, level(-5), CParameter::LiteralCompressionMode(ParamSwitch::Enable)],
        vec![level(3), CParameter::LiteralCompressionMode(ParamSwitch::Disable)],
        vec![level(19), CParameter::UseBlockSplitter(ParamSwitch::Enable)],
        vec![level(3), CParameter::UseBlockSplitter(ParamSwitch::Enable)],
        vec![level(1), CParameter::MaxBlockSize(1_024)],
        vec![level(7), CParameter::MaxBlockSize(5_000)],
        vec![level(1), CParameter::TargetCBlockSize(1_340)],
        vec![level(12), CParameter::TargetCBlockSize(2_000), sum],
        vec![level(9), CParameter::EnableLongDistanceMatching(true), CParameter::WindowLog(23)],
        vec![level(17), CParameter::MinMatch(3), CParameter::TargetLength(999)],
        vec![level(5), CParameter::MinMatch(7)],
    ];
    for (name, text) in texts(200_000) {
        for parameters in &settings {
            holds(name, &text, parameters, false);
            holds(name, &text, parameters, true);
        }
        for strategy in [
            Strategy::ZSTD_fast,
            Strategy::ZSTD_dfast,
            Strategy::ZSTD_greedy,
            Strategy::ZSTD_lazy,
            Strategy::ZSTD_lazy2,
            Strategy::ZSTD_btlazy2,
            Strategy::ZSTD_btopt,
        ] {
            holds(name, &text, &[CParameter::Strategy(strategy), sum], true);
        }
    }
}

#[test]
fn texts_beyond_the_window_are_read() {
    for (name, text) in texts(400_000) {
        for window in 10..=18 {
            for level in [-3, 1, 4, 16] {
                let parameters = [CParameter::CompressionLevel(level), CParameter::WindowLog(window)];
                if level < 16 || text.len() < 10_000 || window % 4 == 0 {
                    holds(name, &text, &parameters, level == 1);
                }
            }
        }
    }
}

#[test]
fn the_largest_window_is_read_and_no_larger_one() {
    let mut dice = Dice(8);
    let begin = dice.noise(1 << 17);
    // What the end repeats is just within the window, or just beyond it.
    for between in [(8 << 20) - (1 << 17), (8 << 20) - (1 << 16)] {
        let text = [begin.as_slice(), &vec![b'-'; between], &begin, &dice.words(5 << 20)].concat();
        let long =
            [CParameter::WindowLog(23), CParameter::EnableLongDistanceMatching(true), CParameter::ChecksumFlag(true)];
        holds("far", &text, &long, false);
        holds("far", &text, &long, true);
        let frame = encoded(&text, &[CParameter::WindowLog(24)], false);
        assert_eq!(decoded(&frame, frame.len()), Err(Broken::Syntax));
    }
}

#[test]
fn what_several_threads_write_is_read() {
    let text = texts(1_500_000).swap_remove(11).1;
    for level in [1, 5] {
        for sum in [false, true] {
            let parameters = [
                CParameter::CompressionLevel(level),
                CParameter::NbWorkers(2),
                CParameter::JobSize(512 << 10),
                CParameter::ChecksumFlag(sum),
            ];
            holds("mixed", &text, &parameters, level == 1);
        }
    }
}

#[test]
fn memory_grows_with_what_comes_and_stays_within_the_window() {
    let text = texts(600_000).swap_remove(3).1;
    let held = |frame: &[u8], end: usize| {
        let (mut decoder, mut out) = (Zstd::new(), Vec::new());
        decoder.push(&frame[..end], &mut out, ROOM).expect("it is a frame");
        (decoder.frame.map_or(0, |frame| frame.window.held()), out.len())
    };
    let frame = encoded(&text, &[CParameter::WindowLog(23)], false);
    for end in [6, 20, 1_000, frame.len() / 2, frame.len() - 1] {
        let (held, decoded) = held(&frame, end);
        assert!(held <= decoded.max(64) * 2 + (128 << 10), "{held} bytes for {decoded}");
    }
    for log in [10, 14, 17] {
        let frame = encoded(&text, &[CParameter::WindowLog(log)], false);
        let (held, _) = held(&frame, frame.len() - 1);
        let (window, block) = (1 << log, 1 << log.min(17));
        assert!(held <= window + window / 2 + 2 * block, "{held} bytes for a window of {window}");
    }
}
