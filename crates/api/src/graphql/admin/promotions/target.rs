//! Goods that a promotion names, and amounts, as staff see them.

use crate::graphql::{MoneyV2, scalars::Gid};
use async_graphql::SimpleObject;
use stoa_domain::{
    pricing::{MoneyTable, Target},
    shared::{CollectionId, Currency, Money, ProductId, VariantId},
};

/// An amount of the shop's currency, and what it is elsewhere.
#[derive(Clone, Debug, SimpleObject)]
pub struct PromotionMoney {
    /// In the shop's currency.
    pub amount: MoneyV2,
    /// What it is in other currencies. Where nothing is said of one it is converted by the exchange rate.
    pub others: Vec<MoneyV2>,
}

impl PromotionMoney {
    pub(super) fn of(table: &MoneyTable, shop: Currency) -> Self {
        let other = |(currency, minor): (&Currency, &i64)| Money::new(*minor, *currency).into();
        Self { amount: Money::new(table.shop, shop).into(), others: table.others.iter().map(other).collect() }
    }
}

/// Goods: all, or whatever is named in one way or another. Gift cards and gifts of promotions never are.
#[derive(Clone, Debug, SimpleObject)]
pub struct PromotionTarget {
    /// Whether everything is meant.
    pub all: bool,
    /// The global ids of collections.
    pub collection_ids: Vec<Gid<CollectionId>>,
    /// The global ids of products.
    pub product_ids: Vec<Gid<ProductId>>,
    /// Tags of products, in lower case.
    pub tags: Vec<String>,
    /// The global ids of variants.
    pub variant_ids: Vec<Gid<VariantId>>,
}

impl From<&Target> for PromotionTarget {
    fn from(target: &Target) -> Self {
        match target {
            Target::All => Self {
                all: true,
                collection_ids: Vec::new(),
                product_ids: Vec::new(),
                tags: Vec::new(),
                variant_ids: Vec::new(),
            },
            Target::Of { products, variants, collections, tags } => Self {
                all: false,
                collection_ids: collections.iter().copied().map(Gid).collect(),
                product_ids: products.iter().copied().map(Gid).collect(),
                tags: tags.iter().map(ToString::to_string).collect(),
                variant_ids: variants.iter().copied().map(Gid).collect(),
            },
        }
    }
}
