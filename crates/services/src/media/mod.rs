//! Pictures that people of the shop bring: taken in, listed, put to use, taken away.
//!
//! A file is put into the store first, and its row written then; its row is taken away first, and the file by a job. So a row never
//! leads to nothing, and what may lie about for ever, where the program dies between the two, is a file that nobody knows of.

mod files;
mod shown;
mod upload;

pub(crate) use files::remove_file;
pub use files::{DeleteMediaError, MediaFiles};
pub use shown::ShownMedia;
pub use stoa_media::{Refusal, UploadError};
pub use upload::{NewMedia, UploadMedia, UploadMediaError, Uploaded};

#[cfg(test)]
mod tests;
