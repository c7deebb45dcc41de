//! Stripe's events, read leniently.
//!
//! An endpoint keeps the API version it was made with, for years; events of any version must be readable, and
//! one that cannot be read must not be refused either: Stripe would repeat it for three days and then switch
//! the endpoint off. So an event needs an id and a type, and nothing else. Where a figure that decides about
//! money is missing, the fact says "in doubt"
//! ([`IntentFacts::state`](stoa_domain::payment::IntentFacts::state) is `None`), and the object is fetched.

use crate::{
    amount::from_wire,
    facts::{intent_facts, our_payment, unknown_facts},
    lean::{Charge, Dispute, Intent, Named, Reference, Refund, is_id, kept, lenient},
    requests::Kind,
};
use chrono::DateTime;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use stoa_domain::{
    payment::{DisputeStatus, GatewayEvent, GatewayFact},
    shared::{PaymentId, Timestamp},
};

const REFUND_UPDATED: &str = "refund.updated";
const REFUND_FAILED: &str = "refund.failed";
const CHARGE_REFUND_UPDATED: &str = "charge.refund.updated";
const DISPUTE_CREATED: &str = "charge.dispute.created";
const DISPUTE_CLOSED: &str = "charge.dispute.closed";

/// The types of events that are acted upon: what a webhook endpoint has to be subscribed to. Others are written down, and cost
/// a request each.
pub const HEARD_EVENTS: [&str; 12] = [
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "payment_intent.processing",
    "payment_intent.requires_action",
    "payment_intent.amount_capturable_updated",
    "charge.refunded",
    REFUND_UPDATED,
    REFUND_FAILED,
    CHARGE_REFUND_UPDATED,
    DISPUTE_CREATED,
    DISPUTE_CLOSED,
];

/// The body is no event: not JSON, or without an id or a type.
#[derive(Debug, thiserror::Error)]
#[error("not an event: {0}")]
pub struct MalformedEvent(String);

/// Around every event. The object inside is only read when the type is one that we act on.
#[derive(Deserialize)]
struct Envelope<'a> {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, deserialize_with = "lenient")]
    object: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    created: Option<Moment>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    /// Of thin (v2) events, which carry a reference instead of the object.
    #[serde(default, deserialize_with = "lenient")]
    related_object: Option<Named>,
}

/// A time: seconds in events of API v1, text in those of v2.
#[derive(Deserialize)]
#[serde(untagged)]
enum Moment {
    Seconds(i64),
    Text(String),
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    object: &'a RawValue,
}

/// What the object inside says, and of which payment.
#[derive(Debug, Default)]
pub(crate) struct About {
    pub intent: Option<String>,
    pub payment: Option<PaymentId>,
}

/// Reads the raw body of a webhook whose signature has been checked.
///
/// Acts on `payment_intent.succeeded`, `.payment_failed`, `.canceled`, `.processing`, `.requires_action`,
/// `.amount_capturable_updated`, `charge.refunded`, `refund.updated`, `refund.failed`, `charge.refund.updated`,
/// `charge.dispute.created` and `.closed`; every other type is [`GatewayFact::Ignored`] with its id and type
/// kept. An event without a readable time has happened at the Unix epoch.
///
/// # Errors
/// [`MalformedEvent`] when the body is not a JSON object with an `id` and a `type`, or says that it is
/// something else than an event.
pub fn parse_event(body: &[u8]) -> Result<GatewayEvent, MalformedEvent> {
    let envelope: Envelope<'_> =
        serde_json::from_slice(body).map_err(|error| MalformedEvent(error.to_string()))?;
    if !is_id(&envelope.id) || envelope.kind.is_empty() {
        return Err(MalformedEvent("its id is none of Stripe's, or its type is empty".to_owned()));
    }
    // "event", and "v2.core.event" of thin ones.
    if envelope.object.as_deref().is_some_and(|object| !object.ends_with("event")) {
        return Err(MalformedEvent("it is another kind of object".to_owned()));
    }
    let (about, fact) = read(&envelope);
    Ok(GatewayEvent {
        intent: about.intent.filter(|id| is_id(id)),
        payment: about.payment,
        occurred_at: occurred_at(envelope.created),
        fact,
        id: envelope.id,
        kind: kept(&envelope.kind),
    })
}

fn read(envelope: &Envelope<'_>) -> (About, GatewayFact) {
    match plain(&envelope.kind) {
        "payment_intent.succeeded"
        | "payment_intent.payment_failed"
        | "payment_intent.canceled"
        | "payment_intent.processing"
        | "payment_intent.requires_action"
        | "payment_intent.amount_capturable_updated" => intent(envelope),
        "charge.refunded" => refunded(&object(envelope)),
        REFUND_UPDATED | REFUND_FAILED | CHARGE_REFUND_UPDATED => refund(&object(envelope)),
        DISPUTE_CREATED | DISPUTE_CLOSED => dispute(&object(envelope)),
        _ => (About::default(), GatewayFact::Ignored),
    }
}

/// Thin events name the types of API v1 with their version in front.
fn plain(kind: &str) -> &str {
    kind.strip_prefix("v1.").unwrap_or(kind)
}

fn intent(envelope: &Envelope<'_>) -> (About, GatewayFact) {
    let intent: Intent = object(envelope);
    let fact = GatewayFact::Intent(intent_facts(&intent));
    let payment = our_payment(intent.metadata.as_ref());
    let related = || envelope.related_object.as_ref().and_then(|named| named.id.clone());
    (About { intent: intent.id.or_else(related), payment }, fact)
}

pub(crate) fn refunded(charge: &Charge) -> (About, GatewayFact) {
    let fact = match (charge.amount_refunded, &charge.currency) {
        (Some(total), Some(currency)) => GatewayFact::Refunded { total: from_wire(total, currency) },
        _ => GatewayFact::Intent(unknown_facts()),
    };
    (about_charge(charge), fact)
}

/// Whatever the event says of it: how all refunds stand is asked for.
pub(crate) fn refund(refund: &Refund) -> (About, GatewayFact) {
    (about_either(refund.payment_intent.as_ref(), refund.charge.as_ref()), GatewayFact::RefundMoved)
}

pub(crate) fn dispute(dispute: &Dispute) -> (About, GatewayFact) {
    let about = about_either(dispute.payment_intent.as_ref(), dispute.charge.as_ref());
    (about, GatewayFact::Dispute { status: dispute_status(dispute.status.as_deref()) })
}

/// What to fetch for an event that names no payment object: the object that a thin event is about, which it does not
/// carry, or the charge of a dispute or a refund, which stands for the payment in old API versions. `None`: it names
/// nothing.
pub(crate) fn reference(body: &[u8]) -> Option<(Kind, String)> {
    let envelope: Envelope<'_> = serde_json::from_slice(body).ok()?;
    let thin = envelope.related_object.as_ref().and_then(|named| named.id.clone());
    let charge_of = |charge: Option<&Reference<Charge>>| {
        charge.and_then(Reference::charge_id).map(|id| (Kind::Charge, id.to_owned()))
    };
    match (plain(&envelope.kind), thin) {
        ("charge.refunded", thin) => {
            thin.or_else(|| object::<Charge>(&envelope).id).map(|id| (Kind::Charge, id))
        }
        (DISPUTE_CREATED | DISPUTE_CLOSED, Some(id)) => Some((Kind::Dispute, id)),
        (DISPUTE_CREATED | DISPUTE_CLOSED, None) => charge_of(object::<Dispute>(&envelope).charge.as_ref()),
        (REFUND_UPDATED | REFUND_FAILED | CHARGE_REFUND_UPDATED, Some(id)) => Some((Kind::Refund, id)),
        (REFUND_UPDATED | REFUND_FAILED | CHARGE_REFUND_UPDATED, None) => {
            charge_of(object::<Refund>(&envelope).charge.as_ref())
        }
        _ => None,
    }
}

/// `prevented` is a dispute that was settled before it began, by a refund that is told of as such. A word
/// that we do not know leaves the dispute open: somebody has to look at it anyway.
fn dispute_status(status: Option<&str>) -> DisputeStatus {
    match status {
        Some("won" | "warning_closed" | "prevented") => DisputeStatus::Won,
        Some("lost") => DisputeStatus::Lost,
        _ => DisputeStatus::Open,
    }
}

pub(crate) fn about_charge(charge: &Charge) -> About {
    let about = about_intent(charge.payment_intent.as_ref());
    About { payment: our_payment(charge.metadata.as_ref()).or(about.payment), ..about }
}

fn about_either(intent: Option<&Reference<Named>>, charge: Option<&Reference<Charge>>) -> About {
    let named = about_intent(intent);
    let charge = charge.and_then(Reference::object).map(about_charge).unwrap_or_default();
    About { intent: named.intent.or(charge.intent), payment: named.payment.or(charge.payment) }
}

fn about_intent(reference: Option<&Reference<Named>>) -> About {
    let metadata = reference.and_then(Reference::object).and_then(|named| named.metadata.as_ref());
    About { intent: reference.and_then(Reference::id).map(str::to_owned), payment: our_payment(metadata) }
}

/// The object of the event; one that says nothing where there is none or it does not read.
fn object<T: DeserializeOwned + Default>(envelope: &Envelope<'_>) -> T {
    envelope
        .data
        .and_then(|data| serde_json::from_str::<Data<'_>>(data.get()).ok())
        .and_then(|data| serde_json::from_str(data.object.get()).ok())
        .unwrap_or_default()
}

fn occurred_at(created: Option<Moment>) -> Timestamp {
    let read = match created {
        Some(Moment::Seconds(seconds)) => DateTime::from_timestamp(seconds, 0),
        Some(Moment::Text(text)) => DateTime::parse_from_rfc3339(&text).ok().map(|moment| moment.to_utc()),
        None => None,
    };
    read.unwrap_or(DateTime::UNIX_EPOCH)
}
