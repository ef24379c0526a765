//! The CRC-32 of Ethernet, gzip and AWS event streams (reflected polynomial 0xEDB88320, all bits inverted before and
//! after).
//!
//! One table of 1 KiB and a look-up per byte: some hundred MB/s, where the inspection behind it does less. A faster one
//! would cost the module more bytes than the checksum costs time.

const TABLE: [u32; 256] = table();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "evaluated by the compiler, which refuses what would go wrong"
)]
const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut at = 0;
    while at < table.len() {
        let mut value = at as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { value >> 1 ^ 0xEDB8_8320 } else { value >> 1 };
            bit += 1;
        }
        table[at] = value;
        at += 1;
    }
    table
}

/// The checksum of `bytes`.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = Crc32::default();
    crc.update(bytes);
    crc.value()
}

/// The checksum of bytes that come in pieces.
#[derive(Debug, Clone)]
pub(super) struct Crc32(u32);

impl Default for Crc32 {
    fn default() -> Self {
        Crc32(u32::MAX)
    }
}

impl Crc32 {
    /// Takes the next bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |crc, byte| {
            let [low, ..] = crc.to_le_bytes();
            crc >> 8 ^ TABLE.get(usize::from(low ^ byte)).copied().unwrap_or(0)
        });
    }

    /// The checksum of all bytes so far.
    pub(super) fn value(&self) -> u32 {
        !self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values computed with zlib's `crc32`; the first is the check value that catalogues of CRCs list.
    #[test]
    fn agrees_with_zlib() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
        assert_eq!(crc32(b"\0"), 0xD202_EF8D);
        assert_eq!(crc32(&(0..=255).collect::<Vec<u8>>()), 0x2905_8C73);
    }
}
