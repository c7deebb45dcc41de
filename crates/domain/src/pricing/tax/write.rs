//! Puts taxes where they belong: on their lines and deliveries, among the taxes by rate, and among the steps.

use super::bill::{Bill, Of, Part};
use crate::{
    pricing::{PricingError, Share, Source, Step, StepKind, TaxAmount, working::Working},
    shared::{Rate, TaxRateId},
    tax::{RateSet, SetRate},
};
use std::sync::Arc;

/// One tax on one thing.
#[derive(Clone, Debug)]
pub(super) struct Charged {
    pub(super) of: Of,
    pub(super) net: i64,
    pub(super) rate_id: TaxRateId,
    pub(super) name: Arc<str>,
    pub(super) zone: Arc<str>,
    pub(super) rate: Rate,
    pub(super) compound: bool,
    pub(super) share: Share,
}

/// Charges what the rules say, thing by thing.
pub(super) fn charge(w: &mut Working<'_>, bill: &Bill, mut parts: Vec<Part>) -> Result<(), PricingError> {
    parts.sort_by_key(|part| (part.item, part.rate));
    for Part { item, rate, share } in parts {
        let item = &bill.owed[item];
        let SetRate { rate, zone, .. } = bill.rate(item, rate);
        let charged = Charged {
            of: item.of,
            net: item.net,
            rate_id: rate.id,
            name: Arc::clone(&rate.name),
            zone: Arc::clone(zone),
            rate: rate.rate,
            compound: rate.compound,
            share,
        };
        one(w, charged)?;
    }
    Ok(())
}

/// Charges one tax.
pub(super) fn one(w: &mut Working<'_>, charged: Charged) -> Result<(), PricingError> {
    let Charged { of, net, rate_id, name, zone, rate, compound, share } = charged;
    let (line, group, tax) = match of {
        Of::Line(n) => {
            let line = &mut w.lines[n];
            (Some(line.at), None, &mut line.priced.tax)
        }
        Of::Group(n) => (None, Some(n), &mut w.groups[n].tax),
    };
    *tax = tax.checked_add(share.amount).ok_or(PricingError::OutOfRange)?;
    let (on_top, contained) = if w.tax_inside { (0, share.amount) } else { (share.amount, 0) };
    w.steps.push(Step {
        line,
        group,
        source: (rate_id != TaxRateId::NIL).then_some(Source::TaxRate(rate_id)),
        base: Some(net),
        rate: Some(rate),
        contained,
        remainder: share.remainder,
        ..Step::new(StepKind::Tax, Arc::clone(&name), on_top)
    });
    let is_known =
        |known: &&mut TaxAmount| known.rate_id == rate_id && known.name == name && known.rate == rate;
    if let Some(known) = w.taxes.iter_mut().find(is_known) {
        known.base = known.base.checked_add(net).ok_or(PricingError::OutOfRange)?;
        known.amount = known.amount.checked_add(share.amount).ok_or(PricingError::OutOfRange)?;
    } else {
        let (amount, inside) = (share.amount, w.tax_inside);
        w.taxes.push(TaxAmount { rate_id, name, zone, rate, compound, base: net, amount, inside });
    }
    Ok(())
}

/// Takes off what prices contain of taxes that this buyer does not owe.
pub(super) fn remove(
    w: &mut Working<'_>,
    bill: &Bill,
    removed: &[(usize, Share)],
) -> Result<(), PricingError> {
    let mut removed: Vec<&(usize, Share)> = removed.iter().filter(|(_, share)| share.amount > 0).collect();
    removed.sort_by_key(|(item, _)| *item);
    for (item, share) in removed {
        let item = &bill.relieved[*item];
        let (line, group, removed) = match item.of {
            Of::Line(n) => {
                let line = &mut w.lines[n];
                (Some(line.at), None, &mut line.priced.removed_tax)
            }
            Of::Group(n) => (None, Some(n), &mut w.groups[n].removed_tax),
        };
        *removed = removed.checked_add(share.amount).ok_or(PricingError::OutOfRange)?;
        let set = bill.set(item);
        let only = match set.rates() {
            [only] => Some(&only.rate),
            _ => None,
        };
        w.steps.push(Step {
            line,
            group,
            source: only.filter(|rate| rate.id != TaxRateId::NIL).map(|rate| Source::TaxRate(rate.id)),
            base: Some(item.net),
            rate: only.map(|rate| rate.rate),
            remainder: share.remainder,
            ..Step::new(StepKind::TaxRemoved, names(set), -share.amount)
        });
    }
    Ok(())
}

/// What the taxes of a set are called.
fn names(set: &RateSet) -> Arc<str> {
    match set.rates() {
        [only] => Arc::clone(&only.rate.name),
        rates => rates.iter().map(|rate| &*rate.rate.name).collect::<Vec<_>>().join(", ").into(),
    }
}
