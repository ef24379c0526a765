//! Huffman codes of literals (RFC 8878, section 4.2).

use super::Broken;
use super::bits::Backward;
use super::fse;

/// The longest code.
const MOST_LOG: u32 = 11;
/// Weights go from 0 (no code) to the longest code.
const WEIGHTS: usize = MOST_LOG as usize + 1;
/// The most accurate distribution of weights.
const WEIGHTS_LOG: u32 = 6;
const CELLS: usize = 1 << MOST_LOG;
/// Codes that fit into what a refill gives.
const CODES_PER_REFILL: usize = 5;

/// A symbol and the bits its code takes, for every `log` bits that may come.
pub(super) struct Table {
    cells: Box<[Cell; CELLS]>,
    log: u32,
    /// Decodes weights.
    weights: fse::Table,
}

#[derive(Clone, Copy, Default)]
struct Cell {
    symbol: u8,
    bits: u8,
}

/// The weights that are written down: of up to 255 symbols; the one of the last follows from them.
struct Weights {
    weights: [u8; 256],
    count: usize,
}

impl Weights {
    fn push(&mut self, weight: u8) -> Result<(), Broken> {
        // The last place is that of the weight that is not written.
        let slot = self.weights.get_mut(self.count).filter(|_| self.count < 255).ok_or(Broken::Syntax)?;
        *slot = weight;
        self.count = self.count.saturating_add(1);
        Ok(())
    }
}

impl Table {
    pub(super) fn new() -> Self {
        Self { cells: Box::new([Cell::default(); CELLS]), log: 0, weights: fse::Table::new() }
    }

    /// Reads a tree description (section 4.2.1) off the begin of `bytes` and becomes its table; gives what is behind it.
    ///
    /// # Errors
    ///
    /// It is cut short, or the weights make no complete tree.
    pub(super) fn read<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], Broken> {
        let (head, bytes) = bytes.split_first().ok_or(Broken::Syntax)?;
        let mut weights = Weights { weights: [0; 256], count: 0 };
        let rest = if let Some(count) = head.checked_sub(127).filter(|count| *count > 0) {
            let count = usize::from(count);
            let (packed, rest) = bytes.split_at_checked(count.div_ceil(2)).ok_or(Broken::Syntax)?;
            for weight in packed.iter().flat_map(|pair| [pair >> 4, pair & 15]).take(count) {
                weights.push(weight)?;
            }
            rest
        } else {
            let (coded, rest) = bytes.split_at_checked(usize::from(*head)).ok_or(Broken::Syntax)?;
            self.read_weights(coded, &mut weights)?;
            rest
        };
        self.set(&mut weights)?;
        Ok(rest)
    }

    /// Weights coded with FSE (section 4.2.1.2): two states take turns until the bits are used up.
    fn read_weights(&mut self, coded: &[u8], weights: &mut Weights) -> Result<(), Broken> {
        let (distribution, used) = fse::Distribution::read(coded, WEIGHTS_LOG, WEIGHTS)?;
        self.weights.set(&distribution);
        let mut bits = Backward::new(coded.get(used..).unwrap_or_default())?;
        let mut state = self.weights.start(&mut bits);
        let mut other = self.weights.start(&mut bits);
        if bits.is_overrun() {
            return Err(Broken::Syntax);
        }
        loop {
            bits.refill();
            let cell = self.weights.cell(state);
            weights.push(cell.symbol)?;
            state = cell.next(&mut bits);
            if bits.is_overrun() {
                return weights.push(self.weights.cell(other).symbol);
            }
            std::mem::swap(&mut state, &mut other);
        }
    }

    /// Becomes the table of these weights (section 4.2.1.3).
    fn set(&mut self, weights: &mut Weights) -> Result<(), Broken> {
        let share = |weight: u8| 1_usize.wrapping_shl(u32::from(weight)) / 2;
        if weights.weights.iter().any(|weight| u32::from(*weight) > MOST_LOG) {
            return Err(Broken::Syntax);
        }
        let sum = weights.weights.iter().fold(0_usize, |sum, weight| sum.saturating_add(share(*weight)));
        // What is missing to the next power of two is the share of the last symbol.
        let log = sum.checked_ilog2().ok_or(Broken::Syntax)?.saturating_add(1);
        let missing = 1_usize.wrapping_shl(log).saturating_sub(sum);
        if log > MOST_LOG || !missing.is_power_of_two() {
            return Err(Broken::Syntax);
        }
        if let Some(last) = weights.weights.get_mut(weights.count) {
            *last = missing.ilog2().saturating_add(1) as u8;
        }
        // Without a code of full length the tree has a node of one child, which is no tree that an encoder makes.
        if !weights.weights.contains(&1) {
            return Err(Broken::Syntax);
        }
        self.log = log;
        // Longest codes first, symbols of one length in their order.
        let mut at = 0_usize;
        for weight in 1..=log as u8 {
            for (_, symbol) in weights.weights.iter().zip(0..=u8::MAX).filter(|(of, _)| **of == weight) {
                let end = at.saturating_add(share(weight));
                let bits = log.saturating_add(1).saturating_sub(u32::from(weight)) as u8;
                self.cells.get_mut(at..end).ok_or(Broken::Syntax)?.fill(Cell { symbol, bits });
                at = end;
            }
        }
        Ok(())
    }

    /// Decodes one stream, which must make exactly `out` (section 4.2.2).
    ///
    /// # Errors
    ///
    /// The stream has more or fewer bits than that takes.
    pub(super) fn decode(&self, stream: &[u8], out: &mut [u8]) -> Result<(), Broken> {
        let mut bits = Backward::new(stream)?;
        for run in out.chunks_mut(CODES_PER_REFILL) {
            bits.refill();
            for slot in run {
                *slot = self.next(&mut bits);
            }
        }
        if bits.is_used_up() { Ok(()) } else { Err(Broken::Syntax) }
    }

    #[inline]
    fn next(&self, bits: &mut Backward<'_>) -> u8 {
        // The mask changes nothing; with it there is no bounds check.
        let cell = self.cells.get(bits.peek(self.log) as usize & (CELLS - 1)).copied().unwrap_or_default();
        bits.take(u32::from(cell.bits));
        cell.symbol
    }
}
