//! The encoding `gzip` (RFC 1952): one member, whose header may carry text of its writer.

use miniz_oxide::DataFormat;

use super::Broken;
use super::inflate::Inflate;
use crate::stream::crc32::{Crc32, crc32};

/// A header longer than this carries more than a file name.
const HEADER_MAX: usize = 4_096;

const TRAILER: usize = 8;

/// One body.
///
/// Invariants: `head` grows until it is a whole header, and is then empty; `trailer` grows only once `inflate` is done.
pub(super) struct Gzip {
    head: Vec<u8>,
    notes: Vec<u8>,
    inflate: Option<Inflate>,
    crc: Crc32,
    length: u32,
    trailer: Vec<u8>,
}

impl Gzip {
    pub(super) fn new() -> Self {
        Gzip {
            head: Vec::new(),
            notes: Vec::new(),
            inflate: None,
            crc: Crc32::default(),
            length: 0,
            trailer: Vec::new(),
        }
    }

    /// The file name, the comment and the extra field.
    pub(super) fn notes(&self) -> &[u8] {
        &self.notes
    }

    pub(super) fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>, most: usize) -> Result<(), Broken> {
        let mut bytes = bytes;
        while self.inflate.is_none() {
            let Some((first, rest)) = bytes.split_first() else { return Ok(()) };
            bytes = rest;
            self.head.push(*first);
            if let Some(notes) = header(&self.head)? {
                self.notes = notes;
                self.head = Vec::new();
                self.inflate = Some(Inflate::new(DataFormat::Raw));
            } else if self.head.len() >= HEADER_MAX {
                return Err(Broken::Syntax);
            }
        }
        let Some(inflate) = &mut self.inflate else { return Ok(()) };
        let before = out.len();
        let result = inflate.push(bytes, out, most);
        let new = out.get(before..).unwrap_or_default();
        self.crc.update(new);
        // The length is told modulo 2^32.
        self.length = self.length.wrapping_add(u32::try_from(new.len()).unwrap_or(u32::MAX));
        let done = inflate.done();
        let rest = bytes.get(result?..).unwrap_or_default();
        if !done {
            return Ok(());
        }
        self.trailer.extend_from_slice(rest.get(..TRAILER.saturating_add(1)).unwrap_or(rest));
        // A second member would be read by some and not by others.
        if self.trailer.len() > TRAILER { Err(Broken::Syntax) } else { self.check() }
    }

    /// Looks at the trailer as soon as it is whole.
    fn check(&self) -> Result<(), Broken> {
        let Some([c0, c1, c2, c3, l0, l1, l2, l3]) = self.trailer.first_chunk::<TRAILER>().copied() else {
            return Ok(());
        };
        let fits = u32::from_le_bytes([c0, c1, c2, c3]) == self.crc.value()
            && u32::from_le_bytes([l0, l1, l2, l3]) == self.length;
        if fits { Ok(()) } else { Err(Broken::Syntax) }
    }

    pub(super) fn finish(&self) -> Result<(), Broken> {
        if self.trailer.len() == TRAILER { Ok(()) } else { Err(Broken::Syntax) }
    }
}

/// Reads a header; `None` while it is not whole. Answers the text in it.
fn header(head: &[u8]) -> Result<Option<Vec<u8>>, Broken> {
    const HCRC: u8 = 0b0000_0010;
    const EXTRA: u8 = 0b0000_0100;
    const NAME: u8 = 0b0000_1000;
    const COMMENT: u8 = 0b0001_0000;
    const RESERVED: u8 = 0b1110_0000;
    const FIXED: [u8; 3] = [0x1F, 0x8B, 8];
    if head.iter().zip(FIXED).any(|(byte, fixed)| *byte != fixed) {
        return Err(Broken::Syntax);
    }
    // Behind the flags stand a time, flags of the compressor and its system.
    let [_, _, _, flags, _, _, _, _, _, _, rest @ ..] = head else { return Ok(None) };
    if flags & RESERVED != 0 {
        return Err(Broken::Syntax);
    }
    let (mut notes, mut rest) = (Vec::new(), rest);
    if flags & EXTRA != 0 {
        let Some((length, after)) = rest.split_first_chunk::<2>() else { return Ok(None) };
        let Some((extra, after)) = after.split_at_checked(usize::from(u16::from_le_bytes(*length))) else {
            return Ok(None);
        };
        notes.extend_from_slice(extra);
        notes.push(b'\n');
        rest = after;
    }
    for flag in [NAME, COMMENT] {
        if flags & flag != 0 {
            let Some(end) = rest.iter().position(|byte| *byte == 0) else { return Ok(None) };
            let (text, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
            notes.extend_from_slice(text);
            notes.push(b'\n');
            rest = after.get(1..).unwrap_or_default();
        }
    }
    if flags & HCRC != 0 {
        let Some((told, after)) = rest.split_first_chunk::<2>() else { return Ok(None) };
        let covered = head.len().saturating_sub(rest.len());
        let [low, high, ..] = crc32(head.get(..covered).unwrap_or_default()).to_le_bytes();
        if *told != [low, high] {
            return Err(Broken::Syntax);
        }
        rest = after;
    }
    // The header is given byte by byte, so that nothing stands behind it.
    Ok(rest.is_empty().then_some(notes))
}
