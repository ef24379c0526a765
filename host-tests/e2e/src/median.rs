//! The median of a sample, and between which of its values the true one lies.

/// A median with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Median {
    /// The median of the sample.
    pub value: f64,
    /// The lower and the upper end of the interval.
    pub interval: (f64, f64),
    /// The probability that such an interval holds the true median, whatever the distribution is; at least 0.95 where the
    /// sample has six values or more.
    pub coverage: f64,
}

/// Computes both from order statistics: the number of values below the true median is binomial with p = 1/2, so the
/// interval from the k-th smallest to the k-th largest value misses it with probability 2 P(X < k). The largest k that
/// keeps 95 % is taken.
///
/// # Panics
/// When there are no values.
pub fn median(values: &[f64]) -> Median {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    assert!(n > 0, "there is nothing to take the median of");
    let value = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2.0;
    let mut below = 0.0;
    let mut k = 0;
    loop {
        let next = below + choose(n, k) / 2f64.powi(i32::try_from(n).unwrap_or(i32::MAX));
        if 2.0 * next > 0.05 || 2 * (k + 1) >= n {
            break;
        }
        below = next;
        k += 1;
    }
    let k = k.max(1);
    let coverage =
        1.0 - 2.0 * (0..k).map(|i| choose(n, i)).sum::<f64>() / 2f64.powi(i32::try_from(n).unwrap_or(i32::MAX));
    Median { value, interval: (sorted[k - 1], sorted[n - k]), coverage }
}

fn choose(n: usize, k: usize) -> f64 {
    (0..k).fold(1.0, |product, i| product * (n - i) as f64 / (i + 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the published table of confidence intervals for the median (n, rank, coverage).
    #[test]
    fn ranks_and_coverage_are_those_of_the_table() {
        for (n, rank, coverage) in
            [(6, 1, 0.96875), (10, 2, 0.978516), (15, 4, 0.964844), (20, 6, 0.958611), (25, 8, 0.956715)]
        {
            let values: Vec<f64> = (1..=n).rev().map(f64::from).collect();
            let found = median(&values);
            assert_eq!(found.interval, (f64::from(rank), f64::from(n + 1 - rank)), "{n}");
            assert!((found.coverage - coverage).abs() < 1e-5, "{n}: {}", found.coverage);
            assert!((found.value - f64::from(n + 1) / 2.0).abs() < 1e-9);
        }
    }

    #[test]
    fn small_samples_have_an_interval_too() {
        assert_eq!(median(&[7.0]).interval, (7.0, 7.0));
        assert_eq!(median(&[2.0, 1.0]).interval, (1.0, 2.0));
    }
}
