//! What can be followed: each subscription begins with what there is, and goes on with what has changed.

mod inventory;
mod subscriptions;

pub use inventory::VariantInventory;
pub use subscriptions::LiveSubscriptions;
