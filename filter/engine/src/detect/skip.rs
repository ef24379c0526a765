//! Passes over text in which no anchor begins.
//!
//! Most text has none, and one step of the automaton waits for the one before it. This looks at the four bytes from each
//! place on, for eight places at once: their hash is the place of a byte in a table, which says whether some anchor may begin
//! with them. A second hash, and up to four bytes more, decide before the automaton is asked, so that hundreds of anchors cost no more than a few. Pairs
//! of digits, and an anchor of a single byte, are found by arithmetic on eight bytes. It stops too often rather than too seldom;
//! the automaton decides.

use super::lex;

/// Bytes that are compared.
pub(super) const DEPTH: usize = 4;
/// Places that are looked at together.
const STRIDE: usize = 8;
/// Bytes that must be known for that.
const BLOCK: usize = STRIDE + DEPTH;
/// Above this many different beginnings so much passes that the automaton alone is faster.
const BEGINNINGS_MAX: usize = 3000;
/// Bits of the first hash: the table takes 32 KiB, which is what a processor keeps at hand.
const TABLE_BITS: u32 = 15;
/// Words of 64 bits of the smaller tables.
const WORDS: usize = 1 << 10;

/// Finds the places where an anchor or a run of digits may begin.
pub(super) struct Skip {
    /// 1 where a beginning has this hash.
    table: Box<[u8; 1 << TABLE_BITS]>,
    /// A bit for each beginning, by another hash.
    known: Box<[u64; WORDS]>,
    /// The same for those of which nothing more is known.
    short: Box<[u64; WORDS]>,
    /// The same for those that begin a token, so that no identifier goes on to them.
    token: Box<[u64; WORDS]>,
    /// Those of longer anchors, sorted, with up to four bytes more.
    long: Vec<Long>,
    /// The anchor of one byte, if there is one.
    single: Option<u8>,
    /// Whether there are detectors of digits.
    digits: bool,
    /// Whether there are numbers, which one digit may begin.
    numbers: bool,
}

/// Up to eight bytes of an anchor, in one case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Long {
    beginning: u32,
    next: u32,
    /// Which bits of `next` count.
    mask: u32,
    /// Whether it begins a token.
    token: bool,
}

/// How far a pass over a text has come.
pub(super) struct Pass {
    from: usize,
    next: usize,
    /// The last place at which letters before digits have been reported.
    lettered: Option<usize>,
}

/// Where a pass stops.
pub(super) enum Stop {
    /// The automaton has to look from here on.
    Automaton(usize),
    /// A run of one or two digits begins here. Only where there are numbers.
    Number(usize),
    /// A run of three or more digits begins here.
    Digits(usize),
    /// A run of two or more digits begins here, behind two letters.
    DigitsBehindLetters(usize),
}

/// Every byte of a word.
const EACH: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x80 * EACH;

/// In the high bit of each byte, whether it is no digit.
#[inline(always)]
const fn no_digits(bytes: u64) -> u64 {
    let zero_based = bytes ^ (0x30 * EACH);
    ((zero_based & !HIGH) + (0x76 * EACH)) | zero_based
}

/// Four bytes in one case; others become the same as well.
#[inline(always)]
const fn folded(four: [u8; DEPTH]) -> u32 {
    u32::from_le_bytes(four) | 0x2020_2020
}

#[inline(always)]
const fn slot(folded: u32) -> usize {
    (folded.wrapping_mul(0x9E37_79B1) >> (u32::BITS - TABLE_BITS)) as usize
}

/// The word and the bit of a beginning in the smaller tables.
const fn bit(folded: u32) -> (usize, u32) {
    let hash = (folded ^ (folded >> 15)).wrapping_mul(0x85EB_CA6B);
    ((hash >> 22) as usize & (WORDS - 1), (hash >> 8) & 63)
}

/// Which bytes can follow an anchor; `None`: any.
pub(super) type Follows<'t> = Option<&'t dyn Fn(u8) -> bool>;

impl Skip {
    /// For these anchors, in any ASCII case, each with the bytes that can follow it and whether it is the
    /// prefix of a token, for runs of digits and, for numbers, for short ones as well.
    /// `None` when it would not pay.
    pub(super) fn new<'t>(
        anchors: impl Iterator<Item = (&'t str, Follows<'t>, bool)>,
        digits: bool,
        numbers: bool,
    ) -> Option<Self> {
        let mut skip = Skip {
            table: Box::new([0; 1 << TABLE_BITS]),
            known: Box::new([0; WORDS]),
            short: Box::new([0; WORDS]),
            token: Box::new([0; WORDS]),
            long: Vec::new(),
            single: None,
            digits,
            numbers,
        };
        let mut count = 0_usize;
        for (anchor, follows, token) in anchors {
            match *anchor.as_bytes() {
                [first, second, third, fourth, ref more @ ..] => {
                    let four = [first, second, third, fourth];
                    count += skip.begin(four);
                    if more.is_empty() {
                        set(if token { &mut skip.token } else { &mut skip.short }, folded(four));
                    } else {
                        skip.long.push(Long::new(four, more, token));
                    }
                }
                [first, second, third] => {
                    for fourth in (0..=u8::MAX).filter(|byte| follows.is_none_or(|follows| follows(*byte))) {
                        let four = [first, second, third, fourth];
                        count += skip.begin(four);
                        set(if token { &mut skip.token } else { &mut skip.short }, folded(four));
                    }
                }
                [only] if !only.is_ascii_alphabetic() && skip.single.is_none_or(|single| single == only) => {
                    skip.single = Some(only);
                }
                _ => return None,
            }
            if count > BEGINNINGS_MAX {
                return None;
            }
        }
        skip.long.sort_unstable();
        Some(skip)
    }

    /// Adds a beginning: one more, or none where it was known.
    fn begin(&mut self, four: [u8; DEPTH]) -> usize {
        let new = !is_set(&self.known, folded(four));
        if let Some(slot) = self.table.get_mut(slot(folded(four))) {
            *slot = 1;
        }
        set(&mut self.known, folded(four));
        usize::from(new)
    }

    /// Begins a pass at `from`, in a text of which the automaton has seen everything before `from` without being inside an
    /// anchor.
    pub(super) fn pass(&self, from: usize) -> Pass {
        Pass { from, next: from, lettered: None }
    }

    /// The next place. The last bytes of the text are one for the automaton, since an anchor may begin there that ends
    /// later; the pass is over with it.
    pub(super) fn next(&self, pass: &mut Pass, text: &[u8]) -> Stop {
        loop {
            let (at, mut places) = self.quick(text, pass.next);
            pass.next = at;
            if places == 0 {
                return Stop::Automaton(at);
            }
            while places != 0 {
                let place = at.saturating_add(places.trailing_zeros() as usize / 8);
                places &= places - 1;
                if self.begins(text, place) {
                    return Stop::Automaton(place);
                }
                if self.digits
                    && let Some(stop) = pass.digits(text, place, self.numbers)
                {
                    return stop;
                }
            }
            pass.next = at.saturating_add(STRIDE);
        }
    }

    /// The first block that has places, and a bit in the byte of each of them; none in a block of which not all bytes are known.
    #[inline(always)]
    fn quick(&self, text: &[u8], mut at: usize) -> (usize, u64) {
        let single = self.single.map_or(0, |byte| u64::from(byte) * EACH);
        while let Some(block) = text.get(at..).and_then(<[u8]>::first_chunk::<BLOCK>) {
            let (Some(eight), Some(last)) = (block.first_chunk(), block.last_chunk()) else { break };
            let (eight, last) = (u64::from_le_bytes(*eight), u64::from_le_bytes(*last));
            let (first, second) = (eight | (0x20 * EACH), last | (0x20 * EACH));
            let four = |bytes: u64| {
                [self.at_once(bytes), self.at_once(bytes >> 8), self.at_once(bytes >> 16), self.at_once(bytes >> 24)]
            };
            let ([b0, b1, b2, b3], [b4, b5, b6, b7]) = (four(first), four(second));
            let begun = b0 | b1 | b2 | b3 | b4 | b5 | b6 | b7;
            let after = (eight >> 8) | (last << 24 & 0xFF << 56);
            let next = if self.numbers { 0 } else { no_digits(after) };
            let pairs = !(no_digits(eight) | next) & HIGH;
            let other = eight ^ single;
            let singles = other.wrapping_sub(EACH) & !other & HIGH;
            if u64::from(begun) | pairs | singles != 0 {
                return (at, u64::from_le_bytes([b0, b1, b2, b3, b4, b5, b6, b7]) | (pairs | singles) >> 7);
            }
            at += STRIDE;
        }
        (at, 0)
    }

    /// The entry of the four lowest bytes, which are folded.
    #[inline(always)]
    fn at_once(&self, bytes: u64) -> u8 {
        self.table.get(slot(bytes as u32)).copied().unwrap_or(1)
    }

    /// Whether an anchor may begin at a place.
    fn begins(&self, text: &[u8], place: usize) -> bool {
        let rest = text.get(place..).unwrap_or_default();
        let (Some(four), next) = (rest.first_chunk::<DEPTH>(), rest.get(DEPTH..).unwrap_or_default()) else {
            return true;
        };
        if self.single.is_some() && four.first().copied() == self.single {
            return true;
        }
        let beginning = folded(*four);
        if !is_set(&self.known, beginning) {
            return false;
        }
        let opens = lex::opens_in(text, place);
        is_set(&self.short, beginning)
            || (opens && is_set(&self.token, beginning))
            || self.goes_on(beginning, next, opens)
    }

    /// Whether some longer anchor goes on so.
    fn goes_on(&self, beginning: u32, next: &[u8], opens: bool) -> bool {
        let Some(next) = next.first_chunk::<DEPTH>() else { return true };
        let next = folded(*next);
        let first = self.long.partition_point(|long| long.beginning < beginning);
        let alike = self.long.iter().skip(first).take_while(|long| long.beginning == beginning);
        alike.into_iter().any(|long| next & long.mask == long.next && (opens || !long.token))
    }
}

impl Long {
    fn new(four: [u8; DEPTH], more: &[u8], token: bool) -> Self {
        let mut next = [0; DEPTH];
        let mut mask = [0; DEPTH];
        for ((next, mask), byte) in next.iter_mut().zip(&mut mask).zip(more) {
            (*next, *mask) = (*byte | 0x20, 0xFF);
        }
        Long { beginning: folded(four), next: u32::from_le_bytes(next), mask: u32::from_le_bytes(mask), token }
    }
}

fn set(bits: &mut [u64; WORDS], folded: u32) {
    let (word, bit) = bit(folded);
    if let Some(word) = bits.get_mut(word) {
        *word |= 1 << bit;
    }
}

fn is_set(bits: &[u64; WORDS], folded: u32) -> bool {
    let (word, bit) = bit(folded);
    bits.get(word).is_none_or(|word| word >> bit & 1 == 1)
}

impl Pass {
    /// What it means that there may be digits at a place.
    fn digits(&mut self, text: &[u8], place: usize, numbers: bool) -> Option<Stop> {
        let is = |at: Option<usize>, member: fn(&u8) -> bool| at.and_then(|at| text.get(at)).is_some_and(member);
        let digit = |ahead: usize| is(place.checked_add(ahead), u8::is_ascii_digit);
        // What began before this pass has been seen.
        if !digit(0) || is(place.checked_sub(1), u8::is_ascii_digit) || place < self.from {
            return None;
        }
        let letter = |back: usize| is(place.checked_sub(back), u8::is_ascii_alphabetic);
        if digit(1) && letter(1) && letter(2) && self.lettered != Some(place) {
            (self.next, self.lettered) = (place, Some(place));
            return Some(Stop::DigitsBehindLetters(place));
        }
        let long = digit(1) && digit(2);
        if !long && !numbers {
            return None;
        }
        self.next = place.saturating_add(1);
        Some(if long { Stop::Digits(place) } else { Stop::Number(place) })
    }
}
