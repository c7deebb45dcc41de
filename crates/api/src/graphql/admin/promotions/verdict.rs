//! What becomes of a promotion on a cart.

use super::AdminPromotion;
use crate::graphql::MoneyV2;
use async_graphql::{Enum, SimpleObject};
use stoa_domain::pricing::Why;

/// Why a promotion takes nothing off a cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PromotionVerdictCode {
    /// Another suffers none beside it.
    AnotherExcludes,
    /// Another takes more off.
    Beaten,
    /// What it may give away has been given.
    BudgetSpent,
    /// Staff have switched the code off.
    CodeDisabled,
    /// The code was used as often as it may be.
    CodeUsedUp,
    /// Delivering costs nothing anyway.
    DeliveryFree,
    /// It is not in use.
    Inactive,
    /// Nothing is delivered, or nobody has said how.
    NoDelivery,
    /// It has not begun.
    NotBegun,
    /// The buyer has ordered before.
    NotFirstOrder,
    /// It is for other goods; or only for what is free already, or a gift card.
    NothingEntitled,
    /// It is for other countries.
    OtherCountry,
    /// It is for other currencies.
    OtherCurrency,
    /// The buyer is in none of its groups.
    OtherGroup,
    /// It is for other markets.
    OtherMarket,
    /// It is delivered in another way.
    OtherMethod,
    /// It is over.
    Over,
    /// What has to be bought together is not, or no tier is reached.
    SetNotComplete,
    /// It depends on who buys, and the cart does not say.
    SignInNeeded,
    /// The goods cost too much.
    SubtotalTooHigh,
    /// The goods cost too little.
    SubtotalTooLow,
    /// There are too few units.
    TooFew,
    /// There are too many units.
    TooMany,
    /// So many apply that it was not weighed any more.
    TooManyCandidates,
    /// No promotion has such a code.
    UnknownCode,
    /// It was used as often as it may be.
    UsedUp,
    /// The buyer has used it as often as one may.
    UsedUpByBuyer,
}

impl From<Why> for PromotionVerdictCode {
    fn from(why: Why) -> Self {
        match why {
            Why::Excluded { .. } => Self::AnotherExcludes,
            Why::Beaten { .. } => Self::Beaten,
            Why::BudgetSpent => Self::BudgetSpent,
            Why::CodeDisabled => Self::CodeDisabled,
            Why::CodeUsedUp => Self::CodeUsedUp,
            Why::DeliveryFree => Self::DeliveryFree,
            Why::Inactive => Self::Inactive,
            Why::NoDelivery => Self::NoDelivery,
            Why::NotBegun { .. } => Self::NotBegun,
            Why::NotFirstOrder => Self::NotFirstOrder,
            Why::NothingEntitled => Self::NothingEntitled,
            Why::OtherCountry => Self::OtherCountry,
            Why::OtherCurrency => Self::OtherCurrency,
            Why::OtherGroup => Self::OtherGroup,
            Why::OtherMarket => Self::OtherMarket,
            Why::OtherMethod => Self::OtherMethod,
            Why::Over { .. } => Self::Over,
            Why::SetNotComplete => Self::SetNotComplete,
            Why::SignInNeeded => Self::SignInNeeded,
            Why::SubtotalTooHigh { .. } => Self::SubtotalTooHigh,
            Why::SubtotalTooLow { .. } => Self::SubtotalTooLow,
            Why::TooFew { .. } => Self::TooFew,
            Why::TooMany { .. } => Self::TooMany,
            Why::TooManyCandidates => Self::TooManyCandidates,
            Why::UnknownCode => Self::UnknownCode,
            Why::UsedUp => Self::UsedUp,
            Why::UsedUpByBuyer => Self::UsedUpByBuyer,
        }
    }
}

/// What becomes of a promotion on a cart.
#[derive(Clone, Debug, SimpleObject)]
pub struct PromotionVerdict {
    /// What it takes off.
    pub amount: MoneyV2,
    /// Whether it takes something off, or puts something in.
    pub applies: bool,
    /// Why it does not, for programs; null: it does.
    pub code: Option<PromotionVerdictCode>,
    /// Why it does not, for people; null: it does.
    pub message: Option<String>,
    /// Which; null: the one that is not there yet.
    pub promotion: Option<AdminPromotion>,
}
