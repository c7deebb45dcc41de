//! Carts: what a buyer means to buy, before it is an order.

mod document;
mod lines;
mod merge;
mod store;

pub use document::{
    Attribute, BuyerIdentity, Cart, CartLine, CheckoutLock, DeliverySelection, MergedCart, SelectableAddress,
    cart_limits,
};
pub use lines::{AddLine, LineChangeError, LineUpdate};
pub use merge::{Absorbed, CartDetail, MergeRefusal};
pub use store::{CartStore, Saved};
