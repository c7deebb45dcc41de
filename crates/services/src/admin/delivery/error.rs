//! Why zones and ways of delivering stay as they are.

use crate::admin::InputRefusal;
use stoa_domain::shared::Fault;

/// Why a zone stays as it is. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryZoneError {
    /// There is none.
    #[error("there is no such delivery zone")]
    NotFound,
    /// Something of it cannot be so.
    #[error(transparent)]
    Refused(#[from] InputRefusal),
    /// There are as many as there may be.
    #[error("a shop has at most {most} delivery zones")]
    TooMany {
        /// How many there may be.
        most: u64,
    },
    /// There are ways of delivering to it.
    #[error("there are ways of delivering to that zone")]
    InUse,
    /// Somebody else has changed it since it was read.
    #[error("it was changed by somebody else; look again")]
    Stale,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(DeliveryZoneError);

/// Why a way of delivering stays as it is. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryMethodError {
    /// There is none.
    #[error("there is no such delivery method")]
    NotFound,
    /// Something of it cannot be so.
    #[error(transparent)]
    Refused(#[from] InputRefusal),
    /// It is on offer for less than its first price is for.
    #[error("no rate says what is paid below {from}, and the method is on offer there")]
    GapInRates {
        /// Where the first price begins: grams, units, or minor units of the shop's currency.
        from: i64,
    },
    /// Another one has its handle.
    #[error("another delivery method has that handle")]
    HandleTaken,
    /// There are as many as there may be.
    #[error("a shop has at most {most} delivery methods")]
    TooMany {
        /// How many there may be.
        most: u64,
    },
    /// Somebody else has changed it since it was read.
    #[error("it was changed by somebody else; look again")]
    Stale,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(DeliveryMethodError);
