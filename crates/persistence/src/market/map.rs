//! Rows to markets and back.

use super::entities::{countries, markets};
use crate::{
    db::stored,
    pricing::{Kept, clean, from_json, json, written},
};
use sea_orm::ActiveValue::{NotSet, Set};
use std::collections::BTreeSet;
use stoa_domain::{
    catalog::fold_key,
    market::Market,
    shared::{CountryCode, Currency, Fault, MarketId, PriceListId, Timestamp},
};

/// The columns that staff decide, of a market that somebody changes now.
pub(super) fn to_row(market: &Market, now: Timestamp) -> Result<markets::ActiveModel, Fault> {
    Ok(markets::ActiveModel {
        id: NotSet,
        version: NotSet,
        created_at: NotSet,
        name: Set(clean(&market.name)),
        name_key: Set(fold_key(&market.name)),
        currency: Set(market.currency.code().to_owned()),
        price_list_id: Set(market.price_list.map(PriceListId::uuid)),
        rounding: Set(json(&market.rounding)?),
        prices_include_tax: Set(market.prices_include_tax),
        net_prices: Set(market.net_prices),
        active: Set(market.active),
        updated_at: Set(stored(now)),
    })
}

pub(super) fn to_countries(market: &Market) -> impl Iterator<Item = countries::ActiveModel> {
    let id = market.id.uuid();
    market
        .countries
        .iter()
        .map(move |country| countries::ActiveModel { country: Set(country.to_string()), market_id: Set(id) })
}

/// The market of a row and of its countries; `None` if this version cannot read it.
pub(super) fn from_row(row: markets::Model, countries: BTreeSet<CountryCode>) -> Option<Kept<Market>> {
    let market = Market {
        id: MarketId::new(row.id),
        name: row.name.into(),
        currency: Currency::parse(&row.currency).ok()?,
        countries,
        price_list: row.price_list_id.map(PriceListId::new),
        rounding: from_json(&row.rounding)?,
        prices_include_tax: row.prices_include_tax,
        net_prices: row.net_prices,
        active: row.active,
    };
    Some(written(market, row.version, (row.created_at, row.updated_at)))
}
