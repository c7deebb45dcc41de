//! Placing orders.

mod buyer;
mod check;
mod compose;
mod explain;
mod locked;
mod place;
mod placed;
mod session;
mod take;
mod write;

pub use place::PlaceOrderService;
pub use placed::{PlaceOrderError, Placed};
pub use session::SessionError;
pub(crate) use session::{find_or_create, open_session};
