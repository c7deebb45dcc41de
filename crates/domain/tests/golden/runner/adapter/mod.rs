//! Joins the pricing function to the runner: a golden cart becomes what the function is fed with, and what it answers becomes figures.
//!
//! Small numbers become ids.

mod delivery;
mod figures;
mod promotions;
mod refunds;
mod rules;

use super::{
    cart::{self, Cart},
    currency::Currency,
    figures::Figures,
    fraction::Fraction,
};
use std::{collections::BTreeMap, sync::Arc};
use stoa_domain::{
    gift_card::Last4,
    pricing::{
        BuyerFacts, Context, EnteredCode, Goods, PricedCart, PricingInput, PricingLine, Quotes, Rules,
        Standing, Step, StoredValue, price_cart,
    },
    shared::{CountryCode, Place},
    tax::VatNumber,
};
use uuid::Uuid;

/// What the pricing function makes of a cart, and how, a line a step.
///
/// # Errors
/// A sentence where the cart cannot be put into the function's terms, it answers with an error, or its steps do not sum to what they explain.
pub(crate) fn priced(cart: &Cart) -> Result<(Figures, String), String> {
    let rules = Rules::compile(rules::of(cart)?);
    let goods = cart.lines.iter().map(|line| goods(cart, line)).collect::<Result<Vec<Goods>, _>>()?;
    let groups = delivery::groups(cart)?;
    let lines: Vec<PricingLine<'_>> = cart
        .lines
        .iter()
        .zip(&goods)
        .map(|(line, goods)| PricingLine {
            id: id(line.id),
            quantity: line.quantity,
            goods,
            gift_of: line.gift_of.map(id),
            group: line.ships.then(|| line.group.saturating_sub(1) as usize),
        })
        .collect();
    let address = cart.address.as_ref().map(place).transpose()?;
    let country = address.as_ref().map(|place| place.country);
    let codes = cart.codes.iter().map(|code| EnteredCode::parse(code).ok_or(format!("{code:?} is no code")));
    let context = Context {
        buyer: buyer(&cart.buyer),
        address,
        locations: delivery::locations(cart)?,
        ..Context::of(&rules, country)
    };
    let priced = price_cart(&PricingInput {
        lines: &lines,
        rules: &rules,
        context: &context,
        codes: &codes.collect::<Result<Vec<_>, _>>()?,
        standing: &standing(cart)?,
        deliveries: &groups,
        quotes: &Quotes::default(),
        stored_value: &stored_value(cart)?,
        now: cart.now.0,
    })
    .map_err(|error| format!("it cannot be priced: {error}"))?;
    explained(&priced)?;
    let refunds = refunds::of(cart, &goods, &priced)?;
    Ok((Figures { refunds, ..figures::of(cart, &priced)? }, told(&priced)))
}

/// Its steps, as people read them.
fn told(priced: &PricedCart) -> String {
    let step = |step: &Step| {
        let Step { kind, line, group, title, amount, base, contained, .. } = step;
        let of = line.map(|n| format!("line {}", n + 1)).or(group.map(|n| format!("group {}", n + 1)));
        let of = of.unwrap_or_else(|| "all".to_owned());
        format!("  {of}: {kind:?} {title:?} {amount} of {base:?}, {contained} inside")
    };
    priced.steps.iter().map(step).collect::<Vec<_>>().join("\n")
}

/// The steps of every cart sum to what it costs, and with the cards to what is charged.
fn explained(priced: &PricedCart) -> Result<(), String> {
    let sums = (priced.steps.sum_total(), priced.steps.sum_charge());
    match sums {
        (Ok(total), Ok(charge)) if (total, charge) == (priced.total, priced.charge) => Ok(()),
        sums => Err(format!("its steps come to {sums:?}:\n{}", told(priced))),
    }
}

fn goods(cart: &Cart, line: &cart::Line) -> Result<Goods, String> {
    let shop = cart.shop_currency()?;
    let variant = line.variant.unwrap_or(line.id);
    Ok(Goods {
        variant: id(variant),
        product: id(line.product.unwrap_or(variant)),
        price: shop.minor_units(line.unit.0)?,
        compare_at_price: line.compare_at.map(|price| shop.minor_units(price.0)).transpose()?,
        taxable: line.taxable,
        requires_shipping: line.ships,
        weight_grams: line.grams.into(),
        dimensions_mm: line.mm,
        collections: line.collections.iter().map(|n| id(*n)).collect(),
        tags: line.tags.iter().map(|tag| Box::from(tag.as_str())).collect(),
        tax_category: line.category.as_deref().map(|code| rules::category(cart, code)).transpose()?,
        gift_card: line.gift_card,
    })
}

fn buyer(buyer: &cart::Buyer) -> BuyerFacts {
    BuyerFacts {
        customer: buyer.signed_in.then(|| id(1)),
        groups: buyer.groups.iter().map(|n| id(*n)).collect(),
        is_known: buyer.signed_in || buyer.first_order.is_some(),
        first_order: buyer.first_order,
        tax_exempt: buyer.tax_exempt,
        // A number that is wrong is none.
        tax_number: buyer.tax_number.as_deref().and_then(|number| VatNumber::parse(number).ok()),
    }
}

fn standing(cart: &Cart) -> Result<Standing, String> {
    let mut standing = Standing::default();
    for promotion in &cart.promotions {
        standing.promotions.insert(id(promotion.id), promotions::used(cart, promotion)?);
        standing.codes.extend(promotions::codes(promotion)?);
    }
    Ok(standing)
}

fn stored_value(cart: &Cart) -> Result<Vec<StoredValue>, String> {
    let currency = cart.currency()?;
    let card = |card: &cart::Card| {
        let last = Last4::parse(&format!("{:04}", card.id)).map_err(|wrong| wrong.to_string())?;
        Ok(StoredValue {
            id: id(card.id),
            last: Some(last),
            balance: currency.minor_units(card.balance.0)?,
            usable: card.usable,
        })
    };
    cart.cards.iter().map(card).collect()
}

fn id<T: From<Uuid>>(n: u32) -> T {
    Uuid::from_u128(n.into()).into()
}

/// The small number that an id was made of.
fn number(id: Uuid) -> Result<u32, String> {
    u32::try_from(id.as_u128()).map_err(|_| "an id of nothing in the cart".to_owned())
}

fn country(code: &str) -> Result<CountryCode, String> {
    CountryCode::parse(code).ok_or(format!("{code} is no country"))
}

fn place(address: &cart::Address) -> Result<Place, String> {
    let part = |text: &Option<String>| text.as_deref().map(Box::from);
    Ok(Place {
        province: part(&address.province),
        zip: part(&address.zip),
        ..Place::somewhere_in(country(&address.country)?)
    })
}

fn text(of: impl std::fmt::Display) -> Arc<str> {
    Arc::from(of.to_string())
}

fn currency(of: Currency) -> Result<stoa_domain::shared::Currency, String> {
    stoa_domain::shared::Currency::parse(of.code).map_err(|wrong| format!("{}: {wrong}", of.code))
}

/// A number in parts of `10^-decimals`, which it must be a whole number of.
fn scaled(value: Fraction, decimals: u32) -> Result<i64, String> {
    let scaled = value.times(Fraction::whole(10_i128.pow(decimals))).and_then(Fraction::exact);
    scaled.and_then(|n| i64::try_from(n).ok()).ok_or(format!("{value} has more than {decimals} decimals"))
}

/// A percentage.
fn rate(percent: Fraction) -> Result<stoa_domain::shared::Rate, String> {
    let millionths = u32::try_from(scaled(percent, 4)?).map_err(|_| format!("{percent} is no percentage"))?;
    Ok(stoa_domain::shared::Rate::from_millionths(millionths))
}

/// The same key for the same things, as zones are told apart.
fn numbered<K: Ord>(keys: &mut BTreeMap<K, u32>, key: K) -> u32 {
    let next = u32::try_from(keys.len()).unwrap_or(u32::MAX).saturating_add(1);
    *keys.entry(key).or_insert(next)
}
