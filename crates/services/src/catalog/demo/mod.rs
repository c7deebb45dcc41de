//! The demo shop: a catalogue written for this project, so that there is something to buy at once.

mod goods;
mod pictures;
mod seed;

pub use pictures::picture;
pub use seed::{SeedError, Seeded, seed};

#[cfg(test)]
mod tests;
