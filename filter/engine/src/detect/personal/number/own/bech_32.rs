//! Bech32 and bech32m (BIP 173, BIP 350).

const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATORS: [u32; 5] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3];
/// What the checksum leaves: for version 0 of witness programs, and for those after it.
const BECH_32: u32 = 1;
const BECH_32_M: u32 = 0x2BC8_30A3;

/// Whether the checksum of an address is right, in lower case.
pub(super) fn valid(prefix: &[u8], data: &[u8]) -> bool {
    let high = prefix.iter().map(|byte| u32::from(byte >> 5));
    let low = prefix.iter().map(|byte| u32::from(byte & 31));
    let mut values = Vec::with_capacity(data.len());
    for character in data {
        let Some(value) = ALPHABET.iter().position(|known| known == character) else { return false };
        values.push(u32::try_from(value).unwrap_or(0));
    }
    let version = values.first().copied();
    let all = high.chain(std::iter::once(0)).chain(low).chain(values);
    let rest = all.fold(1, |check: u32, value| {
        let top = check >> 25;
        let shifted = ((check & 0x01FF_FFFF) << 5) ^ value;
        GENERATORS.iter().enumerate().fold(
            shifted,
            |check, (bit, generator)| {
                if top >> bit & 1 == 1 { check ^ generator } else { check }
            },
        )
    });
    rest == if version == Some(0) { BECH_32 } else { BECH_32_M }
}
