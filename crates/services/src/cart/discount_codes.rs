//! Discount codes.

use super::{
    TooManyUnits,
    edit::{CartError, Edited, MerchandiseRefusal, Touched, edit},
};
use crate::{Context, account::Caller};
use std::sync::Arc;
use stoa_domain::{
    cart::{TooManyOnCart, cart_limits as limits},
    pricing::EnteredCode,
    shared::{CartId, VariantId},
};

/// Why discount codes are not entered. A code that takes nothing off is none: it stays, with a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodesRefusal {
    /// More than a cart may have.
    TooMany {
        /// The most.
        max: usize,
    },
    /// Longer than any code.
    TooLong {
        /// Which, counted from 0.
        index: usize,
    },
}

impl MerchandiseRefusal for CodesRefusal {
    // Codes touch no lines of the buyer's, so nothing is ever asked whether it is for sale, or counted.
    fn not_for_sale(_: VariantId) -> Self {
        Self::TooMany { max: limits::CODES }
    }

    fn too_many_units(_: TooManyUnits) -> Self {
        Self::TooMany { max: limits::CODES }
    }
}

impl From<TooManyOnCart> for CodesRefusal {
    fn from(TooManyOnCart { max }: TooManyOnCart) -> Self {
        Self::TooMany { max }
    }
}

/// Enters discount codes.
pub struct DiscountCodes(pub(crate) Arc<Context>);

impl DiscountCodes {
    /// Makes these the codes of a cart, in their order. Blank ones are none, and the same in another letter case is the same.
    ///
    /// # Errors
    /// No such cart, a refusal, or a fault. Nothing has changed then.
    pub async fn replace(
        &self,
        by: &Caller,
        cart: CartId,
        codes: &[String],
    ) -> Result<Edited, CartError<CodesRefusal>> {
        let entered = parse(codes).map_err(CartError::Refused)?;
        edit(&self.0, by, cart, |cart| {
            cart.replace_codes(entered.clone())?;
            Ok(Touched::NOTHING)
        })
        .await
    }
}

/// Codes as they were typed.
pub(super) fn parse(codes: &[String]) -> Result<Vec<EnteredCode>, CodesRefusal> {
    if let Some(index) = codes.iter().position(|code| code.trim().chars().count() > limits::CODE_TEXT) {
        return Err(CodesRefusal::TooLong { index });
    }
    Ok(codes.iter().filter_map(|code| EnteredCode::parse(code)).collect())
}
