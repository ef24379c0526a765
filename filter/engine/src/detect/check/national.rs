//! What the check digits of national numbers have in common.
//!
//! Each function of the modules below takes a number without its separators, in upper case, and answers whether its check
//! digits and the parts that cannot be just anything (dates, provinces, prefixes) are right. The caller has made sure of
//! the length and of where digits and letters stand. The formulas are those that the offices publish.

pub(in crate::detect) mod americas;
pub(in crate::detect) mod asia;
pub(in crate::detect) mod europe_north;
pub(in crate::detect) mod europe_south;
pub(in crate::detect) mod europe_west;
pub(in crate::detect) mod south;
#[cfg(test)]
mod tests;
pub(in crate::detect) mod world;

/// The value of a digit, or of a letter with A = 10.
fn value(character: u8) -> u32 {
    char::from(character).to_digit(36).unwrap_or(0)
}

/// The value of the character at a place.
fn at(text: &[u8], place: usize) -> u32 {
    text.get(place).copied().map_or(0, value)
}

/// The number that these digits write. Used for up to 18.
fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |number: u64, digit| number.wrapping_mul(10).wrapping_add(u64::from(value(*digit))))
}

/// The number that stands in a range of places.
fn part(text: &[u8], from: usize, len: usize) -> u64 {
    number(text.get(from..from.saturating_add(len)).unwrap_or_default())
}

/// The sum of the characters times their weights. What has no weight does not count.
fn weighted(text: &[u8], weights: &[u32]) -> u32 {
    text.iter().zip(weights).map(|(character, weight)| value(*character).saturating_mul(*weight)).sum()
}

/// Luhn over the digits of a text.
pub(in crate::detect) fn luhn(text: &[u8]) -> bool {
    let digits: Vec<u8> = text.iter().map(|digit| digit.wrapping_sub(b'0')).collect();
    super::luhn(&digits)
}

/// ISO 7064 mod 11,10.
pub(in crate::detect) fn mod_11_10(digits: &[u8]) -> bool {
    let Some((check, body)) = digits.split_last() else { return false };
    let rest = body.iter().fold(10, |rest, digit| {
        let sum = (rest + value(*digit)) % 10;
        if sum == 0 { 20 % 11 } else { sum * 2 % 11 }
    });
    (11 - rest) % 10 == value(*check)
}

/// ISO 7064 mod 11-2; a check digit of ten is an X.
fn mod_11_2(text: &[u8]) -> bool {
    let Some((check, body)) = text.split_last() else { return false };
    let rest = body.iter().fold(0, |rest, digit| (rest + value(*digit)) * 2 % 11);
    let expected = (12 - rest) % 11;
    if expected == 10 { *check == b'X' } else { check.is_ascii_digit() && value(*check) == expected }
}

/// The scheme of Verhoeff (1969) in the dihedral group of order ten: five rotations, five reflections.
pub(in crate::detect) fn verhoeff(digits: &[u8]) -> bool {
    /// The permutation; applied once more with each place to the left.
    const PERMUTATION: [u32; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let product = |a: u32, b: u32| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let permuted = |digit: u32, times: usize| {
        (0..times % 8).fold(digit, |digit, _| PERMUTATION.get(digit as usize).copied().unwrap_or(0))
    };
    let places = digits.iter().rev().enumerate();
    places.fold(0, |check, (place, digit)| product(check, permuted(value(*digit) % 10, place))) == 0
}

/// Whether these are a month and a day that it can have.
fn month_and_day(month: u64, day: u64) -> bool {
    let days = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Whether a date stands at a place: day, month and two digits of the year.
fn day_month(text: &[u8], from: usize) -> bool {
    month_and_day(part(text, from + 2, 2), part(text, from, 2))
}

/// Whether a date stands at a place: two digits of the year, month and day.
fn year_month_day(text: &[u8], from: usize) -> bool {
    month_and_day(part(text, from + 2, 2), part(text, from + 4, 2))
}

/// Whether a date stands at a place: four digits of a year from 1880 to 2049, month and day.
fn full_date(text: &[u8], from: usize) -> bool {
    (1880..2050).contains(&part(text, from, 4)) && year_month_day(text, from + 2)
}

/// The check digit of many offices: 11 less the remainder, 0 for a remainder below two.
fn below_two_is_zero(sum: u32) -> u32 {
    match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    }
}

/// Whether this is a date of somebody who may be alive.
pub(in crate::detect) fn date(year: u64, month: u64, day: u64) -> bool {
    (1900..2030).contains(&year) && month_and_day(month, day)
}
