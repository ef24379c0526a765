//! Keyed hashes: fingerprints of what was found, what replaces it, and the ids of exchanges.
//!
//! All are HMAC-SHA-256 (RFC 2104, FIPS 180-4), cut to a prefix. A fingerprint lets two records be compared without
//! either holding the text; without the key it cannot be confirmed by guessing. Each use has its own prefix byte, so that
//! one key never signs the same message for two purposes.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A secret key for keyed hashes. `Debug` does not show it.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

impl Key {
    /// A key from any number of bytes; 32 random ones are best.
    pub fn new(bytes: &[u8]) -> Self {
        match <Hmac<Sha256> as KeyInit>::new_from_slice(bytes) {
            Ok(mac) => Self(mac),
            // HMAC takes keys of every length (RFC 2104), so this arm is never taken.
            Err(_) => Self(<Hmac<Sha256> as KeyInit>::new(&Default::default())),
        }
    }

    /// 64 bits that identify `text` under this key.
    pub fn fingerprint(&self, text: &[u8]) -> Fingerprint {
        let [a, b, c, d, e, f, g, h, ..] = self.mac(b'f', text);
        Fingerprint([a, b, c, d, e, f, g, h])
    }

    /// 120 bits that stand for `text` where it is to be restored.
    pub fn stand_in(&self, text: &[u8]) -> [u8; 15] {
        let mut bits = [0; 15];
        for (slot, byte) in bits.iter_mut().zip(self.mac(b'p', text)) {
            *slot = byte;
        }
        bits
    }

    /// 128 bits for the `n`-th exchange of a worker whose key is random.
    pub fn exchange_id(&self, n: u64) -> ExchangeId {
        let mut id = [0; 16];
        for (slot, byte) in id.iter_mut().zip(self.mac(b'x', &n.to_be_bytes())) {
            *slot = byte;
        }
        ExchangeId(id)
    }

    fn mac(&self, purpose: u8, message: &[u8]) -> [u8; 32] {
        let mut mac = self.0.clone();
        mac.update(&[purpose]);
        mac.update(message);
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

macro_rules! hex_id {
    ($(#[doc = $doc:literal])+ $name:ident, $bytes:literal) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub struct $name([u8; $bytes]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

hex_id! {
    /// 64 bits that stand for a found text in records; equal texts have equal fingerprints under one key.
    Fingerprint, 8
}
hex_id! {
    /// 128 bits that name one exchange in errors, headers and records.
    ExchangeId, 16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_text_same_key_same_fingerprint() {
        let (one, two) = (Key::new(b"one"), Key::new(b"two"));
        assert_eq!(one.fingerprint(b"4111"), one.fingerprint(b"4111"));
        assert_ne!(one.fingerprint(b"4111"), two.fingerprint(b"4111"));
        assert_ne!(one.exchange_id(1), one.exchange_id(2));
        assert_eq!(one.exchange_id(1).to_string().len(), 32);
        assert_eq!(format!("{one:?}"), "Key(..)");
    }

    /// RFC 4231, test case 2 with the purpose byte taken as part of the message.
    #[test]
    fn is_hmac_sha256() {
        let key = Key::new(b"Jefe");
        let mac = key.mac(b'w', b"hat do ya want for nothing?");
        assert_eq!(mac.get(..4), Some([0x5b, 0xdc, 0xc1, 0x46].as_slice()));
    }
}
