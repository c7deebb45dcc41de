//! What stands in the way of erasing a customer, and what is left of one.

use crate::order::{FulfillmentStatus, OrderState};
use crate::shared::{CustomerId, EmailAddress, Timestamp};
use chrono::{Datelike, Months, TimeDelta};

/// How long an order that has not been sent keeps its buyer known.
const UNSENT: TimeDelta = TimeDelta::days(30);

/// Why a customer cannot be erased yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ErasureObstacle {
    /// An order waits for their money.
    #[error("an order awaits payment")]
    AwaitingPayment,
    /// They are still to get something they have paid for.
    #[error("an order is still to be sent")]
    Unsent,
}

/// Whether this order of theirs stands in the way. After 30 days nothing does: what has not been sent by then is no reason to keep
/// a person.
pub fn obstacle(
    state: &OrderState,
    sent: FulfillmentStatus,
    placed_at: Timestamp,
    now: Timestamp,
) -> Option<ErasureObstacle> {
    match state {
        OrderState::AwaitingPayment { .. } => Some(ErasureObstacle::AwaitingPayment),
        OrderState::Paid { .. } if sent != FulfillmentStatus::Fulfilled && now - placed_at < UNSENT => {
            Some(ErasureObstacle::Unsent)
        }
        OrderState::Paid { .. } | OrderState::Cancelled { .. } => None,
    }
}

/// Until when an order keeps the name and address that its invoice was made out to: so many years after it was placed, by the
/// calendar; `None`: for ever, which is what lies beyond the year 9999.
pub fn personal_until(placed_at: Timestamp, years: u32) -> Option<Timestamp> {
    let until = placed_at.checked_add_months(Months::new(years.checked_mul(12)?))?;
    Some(until).filter(|until| until.year() <= LAST_YEAR)
}

/// The last year of four digits. SQLite keeps times as texts, which sort no further.
const LAST_YEAR: i32 = 9_999;

/// The address an erased account has: no two have the same, and mail to it goes nowhere (RFC 2606).
pub fn erased_email(id: CustomerId) -> EmailAddress {
    EmailAddress::erased(id.uuid())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::CancelReason;
    use chrono::{DateTime, TimeZone, Utc};
    use uuid::Uuid;

    const NOW: Timestamp = DateTime::UNIX_EPOCH;

    #[test]
    fn who_is_owed_something_is_not_erased() {
        let waiting = OrderState::AwaitingPayment { expires_at: NOW };
        let paid = OrderState::Paid { payment: None, paid_at: NOW };
        let cancelled = OrderState::Cancelled { reason: CancelReason::Expired, at: NOW };
        let unsent = FulfillmentStatus::Unfulfilled;
        let days = |days| NOW + TimeDelta::days(days);
        assert_eq!(obstacle(&waiting, unsent, NOW, days(365)), Some(ErasureObstacle::AwaitingPayment));
        assert_eq!(obstacle(&paid, unsent, NOW, days(29)), Some(ErasureObstacle::Unsent));
        let partly = FulfillmentStatus::PartiallyFulfilled;
        assert_eq!(obstacle(&paid, partly, NOW, days(29)), Some(ErasureObstacle::Unsent));
        assert_eq!(obstacle(&paid, FulfillmentStatus::Fulfilled, NOW, NOW), None);
        assert_eq!(obstacle(&paid, unsent, NOW, days(30)), None);
        assert_eq!(obstacle(&cancelled, unsent, NOW, NOW), None);
    }

    #[test]
    fn years_are_counted_by_the_calendar() {
        let leap_day = Utc.with_ymd_and_hms(2024, 2, 29, 12, 0, 0).unwrap();
        assert_eq!(personal_until(leap_day, 10), Utc.with_ymd_and_hms(2034, 2, 28, 12, 0, 0).single());
        assert!(personal_until(leap_day, 7_975).is_some());
        for years in [7_976, 200_000, 1_000_000, u32::MAX] {
            assert_eq!(personal_until(leap_day, years), None, "{years}: for ever");
        }
    }

    #[test]
    fn an_erased_address_is_one_and_nobodys() {
        let erased = erased_email(CustomerId::new(Uuid::from_u128(7)));
        assert_eq!(EmailAddress::stored(erased.as_str()), Ok(erased.clone()));
        assert_eq!(erased.domain(), "erased.invalid");
        assert_ne!(erased, erased_email(CustomerId::new(Uuid::from_u128(8))));
    }
}
