//! Why a market stays as it is.

use crate::admin::InputRefusal;
use stoa_domain::shared::{Currency, Fault};

/// Why a market stays as it is. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum MarketError {
    /// There is none.
    #[error("there is no such market")]
    NotFound,
    /// Something of it cannot be so.
    #[error(transparent)]
    Refused(#[from] InputRefusal),
    /// Another one has its name, in any letter case.
    #[error("another market has that name")]
    Taken,
    /// Another one has one of its countries.
    #[error("a country is in one market at most, and another one has one of these")]
    CountryTaken,
    /// The prices of its list are in a currency that is neither its own nor the shop's.
    #[error("the prices of the list are in {}, which is neither the market's currency nor the shop's", .0.code())]
    CurrencyMismatch(Currency),
    /// Nothing can be priced in its currency.
    #[error("there is no exchange rate of {}: set one first", .0.code())]
    RateMissing(Currency),
    /// Price lists are for it alone.
    #[error("there are price lists for that market alone")]
    InUse,
    /// Somebody else has changed it since it was read.
    #[error("it was changed by somebody else; look again")]
    Stale,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(MarketError);
