//! DEFLATE (RFC 1951), bare or in the zlib format (RFC 1950): the part that a library does.

use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};

use super::Broken;

/// Bytes that are made room for at a time.
const PIECE: usize = 32_768;

/// One compressed stream.
pub(super) struct Inflate {
    state: Box<InflateState>,
    done: bool,
}

impl Inflate {
    pub(super) fn new(format: DataFormat) -> Self {
        Inflate { state: InflateState::new_boxed(format), done: false }
    }

    /// Whether the stream is complete.
    pub(super) fn done(&self) -> bool {
        self.done
    }

    /// Takes bytes up to the end of the stream, appends what they decode to, and answers how many it took: all of them,
    /// where the stream goes on.
    pub(super) fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>, most: usize) -> Result<usize, Broken> {
        let mut taken: usize = 0;
        while !self.done {
            let rest = bytes.get(taken..).unwrap_or_default();
            let before = out.len();
            // One byte beyond what there is room for tells that there is too much.
            let space = most.saturating_sub(before).saturating_add(1).min(PIECE);
            out.resize(before.saturating_add(space), 0);
            let result = inflate(&mut self.state, rest, out.get_mut(before..).unwrap_or_default(), MZFlush::None);
            out.truncate(before.saturating_add(result.bytes_written));
            taken = taken.saturating_add(result.bytes_consumed);
            if out.len() > most {
                out.truncate(most);
                return Err(Broken::TooMuch);
            }
            match result.status {
                Ok(MZStatus::StreamEnd) => self.done = true,
                // What it still holds comes out without further bytes: only a call that does nothing tells that there is no more.
                Ok(MZStatus::Ok) | Err(MZError::Buf) if result.bytes_written > 0 || result.bytes_consumed > 0 => {}
                Ok(MZStatus::Ok) | Err(MZError::Buf) if taken == bytes.len() => break,
                _ => return Err(Broken::Syntax),
            }
        }
        Ok(taken)
    }
}
