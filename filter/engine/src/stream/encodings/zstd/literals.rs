//! The literals section of a compressed block (RFC 8878, section 3.1.1.3.1).

use super::Broken;
use super::huffman;
use super::window::{SPARE, Spare};

/// With fewer literals there is nothing to share out to four streams.
const LEAST_FOR_FOUR: usize = 6;

/// The literals of the block at hand, and the code that a later block may use again.
pub(super) struct Literals {
    /// At least `count` + [`SPARE`] bytes.
    bytes: Vec<u8>,
    count: usize,
    table: huffman::Table,
    has_table: bool,
}

impl Literals {
    pub(super) fn new() -> Self {
        Self { bytes: Vec::new(), count: 0, table: huffman::Table::new(), has_table: false }
    }

    pub(super) fn spare(&self) -> Spare<'_> {
        Spare::new(&self.bytes, self.count)
    }

    /// Reads the section off the begin of `block`; gives what is behind it.
    ///
    /// # Errors
    ///
    /// There are more than `most` literals, or the section is not what its header says.
    pub(super) fn read<'a>(&mut self, block: &'a [u8], most: usize) -> Result<&'a [u8], Broken> {
        let head = Head::read(block)?;
        if head.count > most {
            return Err(Broken::Syntax);
        }
        let block = block.get(head.size..).ok_or(Broken::Syntax)?;
        self.count = head.count;
        let needed = head.count.saturating_add(SPARE);
        if self.bytes.len() < needed {
            self.bytes.resize(needed, 0);
        }
        let literals = self.bytes.get_mut(..head.count).ok_or(Broken::Syntax)?;
        match head.kind {
            Kind::Raw => {
                let (raw, rest) = block.split_at_checked(head.count).ok_or(Broken::Syntax)?;
                literals.copy_from_slice(raw);
                Ok(rest)
            }
            Kind::Run => {
                let (byte, rest) = block.split_first().ok_or(Broken::Syntax)?;
                literals.fill(*byte);
                Ok(rest)
            }
            Kind::Coded { new_table, streams, size } => {
                let (mut coded, rest) = block.split_at_checked(size).ok_or(Broken::Syntax)?;
                if new_table {
                    coded = self.table.read(coded)?;
                    self.has_table = true;
                } else if !self.has_table {
                    return Err(Broken::Syntax);
                }
                match streams {
                    // An encoder has raw literals for none at all; readers differ on a code for nothing.
                    Streams::One if literals.is_empty() => return Err(Broken::Syntax),
                    Streams::One => self.table.decode(coded, literals)?,
                    Streams::Four => decode_four(&self.table, coded, literals)?,
                }
                Ok(rest)
            }
        }
    }
}

/// Four streams behind a table of the sizes of the first three (section 3.1.1.3.1.6).
fn decode_four(table: &huffman::Table, coded: &[u8], literals: &mut [u8]) -> Result<(), Broken> {
    if literals.len() < LEAST_FOR_FOUR {
        return Err(Broken::Syntax);
    }
    let (sizes, mut coded) = coded.split_first_chunk::<6>().ok_or(Broken::Syntax)?;
    // All but the last make the same number of literals.
    let mut parts = literals.chunks_mut(literals.len().div_ceil(4));
    for size in sizes.as_chunks::<2>().0 {
        let size = usize::from(u16::from_le_bytes(*size));
        let (stream, rest) = coded.split_at_checked(size).ok_or(Broken::Syntax)?;
        table.decode(stream, parts.next().ok_or(Broken::Syntax)?)?;
        coded = rest;
    }
    table.decode(coded, parts.next().unwrap_or_default())
}

#[derive(Clone, Copy)]
enum Kind {
    Raw,
    Run,
    Coded { new_table: bool, streams: Streams, size: usize },
}

#[derive(Clone, Copy)]
enum Streams {
    One,
    Four,
}

/// The header of the section (section 3.1.1.3.1.1).
struct Head {
    kind: Kind,
    /// Literals.
    count: usize,
    /// Bytes of the header itself.
    size: usize,
}

impl Head {
    fn read(block: &[u8]) -> Result<Self, Broken> {
        let first = *block.first().ok_or(Broken::Syntax)?;
        let format = (first >> 2) & 3;
        let is_coded = first & 2 != 0;
        // Where the sizes begin, how wide one is, and the bytes of the header.
        let (at, width, size) = match (is_coded, format) {
            (false, 0 | 2) => (3, 5, 1),
            (false, 1) => (4, 12, 2),
            (false, _) => (4, 20, 3),
            (true, 0 | 1) => (4, 10, 3),
            (true, 2) => (4, 14, 4),
            (true, _) => (4, 18, 5),
        };
        let bytes = block.get(..size).ok_or(Broken::Syntax)?;
        let bits = bytes.iter().rev().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte)).wrapping_shr(at);
        let mask = 1_u64.wrapping_shl(width).wrapping_sub(1);
        let count = (bits & mask) as usize;
        let kind = match first & 3 {
            0 => Kind::Raw,
            1 => Kind::Run,
            kind => Kind::Coded {
                new_table: kind == 2,
                streams: if format == 0 { Streams::One } else { Streams::Four },
                size: (bits.wrapping_shr(width) & mask) as usize,
            },
        };
        Ok(Self { kind, count, size })
    }
}
