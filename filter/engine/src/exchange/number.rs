//! Numbers as people and programs read them.

use std::borrow::Cow;

/// A number longer than this in digits is no identifier of anything.
const DIGITS_MAX: usize = 40;

/// Every decimal number of up to this many digits comes out of a double as it went in, zeros behind them included.
const DOUBLE_DIGITS: i64 = 15;

/// What readers make of one JSON number.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Readings<'n> {
    /// The digits, when it is an integer, however it is written: spreadsheets and data frames write card numbers as
    /// `4111111111111111.0` or `4.111111111111111e15`. Other numbers as they are written.
    pub(super) exact: Cow<'n, str>,
    /// The same from readers that keep a double (JavaScript all numbers, Python those with a point or an exponent), where
    /// it differs: its shortest spelling, and all digits of its value.
    pub(super) doubles: Vec<String>,
}

pub(super) fn readings(number: &str) -> Readings<'_> {
    let decimal = Decimal::of(number);
    let exact = decimal.integer().map_or(Cow::Borrowed(number), Cow::Owned);
    let mut doubles = Vec::new();
    // Below 1 only digits behind the fifteenth differ, and no identifier is written so.
    if decimal.length() > DOUBLE_DIGITS
        && let Ok(double) = number.parse::<f64>()
        && (1.0..1e38).contains(&double.abs())
    {
        let whole = (double.fract() == 0.0).then(|| format!("{double:.0}"));
        for reading in [Some(double.to_string()), whole].into_iter().flatten() {
            if exact != reading && !doubles.contains(&reading) {
                doubles.push(reading);
            }
        }
    }
    Readings { exact, doubles }
}

/// A number as `digits` times a power of ten, without zeros around them; no digits are zero.
struct Decimal<'n> {
    number: &'n str,
    negative: bool,
    digits: String,
    /// The power; `None` beyond what can be counted.
    power: Option<i64>,
}

impl Decimal<'_> {
    fn of(number: &str) -> Decimal<'_> {
        let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let negative = whole.starts_with('-');
        let written = [whole.trim_start_matches('-'), fraction].concat();
        let significant = written.trim_end_matches('0');
        let zeros = i64::try_from(written.len().saturating_sub(significant.len())).ok();
        let behind = i64::try_from(fraction.len()).ok();
        let power = exponent
            .parse::<i64>()
            .ok()
            .zip(zeros.zip(behind))
            .and_then(|(exponent, (zeros, behind))| exponent.checked_add(zeros)?.checked_sub(behind));
        Decimal { number, negative, digits: significant.trim_start_matches('0').to_owned(), power }
    }

    /// How many digits it has, with the zeros of an integer.
    fn length(&self) -> i64 {
        let digits = i64::try_from(self.digits.len()).unwrap_or(i64::MAX);
        digits.saturating_add(self.power.unwrap_or_default().max(0))
    }

    /// Its digits, if it is an integer of a length that can mean something and is not written as just these.
    fn integer(&self) -> Option<String> {
        if self.digits.is_empty() || !self.number.contains(['.', 'e', 'E']) {
            return None;
        }
        let zeros = usize::try_from(self.power?).ok()?;
        if self.digits.len().saturating_add(zeros) > DIGITS_MAX {
            return None;
        }
        Some([if self.negative { "-" } else { "" }, &self.digits, &"0".repeat(zeros)].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_in_every_spelling() {
        let zeros = "0".repeat(900);
        for (written, exact) in [
            ("4111111111111111", "4111111111111111"),
            ("4111111111111111.0", "4111111111111111"),
            ("4111111111111111.000", "4111111111111111"),
            ("4.111111111111111e15", "4111111111111111"),
            ("4111111111111111e0", "4111111111111111"),
            ("41111111111111.11E+2", "4111111111111111"),
            ("0.4111111111111111e16", "4111111111111111"),
            ("0.0004111111111111111E19", "4111111111111111"),
            ("41111111111111110e-1", "4111111111111111"),
            ("411111111111111100.00e-2", "4111111111111111"),
            (&format!("4111111111111111{zeros}e-900"), "4111111111111111"),
            (&format!("0.{zeros}4111111111111111e916"), "4111111111111111"),
            ("-12.5e1", "-125"),
            ("12.5", "12.5"),
            ("1e-3", "1e-3"),
            ("0.0", "0.0"),
            ("-0", "-0"),
            ("1e999999999999999999999", "1e999999999999999999999"),
            ("1e9223372036854775807", "1e9223372036854775807"),
            ("1e400", "1e400"),
        ] {
            assert_eq!(readings(written), Readings { exact: exact.into(), doubles: Vec::new() }, "{written}");
        }
    }

    #[test]
    fn what_a_double_makes_of_it() {
        for (written, doubles) in [
            ("4111111111111110.9999999999", &["4111111111111111"] as &[&str]),
            ("4111111111111111.00000000001", &["4111111111111111"]),
            ("41111111111111109999999999e-10", &["4111111111111111"]),
            ("9007199254740993", &["9007199254740992"]),
            ("4000000000000000006", &["4000000000000000000"]),
            ("4111111111111111111", &["4111111111111111000", "4111111111111111168"]),
            ("4.11111111111e18", &["4111111111110000128"]),
            ("1e30", &["1000000000000000019884624838656"]),
            ("123.45678901234567890123", &["123.45678901234568"]),
            ("0.1234567890123456789", &[]),
            ("12.500000000000000000", &[]),
            ("1e-400", &[]),
        ] {
            assert_eq!(readings(written).doubles, doubles, "{written}");
        }
    }
}
