//! What outlives a VM: shared data, queues, metrics, the clock and the random numbers.

use crate::options::HostOptions;
use std::collections::{BTreeMap, VecDeque};

/// The value of a metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Metric {
    /// A counter.
    Counter(u64),
    /// A gauge.
    Gauge(u64),
    /// Every value that was recorded, in order.
    Histogram(Vec<u64>),
}

impl Metric {
    /// The value of a counter or gauge, or the number of values in a histogram.
    pub fn value(&self) -> u64 {
        match self {
            Self::Counter(value) | Self::Gauge(value) => *value,
            Self::Histogram(values) => values.len() as u64,
        }
    }
}

/// The number of a metric type in the ABI.
pub(crate) type MetricKind = u32;

/// A value of shared data: what it holds (nothing after it was set to nothing) and its compare-and-swap number.
type Shared = (Vec<u8>, u32);

#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) shared: BTreeMap<Vec<u8>, Shared>,
    cas: u32,
    pub(crate) queues: Vec<(Vec<u8>, VecDeque<Vec<u8>>)>,
    pub(crate) metrics: Vec<(MetricKind, String, Metric)>,
    /// Index and amount of each change, for the exchange that is running.
    pub(crate) changes: Vec<(usize, i64)>,
    pub(crate) now: u64,
    pub(crate) started: u64,
    random: u64,
}

impl World {
    pub(crate) fn new(options: &HostOptions) -> Self {
        Self { now: options.clock, started: options.clock, random: options.seed, ..Self::default() }
    }

    /// Reads the clock, which then moves on by `step`.
    pub(crate) fn time(&mut self, step: u64) -> u64 {
        let now = self.now;
        self.now = now.saturating_add(step);
        now
    }

    /// SplitMix64: short, and good enough for seeds of hash maps.
    pub(crate) fn random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Stores a value; false where `cas` is given and does not match. A number for an absent key matches.
    pub(crate) fn set_shared(&mut self, key: &[u8], value: Vec<u8>, cas: u32) -> bool {
        if cas != 0 && self.shared.get(key).is_some_and(|(_, current)| *current != cas) {
            return false;
        }
        self.cas = self.cas.checked_add(1).unwrap_or(1);
        self.shared.insert(key.to_vec(), (value, self.cas));
        true
    }

    /// The index of a metric, which is created where there is none of this kind and name.
    pub(crate) fn define(&mut self, kind: MetricKind, name: &str) -> usize {
        let found = self.metrics.iter().position(|(other, known, _)| *other == kind && known == name);
        found.unwrap_or_else(|| {
            let metric = match kind {
                0 => Metric::Counter(0),
                1 => Metric::Gauge(0),
                _ => Metric::Histogram(Vec::new()),
            };
            self.metrics.push((kind, name.to_owned(), metric));
            self.metrics.len() - 1
        })
    }

    /// Adds up the changes since the last call, by name.
    pub(crate) fn take_changes(&mut self) -> BTreeMap<String, i64> {
        let mut sums = BTreeMap::new();
        for (index, amount) in std::mem::take(&mut self.changes) {
            if let Some((_, name, _)) = self.metrics.get(index) {
                *sums.entry(name.clone()).or_insert(0) += amount;
            }
        }
        sums
    }
}
