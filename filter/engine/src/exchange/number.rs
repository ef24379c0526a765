//! Numbers as people read them.

use std::borrow::Cow;

/// A number longer than this in digits is no identifier of anything.
const DIGITS_MAX: usize = 40;

/// The digits of a JSON number that is an integer, however it is written: spreadsheets and data frames write card numbers as
/// `4111111111111111.0` or `4.111111111111111e15`. Other numbers as they are written.
pub(super) fn plain(number: &str) -> Cow<'_, str> {
    match integer(number) {
        Some(digits) => Cow::Owned(digits),
        None => Cow::Borrowed(number),
    }
}

fn integer(number: &str) -> Option<String> {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if mantissa.len() == number.len() && fraction.is_empty() {
        return None;
    }
    let exponent: usize = exponent.trim_start_matches('+').parse().ok()?;
    let fraction = fraction.trim_end_matches('0');
    let zeros = exponent.checked_sub(fraction.len())?;
    if whole.len().saturating_add(exponent) > DIGITS_MAX {
        return None;
    }
    Some([whole, fraction, &"0".repeat(zeros)].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_in_every_spelling() {
        for (written, plain_form) in [
            ("4111111111111111", "4111111111111111"),
            ("4111111111111111.0", "4111111111111111"),
            ("4111111111111111.000", "4111111111111111"),
            ("4.111111111111111e15", "4111111111111111"),
            ("4111111111111111e0", "4111111111111111"),
            ("41111111111111.11E+2", "4111111111111111"),
            ("-12.5e1", "-125"),
            ("12.5", "12.5"),
            ("1e-3", "1e-3"),
            ("1e999999999999999999999", "1e999999999999999999999"),
            ("1e400", "1e400"),
        ] {
            assert_eq!(plain(written), plain_form, "{written}");
        }
    }
}
