//! The rules of promotions in the system of record.

use super::*;
use crate::{
    db::Raw,
    pricing::{
        Saved,
        sample::{full_promotion, id, promotion, versions},
    },
    testing::{TestShop, at},
};
use futures_util::future::join_all;
use stoa_domain::shared::{PromotionId, page::PageRequest};

async fn made(shop: &TestShop, promotions: &[StaffPromotion]) {
    for one in promotions {
        shop.tx(async |tx| insert(tx, one, at(0)).await).await;
    }
}

/// The counter's figures: used, most, spent, budget.
async fn counter(shop: &TestShop, of: &StaffPromotion) -> Option<(i64, Option<i64>, i64, Option<i64>)> {
    use sea_orm::EntityTrait;
    let row = entities::counters::Entity::find_by_id(of.promotion.id.uuid());
    row.one(shop.db.read().raw()).await.unwrap().map(|row| (row.used, row.most, row.spent, row.budget))
}

#[tokio::test]
async fn what_was_written_is_read_back() {
    let shop = TestShop::open().await;
    let (full, plain) = (full_promotion(1), promotion(2));
    made(&shop, &[full.clone(), plain.clone()]).await;
    let read = find_all(shop.db.read(), &[id(2), id(7), id(1)]).await.unwrap();
    assert_eq!(read.iter().map(|kept| kept.rule.clone()).collect::<Vec<_>>(), [plain.clone(), full]);
    assert_eq!((read[0].version, read[0].created_at, read[0].updated_at), (1, at(0), at(0)));

    let other = StaffPromotion { state: PromotionState::Archived, ..full_promotion(2) };
    assert_eq!(shop.tx(async |tx| update(tx, 1, &other, at(5)).await).await, Saved::Saved);
    let read = find(shop.db.read(), id(2)).await.unwrap().unwrap();
    assert_eq!(read.rule, other);
    assert_eq!((read.version, read.created_at, read.updated_at), (2, at(0), at(5)));
    assert_eq!(find(shop.db.read(), id(7)).await.unwrap(), None);
}

#[tokio::test]
async fn every_write_raises_the_number_of_the_rules_and_no_version_of_the_catalogue() {
    let shop = TestShop::open().await;
    let before = versions(shop.db.read()).await;
    made(&shop, &[promotion(1)]).await;
    shop.tx(async |tx| update(tx, 1, &promotion(1), at(1)).await).await;
    assert_eq!(versions(shop.db.read()).await, (before.0, before.1 + 2));
}

#[tokio::test]
async fn who_has_read_an_older_version_changes_nothing() {
    let shop = TestShop::open().await;
    made(&shop, &[promotion(1)]).await;
    let limited = StaffPromotion { limits: Limits { most: Some(1), budget: None }, ..promotion(1) };
    assert_eq!(shop.tx(async |tx| update(tx, 1, &limited, at(1)).await).await, Saved::Saved);
    let before = find(shop.db.read(), id(1)).await.unwrap();
    for (version, to) in [(1, full_promotion(1)), (3, full_promotion(1)), (1, promotion(9))] {
        assert_eq!(shop.tx(async |tx| update(tx, version, &to, at(2)).await).await, Saved::Stale);
    }
    assert_eq!(find(shop.db.read(), id(1)).await.unwrap(), before);
    assert_eq!(counter(&shop, &limited).await, Some((0, Some(1), 0, None)), "its limit neither");
}

#[tokio::test]
async fn of_two_who_change_one_at_once_one_does() {
    let shop = TestShop::open().await;
    made(&shop, &[promotion(1)]).await;
    let wanted: Vec<StaffPromotion> = (0..8)
        .map(|n| {
            let mut to = promotion(1);
            to.promotion.priority = n;
            StaffPromotion { limits: Limits { most: Some(n.into()), budget: None }, ..to }
        })
        .collect();
    let change = async |to: &StaffPromotion| shop.tx(async |tx| update(tx, 1, to, at(1)).await).await;
    let outcomes = join_all(wanted.iter().map(change)).await;
    let winners: Vec<usize> = (0..8).filter(|n| outcomes[*n] == Saved::Saved).collect();
    let [winner] = winners[..] else { panic!("{outcomes:?}") };
    let read = find(shop.db.read(), id(1)).await.unwrap().unwrap();
    assert_eq!((read.rule, read.version), (wanted[winner].clone(), 2), "all of one, and nothing of another");
}

#[tokio::test]
async fn only_what_is_limited_has_a_counter_which_goes_on_from_what_was_taken() {
    let shop = TestShop::open().await;
    let plain = promotion(1);
    made(&shop, std::slice::from_ref(&plain)).await;
    assert_eq!(counter(&shop, &plain).await, None);

    // Two orders have it, and one had it.
    let uuid = |n: u128| shop.literal(id::<PromotionId>(n).uuid());
    for (n, state) in [(11, "taken"), (12, "taken"), (13, "given_back")] {
        let order = uuid(n);
        let orders = format!(
            "INSERT INTO orders (id, number, token, cart_id, state, fulfillment, email, email_key, attributes, currency, \
             subtotal, delivery, delivery_tax, tax, total, tax_rate, prices_include_tax, tax_rounding, placed_at, updated_at) \
             VALUES ({order}, {n}, 't{n}', {order}, 'paid', 'unfulfilled', 'a@b.cd', 'a@b.cd', '[]', 'USD', 1, 0, 0, 0, 1, 0, \
             true, 'line', '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00')"
        );
        let uses = format!(
            "INSERT INTO promotion_uses (order_id, promotion_id, buyer_keys, amount, amount_shop, title, state, taken_at) \
             VALUES ({order}, {}, '[]', 300, 250, 'Ten', '{state}', '2026-01-01T00:00:00+00:00')",
            uuid(1)
        );
        shop.run_sql(&[orders, uses]).await;
    }

    let with = |limits| StaffPromotion { limits, ..plain.clone() };
    let limited = with(Limits { most: Some(5), budget: None });
    shop.tx(async |tx| update(tx, 1, &limited, at(1)).await).await;
    assert_eq!(counter(&shop, &plain).await, Some((2, Some(5), 500, None)));

    // What it has counted since stays.
    shop.run_sql(&["UPDATE promotion_counters SET used = 4, spent = 900".to_owned()]).await;
    let limited = with(Limits { most: None, budget: Some(1_000) });
    shop.tx(async |tx| update(tx, 2, &limited, at(2)).await).await;
    assert_eq!(counter(&shop, &plain).await, Some((4, None, 900, Some(1_000))));
    assert_eq!(find(shop.db.read(), id(1)).await.unwrap().unwrap().rule, limited);

    // Until it is counted anew.
    shop.tx(async |tx| recount(tx, id(1)).await).await;
    assert_eq!(counter(&shop, &plain).await, Some((2, None, 500, Some(1_000))));

    shop.tx(async |tx| update(tx, 3, &plain, at(3)).await).await;
    shop.tx(async |tx| recount(tx, id(1)).await).await;
    assert_eq!(counter(&shop, &plain).await, None);
}

#[tokio::test]
async fn staff_find_promotions_page_by_page() {
    let shop = TestShop::open().await;
    let mut all: Vec<StaffPromotion> = (1..=7).map(promotion).collect();
    all[1].state = PromotionState::Draft;
    all[4].promotion.title = "100%_off! Été".into();
    made(&shop, &all).await;
    let listed = async |listing: PromotionsListing| {
        let mut found: Vec<PromotionId> = Vec::new();
        let mut request = PageRequest::first(3);
        loop {
            let before = shop.db.statements();
            let page = list_promotions(shop.db.read(), &listing, &request).await.unwrap();
            assert_eq!(shop.db.statements() - before, 1);
            found.extend(page.nodes().copied());
            match page.rows.last() {
                Some(last) if page.info.has_next => request.after = Some(last.cursor.clone()),
                _ => return found,
            }
        }
    };
    let everything = PromotionsListing::default();
    let ids = |of: &[u128]| of.iter().map(|n| id(*n)).collect::<Vec<PromotionId>>();
    assert_eq!(listed(everything.clone()).await, ids(&[1, 2, 3, 4, 5, 6, 7]));
    let latest = PromotionsListing { reverse: true, ..everything.clone() };
    assert_eq!(listed(latest).await, ids(&[7, 6, 5, 4, 3, 2, 1]));
    let active = PromotionsListing { state: Some(PromotionState::Active), ..everything.clone() };
    assert_eq!(listed(active).await, ids(&[1, 3, 4, 5, 6, 7]));
    assert_eq!(count_active(shop.db.read()).await.unwrap(), 6);
    for (title, found) in [
        ("TEN", &[1, 2, 3, 4, 6, 7][..]),
        ("été", &[5]),
        ("0%_o", &[5]),
        ("!", &[5]),
        ("_", &[5]),
        ("%", &[5]),
        ("10_%", &[]),
    ] {
        let listing = PromotionsListing { title: Some(title.to_owned()), ..everything.clone() };
        assert_eq!(listed(listing).await, ids(found), "{title}");
    }
}

/// A newer program may have written it; this one does not go by it, and does not fail either.
#[tokio::test]
async fn what_cannot_be_read_is_left_out_and_named() {
    let shop = TestShop::open().await;
    made(&shop, &[promotion(1), promotion(2)]).await;
    let newer = "UPDATE promotions SET definition = '{\"action\":{\"teleport\":{}}}' WHERE title = 'Ten 1'";
    shop.run_sql(&[newer.to_owned()]).await;
    let (read, unreadable) = active(shop.db.read()).await.unwrap();
    assert_eq!(read.iter().map(|kept| kept.rule.clone()).collect::<Vec<_>>(), [promotion(2)]);
    assert_eq!(unreadable, [id::<PromotionId>(1).uuid()]);
    assert_eq!(find(shop.db.read(), id(1)).await.unwrap(), None);
}
