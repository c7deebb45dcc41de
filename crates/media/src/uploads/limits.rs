//! How much an upload may take.

use crate::picture::MAX_SIDE;
use std::time::Duration;

/// How large uploads may be, and how many there may be at once.
///
/// Together they bound the memory: `at_once` times `max_pixels` times 16 bytes for those at work, and `at_once + waiting` times
/// `max_bytes` for those in line; with the defaults about 800 MB and 100 MB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadLimits {
    /// The largest file, in bytes. What is made of it may be twice as large.
    pub max_bytes: usize,
    /// The largest picture, in pixels (width times height); no side may be longer than [`MAX_SIDE`] either.
    pub max_pixels: u64,
    /// How many pictures are decoded and encoded at once.
    pub at_once: usize,
    /// How many more may be on their way or waiting.
    pub waiting: usize,
    /// How long a file may take to arrive.
    pub read_within: Duration,
}

/// A limit that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct InvalidUploadLimits {
    /// Which field.
    pub field: &'static str,
    /// What is wrong, and what would be right.
    pub problem: String,
}

impl UploadLimits {
    /// The largest that `max_bytes` may be: a file is held in memory.
    pub const MOST_BYTES: usize = 128 * 1024 * 1024;
    /// The largest that `max_pixels` may be.
    pub const MOST_PIXELS: u64 = MAX_SIDE as u64 * MAX_SIDE as u64;

    pub(super) fn check(&self) -> Result<(), InvalidUploadLimits> {
        let wrong = |field, problem: String| Err(InvalidUploadLimits { field, problem });
        if !(1..=Self::MOST_BYTES).contains(&self.max_bytes) {
            return wrong("max_bytes", format!("must be from 1 to {}", Self::MOST_BYTES));
        }
        if !(1..=Self::MOST_PIXELS).contains(&self.max_pixels) {
            return wrong("max_pixels", format!("must be from 1 to {}", Self::MOST_PIXELS));
        }
        if self.at_once == 0 {
            return wrong("at_once", "must be at least 1".to_owned());
        }
        if self.read_within.is_zero() {
            return wrong("read_within", "must be longer than no time".to_owned());
        }
        Ok(())
    }
}

impl Default for UploadLimits {
    fn default() -> Self {
        Self {
            max_bytes: 20 * 1024 * 1024,
            max_pixels: 50_000_000,
            at_once: 1,
            waiting: 4,
            read_within: Duration::from_secs(60),
        }
    }
}
