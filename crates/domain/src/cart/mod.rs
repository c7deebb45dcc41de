//! Carts: what a buyer means to buy, before it is an order.

mod document;
mod gifts;
mod lines;
mod merge;
mod selection;
mod store;
mod tenders;

pub use document::{
    Attribute, BuyerIdentity, Cart, CartLine, CheckoutLock, MergedCart, SelectableAddress, cart_limits,
};
pub use lines::{AddLine, LineChangeError, LineUpdate};
pub use merge::{Absorbed, CartDetail, MergeRefusal};
pub use selection::GroupSelection;
pub use store::{CartStore, Saved};
pub use tenders::TooManyOnCart;
