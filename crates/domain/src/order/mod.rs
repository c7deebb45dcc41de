//! Placed orders: figures that never change again, and the states an order goes through.

mod model;
mod state;

pub use model::{LineItem, Order, OrderFigures, OrderNumber};
pub use state::{Attention, CancelReason, FinancialStatus, FulfillmentStatus, OrderState, financial_status};
