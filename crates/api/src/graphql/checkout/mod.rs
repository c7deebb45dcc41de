//! From a cart to an order: our own addition to the vocabulary.

mod money_input;
mod order_place;
mod session;
mod user_error;

pub use money_input::{ExactDecimal, MoneyInput};
pub use order_place::{CheckoutMutations, OrderPlacePayload};
pub use session::{PaymentSession, session_or_warning};
pub use user_error::{OrderPlaceErrorCode, OrderPlaceUserError};
