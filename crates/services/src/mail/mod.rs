//! What the shop writes to buyers.

mod order_confirmed;
mod templates;

pub(crate) use order_confirmed::confirm_order;
