//! The encoding `zstd` (RFC 8878, as HTTP limits it: RFC 9659): one frame, decoded block by block.
//!
//! Written from the RFC, whose sections the modules name. Flows in: the bytes of a frame. Flows out: what its blocks make,
//! each when its last byte has come. Promises, beyond those of [`super`]:
//! - What the RFC leaves to a decoder is refused: skippable frames, further frames, dictionaries, bits without meaning.
//! - A block that is broken makes nothing, whatever of it could be decoded.
//! - Held are one block as it came, its literals, and of what was decoded one and a half windows and two blocks at most.
//! - Memory grows with what was decoded, not with what a header claims.

mod bits;
mod codes;
mod frame;
mod fse;
mod huffman;
mod literals;
mod sequences;
#[cfg(test)]
mod tests;
mod window;
mod xxhash;

use self::frame::{BlockHead, BlockKind, Descriptor, Head};
use self::literals::Literals;
use self::sequences::Sequences;
use self::window::Window;
use self::xxhash::Xxh64;
use super::Broken;

const CHECKSUM: usize = 4;

/// A frame that is being decoded.
pub(super) struct Zstd {
    stage: Stage,
    /// The begin of what the stage needs, where it did not come at once.
    held: Vec<u8>,
    frame: Option<Box<Frame>>,
}

/// What comes next.
#[derive(Clone, Copy)]
enum Stage {
    Descriptor,
    Head(Descriptor),
    BlockHead,
    Block(BlockHead),
    Checksum,
    Nothing,
    Broken(Broken),
}

impl Zstd {
    pub(super) fn new() -> Self {
        Self { stage: Stage::Descriptor, held: Vec::new(), frame: None }
    }

    /// Takes the next bytes and appends to `out` what the blocks make that end in them. `out` gets no longer than `most`.
    ///
    /// # Errors
    ///
    /// The frame is broken, something is behind it, or there is more than `most`. So it stays.
    pub(super) fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>, most: usize) -> Result<(), Broken> {
        let pushed = self.push_all(bytes, out, most);
        if let Err(broken) = pushed {
            *self = Self { stage: Stage::Broken(broken), held: Vec::new(), frame: None };
        }
        pushed
    }

    /// To be called at the end of the bytes.
    ///
    /// # Errors
    ///
    /// The frame is broken or not complete.
    pub(super) fn finish(&self) -> Result<(), Broken> {
        match self.stage {
            Stage::Nothing => Ok(()),
            Stage::Broken(broken) => Err(broken),
            _ => Err(Broken::Syntax),
        }
    }

    fn push_all(&mut self, mut bytes: &[u8], out: &mut Vec<u8>, most: usize) -> Result<(), Broken> {
        loop {
            let needed = match self.stage {
                Stage::Descriptor => Descriptor::SIZE,
                Stage::Head(descriptor) => descriptor.rest(),
                Stage::BlockHead => BlockHead::SIZE,
                Stage::Block(head) => head.rest(),
                Stage::Checksum => CHECKSUM,
                Stage::Nothing if bytes.is_empty() => return Ok(()),
                Stage::Nothing => return Err(Broken::Syntax),
                Stage::Broken(broken) => return Err(broken),
            };
            let missing = needed.saturating_sub(self.held.len());
            let Some((part, rest)) = bytes.split_at_checked(missing) else {
                self.held.extend_from_slice(bytes);
                return Ok(());
            };
            bytes = rest;
            if self.held.is_empty() {
                self.step(part, out, most)?;
            } else {
                self.held.extend_from_slice(part);
                let mut held = std::mem::take(&mut self.held);
                self.step(&held, out, most)?;
                held.clear();
                self.held = held;
            }
        }
    }

    /// Takes all the bytes that the stage needs.
    fn step(&mut self, bytes: &[u8], out: &mut Vec<u8>, most: usize) -> Result<(), Broken> {
        self.stage = match self.stage {
            Stage::Descriptor => Stage::Head(Descriptor::read(bytes)?),
            Stage::Head(descriptor) => {
                let frame = Frame::new(descriptor.read_rest(bytes)?, descriptor.has_checksum);
                self.frame = Some(Box::new(frame));
                Stage::BlockHead
            }
            Stage::BlockHead => Stage::Block(BlockHead::read(bytes, self.frame()?.head.most_block)?),
            Stage::Block(head) => {
                let frame = self.frame()?;
                let decoded = frame.decode(head, bytes)?;
                let room = most.saturating_sub(out.len());
                out.extend_from_slice(decoded.get(..room).unwrap_or(decoded));
                if decoded.len() > room {
                    return Err(Broken::TooMuch);
                }
                if head.is_last { frame.end()? } else { Stage::BlockHead }
            }
            Stage::Checksum => {
                let sum = self.frame()?.checksum.as_ref().ok_or(Broken::Syntax)?.digest();
                // Its lower half.
                if !sum.to_le_bytes().starts_with(bytes) {
                    return Err(Broken::Syntax);
                }
                Stage::Nothing
            }
            stage => stage,
        };
        if let Stage::Nothing = self.stage {
            self.frame = None;
        }
        Ok(())
    }

    /// The frame, which is there from its header on.
    fn frame(&mut self) -> Result<&mut Frame, Broken> {
        self.frame.as_deref_mut().ok_or(Broken::Syntax)
    }
}

/// What is known of a frame between two blocks.
struct Frame {
    head: Head,
    /// Bytes decoded.
    decoded: u64,
    checksum: Option<Xxh64>,
    literals: Literals,
    sequences: Sequences,
    window: Window,
}

impl Frame {
    fn new(head: Head, has_checksum: bool) -> Self {
        Self {
            head,
            decoded: 0,
            checksum: has_checksum.then(Xxh64::new),
            literals: Literals::new(),
            sequences: Sequences::new(),
            window: Window::new(head.window, head.most_block, head.content),
        }
    }

    /// Decodes a block.
    fn decode(&mut self, head: BlockHead, bytes: &[u8]) -> Result<&[u8], Broken> {
        let left = self.head.content.map_or(u64::MAX, |content| content.saturating_sub(self.decoded));
        let limit = self.head.most_block.min(usize::try_from(left).unwrap_or(usize::MAX));
        self.window.begin_block(limit);
        match head.kind {
            BlockKind::Raw => self.window.append(bytes)?,
            BlockKind::Run => {
                let byte = *bytes.first().ok_or(Broken::Syntax)?;
                self.window.append_run(byte, head.size)?;
            }
            BlockKind::Compressed => {
                let sequences = self.literals.read(bytes, limit)?;
                self.sequences.run(sequences, self.literals.spare(), &mut self.window)?;
            }
        }
        let decoded = self.window.of_block();
        self.decoded = self.decoded.saturating_add(decoded.len() as u64);
        if let Some(checksum) = &mut self.checksum {
            checksum.update(decoded);
        }
        Ok(decoded)
    }

    /// What comes after the last block.
    fn end(&self) -> Result<Stage, Broken> {
        if self.head.content.is_some_and(|content| content != self.decoded) {
            return Err(Broken::Syntax);
        }
        Ok(if self.checksum.is_some() { Stage::Checksum } else { Stage::Nothing })
    }
}
