//! What pricing is told: everything that a figure depends on.

use super::{CodeKey, EnteredCode, Rules};
use crate::{
    catalog::Merchandise,
    delivery::{CarrierQuote, GroupChoice},
    gift_card::Last4,
    market::{ExchangeRate, Market},
    shared::{
        CartLineId, CollectionId, Currency, CustomerGroupId, CustomerId, GiftCardId, LocationId, Place,
        ProductId, PromotionId, TaxCategoryId, Timestamp, VariantId,
    },
    tax::{QuotedTax, VatNumber},
};
use std::{collections::BTreeMap, sync::Arc};

/// The place of a line among those that were handed in.
pub type LineIndex = usize;
/// The place of a delivery group among those that were handed in.
pub type GroupIndex = usize;

/// A cart, and all that decides what it costs. Equal inputs have equal prices.
#[derive(Clone, Copy, Debug)]
pub struct PricingInput<'a> {
    /// What is bought.
    pub lines: &'a [PricingLine<'a>],
    /// What the shop decides.
    pub rules: &'a Rules,
    /// Where, in which currency, and by whom it is bought.
    pub context: &'a Context<'a>,
    /// The codes that were entered, in order.
    pub codes: &'a [EnteredCode],
    /// What of promotions was used before.
    pub standing: &'a Standing,
    /// The delivery groups, which lines name by their place here.
    pub deliveries: &'a [GroupChoice],
    /// What services outside of the house said.
    pub quotes: &'a Quotes,
    /// Gift cards and store credit, in the order in which they pay.
    pub stored_value: &'a [StoredValue],
    /// The moment whose rules apply.
    pub now: Timestamp,
}

/// A line as pricing sees it.
#[derive(Clone, Copy, Debug)]
pub struct PricingLine<'a> {
    /// The cart's line; each is there once.
    pub id: CartLineId,
    /// Units.
    pub quantity: u32,
    /// What is bought.
    pub goods: &'a Goods,
    /// The promotion that put it in for nothing; `None`: the buyer did.
    pub gift_of: Option<PromotionId>,
    /// With what it is delivered; `None`: not at all, or nobody has said how.
    pub group: Option<GroupIndex>,
}

/// What rules ask of merchandise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goods {
    /// What is bought.
    pub variant: VariantId,
    /// Of which product.
    pub product: ProductId,
    /// One unit, in minor units of the shop's currency.
    pub price: i64,
    /// The price it used to have or has elsewhere, in minor units of the shop's currency.
    pub compare_at_price: Option<i64>,
    /// Whether tax is charged on it.
    pub taxable: bool,
    /// Whether it has to be delivered.
    pub requires_shipping: bool,
    /// Weight of one unit, in grams.
    pub weight_grams: i64,
    /// Sides of one unit, in millimetres.
    pub dimensions_mm: Option<[u32; 3]>,
    /// The collections it is in, where some rule asks.
    pub collections: Arc<[CollectionId]>,
    /// The keys of its tags, where some rule asks.
    pub tags: Arc<[Box<str>]>,
    /// How it is taxed; `None`: as the standard is.
    pub tax_category: Option<TaxCategoryId>,
    /// Whether it is a gift card: not taxed, not discounted, and not paid with another.
    pub gift_card: bool,
}

impl Goods {
    /// Whether it is goods that are taxed: a gift card is not, what is bought with it is.
    pub const fn is_taxable(&self) -> bool {
        self.taxable && !self.gift_card
    }
}

impl From<&Merchandise> for Goods {
    fn from(merchandise: &Merchandise) -> Self {
        Self {
            variant: merchandise.variant,
            product: merchandise.product,
            price: merchandise.price,
            compare_at_price: merchandise.compare_at_price,
            taxable: merchandise.taxable,
            requires_shipping: merchandise.requires_shipping,
            weight_grams: merchandise.weight_grams,
            dimensions_mm: None,
            collections: Arc::from([]),
            tags: Arc::from([]),
            tax_category: None,
            gift_card: false,
        }
    }
}

/// Where, in which currency, and by whom a cart is bought.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// Whose prices apply.
    pub market: &'a Market,
    /// The currency of all figures.
    pub currency: Currency,
    /// The currency of the catalogue and of rules.
    pub shop_currency: Currency,
    /// What one unit of the shop's currency is worth in the cart's.
    pub rate: ExchangeRate,
    /// Who buys.
    pub buyer: BuyerFacts,
    /// Where the buyer is: the selected address, else the country they named.
    pub address: Option<Place>,
    /// Where the places are at which goods can be picked up: what is picked up is taxed there.
    pub locations: BTreeMap<LocationId, Place>,
}

/// What rules ask of a buyer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuyerFacts {
    /// The account, of whoever is signed in.
    pub customer: Option<CustomerId>,
    /// The groups that staff have put them in.
    pub groups: Vec<CustomerGroupId>,
    /// Whether it is known who they are: an account or an e-mail address.
    pub is_known: bool,
    /// Whether they have ordered nothing before; `None`: nobody has looked.
    pub first_order: Option<bool>,
    /// Whether staff have noted that no tax is charged.
    pub tax_exempt: bool,
    /// The tax number that they gave, well formed.
    pub tax_number: Option<VatNumber>,
}

/// What of promotions was used before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// By promotion, of those that are limited.
    pub promotions: BTreeMap<PromotionId, Used>,
    /// By code, of those that exist.
    pub codes: BTreeMap<CodeKey, CodeStanding>,
}

/// How much of a promotion was used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// On how many orders.
    pub used: i64,
    /// On how many it may be.
    pub most: Option<i64>,
    /// What it took off, in minor units of the shop's currency.
    pub spent: i64,
    /// What it may take off.
    pub budget: Option<i64>,
    /// On how many orders of this buyer.
    pub by_buyer: i64,
}

/// How much of a code was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeStanding {
    /// The promotion it is for.
    pub promotion: PromotionId,
    /// On how many orders.
    pub used: i64,
    /// On how many it may be.
    pub most: Option<i64>,
    /// Whether staff have switched it off.
    pub disabled: bool,
}

/// A gift card or store credit that is to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredValue {
    /// Which.
    pub id: GiftCardId,
    /// How its code ends; `None`: store credit, which has no code.
    pub last: Option<Last4>,
    /// What is on it, in minor units of the cart's currency.
    pub balance: i64,
    /// Whether anything can be paid with it.
    pub usable: bool,
}

/// What services outside of the house said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quotes {
    /// Taxes, where a service was asked.
    pub tax: Option<QuotedTax>,
    /// Rates of carriers.
    pub carriers: Vec<CarrierQuote>,
}
