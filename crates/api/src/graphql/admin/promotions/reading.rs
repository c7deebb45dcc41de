//! Reading what staff write of promotions: ids, amounts, percentages.

use super::{PromotionErrorCode as Code, PromotionUserError};
use crate::graphql::{
    ApiError,
    cart::InputPath,
    checkout::ExactDecimal,
    scalars::{gid, gid::Identity},
};
use async_graphql::ID;
use std::collections::BTreeSet;
use stoa_domain::shared::{Currency, Rate, parse_minor};

/// Why an input cannot be read: what staff are told, or that it is no request at all.
#[derive(Debug)]
pub enum Unread {
    /// It is refused.
    Refused(PromotionUserError),
    /// It is no request.
    Failed(ApiError),
}

impl From<PromotionUserError> for Unread {
    fn from(refusal: PromotionUserError) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ApiError> for Unread {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

/// A refusal of a value.
pub(super) fn invalid(at: InputPath, message: &'static str) -> PromotionUserError {
    PromotionUserError::new(Code::Invalid, at, message)
}

/// The thing with an id.
///
/// # Errors
/// It is no id, or the id of nothing of ours.
pub(super) fn known<T: Identity>(id: &ID, at: InputPath) -> Result<T, Unread> {
    let nothing = || PromotionUserError::new(Code::NotFound, at, "There is nothing with this id.");
    Ok(gid::decode::<T>(id)?.ok_or_else(nothing)?)
}

/// The things with these ids.
///
/// # Errors
/// One is no id, or the id of nothing of ours.
pub(super) fn all_known<T: Identity + Ord>(ids: &[ID], at: &InputPath) -> Result<BTreeSet<T>, Unread> {
    ids.iter().enumerate().map(|(index, id)| known(id, at.entry(index))).collect()
}

/// An amount in minor units.
///
/// # Errors
/// It is none of the currency's.
pub(super) fn amount(
    amount: &ExactDecimal,
    currency: Currency,
    at: InputPath,
) -> Result<i64, PromotionUserError> {
    parse_minor(amount.as_str(), currency.exponent()).map_err(|_| {
        PromotionUserError::new(Code::Invalid, at, format!("This is no amount in {}.", currency.code()))
    })
}

/// A percentage.
///
/// # Errors
/// It is none, or has more than four decimals.
pub(super) fn percentage(percentage: &ExactDecimal, at: InputPath) -> Result<Rate, PromotionUserError> {
    let message = "This is no percentage: a number from 0 to 100 with four decimals at most.";
    Rate::parse_percent(percentage.as_str()).map_err(|_| invalid(at, message))
}
