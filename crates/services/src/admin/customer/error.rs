//! Why a customer stays as they are.

use crate::customer::DetailsRefusal;
use stoa_domain::{
    customer::{ErasureObstacle, LabelRefusal},
    shared::{Fault, InvalidTransition},
};

/// Why a customer stays as they are. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum CustomerError {
    /// There is nobody with that id, or they were erased.
    #[error("there is no such customer")]
    NotFound,
    /// Their state does not allow it.
    #[error(transparent)]
    State(#[from] InvalidTransition),
    /// One of the details cannot be taken.
    #[error(transparent)]
    Details(#[from] DetailsRefusal),
    /// A tag cannot be taken.
    #[error(transparent)]
    Tag(#[from] LabelRefusal),
    /// The note is longer than anybody reads.
    #[error("a note has at most {} characters", super::details::NOTE)]
    NoteTooLong,
    /// The tax number is longer than any.
    #[error("a tax number has at most {} characters", stoa_domain::cart::cart_limits::TAX_NUMBER)]
    TaxNumber,
    /// They still have to pay or to be sent something.
    #[error(transparent)]
    Obstacle(#[from] ErasureObstacle),
    /// Somebody else has changed them at the same moment.
    #[error("they were changed by somebody else at the same moment")]
    Stale,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(CustomerError);
