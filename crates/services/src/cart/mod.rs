//! Carts: each change is load, change, hold, compare-and-set, and again if somebody else was faster.

mod create;
mod delivery;
mod details;
mod edit;
mod lines;
mod read;
mod view;
mod warning;

pub use create::{CreateCart, CreateRefusal, NewCart};
pub use delivery::{AddressChange, AddressRefusal, DeliveryAddresses, NewAddress, SelectDelivery};
pub use details::{CartDetails, DetailsRefusal, IdentityChange};
pub(crate) use edit::{
    CHECKOUT_LOCK, Held, Unlocked, back_off, hold_requests, load_with_clock, merchandise, save, unlocked,
};
pub use edit::{CartError, Edited};
pub use lines::{CartLines, LinesRefusal};
pub use read::ReadCart;
pub use view::{CartView, ViewLine};
pub use warning::CartWarning;
