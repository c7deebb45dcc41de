//! Orders, as staff see and move them.

mod attention;
mod cancel;
mod fulfill;
mod give_up;
mod list;
mod refund;
mod search;
mod stock;
mod told;

pub use attention::{ClearAttention, ClearAttentionError, SeenMark};
pub use cancel::{CancelOrder, CancelOrderError, Cancellation, Undone};
pub use fulfill::{FulfillOrderError, Fulfillments, NewParcel};
pub use list::{Orders, RefundView};
pub use refund::{RefundGiven, RefundOrder, RefundOrderError, RefundRequest};
pub use search::{OrderSearchError, parse_order_search};

use stoa_domain::{
    audit::Subject,
    shared::{InvalidTransition, OrderId},
};

fn subject(id: OrderId) -> Subject {
    Subject::new(OrderId::TYPE, id)
}

/// What of an order that is not paid yet cannot be done.
const fn unpaid(to: &'static str, legal: &'static [&'static str]) -> InvalidTransition {
    InvalidTransition { what: "an order", from: "awaiting_payment", to, legal }
}
