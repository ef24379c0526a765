//! Base58 with the checksum of Bitcoin.

use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// Version, hash, checksum.
const BYTES: usize = 1 + 20 + 4;

/// The version of an address whose checksum is right.
pub(super) fn version(text: &[u8]) -> Option<u8> {
    let mut number = [0_u8; BYTES];
    for character in text {
        let mut carry = u32::try_from(ALPHABET.iter().position(|known| known == character)?).ok()?;
        for byte in number.iter_mut().rev() {
            carry += u32::from(*byte) * 58;
            *byte = u8::try_from(carry & 0xFF).ok()?;
            carry >>= 8;
        }
        if carry > 0 {
            return None;
        }
    }
    let (body, check) = number.split_last_chunk::<4>()?;
    let zeros = text.iter().take_while(|byte| **byte == b'1').count();
    let right = checksum(body) == *check && number.iter().take_while(|byte| **byte == 0).count() == zeros;
    right.then(|| body.first().copied()).flatten()
}

fn checksum(body: &[u8]) -> [u8; 4] {
    let hash = Sha256::digest(Sha256::digest(body));
    hash.first_chunk().copied().unwrap_or_default()
}
