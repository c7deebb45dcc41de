//! A payment of an order, as staff see it.

use crate::graphql::{
    MoneyV2, PriceCurrency,
    scalars::{DateTime, Gid},
};
use async_graphql::Object;
use stoa_domain::{
    payment::Payment,
    shared::{GiftCardId, PaymentId},
};

/// A payment of an order.
#[derive(Clone, Debug)]
pub struct AdminOrderPayment(pub(super) Payment);

impl AdminOrderPayment {
    fn money(&self, minor: i64) -> MoneyV2 {
        PriceCurrency::from(self.0.currency).of(minor)
    }
}

/// A payment of an order: at the gateway, or with a gift card or store credit.
#[Object]
impl AdminOrderPayment {
    /// How much is to come by it.
    async fn amount(&self) -> MoneyV2 {
        self.money(self.0.amount)
    }

    /// How much has come.
    async fn amount_received(&self) -> MoneyV2 {
        self.money(self.0.amount_received)
    }

    /// How much has gone back.
    async fn amount_refunded(&self) -> MoneyV2 {
        self.money(self.0.amount_refunded)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// The gateway's name, such as `stripe`; `gift_card` of gift cards and store credit.
    async fn gateway(&self) -> &str {
        &self.0.gateway
    }

    /// The global id of the gift card or store credit that has made it; null of one at the gateway.
    async fn gift_card_id(&self) -> Option<Gid<GiftCardId>> {
        self.0.card().map(Gid)
    }

    /// The global id.
    async fn id(&self) -> Gid<PaymentId> {
        Gid(self.0.id)
    }
}
