//! Frames byte by byte.

use super::*;

pub(super) const MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];
/// A header that says nothing but a window, of 1 KiB and of 8 MiB.
pub(super) const SMALL: [u8; 2] = [0, 0];
pub(super) const LARGE: [u8; 2] = [0, 13 << 3];
pub(super) const RAW: u32 = 0;
pub(super) const RUN: u32 = 1;
pub(super) const COMPRESSED: u32 = 2;
/// Each kind of code is one code, which is written down.
pub(super) const SINGLE: u8 = 0b0101_0100;
/// The bits of the codes when none takes any.
pub(super) const NO_BITS: u8 = 1;

pub(super) fn frame(head: &[u8], blocks: &[&[u8]]) -> Vec<u8> {
    [&MAGIC, head, &blocks.concat()].concat()
}

pub(super) fn block(is_last: bool, kind: u32, size: usize, bytes: &[u8]) -> Vec<u8> {
    let head = u32::from(is_last) | kind << 1 | (size as u32) << 3;
    [&head.to_le_bytes()[..3], bytes].concat()
}

pub(super) fn last(kind: u32, bytes: &[u8]) -> Vec<u8> {
    block(true, kind, bytes.len(), bytes)
}

/// A frame of one compressed block.
pub(super) fn compressed(sections: &[&[u8]]) -> Vec<u8> {
    frame(&LARGE, &[&last(COMPRESSED, &sections.concat())])
}

/// A section of up to 31 literals as they are.
pub(super) fn literals(bytes: &[u8]) -> Vec<u8> {
    [&[(bytes.len() as u8) << 3], bytes].concat()
}

/// A section of literals in a code: the header of three bytes, and what it is followed by.
pub(super) fn coded(kind: u8, four: bool, count: u32, bytes: &[u8]) -> Vec<u8> {
    let head = u32::from(kind) | u32::from(four) << 2 | count << 4 | (bytes.len() as u32) << 14;
    [&head.to_le_bytes()[..3], bytes].concat()
}

/// A stream that is read backwards: of values and their widths, in the order in which they are read.
pub(super) fn backwards(values: &[(u32, usize)]) -> Vec<u8> {
    let bits = values.iter().flat_map(|(value, width)| (0..*width).rev().map(move |at| value >> at & 1 == 1));
    let bits: Vec<bool> = std::iter::once(true).chain(bits).collect();
    let bits: Vec<bool> = bits.into_iter().rev().collect();
    bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit))).collect()
}

#[track_caller]
pub(super) fn refused(frame: &[u8]) {
    for size in [1, 3, frame.len().max(1)] {
        assert_eq!(decoded(frame, size), Err(Broken::Syntax), "{frame:02x?} in pieces of {size}");
    }
}

/// So that a frame which is refused differs from one that is read in the one thing it is about.
#[track_caller]
pub(super) fn read(frame: &[u8], text: &[u8]) {
    assert!(decoded(frame, frame.len()).as_deref() == Ok(text), "{frame:02x?}");
    assert!(decoded_in_c(frame).iter().all(|other| other.as_deref() == Some(text)), "{frame:02x?}");
}
