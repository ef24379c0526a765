//! The encoding `br` (RFC 7932): the part that a library does. What stands in metadata blocks no reader is given.

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};

use super::{Broken, Span};

type State = BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>;

/// Bytes that are made room for at a time.
const PIECE: usize = 32_768;

/// The largest window (as a power of two) of a stream: what encoders choose by themselves. A window is memory that is held as
/// long as the stream lasts.
const STREAM_WINDOW: u8 = 22;

/// One body.
pub(super) struct Br {
    state: Box<State>,
    span: Span,
    begun: bool,
    done: bool,
}

impl Br {
    pub(super) fn new(span: Span) -> Self {
        let alloc = StandardAlloc::default;
        // Strict: windows beyond 16 MiB are of another format.
        Br { state: Box::new(State::new_strict(alloc(), alloc(), alloc())), span, begun: false, done: false }
    }

    pub(super) fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>, most: usize) -> Result<(), Broken> {
        if let Some(first) = bytes.first().filter(|_| !self.begun) {
            self.begun = true;
            if self.span == Span::Stream && window(*first) > STREAM_WINDOW {
                return Err(Broken::Syntax);
            }
        }
        let (mut left, mut taken, mut total) = (bytes.len(), 0, 0);
        while !self.done {
            let before = out.len();
            // One byte beyond what there is room for tells that there is too much.
            let mut space = most.saturating_sub(before).saturating_add(1).min(PIECE);
            out.resize(before.saturating_add(space), 0);
            let mut written = before;
            let result = BrotliDecompressStream(
                &mut left,
                &mut taken,
                bytes,
                &mut space,
                &mut written,
                out,
                &mut total,
                &mut self.state,
            );
            out.truncate(written);
            if out.len() > most {
                out.truncate(most);
                return Err(Broken::TooMuch);
            }
            match result {
                BrotliResult::ResultSuccess => self.done = true,
                BrotliResult::NeedsMoreOutput => {}
                BrotliResult::NeedsMoreInput if left == 0 => return Ok(()),
                BrotliResult::NeedsMoreInput | BrotliResult::ResultFailure => return Err(Broken::Syntax),
            }
        }
        // Nothing may follow.
        if left == 0 { Ok(()) } else { Err(Broken::Syntax) }
    }

    pub(super) fn finish(&self) -> Result<(), Broken> {
        if self.done { Ok(()) } else { Err(Broken::Syntax) }
    }
}

/// The size of the window as a power of two, as the first byte tells it (RFC 7932, section 9.1).
fn window(first: u8) -> u8 {
    match (first & 1, first >> 1 & 7, first >> 4 & 7) {
        (0, _, _) => 16,
        (_, 0, 0) => 17,
        (_, 0, few) => few.saturating_add(8),
        (_, more, _) => more.saturating_add(17),
    }
}
