//! Amounts and times as people and machines read them.

use stoa_domain::shared::Timestamp;
pub(crate) use stoa_services::readable::{amount, date_and_time};

/// `14:05 UTC`.
pub(crate) fn time_of_day(at: Timestamp) -> String {
    at.format("%H:%M UTC").to_string()
}

/// What a machine reads in `<time datetime>`.
pub(crate) fn machine_time(at: Timestamp) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_say_their_zone() {
        let at = Timestamp::from_timestamp(1_795_183_500, 0).unwrap();
        assert_eq!(time_of_day(at), "14:05 UTC");
        assert_eq!(machine_time(at), "2026-11-20T14:05:00Z");
    }
}
