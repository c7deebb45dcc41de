//! What one unit costs: the catalogue's price as it is in a market, or the lowest of the lists that lie over it.

use super::{ListPrice, PriceList, PriceListKind, RoundingRule};
use crate::{
    pricing::{Context, Goods, PricingError, Rules},
    shared::{Fraction, Place, Timestamp},
    tax::RateSet,
};

/// The prices of a context: the lists that count there and then. What a catalogue shows and what a cart costs are looked up in the same one.
#[derive(Clone, Debug)]
pub struct PriceBook<'a> {
    rules: &'a Rules,
    context: &'a Context<'a>,
    now: Timestamp,
    /// The list in place of the catalogue's prices.
    market: Option<&'a PriceList>,
    /// Those over it: sales before those of groups, then the older first.
    over: Vec<&'a PriceList>,
    /// Whether prices contain tax.
    pub(in crate::pricing) tax_inside: bool,
}

/// What one unit costs, and by which lists. Amounts are in minor units of the cart's currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitPrice<'a> {
    /// Before lists that lie over it: what the market's list fixes, or the catalogue's price converted.
    pub base: i64,
    /// The market's list, where the base is by it.
    pub base_list: Option<&'a PriceList>,
    /// By the list that wins, or the base.
    pub listed: i64,
    /// The list that wins; `None`: none is below the base.
    pub list: Option<&'a PriceList>,
    /// What is paid: as listed, but in a market of net prices with the tax of where the goods go in place of the shop's.
    pub price: i64,
    /// What shows beside it; always more than the price.
    pub compare_at: Option<i64>,
}

impl<'a> PriceBook<'a> {
    /// The prices of a context at a moment.
    pub fn of(rules: &'a Rules, context: &'a Context<'a>, now: Timestamp) -> Self {
        let market = context.market;
        let lists = &rules.data().price_lists;
        let is_readable =
            |list: &PriceList| list.currency == context.currency || list.currency == context.shop_currency;
        let counts = |list: &&PriceList| {
            list.active(now)
                && is_readable(list)
                && list.market.is_none_or(|id| id == market.id)
                && list.is_for(&context.buyer.groups)
        };
        let mut over: Vec<&PriceList> = lists.iter().filter(counts).collect();
        over.sort_by_key(|list| (list.kind != PriceListKind::Sale, list.id));
        let own = market.price_list.and_then(|id| lists.iter().find(|list| list.id == id));
        Self {
            rules,
            context,
            now,
            market: own.filter(|list| list.active(now) && is_readable(list)),
            over,
            tax_inside: market.prices_include_tax.unwrap_or(rules.settings().prices_include_tax),
        }
    }

    /// What one unit costs where so many are bought, of goods that go somewhere.
    ///
    /// # Errors
    /// A figure that 64 bits do not hold.
    pub fn unit(&self, goods: &Goods, units: u64, to: Option<&Place>) -> Result<UnitPrice<'a>, PricingError> {
        let entries = self.entries(goods);
        let fixed = self.market.and_then(|list| Some((list, entry(entries, list, units)?)));
        let (base, base_list) = match (fixed, self.market) {
            (Some((list, entry)), _) => (self.of_list(list, entry.price)?, Some(list)),
            (None, Some(list)) if list.adjustment.is_some() => {
                (self.converted(goods.price, list.adjustment)?, Some(list))
            }
            (None, _) => (self.converted(goods.price, None)?, None),
        };
        let mut best = (base, None, fixed);
        for list in self.over.iter().copied() {
            let found = entry(entries, list, units);
            let price = match (found, list.adjustment) {
                (Some(entry), _) => self.of_list(list, entry.price)?,
                (None, Some(adjustment)) => {
                    let part = adjusted(adjustment)?;
                    part.of(base, self.context.currency.charge_step())?.max(0)
                }
                (None, None) => continue,
            };
            if price < best.0 {
                best = (price, Some(list), found.map(|entry| (list, entry)));
            }
        }
        let (listed, list, entry) = best;
        let own = entry.and_then(|(list, entry)| Some((list, entry.compare_at?)));
        let compare_at = match own {
            Some((list, compare_at)) => Some(self.of_list(list, compare_at)?),
            None if list.is_some_and(|list| list.kind == PriceListKind::Sale) => Some(base),
            None => goods.compare_at_price.map(|before| self.converted(before, None)).transpose()?,
        };
        let compare_at = compare_at.filter(|before| *before > listed);
        let with_tax = |price| self.with_tax_of(goods, to, price);
        Ok(UnitPrice {
            base,
            base_list,
            listed,
            list,
            price: with_tax(listed)?,
            compare_at: compare_at.map(with_tax).transpose()?,
        })
    }

    /// All that lists fix of some goods: by list, then by quantity.
    fn entries(&self, goods: &Goods) -> &'a [ListPrice] {
        let prices = &self.rules.data().prices;
        let from = prices.partition_point(|entry| entry.variant < goods.variant);
        let length = prices[from..].partition_point(|entry| entry.variant == goods.variant);
        &prices[from..from + length]
    }

    /// A price of a list: as it is where the list is in the cart's currency, else converted from the shop's.
    fn of_list(&self, list: &PriceList, price: i64) -> Result<i64, PricingError> {
        if list.currency == self.context.currency { Ok(price) } else { self.converted(price, None) }
    }

    /// A price of the shop's currency in the cart's, rounded as the market rounds. In the shop's own currency it stays as it is, unless a list
    /// adjusts it.
    fn converted(&self, price: i64, adjustment: Option<i32>) -> Result<i64, PricingError> {
        let context = self.context;
        let factor = match (context.is_foreign(), adjustment) {
            (false, None) => return Ok(price),
            (false, Some(adjustment)) => adjusted(adjustment)?,
            (true, adjustment) => {
                let factor = context.rate.factor(context.shop_currency, context.currency)?;
                factor.checked_mul(adjusted(adjustment.unwrap_or(0))?)?
            }
        };
        // By no rule of the market's it is rounded once, to what can be charged.
        let rule = context.market.rounding;
        let step = if rule == RoundingRule::None { context.currency.charge_step() } else { 1 };
        Ok(rule.apply(factor.of(price, step)?.max(0), context.currency)?)
    }

    /// In a market of net prices, a price that contains the shop's tax with the tax of where the goods go in its place.
    fn with_tax_of(&self, goods: &Goods, to: Option<&Place>, price: i64) -> Result<i64, PricingError> {
        let home = self.rules.settings().home.as_ref();
        let (Some(home), Some(to), true) = (home, to, self.context.market.net_prices && self.tax_inside)
        else {
            return Ok(price);
        };
        if !goods.is_taxable() {
            return Ok(price);
        }
        let whole = |place: &Place| {
            let set = self.rules.rate_set(Some(place), goods.tax_category, false, self.now);
            RateSet::ONE.checked_add(set.factor()).ok_or(PricingError::OutOfRange)
        };
        let ratio = Fraction::try_new(whole(to)?, whole(home)?)?;
        if ratio == Fraction::ONE {
            Ok(price)
        } else {
            Ok(ratio.of(price, self.context.currency.charge_step())?)
        }
    }
}

/// What a list fixes for so many units: by the largest number that is reached.
fn entry<'a>(entries: &'a [ListPrice], list: &PriceList, units: u64) -> Option<&'a ListPrice> {
    let reached = |entry: &ListPrice| (entry.list, u64::from(entry.from_quantity)) <= (list.id, units);
    let last = entries.partition_point(reached).checked_sub(1)?;
    entries.get(last).filter(|entry| entry.list == list.id)
}

/// All of a price, and what a list adds to it.
fn adjusted(adjustment: i32) -> Result<Fraction, PricingError> {
    Ok(Fraction::try_new(1_000_000 + i128::from(adjustment), 1_000_000)?)
}
