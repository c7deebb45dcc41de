//! What both databases ask of rows: times in whole microseconds, lists of bounded length.

use chrono::{DateTime, SubsecRound};
use stoa_domain::shared::Timestamp;

/// Parameters a statement may have on both databases, with room to spare (SQLite: 32,766; Postgres: 65,535).
const MAX_PARAMETERS: usize = 30_000;

/// A time as it will come back: in whole microseconds, and at most the last of the year 9999. SQLite keeps it as a text, and a year
/// of five digits would sort before all others.
pub(crate) fn stored(at: Timestamp) -> Timestamp {
    at.trunc_subsecs(6).min(LAST)
}

/// The last microsecond of four-digit years.
const LAST: Timestamp = DateTime::from_timestamp_micros(253_402_300_799_999_999).unwrap();

/// Splits rows of `columns` parameters each into statements that are not too long.
pub(crate) fn bind_chunks<T>(rows: &[T], columns: usize) -> std::slice::Chunks<'_, T> {
    rows.chunks((MAX_PARAMETERS / columns.max(1)).max(1))
}

/// The members of an `IN` list, filled up to a power of two by repeating the last. Lists of any length then come in a
/// dozen shapes, and the database finds its prepared statement instead of planning a new one.
pub(crate) fn padded<T: Copy>(members: &[T]) -> impl Iterator<Item = T> + use<'_, T> {
    let fill = members.len().next_power_of_two() - members.len();
    members.iter().chain(members.last().into_iter().cycle().take(fill)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_time_has_a_year_of_five_digits() {
        assert_eq!(LAST.to_rfc3339(), "9999-12-31T23:59:59.999999+00:00");
        assert_eq!(stored(Timestamp::MAX_UTC), LAST);
        let soon = DateTime::from_timestamp_nanos(1_767_225_601_000_000_999);
        assert_eq!(stored(soon), DateTime::from_timestamp_micros(1_767_225_601_000_000).unwrap());
    }
}
