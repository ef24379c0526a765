//! The Nordic and Baltic states, Poland, Czechia, Slovakia, Hungary, Ukraine, Russia and Kazakhstan.

use super::{at, day_month, luhn, month_and_day, number, part, value, weighted, year_month_day};

/// CPR number with the check of the numbers that were given out before October 2007.
pub(in crate::detect) fn dk_cpr_checked(text: &[u8]) -> bool {
    dk_cpr(text) && weighted(text, &[4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

/// CPR number: a date is all that can be checked since then.
pub(in crate::detect) fn dk_cpr(text: &[u8]) -> bool {
    day_month(text, 0) && part(text, 6, 4) > 0
}

/// Fødselsnummer and D-number (the day greater by 40): two check digits.
pub(in crate::detect) fn no_fodselsnummer(text: &[u8]) -> bool {
    let day = part(text, 0, 2);
    month_and_day(part(text, 2, 2), if day > 40 { day - 40 } else { day })
        && weighted(text, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).is_multiple_of(11)
        && weighted(text, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

/// Personnummer and samordningsnummer (the day greater by 60): Luhn over the last ten digits.
pub(in crate::detect) fn se_personnummer(text: &[u8]) -> bool {
    let short = text.get(text.len().saturating_sub(10)..).unwrap_or_default();
    let day = part(short, 4, 2);
    let century = text.len() == 10 || matches!(text.get(..2), Some(b"18" | b"19" | b"20"));
    century && month_and_day(part(short, 2, 2), if day > 60 { day - 60 } else { day }) && luhn(short)
}

/// Henkilötunnus: date, sign of the century, number, and the rest of all nine digits by 31.
pub(in crate::detect) fn fi_hetu(text: &[u8]) -> bool {
    // The sign of the century is a letter, or a dash that is not there any more.
    let (date, rest) = text.split_at_checked(6).unwrap_or_default();
    let (sign, rest) = if rest.len() == 5 { rest.split_at_checked(1).unwrap_or_default() } else { (&[][..], rest) };
    let Some((check, serial)) = rest.split_last() else { return false };
    let known = sign.iter().all(|byte| b"ABCDEFYXWVU".contains(byte));
    let letter = b"0123456789ABCDEFHJKLMNPRSTUVWXY".get((number(&[date, serial].concat()) % 31) as usize);
    known && day_month(text, 0) && letter == Some(check)
}

/// The personal code of Estonia and Lithuania: century and sex, date, serial, check in two steps.
pub(in crate::detect) fn ee_lt_code(text: &[u8]) -> bool {
    let first = weighted(text, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
    let second = weighted(text, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10;
    (1..=8).contains(&at(text, 0))
        && year_month_day(text, 1)
        && (if first == 10 { second } else { first }) == at(text, 10)
}

/// Personas kods of before July 2017.
pub(in crate::detect) fn lv_code(text: &[u8]) -> bool {
    let sum = weighted(text, &[1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    day_month(text, 0) && (1101 - sum) % 11 % 10 == at(text, 10)
}

/// Kennitala: a date (the day greater by 40 for companies), and the century at the end.
pub(in crate::detect) fn is_kennitala(text: &[u8]) -> bool {
    let day = part(text, 0, 2);
    month_and_day(part(text, 2, 2), if day > 40 { day - 40 } else { day })
        && matches!(text.last(), Some(b'8' | b'9' | b'0'))
        && weighted(text, &[3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

/// PESEL: a date whose month says the century.
pub(in crate::detect) fn pl_pesel(text: &[u8]) -> bool {
    let month = part(text, 2, 2);
    month_and_day(month % 20, part(text, 4, 2)) && weighted(text, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).is_multiple_of(10)
}

/// NIP, also behind PL.
pub(in crate::detect) fn pl_nip(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"PL").unwrap_or(text);
    number(digits) > 0 && weighted(digits, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == at(digits, 9)
}

/// Rodné číslo: a date (the month greater by 50 for women, by 20 where numbers ran out) and, since 1954, a check digit.
pub(in crate::detect) fn cz_rodne_cislo(text: &[u8]) -> bool {
    let month = part(text, 2, 2) % 50;
    let date = month_and_day(if month > 20 { month - 20 } else { month }, part(text, 4, 2));
    date && if text.len() == 9 { part(text, 0, 2) < 54 } else { part(text, 0, 9) % 11 % 10 == u64::from(at(text, 9)) }
}

/// Adóazonosító jel of a person.
pub(in crate::detect) fn hu_tax(text: &[u8]) -> bool {
    text.first() == Some(&b'8') && weighted(text, &[1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 == at(text, 9)
}

/// РНОКПП.
pub(in crate::detect) fn ua_rnokpp(text: &[u8]) -> bool {
    // The weight of the first digit is -1, which is 10 here.
    number(text) > 0 && weighted(text, &[10, 5, 7, 9, 4, 6, 10, 5, 7]) % 11 % 10 == at(text, 9)
}

/// СНИЛС: two digits.
pub(in crate::detect) fn ru_snils(text: &[u8]) -> bool {
    let sum = weighted(text, &[9, 8, 7, 6, 5, 4, 3, 2, 1]);
    part(text, 0, 9) > 1_001_998 && u64::from(sum % 101 % 100) == part(text, 9, 2)
}

/// ИНН of a person: two check digits.
pub(in crate::detect) fn ru_inn(text: &[u8]) -> bool {
    number(text) > 0
        && weighted(text, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == at(text, 10)
        && weighted(text, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == at(text, 11)
}

/// ИИН of Kazakhstan: a date, century and sex, check in two steps.
pub(in crate::detect) fn kz_iin(text: &[u8]) -> bool {
    let first = weighted(text, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
    let second = weighted(text, &[3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11;
    year_month_day(text, 0)
        && (1..=6).contains(&at(text, 6))
        && (if first == 10 { second } else { first }) == value(text.last().copied().unwrap_or(b'X'))
}
