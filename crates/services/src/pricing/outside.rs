//! Questions to services outside of the house: what carriers charge, and what is owed in taxes. Never asked inside a transaction.
//!
//! A cart is shown whatever becomes of them. Without a carrier's answer its ways of delivering are not offered, but for what a buyer has
//! chosen while it was good; without a tax service's the shop's own rules stand in, or nothing does, as the shop has decided.

use super::{Reckoning, ShopRules};
use crate::Context;
use chrono::TimeDelta;
use stoa_domain::{
    cart::{Cart, GroupSelection},
    delivery::{CarrierQuote, KeptQuote, MethodKind, ShipmentRequest},
    pricing::{PricedCart, parcels, tax_request},
    shared::{Fallback, Fault, Place, Timestamp},
    tax::{QuotedTax, TaxRequest},
};

/// For how long a carrier's quote is good once a buyer has chosen it.
const QUOTE_GOOD: TimeDelta = TimeDelta::minutes(10);

/// When carriers are asked for rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rates {
    /// Whenever they could deliver: a buyer wants to choose.
    Wanted,
    /// Where one of them was chosen, and what it said then is good no more.
    Chosen,
}

/// What carriers say, and, for who is silent about something, what they said before of what was chosen. What was chosen is kept with the cart
/// for a while, in `cart`.
pub(crate) async fn ask_carriers(
    ctx: &Context,
    of: Reckoning<'_>,
    rates: Rates,
    cart: &mut Cart,
) -> Result<Vec<CarrierQuote>, Fault> {
    let rules = &of.inputs.rules;
    let Some(request) = shipment(rules, of)? else { return Ok(Vec::new()) };
    let now = of.now;
    let answered = match &ctx.ports.outside.carriers {
        Some(carriers) if rates == Rates::Wanted || is_due(cart, rules, &request, now) => {
            carriers.quote(&request).await.unwrap_or_else(|error| {
                tracing::warn!(service = carriers.name(), %error, "carriers were not asked");
                Vec::new()
            })
        }
        _ => Vec::new(),
    };
    for chosen in &mut cart.deliveries {
        let said = |quote: &&CarrierQuote| quote.group == chosen.group && quote.handle == chosen.option;
        if let Some(quote) = answered.iter().find(said) {
            chosen.quote = KeptQuote::of(quote, &request, now + QUOTE_GOOD);
        }
    }
    Ok(request.offered(answered, cart.kept_quotes(), now))
}

/// What carriers are to be asked; `None`: nothing, since none of their methods is on offer there, or nothing is to be delivered to a place
/// that is known.
fn shipment(rules: &ShopRules, of: Reckoning<'_>) -> Result<Option<ShipmentRequest>, Fault> {
    let to = of.groups.iter().find_map(|group| group.choice.to.clone());
    let Some(to) = to.filter(|to| rules.asks_carriers() && delivers_to(rules, to)) else { return Ok(None) };
    let parcels = of.ask(parcels).map_err(|error| Fault::internal("cart.parcels", error))?;
    if parcels.is_empty() {
        return Ok(None);
    }
    let currency = of.ask(|input| input.context.currency);
    let from = rules.rules.settings().home.clone();
    Ok(Some(ShipmentRequest { currency, from, to, parcels }))
}

/// Whether a carrier's method is on offer at a place.
fn delivers_to(rules: &ShopRules, to: &Place) -> bool {
    let data = rules.rules.data();
    let fits =
        |zone| data.delivery_zones.iter().any(|known| known.id == zone && known.fit(Some(to)).is_some());
    let carriers = data.delivery_methods.iter().filter(|method| method.kind == MethodKind::Carrier);
    carriers.map(|method| method.zone).any(|zone| zone.is_none_or(fits))
}

/// Whether something was chosen that no method of the shop's own is, and of which nothing is known that is still good.
fn is_due(cart: &Cart, rules: &ShopRules, request: &ShipmentRequest, now: Timestamp) -> bool {
    let own =
        |handle: &str| rules.rules.data().delivery_methods.iter().any(|method| *method.handle == *handle);
    let is_good = |chosen: &GroupSelection| {
        let kept = chosen.quote.as_ref().filter(|kept| now < kept.until);
        kept.is_some_and(|kept| request.fingerprint(chosen.group) == Some(kept.fingerprint))
    };
    let groups = request.parcels.iter().filter_map(|parcel| cart.selection(parcel.group));
    groups.into_iter().any(|chosen| !own(&chosen.option) && !is_good(chosen))
}

/// What became of a question about taxes.
#[derive(Debug)]
pub(crate) enum Taxes {
    /// Nobody was asked, or the shop's own rules stand in.
    OfRules,
    /// The service's.
    Quoted(QuotedTax),
    /// There was no answer, and the shop wants none but the service's.
    Missing,
}

/// What is owed in taxes of a cart that was priced by the rules.
pub(crate) async fn ask_taxes(ctx: &Context, of: Reckoning<'_>, priced: &PricedCart) -> Taxes {
    let outside = &ctx.ports.outside;
    let fallback = of.inputs.rules.tax_fallback(outside.fallback);
    let (Some(service), Some(fallback)) = (&outside.taxes, fallback) else { return Taxes::OfRules };
    let Some(request) = of.ask(|input| tax_request(input, priced)) else { return Taxes::OfRules };
    match service.quote(&with_skus(request, of)).await {
        Ok(quoted) => Taxes::Quoted(quoted),
        Err(error) => {
            tracing::warn!(service = service.name(), %error, ?fallback, "taxes were not worked out outside");
            match fallback {
                Fallback::Rules => Taxes::OfRules,
                Fallback::Refuse => Taxes::Missing,
            }
        }
    }
}

/// Pricing knows no codes of the shop's own.
fn with_skus(mut request: TaxRequest, of: Reckoning<'_>) -> TaxRequest {
    for line in &mut request.lines {
        let shown = of.lines.iter().find(|shown| shown.line.id == line.id);
        line.sku = shown.and_then(|shown| shown.merchandise.sku.clone());
    }
    request
}
