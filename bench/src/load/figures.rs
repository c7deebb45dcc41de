//! What a slice of load has shown, and what several slices together do.

use hdrhistogram::Histogram;
use std::time::Duration;

/// The longest latency that is told apart, in nanoseconds: ten minutes.
const LONGEST: u64 = 600_000_000_000;

/// A slice of load: every latency, in nanoseconds, to three digits.
#[derive(Clone, Debug)]
pub(crate) struct Slice {
    latencies: Histogram<u64>,
    /// Requests; several for each unit where one thing takes several.
    pub(crate) requests: u64,
    /// From the first request to the last answer.
    pub(crate) elapsed: Duration,
}

impl Slice {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        #[expect(clippy::expect_used, reason = "a test makes one: the bounds are possible")]
        let latencies = Histogram::new_with_bounds(1, LONGEST, 3).expect("a histogram");
        Self { latencies, requests: 0, elapsed: Duration::ZERO }
    }

    /// Counts a unit.
    pub(super) fn record(&mut self, latency: Duration, requests: u64) {
        self.latencies.saturating_record(u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX));
        self.requests += requests;
    }

    /// Adds what another worker has done in the same time.
    pub(super) fn add(&mut self, part: &Self) {
        // Histograms of the same bounds add without failing.
        let _ = self.latencies.add(&part.latencies);
        self.requests += part.requests;
    }

    /// Things that were done.
    pub(crate) fn units(&self) -> u64 {
        self.latencies.len()
    }

    /// The latency that so large a part of the units did not exceed.
    pub(crate) fn quantile(&self, part: f64) -> Duration {
        Duration::from_nanos(self.latencies.value_at_quantile(part))
    }

    /// Units per second.
    pub(crate) fn rate(&self) -> f64 {
        self.units() as f64 / self.elapsed.as_secs_f64()
    }
}

/// Of several slices, the median of each figure: one slice that was disturbed changes nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figures {
    /// Units per second.
    pub(crate) rate: f64,
    /// Half of the units took no longer.
    pub(crate) p50: Duration,
    /// 95 in 100 took no longer.
    pub(crate) p95: Duration,
    /// 99 in 100 took no longer.
    pub(crate) p99: Duration,
    /// Requests a unit.
    pub(crate) requests: f64,
}

impl Figures {
    /// The medians; nothing of nothing.
    pub(crate) fn of(slices: &[Slice]) -> Self {
        let time = |part: f64| {
            let seconds = slices.iter().map(|slice| slice.quantile(part).as_secs_f64());
            Duration::from_secs_f64(median(seconds).unwrap_or(0.0))
        };
        let requests = slices.iter().map(|slice| slice.requests as f64 / slice.units().max(1) as f64);
        Self {
            rate: median(slices.iter().map(Slice::rate)).unwrap_or(0.0),
            p50: time(0.50),
            p95: time(0.95),
            p99: time(0.99),
            requests: median(requests).unwrap_or(0.0),
        }
    }
}

/// The middle one, or the mean of the two in the middle.
pub(crate) fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    let lower = values[(values.len() - 1) / 2];
    Some(f64::midpoint(lower, upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(milliseconds: &[u64], seconds: u64) -> Slice {
        let mut slice = Slice::new();
        for ms in milliseconds {
            slice.record(Duration::from_millis(*ms), 1);
        }
        slice.elapsed = Duration::from_secs(seconds);
        slice
    }

    #[test]
    fn the_median_is_the_middle_and_shrugs_at_outliers() {
        assert_eq!(median([3.0, 1.0, 1_000.0].into_iter()), Some(3.0));
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), Some(2.5));
        assert_eq!(median(std::iter::empty()), None);
    }

    #[test]
    fn figures_are_medians_over_slices() {
        let figures = Figures::of(&[slice(&[1, 2, 3], 1), slice(&[2, 2, 2, 2], 1), slice(&[900], 1)]);
        assert!((figures.rate - 3.0).abs() < 1e-9);
        assert!((figures.p50.as_secs_f64() - 0.002).abs() < 0.000_01, "{:?}", figures.p50);
        assert!((figures.p99.as_secs_f64() - 0.003).abs() < 0.000_01, "{:?}", figures.p99);
    }

    #[test]
    fn parts_of_a_slice_add_up() {
        let mut whole = slice(&[1, 1], 2);
        whole.add(&slice(&[5, 5], 2));
        assert_eq!((whole.units(), whole.requests), (4, 4));
        assert!(whole.quantile(1.0) >= Duration::from_millis(5));
        assert!((whole.rate() - 2.0).abs() < 1e-9);
    }
}
