//! Why a price list stays as it is.

use crate::admin::InputRefusal;
use stoa_domain::shared::{Currency, Fault, VariantId};

/// Why a price list stays as it is. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum PriceListError {
    /// There is none.
    #[error("there is no such price list")]
    NotFound,
    /// Something of it cannot be so.
    #[error(transparent)]
    Refused(#[from] InputRefusal),
    /// Another one has its name, in any letter case.
    #[error("another price list has that name")]
    Taken,
    /// It is a market's.
    #[error("it is the price list of a market")]
    InUse,
    /// There is no such variant.
    #[error("there is no variant {variant}")]
    NoVariant {
        /// Which of those that were given, counted from 0.
        index: usize,
        /// Which.
        variant: VariantId,
    },
    /// A price is in another currency than the list.
    #[error("the prices of the list are in {}", .currency.code())]
    CurrencyMismatch {
        /// Which of those that were given, counted from 0.
        index: usize,
        /// The list's currency.
        currency: Currency,
    },
    /// All lists together fix as many prices as a shop can have.
    #[error("all price lists of a shop fix at most {most} prices")]
    TooMany {
        /// How many they may.
        most: u64,
    },
    /// Somebody else has changed it since it was read.
    #[error("it was changed by somebody else; look again")]
    Stale,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(PriceListError);
