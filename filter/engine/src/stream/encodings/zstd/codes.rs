//! What the codes of literal lengths, match lengths and offsets stand for, and how often they come where a block does not
//! say (RFC 8878, sections 3.1.1.3.2.1.1 and 3.1.1.3.2.2).

/// A length: a base and how many bits are added to it.
#[derive(Clone, Copy)]
pub(super) struct Length {
    pub(super) base: u32,
    pub(super) bits: u32,
}

/// Literal lengths by code. Codes beyond the last never come: no table has them. The array is longer for the sake of a
/// mask in place of a bounds check.
pub(super) static LITERAL_LENGTHS: [Length; 64] = lengths(
    0,
    &[
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        16,
    ],
);

/// Match lengths by code, likewise.
pub(super) static MATCH_LENGTHS: [Length; 64] = lengths(
    3,
    &[
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2,
        2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
    ],
);

/// Each base is where the code before it ends.
const fn lengths(least: u32, bits: &[u32]) -> [Length; 64] {
    let mut lengths = [Length { base: 0, bits: 0 }; 64];
    let mut base = least;
    let (mut slots, mut bits): (&mut [Length], &[u32]) = (&mut lengths, bits);
    while let (Some((slot, more)), Some((width, wider))) = (slots.split_first_mut(), bits.split_first()) {
        *slot = Length { base, bits: *width };
        base = base.wrapping_add(1_u32.wrapping_shl(*width));
        (slots, bits) = (more, wider);
    }
    lengths
}

/// Distributions where a block says "predefined", and their accuracy logs.
pub(super) const LITERAL_LENGTH_SHARES: (&[i16], u32) = (
    &[4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1],
    6,
);
pub(super) const OFFSET_SHARES: (&[i16], u32) =
    (&[1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1], 5);
pub(super) const MATCH_LENGTH_SHARES: (&[i16], u32) = (
    &[
        1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
    ],
    6,
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_those_of_the_rfc() {
        let of = |lengths: &[Length; 64], code: usize| lengths.get(code).map(|length| (length.base, length.bits));
        for (code, length) in [(15, (15, 0)), (16, (16, 1)), (24, (48, 4)), (25, (64, 6)), (35, (65536, 16))] {
            assert_eq!(of(&LITERAL_LENGTHS, code), Some(length));
        }
        for (code, length) in
            [(0, (3, 0)), (31, (34, 0)), (32, (35, 1)), (41, (83, 4)), (42, (99, 5)), (43, (131, 7)), (52, (65539, 16))]
        {
            assert_eq!(of(&MATCH_LENGTHS, code), Some(length));
        }
        for (shares, log) in [LITERAL_LENGTH_SHARES, OFFSET_SHARES, MATCH_LENGTH_SHARES] {
            assert_eq!(shares.iter().map(|share| u32::from(share.unsigned_abs())).sum::<u32>(), 1 << log);
        }
        assert_eq!(MATCH_LENGTH_SHARES.0.len(), 53);
        assert_eq!(LITERAL_LENGTH_SHARES.0.len(), 36);
        assert_eq!(OFFSET_SHARES.0.len(), 29);
    }
}
