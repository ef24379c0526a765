//! What has been decoded, as far back as a match may reach (RFC 8878, section 3.1.1.4; the window: section 3.1.1.1.2).

use super::Broken;

/// Bytes that may be written behind an end, so that short copies can be of one fixed size.
pub(super) const SPARE: usize = 16;

/// The decoded bytes. Grows with what is decoded, not with what a header claims.
pub(super) struct Window {
    /// Decoded up to `end`, then anything.
    bytes: Vec<u8>,
    end: usize,
    /// Where the block at hand begins.
    block: usize,
    /// How far back a match may reach.
    size: usize,
    /// Where the old is dropped, when a block begins.
    full: usize,
    /// The most that `bytes` need be.
    most: usize,
    /// Where `end` may get to in the block at hand.
    limit: usize,
}

/// Bytes behind which there are [`SPARE`] more that mean nothing.
#[derive(Clone, Copy)]
pub(super) struct Spare<'a> {
    bytes: &'a [u8],
    count: usize,
}

impl<'a> Spare<'a> {
    pub(super) fn new(bytes: &'a [u8], count: usize) -> Self {
        Self { bytes, count }
    }

    pub(super) fn count(self) -> usize {
        self.count
    }

    /// Takes `count` bytes off the begin.
    #[inline]
    fn take(&mut self, count: usize) -> Result<Self, Broken> {
        self.count = self.count.checked_sub(count).ok_or(Broken::Syntax)?;
        let taken = Self { bytes: self.bytes, count };
        self.bytes = self.bytes.get(count..).ok_or(Broken::Syntax)?;
        Ok(taken)
    }
}

impl Window {
    /// `size`: how far a match may reach; `block`: the most a block makes; `content`: the most that is decoded at all.
    pub(super) fn new(size: usize, block: usize, content: Option<u64>) -> Self {
        // Dropping moves a window's worth of bytes. Half a window makes that at most two moves per byte decoded.
        let full = size.saturating_add(block.max(size / 2));
        let most = full.saturating_add(block);
        let most = content.and_then(|content| usize::try_from(content).ok()).map_or(most, |content| content.min(most));
        let most = most.saturating_add(SPARE);
        Self { bytes: Vec::new(), end: 0, block: 0, size, full, most, limit: 0 }
    }

    /// Begins a block that may make `limit` bytes.
    pub(super) fn begin_block(&mut self, limit: usize) {
        if self.end > self.full {
            let from = self.end.saturating_sub(self.size);
            self.bytes.copy_within(from..self.end, 0);
            self.end = self.size;
        }
        self.block = self.end;
        self.limit = self.end.saturating_add(limit);
    }

    /// What the block at hand has made.
    pub(super) fn of_block(&self) -> &[u8] {
        self.bytes.get(self.block..self.end).unwrap_or_default()
    }

    /// Bytes of memory.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.bytes.capacity()
    }

    /// Appends bytes.
    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        self.slots(bytes.len())?.copy_from_slice(bytes);
        Ok(())
    }

    /// Appends one byte `count` times.
    pub(super) fn append_run(&mut self, byte: u8, count: usize) -> Result<(), Broken> {
        self.slots(count)?.fill(byte);
        Ok(())
    }

    fn slots(&mut self, count: usize) -> Result<&mut [u8], Broken> {
        self.make_room(count)?;
        let from = self.end;
        self.end = from.saturating_add(count);
        self.bytes.get_mut(from..self.end).ok_or(Broken::Syntax)
    }

    /// Appends all of `literals`.
    pub(super) fn append_literals(&mut self, literals: Spare<'_>) -> Result<(), Broken> {
        self.append(literals.bytes.get(..literals.count).ok_or(Broken::Syntax)?)
    }

    /// Appends `count` bytes off the begin of `literals`, then `length` bytes from `offset` back.
    ///
    /// # Errors
    ///
    /// There are not as many literals, it is more than the block may make, or there is nothing at `offset`.
    #[inline]
    pub(super) fn append_sequence(
        &mut self,
        literals: &mut Spare<'_>,
        count: usize,
        offset: usize,
        length: usize,
    ) -> Result<(), Broken> {
        let literals = literals.take(count)?;
        self.make_room(count.saturating_add(length))?;
        if count <= SPARE
            && let Some(chunk) = literals.bytes.first_chunk::<SPARE>()
        {
            self.put(self.end, *chunk);
            self.end = self.end.saturating_add(count);
        } else {
            self.append_literals(literals)?;
        }
        if offset == 0 || offset > self.size || offset > self.end {
            return Err(Broken::Syntax);
        }
        let to = self.end;
        let from = to.saturating_sub(offset);
        self.end = to.saturating_add(length);
        if offset >= SPARE && length <= SPARE.saturating_mul(4) {
            for at in (0..length).step_by(SPARE) {
                if let Some(chunk) = self.bytes.get(from.saturating_add(at)..).and_then(|bytes| bytes.first_chunk()) {
                    self.put(to.saturating_add(at), *chunk);
                }
            }
        } else if length <= SPARE {
            for (from, to) in (from..self.end).zip(to..self.end) {
                if let Some(byte) = self.bytes.get(from).copied()
                    && let Some(slot) = self.bytes.get_mut(to)
                {
                    *slot = byte;
                }
            }
        } else {
            self.repeat(from, to);
        }
        Ok(())
    }

    /// Copies from `from` to `to` and on until the end, what was copied included.
    fn repeat(&mut self, from: usize, mut to: usize) {
        // All that lies between can be copied at once, and it becomes twice as much each time.
        while to < self.end {
            let count = to.saturating_sub(from).min(self.end.saturating_sub(to));
            if count == 0 {
                return;
            }
            self.bytes.copy_within(from..from.saturating_add(count), to);
            to = to.saturating_add(count);
        }
    }

    #[inline]
    fn put(&mut self, at: usize, chunk: [u8; SPARE]) {
        if let Some(slot) = self.bytes.get_mut(at..).and_then(|bytes| bytes.first_chunk_mut()) {
            *slot = chunk;
        }
    }

    /// Sees to it that `count` bytes can be written, and [`SPARE`] behind them.
    ///
    /// # Errors
    ///
    /// The block may not make as many.
    #[inline]
    fn make_room(&mut self, count: usize) -> Result<(), Broken> {
        let end = self.end.saturating_add(count);
        if end > self.limit {
            return Err(Broken::Syntax);
        }
        let needed = end.saturating_add(SPARE);
        if needed > self.bytes.len() {
            self.grow(needed);
        }
        Ok(())
    }

    #[cold]
    fn grow(&mut self, needed: usize) {
        let len = self.bytes.len().saturating_mul(2).min(self.most).max(needed);
        self.bytes.reserve_exact(len.saturating_sub(self.bytes.len()));
        self.bytes.resize(len, 0);
    }
}
