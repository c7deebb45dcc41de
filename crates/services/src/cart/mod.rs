//! Carts: each change is load, change, hold, compare-and-set, and again if somebody else was faster.

mod create;
mod delivery;
mod details;
mod discard;
mod discount_codes;
mod edit;
mod gift_card_codes;
mod gifts;
mod identify;
mod lines;
mod load;
mod merge;
mod priced;
mod read;
mod store_credit;
mod units;
mod view;
mod warning;

pub use crate::pricing::ViewGroup;
pub use create::{CreateCart, CreateRefusal, NewCart};
pub use delivery::{AddressChange, AddressRefusal, DeliveryAddresses, NewAddress, SelectDelivery};
pub use details::{CartDetails, DetailsRefusal, IdentityChange};
pub(crate) use discard::discard_erased;
pub use discount_codes::{CodesRefusal, DiscountCodes};
pub use edit::{CartError, Edited};
pub(crate) use edit::{Held, back_off, hold_requests};
pub use gift_card_codes::{CardsRefusal, GiftCardCodes};
pub(crate) use gifts::drop_undue;
pub use identify::{IdentifyBuyer, IdentityRefusal};
pub use lines::{CartLines, LinesRefusal};
pub(crate) use load::{CHECKOUT_LOCK, Unlocked, load_with_clock, save, unlocked};
pub use merge::{MergeCarts, MergeCartsRefusal};
pub(crate) use priced::{priced, with_promotion};
pub use read::ReadCart;
pub(crate) use read::kept_for;
pub use store_credit::{CreditRefusal, StoreCredit};
pub use units::TooManyUnits;
pub(crate) use units::Unpaid;
pub use view::{CartView, ViewCard, ViewGifts, ViewLine};
pub use warning::CartWarning;

#[cfg(test)]
mod tests;
