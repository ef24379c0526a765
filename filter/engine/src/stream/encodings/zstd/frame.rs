//! The headers of a frame and of its blocks (RFC 8878, sections 3.1.1.1 and 3.1.1.2).

use super::Broken;

/// The largest window for HTTP (RFC 9659, section 3).
const MOST_WINDOW: u64 = 8 << 20;
/// The largest block, whatever the window (section 3.1.1.2.4).
const MOST_BLOCK: u64 = 128 << 10;
const MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

/// The first bytes of a frame, which say how long its header is.
#[derive(Clone, Copy)]
pub(super) struct Descriptor {
    content_flag: u8,
    is_single_segment: bool,
    pub(super) has_checksum: bool,
    id_flag: u8,
}

/// What the header says.
#[derive(Clone, Copy)]
pub(super) struct Head {
    pub(super) window: usize,
    /// What all blocks make together.
    pub(super) content: Option<u64>,
    /// The most that one block makes, or takes.
    pub(super) most_block: usize,
}

impl Descriptor {
    /// The magic number and the descriptor.
    pub(super) const SIZE: usize = 5;

    /// # Errors
    ///
    /// It is the begin of anything else (skippable frames and old formats included), or a bit is set that has no meaning.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Broken> {
        let flags = match bytes.split_first_chunk() {
            Some((&MAGIC, [flags])) => *flags,
            _ => return Err(Broken::Syntax),
        };
        // The reserved bit and the unused one, which encoders leave at 0.
        if flags & 0b0001_1000 != 0 {
            return Err(Broken::Syntax);
        }
        Ok(Self {
            content_flag: flags >> 6,
            is_single_segment: flags & 0b0010_0000 != 0,
            has_checksum: flags & 0b0000_0100 != 0,
            id_flag: flags & 3,
        })
    }

    /// The size of the rest of the header.
    pub(super) fn rest(self) -> usize {
        self.window_size().saturating_add(self.id_size()).saturating_add(self.content_size())
    }

    fn window_size(self) -> usize {
        usize::from(!self.is_single_segment)
    }

    fn id_size(self) -> usize {
        match self.id_flag {
            3 => 4,
            size => usize::from(size),
        }
    }

    fn content_size(self) -> usize {
        match self.content_flag {
            0 => usize::from(self.is_single_segment),
            flag => 1_usize.wrapping_shl(u32::from(flag)),
        }
    }

    /// Reads the rest of the header.
    ///
    /// # Errors
    ///
    /// The window is larger than is allowed, or a dictionary is asked for.
    pub(super) fn read_rest(self, bytes: &[u8]) -> Result<Head, Broken> {
        let (window, bytes) = bytes.split_at_checked(self.window_size()).ok_or(Broken::Syntax)?;
        let (id, content) = bytes.split_at_checked(self.id_size()).ok_or(Broken::Syntax)?;
        if id.iter().any(|byte| *byte != 0) {
            return Err(Broken::Syntax);
        }
        let value = content.iter().rev().fold(0_u64, |value, byte| (value << 8) | u64::from(*byte));
        let content = match content.len() {
            0 => None,
            // The values that one byte can have are left out.
            2 => Some(value.saturating_add(256)),
            _ => Some(value),
        };
        let window = match (window, content) {
            ([window], _) => {
                let base = 1_u64.wrapping_shl(u32::from(window >> 3).saturating_add(10));
                base.saturating_add((base / 8).saturating_mul(u64::from(window & 7)))
            }
            (_, Some(content)) => content,
            (_, None) => return Err(Broken::Syntax),
        };
        if window > MOST_WINDOW {
            return Err(Broken::Syntax);
        }
        Ok(Head { window: window as usize, content, most_block: window.min(MOST_BLOCK) as usize })
    }
}

/// The header of a block.
#[derive(Clone, Copy)]
pub(super) struct BlockHead {
    pub(super) is_last: bool,
    pub(super) kind: BlockKind,
    /// Bytes that a run makes, or that any other block takes.
    pub(super) size: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockKind {
    Raw,
    Run,
    Compressed,
}

impl BlockHead {
    pub(super) const SIZE: usize = 3;

    /// # Errors
    ///
    /// The type is reserved, or the block is larger than `most`.
    pub(super) fn read(bytes: &[u8], most: usize) -> Result<Self, Broken> {
        let bits = bytes.iter().rev().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte));
        let kind = match (bits >> 1) & 3 {
            0 => BlockKind::Raw,
            1 => BlockKind::Run,
            2 => BlockKind::Compressed,
            _ => return Err(Broken::Syntax),
        };
        let size = (bits >> 3) as usize;
        if size > most {
            return Err(Broken::Syntax);
        }
        Ok(Self { is_last: bits & 1 != 0, kind, size })
    }

    /// Bytes of the block behind its header.
    pub(super) fn rest(self) -> usize {
        if self.kind == BlockKind::Run { 1 } else { self.size }
    }
}
