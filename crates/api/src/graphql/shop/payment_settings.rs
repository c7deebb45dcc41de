//! How the shop is paid.

use super::Storefront;
use crate::graphql::{ApiError, Request, codes::CurrencyCode};
use async_graphql::{Context, Enum, Object};
use std::sync::Arc;

/// A brand of payment cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CardBrand {
    /// American Express.
    AmericanExpress,
    /// Diners Club.
    DinersClub,
    /// Discover.
    Discover,
    /// JCB.
    Jcb,
    /// Mastercard.
    Mastercard,
    /// Visa.
    Visa,
}

impl CardBrand {
    /// What the gateway takes without further agreement.
    const ACCEPTED: [Self; 6] =
        [Self::Visa, Self::Mastercard, Self::AmericanExpress, Self::Discover, Self::DinersClub, Self::Jcb];
}

/// How the shop is paid.
#[derive(Clone, Debug)]
pub struct PaymentSettings(pub(super) Arc<Storefront>);

/// How the shop is paid.
#[Object]
impl PaymentSettings {
    /// The card brands the shop takes.
    async fn accepted_card_brands(&self) -> &'static [CardBrand] {
        &CardBrand::ACCEPTED
    }

    /// The currency of the shop's prices.
    async fn currency_code(&self) -> CurrencyCode {
        self.0.currency.code()
    }

    /// The currencies a buyer may be shown: the shop's own first, then those of its markets.
    async fn enabled_presentment_currencies(&self, ctx: &Context<'_>) -> Result<Vec<CurrencyCode>, ApiError> {
        let currencies = ctx.services().show_prices.currencies().await?;
        Ok(currencies.into_iter().map(Into::into).collect())
    }
}
