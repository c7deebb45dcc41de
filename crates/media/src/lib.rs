//! Files that people bring, and the stores that keep them.
//!
//! [`Uploads`] takes a file in as an attacker's: bounded in bytes, pixels, time and number, told by its content and never by
//! what it claims, shown to a virus scanner where one is configured, decoded on a thread of its own and encoded anew. What
//! comes out is a picture that this program has written, with nothing in it but pixels.
//!
//! [`FolderStore`] and [`S3Store`] are the two stores of [`MediaStore`](stoa_domain::media::MediaStore).

mod clamd;
mod folder;
mod picture;
mod s3;
mod uploads;

pub use clamd::{Clamd, ClamdAddress, InvalidClamd, Verdict};
pub use folder::{FolderStore, LinkKeys};
pub use picture::{MAX_SIDE, Picture};
pub use s3::{InvalidS3, S3Config, S3Store};
pub use uploads::{InvalidUploadLimits, Refusal, UploadError, UploadLimits, Uploads};

use std::time::Duration;

/// The longest that an address of a private file may work: what S3 allows (`X-Amz-Expires`, Signature Version 4).
pub const MAX_LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The largest file that a store gives back. A file is held in memory as a whole.
const MAX_STORED: u64 = 256 * 1024 * 1024;
