//! Gift cards and store credit: money that was paid before.

mod model;

pub use model::{GiftCard, GiftCardKind, GiftCardState, InvalidLast4, Last4};
