//! Ways of delivering in the system of record, and the parts of the world they are for.

mod entities;
mod map;
mod methods;
mod zones;

pub use methods::{
    count_methods, find_method, find_methods, insert_method, list_methods, remove_method, update_method,
};
pub use zones::{count_zones, find_zone, find_zones, insert_zone, list_zones, remove_zone, update_zone};

pub(crate) use methods::{all as all_methods, has_tax_category};
pub(crate) use zones::all as all_zones;

#[cfg(test)]
mod tests;
