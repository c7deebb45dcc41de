//! The figures of a cart in minor units: what `[expect]` comes to. What the pricing function answers is to be put into the same shape.

use super::{
    cart::Cart,
    currency::Currency,
    expect::{CodeVerdict, Expect, Gift},
    work::Work,
};
use std::collections::BTreeMap;

/// The sums of a cart, or of the same cart in the shop's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) subtotal: i64,
    pub(crate) discount: i64,
    pub(crate) delivery: i64,
    pub(crate) delivery_discount: i64,
    pub(crate) removed_tax: i64,
    pub(crate) tax: i64,
    pub(crate) total: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LineFigures {
    pub(crate) unit: Option<i64>,
    pub(crate) compare_at: Option<i64>,
    pub(crate) product_discount: i64,
    pub(crate) order_discount: i64,
    pub(crate) tax: i64,
    pub(crate) removed_tax: i64,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) sums: Sums,
    pub(crate) charge: i64,
    pub(crate) taxes: BTreeMap<String, i64>,
    pub(crate) delivery_tax: i64,
    pub(crate) delivery_removed_tax: i64,
    pub(crate) lines: BTreeMap<u32, LineFigures>,
    /// By promotion.
    pub(crate) applied: BTreeMap<u32, i64>,
    pub(crate) codes: Vec<CodeVerdict>,
    pub(crate) gifts_due: Vec<Gift>,
    /// Price by group and method.
    pub(crate) options: BTreeMap<(u32, String), i64>,
    pub(crate) cards: BTreeMap<String, i64>,
    pub(crate) shop: Option<Sums>,
    pub(crate) refunds: Vec<i64>,
    pub(crate) reverse_charge: bool,
}

/// Reads figures, and remembers what was wrong instead of stopping at the first.
struct Reader<'a> {
    work: Work<'a>,
    faults: Vec<String>,
}

impl Reader<'_> {
    fn amount(&mut self, currency: Currency, text: &str) -> i64 {
        let read = self.work.figure(text).and_then(|value| currency.minor_units(value));
        read.unwrap_or_else(|fault| {
            self.faults.push(format!("[expect] {fault}"));
            0
        })
    }

    fn maybe(&mut self, currency: Currency, text: Option<&String>) -> Option<i64> {
        text.map(|text| self.amount(currency, text))
    }

    fn or_zero(&mut self, currency: Currency, text: Option<&String>) -> i64 {
        self.maybe(currency, text).unwrap_or(0)
    }

    fn named(&mut self, currency: Currency, table: &BTreeMap<String, String>) -> BTreeMap<String, i64> {
        table.iter().map(|(name, text)| (name.clone(), self.amount(currency, text))).collect()
    }

    fn sums(&mut self, currency: Currency, expect: &Expect) -> Sums {
        Sums {
            subtotal: self.amount(currency, &expect.subtotal),
            discount: self.or_zero(currency, expect.discount.as_ref()),
            delivery: self.or_zero(currency, expect.delivery.as_ref()),
            delivery_discount: self.or_zero(currency, expect.delivery_discount.as_ref()),
            removed_tax: self.or_zero(currency, expect.removed_tax.as_ref()),
            tax: self.or_zero(currency, expect.tax.as_ref()),
            total: self.amount(currency, &expect.total),
        }
    }
}

/// What a cart must come to.
///
/// # Errors
/// Everything in `[work]` that is false or not needed, and every figure that is not worked out there.
pub(crate) fn worked_out(cart: &Cart) -> Result<Figures, Vec<String>> {
    let currency = cart.currency().map_err(|fault| vec![fault])?;
    let shop_currency = cart.shop_currency().map_err(|fault| vec![fault])?;
    let mut read = Reader { work: Work::new(&cart.work, currency), faults: Vec::new() };
    let expect = &cart.expect;
    let sums = read.sums(currency, expect);
    let mut figures =
        Figures { sums, charge: sums.total, reverse_charge: expect.reverse_charge, ..Figures::default() };
    if let Some(charge) = &expect.charge {
        figures.charge = read.amount(currency, charge);
    }
    figures.taxes = read.named(currency, &expect.taxes);
    figures.cards = read.named(currency, &expect.cards);
    figures.delivery_tax = read.or_zero(currency, expect.delivery_tax.as_ref());
    figures.delivery_removed_tax = read.or_zero(currency, expect.delivery_removed_tax.as_ref());
    for line in &expect.lines {
        let worked = LineFigures {
            unit: read.maybe(currency, line.unit.as_ref()),
            compare_at: read.maybe(currency, line.compare_at.as_ref()),
            product_discount: read.or_zero(currency, line.product_discount.as_ref()),
            order_discount: read.or_zero(currency, line.order_discount.as_ref()),
            tax: read.or_zero(currency, line.tax.as_ref()),
            removed_tax: read.or_zero(currency, line.removed_tax.as_ref()),
        };
        figures.lines.insert(line.id, worked);
    }
    for applied in &expect.applied {
        figures.applied.insert(applied.promotion, read.amount(currency, &applied.amount));
    }
    for option in &expect.options {
        figures.options.insert((option.group, option.method.clone()), read.amount(currency, &option.price));
    }
    figures.refunds = expect.refunds.iter().map(|text| read.amount(currency, text)).collect();
    figures.codes = expect.codes.clone();
    figures.gifts_due = expect.gifts_due.clone();
    figures.shop = expect.shop.as_ref().map(|shop| Sums {
        subtotal: read.amount(shop_currency, &shop.subtotal),
        discount: read.or_zero(shop_currency, shop.discount.as_ref()),
        delivery: read.or_zero(shop_currency, shop.delivery.as_ref()),
        delivery_discount: read.or_zero(shop_currency, shop.delivery_discount.as_ref()),
        removed_tax: read.or_zero(shop_currency, shop.removed_tax.as_ref()),
        tax: read.or_zero(shop_currency, shop.tax.as_ref()),
        total: read.amount(shop_currency, &shop.total),
    });
    let faults = [read.faults, read.work.faults()].concat();
    if faults.is_empty() { Ok(figures) } else { Err(faults) }
}
