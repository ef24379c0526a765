//! Keccak-256 as Ethereum uses it: the sponge of FIPS 202 with the padding of the first submission, for short texts.

const ROUNDS: usize = 24;
/// Bytes of a block.
const RATE: usize = 136;
const ROTATIONS: [u32; 24] =
    [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];
const LANES: [usize; 24] = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];

/// The hash of a text that is shorter than a block.
pub(super) fn keccak_256(text: &[u8]) -> [u8; 32] {
    let mut block = [0; RATE];
    for (byte, own) in block.iter_mut().zip(text.iter().take(RATE - 1).chain(std::iter::once(&1))) {
        *byte = *own;
    }
    if let Some(last) = block.last_mut() {
        *last |= 0x80;
    }
    let mut state = [0_u64; 25];
    for (lane, bytes) in state.iter_mut().zip(block.as_chunks::<8>().0) {
        *lane = u64::from_le_bytes(*bytes);
    }
    permute(&mut state);
    let mut hash = [0; 32];
    for (bytes, lane) in hash.as_chunks_mut::<8>().0.iter_mut().zip(state) {
        *bytes = lane.to_le_bytes();
    }
    hash
}

#[expect(clippy::indexing_slicing, reason = "constant indices and tables of constants below 25")]
fn permute(state: &mut [u64; 25]) {
    let mut register = 1_u8;
    for _ in 0..ROUNDS {
        let mut columns = [0_u64; 5];
        for x in 0..5 {
            columns[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
        }
        for x in 0..5 {
            let mix = columns[(x + 4) % 5] ^ columns[(x + 1) % 5].rotate_left(1);
            for y in 0..5 {
                state[x + 5 * y] ^= mix;
            }
        }
        let mut last = state[1];
        for (lane, rotation) in LANES.into_iter().zip(ROTATIONS) {
            (state[lane], last) = (last.rotate_left(rotation), state[lane]);
        }
        for y in 0..5 {
            let row = [state[5 * y], state[5 * y + 1], state[5 * y + 2], state[5 * y + 3], state[5 * y + 4]];
            for x in 0..5 {
                state[5 * y + x] = row[x] ^ (!row[(x + 1) % 5] & row[(x + 2) % 5]);
            }
        }
        state[0] ^= round_constant(&mut register);
    }
}

/// The next constant: bits 2^j - 1 from a shift register of eight bits.
fn round_constant(register: &mut u8) -> u64 {
    let mut constant = 0;
    for bit in 0..7 {
        if *register & 1 == 1 {
            constant |= 1_u64 << ((1_u32 << bit) - 1);
        }
        let carry = *register & 0x80 != 0;
        *register <<= 1;
        if carry {
            *register ^= 0x71;
        }
    }
    constant
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_hash_of_nothing_is_the_one_in_the_yellow_paper() {
        let hash: String = super::keccak_256(b"").iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    }
}
