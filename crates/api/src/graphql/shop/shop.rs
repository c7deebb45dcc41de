//! The shop.

use super::{Brand, PaymentSettings, ShopPolicy, ShopPolicyWithDefault, Storefront};
use crate::graphql::scalars::{Url, gid};
use async_graphql::{ID, Object};
use std::{borrow::Cow, sync::Arc};
use uuid::Uuid;

/// The shop. A server serves one.
#[derive(Clone, Debug)]
pub struct Shop(
    /// What is known of it.
    pub Arc<Storefront>,
);

impl Shop {
    /// The type's name in a global id.
    pub const TYPE: &str = "Shop";
}

/// The shop.
#[Object]
impl Shop {
    /// The brand; null until the shop describes one.
    async fn brand(&self) -> Option<Brand> {
        None
    }

    /// What the shop sells, in a sentence.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// The shop's global id. A server serves one shop, whose UUID is the nil one.
    async fn id(&self) -> ID {
        ID(gid::text(Self::TYPE, Uuid::nil()))
    }

    /// The shop's name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// How the shop is paid.
    async fn payment_settings(&self) -> PaymentSettings {
        PaymentSettings(Arc::clone(&self.0))
    }

    /// Where the shop is reached.
    async fn primary_domain(&self) -> Domain<'_> {
        Domain(&self.0)
    }

    /// What the shop does with personal data; null until the shop writes it.
    async fn privacy_policy(&self) -> Option<ShopPolicy> {
        None
    }

    /// When the shop takes goods back; null until the shop writes it.
    async fn refund_policy(&self) -> Option<ShopPolicy> {
        None
    }

    /// How the shop delivers; null until the shop writes it.
    async fn shipping_policy(&self) -> Option<ShopPolicy> {
        None
    }

    /// How subscriptions end; null until the shop sells them.
    async fn subscription_policy(&self) -> Option<ShopPolicyWithDefault> {
        None
    }

    /// On which terms the shop sells; null until the shop writes them.
    async fn terms_of_service(&self) -> Option<ShopPolicy> {
        None
    }
}

/// An address of the shop.
#[derive(Clone, Copy, Debug)]
pub struct Domain<'a>(&'a Storefront);

/// A web address of the shop.
#[Object]
impl Domain<'_> {
    /// The host name: `shop.example`.
    async fn host(&self) -> &str {
        &self.0.host
    }

    /// The address: `https://shop.example`.
    async fn url(&self) -> Url<'_> {
        Url(Cow::Borrowed(&self.0.base_url))
    }
}
