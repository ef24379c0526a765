//! The two ways in which Zstandard packs bits: forwards (RFC 8878, section 4.1.1) and backwards (section 4.1).

use super::Broken;

/// Reads bits from the first byte on, lowest bit first.
pub(super) struct Forward<'a> {
    bytes: &'a [u8],
    /// Bits read.
    at: usize,
}

impl<'a> Forward<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next `count` bits (at most 24), which stay unread. Zeros stand for what is missing at the end.
    pub(super) fn peek(&self, count: u32) -> u32 {
        let word = self.bytes.iter().skip(self.at / 8).take(4).rev();
        let word = word.fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
        let past = (self.at % 8) as u32;
        word.wrapping_shr(past) & 1_u32.wrapping_shl(count).wrapping_sub(1)
    }

    pub(super) fn skip(&mut self, count: u32) {
        self.at = self.at.saturating_add(count as usize);
    }

    /// The bytes that were begun.
    ///
    /// # Errors
    ///
    /// More bits were read than there are.
    pub(super) fn used(&self) -> Result<usize, Broken> {
        let used = self.at.div_ceil(8);
        if used > self.bytes.len() { Err(Broken::Syntax) } else { Ok(used) }
    }
}

/// Reads bits from the last byte to the first, highest bit first. The highest bit set in the last byte marks the start.
///
/// After [`refill`](Self::refill), 56 bits can be taken. Reading too far gives zeros; whoever reads asks at the end whether
/// that happened, which is cheaper than asking each time.
pub(super) struct Backward<'a> {
    /// Bytes of which no bit is counted in `count`.
    rest: &'a [u8],
    /// The next bits, the very next one highest. Below the counted ones there may already be some of those that follow.
    held: u64,
    /// How many bits of `held` count. Wraps below 0 when too many are taken, which only happens with `rest` empty.
    count: u32,
}

impl<'a> Backward<'a> {
    /// # Errors
    ///
    /// There is no start mark.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Broken> {
        match bytes.last() {
            None | Some(0) => Err(Broken::Syntax),
            Some(last) => {
                let mut bits = Self { rest: bytes, held: 0, count: 0 };
                bits.refill();
                bits.take(last.leading_zeros().saturating_add(1));
                Ok(bits)
            }
        }
    }

    #[inline]
    pub(super) fn refill(&mut self) {
        if let Some(word) = self.rest.last_chunk::<8>() {
            // `count` is below 64 here: there are bytes left, so it did not wrap.
            self.held |= u64::from_le_bytes(*word).wrapping_shr(self.count);
            let taken = 63_u32.saturating_sub(self.count) / 8;
            self.rest = self.rest.get(..self.rest.len().saturating_sub(taken as usize)).unwrap_or_default();
            self.count |= 56;
        } else {
            self.refill_at_the_end();
        }
    }

    fn refill_at_the_end(&mut self) {
        while self.count <= 56
            && let Some((last, before)) = self.rest.split_last()
        {
            self.held |= u64::from(*last).wrapping_shl(56_u32.saturating_sub(self.count));
            self.count = self.count.saturating_add(8);
            self.rest = before;
        }
    }

    /// The next `count` bits (at most 56), which stay unread.
    #[inline]
    pub(super) fn peek(&self, count: u32) -> u64 {
        // In two steps, because a shift by 64 would be none.
        (self.held >> 1).wrapping_shr(63_u32.wrapping_sub(count))
    }

    /// Takes `count` bits, at most 56 between two refills.
    #[inline]
    pub(super) fn take(&mut self, count: u32) -> u64 {
        let bits = self.peek(count);
        self.held = self.held.wrapping_shl(count);
        self.count = self.count.wrapping_sub(count);
        bits
    }

    /// More bits were taken than there were.
    pub(super) fn is_overrun(&self) -> bool {
        self.count > 64
    }

    /// All bits were taken and not one more.
    pub(super) fn is_used_up(&self) -> bool {
        self.count == 0 && self.rest.is_empty()
    }
}
