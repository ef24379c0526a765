//! Frames made by hand, byte by byte: each does one thing that a frame must not do, or nearly does.

use super::by_hand::*;
use super::*;

#[test]
fn headers_that_ask_for_what_is_not_given() {
    let end = last(RAW, b"x");
    let with = |head: &[u8]| frame(head, &[&end]);
    read(&with(&SMALL), b"x");
    refused(b"");
    for magic in
        [[0x27, 0xB5, 0x2F, 0xFD], [0x1E, 0xB5, 0x2F, 0xFD], [0x50, 0x2A, 0x4D, 0x18], [0x5F, 0x2A, 0x4D, 0x18]]
    {
        refused(&[&magic, SMALL.as_slice(), &end].concat());
    }
    // A frame that is skipped, before one that is not.
    refused(&[&[0x50, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, b'x'], with(&SMALL).as_slice()].concat());
    // The reserved bit, and the unused one.
    refused(&with(&[0b0000_1000, 0]));
    refused(&with(&[0b0001_0000, 0]));
    // Windows of 8 MiB, of an eighth more, and of the most that can be written.
    read(&with(&LARGE), b"x");
    refused(&with(&[0, 13 << 3 | 1]));
    refused(&with(&[0, 0xFF]));
    // Dictionaries in one, two and four bytes. 0 is none.
    for (flag, id) in [(1, [7].as_slice()), (2, &[0, 7]), (3, &[0, 0, 0, 7])] {
        refused(&with(&[&[flag, 0], id].concat()));
        read(&with(&[&[flag, 0], vec![0; id.len()].as_slice()].concat()), b"x");
    }
    // A single segment is as large as the content: 8 MiB at most.
    let run = |size: u32| {
        let blocks: Vec<_> = (0..64).map(|_| block(false, RUN, 128 << 10, b"-")).collect();
        let more = block(true, RUN, size as usize - (8 << 20), b"-");
        frame(&[&[0b1010_0000], size.to_le_bytes().as_slice()].concat(), &[&blocks.concat(), &more])
    };
    read(&run(8 << 20), &vec![b'-'; 8 << 20]);
    refused(&run((8 << 20) + 1));
}

#[test]
fn content_that_is_not_as_long_as_was_said() {
    let single = |size: u8, blocks: &[&[u8]]| frame(&[0b0010_0000, size], blocks);
    read(&single(3, &[&last(RAW, b"abc")]), b"abc");
    read(&single(0, &[&last(RAW, b"")]), b"");
    refused(&single(2, &[&last(RAW, b"abc")]));
    refused(&single(4, &[&last(RAW, b"abc")]));
    refused(&single(0, &[&last(RAW, b"a")]));
    refused(&single(3, &[&block(false, RAW, 3, b"abc"), &last(RAW, b"d")]));
    // In two, four and eight bytes, beside a window.
    let with = |head: &[u8]| frame(head, &[&block(true, RUN, 300, b"a")]);
    read(&with(&[0b0100_0000, 0, 44, 0]), &[b'a'; 300]);
    refused(&with(&[0b0100_0000, 0, 45, 0]));
    read(&with(&[0b1000_0000, 0, 44, 1, 0, 0]), &[b'a'; 300]);
    refused(&with(&[0b1000_0000, 0, 44, 0, 0, 0]));
    read(&with(&[0b1100_0000, 0, 44, 1, 0, 0, 0, 0, 0, 0]), &[b'a'; 300]);
    refused(&with(&[0b1100_0000, 0, 44, 1, 0, 0, 0, 0, 0, 1]));
    refused(&with(&[0b1100_0000, 0, 255, 255, 255, 255, 255, 255, 255, 255]));
}

#[test]
fn checksums_and_ends() {
    let sum = (Xxh64::new().digest() as u32).to_le_bytes();
    let empty = frame(&[0b0000_0100, 0], &[&last(RAW, b"")]);
    read(&[empty.as_slice(), &sum].concat(), b"");
    refused(&empty);
    refused(&[empty.as_slice(), &sum[..3]].concat());
    refused(&[empty.as_slice(), &sum, b"\0"].concat());
    for at in 0..4 {
        let mut other = sum;
        other[at] ^= 1;
        refused(&[empty.as_slice(), &other].concat());
    }
    let whole = frame(&SMALL, &[&last(RAW, b"x")]);
    refused(&[whole.as_slice(), &whole].concat());
    refused(&[whole.as_slice(), b"\0"].concat());
    refused(&frame(&SMALL, &[&block(false, RAW, 1, b"x")]));
}

#[test]
fn blocks_that_are_too_large_or_none() {
    let of = |head: [u8; 2], kind, size, bytes: &[u8]| frame(&head, &[&block(true, kind, size, bytes)]);
    read(&of(SMALL, RAW, 1_024, &[b'a'; 1_024]), &[b'a'; 1_024]);
    refused(&of(SMALL, RAW, 1_025, &[b'a'; 1_025]));
    read(&of(SMALL, RUN, 1_024, b"a"), &[b'a'; 1_024]);
    refused(&of(SMALL, RUN, 1_025, b"a"));
    read(&of(LARGE, RUN, 128 << 10, b"a"), &[b'a'; 128 << 10]);
    refused(&of(LARGE, RUN, (128 << 10) + 1, b"a"));
    refused(&of(LARGE, RAW, (128 << 10) + 1, &[b'a'; (128 << 10) + 1]));
    refused(&of(SMALL, 3, 1, b"a"));
    refused(&of(SMALL, COMPRESSED, 0, b""));
    read(&of(SMALL, COMPRESSED, 2, b"\0\0"), b"");
    // Literals of one byte, repeated: as many as a block may make, and one more.
    let run = |count: u32| [&(0b1101 | count << 4).to_le_bytes()[..3], b"a\0"].concat();
    let with = |head: [u8; 2], count| frame(&head, &[&last(COMPRESSED, &run(count))]);
    read(&with(SMALL, 1_024), &[b'a'; 1_024]);
    refused(&with(SMALL, 1_025));
    read(&with(LARGE, 128 << 10), &[b'a'; 128 << 10]);
    refused(&with(LARGE, (128 << 10) + 1));
    // A match of 65 539 + 65 535 bytes; its offset is the last one, 1.
    let long =
        |extra: u32, literals: &[u8]| compressed(&[literals, &[1, SINGLE, 1, 0, 52], &backwards(&[(extra, 16)])]);
    read(&long(65_532, &literals(b"a")), &[b'a'; 128 << 10]);
    refused(&long(65_533, &literals(b"a")));
    refused(&long(65_532, &literals(b"ab")));
}

#[test]
fn literals_that_are_not_what_their_header_says() {
    let sections = |section: &[u8]| compressed(&[section, &[0]]);
    read(&sections(&literals(b"abc")), b"abc");
    refused(&compressed(&[&[4 << 3], b"abc"]));
    refused(&compressed(&[&[0b0100]]));
    // Four symbols of two bits: weights 1, 1, 1 are written, for the bytes 0 to 2; that of 3 follows.
    let tree: &[u8] = &[127 + 3, 0x11, 0x10];
    let codes = backwards(&[(3, 2), (0, 2), (1, 2), (2, 2)]);
    let one = |codes: &[u8]| sections(&coded(2, false, 4, &[tree, codes].concat()));
    read(&one(&codes), &[3, 0, 1, 2]);
    // One code more, one less, none, no start.
    refused(&one(&backwards(&[(3, 2), (0, 2), (1, 2), (2, 2), (1, 2)])));
    refused(&one(&backwards(&[(3, 2), (0, 2), (1, 2)])));
    refused(&one(&[]));
    refused(&one(&[codes.as_slice(), &[0]].concat()));
    refused(&one(&[&[0], codes.as_slice()].concat()));
    // In four streams: a table of the sizes of three, and no fewer than six literals.
    let four = |count, table: [u16; 3], streams: &[Vec<u8>]| {
        let table: Vec<u8> = table.iter().flat_map(|size| size.to_le_bytes()).collect();
        sections(&coded(2, true, count, &[tree, &table, &streams.concat()].concat()))
    };
    let (two, none) = (backwards(&[(1, 2), (2, 2)]), backwards(&[]));
    read(&four(8, [1, 1, 1], &vec![two.clone(); 4]), &[1, 2, 1, 2, 1, 2, 1, 2]);
    read(&four(6, [1, 1, 1], &[two.clone(), two.clone(), two.clone(), none.clone()]), &[1, 2, 1, 2, 1, 2]);
    refused(&four(8, [1, 1, 5], &vec![two.clone(); 4]));
    refused(&four(8, [1, 1, 2], &vec![two.clone(); 4]));
    refused(&four(8, [1, 1, 1], &vec![two.clone(); 3]));
    refused(&four(8, [1, 0, 1], &vec![two.clone(); 4]));
    refused(&four(5, [1, 1, 1], &[two.clone(), two.clone(), backwards(&[(1, 2)]), none]));
    refused(&sections(&coded(2, true, 8, &[tree, &[1, 0, 1]].concat())));
    // The code of the block before, where there is one.
    let again = coded(3, false, 4, &codes);
    refused(&sections(&again));
    let first = [coded(2, false, 4, &[tree, &codes].concat()), vec![0]].concat();
    let first = block(false, COMPRESSED, first.len(), &first);
    let second = last(COMPRESSED, &[again, vec![0]].concat());
    read(&frame(&LARGE, &[&first, &second]), &[3, 0, 1, 2, 3, 0, 1, 2]);
}
