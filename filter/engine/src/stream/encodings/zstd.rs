//! The encoding `zstd` (RFC 8878, RFC 9659): the part that a library does. It keeps back as much text as the frame's window
//! is long, so that a stream goes on late, and all of it with its end.

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::Broken;

/// The largest window that HTTP allows (RFC 9659).
const WINDOW_MAX: u64 = 8 << 20;
/// The longest header of a frame.
const HEADER_MAX: usize = 18;
/// The bit of a frame's descriptor that says that a checksum follows the last block.
const CHECKSUM: u8 = 0b0000_0100;

/// One body, which is one frame.
///
/// Invariants: `came` holds what no block has been made of yet, at most one block; `done` once the last one is decoded.
pub(super) struct Zstd {
    came: Vec<u8>,
    decoder: FrameDecoder,
    begun: bool,
    checksum: bool,
    done: bool,
    gave: u64,
}

impl Zstd {
    pub(super) fn new() -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(WINDOW_MAX);
        Zstd { came: Vec::new(), decoder, begun: false, checksum: false, done: false, gave: 0 }
    }

    pub(super) fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>, most: usize) -> Result<(), Broken> {
        self.came.extend_from_slice(bytes);
        if !self.begun && self.came.len() < HEADER_MAX {
            return Ok(());
        }
        self.read(out, most)
    }

    pub(super) fn finish(&mut self, out: &mut Vec<u8>, most: usize) -> Result<(), Broken> {
        self.read(out, most)?;
        if self.done { Ok(()) } else { Err(Broken::Syntax) }
    }

    /// Decodes the blocks that are whole.
    fn read(&mut self, out: &mut Vec<u8>, most: usize) -> Result<(), Broken> {
        let came = std::mem::take(&mut self.came);
        let mut rest = came.as_slice();
        if !self.begun {
            self.checksum = rest.get(4).is_some_and(|descriptor| descriptor & CHECKSUM != 0);
            self.decoder.reset(&mut rest).map_err(|_| Broken::Syntax)?;
            self.begun = true;
        }
        while !self.done {
            let Some(length) = self.block(rest) else { break };
            if rest.len() < length {
                break;
            }
            let one = BlockDecodingStrategy::UptoBlocks(1);
            self.done = self.decoder.decode_blocks(&mut rest, one).map_err(|_| Broken::Syntax)?;
            let text = self.decoder.collect().unwrap_or_default();
            self.gave = self.gave.saturating_add(text.len() as u64);
            let room = most.saturating_sub(out.len());
            out.extend_from_slice(text.get(..room).unwrap_or(&text));
            if text.len() > room {
                return Err(Broken::TooMuch);
            }
        }
        if self.done {
            return self.check(rest);
        }
        self.came = rest.to_vec();
        Ok(())
    }

    /// The length of the block that `rest` begins with, and of the checksum behind the last one (RFC 8878, section 3.1.1.2).
    fn block(&self, rest: &[u8]) -> Option<usize> {
        let [b0, b1, b2, ..] = *rest else { return None };
        let header = u32::from_le_bytes([b0, b1, b2, 0]);
        let (last, kind, size) = (header & 1 == 1, header >> 1 & 3, header >> 3);
        let content = if kind == 1 { 1 } else { size as usize };
        let checksum = if last && self.checksum { 4 } else { 0 };
        Some(content.saturating_add(3).saturating_add(checksum))
    }

    /// The frame is complete: nothing may follow, and it must be what it says.
    fn check(&self, rest: &[u8]) -> Result<(), Broken> {
        let told = self.decoder.content_size();
        let sum = !self.checksum || self.decoder.get_checksum_from_data() == self.decoder.get_calculated_checksum();
        if rest.is_empty() && sum && (told == 0 || told == self.gave) { Ok(()) } else { Err(Broken::Syntax) }
    }
}
