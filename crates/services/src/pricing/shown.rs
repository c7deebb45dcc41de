//! The prices that a catalogue shows to somebody: those of their market, by the lists that count for them at the moment.
//!
//! The catalogue is kept in memory in the shop's own prices; what somebody is shown in place of them is worked out when it is shown. Who keeps
//! what was shown keeps it under [`ShownPrices::key`]: while that is the same, so are the prices.

use super::{ShopRules, Whose, buyer};
use crate::{Context, catalog::Shelf};
use std::{fmt::Write as _, sync::Arc};
use stoa_domain::{
    catalog::{PriceRange, Product, Variant},
    pricing::{self, Goods, PriceBook, PriceList, PriceListKind},
    shared::{CountryCode, Currency, CustomerGroupId, CustomerId, Fault, Place, Timestamp, VariantId},
};

/// For how long prices that contain the tax of where the buyer is are taken for the same: rates begin and end by the clock.
const TAX_MINUTES: i64 = 5;

/// Tells by which prices somebody is shown the catalogue.
pub struct ShowPrices(pub(crate) Arc<Context>);

/// By which prices somebody is shown the catalogue, where they are not its own.
#[derive(Clone, Debug)]
pub struct ShownPrices {
    rules: Arc<ShopRules>,
    country: Option<CountryCode>,
    groups: Vec<CustomerGroupId>,
    now: Timestamp,
    currency: Currency,
    key: Box<str>,
}

impl ShowPrices {
    /// Whether it matters to prices who asks, and from where: not in a shop without markets and lists of prices. Costs nothing.
    ///
    /// # Errors
    /// The rules cannot be read.
    pub async fn depend(&self) -> Result<bool, Fault> {
        let rules = self.0.shown_rules().await?;
        let data = rules.rules.data();
        Ok(!(data.markets.is_empty() && data.price_lists.is_empty()))
    }

    /// The currencies that prices are shown in: the shop's own first, then those of its markets.
    ///
    /// # Errors
    /// The rules cannot be read.
    pub async fn currencies(&self) -> Result<Vec<Currency>, Fault> {
        let rules = self.0.shown_rules().await?;
        let mut all = vec![rules.rules.primary().currency];
        for market in rules.rules.data().markets.iter().filter(|market| market.active) {
            // One without a rate has no prices: its countries are shown the shop's.
            let is_priced = rules.rules.data().rates.contains_key(&market.currency);
            if is_priced && !all.contains(&market.currency) {
                all.push(market.currency);
            }
        }
        Ok(all)
    }

    /// The currency of prices in a country.
    ///
    /// # Errors
    /// The rules cannot be read.
    pub async fn currency_in(&self, country: Option<CountryCode>) -> Result<Currency, Fault> {
        let rules = self.0.shown_rules().await?;
        Ok(pricing::Context::of(&rules.rules, country).currency)
    }

    /// The prices of somebody in a country, who is a customer or is not. `None`: the catalogue's own, as for everybody in a shop without markets and
    /// lists of prices. Costs a statement where some list is for a group of customers and they are one, and none otherwise.
    ///
    /// # Errors
    /// The rules, or what is known of the customer, cannot be read.
    pub async fn of(
        &self,
        country: Option<CountryCode>,
        customer: Option<CustomerId>,
    ) -> Result<Option<Arc<ShownPrices>>, Fault> {
        let ctx = &self.0;
        let rules = ctx.shown_rules().await?;
        let is_for_some = |list: &PriceList| matches!(&list.kind, PriceListKind::Group(of) if !of.is_empty());
        let some_for_groups = rules.rules.data().price_lists.iter().any(is_for_some);
        let account = match customer.filter(|_| some_for_groups) {
            Some(_) => {
                buyer::account(ctx, &rules, &Whose { customer, email: None, may_spend: false }).await?
            }
            None => None,
        };
        let groups = account.map(|account| account.groups).unwrap_or_default();
        Ok(ShownPrices::of(rules, country, groups, ctx.now()).map(Arc::new))
    }

    /// Products with the prices that somebody is shown.
    ///
    /// # Errors
    /// A price that 64 bits do not hold; or what kind of goods they are cannot be read, which only prices ask that contain the tax of where the buyer is.
    pub async fn apply(
        &self,
        prices: &ShownPrices,
        products: impl Iterator<Item = &Product> + Clone + Send,
    ) -> Result<Vec<Product>, Fault> {
        let facts = match prices.asks_for_taxes() {
            true => {
                let variants = products.clone().flat_map(|product| &product.variants);
                let variants: Vec<VariantId> = variants.map(|variant| variant.id).collect();
                self.0.catalog.merchandise(&variants, prices.rules.rules.needs()).await?
            }
            false => Shelf::new(),
        };
        products.map(|product| prices.shown(product, &facts)).collect()
    }
}

impl ShownPrices {
    fn of(
        rules: Arc<ShopRules>,
        country: Option<CountryCode>,
        groups: Vec<CustomerGroupId>,
        now: Timestamp,
    ) -> Option<Self> {
        let mut of = Self {
            currency: rules.rules.primary().currency,
            rules,
            country,
            groups,
            now,
            key: Box::default(),
        };
        let rules = Arc::clone(&of.rules);
        let context = of.context(&rules);
        let (currency, market) = (context.currency, context.market);
        let book = PriceBook::of(&rules.rules, &context, now);
        let mut lists = book.lists().peekable();
        if market.id == rules.rules.primary().id && lists.peek().is_none() {
            return None;
        }
        let mut key = format!("{}:{}", rules.number(), market.id);
        // Writing to a String cannot fail.
        for list in lists {
            let _ = write!(key, ",{}", list.id);
        }
        if market.net_prices {
            let slice = now.timestamp() / (TAX_MINUTES * 60);
            let _ =
                write!(key, "@{}/{slice}", country.map(|country| country.to_string()).unwrap_or_default());
        }
        drop(book);
        (of.currency, of.key) = (currency, key.into());
        Some(of)
    }

    /// The currency that prices are shown in.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// What tells these prices from all others.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether what kind of goods it is decides a price.
    fn asks_for_taxes(&self) -> bool {
        self.context(&self.rules).market.net_prices
    }

    fn context<'r>(&self, rules: &'r ShopRules) -> pricing::Context<'r> {
        let of = pricing::Context::of(&rules.rules, self.country);
        let buyer = pricing::BuyerFacts { groups: self.groups.clone(), ..of.buyer };
        pricing::Context { buyer, address: self.country.map(Place::somewhere_in), ..of }
    }

    fn shown(&self, product: &Product, facts: &Shelf) -> Result<Product, Fault> {
        let context = self.context(&self.rules);
        let book = PriceBook::of(&self.rules.rules, &context, self.now);
        let mut shown = product.clone();
        for variant in &mut shown.variants {
            let goods = match facts.get(&variant.id) {
                Some(merchandise) => Goods::from(&**merchandise),
                None => goods(product, variant),
            };
            let unit = book.unit(&goods, 1, context.address.as_ref());
            let unit = unit.map_err(|error| Fault::internal("catalogue.prices", error))?;
            (variant.price, variant.compare_at_price) = (unit.price, unit.compare_at);
        }
        if let Some(price) = PriceRange::of(shown.variants.iter().map(|variant| variant.price)) {
            shown.price = price;
        }
        shown.compare_at_price =
            PriceRange::of(shown.variants.iter().filter_map(|variant| variant.compare_at_price));
        Ok(shown)
    }
}

/// A variant as prices ask for it. What kind of goods it is matters to taxes alone.
fn goods(product: &Product, variant: &Variant) -> Goods {
    Goods {
        variant: variant.id,
        product: product.id,
        price: variant.price,
        compare_at_price: variant.compare_at_price,
        taxable: variant.taxable,
        requires_shipping: variant.requires_shipping,
        weight_grams: variant.weight_grams,
        dimensions_mm: None,
        collections: Arc::default(),
        tags: Arc::default(),
        tax_category: None,
        gift_card: false,
    }
}
