//! Services outside of the house, with what comes of questions to them counted and timed.

use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use std::sync::Arc;
use stoa_domain::shared::OutsideError;
use stoa_outside::{Heard, Observer};

const REQUESTS: &str = "stoa_outside_requests_total";
const DURATION: &str = "stoa_outside_request_duration_seconds";

const OUTCOMES: [&str; 6] = ["ok", "silent", "refused", "unreadable", "kept", "resting"];

/// Who counts for one service. What a shop does not have is not there to be read.
pub(in crate::app) fn outside(service: &'static str) -> Observer {
    let help = "What came of questions to services outside of the house; kept and resting were not sent";
    describe_counter!(REQUESTS, Unit::Count, help);
    describe_histogram!(DURATION, Unit::Seconds, "Time until such a service had answered, or was given up");
    for outcome in OUTCOMES {
        counter!(REQUESTS, "service" => service, "outcome" => outcome).increment(0);
    }
    Arc::new(move |heard| {
        counter!(REQUESTS, "service" => service, "outcome" => outcome(heard)).increment(1);
        if let Heard::Asked(_, took) = heard {
            histogram!(DURATION, "service" => service).record(took);
        }
    })
}

const fn outcome(heard: Heard) -> &'static str {
    match heard {
        Heard::Asked(Ok(()), _) => OUTCOMES[0],
        Heard::Asked(Err(OutsideError::Silent), _) => OUTCOMES[1],
        Heard::Asked(Err(OutsideError::Refused { .. }), _) => OUTCOMES[2],
        Heard::Asked(Err(OutsideError::Unreadable(_)), _) => OUTCOMES[3],
        Heard::Kept => OUTCOMES[4],
        Heard::Resting => OUTCOMES[5],
    }
}
