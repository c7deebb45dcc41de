//! What a priced cart has otherwise than its file says: the other half of the runner, for who joins the pricing function to it.

use super::figures::{Figures, LineFigures, Sums};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

/// One sentence for each figure that is not as expected. What the file does not say is not looked at: units' prices, lines if there are none,
/// options, figures in the shop's currency. In tables a zero and nothing are the same.
pub(crate) fn differences(expected: &Figures, found: &Figures) -> Vec<String> {
    let mut told = Vec::new();
    told.extend(sums("", expected.sums, found.sums));
    told.extend(one("charge", &expected.charge, &found.charge));
    told.extend(tables("tax", &expected.taxes, &found.taxes));
    told.extend(tables("promotion", &expected.applied, &found.applied));
    told.extend(tables("card", &expected.cards, &found.cards));
    if !expected.lines.is_empty() {
        told.extend(one("delivery's tax", &expected.delivery_tax, &found.delivery_tax));
        told.extend(one(
            "delivery's removed tax",
            &expected.delivery_removed_tax,
            &found.delivery_removed_tax,
        ));
        let ids: BTreeSet<&u32> = expected.lines.keys().chain(found.lines.keys()).collect();
        for id in ids {
            let wanted = expected.lines.get(id).copied().unwrap_or_default();
            let is = found.lines.get(id).copied().unwrap_or_default();
            told.extend(one(&format!("line {id}"), &wanted, &as_far_as_asked(wanted, is)));
        }
    }
    if !expected.options.is_empty() {
        // An option for nothing is an option, so these are compared whole.
        told.extend(one("options", &expected.options, &found.options));
    }
    if let Some(shop) = expected.shop {
        told.extend(found.shop.map_or(vec!["shop: nothing".to_owned()], |is| sums("shop's ", shop, is)));
    }
    told.extend(one("codes", &expected.codes, &found.codes));
    told.extend(one("gifts due", &expected.gifts_due, &found.gifts_due));
    told.extend(one("refunds", &expected.refunds, &found.refunds));
    told.extend(one("reverse charge", &expected.reverse_charge, &found.reverse_charge));
    told
}

fn one<T: PartialEq + Debug>(what: &str, expected: &T, found: &T) -> Option<String> {
    (expected != found).then(|| format!("{what}: expected {expected:?}, found {found:?}"))
}

fn sums(whose: &str, expected: Sums, found: Sums) -> Vec<String> {
    type Part = fn(Sums) -> i64;
    let parts: [(&str, Part); 7] = [
        ("subtotal", |sums| sums.subtotal),
        ("discount", |sums| sums.discount),
        ("delivery", |sums| sums.delivery),
        ("delivery discount", |sums| sums.delivery_discount),
        ("removed tax", |sums| sums.removed_tax),
        ("tax", |sums| sums.tax),
        ("total", |sums| sums.total),
    ];
    parts
        .iter()
        .filter_map(|(what, part)| one(&format!("{whose}{what}"), &part(expected), &part(found)))
        .collect()
}

fn tables<K: Ord + Debug>(what: &str, expected: &BTreeMap<K, i64>, found: &BTreeMap<K, i64>) -> Vec<String> {
    let keys: BTreeSet<&K> = expected.keys().chain(found.keys()).collect();
    let of = |table: &BTreeMap<K, i64>, key: &K| table.get(key).copied().unwrap_or(0);
    keys.into_iter()
        .filter_map(|key| one(&format!("{what} {key:?}"), &of(expected, key), &of(found, key)))
        .collect()
}

fn as_far_as_asked(expected: LineFigures, found: LineFigures) -> LineFigures {
    LineFigures {
        unit: expected.unit.and(found.unit),
        compare_at: expected.compare_at.and(found.compare_at),
        ..found
    }
}
