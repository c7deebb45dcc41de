//! A cart's shop: its settings, market, lists of prices and taxes.

use super::{
    super::cart::{self, Cart, CategoryKind, DeliveryTax, ListKind, PriceRounding, TaxBasis, TaxRounding},
    country, currency, delivery, id, numbered, place, promotions, rate, scaled, text,
};
use std::{collections::BTreeMap, sync::Arc};
use stoa_domain::{
    market::{ExchangeRate, Market},
    pricing::{self, ListPrice, PriceList, PriceListKind, PricingRules, RoundingRule, Rules, RulesData},
    shared::{Rate, TaxCategoryId},
    tax::{self, PostalRange, TaxCategory, TaxRate, TaxZone},
};

pub(super) fn of(cart: &Cart) -> Result<RulesData, String> {
    let mut data = Rules::implicit(&nothing_configured(), currency(cart.shop_currency()?)?).data().clone();
    let shop = &cart.shop;
    data.settings.tax_rounding = tax_rounding(cart);
    data.settings.prices_include_tax = shop.prices_include_tax;
    data.settings.tax_basis = match shop.tax_basis {
        TaxBasis::Destination => pricing::TaxBasis::Destination,
        TaxBasis::Origin => pricing::TaxBasis::Origin,
    };
    data.settings.origin_countries =
        shop.origin_countries.iter().map(|code| country(code)).collect::<Result<_, _>>()?;
    data.settings.delivery_tax = match shop.delivery_tax {
        DeliveryTax::None => pricing::DeliveryTax::None,
        DeliveryTax::Rate => pricing::DeliveryTax::Rate,
        DeliveryTax::Proportional => pricing::DeliveryTax::Proportional,
    };
    data.settings.home = Some(place(&cart::Address {
        country: shop.country.clone(),
        province: shop.province.clone(),
        zip: shop.zip.clone(),
    })?);
    if let Some(sold_in) = &cart.market {
        let market = market(cart, sold_in)?;
        if cart.shop_currency()? != cart.currency()? {
            let rate = ExchangeRate::try_from_billionths(scaled(sold_in.rate.0, 9)?);
            data.rates.insert(market.currency, rate.map_err(|wrong| wrong.to_string())?);
        }
        data.markets.push(market);
    } else {
        data.primary.price_list = market_list(cart).map(|list| id(list.id));
    }
    for listed in &cart.lists {
        let (list, prices) = price_list(cart, listed)?;
        data.price_lists.push(list);
        data.prices.extend(prices);
    }
    data.tax_categories = categories(cart)?;
    data.tax_zones = zones(cart)?;
    data.promotions = cart.promotions.iter().map(|p| promotions::of(cart, p)).collect::<Result<_, _>>()?;
    (data.delivery_zones, data.delivery_methods) = delivery::methods(cart)?;
    Ok(data)
}

pub(super) const fn tax_rounding(cart: &Cart) -> pricing::TaxRounding {
    match cart.shop.tax_rounding {
        TaxRounding::Line => pricing::TaxRounding::Line,
        TaxRounding::Total => pricing::TaxRounding::Total,
    }
}

/// A shop that has nothing but what its file says.
fn nothing_configured() -> PricingRules {
    PricingRules {
        tax_rate: Rate::default(),
        prices_include_tax: false,
        tax_rounding: pricing::TaxRounding::Line,
        delivery: pricing::DeliveryOption {
            handle: String::new(),
            title: String::new(),
            price: 0,
            taxable: false,
        },
    }
}

fn market(cart: &Cart, market: &cart::Market) -> Result<Market, String> {
    let own = cart.currency()?;
    let minor = |amount: &cart::Decimal| own.minor_units(amount.0);
    let rounding = match &market.rounding {
        None => RoundingRule::None,
        Some(PriceRounding::Nearest(step)) => RoundingRule::Nearest(minor(step)?),
        Some(PriceRounding::Up { modulus, ending }) => {
            RoundingRule::Up { modulus: minor(modulus)?, ending: minor(ending)? }
        }
    };
    let primary = Market::primary(currency(own)?);
    rounding.fits(primary.currency).map_err(|wrong| wrong.to_string())?;
    Ok(Market {
        id: id(1),
        name: text("market"),
        countries: market.countries.iter().map(|code| country(code)).collect::<Result<_, _>>()?,
        price_list: market_list(cart).map(|list| id(list.id)),
        rounding,
        prices_include_tax: market.prices_include_tax,
        net_prices: market.net_prices,
        ..primary
    })
}

fn market_list(cart: &Cart) -> Option<&cart::PriceList> {
    cart.lists.iter().find(|list| list.kind == ListKind::Market)
}

fn price_list(cart: &Cart, list: &cart::PriceList) -> Result<(PriceList, Vec<ListPrice>), String> {
    let code = list.currency.as_deref().unwrap_or(&cart.currency);
    let own = super::Currency::find(code)?;
    let adjustment = list.adjustment.map(|percent| scaled(percent.0, 4)).transpose()?;
    let adjustment = adjustment.map(|n| i32::try_from(n).map_err(|_| format!("{n} adjusts too much")));
    let kind = match list.kind {
        ListKind::Market => PriceListKind::Market,
        ListKind::Group => PriceListKind::Group(list.groups.iter().map(|n| id(*n)).collect()),
        ListKind::Sale => PriceListKind::Sale,
    };
    let compiled = PriceList {
        id: id(list.id),
        name: text(format_args!("list {}", list.id)),
        kind,
        currency: currency(own)?,
        adjustment: adjustment.transpose()?,
        market: None,
        starts_at: list.starts_at.map(|at| at.0),
        ends_at: list.ends_at.map(|at| at.0),
    };
    let fixed = list.prices.iter().map(|entry| {
        Ok(ListPrice {
            variant: id(entry.variant),
            list: compiled.id,
            from_quantity: entry.from_quantity,
            price: own.minor_units(entry.price.0)?,
            compare_at: entry.compare_at.map(|price| own.minor_units(price.0)).transpose()?,
        })
    });
    let fixed = fixed.collect::<Result<Vec<_>, String>>()?;
    Ok((compiled, fixed))
}

fn categories(cart: &Cart) -> Result<Vec<TaxCategory>, String> {
    let category = |known: &cart::Category| {
        Ok(TaxCategory {
            id: category(cart, &known.code)?,
            code: text(&known.code),
            name: text(&known.code),
            kind: match known.kind {
                CategoryKind::Taxed => tax::CategoryKind::Taxed,
                CategoryKind::Exempt => tax::CategoryKind::Exempt,
            },
        })
    };
    cart.categories.iter().map(category).collect()
}

/// The id of a category: its place among them.
pub(super) fn category(cart: &Cart, code: &str) -> Result<TaxCategoryId, String> {
    let at = (1_u32..).zip(&cart.categories).find(|(_, category)| category.code == code);
    at.map(|(n, _)| id(n)).ok_or(format!("there is no category {code}"))
}

/// Rates with one level, country, province and range are one zone.
fn zones(cart: &Cart) -> Result<Vec<TaxZone>, String> {
    let mut known = BTreeMap::new();
    let mut zones: Vec<TaxZone> = Vec::new();
    for (n, rate) in (1_u32..).zip(&cart.rates) {
        let zone = numbered(&mut known, (rate.level, &rate.country, &rate.province, &rate.postal));
        if zones.len() < zone as usize {
            zones.push(TaxZone {
                id: id(zone),
                name: text(format_args!("zone {zone}")),
                level: rate.level,
                country: Some(country(&rate.country)?),
                provinces: rate.province.iter().map(|code| Box::from(code.as_str())).collect(),
                postal_ranges: rate.postal.iter().map(range).collect::<Result<_, _>>()?,
                priority: 0,
                rates: Vec::new(),
            });
        }
        let tax = tax_rate(cart, n, rate)?;
        zones[zone as usize - 1].rates.push(Arc::new(tax));
    }
    Ok(zones)
}

fn tax_rate(cart: &Cart, n: u32, of: &cart::Rate) -> Result<TaxRate, String> {
    Ok(TaxRate {
        id: id(n),
        category: of.category.as_deref().map(|code| category(cart, code)).transpose()?,
        name: text(&of.name),
        rate: rate(of.percent.0)?,
        compound: of.compound,
        on_delivery: of.on_delivery,
        position: i32::try_from(n).map_err(|wrong| wrong.to_string())?,
        valid_from: of.from.map(|at| at.0),
        valid_until: of.until.map(|at| at.0),
    })
}

pub(super) fn range([from, to]: &[String; 2]) -> Result<PostalRange, String> {
    PostalRange::parse(from, to).ok_or(format!("{from} to {to} is no range of postal codes"))
}
