//! Asia and the Middle East.

use super::{
    at, below_two_is_zero, full_date, luhn, mod_11_2, month_and_day, number, part, value, verhoeff, weighted,
    year_month_day,
};

/// Resident identity number of China (GB 11643): region, date, serial, ISO 7064 mod 11-2.
pub(in crate::detect) fn cn_resident_id(text: &[u8]) -> bool {
    matches!(part(text, 0, 2), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83)
        && full_date(text, 6)
        && mod_11_2(text)
}

/// Hong Kong identity card: one letter or two (a space, worth 36, before one), six digits, check digit or A.
pub(in crate::detect) fn hk_hkid(text: &[u8]) -> bool {
    let (prefix, rest) = text.split_at_checked(text.len().saturating_sub(7)).unwrap_or_default();
    let letters = match prefix {
        [one] => 36 * 9 + value(*one) * 8,
        [first, second] => value(*first) * 9 + value(*second) * 8,
        _ => return false,
    };
    let check = match rest.last() {
        Some(b'A') => 10,
        Some(digit) if digit.is_ascii_digit() => value(*digit),
        _ => return false,
    };
    (letters + weighted(rest.get(..6).unwrap_or_default(), &[7, 6, 5, 4, 3, 2]) + check).is_multiple_of(11)
}

/// National identity number of Taiwan: the letter of the place of registration counts as two digits.
pub(in crate::detect) fn tw_id(text: &[u8]) -> bool {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVXYWZIO";
    let place = text.first().and_then(|letter| LETTERS.iter().position(|known| known == letter));
    let Some(place) = place.and_then(|place| u32::try_from(place).ok()) else { return false };
    let (tens, ones) = ((place + 10) / 10, (place + 10) % 10);
    let sum = tens + ones * 9 + weighted(text.get(1..).unwrap_or_default(), &[8, 7, 6, 5, 4, 3, 2, 1, 1]);
    matches!(text.get(1), Some(b'1' | b'2' | b'8' | b'9')) && sum.is_multiple_of(10)
}

/// My Number of Japan.
pub(in crate::detect) fn jp_my_number(text: &[u8]) -> bool {
    number(text) > 0 && below_two_is_zero(weighted(text, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2])) == at(text, 11)
}

/// Resident registration number of Korea: date and sex; the check digit is right in those from before October 2020.
pub(in crate::detect) fn kr_rrn(text: &[u8]) -> bool {
    year_month_day(text, 0) && (1..=4).contains(&at(text, 6))
}

/// Foreign registration number of Korea.
pub(in crate::detect) fn kr_frn(text: &[u8]) -> bool {
    let sum = weighted(text, &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
    year_month_day(text, 0) && (5..=8).contains(&at(text, 6)) && (13 - sum % 11) % 10 == at(text, 12)
}

/// Business registration number of Korea.
pub(in crate::detect) fn kr_brn(text: &[u8]) -> bool {
    let ninth = at(text, 8) * 5;
    let sum = weighted(text, &[1, 3, 7, 1, 3, 7, 1, 3]) + ninth + ninth / 10;
    number(text) > 0 && (10 - sum % 10) % 10 == at(text, 9)
}

/// Aadhaar: Verhoeff; no number begins with 0 or 1 or is the same from both sides.
pub(in crate::detect) fn in_aadhaar(text: &[u8]) -> bool {
    let palindrome = text.iter().eq(text.iter().rev());
    !matches!(text.first(), Some(b'0' | b'1')) && !palindrome && verhoeff(text)
}

/// PAN: the fourth letter says what kind of holder it is.
pub(in crate::detect) fn in_pan(text: &[u8]) -> bool {
    text.get(3).is_some_and(|kind| b"ABCFGHJLPT".contains(kind)) && part(text, 5, 4) > 0
}

/// GSTIN: state, PAN, number of the registration, Z, and a check character in base 36.
pub(in crate::detect) fn in_gstin(text: &[u8]) -> bool {
    let sum: u32 = text
        .iter()
        .take(14)
        .zip([1, 2].iter().cycle())
        .map(|(byte, factor)| value(*byte) * factor)
        .map(|product| product / 36 + product % 36)
        .sum();
    matches!(part(text, 0, 2), 1..=38 | 97 | 99)
        && in_pan(text.get(2..12).unwrap_or_default())
        && text.get(13) == Some(&b'Z')
        && (36 - sum % 36) % 36 == value(text.last().copied().unwrap_or(b'0'))
}

/// NIK of Indonesia: province and a date (the day greater by 40 for women).
pub(in crate::detect) fn id_nik(text: &[u8]) -> bool {
    let day = part(text, 6, 2);
    (11..=96).contains(&part(text, 0, 2))
        && part(text, 12, 4) > 0
        && month_and_day(part(text, 8, 2), if day > 40 { day - 40 } else { day })
}

/// Identity number of Israel.
pub(in crate::detect) fn il_id(text: &[u8]) -> bool {
    number(text) > 0 && luhn(text)
}

/// NRIC and FIN of Singapore.
pub(in crate::detect) fn sg_nric(text: &[u8]) -> bool {
    let Some((prefix, rest)) = text.split_first() else { return false };
    let (offset, letters): (u32, &[u8]) = match prefix {
        b'S' => (0, b"JZIHGFEDCBA"),
        b'T' => (4, b"JZIHGFEDCBA"),
        b'F' => (0, b"XWUTRQPNMLK"),
        b'G' => (4, b"XWUTRQPNMLK"),
        b'M' => (3, b"XWUTRQPNJLK"),
        _ => return false,
    };
    let sum = offset + weighted(rest, &[2, 7, 6, 5, 4, 3, 2]);
    letters.get((sum % 11) as usize) == rest.get(7)
}

/// Identity number of Thailand.
pub(in crate::detect) fn th_id(text: &[u8]) -> bool {
    let sum = weighted(text, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
    matches!(text.first(), Some(b'1'..=b'8')) && (11 - sum % 11) % 10 == at(text, 12)
}

/// TIN of the Philippines, with or without a branch.
pub(in crate::detect) fn ph_tin(text: &[u8]) -> bool {
    number(text) > 0 && weighted(text, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == at(text, 8)
}

/// NRIC of Malaysia: a date and a place of birth.
pub(in crate::detect) fn my_nric(text: &[u8]) -> bool {
    year_month_day(text, 0) && !matches!(part(text, 6, 2), 0 | 17..=20 | 69 | 70 | 73 | 80 | 81 | 94..=97)
}

/// Emirates ID: the country code 784, a year, Luhn.
pub(in crate::detect) fn ae_id(text: &[u8]) -> bool {
    text.starts_with(b"784") && (1900..2050).contains(&part(text, 3, 4)) && luhn(text)
}

/// Identity number of Saudi Arabia: 1 for citizens, 2 for residents.
pub(in crate::detect) fn sa_id(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'1' | b'2')) && luhn(text)
}

/// CNIC of Pakistan: the province.
pub(in crate::detect) fn pk_cnic(text: &[u8]) -> bool {
    (1..=7).contains(&at(text, 0)) && at(text, 12) > 0
}

/// CCCD of Vietnam: province, century and sex.
pub(in crate::detect) fn vn_cccd(text: &[u8]) -> bool {
    (1..=96).contains(&part(text, 0, 3)) && at(text, 3) < 4
}

/// National code of Iran.
pub(in crate::detect) fn ir_code(text: &[u8]) -> bool {
    let rest = weighted(text, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    let alike = text.iter().all(|byte| Some(byte) == text.first());
    !alike && (if rest < 2 { rest } else { 11 - rest }) == at(text, 9)
}

/// National number of Egypt: century, date, governorate.
pub(in crate::detect) fn eg_id(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'2' | b'3'))
        && year_month_day(text, 1)
        && matches!(part(text, 7, 2), 1..=4 | 11..=19 | 21..=29 | 31..=35 | 88)
}

/// NIC of Sri Lanka: a year and a day of the year (greater by 500 for women).
pub(in crate::detect) fn lk_nic(text: &[u8]) -> bool {
    let day = if text.len() == 12 { part(text, 4, 3) } else { part(text, 2, 3) };
    let year = text.len() == 10 || (1900..2030).contains(&part(text, 0, 4));
    year && matches!(day, 1..=366 | 501..=866) && (text.len() == 12 || matches!(text.last(), Some(b'V' | b'X')))
}

/// Civil number of Kuwait: century, date, a check digit of base 11.
pub(in crate::detect) fn kw_civil(text: &[u8]) -> bool {
    let sum = weighted(text, &[2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    matches!(text.first(), Some(b'1'..=b'3')) && year_month_day(text, 1) && 11 - sum % 11 == at(text, 11)
}
