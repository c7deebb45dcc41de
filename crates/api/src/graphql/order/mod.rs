//! Placed orders, for their buyers.

mod discounts;
mod line_item;
mod lookup;
mod object;
mod queries;
mod status;

pub use discounts::{
    AutomaticDiscountApplication, DiscountAllocation, DiscountApplication, DiscountCodeApplication,
    ManualDiscountApplication,
};
pub use line_item::OrderLineItem;
pub use lookup::{OrderContactInput, OrderLookupInput};
pub use object::{Knowledge, Order};
pub use queries::OrderQueries;
pub use status::{OrderCancelReason, OrderFinancialStatus, OrderFulfillmentStatus};
