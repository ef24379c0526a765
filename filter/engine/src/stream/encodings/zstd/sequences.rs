//! The sequences section of a compressed block (RFC 8878, section 3.1.1.3.2) and its execution (section 3.1.1.4).

use super::Broken;
use super::bits::Backward;
use super::codes::{self, Length};
use super::fse::{Distribution, Table};
use super::window::{Spare, Window};

/// An offset of a larger code is beyond any window that is taken: 2^24 - 3 against 8 MiB.
const MOST_OFFSET_CODE: u8 = 23;

/// What a later block of the frame may use again: the tables and the last offsets.
pub(super) struct Sequences {
    literal_lengths: Codes,
    offsets: Codes,
    match_lengths: Codes,
    recent: Recent,
}

impl Sequences {
    pub(super) fn new() -> Self {
        Self {
            literal_lengths: Codes::new(codes::LITERAL_LENGTH_SHARES, 36, 9),
            offsets: Codes::new(codes::OFFSET_SHARES, 32, 8),
            match_lengths: Codes::new(codes::MATCH_LENGTH_SHARES, 53, 9),
            recent: Recent([1, 4, 8]),
        }
    }

    /// Reads `section`, which must end where its sequences do, and appends what they and the literals make.
    ///
    /// # Errors
    ///
    /// The section is not what its header says, or the window does not take what it makes.
    pub(super) fn run(&mut self, section: &[u8], mut literals: Spare<'_>, window: &mut Window) -> Result<(), Broken> {
        let (count, section) = read_count(section)?;
        if count > 0 {
            let (modes, section) = section.split_first().ok_or(Broken::Syntax)?;
            if modes & 3 != 0 {
                return Err(Broken::Syntax);
            }
            let section = self.literal_lengths.read(modes >> 6, section)?;
            let section = self.offsets.read((modes >> 4) & 3, section)?;
            let section = self.match_lengths.read((modes >> 2) & 3, section)?;
            self.run_all(count, section, &mut literals, window)?;
        } else if !section.is_empty() {
            return Err(Broken::Syntax);
        }
        if literals.count() > 0 { window.append_literals(literals) } else { Ok(()) }
    }

    fn run_all(
        &mut self,
        count: usize,
        stream: &[u8],
        literals: &mut Spare<'_>,
        window: &mut Window,
    ) -> Result<(), Broken> {
        let (literal_lengths, offsets) = (self.literal_lengths.table()?, self.offsets.table()?);
        let match_lengths = self.match_lengths.table()?;
        let mut bits = Backward::new(stream)?;
        let mut literal_state = literal_lengths.start(&mut bits);
        let mut offset_state = offsets.start(&mut bits);
        let mut match_state = match_lengths.start(&mut bits);
        for left in (0..count).rev() {
            let literal_cell = literal_lengths.cell(literal_state);
            let offset_cell = offsets.cell(offset_state);
            let match_cell = match_lengths.cell(match_state);
            if offset_cell.symbol > MOST_OFFSET_CODE {
                return Err(Broken::Syntax);
            }
            // At most 23 + 16 + 16 bits, and then 9 + 9 + 8.
            bits.refill();
            let code = u32::from(offset_cell.symbol);
            let offset = 1_u64.wrapping_shl(code).wrapping_add(bits.take(code)) as usize;
            let match_length = read_length(&codes::MATCH_LENGTHS, match_cell.symbol, &mut bits);
            let literal_length = read_length(&codes::LITERAL_LENGTHS, literal_cell.symbol, &mut bits);
            // The states after the last sequence are not written.
            if left > 0 {
                bits.refill();
                literal_state = literal_cell.next(&mut bits);
                match_state = match_cell.next(&mut bits);
                offset_state = offset_cell.next(&mut bits);
            }
            let offset = self.recent.resolve(offset, literal_length == 0);
            window.append_sequence(literals, literal_length, offset, match_length)?;
        }
        if bits.is_used_up() { Ok(()) } else { Err(Broken::Syntax) }
    }
}

/// The number of sequences (section 3.1.1.3.2.1).
fn read_count(section: &[u8]) -> Result<(usize, &[u8]), Broken> {
    match *section {
        [first @ 0..128, ref rest @ ..] => Ok((usize::from(first), rest)),
        // Zero in two bytes: there are readers to which a section without sequences follows.
        [128, 0, ..] => Err(Broken::Syntax),
        [first @ 128..=254, second, ref rest @ ..] => {
            Ok((usize::from(u16::from_be_bytes([first.wrapping_sub(128), second])), rest))
        }
        [255, first, second, ref rest @ ..] => {
            Ok((usize::from(u16::from_le_bytes([first, second])).saturating_add(0x7F00), rest))
        }
        _ => Err(Broken::Syntax),
    }
}

#[inline]
fn read_length(lengths: &[Length; 64], code: u8, bits: &mut Backward<'_>) -> usize {
    // The mask changes nothing; with it there is no bounds check.
    let length = lengths.get(usize::from(code & 63)).copied().unwrap_or(Length { base: 0, bits: 0 });
    (length.base as usize).wrapping_add(bits.take(length.bits) as usize)
}

/// The last three offsets (section 3.1.1.5).
struct Recent([usize; 3]);

impl Recent {
    /// The offset that a value stands for; 0 is none.
    #[inline]
    fn resolve(&mut self, value: usize, no_literals: bool) -> usize {
        let Recent([first, second, third]) = *self;
        let offset = match (value, no_literals) {
            (1, false) => return first,
            (2, false) | (1, true) => {
                self.0 = [second, first, third];
                return second;
            }
            (3, false) | (2, true) => third,
            (3, true) => first.saturating_sub(1),
            _ => value.saturating_sub(3),
        };
        self.0 = [offset, first, second];
        offset
    }
}

/// One of the three kinds of codes.
struct Codes {
    predefined: Table,
    own: Table,
    current: Current,
    /// Codes that there are.
    symbols: u8,
    most_log: u32,
}

/// The table of the last block that had sequences.
#[derive(Clone, Copy)]
enum Current {
    None,
    Predefined,
    Own,
}

impl Codes {
    fn new((shares, log): (&[i16], u32), symbols: u8, most_log: u32) -> Self {
        let mut predefined = Table::new();
        predefined.set(&Distribution::given(shares, log));
        Self { predefined, own: Table::new(), current: Current::None, symbols, most_log }
    }

    /// Gets the table of a mode (section 3.1.1.3.2.1), where need be from the begin of `section`; gives what is behind it.
    fn read<'a>(&mut self, mode: u8, section: &'a [u8]) -> Result<&'a [u8], Broken> {
        match mode {
            0 => {
                self.current = Current::Predefined;
                Ok(section)
            }
            1 => {
                let (symbol, rest) = section.split_first().ok_or(Broken::Syntax)?;
                if *symbol >= self.symbols {
                    return Err(Broken::Syntax);
                }
                self.own.set_single(*symbol);
                self.current = Current::Own;
                Ok(rest)
            }
            2 => {
                let (distribution, used) = Distribution::read(section, self.most_log, usize::from(self.symbols))?;
                self.own.set(&distribution);
                self.current = Current::Own;
                section.get(used..).ok_or(Broken::Syntax)
            }
            // The one at hand, if any: `table` sees.
            _ => Ok(section),
        }
    }

    fn table(&self) -> Result<&Table, Broken> {
        match self.current {
            Current::None => Err(Broken::Syntax),
            Current::Predefined => Ok(&self.predefined),
            Current::Own => Ok(&self.own),
        }
    }
}
