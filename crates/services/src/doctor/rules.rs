//! Rules of prices that do not count, or have grown old: nothing is wrong with the books, but with what the shop charges.

use super::{Finding, Notice, examples};
use crate::{Context, admin::eu_vat_as_of};
use chrono::TimeDelta;
use std::collections::BTreeSet;
use stoa_domain::{
    shared::{Currency, Fault},
    tax::{TaxZone, is_member_state},
};
use stoa_persistence::{
    market,
    pricing::{self, Loaded},
};

/// After how many days a rate that somebody pays by is said to be old.
const OLD: i64 = 30;
/// And a table that ships with the program.
const TABLE_OLD: i64 = 365;

/// Rules that a newer version of the program has written: this one goes by the others, and so charges something else.
pub(super) async fn unreadable(ctx: &Context) -> Result<Vec<Finding>, Fault> {
    let loaded = all(ctx).await?;
    if loaded.unreadable.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<String> = loaded.unreadable.iter().map(|of| format!("{} {}", of.table, of.id)).collect();
    Ok(vec![Finding::new(
        "rules.unreadable",
        format!("Rules of prices that this version cannot read, and does not go by: {}", examples(&rows)),
        "A newer version has written them: run that one everywhere, or change or delete them with it.",
    )])
}

/// Rates of exchange that active markets are paid by and nobody has looked at for long.
pub(super) async fn old_rates(ctx: &Context) -> Result<Option<Notice>, Fault> {
    let markets = all(ctx).await?.rules.markets;
    let paid_in: BTreeSet<Currency> = markets.iter().map(|market| market.currency).collect();
    let too_old = ctx.now() - TimeDelta::days(OLD);
    let old: Vec<String> = market::rates(ctx.db().read())
        .await?
        .into_iter()
        .filter(|rate| rate.as_of < too_old && paid_in.contains(&rate.currency))
        .map(|rate| format!("{} (of {})", rate.currency.code(), rate.as_of.format("%Y-%m-%d")))
        .collect();
    Ok((!old.is_empty()).then(|| Notice {
        check: "rates.old",
        text: format!("Markets are paid by exchange rates that are older than {OLD} days: {}", examples(&old)),
        advice: "Prices there move with the rate: set the day's (`exchangeRatesSet`), or fix prices by a list of the market's.",
    }))
}

/// Rates of the European Union that ship with the program, in a shop that has zones there, when they are of long ago.
pub(super) async fn old_tax_data(ctx: &Context) -> Result<Option<Notice>, Fault> {
    let Some(as_of) = eu_vat_as_of() else { return Ok(None) };
    if ctx.now().date_naive() < as_of + TimeDelta::days(TABLE_OLD) {
        return Ok(None);
    }
    let zones = all(ctx).await?.rules.tax_zones;
    let in_union = |zone: &TaxZone| zone.country.is_some_and(is_member_state);
    Ok(zones.iter().any(in_union).then(|| Notice {
        check: "tax.data",
        text: format!("The table of the European Union's VAT rates that this program ships with is of {as_of}"),
        advice: "If your zones come from it, compare them with what each state charges today, or update the program and import the table again.",
    }))
}

async fn all(ctx: &Context) -> Result<Loaded, Fault> {
    let settings = ctx.settings();
    pricing::load(ctx.db().read(), &settings.pricing, settings.currency).await
}
