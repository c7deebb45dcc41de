//! Why a promotion, or its codes, stay as they are.

use crate::admin::{BadKey, InputRefusal};
use stoa_domain::{pricing::PricingError, shared::Fault};

/// Why a promotion stays as it is. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum PromotionError {
    /// There is none.
    #[error("there is no such promotion")]
    NotFound,
    /// Something of it cannot be so.
    #[error(transparent)]
    Refused(#[from] InputRefusal),
    /// It is kept for the orders that have it, and is used no more.
    #[error("an archived promotion stays as it is")]
    Archived,
    /// As many are in use as a cart can be weighed by.
    #[error("at most {most} promotions are in use at a time")]
    TooManyActive {
        /// How many may be.
        most: u64,
    },
    /// Somebody else has changed it since it was read.
    #[error("it was changed by somebody else; look again")]
    Stale,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(PromotionError);

/// Why the codes of a promotion stay as they are. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum CodesError {
    /// There is no such promotion.
    #[error("there is no such promotion")]
    NotFound,
    /// Something of what was asked for cannot be so.
    #[error(transparent)]
    Refused(#[from] InputRefusal),
    /// The promotion is used no more.
    #[error("an archived promotion gets no more codes")]
    Archived,
    /// The promotion is for everybody.
    #[error("the promotion is for everybody, without a code")]
    Automatic,
    /// A code is there already, of this promotion or another, or stands in the list twice.
    #[error("there is such a code already")]
    Taken {
        /// Which of those that were given, counted from 0.
        index: usize,
    },
    /// There was no such batch.
    #[error("there are no codes that were made so")]
    NoBatch,
    /// The key is none.
    #[error(transparent)]
    Key(#[from] BadKey),
    /// The key was used for other codes.
    #[error("the key was used for other codes")]
    KeyUsed,
    /// Somebody else has made one of them at the same moment.
    #[error("one of them was made by somebody else at the same moment")]
    Stale,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(CodesError);

/// Why nothing can be said of what a promotion would do.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// There is no such cart, or it has become an order.
    #[error("there is no such cart")]
    NoCart,
    /// There is no such promotion.
    #[error("there is no such promotion")]
    NotFound,
    /// The promotion cannot be as it is written.
    #[error(transparent)]
    Refused(#[from] InputRefusal),
    /// Its figures are beyond what can be reckoned with.
    #[error(transparent)]
    Pricing(#[from] PricingError),
    /// A store does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
