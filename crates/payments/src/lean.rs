//! The few members of Stripe's objects that we look at.
//!
//! Everything is optional, unknown members are skipped, and a member of another type than expected counts as
//! missing: an object of any API version can be read, and what is missing is decided by whoever needs it.

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny},
};

/// Reads a member, or `None` where it holds something else.
pub(crate) fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    #[derive(Deserialize)]
    #[serde(untagged, bound = "T: DeserializeOwned")]
    enum Member<T> {
        Expected(T),
        Other(IgnoredAny),
    }
    Ok(match Member::deserialize(deserializer)? {
        Member::Expected(value) => Some(value),
        Member::Other(IgnoredAny) => None,
    })
}

/// The longest text of Stripe's that is kept: what the columns hold, and Stripe's own bound on ids.
const LONGEST: usize = 255;

/// Whether a text can be an id of Stripe's. Ids are stored, and put into paths.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

/// A text from outside as it is kept: not longer than a column, and without the one character that Postgres refuses.
pub(crate) fn kept(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').take(LONGEST).collect()
}

/// A reference to another object: its id, or the object itself where it was expanded.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Reference<T> {
    Id(String),
    Object(T),
}

impl<T> Reference<T> {
    /// The object, where it was expanded.
    pub(crate) fn object(&self) -> Option<&T> {
        match self {
            Self::Id(_) => None,
            Self::Object(object) => Some(object),
        }
    }
}

impl Reference<Charge> {
    /// The id, in either form.
    pub(crate) fn charge_id(&self) -> Option<&str> {
        match self {
            Self::Id(id) => Some(id),
            Self::Object(charge) => charge.id.as_deref(),
        }
    }
}

impl Reference<Named> {
    /// The id, in either form.
    pub(crate) fn id(&self) -> Option<&str> {
        match self {
            Self::Id(id) => Some(id),
            Self::Object(object) => object.id.as_deref(),
        }
    }
}

/// Any object, of which only its name and what we wrote on it matter.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Named {
    #[serde(deserialize_with = "lenient")]
    pub id: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub metadata: Option<Metadata>,
}

/// What we write on Stripe's objects. A charge inherits the metadata of its PaymentIntent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Metadata {
    /// Our payment's id.
    #[serde(deserialize_with = "lenient")]
    pub stoa_payment: Option<String>,
    /// The key of one of our refunds.
    #[serde(deserialize_with = "lenient")]
    pub stoa_refund: Option<String>,
}

/// A PaymentIntent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Intent {
    #[serde(deserialize_with = "lenient")]
    pub id: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub client_secret: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub status: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub amount: Option<i64>,
    #[serde(deserialize_with = "lenient")]
    pub amount_received: Option<i64>,
    #[serde(deserialize_with = "lenient")]
    pub currency: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub last_payment_error: Option<Problem>,
    #[serde(deserialize_with = "lenient")]
    pub latest_charge: Option<Reference<Charge>>,
    #[serde(deserialize_with = "lenient")]
    pub metadata: Option<Metadata>,
}

/// A charge.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Charge {
    #[serde(deserialize_with = "lenient")]
    pub id: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub amount_refunded: Option<i64>,
    #[serde(deserialize_with = "lenient")]
    pub currency: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub payment_intent: Option<Reference<Named>>,
    #[serde(deserialize_with = "lenient")]
    pub metadata: Option<Metadata>,
}

/// A dispute. Old API versions name the charge only.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Dispute {
    #[serde(deserialize_with = "lenient")]
    pub id: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub status: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub payment_intent: Option<Reference<Named>>,
    #[serde(deserialize_with = "lenient")]
    pub charge: Option<Reference<Charge>>,
}

/// A refund.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Refund {
    #[serde(deserialize_with = "lenient")]
    pub id: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub status: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub amount: Option<i64>,
    #[serde(deserialize_with = "lenient")]
    pub currency: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub payment_intent: Option<Reference<Named>>,
    #[serde(deserialize_with = "lenient")]
    pub charge: Option<Reference<Charge>>,
    #[serde(deserialize_with = "lenient")]
    pub metadata: Option<Metadata>,
}

impl Refund {
    /// Whether the buyer has nothing of it. A word that we do not know is on its way to them.
    pub(crate) fn has_failed(&self) -> bool {
        matches!(self.status.as_deref(), Some("failed" | "canceled"))
    }
}

/// One page of a list of intents. The list itself must be there: an odd answer is not "there are none".
#[derive(Debug, Deserialize)]
pub(crate) struct IntentPage {
    pub data: Vec<Intent>,
    #[serde(default)]
    pub has_more: bool,
}

/// One page of a list of refunds. The list itself must be there: taking an odd answer for "there are none"
/// would give money back twice.
#[derive(Debug, Deserialize)]
pub(crate) struct RefundPage {
    pub data: Vec<Refund>,
    #[serde(default)]
    pub has_more: bool,
}

/// Why Stripe refused something, or why a payment failed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Problem {
    #[serde(deserialize_with = "lenient")]
    pub code: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub decline_code: Option<String>,
    #[serde(rename = "type", deserialize_with = "lenient")]
    pub kind: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub message: Option<String>,
}

/// The body of an answer that is an error.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Failure {
    #[serde(deserialize_with = "lenient")]
    pub error: Option<Problem>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn odd_members_count_as_missing_and_spoil_nothing_else() {
        let intent: Intent = serde_json::from_value(json!({
            "id": "pi_1", "amount": "1099", "currency": null, "status": ["x"], "amount_received": 3,
            "last_payment_error": "text", "metadata": {"stoa_payment": 7}, "latest_charge": "ch_1", "new": {},
        }))
        .unwrap();
        assert_eq!((intent.id.as_deref(), intent.amount_received), (Some("pi_1"), Some(3)));
        assert!(intent.amount.is_none() && intent.currency.is_none() && intent.status.is_none());
        assert!(intent.last_payment_error.is_none());
        assert!(intent.metadata.unwrap().stoa_payment.is_none());
        assert!(intent.latest_charge.unwrap().object().is_none());
    }

    #[test]
    fn a_reference_is_read_in_both_forms() {
        let of = |value| serde_json::from_value::<Dispute>(json!({"payment_intent": value})).unwrap();
        let id = |dispute: &Dispute| dispute.payment_intent.as_ref().and_then(|r| r.id()).map(str::to_owned);
        assert_eq!(id(&of(json!("pi_1"))).as_deref(), Some("pi_1"));
        assert_eq!(id(&of(json!({"id": "pi_1", "object": "payment_intent"}))).as_deref(), Some("pi_1"));
        assert_eq!(id(&of(json!(null))), None);
        assert_eq!(id(&of(json!(12))), None);
    }

    #[test]
    fn a_list_that_is_no_list_is_not_taken_for_an_empty_one() {
        assert!(serde_json::from_value::<RefundPage>(json!({"object": "list"})).is_err());
        assert!(serde_json::from_value::<RefundPage>(json!({"data": "none"})).is_err());
    }
}
