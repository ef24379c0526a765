//! Austria, Belgium, France, Germany, Ireland, Luxembourg, the Netherlands, Switzerland, the United Kingdom.

use super::{at, day_month, full_date, luhn, mod_11_10, month_and_day, number, part, value, verhoeff, weighted};

/// SVNR: a check digit in the fourth place, a date at the end, whose month is 13 to 15 where it is not known.
pub(in crate::detect) fn at_svnr(text: &[u8]) -> bool {
    let date = day_month(text, 4) || (13..=15).contains(&part(text, 6, 2));
    at(text, 0) != 0 && date && weighted(text, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 == at(text, 3)
}

/// Rijksregisternummer: a date and the complement to 97, with a 2 before those who are born since 2000.
pub(in crate::detect) fn be_nrn(text: &[u8]) -> bool {
    let (body, check) = (part(text, 0, 9), part(text, 9, 2));
    // Numbers of guests have a month that is greater by 20 or 40.
    let (month, day) = (part(text, 2, 2) % 20, part(text, 4, 2));
    let date = month_and_day(month, day);
    date && part(text, 2, 2) < 53 && (check == 97 - body % 97 || check == 97 - (2_000_000_000 + body) % 97)
}

/// AHV/AVS number: the country code 756 and the check digit of EAN-13.
pub(in crate::detect) fn ch_ahv(text: &[u8]) -> bool {
    text.starts_with(b"756") && weighted(text, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
}

/// Steuer-ID: ISO 7064 mod 11,10; of the first ten digits one or two stand more than once, none more than three times.
pub(in crate::detect) fn de_tax_id(text: &[u8]) -> bool {
    let mut counts = [0_u8; 10];
    for digit in text.iter().take(10) {
        if let Some(count) = counts.get_mut(value(*digit) as usize) {
            *count += 1;
        }
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    text.first() != Some(&b'0') && (2..=3).contains(&most) && mod_11_10(text)
}

/// USt-IdNr.: ISO 7064 mod 11,10 over the digits behind DE.
pub(in crate::detect) fn de_vat(text: &[u8]) -> bool {
    text.strip_prefix(b"DE").is_some_and(|digits| digits.first() != Some(&b'0') && mod_11_10(digits))
}

/// The digits of a text in which one letter counts as two digits, A = 01.
fn with_letter_as_two(text: &[u8]) -> Vec<u32> {
    let mut digits = Vec::with_capacity(text.len() + 1);
    for character in text {
        if character.is_ascii_digit() {
            digits.push(value(*character));
        } else {
            let place = value(*character).saturating_sub(9);
            digits.extend([place / 10, place % 10]);
        }
    }
    digits
}

fn sum_of_digit_sums(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight / 10 + digit * weight % 10).sum()
}

/// Rentenversicherungsnummer: area, date (a day above 50 where two numbers would be the same), letter, serial, check.
pub(in crate::detect) fn de_rvnr(text: &[u8]) -> bool {
    let day = part(text, 2, 2);
    let date = month_and_day(part(text, 4, 2), if day > 50 { day - 50 } else { day });
    let body = with_letter_as_two(text.get(..11).unwrap_or_default());
    date && sum_of_digit_sums(&body, &[2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]) % 10 == at(text, 11)
}

/// Krankenversichertennummer, the part that does not change.
pub(in crate::detect) fn de_kvnr(text: &[u8]) -> bool {
    let body = with_letter_as_two(text.get(..9).unwrap_or_default());
    sum_of_digit_sums(&body, &[1, 2, 1, 2, 1, 2, 1, 2, 1, 2]) % 10 == at(text, 9)
}

/// The check digit of ICAO 9303 over so many characters, which stands behind them.
fn icao_9303(text: &[u8], len: usize) -> bool {
    weighted(text.get(..len).unwrap_or_default(), &[7, 3, 1, 7, 3, 1, 7, 3, 1]) % 10 == at(text, len)
}

/// Serial number of a German identity card or passport: nine characters without vowels and what can be mistaken for a
/// digit; the tenth, where it is written, is the check digit. A D may follow.
pub(in crate::detect) fn de_document(text: &[u8]) -> bool {
    let serial = text.get(..9).unwrap_or_default();
    let fits = serial.iter().all(|byte| byte.is_ascii_digit() || b"CFGHJKLMNPRTVWXYZ".contains(byte));
    let end = matches!(text.get(10), None | Some(b'D'));
    fits && serial.iter().any(u8::is_ascii_digit) && end && (text.len() == 9 || icao_9303(text, 9))
}

/// NIR: sex, year, month, department (2A and 2B count as 19 and 18), and a key of 97.
pub(in crate::detect) fn fr_nir(text: &[u8]) -> bool {
    let mut digits = text.to_vec();
    match text.get(5..7) {
        Some(b"2A") => digits.splice(5..7, *b"19").for_each(drop),
        Some(b"2B") => digits.splice(5..7, *b"18").for_each(drop),
        _ => {}
    }
    let month = part(&digits, 3, 2);
    let known = (1..=12).contains(&month) || (20..=42).contains(&month) || month >= 50;
    digits.iter().all(u8::is_ascii_digit)
        && matches!(digits.first(), Some(b'1'..=b'4' | b'7' | b'8'))
        && known
        && 97 - part(&digits, 0, 13) % 97 == part(&digits, 13, 2)
}

/// Numéro fiscal (SPI): the rest of the first ten digits by 511.
pub(in crate::detect) fn fr_tax(text: &[u8]) -> bool {
    at(text, 0) < 4 && part(text, 0, 10) % 511 == part(text, 10, 3)
}

/// NHS number.
pub(in crate::detect) fn gb_nhs(text: &[u8]) -> bool {
    weighted(text, &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

/// National insurance number: prefixes that are given out, a suffix of A to D.
pub(in crate::detect) fn gb_nino(text: &[u8]) -> bool {
    let [first, second, .., last] = text else { return false };
    let never: [&[u8]; 7] = [b"BG", b"GB", b"NK", b"KN", b"NT", b"TN", b"ZZ"];
    !b"DFIQUV".contains(first)
        && !b"DFIQUVO".contains(second)
        && !never.iter().any(|prefix| text.starts_with(prefix))
        && matches!(last, b'A'..=b'D')
}

/// Unique taxpayer reference.
pub(in crate::detect) fn gb_utr(text: &[u8]) -> bool {
    let digits = text.strip_suffix(b"K").or(text.strip_prefix(b"K")).unwrap_or(text);
    let rest = weighted(digits.get(1..).unwrap_or_default(), &[6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11;
    [2, 1, 9, 8, 7, 6, 5, 4, 3, 2, 1].get(rest as usize) == Some(&at(digits, 0))
}

/// Driver number of Great Britain: surname, decade, month (greater by 50 for women), day, year, initials.
pub(in crate::detect) fn gb_driver(text: &[u8]) -> bool {
    let surname = text.get(..5).unwrap_or_default();
    let letters = surname.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let padded = surname.get(letters..).unwrap_or_default().iter().all(|byte| *byte == b'9');
    let month = part(text, 6, 2);
    letters > 0 && padded && month_and_day(if month > 50 { month - 50 } else { month }, part(text, 8, 2))
}

/// PPS number: letters with W = 0 as in those that have been given out since 1999 for spouses.
pub(in crate::detect) fn ie_pps(text: &[u8]) -> bool {
    let letter = |byte: u8| if byte == b'W' { 0 } else { value(byte).saturating_sub(9) };
    let second = text.get(8).copied().map_or(0, letter);
    let rest = (weighted(text.get(..7).unwrap_or_default(), &[8, 7, 6, 5, 4, 3, 2]) + 9 * second) % 23;
    text.get(7).copied().map(letter) == Some(rest)
}

/// National identification number of Luxembourg: a date, then Luhn and Verhoeff over the same eleven digits.
pub(in crate::detect) fn lu_nin(text: &[u8]) -> bool {
    let Some((body, [luhn_digit, verhoeff_digit])) = text.split_last_chunk::<2>() else { return false };
    let with = |check: &u8| [body, &[*check]].concat();
    full_date(text, 0) && luhn(&with(luhn_digit)) && verhoeff(&with(verhoeff_digit))
}

/// Burgerservicenummer.
pub(in crate::detect) fn nl_bsn(text: &[u8]) -> bool {
    let sum = weighted(text, &[9, 8, 7, 6, 5, 4, 3, 2]);
    number(text) > 0 && (sum + 110 - at(text, 8)).is_multiple_of(11)
}

/// Number of a Dutch passport or identity card: no O, and the check digit of ICAO 9303 at the end.
pub(in crate::detect) fn nl_document(text: &[u8]) -> bool {
    !text.contains(&b'O') && icao_9303(text, 8)
}

/// A French VAT number with digits for its key: 12 + 3 times the SIREN, mod 97.
pub(in crate::detect) fn fr_vat(text: &[u8]) -> bool {
    text.strip_prefix(b"FR").is_some_and(|digits| {
        let siren = part(digits, 2, 9);
        luhn(digits.get(2..).unwrap_or_default()) && (12 + 3 * (siren % 97)) % 97 == part(digits, 0, 2)
    })
}
