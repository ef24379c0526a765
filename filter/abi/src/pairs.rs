//! The form in which header maps cross the ABI: a little-endian u32 count, for each pair the lengths of key and value,
//! then for each pair `key \0 value \0` (proxy-wasm specification, "Serialized maps").

#![deny(clippy::arithmetic_side_effects)]

use std::ops::Range;

/// Headers as the host gave them, in one allocation.
#[derive(Debug, Default)]
pub struct Pairs {
    bytes: Vec<u8>,
    ranges: Vec<(Range<usize>, Range<usize>)>,
}

impl Pairs {
    /// Reads the serialised form; `None` when it is not one. No bytes at all are an empty map.
    pub fn decode(bytes: Vec<u8>) -> Option<Self> {
        if bytes.is_empty() {
            return Some(Self::default());
        }
        let word = |index: usize| {
            let at = index.checked_mul(4)?;
            let four = bytes.get(at..)?.first_chunk::<4>()?;
            usize::try_from(u32::from_le_bytes(*four)).ok()
        };
        let count = word(0)?;
        let mut at = count.checked_mul(8)?.checked_add(4)?;
        if at > bytes.len() {
            return None;
        }
        let mut ranges = Vec::with_capacity(count);
        let mut next = |len: usize| {
            let range = at..at.checked_add(len)?;
            at = range.end.checked_add(1)?;
            (at <= bytes.len()).then_some(range)
        };
        for pair in 0..count {
            let key = next(word(pair.checked_mul(2)?.checked_add(1)?)?)?;
            let value = next(word(pair.checked_mul(2)?.checked_add(2)?)?)?;
            ranges.push((key, value));
        }
        Some(Self { bytes, ranges })
    }

    /// Every pair, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let slice = |range: &Range<usize>| self.bytes.get(range.clone()).unwrap_or_default();
        self.ranges.iter().map(move |(key, value)| (slice(key), slice(value)))
    }
}

/// Writes the serialised form.
pub fn encode(pairs: &[(&[u8], &[u8])]) -> Vec<u8> {
    let len = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes();
    let mut out = Vec::new();
    out.extend(u32::try_from(pairs.len()).unwrap_or(u32::MAX).to_le_bytes());
    for (key, value) in pairs {
        out.extend(len(key));
        out.extend(len(value));
    }
    for (key, value) in pairs {
        out.extend(*key);
        out.push(0);
        out.extend(*value);
        out.push(0);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip_and_hostile_forms() {
        let pairs: [(&[u8], &[u8]); 3] = [(b"a", b"1"), (b"", b""), (b"x-y", b"\xff\0z")];
        let encoded = encode(&pairs);
        let decoded = Pairs::decode(encoded.clone())
            .map(|own| own.iter().map(|(key, value)| (key.to_vec(), value.to_vec())).collect::<Vec<_>>());
        assert_eq!(decoded, Some(pairs.iter().map(|(key, value)| (key.to_vec(), value.to_vec())).collect()));
        for cut in 1..encoded.len() {
            assert!(Pairs::decode(encoded.iter().copied().take(cut).collect()).is_none(), "cut at {cut}");
        }
        assert!(Pairs::decode(vec![0xff; 64]).is_none());
        assert_eq!(Pairs::decode(Vec::new()).map(|own| own.iter().count()), Some(0));
    }
}
