//! Files that were uploaded or made for somebody, and the port of the store that keeps them.

mod file;
mod store;

pub use file::{FileName, MediaFile, MediaKey, MediaType, Visibility};
pub use store::{MediaStore, Stored};
