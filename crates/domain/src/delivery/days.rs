//! How long a delivery takes.

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// How many working days a delivery takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DeliveryDays {
    /// At least.
    pub least: u16,
    /// At most.
    pub most: u16,
}

impl DeliveryDays {
    /// From so many to so many; `None` where that is the wrong way round.
    pub const fn try_new(least: u16, most: u16) -> Option<Self> {
        if least <= most { Some(Self { least, most }) } else { None }
    }

    /// The first and the last day on which it may arrive if it is sent on this day. Monday to Friday are counted; of holidays nobody here knows.
    /// `None` beyond the calendar.
    pub fn arrival(self, sent: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        Some((working_days_after(sent, self.least)?, working_days_after(sent, self.most)?))
    }
}

fn working_days_after(from: NaiveDate, days: u16) -> Option<NaiveDate> {
    if days == 0 {
        return Some(from);
    }
    // From a weekend one counts as from the Friday before it.
    let weekday = u64::from(from.weekday().num_days_from_monday());
    let from = from.checked_sub_days(Days::new(weekday.saturating_sub(4)))?;
    let (weeks, rest) = (u64::from(days / 5), u64::from(days % 5));
    let weekend = if weekday.min(4) + rest > 4 { 2 } else { 0 };
    from.checked_add_days(Days::new(weeks * 7 + rest + weekend))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    /// The 23rd of November 2026 is a Monday.
    #[test]
    fn weekends_are_not_counted() {
        for (sent, days, arrives) in [
            (23, 0, 23),
            (23, 1, 24),
            (23, 4, 27),
            (23, 5, 30),
            (20, 1, 23),
            (20, 5, 27),
            (21, 1, 23),
            (22, 1, 23),
            (22, 5, 27),
            (21, 0, 21),
            (18, 3, 23),
            (11, 12, 27),
        ] {
            assert_eq!(working_days_after(day(sent), days), Some(day(arrives)), "{sent} + {days}");
        }
        let days = DeliveryDays::try_new(1, 5).unwrap();
        assert_eq!(days.arrival(day(20)), Some((day(23), day(27))));
        assert_eq!(days.arrival(NaiveDate::MAX), None);
        assert_eq!(DeliveryDays::try_new(3, 2), None);
    }

    /// Counted one by one it is the same.
    #[test]
    fn counting_by_weeks_is_counting_by_days() {
        for sent in 1..=14 {
            let mut one_by_one = day(sent);
            for days in 1..=40 {
                one_by_one = one_by_one.succ_opt().unwrap();
                while one_by_one.weekday().num_days_from_monday() > 4 {
                    one_by_one = one_by_one.succ_opt().unwrap();
                }
                assert_eq!(working_days_after(day(sent), days), Some(one_by_one), "{sent} + {days}");
            }
        }
    }
}
