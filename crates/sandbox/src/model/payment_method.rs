//! PaymentMethods: cards, without what would make them worth stealing.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{BillingDetails, Metadata};
use crate::cards::{Brand, CardEntry, Funding, TestCard, by_number};

/// A way to pay. The sandbox knows cards.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PaymentMethod {
    /// `pm_…`.
    pub(crate) id: String,
    /// Seconds.
    pub(crate) created: i64,
    /// `cus_…` whom it is kept for.
    pub(crate) customer: Option<String>,
    /// Who pays.
    pub(crate) billing_details: BillingDetails,
    /// The card.
    pub(crate) card: Card,
    /// For the caller.
    pub(crate) metadata: Metadata,
    /// Whether it has paid without being kept for a customer: then it cannot pay again.
    pub(crate) used_up: bool,
    /// Whether the buyer has authenticated it for payments without the buyer.
    pub(crate) set_up: bool,
}

/// What is kept of a card: never its full number, unless that is a published test number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Card {
    /// The network.
    pub(crate) brand: Brand,
    /// The last four digits.
    pub(crate) last4: String,
    /// 1 to 12.
    pub(crate) exp_month: u32,
    /// Four digits.
    pub(crate) exp_year: i32,
    /// Where the money comes from.
    pub(crate) funding: Funding,
    /// The issuer's country.
    pub(crate) country: Option<String>,
    /// Whether a security code was given.
    pub(crate) has_cvc: bool,
    /// The same for the same card, as Stripe's `fingerprint`.
    pub(crate) fingerprint: String,
    /// The number of the test card that it is.
    pub(crate) test_number: Option<String>,
}

impl Card {
    /// Keeps what may be kept of an entry.
    pub(crate) fn of(entry: &CardEntry) -> Self {
        let test_card = entry.test_card;
        Self {
            brand: entry.brand,
            last4: entry.last4.clone(),
            exp_month: entry.exp_month,
            exp_year: entry.exp_year,
            funding: test_card.map_or(Funding::Credit, |card| card.funding),
            country: test_card.map(|card| card.country.to_owned()),
            has_cvc: entry.has_cvc,
            fingerprint: fingerprint(entry),
            test_number: test_card.map(|card| card.number.to_owned()),
        }
    }

    /// The test card that it is; a card that is none is declined.
    pub(crate) fn test_card(&self) -> Option<&'static TestCard> {
        self.test_number.as_deref().and_then(by_number)
    }
}

/// Sixteen characters that are the same for the same number. Only a test card's full number goes in: a hash of a
/// real one could be reversed by trying all numbers.
fn fingerprint(entry: &CardEntry) -> String {
    let card = entry.test_card.map_or(entry.last4.as_str(), |card| card.number);
    let mut text = hex::encode(Sha256::digest(card));
    text.truncate(16);
    text
}
