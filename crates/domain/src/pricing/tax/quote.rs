//! What an outside tax service is asked, and its answer in place of the shop's own rules.

use super::{
    bill::Of,
    relief::Relief,
    taxation::destination,
    write::{self, Charged},
};
use crate::{
    pricing::{
        DeliveryTax, PricedCart, PricedGroup, PricingError, PricingInput, PricingLine, Share,
        working::Working,
    },
    shared::{Place, TaxRateId},
    tax::{CategoryKind, QuotedPart, QuotedTax, TaxBuyer, TaxRequest, TaxedDelivery, TaxedLine},
};
use std::sync::Arc;

/// What a service is to be asked about a cart that was priced by the rules. What pricing does not know, the shop's own codes of goods, is for
/// the asker to fill in.
///
/// `None` where nobody need be asked: nothing is taxed, it is not known where the goods go or they go to several places, or this buyer owes
/// nothing.
pub fn tax_request(input: &PricingInput<'_>, priced: &PricedCart) -> Option<TaxRequest> {
    let nets = input
        .lines
        .iter()
        .zip(&priced.lines)
        .map(|(line, figures)| (line, figures.subtotal - figures.line_discount - figures.order_discount));
    let mut lines: Vec<(&PricingLine<'_>, i64)> = nets.collect();
    lines.sort_by_key(|(line, _)| line.id);
    request(input, priced.tax_inside, &lines, &priced.groups)
}

/// The same of lines in the order of their ids, with what they cost.
fn request(
    input: &PricingInput<'_>,
    tax_inside: bool,
    lines: &[(&PricingLine<'_>, i64)],
    groups: &[PricedGroup],
) -> Option<TaxRequest> {
    let taxed: Vec<&(&PricingLine<'_>, i64)> =
        lines.iter().filter(|(line, net)| *net > 0 && is_taxed(input, line)).collect();
    let delivered: Vec<(usize, &PricedGroup)> = match input.rules.settings().delivery_tax {
        DeliveryTax::None => Vec::new(),
        DeliveryTax::Rate | DeliveryTax::Proportional => {
            groups.iter().enumerate().filter(|(_, group)| group.discount < group.price).collect()
        }
    };
    let to_lines = taxed.iter().map(|(line, _)| destination(input, groups, line.group));
    let mut places = to_lines.chain(delivered.iter().map(|(n, _)| destination(input, groups, Some(*n))));
    let to: &Place = places.next()??;
    if places.any(|place| place != Some(to)) || Relief::of(input, Some(to)) != Relief::Owed {
        return None;
    }
    let line = |(line, net): &&(&PricingLine<'_>, i64)| TaxedLine {
        id: line.id,
        amount: *net,
        quantity: line.quantity,
        category: category(input, line).map(|category| category.code.to_string()),
        sku: None,
    };
    let delivery = |(_, group): &(usize, &PricedGroup)| TaxedDelivery {
        id: group.id,
        amount: group.price - group.discount,
    };
    Some(TaxRequest {
        currency: input.context.currency,
        prices_include_tax: tax_inside,
        at: input.now,
        from: input.rules.settings().home.clone(),
        to: to.clone(),
        buyer: TaxBuyer {
            exempt: false,
            tax_number: input.context.buyer.tax_number.as_ref().map(|number| number.as_str().to_owned()),
        },
        lines: taxed.iter().map(line).collect(),
        deliveries: delivered.iter().map(delivery).collect(),
    })
}

fn category<'a>(input: &PricingInput<'a>, line: &PricingLine<'_>) -> Option<&'a crate::tax::TaxCategory> {
    let categories = &input.rules.data().tax_categories;
    let id = line.goods.tax_category?;
    categories.binary_search_by_key(&id, |category| category.id).ok().map(|at| &categories[at])
}

fn is_taxed(input: &PricingInput<'_>, line: &PricingLine<'_>) -> bool {
    let is_exempt = category(input, line).is_some_and(|category| category.kind == CategoryKind::Exempt);
    line.goods.is_taxable() && !is_exempt
}

/// Charges what a service said, if it said it of these very amounts and of all of them. Nothing has changed where it did not.
pub(super) fn charge(w: &mut Working<'_>) -> Result<bool, PricingError> {
    let Some(quote) = &w.input.quotes.tax else { return Ok(false) };
    let Some(charged) = usable(w, quote) else { return Ok(false) };
    for charged in charged {
        write::one(w, charged)?;
    }
    Ok(true)
}

/// What of an answer is charged; `None` where it is of no use.
fn usable(w: &Working<'_>, quote: &QuotedTax) -> Option<Vec<Charged>> {
    let lines: Vec<(&PricingLine<'_>, i64)> = w.lines.iter().map(|line| (line.sold, line.net())).collect();
    let asked = request(w.input, w.tax_inside, &lines, &w.groups)?;
    if asked.fingerprint() != quote.fingerprint {
        return None;
    }
    let zone: Arc<str> = Arc::from("");
    let mut charged = Vec::new();
    for line in &asked.lines {
        let n = w.lines.binary_search_by_key(&line.id, |worked| worked.sold.id).ok()?;
        let quoted = quote.lines.iter().find(|quoted| quoted.id == line.id)?;
        charged.extend(parts(w, (Of::Line(n), line.amount), &quoted.taxes, &zone)?);
    }
    for delivery in &asked.deliveries {
        let n = w.groups.iter().position(|group| group.id == delivery.id)?;
        let quoted = quote.deliveries.iter().find(|quoted| quoted.id == delivery.id)?;
        charged.extend(parts(w, (Of::Group(n), delivery.amount), &quoted.taxes, &zone)?);
    }
    Some(charged)
}

/// The taxes of one thing; `None` where they cannot be charged: below zero, more than the price that is to contain them, or finer than what
/// anybody can be charged.
fn parts(
    w: &Working<'_>,
    (of, net): (Of, i64),
    taxes: &[QuotedPart],
    zone: &Arc<str>,
) -> Option<Vec<Charged>> {
    let sum = taxes.iter().try_fold(0_i64, |sum, part| sum.checked_add(part.amount))?;
    let can_be = |part: &QuotedPart| part.amount >= 0 && (w.tax_inside || part.amount % w.step == 0);
    if (w.tax_inside && sum > net) || !taxes.iter().all(can_be) {
        return None;
    }
    let charged = taxes.iter().map(|part| Charged {
        of,
        net,
        rate_id: TaxRateId::NIL,
        name: part.name.as_str().into(),
        zone: Arc::clone(zone),
        rate: part.rate,
        compound: false,
        share: Share { amount: part.amount, remainder: 0 },
    });
    Some(charged.collect())
}
