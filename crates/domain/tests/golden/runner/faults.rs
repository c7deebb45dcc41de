//! What the types of a cart cannot refuse: names that point nowhere, ids that are there twice, prices that are no amounts.

use super::cart::{Cart, Decimal};
use std::collections::BTreeSet;

/// What in the file points nowhere, or cannot be an amount.
pub(crate) fn of(cart: &Cart) -> Vec<String> {
    let mut faults = Vec::new();
    let ids: BTreeSet<u32> = cart.lines.iter().map(|line| line.id).collect();
    let mut say = |wrong: bool, what: &str| {
        if wrong {
            faults.push(what.to_owned());
        }
    };
    say(ids.len() != cart.lines.len(), "two lines have one id");
    say(cart.lines.iter().any(|line| line.quantity == 0), "a line is of nothing");
    let shop = cart.shop_currency().ok();
    let no_amount = |amount: &Decimal| shop.is_none_or(|shop| shop.minor_units(amount.0).is_err());
    say(
        cart.lines.iter().any(|line| no_amount(&line.unit)),
        "a unit's price is no amount of the shop's currency",
    );
    say(
        cart.methods.iter().any(|method| method.price.as_ref().is_some_and(no_amount)),
        "a delivery's price is no amount",
    );
    say(
        cart.methods.iter().any(|method| method.price.is_some() == method.by.is_some()),
        "a method is flat, or has rows by a measure",
    );
    let foreign = shop.is_some_and(|shop| shop.code != cart.currency);
    say(foreign && cart.market.is_none(), "another currency than the shop's needs a market");
    let codes: BTreeSet<&str> = cart.categories.iter().map(|category| category.code.as_str()).collect();
    let asked = cart.lines.iter().filter_map(|line| line.category.as_deref());
    let asked = asked.chain(cart.rates.iter().filter_map(|rate| rate.category.as_deref()));
    let mut asked = asked.chain(cart.methods.iter().filter_map(|method| method.category.as_deref()));
    say(asked.any(|code| !codes.contains(code)), "a category is not under [[categories]]");
    let handles: BTreeSet<&str> = cart.methods.iter().map(|method| method.handle.as_str()).collect();
    say(
        cart.delivery.iter().any(|chosen| !handles.contains(chosen.as_str())),
        "a chosen delivery is not under [[methods]]",
    );
    let mut entries = cart.lists.iter().flat_map(|list| &list.prices);
    let variants: BTreeSet<u32> = cart.lines.iter().map(|line| line.variant.unwrap_or(line.id)).collect();
    say(
        entries.any(|entry| !variants.contains(&entry.variant)),
        "a list has a price of what is not in the cart",
    );
    let promotions: BTreeSet<u32> = cart.promotions.iter().map(|promotion| promotion.id).collect();
    say(promotions.len() != cart.promotions.len(), "two promotions have one id");
    let mut gifts = cart.lines.iter().filter_map(|line| line.gift_of);
    say(gifts.any(|promotion| !promotions.contains(&promotion)), "a gift is of no promotion");
    faults
}
