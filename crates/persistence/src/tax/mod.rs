//! Taxes in the system of record: kinds of goods, and zones with their rates.

mod categories;
mod entities;
mod map;
mod read;
mod write;

pub use categories::{
    all as all_categories, count as count_categories, find_categories, insert_category, list_categories,
    remove_category, update_category,
};
pub use read::{all as all_zones, count as count_zones, find_zone, find_zones, list_zones};
pub use write::{insert_zone, remove_zone, update_zone};

pub(crate) use map::{ranges_from_json, ranges_to_json};

#[cfg(test)]
mod tests;
