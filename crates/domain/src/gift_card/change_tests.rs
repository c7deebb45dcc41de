//! What may happen to a gift card.

use super::*;
use crate::{
    gift_card::{GiftCardKind, Last4, Ledger},
    shared::GiftCardId,
};
use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;
use uuid::Uuid;

fn now() -> Timestamp {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

fn card(balance: i64) -> GiftCard {
    GiftCard {
        id: GiftCardId::NIL,
        kind: GiftCardKind::Card { last: Last4::parse("7KQ2").unwrap() },
        currency: Currency::USD,
        initial: balance,
        balance,
        state: GiftCardState::Enabled,
        expires_at: None,
        version: 1,
        created_at: now(),
        updated_at: now(),
    }
}

fn over(balance: i64) -> GiftCard {
    GiftCard { expires_at: Some(now()), ..card(balance) }
}

fn disabled(balance: i64) -> GiftCard {
    GiftCard { state: GiftCardState::Disabled, ..card(balance) }
}

const fn order(n: u128) -> OrderId {
    OrderId::new(Uuid::from_u128(n))
}

const fn refund(n: u128, amount: i64) -> CardChange {
    CardChange::Refund { refund: RefundId::new(Uuid::from_u128(n)), amount }
}

const fn spend(amount: i64) -> CardChange {
    CardChange::Spend { order: order(1), amount, currency: Currency::USD }
}

fn after(card: &GiftCard, change: CardChange) -> Result<i64, CardRefusal> {
    card.change(change, now()).map(|(card, _)| card.balance)
}

#[test]
fn a_card_pays_what_is_on_it_and_no_more() {
    assert_eq!(after(&card(500), spend(500)), Ok(0));
    assert_eq!(after(&card(500), spend(501)), Err(CardRefusal::NotEnough { left: 500 }));
    assert_eq!(after(&card(500), spend(0)), Err(CardRefusal::Amount));
    assert_eq!(after(&card(500), spend(-5)), Err(CardRefusal::Amount), "spending puts nothing on");
    assert_eq!(after(&disabled(500), spend(5)), Err(CardRefusal::Disabled));
    assert_eq!(after(&over(500), spend(5)), Err(CardRefusal::Expired));
    let euro = CardChange::Spend { order: order(1), amount: 5, currency: Currency::parse("EUR").unwrap() };
    assert_eq!(after(&card(500), euro), Err(CardRefusal::OtherCurrency));
    let (spent, entries) = card(500).change(spend(200), now() + TimeDelta::seconds(1)).unwrap();
    assert_eq!((spent.version, spent.updated_at), (2, now() + TimeDelta::seconds(1)));
    assert_eq!(
        entries.iter().map(|e| (e.kind, e.delta)).collect::<Vec<_>>(),
        [(EntryKind::Spent(order(1)), -200)]
    );
}

#[test]
fn what_an_order_took_comes_back_whatever_the_card_is_now() {
    let back = CardChange::GiveBack { order: order(1), amount: 200 };
    for card in [card(300), disabled(300), over(300)] {
        let (after, _) = card.change(back, now()).unwrap();
        assert_eq!((after.balance, after.state, after.expires_at), (500, card.state, card.expires_at));
    }
    assert_eq!(after(&card(i64::MAX), back), Err(CardRefusal::Amount));
}

#[test]
fn a_refund_is_worth_something_on_a_card_that_is_over_and_what_was_left_is_not() {
    let (after, entries) = over(300).change(refund(1, 200), now()).unwrap();
    assert_eq!((after.balance, after.expires_at), (200, None));
    assert!(after.usable(Currency::USD, now() + TimeDelta::days(9_999)));
    assert_eq!(entries.iter().map(|entry| entry.delta).collect::<Vec<_>>(), [-300, 200]);
    let (after, entries) = over(0).change(refund(1, 200), now()).unwrap();
    assert_eq!((after.balance, entries.len()), (200, 1));
    let (after, _) = disabled(300).change(refund(1, 200), now()).unwrap();
    assert_eq!((after.balance, after.state), (500, GiftCardState::Enabled));
    let later = GiftCard { expires_at: Some(now() + TimeDelta::seconds(1)), ..card(300) };
    let (after, _) = later.change(refund(1, 200), now()).unwrap();
    assert_eq!((after.balance, after.expires_at), (500, later.expires_at), "it has its end still");
}

#[test]
fn staff_adjust_and_the_night_writes_off() {
    let adjust = |delta| CardChange::Adjust { delta };
    assert_eq!(after(&card(300), adjust(-300)), Ok(0));
    assert_eq!(after(&card(300), adjust(-301)), Err(CardRefusal::NotEnough { left: 300 }));
    assert_eq!(after(&disabled(300), adjust(50)), Ok(350));
    assert_eq!(after(&card(300), adjust(0)), Err(CardRefusal::Amount));
    assert_eq!(after(&card(300), adjust(i64::MAX)), Err(CardRefusal::Amount));
    assert_eq!(after(&over(300), adjust(1)), Err(CardRefusal::Expired), "nobody could spend it");
    assert_eq!(after(&over(300), adjust(-1)), Ok(299));
    assert_eq!(after(&card(300), CardChange::Expire), Err(CardRefusal::NotExpired));
    let (written_off, entries) = over(300).change(CardChange::Expire, now()).unwrap();
    assert_eq!((written_off.balance, entries.len()), (0, 1));
    assert_eq!(written_off.change(CardChange::Expire, now()), Ok((written_off.clone(), Vec::new())), "once");
}

fn any_change() -> impl Strategy<Value = CardChange> {
    prop_oneof![
        (0_u128..4, -5_i64..400).prop_map(|(n, amount)| CardChange::Spend {
            order: order(n),
            amount,
            currency: Currency::USD
        }),
        (0_u128..1_000, -5_i64..400).prop_map(|(n, amount)| refund(n, amount)),
        (-400_i64..400).prop_map(|delta| CardChange::Adjust { delta }),
        Just(CardChange::Expire),
    ]
}

proptest! {
    /// Law: the balance is the sum of the ledger, and never below nothing.
    #[test]
    fn a_balance_is_the_sum_of_its_entries(
        initial in 0_i64..1_000, ends in prop::option::of(0_i64..40), changes in prop::collection::vec(any_change(), 0..40),
    ) {
        let at = |n: i64| now() + TimeDelta::seconds(n);
        let mut card = GiftCard { expires_at: ends.map(at), ..card(initial) };
        let issued = LedgerEntry { kind: EntryKind::Issued, delta: initial, at: now() };
        let mut ledger = Ledger::replay([issued]).unwrap();
        for (n, change) in (0..).zip(changes) {
            let before = card.clone();
            let Ok((after, entries)) = card.change(change, at(n)) else {
                prop_assert_eq!(&card, &before);
                continue;
            };
            // The tables refuse what happens twice; the rules of one card know of no other.
            let mut next = ledger.clone();
            if entries.iter().try_for_each(|entry| next.push(*entry)).is_err() {
                continue;
            }
            (card, ledger) = (after, next);
            prop_assert!(card.balance >= 0);
            prop_assert_eq!(ledger.balance(), card.balance);
            prop_assert_eq!(card.version, before.version + i64::from(!entries.is_empty()));
        }
    }
}
