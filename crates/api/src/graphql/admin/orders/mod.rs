//! Orders, as staff see them.

mod error_code;
mod event;
mod fulfillment;
mod line_item;
mod load;
mod object;
mod payment;
mod queries;
mod refund;

pub use error_code::{
    FulfillmentErrorCode, FulfillmentUserError, OrderAttentionClearErrorCode, OrderAttentionClearUserError,
    OrderCancelErrorCode, OrderCancelUserError, RefundCreateErrorCode, RefundCreateUserError,
};
pub use event::AdminOrderEvent;
pub use fulfillment::{AdminFulfillment, AdminFulfillmentLine};
pub use line_item::AdminOrderLineItem;
pub(crate) use load::one;
pub use object::AdminOrder;
pub use payment::AdminOrderPayment;
pub use queries::{AdminOrderSortKeys, OrderReads};
pub use refund::{AdminRefund, AdminRefundLine, AdminRefundState};
