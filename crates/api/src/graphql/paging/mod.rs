//! Lists that are read page by page: arguments, connections.

mod args;
mod connection;
mod page_info;
mod slice;

pub use args::PageArgs;
pub use connection::{Connection, Edge};
pub use page_info::PageInfo;
pub use slice::page_of;
