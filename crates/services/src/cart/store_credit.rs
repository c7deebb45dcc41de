//! A customer's store credit, which is to pay for a cart or is not.

use super::{
    TooManyUnits,
    edit::{CartError, Edited, MerchandiseRefusal, Touched, edit},
};
use crate::{Context, account::Caller};
use std::sync::Arc;
use stoa_domain::shared::{CartId, VariantId};

/// Why store credit does not pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreditRefusal {
    /// Whoever asks has not signed in: nobody knows whose credit it would be.
    SignInNeeded,
}

impl MerchandiseRefusal for CreditRefusal {
    // Credit touches no lines, so nothing is ever asked whether it is for sale, or counted.
    fn not_for_sale(_: VariantId) -> Self {
        Self::SignInNeeded
    }

    fn too_many_units(_: TooManyUnits) -> Self {
        Self::SignInNeeded
    }
}

/// Has store credit pay.
pub struct StoreCredit(pub(crate) Arc<Context>);

impl StoreCredit {
    /// Whether the credit of the customer who orders is to pay, behind all gift cards. It pays for nobody who has not signed in.
    ///
    /// # Errors
    /// No such cart, a refusal, or a fault. Nothing has changed then.
    pub async fn apply(
        &self,
        by: &Caller,
        cart: CartId,
        apply: bool,
    ) -> Result<Edited, CartError<CreditRefusal>> {
        if apply && by.viewer.customer().is_none() {
            return Err(CartError::Refused(CreditRefusal::SignInNeeded));
        }
        edit(&self.0, by, cart, |cart| {
            cart.use_credit = apply;
            Ok(Touched::NOTHING)
        })
        .await
    }
}
