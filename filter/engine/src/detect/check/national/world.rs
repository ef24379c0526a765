//! Numbers that are the same everywhere.

use super::{luhn, part, value};

/// IMEI: the bodies that give out numbers, and Luhn.
pub(in crate::detect) fn imei(text: &[u8]) -> bool {
    matches!(part(text, 0, 2), 1 | 10 | 30 | 33 | 35 | 44 | 45 | 49..=54 | 86 | 91 | 98 | 99)
        && part(text, 2, 12) > 0
        && luhn(text)
}

/// ICCID of a SIM card: 89, and Luhn.
pub(in crate::detect) fn iccid(text: &[u8]) -> bool {
    text.starts_with(b"89") && luhn(text)
}

/// VIN (ISO 3779): no I, O and Q, and letters as well as digits.
pub(in crate::detect) fn vin(text: &[u8]) -> bool {
    let letters = text.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let serial = text.get(13..).unwrap_or_default();
    text.iter().all(|byte| !b"IOQ".contains(byte))
        && (2..=15).contains(&letters)
        && serial.iter().all(u8::is_ascii_digit)
}

/// VIN with the check digit of North America (49 CFR 565.15) in the ninth place.
pub(in crate::detect) fn vin_checked(text: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    // A to H are 1 to 8, J to R are 1 to 9, S to Z are 2 to 9.
    let worth = |byte: u8| match byte {
        b'0'..=b'9' => value(byte),
        b'A'..=b'H' => value(byte).saturating_sub(9),
        b'J'..=b'R' => value(byte).saturating_sub(18),
        _ => value(byte).saturating_sub(26),
    };
    let sum: u32 = text.iter().zip(WEIGHTS).map(|(byte, weight)| worth(*byte) * weight).sum();
    let expected = match sum % 11 {
        10 => b'X',
        digit => b'0' + u8::try_from(digit).unwrap_or(0),
    };
    vin(text) && text.get(8) == Some(&expected)
}
