//! Why an upload is not taken.

use std::{error::Error, time::Duration};
use stoa_domain::shared::Fault;

/// What is wrong with a file. May be shown to whoever brought it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing came.
    #[error("the file is empty")]
    Empty,
    /// It is too large, as it came or as it would have been kept.
    #[error("the file is larger than {max_bytes} bytes")]
    TooLarge {
        /// The most that may come.
        max_bytes: usize,
    },
    /// It did not arrive in time.
    #[error("the file did not arrive within {} seconds", read_within.as_secs())]
    TooSlow {
        /// The time it had.
        read_within: Duration,
    },
    /// It is no picture of a kind that is read, whatever it claims to be.
    #[error("the file is none of JPEG, PNG, GIF and WebP")]
    UnknownType,
    /// The picture is too large.
    #[error(
        "the picture is {width} by {height} pixels; it may have {max_pixels} in all, and no side longer than {}",
        crate::MAX_SIDE
    )]
    TooManyPixels {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
        /// The most that its product may be.
        max_pixels: u64,
    },
    /// It is broken, cut off, or made in a way that no camera or program makes them.
    #[error("the picture is incomplete or damaged")]
    Unreadable,
    /// The virus scanner knows it.
    #[error("the virus scanner found {signature}")]
    Infected {
        /// The scanner's name of what it found: visible ASCII characters.
        signature: String,
    },
    /// The virus scanner reads no files as large as this one, so nobody can say what it is.
    #[error("the file is larger than the virus scanner reads")]
    TooLargeToScan,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// The file is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// As many are at work and waiting as may. Nothing was read.
    #[error("too many files are being taken in")]
    Busy,
    /// The connection ended before the file did. Nobody is there to be told.
    #[error("the file ended before its end")]
    Cut(#[source] Box<dyn Error + Send + Sync>),
    /// A fault: with a scanner configured, also that it does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
