//! Spain, Portugal, Italy, Greece, Croatia, Slovenia, Romania, Bulgaria and Turkey.

use super::{at, day_month, luhn, month_and_day, number, part, value, weighted, year_month_day};

/// NIF: the letter is the rest of the number by 23.
pub(in crate::detect) fn es_nif(text: &[u8]) -> bool {
    let letter = b"TRWAGMYFPDXBNJZSQVHLCKE".get((part(text, 0, 8) % 23) as usize);
    letter.is_some() && text.get(8) == letter
}

/// NIE: as the NIF, with X, Y, Z for 0, 1, 2.
pub(in crate::detect) fn es_nie(text: &[u8]) -> bool {
    let digit = match text.first() {
        Some(b'X') => b'0',
        Some(b'Y') => b'1',
        Some(b'Z') => b'2',
        _ => return false,
    };
    es_nif(&[&[digit], text.get(1..).unwrap_or_default()].concat())
}

/// Número de la Seguridad Social: province and number by 97.
pub(in crate::detect) fn es_nuss(text: &[u8]) -> bool {
    let (province, short) = (part(text, 0, 2), part(text, 2, 8));
    let body = if short < 10_000_000 { province * 10_000_000 + short } else { part(text, 0, 10) };
    (1..=66).contains(&province) && (body % 97 == part(text, 10, 2) || part(text, 0, 10) % 97 == part(text, 10, 2))
}

/// NIF of Portugal: the first digit says what kind of taxpayer it is.
pub(in crate::detect) fn pt_nif(text: &[u8]) -> bool {
    !matches!(text.first(), Some(b'0' | b'4'))
        && super::below_two_is_zero(weighted(text, &[9, 8, 7, 6, 5, 4, 3, 2])) == at(text, 8)
}

/// The values of the characters in odd places of a codice fiscale, for 0 to 9 and A to Z.
const IT_ODD: [u32; 36] = [
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10,
    22, 25, 24, 23,
];

/// Codice fiscale: letters of the month, digits or the letters that stand for them where two would be the same.
pub(in crate::detect) fn it_codice_fiscale(text: &[u8]) -> bool {
    let Some((check, body)) = text.split_last() else { return false };
    let digits = [6, 7, 9, 10, 12, 13, 14]
        .iter()
        .all(|place| body.get(*place).is_some_and(|byte| byte.is_ascii_digit() || b"LMNPQRSTUV".contains(byte)));
    let month = body.get(8).is_some_and(|byte| b"ABCDEHLMPRST".contains(byte));
    let sum: u32 = body
        .iter()
        .enumerate()
        .map(|(place, byte)| match value(*byte) {
            value if place % 2 == 0 => IT_ODD.get(value as usize).copied().unwrap_or(0),
            value if value > 9 => value - 10,
            value => value,
        })
        .sum();
    digits && month && sum % 26 + 10 == value(*check)
}

/// Partita IVA, also behind IT.
pub(in crate::detect) fn it_partita_iva(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"IT").unwrap_or(text);
    digits.len() == 11 && number(digits) > 0 && luhn(digits)
}

/// AMKA: a date and Luhn over all digits.
pub(in crate::detect) fn gr_amka(text: &[u8]) -> bool {
    day_month(text, 0) && luhn(text)
}

/// AFM: powers of two.
pub(in crate::detect) fn gr_afm(text: &[u8]) -> bool {
    number(text) > 0 && weighted(text, &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == at(text, 8)
}

/// JMBG and EMŠO, of the states of former Yugoslavia: day, month, three digits of the year, region, serial, check.
pub(in crate::detect) fn jmbg(text: &[u8]) -> bool {
    let year = part(text, 4, 3);
    day_month(text, 0)
        && !(50..880).contains(&year)
        && super::below_two_is_zero(weighted(text, &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2])) == at(text, 12)
}

/// EMŠO: the regions of Slovenia are 50 to 59.
pub(in crate::detect) fn si_emso(text: &[u8]) -> bool {
    text.get(7) == Some(&b'5') && jmbg(text)
}

/// CNP: sex and century, date, county.
pub(in crate::detect) fn ro_cnp(text: &[u8]) -> bool {
    let check = match weighted(text, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11 {
        10 => 1,
        rest => rest,
    };
    at(text, 0) != 0 && year_month_day(text, 1) && check == at(text, 12)
}

/// EGN: a date whose month is greater by 20 before 1900 and by 40 from 2000 on.
pub(in crate::detect) fn bg_egn(text: &[u8]) -> bool {
    let month = part(text, 2, 2);
    let date = month < 60 && month_and_day(month % 20, part(text, 4, 2));
    date && weighted(text, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == at(text, 9)
}

/// T.C. kimlik numarası.
pub(in crate::detect) fn tr_tckn(text: &[u8]) -> bool {
    let odd = weighted(text, &[1, 0, 1, 0, 1, 0, 1, 0, 1]);
    let even = weighted(text, &[0, 1, 0, 1, 0, 1, 0, 1]);
    let all = weighted(text, &[1; 10]);
    at(text, 0) != 0 && (odd * 7 + 100 - even) % 10 == at(text, 9) && all % 10 == at(text, 10)
}
