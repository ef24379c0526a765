//! Check digits and checksums.

pub(super) mod national;

/// ISO/IEC 7812-1 annex B (Luhn), over the values of the digits from left to right.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum = digits.iter().rev().enumerate().fold(0_u32, |sum, (at, digit)| {
        let digit = u32::from(*digit);
        let value = if at % 2 == 1 { digit.saturating_mul(2) } else { digit };
        sum.saturating_add(if value > 9 { value - 9 } else { value })
    });
    sum.is_multiple_of(10)
}

/// ISO 7064 mod 97-10 over letters (A = 10) and digits: the remainder, which is 1 for a valid number.
/// `None` when there is anything else.
pub(super) fn mod_97(characters: impl Iterator<Item = u8>) -> Option<u32> {
    let mut rest = 0_u32;
    for character in characters {
        let value = char::from(character).to_digit(36)?;
        rest = (rest * if value > 9 { 100 } else { 10 } + value) % 97;
    }
    Some(rest)
}

/// CRC-32/ISO-HDLC (IEEE 802.3), bit by bit: tokens are short.
pub(super) fn crc_32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}

/// A number in base 36 (digits, lower case), padded with `0` to seven characters.
pub(super) fn base_36(number: u32) -> [u8; 7] {
    digits(number, b"0123456789abcdefghijklmnopqrstuvwxyz")
}

/// A number in base 62 (digits, upper case, lower case), padded with `0` to six characters.
pub(super) fn base_62(number: u32) -> [u8; 6] {
    digits(number, b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
}

fn digits<const N: usize>(mut number: u32, alphabet: &[u8]) -> [u8; N] {
    let mut text = [b'0'; N];
    let base = u32::try_from(alphabet.len()).unwrap_or(u32::MAX);
    for digit in text.iter_mut().rev() {
        *digit = alphabet.get((number % base) as usize).copied().unwrap_or(b'0');
        number /= base;
    }
    text
}

/// The scheme of GitHub and npm: the last six of the characters after the prefix are the CRC-32 of those before them.
pub(super) fn ends_in_base_62_crc(body: &[u8]) -> bool {
    body.split_last_chunk::<6>().is_some_and(|(random, check)| base_62(crc_32(random)) == *check)
}

/// A token whose checksum is right, from its prefix and its 30 random characters: for [`super::Evidence`].
pub(super) fn with_base_62_crc(prefix: &str, random: &str) -> String {
    let check = base_62(crc_32(random.as_bytes()));
    [prefix, random].into_iter().flat_map(str::chars).chain(check.into_iter().map(char::from)).collect()
}

/// Marvin32 in 32 bits, as .NET and Microsoft's identifiable keys compute it, with a seed that is written as eight characters.
pub(super) fn marvin_32(bytes: &[u8], seed: [u8; 8]) -> u32 {
    let seed = u64::from_be_bytes(seed);
    let mut state = (seed as u32, (seed >> 32) as u32);
    let (fours, rest) = bytes.as_chunks::<4>();
    for four in fours {
        state = marvin_block(state, u32::from_le_bytes(*four));
    }
    let last = rest.iter().rev().fold(0x80, |last, byte| last << 8 | u32::from(*byte));
    let (low, high) = marvin_block(marvin_block(state, last), 0);
    low ^ high
}

fn marvin_block((low, high): (u32, u32), word: u32) -> (u32, u32) {
    let low = low.wrapping_add(word);
    let high = high ^ low;
    let low = low.rotate_left(20).wrapping_add(high);
    let high = high.rotate_left(9) ^ low;
    let low = low.rotate_left(27).wrapping_add(high);
    (low, high.rotate_left(19))
}

/// Whether a text is valid bech32 (BIP 173), in one case, with its prefix and `1`.
pub(super) fn bech_32(text: &str) -> bool {
    const ALPHABET: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const GENERATOR: [u32; 5] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3];
    let lower = text.to_ascii_lowercase();
    let Some((prefix, data)) = lower.rsplit_once('1') else { return false };
    let step = |sum: u32, value: u32| {
        let top = sum >> 25;
        let next = (sum & 0x1FF_FFFF) << 5 ^ value;
        GENERATOR.iter().enumerate().fold(next, |sum, (bit, word)| if top >> bit & 1 == 1 { sum ^ word } else { sum })
    };
    let high = prefix.bytes().map(|byte| u32::from(byte >> 5));
    let low = prefix.bytes().map(|byte| u32::from(byte & 31));
    let sum = high.chain([0]).chain(low).fold(1, step);
    let values = data.chars().map(|one| ALPHABET.find(one).and_then(|at| u32::try_from(at).ok()));
    values.into_iter().try_fold(sum, |sum, value| Some(step(sum, value?))) == Some(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luhn_accepts_test_cards_and_notices_one_wrong_digit() {
        for (number, valid) in
            [("4111111111111111", true), ("4111111111111112", false), ("79927398713", true), ("0", true)]
        {
            let digits: Vec<u8> = number.bytes().map(|digit| digit - b'0').collect();
            assert_eq!(luhn(&digits), valid, "{number}");
        }
    }

    #[test]
    fn mod_97_knows_the_example_of_the_standard() {
        assert_eq!(mod_97("WEST12345698765432GB82".bytes()), Some(1));
        assert_ne!(mod_97("WEST12345698765432GB28".bytes()), Some(1));
        assert_eq!(mod_97("west12345698765432gb82".bytes()), Some(1));
        assert_eq!(mod_97("GB-82".bytes()), None);
    }

    #[test]
    fn crc_32_has_the_check_value_of_its_definition() {
        assert_eq!(crc_32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc_32(b""), 0);
    }

    #[test]
    fn numbers_are_padded() {
        assert_eq!(&base_62(0), b"000000");
        assert_eq!(&base_62(61), b"00000z");
        assert_eq!(&base_62(u32::MAX), b"4gfFC3");
        assert_eq!(&base_36(u32::MAX), b"1z141z3");
    }

    #[test]
    fn the_published_sample_of_githubs_scheme_is_valid() {
        let sample = ["zQWBuTSOoRi4A9spHcVY", "5ncnsDkxkJ", "0mLq17"].concat();
        assert!(ends_in_base_62_crc(sample.as_bytes()));
        assert!(!ends_in_base_62_crc(sample.replace('Q', "q").as_bytes()));
        assert!(!ends_in_base_62_crc(b"short"));
    }

    #[test]
    fn bech_32_knows_the_vectors_of_its_standard() {
        assert!(bech_32("A12UEL5L"));
        assert!(bech_32("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"));
        assert!(!bech_32("A12UEL5M"));
        assert!(!bech_32("noseparator"));
    }

    /// A change of any byte or of the seed changes it.
    #[test]
    fn marvin_32_depends_on_every_byte() {
        let hash = marvin_32(b"0123456789", *b"Default0");
        assert_ne!(hash, marvin_32(b"0123456788", *b"Default0"));
        assert_ne!(hash, marvin_32(b"1123456789", *b"Default0"));
        assert_ne!(hash, marvin_32(b"0123456789", *b"Default1"));
    }
}
