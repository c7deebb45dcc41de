//! Which payments of an order a refund goes back over: a buyer may have paid with a card of the gateway's and with several gift cards.

use crate::shared::PaymentId;

/// A payment of an order, as far as refunds ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tender {
    /// Which.
    pub payment: PaymentId,
    /// What was paid with.
    pub kind: TenderKind,
    /// What has come by it and was not given back, nor is about to be, in minor units of the order's currency.
    pub left: i64,
}

/// What was paid with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TenderKind {
    /// Money, by way of the gateway.
    Gateway,
    /// A gift card or store credit.
    StoredValue,
}

/// What goes back over one payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefundPart {
    /// Over which.
    pub payment: PaymentId,
    /// How much, in minor units; above zero.
    pub amount: i64,
}

/// Why a refund cannot go back so. Nothing has changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SplitRefusal {
    /// More than is left of all payments, or of the one that was named.
    #[error("{left} minor units are left to be given back")]
    TooMuch {
        /// Of which payment; `None`: of all together.
        payment: Option<PaymentId>,
        /// What is left.
        left: i64,
    },
    /// No amount, or a negative one.
    #[error("the amount is not more than nothing")]
    NoAmount,
    /// The order has no such payment.
    #[error("the order has no such payment")]
    UnknownPayment(PaymentId),
    /// A payment was named twice.
    #[error("a payment is named once")]
    NamedTwice(PaymentId),
    /// What was named of each payment is not what is to be given back.
    #[error("the parts are {parts} minor units, and not what is given back")]
    OtherSum {
        /// What they are together.
        parts: i64,
    },
}

/// Splits what is given back over the payments of an order, which are in the order in which they were used: the gateway's first, since money is
/// worth more to a buyer than credit with one shop; then gift cards, the one that was used last first. Payments that get nothing are left out.
///
/// # Errors
/// No amount, or more than is left.
pub fn split_refund(amount: i64, tenders: &[Tender]) -> Result<Vec<RefundPart>, SplitRefusal> {
    if amount <= 0 {
        return Err(SplitRefusal::NoAmount);
    }
    let of = |kind: TenderKind| tenders.iter().filter(move |tender| tender.kind == kind);
    let in_turn = of(TenderKind::Gateway).chain(of(TenderKind::StoredValue).rev());
    let (mut left, mut parts) = (amount, Vec::new());
    for tender in in_turn {
        let part = tender.left.clamp(0, left);
        if part > 0 {
            parts.push(RefundPart { payment: tender.payment, amount: part });
        }
        left -= part;
    }
    match left {
        0 => Ok(parts),
        left => Err(SplitRefusal::TooMuch { payment: None, left: amount - left }),
    }
}

/// The same as staff have told it, payment by payment. The parts are what is given back, and no payment gives more than is left of it.
///
/// # Errors
/// Parts that cannot be.
pub fn split_as_told(
    amount: i64,
    tenders: &[Tender],
    told: &[RefundPart],
) -> Result<Vec<RefundPart>, SplitRefusal> {
    let mut sum = 0_i64;
    for (at, part) in told.iter().enumerate() {
        let tender = tenders.iter().find(|tender| tender.payment == part.payment);
        let tender = tender.ok_or(SplitRefusal::UnknownPayment(part.payment))?;
        if told[..at].iter().any(|other| other.payment == part.payment) {
            return Err(SplitRefusal::NamedTwice(part.payment));
        }
        if part.amount <= 0 {
            return Err(SplitRefusal::NoAmount);
        }
        let left = tender.left.max(0);
        if part.amount > left {
            return Err(SplitRefusal::TooMuch { payment: Some(part.payment), left });
        }
        // What is left of payments was paid for one order: their sum is an amount.
        sum = sum.saturating_add(part.amount);
    }
    match sum {
        0 => Err(SplitRefusal::NoAmount),
        parts if parts != amount => Err(SplitRefusal::OtherSum { parts }),
        _ => Ok(told.to_vec()),
    }
}

/// What of an order's total in the shop's currency goes back with `now` minor units of the order's, after `before` of them went, which were `given` in
/// the shop's. Counted from the whole: all refunds of an order that stand are its total in both currencies, whichever failed between them.
pub fn shop_part(shop_total: i64, total: i64, (before, given): (i64, i64), now: i64) -> i64 {
    if total <= 0 {
        return 0;
    }
    let (whole, total) = (i128::from(shop_total), i128::from(total));
    let after = i128::from(before) + i128::from(now);
    let of_all = if after >= total { whole } else { whole * after.max(0) / total };
    let part = (of_all - i128::from(given)).clamp(0, (whole - i128::from(given)).max(0));
    // It lies between nothing and the shop's total.
    i64::try_from(part).unwrap_or(shop_total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn payment(n: u128) -> PaymentId {
        PaymentId::new(Uuid::from_u128(n))
    }

    fn paid(n: u128, kind: TenderKind, left: i64) -> Tender {
        Tender { payment: payment(n), kind, left }
    }

    fn part(n: u128, amount: i64) -> RefundPart {
        RefundPart { payment: payment(n), amount }
    }

    fn order() -> [Tender; 4] {
        [
            paid(1, TenderKind::StoredValue, 1_000),
            paid(2, TenderKind::StoredValue, 2_500),
            paid(3, TenderKind::Gateway, 3_000),
            paid(4, TenderKind::StoredValue, 0),
        ]
    }

    #[test]
    fn money_goes_back_first_and_the_card_that_was_used_last_before_the_others() {
        assert_eq!(split_refund(2_000, &order()), Ok(vec![part(3, 2_000)]));
        assert_eq!(split_refund(4_000, &order()), Ok(vec![part(3, 3_000), part(2, 1_000)]));
        let all = vec![part(3, 3_000), part(2, 2_500), part(1, 1_000)];
        assert_eq!(split_refund(6_500, &order()), Ok(all));
        let too_much = SplitRefusal::TooMuch { payment: None, left: 6_500 };
        assert_eq!(split_refund(6_501, &order()), Err(too_much));
        assert_eq!(split_refund(0, &order()), Err(SplitRefusal::NoAmount));
        assert_eq!(split_refund(-1, &order()), Err(SplitRefusal::NoAmount));
        assert_eq!(split_refund(1, &[]), Err(SplitRefusal::TooMuch { payment: None, left: 0 }));
    }

    #[test]
    fn staff_may_say_which_payment_gives_what() {
        let told = |amount, parts: &[RefundPart]| split_as_told(amount, &order(), parts);
        assert_eq!(told(1_500, &[part(1, 1_000), part(3, 500)]), Ok(vec![part(1, 1_000), part(3, 500)]));
        let too_much = SplitRefusal::TooMuch { payment: Some(payment(1)), left: 1_000 };
        assert_eq!(told(1_001, &[part(1, 1_001)]), Err(too_much));
        assert_eq!(told(5, &[part(9, 5)]), Err(SplitRefusal::UnknownPayment(payment(9))));
        assert_eq!(told(2, &[part(1, 1), part(1, 1)]), Err(SplitRefusal::NamedTwice(payment(1))));
        assert_eq!(told(1, &[part(1, 1), part(2, 0)]), Err(SplitRefusal::NoAmount));
        assert_eq!(told(3, &[part(1, 1), part(2, 1)]), Err(SplitRefusal::OtherSum { parts: 2 }));
        assert_eq!(told(0, &[]), Err(SplitRefusal::NoAmount));
    }

    #[test]
    fn an_order_that_cost_nothing_gives_nothing_in_either_currency() {
        assert_eq!((shop_part(0, 0, (0, 0), 0), shop_part(100, 300, (0, 0), 100)), (0, 33));
        assert_eq!((shop_part(100, 300, (100, 33), 100), shop_part(100, 300, (200, 66), 100)), (33, 34));
        assert_eq!(shop_part(i64::MAX, i64::MAX, (0, 0), i64::MAX), i64::MAX);
    }

    /// Of three refunds the first is nothing in the shop's currency, and fails: what stands is the total all the same.
    #[test]
    fn a_refund_that_failed_does_not_change_the_sum() {
        assert_eq!((shop_part(2, 3, (0, 0), 1), shop_part(2, 3, (1, 0), 1)), (0, 1));
        // The first has failed: one unit is gone, which was one of the shop's.
        let third = shop_part(2, 3, (1, 1), 1);
        let fourth = shop_part(2, 3, (2, 1 + third), 1);
        assert_eq!((third, fourth), (0, 1));
    }

    proptest! {
        #[test]
        fn parts_are_what_is_given_back(
            lefts in prop::collection::vec((0_i64..10_000, any::<bool>()), 0..6), share in 1_i64..=100,
        ) {
            let kind = |card| if card { TenderKind::StoredValue } else { TenderKind::Gateway };
            let tenders: Vec<Tender> =
                (0..).zip(&lefts).map(|(n, (left, card))| paid(n, kind(*card), *left)).collect();
            let all: i64 = lefts.iter().map(|(left, _)| left).sum();
            let amount = all * share / 100;
            prop_assume!(amount > 0);
            let parts = split_refund(amount, &tenders).unwrap();
            prop_assert_eq!(parts.iter().map(|part| part.amount).sum::<i64>(), amount);
            prop_assert_eq!(split_as_told(amount, &tenders, &parts), Ok(parts.clone()));
            let is_over = split_refund(all + 1, &tenders);
            prop_assert_eq!(is_over, Err(SplitRefusal::TooMuch { payment: None, left: all }));
        }

        #[test]
        fn parts_in_the_shops_currency_are_its_total(
            shop_total in 0_i64..1_000_000, parts in prop::collection::vec(0_i64..100_000, 1..9),
        ) {
            let total = parts.iter().sum();
            let (mut before, mut given) = (0, 0);
            for part in &parts {
                let now = shop_part(shop_total, total, (before, given), *part);
                prop_assert!(now >= 0);
                given += now;
                before += part;
            }
            prop_assert_eq!(given, if total > 0 { shop_total } else { 0 });
        }
    }
}
