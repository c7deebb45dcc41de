//! What the host keeps to itself.
//!
//! A machine that is one of several on a host gets less of its processors when the others are busy, and nothing that runs on it can tell:
//! it only becomes slower. Linux counts that time as *stolen*.

use std::fs;

/// Processor time since the machine was started, in ticks of all processors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HostTime {
    stolen: u64,
    all: u64,
}

impl HostTime {
    /// As of now; `None` where the system does not tell.
    pub(crate) fn now() -> Option<Self> {
        Self::parse(&fs::read_to_string("/proc/stat").ok()?)
    }

    /// What part of the time since then was stolen, from 0 to 1.
    pub(crate) fn stolen_since(self, before: Self) -> f64 {
        let (stolen, all) = (self.stolen.saturating_sub(before.stolen), self.all.saturating_sub(before.all));
        if all == 0 { 0.0 } else { stolen as f64 / all as f64 }
    }

    /// `cpu  user nice system idle iowait irq softirq steal guest guest_nice`; what guests use is in `user` and `nice` already.
    fn parse(stat: &str) -> Option<Self> {
        let fields =
            stat.lines().find_map(|line| line.strip_prefix("cpu "))?.split_ascii_whitespace().take(8);
        let ticks: Vec<u64> = fields.map(|field| field.parse().ok()).collect::<Option<_>>()?;
        Some(Self { stolen: *ticks.get(7)?, all: ticks.iter().sum() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stolen_time_is_a_part_of_all() {
        let stat = |idle: u64, steal: u64| {
            format!("cpu  100 0 20 {idle} 5 0 1 {steal} 7 0\ncpu0 1 2 3 4 5 6 7 8 9 0\n")
        };
        let (before, after) =
            (HostTime::parse(&stat(500, 10)).unwrap(), HostTime::parse(&stat(575, 35)).unwrap());
        assert!((after.stolen_since(before) - 0.25).abs() < 1e-9);
        assert!(before.stolen_since(before).abs() < 1e-9);
    }

    #[test]
    fn what_is_not_told_is_not_known() {
        assert_eq!(HostTime::parse("cpu  100 0 20 5\n"), None);
        assert_eq!(HostTime::parse("intr 5\n"), None);
    }
}
