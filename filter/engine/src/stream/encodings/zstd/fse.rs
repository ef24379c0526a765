//! Finite State Entropy: distributions of symbols and the tables that decode them (RFC 8878, section 4.1).

use super::Broken;
use super::bits::{Backward, Forward};

/// The largest accuracy log of any table of the format.
const MOST_LOG: u32 = 9;
/// More than the symbols of any table: match lengths have 53.
const MOST_SYMBOLS: usize = 64;

/// How many cells of a table each symbol gets.
pub(super) struct Distribution {
    /// -1 is "less than 1": one cell, at the end of the table.
    shares: [i16; MOST_SYMBOLS],
    log: u32,
}

impl Distribution {
    /// One that the format gives. `shares` sum up to 2^`log`.
    pub(super) fn given(shares: &[i16], log: u32) -> Self {
        let mut all = [0; MOST_SYMBOLS];
        all.iter_mut().zip(shares).for_each(|(to, from)| *to = *from);
        Self { shares: all, log }
    }

    /// Reads a description (RFC 8878, section 4.1.1) off the begin of `bytes`; gives the bytes it takes as well.
    ///
    /// # Errors
    ///
    /// It is more accurate than `most_log`, has symbols from `symbols` on, or does not sum up.
    pub(super) fn read(bytes: &[u8], most_log: u32, symbols: usize) -> Result<(Self, usize), Broken> {
        let mut bits = Forward::new(bytes);
        let log = bits.peek(4).saturating_add(5);
        bits.skip(4);
        if log > most_log.min(MOST_LOG) {
            return Err(Broken::Syntax);
        }
        let mut shares = [0; MOST_SYMBOLS];
        let mut slots = shares.iter_mut().take(symbols);
        let mut left = 1_u32.wrapping_shl(log);
        while left > 0 {
            // A value from 0 to `left` + 1. Those for which one bit less is enough are written with one bit less.
            let most = left.saturating_add(1);
            let width = 32_u32.saturating_sub(most.leading_zeros());
            let half = 1_u32.wrapping_shl(width.saturating_sub(1));
            let short = half.wrapping_mul(2).wrapping_sub(1).wrapping_sub(most);
            let wide = bits.peek(width);
            let narrow = wide & half.wrapping_sub(1);
            let value = if narrow < short {
                bits.skip(width.saturating_sub(1));
                narrow
            } else {
                bits.skip(width);
                if wide >= half { wide.wrapping_sub(short) } else { wide }
            };
            let slot = slots.next().ok_or(Broken::Syntax)?;
            *slot = i16::try_from(value).map_err(|_| Broken::Syntax)?.wrapping_sub(1);
            match value {
                0 => left = left.saturating_sub(1),
                1 => skip_zeros(&mut bits, &mut slots)?,
                _ => left = left.checked_sub(value.saturating_sub(1)).ok_or(Broken::Syntax)?,
            }
        }
        Ok((Self { shares, log }, bits.used()?))
    }
}

/// After a share of 0: how many more of them follow, in steps of up to 3.
fn skip_zeros<'a>(bits: &mut Forward<'_>, slots: &mut impl Iterator<Item = &'a mut i16>) -> Result<(), Broken> {
    loop {
        let more = bits.peek(2);
        bits.skip(2);
        for _ in 0..more {
            slots.next().ok_or(Broken::Syntax)?;
        }
        if more < 3 {
            return Ok(());
        }
    }
}

/// What a state stands for and how to get to the next: `base` plus the next `bits` bits.
#[derive(Clone, Copy, Default)]
pub(super) struct Cell {
    base: u16,
    bits: u8,
    pub(super) symbol: u8,
}

/// A decoding table.
pub(super) struct Table {
    cells: Box<[Cell; CELLS]>,
    log: u32,
}

const CELLS: usize = 1 << MOST_LOG;

impl Table {
    pub(super) fn new() -> Self {
        Self { cells: Box::new([Cell::default(); CELLS]), log: 0 }
    }

    /// Becomes the table of one symbol that takes no bits.
    pub(super) fn set_single(&mut self, symbol: u8) {
        self.log = 0;
        if let Some(cell) = self.cells.first_mut() {
            *cell = Cell { base: 0, bits: 0, symbol };
        }
    }

    /// Becomes the table of a distribution.
    pub(super) fn set(&mut self, distribution: &Distribution) {
        self.log = distribution.log;
        let size = 1_usize.wrapping_shl(self.log);
        let shares = || distribution.shares.iter().zip(0_u8..);
        // Symbols of less than 1 take the last cells, the first of them the very last.
        let mut free = size;
        for (_, symbol) in shares().filter(|(share, _)| **share < 0) {
            free = free.saturating_sub(1);
            if let Some(cell) = self.cells.get_mut(free) {
                cell.symbol = symbol;
            }
        }
        // The others are strewn over the rest.
        let step = (size / 2).wrapping_add(size / 8).wrapping_add(3);
        let mut at = 0_usize;
        for (share, symbol) in shares() {
            for _ in 0..*share {
                if let Some(cell) = self.cells.get_mut(at) {
                    cell.symbol = symbol;
                }
                loop {
                    at = at.wrapping_add(step) & size.wrapping_sub(1);
                    if at < free || free == 0 {
                        break;
                    }
                }
            }
        }
        // The cells of a symbol, in order, share the states that can follow.
        let mut next = distribution.shares.map(i16::unsigned_abs);
        for cell in self.cells.iter_mut().take(size) {
            let Some(next) = next.get_mut(usize::from(cell.symbol)) else { continue };
            let width = self.log.saturating_sub(next.checked_ilog2().unwrap_or_default());
            cell.bits = width as u8;
            cell.base = next.wrapping_shl(width).wrapping_sub(size as u16);
            *next = next.saturating_add(1);
        }
    }

    /// The first state.
    #[inline]
    pub(super) fn start(&self, bits: &mut Backward<'_>) -> usize {
        bits.take(self.log) as usize
    }

    #[inline]
    pub(super) fn cell(&self, state: usize) -> Cell {
        // The mask changes nothing; with it there is no bounds check.
        self.cells.get(state & (CELLS - 1)).copied().unwrap_or_default()
    }
}

impl Cell {
    /// The state after this one.
    #[inline]
    pub(super) fn next(self, bits: &mut Backward<'_>) -> usize {
        usize::from(self.base).wrapping_add(bits.take(u32::from(self.bits)) as usize)
    }
}
