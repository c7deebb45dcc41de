//! Rows to price lists and back.

use super::entities::{lists, prices};
use crate::{
    db::stored,
    pricing::{Kept, Switched, clean, from_json, json, written},
};
use sea_orm::ActiveValue::{NotSet, Set};
use std::collections::BTreeSet;
use stoa_domain::{
    catalog::fold_key,
    pricing::{ListPrice, PriceList, PriceListKind},
    shared::{Currency, CustomerGroupId, Fault, MarketId, PriceListId, Timestamp, VariantId},
};

/// The columns that staff decide, of a list that somebody changes now.
pub(super) fn to_row(of: &Switched<PriceList>, now: Timestamp) -> Result<lists::ActiveModel, Fault> {
    let list = &of.rule;
    let nobody = BTreeSet::new();
    let (kind, groups) = match &list.kind {
        PriceListKind::Market => ("market", &nobody),
        PriceListKind::Group(groups) => ("group", groups),
        PriceListKind::Sale => ("sale", &nobody),
    };
    Ok(lists::ActiveModel {
        id: NotSet,
        version: NotSet,
        created_at: NotSet,
        name: Set(clean(&list.name)),
        name_key: Set(fold_key(&list.name)),
        kind: Set(kind.to_owned()),
        currency: Set(list.currency.code().to_owned()),
        adjustment: Set(list.adjustment.map(i64::from)),
        groups: Set(json(groups)?),
        market_id: Set(list.market.map(MarketId::uuid)),
        starts_at: Set(list.starts_at.map(stored)),
        ends_at: Set(list.ends_at.map(stored)),
        active: Set(of.active),
        updated_at: Set(stored(now)),
    })
}

/// The list of a row; `None` if this version cannot read it.
pub(super) fn from_row(row: lists::Model) -> Option<Kept<Switched<PriceList>>> {
    let groups: BTreeSet<CustomerGroupId> = from_json(&row.groups)?;
    let list = PriceList {
        id: PriceListId::new(row.id),
        name: row.name.into(),
        kind: match row.kind.as_str() {
            "market" => PriceListKind::Market,
            "group" => PriceListKind::Group(groups),
            "sale" => PriceListKind::Sale,
            _ => return None,
        },
        currency: Currency::parse(&row.currency).ok()?,
        adjustment: row.adjustment.map(i32::try_from).transpose().ok()?,
        market: row.market_id.map(MarketId::new),
        starts_at: row.starts_at,
        ends_at: row.ends_at,
    };
    let rule = Switched { rule: list, active: row.active };
    Some(written(rule, row.version, (row.created_at, row.updated_at)))
}

pub(super) fn to_price(of: &ListPrice) -> prices::ActiveModel {
    prices::ActiveModel {
        price_list_id: Set(of.list.uuid()),
        variant_id: Set(of.variant.uuid()),
        from_quantity: Set(of.from_quantity.into()),
        price: Set(of.price),
        compare_at_price: Set(of.compare_at),
    }
}

/// The price of a row; `None` of a quantity that no cart has.
pub(super) fn from_price(row: &prices::Model) -> Option<ListPrice> {
    Some(ListPrice {
        variant: VariantId::new(row.variant_id),
        list: PriceListId::new(row.price_list_id),
        from_quantity: u32::try_from(row.from_quantity).ok()?,
        price: row.price,
        compare_at: row.compare_at_price,
    })
}
