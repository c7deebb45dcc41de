//! Taxes in the system of record: kinds of goods, and zones with their rates.

mod categories;
mod entities;
mod map;
mod read;
mod write;

pub use categories::{find_categories, insert_category, list_categories, remove_category, update_category};
pub use read::{find_zone, find_zones, list_zones};
pub use write::{insert_zone, remove_zone, update_zone};

pub(crate) use categories::all as all_categories;
pub(crate) use map::{ranges_from_json, ranges_to_json};
pub(crate) use read::all as all_zones;

#[cfg(test)]
mod tests;
