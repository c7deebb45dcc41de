//! Gift cards and store credit, as staff see and write them.

mod entry;
mod error_code;
mod input;
mod object;
mod queries;

pub use entry::{AdminGiftCardEntry, GiftCardEntryKind};
pub use error_code::{GiftCardErrorCode, GiftCardUserError};
pub(super) use error_code::{amount_of, refusal};
pub use input::{GiftCardAdjustInput, GiftCardCreateInput, GiftCardUpdateInput, StoreCreditAdjustInput};
pub use object::{AdminGiftCard, GiftCardKind};
pub use queries::GiftCardReads;
