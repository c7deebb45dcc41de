//! Placed orders: figures that never change again, and the states an order goes through.

mod fulfillment;
mod model;
mod refund;
mod refund_split;
mod state;
mod tracking;

pub use fulfillment::{
    FulfilRefusal, Fulfillment, FulfillmentLine, LineStanding, Wanted, fulfillment_status, plan_fulfillment,
};
pub use model::{LineItem, Order, OrderFigures, OrderNumber, ShopMoney};
pub use refund::{PlannedRefund, RefundRefusal, RefundUnits, plan_refund, rest_to_refund};
pub use refund_split::{
    RefundPart, SplitRefusal, Tender, TenderKind, shop_part, split_as_told, split_refund,
};
pub use state::{Attention, CancelReason, FinancialStatus, FulfillmentStatus, OrderState, financial_status};
pub use tracking::{Tracking, TrackingRefusal};
