//! A cart's promotions, their codes, and what of them was used.

use super::{
    super::{
        cart::{Cart, Decimal},
        promotion::{self as said, Class, Conditions, Money, Promotion, Target},
    },
    country, id, rate, scaled, text,
};
use std::collections::BTreeSet;
use stoa_domain::{
    delivery::Bounds,
    pricing::{
        self, Action, CodeKey, CodeStanding, Condition, Definition, Method, MoneyBounds, MoneyTable, Off,
        Per, Tier, TierBy, Used,
    },
    shared::{Currency, Rate},
};

pub(super) fn of(cart: &Cart, promotion: &Promotion) -> Result<pricing::Promotion, String> {
    let action = action(cart, &promotion.action)?;
    let class = match promotion.class {
        Some(Class::Product) => pricing::Class::Product,
        Some(Class::Order) => pricing::Class::Order,
        Some(Class::Delivery) => pricing::Class::Delivery,
        None => *action.classes().first().ok_or("an action of no class")?,
    };
    if !action.classes().contains(&class) {
        return Err(format!("promotion {} cannot be of its class", promotion.id));
    }
    let by_code = !promotion.codes.is_empty();
    Ok(pricing::Promotion {
        id: id(promotion.id),
        title: text(format_args!("promotion {}", promotion.id)),
        class,
        method: if by_code { Method::Code } else { Method::Automatic },
        definition: Definition {
            conditions: conditions(cart, &promotion.conditions)?,
            action,
            most_per_order: None,
        },
        priority: promotion.priority,
        stacks: promotion.stacks,
        exclusive: promotion.exclusive,
        starts_at: promotion.starts_at.map(|at| at.0),
        ends_at: promotion.ends_at.map(|at| at.0),
        per_buyer: promotion.limits.uses_per_customer.map(i64::from),
    })
}

pub(super) fn used(cart: &Cart, promotion: &Promotion) -> Result<Used, String> {
    let (limits, shop) = (&promotion.limits, cart.shop_currency()?);
    let money = |amount: Option<Decimal>| amount.map(|amount| shop.minor_units(amount.0)).transpose();
    Ok(Used {
        used: limits.used.into(),
        most: limits.uses.map(i64::from),
        spent: money(limits.spent)?.unwrap_or(0),
        budget: money(limits.budget)?,
        by_buyer: limits.used_by_customer.into(),
    })
}

pub(super) fn codes(promotion: &Promotion) -> Result<Vec<(CodeKey, CodeStanding)>, String> {
    let code = |code: &said::Code| {
        let key = CodeKey::of(&code.code).ok_or(format!("{:?} is no code", code.code))?;
        let standing = CodeStanding {
            promotion: id(promotion.id),
            used: code.used.into(),
            most: code.most.map(i64::from),
            disabled: code.disabled,
        };
        Ok((key, standing))
    };
    promotion.codes.iter().map(code).collect()
}

fn action(cart: &Cart, of: &said::Action) -> Result<Action, String> {
    let all = Rate::from_millionths(1_000_000);
    Ok(match of {
        said::Action::PercentOff { percentage, target: of } => {
            Action::PercentOff { rate: rate(percentage.0)?, target: target(of) }
        }
        said::Action::AmountOff { amount, per, target: of } => {
            let per = match per {
                said::Per::Cart => Per::Cart,
                said::Per::Line => Per::Line,
                said::Per::Unit => Per::Unit,
            };
            Action::AmountOff { off: money(cart, amount)?, per, target: target(of) }
        }
        said::Action::FixedPrice { price, target: of } => {
            Action::FixedPrice { price: money(cart, price)?, target: target(of) }
        }
        said::Action::BuyGet { buy, buy_quantity, get, get_quantity, percentage, uses_per_order } => {
            Action::BuyGet {
                buy: target(buy),
                buy_count: *buy_quantity,
                get: target(get),
                get_count: *get_quantity,
                off: percentage.map(|percent| rate(percent.0)).transpose()?.unwrap_or(all),
                most_sets: *uses_per_order,
            }
        }
        said::Action::Tiered { by, target: of, tiers, whole_cart } => Action::Tiered {
            by: match by {
                said::TierBy::Quantity => TierBy::Quantity,
                said::TierBy::Subtotal => TierBy::Subtotal,
            },
            target: target(of),
            tiers: tiers.iter().map(|of| tier(cart, *by, of)).collect::<Result<_, _>>()?,
            whole_cart: *whole_cart,
        },
        said::Action::DeliveryOff { percentage, amount, methods, most } => Action::DeliveryOff {
            off: off(cart, *percentage, amount.as_ref())?,
            methods: texts(methods),
            most: most.as_ref().map(|most| money(cart, most)).transpose()?,
        },
        said::Action::Gift { variant, quantity } => {
            Action::Gift { variant: id(*variant), quantity: *quantity }
        }
    })
}

fn tier(cart: &Cart, by: said::TierBy, tier: &said::Tier) -> Result<Tier, String> {
    let from = match by {
        said::TierBy::Quantity => scaled(tier.from.0, 0)?,
        said::TierBy::Subtotal => cart.shop_currency()?.minor_units(tier.from.0)?,
    };
    Ok(Tier { from, off: off(cart, tier.percentage, tier.amount.as_ref())? })
}

fn off(cart: &Cart, percentage: Option<Decimal>, amount: Option<&Money>) -> Result<Off, String> {
    match (percentage, amount) {
        (Some(percent), None) => rate(percent.0).map(Off::Percent),
        (None, Some(amount)) => money(cart, amount).map(Off::Amount),
        _ => Err("something takes off a percentage, or an amount".to_owned()),
    }
}

fn conditions(cart: &Cart, of: &Conditions) -> Result<Vec<Condition>, String> {
    let of_all = |of: &Option<Target>| of.as_ref().map_or(pricing::Target::All, target);
    let mut conditions = Vec::new();
    if let Some(subtotal) = &of.subtotal {
        let bound = |of: &Option<Money>| of.as_ref().map(|amount| money(cart, amount)).transpose();
        let bounds = MoneyBounds { least: bound(&subtotal.least)?, most: bound(&subtotal.most)? };
        conditions.push(Condition::Subtotal { of: of_all(&subtotal.of), bounds });
    }
    if let Some(quantity) = &of.quantity {
        let bounds = Bounds { least: quantity.least.map(i64::from), most: quantity.most.map(i64::from) };
        conditions.push(Condition::Quantity { of: of_all(&quantity.of), bounds });
    }
    if !of.customer_groups.is_empty() {
        conditions.push(Condition::Groups(of.customer_groups.iter().map(|n| id(*n)).collect()));
    }
    if of.first_order {
        conditions.push(Condition::FirstOrder);
    }
    if !of.countries.is_empty() {
        let countries = of.countries.iter().map(|code| country(code));
        conditions.push(Condition::Countries(countries.collect::<Result<_, _>>()?));
    }
    if !of.currencies.is_empty() {
        let parse = |code: &String| Currency::parse(code).map_err(|wrong| format!("{code}: {wrong}"));
        conditions.push(Condition::Currencies(of.currencies.iter().map(parse).collect::<Result<_, _>>()?));
    }
    if !of.delivery_methods.is_empty() {
        conditions.push(Condition::DeliveryMethods(texts(&of.delivery_methods)));
    }
    Ok(conditions)
}

fn target(of: &Target) -> pricing::Target {
    if of.all {
        return pricing::Target::All;
    }
    pricing::Target::Of {
        products: of.products.iter().map(|n| id(*n)).collect(),
        variants: of.variants.iter().map(|n| id(*n)).collect(),
        collections: of.collections.iter().map(|n| id(*n)).collect(),
        tags: texts(&of.tags),
    }
}

fn money(cart: &Cart, of: &Money) -> Result<MoneyTable, String> {
    let other = |(code, amount): (&String, &Decimal)| {
        let own = super::Currency::find(code)?;
        Ok((super::currency(own)?, own.minor_units(amount.0)?))
    };
    Ok(MoneyTable {
        shop: cart.shop_currency()?.minor_units(of.amount.0)?,
        others: of.others.iter().map(other).collect::<Result<_, String>>()?,
    })
}

fn texts(of: &[String]) -> BTreeSet<Box<str>> {
    of.iter().map(|text| Box::from(text.as_str())).collect()
}
