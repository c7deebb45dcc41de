//! Promotions and their codes, as staff see and write them.

mod action;
mod action_input;
mod codes;
mod condition;
mod condition_input;
mod error_code;
mod input;
mod object;
mod preview;
mod queries;
mod reading;
mod target;
mod verdict;

pub use action::{
    PromotionAction, PromotionAmountOff, PromotionBuyGet, PromotionDeliveryOff, PromotionFixedPrice,
    PromotionGift, PromotionPer, PromotionPercentOff, PromotionTier, PromotionTierBy, PromotionTiered,
};
pub use action_input::{
    PromotionActionInput, PromotionAmountOffInput, PromotionBuyGetInput, PromotionDeliveryOffInput,
    PromotionFixedPriceInput, PromotionGiftInput, PromotionPercentOffInput, PromotionTierInput,
    PromotionTieredInput,
};
pub use codes::{AdminPromotionCode, PromotionCodeBatch};
pub use condition::{PromotionConditions, PromotionQuantity, PromotionSubtotal};
pub use condition_input::{
    PromotionConditionsInput, PromotionMoneyInput, PromotionQuantityInput, PromotionSubtotalInput,
    PromotionTargetInput,
};
pub use error_code::{PromotionErrorCode, PromotionUserError};
pub(super) use error_code::{codes_refusal, promotion_refusal};
pub use input::{PromotionInput, PromotionLimitsInput};
pub use object::{AdminPromotion, PromotionClass, PromotionLimits, PromotionMethod, PromotionState};
pub use preview::PromotionPreview;
pub use queries::PromotionReads;
pub(super) use reading::Unread;
pub use target::{PromotionMoney, PromotionTarget};
pub use verdict::{PromotionVerdict, PromotionVerdictCode};
