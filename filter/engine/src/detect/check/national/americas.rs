//! The Americas.

use super::{at, below_two_is_zero, luhn, number, part, value, weighted, year_month_day};

fn all_alike(text: &[u8]) -> bool {
    text.iter().all(|byte| Some(byte) == text.first())
}

/// ITIN: an area of 9xx and the groups that the IRS gives out.
pub(in crate::detect) fn us_itin(text: &[u8]) -> bool {
    text.first() == Some(&b'9') && matches!(part(text, 3, 2), 50..=65 | 70..=88 | 90..=92 | 94..=99)
}

/// EIN: the prefixes of the campuses of the IRS.
pub(in crate::detect) fn us_ein(text: &[u8]) -> bool {
    let prefix = part(text, 0, 2);
    !matches!(prefix, 0 | 7..=9 | 17..=19 | 28 | 29 | 49 | 69 | 70 | 78 | 79 | 89 | 96 | 97) && !all_alike(text)
}

/// ABA routing number: the districts of the Federal Reserve and a weighted sum.
pub(in crate::detect) fn us_aba(text: &[u8]) -> bool {
    let district = matches!(part(text, 0, 2), 1..=12 | 21..=32 | 61..=72 | 80);
    district && weighted(text, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
}

/// DEA registration: kind of registrant, first letter of the name, seven digits.
pub(in crate::detect) fn us_dea(text: &[u8]) -> bool {
    let digits = text.get(2..).unwrap_or_default();
    text.first().is_some_and(|kind| b"ABCDEFGHJKLMPRSTUX".contains(kind))
        && number(digits) > 0
        && weighted(digits, &[1, 2, 1, 2, 1, 2]) % 10 == at(digits, 6)
}

/// NPI: Luhn with the prefix 80840.
pub(in crate::detect) fn us_npi(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'1' | b'2')) && luhn(&[b"80840", text].concat())
}

/// MBI: where digits and letters stand, without the letters that look like digits.
pub(in crate::detect) fn us_mbi(text: &[u8]) -> bool {
    text.first() != Some(&b'0') && text.iter().all(|byte| !b"SLOIBZ".contains(byte))
}

/// SIN: Luhn; no number begins with 0 or 8.
pub(in crate::detect) fn ca_sin(text: &[u8]) -> bool {
    !matches!(text.first(), Some(b'0' | b'8')) && !all_alike(text) && luhn(text)
}

/// CPF: two check digits.
pub(in crate::detect) fn br_cpf(text: &[u8]) -> bool {
    let first = weighted(text, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10;
    let second = weighted(text, &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10;
    !all_alike(text) && first == at(text, 9) && second == at(text, 10)
}

/// CNPJ, since July 2026 also with letters, which count as their place in ASCII above the digit 0.
pub(in crate::detect) fn br_cnpj(text: &[u8]) -> bool {
    let check = |weights: &[u32]| {
        let values = text.iter().map(|byte| u32::from(byte.wrapping_sub(b'0')));
        below_two_is_zero(values.zip(weights).map(|(value, weight)| value * weight).sum())
    };
    !all_alike(text)
        && check(&[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) == at(text, 12)
        && check(&[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) == at(text, 13)
}

/// CURP: letters of the name, a date, sex, state; the check digit counts in base 37 with Ñ between N and O.
pub(in crate::detect) fn mx_curp(text: &[u8]) -> bool {
    let base_37 = |byte: u8| if byte >= b'O' { value(byte) + 1 } else { value(byte) };
    let sum: u32 = text.iter().take(17).zip((2..=18).rev()).map(|(byte, weight)| base_37(*byte) * weight).sum();
    year_month_day(text, 4)
        && matches!(text.get(10), Some(b'H' | b'M' | b'X'))
        && (10 - sum % 10) % 10 == at(text, 17)
        && text.last().is_some_and(u8::is_ascii_digit)
}

/// RFC of a person: letters of the name, a date, homonymy, and a check digit of base 11.
pub(in crate::detect) fn mx_rfc(text: &[u8]) -> bool {
    // 0 to 9, A to N, &, O to Z.
    let place = |byte: u8| if byte >= b'O' { value(byte) + 1 } else { value(byte) };
    let sum: u32 = text.iter().take(12).zip((2..=13).rev()).map(|(byte, weight)| place(*byte) * weight).sum();
    let expected = match 11 - sum % 11 {
        11 => b'0',
        10 => b'A',
        digit => b'0' + u8::try_from(digit).unwrap_or(0),
    };
    year_month_day(text, 4) && text.last() == Some(&expected)
}

/// CUIT and CUIL.
pub(in crate::detect) fn ar_cuit(text: &[u8]) -> bool {
    let sum = weighted(text, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
    matches!(part(text, 0, 2), 20 | 23..=27 | 30 | 33 | 34) && sum.is_multiple_of(11)
}

/// RUT: weights 2 to 7 from the right; ten is a K.
pub(in crate::detect) fn cl_rut(text: &[u8]) -> bool {
    let Some((check, body)) = text.split_last() else { return false };
    let sum: u32 = body.iter().rev().zip([2, 3, 4, 5, 6, 7].iter().cycle()).map(|(byte, w)| value(*byte) * w).sum();
    let expected = match 11 - sum % 11 {
        11 => b'0',
        10 => b'K',
        digit => b'0' + u8::try_from(digit).unwrap_or(0),
    };
    number(body) > 999_999 && !all_alike(body) && *check == expected
}

/// NIT of Colombia: primes from the right.
pub(in crate::detect) fn co_nit(text: &[u8]) -> bool {
    let Some((check, body)) = text.split_last() else { return false };
    let primes = [3, 7, 13, 17, 19, 23, 29, 37, 41, 43];
    let sum: u32 = body.iter().rev().zip(primes).map(|(byte, prime)| value(*byte) * prime).sum();
    let rest = sum % 11;
    !all_alike(body) && (if rest < 2 { rest } else { 11 - rest }) == value(*check)
}

/// RUC of Peru.
pub(in crate::detect) fn pe_ruc(text: &[u8]) -> bool {
    let check = 11 - weighted(text, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    matches!(part(text, 0, 2), 10 | 15 | 17 | 20) && check % 10 == at(text, 10)
}

/// Cédula of Ecuador: province, kind, Luhn.
pub(in crate::detect) fn ec_cedula(text: &[u8]) -> bool {
    matches!(part(text, 0, 2), 1..=24 | 30) && at(text, 2) < 6 && luhn(text)
}

/// Cédula of Uruguay.
pub(in crate::detect) fn uy_ci(text: &[u8]) -> bool {
    let sum = weighted(text, &[2, 9, 8, 7, 6, 3, 4]);
    !all_alike(text) && (10 - sum % 10) % 10 == at(text, 7)
}

/// Cédula of the Dominican Republic.
pub(in crate::detect) fn do_cedula(text: &[u8]) -> bool {
    !all_alike(text) && luhn(text)
}
