//! Africa, Australia and New Zealand.

use super::{at, luhn, number, part, value, verhoeff, weighted, year_month_day};

/// ABN: the first digit less one, mod 89.
pub(in crate::detect) fn au_abn(text: &[u8]) -> bool {
    let sum = weighted(text, &[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
    at(text, 0) > 0 && (sum - 10).is_multiple_of(89)
}

/// ACN.
pub(in crate::detect) fn au_acn(text: &[u8]) -> bool {
    number(text) > 0 && (10 - weighted(text, &[8, 7, 6, 5, 4, 3, 2, 1]) % 10) % 10 == at(text, 8)
}

/// Medicare card: eight digits, a check digit, the issue.
pub(in crate::detect) fn au_medicare(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'2'..=b'6'))
        && at(text, 9) > 0
        && weighted(text, &[1, 3, 7, 9, 1, 3, 7, 9]) % 10 == at(text, 8)
}

/// TFN, of nine digits or, from before, of eight.
pub(in crate::detect) fn au_tfn(text: &[u8]) -> bool {
    let weights: &[u32] = if text.len() == 8 { &[10, 7, 8, 4, 6, 3, 5, 1] } else { &[1, 4, 3, 7, 5, 8, 6, 9, 10] };
    number(text) > 0 && weighted(text, weights).is_multiple_of(11)
}

/// IRD number of New Zealand: a second set of weights where the first gives ten.
pub(in crate::detect) fn nz_ird(text: &[u8]) -> bool {
    let body = number(text);
    let digits = [b"0".repeat(9_usize.saturating_sub(text.len())).as_slice(), text].concat();
    let check = |weights: &[u32]| (11 - weighted(digits.get(..8).unwrap_or_default(), weights) % 11) % 11;
    let first = check(&[3, 2, 7, 6, 5, 4, 3, 2]);
    let expected = if first == 10 { check(&[7, 4, 3, 2, 5, 2, 7, 6]) } else { first };
    (10_000_000..150_000_000).contains(&body) && expected == at(&digits, 8)
}

/// NHI number of New Zealand, in its form of three letters and four digits. The letters have no I and no O.
pub(in crate::detect) fn nz_nhi(text: &[u8]) -> bool {
    let place = |byte: u8| match byte {
        b'A'..=b'H' => value(byte) - 9,
        b'J'..=b'N' => value(byte) - 10,
        _ => value(byte) - 11,
    };
    let (letters, digits) = text.split_at_checked(3).unwrap_or_default();
    if letters.iter().any(|byte| matches!(byte, b'I' | b'O') || !byte.is_ascii_uppercase()) {
        return false;
    }
    let sum: u32 = letters.iter().zip([7, 6, 5]).map(|(byte, weight)| place(*byte) * weight).sum();
    let rest = (sum + weighted(digits, &[4, 3, 2])) % 11;
    rest != 0 && (11 - rest) % 10 == at(digits, 3)
}

/// Identity number of South Africa: date, citizenship, Luhn.
pub(in crate::detect) fn za_id(text: &[u8]) -> bool {
    year_month_day(text, 0) && at(text, 10) < 3 && matches!(text.get(11), Some(b'8' | b'9')) && luhn(text)
}

/// NIN of Nigeria.
pub(in crate::detect) fn ng_nin(text: &[u8]) -> bool {
    part(text, 0, 10) > 0 && verhoeff(text)
}
