//! Carts: each change is load, change, hold, compare-and-set, and again if somebody else was faster.

mod create;
mod delivery;
mod details;
mod discard;
mod edit;
mod identify;
mod lines;
mod load;
mod merge;
mod read;
mod units;
mod view;
mod warning;

pub use create::{CreateCart, CreateRefusal, NewCart};
pub use delivery::{AddressChange, AddressRefusal, DeliveryAddresses, NewAddress, SelectDelivery};
pub use details::{CartDetails, DetailsRefusal, IdentityChange};
pub(crate) use discard::discard_erased;
pub use edit::{CartError, Edited};
pub(crate) use edit::{Held, back_off, hold_requests, merchandise};
pub use identify::{IdentifyBuyer, IdentityRefusal};
pub use lines::{CartLines, LinesRefusal};
pub(crate) use load::{CHECKOUT_LOCK, Unlocked, load_with_clock, save, unlocked};
pub use merge::{MergeCarts, MergeCartsRefusal};
pub use read::ReadCart;
pub(crate) use read::kept_for;
pub use units::TooManyUnits;
pub(crate) use units::Unpaid;
pub use view::{CartView, ViewLine};
pub use warning::CartWarning;

#[cfg(test)]
mod tests;
