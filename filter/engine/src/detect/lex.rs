//! Byte classes that several detectors share.

/// `[A-Za-z0-9]`
pub(super) const fn alnum(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// `[A-Za-z0-9_-]`: base64url, and the inside of most tokens.
pub(super) const fn token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// `[A-Za-z0-9_]`, or a byte of a non-ASCII character: what makes a word longer.
pub(super) const fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// `[A-Za-z0-9+/=]`: standard base64 with padding.
pub(super) const fn base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}
