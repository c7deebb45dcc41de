//! Placed orders: how they stand, paying them, and finding them again.

mod lookup;
mod pay;
mod standing;
mod status;
mod view;

pub(crate) use lookup::{find_order, show_lookup};
pub(crate) use pay::pay_order;
pub(crate) use standing::Standing;
pub(crate) use status::show_order;
pub(crate) use view::{address_lines, values as order_values};
