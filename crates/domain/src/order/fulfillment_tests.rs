//! What may be sent, and when all is.

use super::*;
use crate::order::CancelReason;
use chrono::DateTime;
use proptest::prelude::*;
use uuid::Uuid;

const PAID: OrderState = OrderState::Paid { payment: None, paid_at: DateTime::UNIX_EPOCH };

fn id(n: usize) -> LineItemId {
    LineItemId::new(Uuid::from_u128(n as u128))
}

fn line(n: usize, quantity: u32) -> LineStanding {
    LineStanding { line: id(n), quantity, fulfilled: 0, withdrawn: 0 }
}

fn of(n: usize, quantity: u32) -> FulfillmentLine {
    FulfillmentLine { line: id(n), quantity }
}

fn these(entries: &[FulfillmentLine]) -> Wanted {
    Wanted::These(entries.to_vec())
}

fn send(lines: &mut [LineStanding], parts: &[FulfillmentLine]) {
    for part in parts {
        lines.iter_mut().find(|of| of.line == part.line).unwrap().fulfilled += part.quantity;
    }
}

#[test]
fn an_order_is_sent_in_parts_and_is_sent_only_when_all_is() {
    let mut lines = [line(1, 3), line(2, 1)];
    assert_eq!(fulfillment_status(&lines), FulfillmentStatus::Unfulfilled);
    let first = plan_fulfillment(&PAID, &lines, &these(&[of(1, 1), of(1, 1)])).unwrap();
    assert_eq!(first, [of(1, 2)]);
    send(&mut lines, &first);
    assert_eq!(fulfillment_status(&lines), FulfillmentStatus::PartiallyFulfilled);
    let rest = plan_fulfillment(&PAID, &lines, &Wanted::Everything).unwrap();
    assert_eq!(rest, [of(1, 1), of(2, 1)]);
    send(&mut lines, &rest);
    assert_eq!(fulfillment_status(&lines), FulfillmentStatus::Fulfilled);
    assert_eq!(plan_fulfillment(&PAID, &lines, &Wanted::Everything), Err(FulfilRefusal::Nothing));
}

#[test]
fn more_than_is_left_is_refused_with_what_is() {
    let lines = [LineStanding { fulfilled: 2, ..line(1, 3) }, line(2, 1)];
    let too_many = Err(FulfilRefusal::TooMany { line: id(1), left: 1 });
    assert_eq!(plan_fulfillment(&PAID, &lines, &these(&[of(2, 1), of(1, 2)])), too_many);
    assert_eq!(plan_fulfillment(&PAID, &lines, &these(&[of(1, u32::MAX), of(1, u32::MAX)])), too_many);
    assert_eq!(plan_fulfillment(&PAID, &lines, &these(&[of(9, 1)])), Err(FulfilRefusal::UnknownLine(id(9))));
    assert_eq!(plan_fulfillment(&PAID, &lines, &these(&[of(2, 0)])), Err(FulfilRefusal::NoUnits(id(2))));
    assert_eq!(plan_fulfillment(&PAID, &lines, &these(&[])), Err(FulfilRefusal::Nothing));
}

#[test]
fn nobody_waits_for_what_was_refunded() {
    let mut lines =
        [LineStanding { withdrawn: 1, ..line(1, 3) }, LineStanding { withdrawn: 1, ..line(2, 1) }];
    assert_eq!(plan_fulfillment(&PAID, &lines, &Wanted::Everything).unwrap(), [of(1, 2)]);
    send(&mut lines, &[of(1, 2)]);
    assert_eq!(fulfillment_status(&lines), FulfillmentStatus::Fulfilled);
    let nothing = [LineStanding { withdrawn: 3, ..line(1, 3) }];
    assert_eq!(fulfillment_status(&nothing), FulfillmentStatus::Unfulfilled);
}

#[test]
fn what_is_not_paid_or_was_cancelled_is_not_sent() {
    let at = DateTime::UNIX_EPOCH;
    let waiting = OrderState::AwaitingPayment { expires_at: at };
    let cancelled = OrderState::Cancelled { reason: CancelReason::Staff, at };
    for state in [waiting, cancelled] {
        let Err(FulfilRefusal::State(refused)) = plan_fulfillment(&state, &[line(1, 1)], &Wanted::Everything)
        else {
            panic!("{state:?} was sent")
        };
        assert_eq!((refused.from, refused.to), (state.name(), "fulfilled"));
    }
}

proptest! {
    #[test]
    fn parts_of_a_fulfilment_never_exceed_the_line(
        sold in prop::collection::vec((1u32..20, 0u32..5), 1..5),
        attempts in prop::collection::vec(prop::collection::vec((0usize..5, 0u32..12), 0..4), 0..20),
    ) {
        let standing = |(n, (quantity, withdrawn)): (usize, &(u32, u32))| {
            LineStanding { withdrawn: (*withdrawn).min(*quantity), ..line(n, *quantity) }
        };
        let mut lines: Vec<LineStanding> = sold.iter().enumerate().map(standing).collect();
        for attempt in attempts {
            let entries: Vec<FulfillmentLine> = attempt.iter().map(|(n, quantity)| of(*n, *quantity)).collect();
            let before = lines.clone();
            if let Ok(parts) = plan_fulfillment(&PAID, &lines, &these(&entries)) {
                let wanted: u64 = entries.iter().map(|e| u64::from(e.quantity)).sum();
                prop_assert_eq!(parts.iter().map(|p| u64::from(p.quantity)).sum::<u64>(), wanted);
                send(&mut lines, &parts);
            }
            for (after, before) in lines.iter().zip(before) {
                prop_assert!(after.fulfilled + after.withdrawn <= after.quantity);
                prop_assert_eq!(after.fulfilled - before.fulfilled, before.left() - after.left());
            }
            let all = lines.iter().all(|of| of.left() == 0) && lines.iter().any(|of| of.fulfilled > 0);
            prop_assert_eq!(fulfillment_status(&lines) == FulfillmentStatus::Fulfilled, all);
        }
        if let Ok(rest) = plan_fulfillment(&PAID, &lines, &Wanted::Everything) {
            send(&mut lines, &rest);
            prop_assert_eq!(fulfillment_status(&lines), FulfillmentStatus::Fulfilled);
        }
    }
}
