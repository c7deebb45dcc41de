//! Promotions in the system of record: what they are, in which state, and how often they may be used.

mod batches;
mod codes;
mod entities;
mod give_back;
mod limits;
mod list;
mod map;
mod proof;
mod read;
mod staff_codes;
mod standing;
mod take;
mod write;

pub use batches::{CodeBatch, add_to_batch, codes_of_batch, insert_batch, unmade_batch};
pub use codes::{NewCode, add_codes};
pub use give_back::give_back;
pub use limits::recount;
pub use list::{PromotionsListing, list_promotions};
pub use map::{Limits, PromotionState, StaffPromotion};
pub use proof::{Miscount, miscounted, miscounted_codes};
pub use read::{count_active, find, find_all};
pub use staff_codes::{
    CodesListing, CodesToDisable, ListedBatch, StaffCode, batches_of, codes_after, codes_by_keys,
    disable_codes, find_batch, list_codes, taken_codes,
};
pub use standing::{standing, used_by};
pub use take::{BuyerLimit, Taking, take, write_uses};
pub use write::{insert, update};

pub(crate) use read::active;

#[cfg(test)]
mod batches_tests;
#[cfg(test)]
mod take_tests;
#[cfg(test)]
mod tests;
