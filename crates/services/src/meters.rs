//! What the use cases count: [`metrics`](https://docs.rs/metrics) records it where a recorder is installed, and nothing where not.
//!
//! Nothing here is counted so often that its labels would have to be kept ready.

use crate::payment::ApplyOutcome;
use metrics::{Unit, counter, describe_counter};
use stoa_domain::shared::{Fault, FaultKind};

const FAULTS: &str = "stoa_faults_total";
const PLACED: &str = "stoa_orders_placed_total";
const EXPIRED: &str = "stoa_orders_expired_total";
const EVENTS: &str = "stoa_payment_events_total";
const JOBS: &str = "stoa_jobs_total";
const MAILS: &str = "stoa_mails_total";
const HOLDS: &str = "stoa_holds_refused_total";
const CONFLICTS: &str = "stoa_carts_conflicts_total";

/// How an attempt at a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JobOutcome {
    /// It is done, or was too early.
    Done,
    /// It is tried again.
    Failed,
    /// It is given up.
    Dead,
}

impl JobOutcome {
    const ALL: [Self; 3] = [Self::Done, Self::Failed, Self::Dead];

    const fn label(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Dead => "dead",
        }
    }
}

/// Describes everything and begins to count it at 0: what appears out of nothing at 1 has not risen, to whoever watches.
pub fn register() {
    describe_counter!(
        FAULTS,
        Unit::Count,
        "Failures of ours that ended a request, a page, a webhook or a job"
    );
    for kind in [FaultKind::Unavailable, FaultKind::Internal] {
        counter!(FAULTS, "kind" => fault_label(kind)).increment(0);
    }
    describe_counter!(PLACED, Unit::Count, "Orders placed, paid or not");
    counter!(PLACED).increment(0);
    describe_counter!(EXPIRED, Unit::Count, "Orders given up because they were not paid in time");
    counter!(EXPIRED).increment(0);
    describe_counter!(EVENTS, Unit::Count, "Events of the payment gateway, by what became of them");
    for outcome in ApplyOutcome::ALL.map(event_label).into_iter().chain([EVENT_FAILED]) {
        counter!(EVENTS, "outcome" => outcome).increment(0);
    }
    describe_counter!(JOBS, Unit::Count, "Attempts at jobs, by how they ended");
    for kind in crate::jobs::KINDS {
        for outcome in JobOutcome::ALL {
            counter!(JOBS, "kind" => kind, "outcome" => outcome.label()).increment(0);
        }
    }
    describe_counter!(MAILS, Unit::Count, "Mails handed to the mail server, or not, or never written");
    for outcome in [SENT, UNSENT, LATE, WITHHELD] {
        counter!(MAILS, "outcome" => outcome).increment(0);
    }
    describe_counter!(
        HOLDS,
        Unit::Count,
        "Requests to hold stock of which less was there than was asked for"
    );
    counter!(HOLDS).increment(0);
    describe_counter!(
        CONFLICTS,
        Unit::Count,
        "Changes of a cart that somebody else forestalled; each is tried again"
    );
    counter!(CONFLICTS).increment(0);
}

/// Counts a fault, where it ends what was asked for: each once, beside its line in the log.
pub fn fault(fault: &Fault) {
    faults(fault.kind(), 1);
}

/// The same, where only their kind and number are known.
pub fn faults(kind: FaultKind, number: u64) {
    counter!(FAULTS, "kind" => fault_label(kind)).increment(number);
}

pub(crate) fn order_placed() {
    counter!(PLACED).increment(1);
}

pub(crate) fn order_expired() {
    counter!(EXPIRED).increment(1);
}

pub(crate) fn payment_event(became: Result<ApplyOutcome, &Fault>) {
    let outcome = became.map_or(EVENT_FAILED, event_label);
    counter!(EVENTS, "outcome" => outcome).increment(1);
}

pub(crate) fn job(kind: &str, outcome: JobOutcome) {
    counter!(JOBS, "kind" => crate::jobs::known_kind(kind), "outcome" => outcome.label()).increment(1);
}

pub(crate) fn mail(sent: bool) {
    counter!(MAILS, "outcome" => if sent { SENT } else { UNSENT }).increment(1);
}

/// The link that it was to bring was over.
pub(crate) fn mail_late() {
    counter!(MAILS, "outcome" => LATE).increment(1);
}

/// Its network has asked for as many as it may.
pub(crate) fn mail_withheld() {
    counter!(MAILS, "outcome" => WITHHELD).increment(1);
}

pub(crate) fn hold_refused() {
    counter!(HOLDS).increment(1);
}

pub(crate) fn cart_conflict() {
    counter!(CONFLICTS).increment(1);
}

const SENT: &str = "sent";
const UNSENT: &str = "failed";
const LATE: &str = "late";
const WITHHELD: &str = "withheld";

const fn fault_label(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Unavailable => "unavailable",
        FaultKind::Internal => "internal",
    }
}

const EVENT_FAILED: &str = "failed";

const fn event_label(outcome: ApplyOutcome) -> &'static str {
    match outcome {
        ApplyOutcome::Applied => "applied",
        ApplyOutcome::Duplicate => "duplicate",
        ApplyOutcome::Kept => "kept",
        ApplyOutcome::Ignored => "ignored",
        ApplyOutcome::Attention => "attention",
    }
}
