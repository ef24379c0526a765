//! Blocks made by hand whose codes, sequences or offsets are not what they must be, or just are.

use super::by_hand::*;
use super::*;

/// The description of a distribution in which one symbol has all there is: its accuracy, and the symbols before it.
fn sure(log: u32, before: u32) -> Vec<u8> {
    let mut bits: Vec<bool> = (0..4).map(|at| (log - 5) >> at & 1 == 1).collect();
    if before > 0 {
        // A share of 0 is the value 1, in as many bits as the accuracy; how many follow comes in steps of 3.
        bits.extend((0..log).map(|at| at == 0));
        let more = before - 1;
        bits.extend((0..more / 3).flat_map(|_| [true, true]));
        bits.extend([more % 3 == 1, more % 3 == 2]);
    }
    bits.extend((0..=log).map(|_| true));
    bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit))).collect()
}

/// One literal, and one sequence that takes it and repeats it three times.
fn sequence(section: &[&[u8]]) -> Vec<u8> {
    compressed(&[&literals(b"a"), &section.concat()])
}

#[test]
fn sequences_that_are_not_what_their_header_says() {
    read(&sequence(&[&[1, SINGLE, 1, 0, 0, NO_BITS]]), b"aaaa");
    // The number of them: none, in one byte of two, 0 in two bytes, 1 in two bytes, in two of three.
    refused(&sequence(&[]));
    refused(&sequence(&[&[128]]));
    refused(&sequence(&[&[128, 0]]));
    refused(&sequence(&[&[128, 0, SINGLE, 1, 0, 0, NO_BITS]]));
    read(&sequence(&[&[128, 1, SINGLE, 1, 0, 0, NO_BITS]]), b"aaaa");
    refused(&sequence(&[&[255, 0]]));
    refused(&sequence(&[&[255, 0, 0, SINGLE, 1, 0, 0, NO_BITS]]));
    // Something behind none of them.
    read(&sequence(&[&[0]]), b"a");
    refused(&sequence(&[&[0, 0]]));
    // The kinds of codes: none, bits without a meaning, cut short.
    refused(&sequence(&[&[1]]));
    refused(&sequence(&[&[1, SINGLE | 1, 1, 0, 0, NO_BITS]]));
    refused(&sequence(&[&[1, SINGLE | 2, 1, 0, 0, NO_BITS]]));
    refused(&sequence(&[&[1, SINGLE]]));
    refused(&sequence(&[&[1, SINGLE, 1, 0]]));
    // Codes that there are not.
    refused(&sequence(&[&[1, SINGLE, 36, 0, 0, NO_BITS]]));
    refused(&sequence(&[&[1, SINGLE, 1, 32, 0], &[1; 8]]));
    refused(&sequence(&[&[1, SINGLE, 1, 0, 53, NO_BITS]]));
    for code in 0..=255_u8 {
        // An offset beyond all that came, in all the bits that it takes.
        let bits = backwards(&vec![(1, 1); usize::from(code)]);
        if code > 1 {
            refused(&sequence(&[&[1, SINGLE, 1, code, 0], &bits]));
        }
    }
    // The bits: one too many, a byte too many, no start, none at all, one too few.
    refused(&sequence(&[&[1, SINGLE, 1, 0, 0, 2]]));
    refused(&sequence(&[&[1, SINGLE, 1, 0, 0, NO_BITS, NO_BITS]]));
    refused(&sequence(&[&[1, SINGLE, 1, 0, 0, 0]]));
    refused(&sequence(&[&[1, SINGLE, 1, 0, 0, NO_BITS, 0]]));
    refused(&sequence(&[&[1, SINGLE, 1, 0, 0]]));
    read(&sequence(&[&[1, SINGLE, 1, 0, 32, 2]]), &[b'a'; 36]);
    refused(&sequence(&[&[1, SINGLE, 1, 0, 32, NO_BITS]]));
    // More literals than there are.
    refused(&sequence(&[&[1, SINGLE, 2, 0, 0, NO_BITS]]));
    refused(&sequence(&[&[2, SINGLE, 1, 0, 0, NO_BITS]]));
}

#[test]
fn codes_that_were_never_written() {
    // Each kind alone repeats the one of a block before, and there is none.
    for mode in [0b1101_0100, 0b0111_0100, 0b0101_1100] {
        refused(&sequence(&[&[1, mode, 0, 0, NO_BITS]]));
        refused(&sequence(&[&[1, mode, 1, 0, NO_BITS]]));
    }
    let two = |first: &[u8], second: &[u8]| {
        let first = [&literals(b"a"), first].concat();
        let second = [&literals(b"b"), second].concat();
        frame(&LARGE, &[&block(false, COMPRESSED, first.len(), &first), &last(COMPRESSED, &second)])
    };
    let again = [1, 0b1111_1100, NO_BITS];
    read(&two(&[1, SINGLE, 1, 0, 0, NO_BITS], &again), b"aaaabbbb");
    // A block without sequences has no codes.
    refused(&two(&[0], &again));
    // Those that the format gives, and the same again. The states are of one literal, the last offset, three bytes.
    let given = backwards(&[(2, 6), (0, 5), (0, 6)]);
    read(&two(&[&[1, 0], given.as_slice()].concat(), &[&again[..2], &given].concat()), b"aaaabbbb");
}

#[test]
fn distributions_that_are_too_fine_or_too_long() {
    let lengths = |log| sequence(&[&[1, 0b1001_0100], &sure(log, 1), &[0, 0], &backwards(&[(0, log as usize)])]);
    let offsets = |log| sequence(&[&[1, 0b0110_0100, 1], &sure(log, 0), &[0], &backwards(&[(0, log as usize)])]);
    let matches = |log| sequence(&[&[1, 0b0101_1000, 1, 0], &sure(log, 0), &backwards(&[(0, log as usize)])]);
    for log in 5..=9 {
        read(&lengths(log), b"aaaa");
        read(&matches(log), b"aaaa");
    }
    for log in 5..=8 {
        read(&offsets(log), b"aaaa");
    }
    refused(&offsets(9));
    for log in 10..=20 {
        refused(&lengths(log));
        refused(&offsets(log));
        refused(&matches(log));
    }
    // The last code that there is, and one more.
    let run =
        |section: &[&[u8]]| compressed(&[&(0b1101_u32 | 65_536 << 4).to_le_bytes()[..3], b"a", &section.concat()]);
    let longest = |before| run(&[&[1, 0b1001_0100], &sure(5, before), &[0, 0], &backwards(&[(0, 16 + 5)])]);
    read(&longest(35), &[b'a'; 65_539]);
    refused(&longest(36));
    let longest = |before| sequence(&[&[1, 0b0101_1000, 1, 0], &sure(5, before), &backwards(&[(0, 16 + 5)])]);
    read(&longest(52), &[b'a'; 65_540]);
    refused(&longest(53));
    refused(&sequence(&[&[1, 0b0110_0100, 1], &sure(5, 32), &[0], &backwards(&[(0, 32), (0, 5)])]));
    // Cut short.
    for len in 0..4 {
        refused(&sequence(&[&[1, 0b0101_1000, 1, 0], &sure(9, 40)[..len]]));
    }
}

#[test]
fn offsets_that_lead_nowhere() {
    let after = |head: [u8; 2], before: &[u8], section: &[u8]| {
        let blocks: Vec<_> = before.chunks(1_024).map(|chunk| block(false, RAW, chunk.len(), chunk)).collect();
        frame(&head, &[&blocks.concat(), &last(COMPRESSED, &[&[0], section].concat())])
    };
    let one = |code: u8, value: u32| [&[1, SINGLE, 0, code, 0], backwards(&[(value, code.into())]).as_slice()].concat();
    // Without literals the value 1 is the second last offset, 2 the third last, 3 the last less 1, which is 0 here.
    read(&after(LARGE, b"abcdefgh", &one(0, 0)), b"abcdefghefg");
    read(&after(LARGE, b"abcdefgh", &one(1, 0)), b"abcdefghabc");
    refused(&after(LARGE, b"abcdefg", &one(1, 0)));
    refused(&after(LARGE, b"abcdefgh", &one(1, 1)));
    let two = [&[2, SINGLE, 0, 1, 0], backwards(&[(0, 1), (1, 1)]).as_slice()].concat();
    read(&after(LARGE, b"abcdefgh", &two), b"abcdefghabcefg");
    // Any other value is an offset and 3: up to what came, and up to the window.
    read(&after(LARGE, b"abcd", &one(2, 3)), b"abcdabc");
    refused(&after(LARGE, b"abc", &one(2, 3)));
    let text = Dice(1).noise(2_048);
    read(&after(SMALL, &text, &one(10, 3)), &[&text, &text[1_024..1_027]].concat());
    refused(&after(SMALL, &text, &one(10, 4)));
    // As far as the largest window, and nearly twice as far.
    refused(&after(LARGE, &text, &one(23, 3)));
    refused(&after(LARGE, &text, &one(23, (1 << 23) - 1)));
    for code in 24..=31 {
        let bits = backwards(&[(0, code)]);
        refused(&after(LARGE, &text, &[&[1, SINGLE, 0, code as u8, 0], bits.as_slice()].concat()));
    }
}

#[test]
fn trees_that_are_none() {
    let with = |tree: &[u8], codes: &[u8]| compressed(&[&coded(2, false, 2, &[tree, codes].concat()), &[0]]);
    let count = |count: u8| 127 + count;
    let two = backwards(&[(1, 1), (0, 1)]);
    read(&with(&[count(1), 0x10], &two), &[1, 0]);
    // Of codes of up to 11 bits, and of 12.
    let deep: &[u8] = &[count(11), 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10];
    read(&with(deep, &backwards(&[(1, 11), (1, 1)])), &[11, 0]);
    refused(&with(&[count(3), 0xBB, 0x10], &backwards(&[(1, 11), (1, 1)])));
    refused(&with(&[count(12), 0xCB, 0xA9, 0x87, 0x65, 0x43, 0x21], &backwards(&[(1, 12), (1, 1)])));
    // No weight at all, none that is not 0, one that is too large, none of full length, a rest that is no power of two.
    refused(&with(&[count(1)], &[]));
    refused(&with(&[count(2), 0x00], &two));
    refused(&with(&[count(2), 0xC1], &two));
    refused(&with(&[count(1), 0x20], &two));
    refused(&with(&[count(2), 0x13], &two));
    refused(&with(&[255, 0x11], &two));
    // Weights in a code of their own: none, of one symbol without an end, too fine, of weights that are too large, cut short.
    let coded = |description: &[u8], bits: &[u8]| {
        let len = (description.len() + bits.len()) as u8;
        with(&[&[len], description, bits].concat(), &two)
    };
    refused(&coded(&[], &[]));
    refused(&coded(&sure(5, 1), &backwards(&[(0, 10)])));
    refused(&coded(&sure(6, 1), &backwards(&[(0, 12)])));
    refused(&coded(&sure(7, 1), &backwards(&[(0, 14)])));
    refused(&coded(&sure(5, 12), &backwards(&[(0, 10)])));
    refused(&coded(&sure(5, 1), &[0]));
    refused(&coded(&sure(5, 1), &[]));
    refused(&coded(&sure(5, 1), &backwards(&[(0, 9)])));
    refused(&with(&[100, 0xF0], &two));
}
