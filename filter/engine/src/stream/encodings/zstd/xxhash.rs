//! XXH64 with seed 0, the content checksum of a frame (RFC 8878, section 3.1.1; the algorithm: xxHash specification, doc/
//! xxhash_spec.md of the xxHash project, version 0.1.1).

const PRIME_1: u64 = 0x9E37_79B1_85EB_CA87;
const PRIME_2: u64 = 0xC2B2_AE3D_27D4_EB4F;
const PRIME_3: u64 = 0x1656_67B1_9E37_79F9;
const PRIME_4: u64 = 0x85EB_CA77_C2B2_AE63;
const PRIME_5: u64 = 0x27D4_EB2F_1656_67C5;

const STRIPE: usize = 32;

/// The hash of the bytes so far.
pub(super) struct Xxh64 {
    lanes: [u64; 4],
    /// The begin of a stripe, `total % 32` bytes of it.
    stripe: [u8; STRIPE],
    total: u64,
}

impl Xxh64 {
    pub(super) fn new() -> Self {
        let lanes = [PRIME_1.wrapping_add(PRIME_2), PRIME_2, 0, 0_u64.wrapping_sub(PRIME_1)];
        Self { lanes, stripe: [0; STRIPE], total: 0 }
    }

    pub(super) fn update(&mut self, mut bytes: &[u8]) {
        let begun = self.begun();
        self.total = self.total.wrapping_add(bytes.len() as u64);
        if begun > 0 {
            let slots = self.stripe.get_mut(begun..).unwrap_or_default();
            let count = slots.len().min(bytes.len());
            for (slot, byte) in slots.iter_mut().zip(bytes) {
                *slot = *byte;
            }
            if count < slots.len() {
                return;
            }
            bytes = bytes.get(count..).unwrap_or_default();
            mix(&mut self.lanes, &self.stripe);
        }
        let (stripes, rest) = bytes.as_chunks::<STRIPE>();
        for stripe in stripes {
            mix(&mut self.lanes, stripe);
        }
        for (slot, byte) in self.stripe.iter_mut().zip(rest) {
            *slot = *byte;
        }
    }

    pub(super) fn digest(&self) -> u64 {
        let mut hash = PRIME_5;
        if self.total >= STRIPE as u64 {
            let [a, b, c, d] = self.lanes;
            hash = a.rotate_left(1).wrapping_add(b.rotate_left(7));
            hash = hash.wrapping_add(c.rotate_left(12)).wrapping_add(d.rotate_left(18));
            for lane in self.lanes {
                hash = (hash ^ round(0, lane)).wrapping_mul(PRIME_1).wrapping_add(PRIME_4);
            }
        }
        hash = hash.wrapping_add(self.total);
        let rest = self.stripe.get(..self.begun()).unwrap_or_default();
        let (words, rest) = rest.as_chunks::<8>();
        for word in words {
            hash ^= round(0, u64::from_le_bytes(*word));
            hash = hash.rotate_left(27).wrapping_mul(PRIME_1).wrapping_add(PRIME_4);
        }
        let (halves, rest) = rest.as_chunks::<4>();
        for half in halves {
            hash ^= u64::from(u32::from_le_bytes(*half)).wrapping_mul(PRIME_1);
            hash = hash.rotate_left(23).wrapping_mul(PRIME_2).wrapping_add(PRIME_3);
        }
        for byte in rest {
            hash ^= u64::from(*byte).wrapping_mul(PRIME_5);
            hash = hash.rotate_left(11).wrapping_mul(PRIME_1);
        }
        hash = (hash ^ (hash >> 33)).wrapping_mul(PRIME_2);
        hash = (hash ^ (hash >> 29)).wrapping_mul(PRIME_3);
        hash ^ (hash >> 32)
    }

    fn begun(&self) -> usize {
        self.total as usize % STRIPE
    }
}

fn mix(lanes: &mut [u64; 4], stripe: &[u8; STRIPE]) {
    for (lane, word) in lanes.iter_mut().zip(stripe.as_chunks::<8>().0) {
        *lane = round(*lane, u64::from_le_bytes(*word));
    }
}

fn round(lane: u64, word: u64) -> u64 {
    lane.wrapping_add(word.wrapping_mul(PRIME_2)).rotate_left(31).wrapping_mul(PRIME_1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_what_others_hash_to() {
        let hash = |bytes: &[u8]| {
            let mut whole = Xxh64::new();
            whole.update(bytes);
            let mut single = Xxh64::new();
            bytes.iter().for_each(|byte| single.update(&[*byte]));
            assert_eq!(whole.digest(), single.digest());
            whole.digest()
        };
        // Of the xxHash project: `printf '' | xxh64sum` and so on.
        assert_eq!(hash(b""), 0xEF46_DB37_51D8_E999);
        assert_eq!(hash(b"a"), 0xD24E_C4F1_A98C_6E5B);
        assert_eq!(hash(b"abc"), 0x44BC_2CF5_AD77_0999);
    }
}
