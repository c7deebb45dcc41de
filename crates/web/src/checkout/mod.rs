//! The checkout: contact, address, delivery, and the button that places the order.

mod edit;
mod form;
mod gone;
mod page;
mod place;
mod quote;
mod refusal;

pub(crate) use edit::edit_cart;
pub(crate) use page::show_checkout;
pub(crate) use place::place_order;
