//! Why a promotion takes nothing off.

use crate::shared::{PromotionId, Timestamp};

/// Why a promotion takes nothing off. Amounts are in minor units of the cart's currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// No promotion has such a code.
    UnknownCode,
    /// Staff have switched it off.
    Inactive,
    /// It has not begun.
    NotBegun {
        /// When it does.
        at: Timestamp,
    },
    /// It is over.
    Over {
        /// Since when.
        at: Timestamp,
    },
    /// Staff have switched the code off.
    CodeDisabled,
    /// The goods cost too little.
    SubtotalTooLow {
        /// What they must cost at least.
        least: i64,
        /// What they cost.
        is: i64,
    },
    /// The goods cost too much.
    SubtotalTooHigh {
        /// What they may cost at most.
        most: i64,
        /// What they cost.
        is: i64,
    },
    /// There are too few units.
    TooFew {
        /// How many there must be at least.
        least: i64,
        /// How many there are.
        is: i64,
    },
    /// There are too many units.
    TooMany {
        /// How many there may be at most.
        most: i64,
        /// How many there are.
        is: i64,
    },
    /// What has to be bought together is not, or no tier is reached.
    SetNotComplete,
    /// It is for other goods; or only for what is free already, or a gift card.
    NothingEntitled,
    /// Nothing is delivered, or nobody has said how.
    NoDelivery,
    /// It is delivered in another way.
    OtherMethod,
    /// Delivering costs nothing anyway.
    DeliveryFree,
    /// It depends on who buys, and nobody has signed in.
    SignInNeeded,
    /// The buyer is in none of its groups.
    OtherGroup,
    /// The buyer has ordered before.
    NotFirstOrder,
    /// It was used as often as it may be.
    UsedUp,
    /// What it may give away has been given.
    BudgetSpent,
    /// The code was used as often as it may be.
    CodeUsedUp,
    /// The buyer has used it as often as one may.
    UsedUpByBuyer,
    /// It is for other countries.
    OtherCountry,
    /// It is for other currencies.
    OtherCurrency,
    /// It is for other markets.
    OtherMarket,
    /// Another takes more off.
    Beaten {
        /// Which.
        by: PromotionId,
    },
    /// Another suffers none beside it.
    Excluded {
        /// Which.
        by: PromotionId,
    },
    /// So many apply that it was not weighed any more.
    TooManyCandidates,
}

/// What a buyer is told of a code that is of no use: the words of the Shopify Storefront API's cart warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DiscountWarning {
    /// There is no such code.
    NotFound,
    /// It is of no use now.
    CurrentlyInactive,
    /// The goods cost too little or too much.
    PurchaseNotInRange,
    /// There are too few or too many units.
    QuantityNotInRange,
    /// It is for other goods.
    NoEntitledLineItems,
    /// It is for other deliveries.
    NoEntitledShippingLines,
    /// It depends on who buys.
    EligibleCustomerMissing,
    /// It is for other buyers.
    CustomerNotEligible,
    /// It is used up.
    UsageLimitReached,
    /// The buyer has used it up.
    CustomerUsageLimitReached,
    /// It could be used, and another is in its place.
    CodeNotHonoured,
}

impl Why {
    /// What a buyer who entered the code is told.
    pub const fn warning(self) -> DiscountWarning {
        match self {
            Self::UnknownCode => DiscountWarning::NotFound,
            Self::Inactive | Self::NotBegun { .. } | Self::Over { .. } | Self::CodeDisabled => {
                DiscountWarning::CurrentlyInactive
            }
            Self::SubtotalTooLow { .. } | Self::SubtotalTooHigh { .. } => DiscountWarning::PurchaseNotInRange,
            Self::TooFew { .. } | Self::TooMany { .. } | Self::SetNotComplete => {
                DiscountWarning::QuantityNotInRange
            }
            Self::NothingEntitled => DiscountWarning::NoEntitledLineItems,
            Self::NoDelivery | Self::OtherMethod | Self::DeliveryFree => {
                DiscountWarning::NoEntitledShippingLines
            }
            Self::SignInNeeded => DiscountWarning::EligibleCustomerMissing,
            Self::OtherGroup | Self::NotFirstOrder => DiscountWarning::CustomerNotEligible,
            Self::UsedUp | Self::BudgetSpent | Self::CodeUsedUp => DiscountWarning::UsageLimitReached,
            Self::UsedUpByBuyer => DiscountWarning::CustomerUsageLimitReached,
            Self::OtherCountry
            | Self::OtherCurrency
            | Self::OtherMarket
            | Self::Beaten { .. }
            | Self::Excluded { .. }
            | Self::TooManyCandidates => DiscountWarning::CodeNotHonoured,
        }
    }
}
