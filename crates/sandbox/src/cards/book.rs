//! The test cards, by number and by `pm_card_…` token, and what each of them shows.
//!
//! Source: Stripe's testing page. A number that is not in this book is declined as a live card.

use super::{Brand, Decline, Funding};

/// How a card behaves when it is paid with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Behaviour {
    /// Whether 3-D Secure comes first.
    pub(crate) authentication: Authentication,
    /// What the issuer says.
    pub(crate) attempt: Attempt,
    /// What follows a payment that succeeded.
    pub(crate) after: After,
    /// How refunds go.
    pub(crate) refunds: RefundFate,
    /// The issuer's checks of what the buyer typed.
    pub(crate) checks: Checks,
    /// Whether attaching the card to a customer succeeds although paying with it does not.
    pub(crate) attaches: bool,
    /// Whether the risk of the payment is judged elevated.
    pub(crate) elevated_risk: bool,
}

/// 3-D Secure, by card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Authentication {
    /// The card does not take part.
    Unsupported,
    /// Takes part, but the cardholder is not enrolled: asking for it changes nothing.
    Unenrolled,
    /// Possible, done only when asked for.
    Optional,
    /// Required while the buyer is present; done without the buyer once the card has been set up.
    UnlessSetUp,
    /// Required while the buyer is present; counts as set up from the start.
    AlreadySetUp,
    /// Always required.
    Required,
    /// The challenge cannot be reached, and the payment fails.
    Broken(Decline),
}

/// The issuer's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// The payment succeeds.
    Approve,
    /// It does not.
    Decline(Decline),
}

/// What follows a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// Nothing.
    Nothing,
    /// The cardholder disputes it.
    Dispute(DisputeKind),
}

/// Why a cardholder disputes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DisputeKind {
    /// "It was not me."
    Fraudulent,
    /// "Nothing came."
    ProductNotReceived,
    /// A question of the issuer, before any money moves.
    Inquiry,
}

/// How refunds of a card go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefundFate {
    /// They succeed at once.
    Succeed,
    /// They are pending until settled through the control route.
    Pend,
    /// They succeed, and a moment later the bank sends the money back.
    SucceedThenFail,
}

/// What the issuer found when it compared; `None` where it did not look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Checks {
    /// The security code.
    pub(crate) cvc: Option<bool>,
    /// The first line of the address.
    pub(crate) line1: Option<bool>,
    /// The postal code.
    pub(crate) postal_code: Option<bool>,
}

/// One card of the book.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TestCard {
    /// The full number.
    pub(crate) number: &'static str,
    /// Tokens that stand for it.
    pub(crate) tokens: &'static [&'static str],
    /// Its funding.
    pub(crate) funding: Funding,
    /// The issuer's country, ISO 3166-1 alpha-2.
    pub(crate) country: &'static str,
    /// How it behaves.
    pub(crate) behaviour: Behaviour,
    /// What it shows, in a few words for people.
    pub(crate) shows: &'static str,
}

impl TestCard {
    /// Its network.
    pub(crate) fn brand(&self) -> Brand {
        Brand::of(self.number)
    }

    const fn funding(mut self, funding: Funding) -> Self {
        self.funding = funding;
        self
    }

    const fn country(mut self, country: &'static str) -> Self {
        self.country = country;
        self
    }

    const fn declines(mut self, decline: Decline) -> Self {
        self.behaviour.attempt = Attempt::Decline(decline);
        self
    }

    const fn asks(mut self, authentication: Authentication) -> Self {
        self.behaviour.authentication = authentication;
        self
    }

    const fn disputes(mut self, kind: DisputeKind) -> Self {
        self.behaviour.after = After::Dispute(kind);
        self
    }

    const fn refunds(mut self, refunds: RefundFate) -> Self {
        self.behaviour.refunds = refunds;
        self
    }

    const fn checks(mut self, cvc: Option<bool>, line1: Option<bool>, postal_code: Option<bool>) -> Self {
        self.behaviour.checks = Checks { cvc, line1, postal_code };
        self
    }

    const fn attaches_only(mut self) -> Self {
        self.behaviour.attaches = true;
        self.declines(Decline::Generic)
    }

    const fn risky(mut self) -> Self {
        self.behaviour.elevated_risk = true;
        self
    }
}

const PASS: Option<bool> = Some(true);
const FAIL: Option<bool> = Some(false);

const fn card(number: &'static str, tokens: &'static [&'static str], shows: &'static str) -> TestCard {
    TestCard {
        number,
        tokens,
        funding: Funding::Credit,
        country: "US",
        behaviour: Behaviour {
            authentication: Authentication::Unenrolled,
            attempt: Attempt::Approve,
            after: After::Nothing,
            refunds: RefundFate::Succeed,
            checks: Checks { cvc: PASS, line1: PASS, postal_code: PASS },
            attaches: false,
            elevated_risk: false,
        },
        shows,
    }
}

/// All of them; the first token of a card is the one in Stripe's documentation today.
static BOOK: &[TestCard] = &[
    // By brand: all succeed.
    card("4242424242424242", &["pm_card_visa", "pm_card_us"], "Succeeds (Visa)"),
    card("4000056655665556", &["pm_card_visa_debit"], "Succeeds (Visa debit)").funding(Funding::Debit),
    card("5555555555554444", &["pm_card_mastercard"], "Succeeds (Mastercard)"),
    card("2223003122003222", &[], "Succeeds (Mastercard, 2-series)"),
    card("5200828282828210", &["pm_card_mastercard_debit"], "Succeeds (Mastercard debit)")
        .funding(Funding::Debit),
    card("5105105105105100", &["pm_card_mastercard_prepaid"], "Succeeds (Mastercard prepaid)")
        .funding(Funding::Prepaid),
    card("378282246310005", &["pm_card_amex"], "Succeeds (American Express)")
        .asks(Authentication::Unsupported),
    card("371449635398431", &[], "Succeeds (American Express)").asks(Authentication::Unsupported),
    card("6011111111111117", &["pm_card_discover"], "Succeeds (Discover)"),
    card("6011000990139424", &[], "Succeeds (Discover)"),
    card("6011981111111113", &[], "Succeeds (Discover debit)").funding(Funding::Debit),
    card("3056930009020004", &["pm_card_diners"], "Succeeds (Diners Club)"),
    card("36227206271667", &[], "Succeeds (Diners Club, 14 digits)"),
    card("3566002020360505", &["pm_card_jcb"], "Succeeds (JCB)"),
    card("6200000000000005", &["pm_card_unionpay"], "Succeeds (UnionPay)"),
    card("6200000000000047", &[], "Succeeds (UnionPay debit)").funding(Funding::Debit),
    // By country.
    card("4000000760000002", &["pm_card_br"], "Succeeds (Brazil)").country("BR"),
    card("4000001240000000", &["pm_card_ca"], "Succeeds (Canada)").country("CA"),
    card("4000004840008001", &["pm_card_mx"], "Succeeds (Mexico)").country("MX"),
    card("4000000400000008", &["pm_card_at"], "Succeeds (Austria)").country("AT"),
    card("4000002500000003", &["pm_card_fr"], "Succeeds (France)").country("FR"),
    card("4000002760000016", &["pm_card_de"], "Succeeds (Germany)").country("DE"),
    card("4000008260000000", &["pm_card_gb"], "Succeeds (United Kingdom)").country("GB"),
    card("4000000360000006", &["pm_card_au"], "Succeeds (Australia)").country("AU"),
    card("4000003920000003", &["pm_card_jp"], "Succeeds (Japan)").country("JP"),
    // Declines.
    card(
        "4000000000000002",
        &["pm_card_visa_chargeDeclined", "pm_card_chargeDeclined"],
        "Declined without a reason",
    )
    .declines(Decline::Generic),
    card(
        "4000000000009995",
        &["pm_card_visa_chargeDeclinedInsufficientFunds", "pm_card_chargeDeclinedInsufficientFunds"],
        "Declined: insufficient funds",
    )
    .declines(Decline::InsufficientFunds),
    card(
        "4000000000009987",
        &["pm_card_visa_chargeDeclinedLostCard", "pm_card_chargeDeclinedLostCard"],
        "Declined: lost card",
    )
    .declines(Decline::LostCard),
    card(
        "4000000000009979",
        &["pm_card_visa_chargeDeclinedStolenCard", "pm_card_chargeDeclinedStolenCard"],
        "Declined: stolen card",
    )
    .declines(Decline::StolenCard),
    card("4000000000000069", &["pm_card_chargeDeclinedExpiredCard"], "Declined: expired card")
        .declines(Decline::ExpiredCard),
    card("4000000000000127", &["pm_card_chargeDeclinedIncorrectCvc"], "Declined: wrong security code")
        .declines(Decline::IncorrectCvc)
        .checks(FAIL, PASS, PASS),
    card("4000000000000119", &["pm_card_chargeDeclinedProcessingError"], "Declined: processing error")
        .declines(Decline::ProcessingError),
    card(
        "4000000000006975",
        &["pm_card_visa_chargeDeclinedVelocityLimitExceeded", "pm_card_chargeDeclinedVelocityLimitExceeded"],
        "Declined: used too often",
    )
    .declines(Decline::VelocityExceeded),
    card("4000000000000341", &["pm_card_chargeCustomerFail"], "Can be saved, then is declined")
        .attaches_only(),
    // Fraud.
    card("4100000000000019", &["pm_card_radarBlock", "pm_card_chargeDeclinedFraudulent"], "Blocked as fraud")
        .declines(Decline::Fraudulent),
    card("4000000000004954", &["pm_card_riskLevelHighest"], "Blocked: highest risk")
        .declines(Decline::Fraudulent),
    card("4000000000009235", &["pm_card_riskLevelElevated"], "Succeeds with elevated risk").risky(),
    card("4000000000000101", &["pm_card_cvcCheckFail"], "Succeeds, security code check fails")
        .checks(FAIL, PASS, PASS),
    card("4000000000000036", &["pm_card_avsZipFail"], "Succeeds, postal code check fails")
        .checks(PASS, PASS, FAIL),
    card("4000000000000028", &["pm_card_avsLine1Fail"], "Succeeds, address check fails")
        .checks(PASS, FAIL, PASS),
    card("4000000000000010", &["pm_card_avsFail"], "Succeeds, address and postal code checks fail")
        .checks(PASS, FAIL, FAIL),
    card("4000000000000044", &["pm_card_avsUnchecked"], "Succeeds, address is not checked")
        .checks(PASS, None, None),
    // Disputes.
    card("4000000000000259", &["pm_card_createDispute"], "Succeeds, then disputed as fraudulent")
        .disputes(DisputeKind::Fraudulent),
    card(
        "4000000000002685",
        &["pm_card_createDisputeProductNotReceived"],
        "Succeeds, then disputed as not received",
    )
    .disputes(DisputeKind::ProductNotReceived),
    card("4000000000001976", &["pm_card_createDisputeInquiry"], "Succeeds, then an inquiry")
        .disputes(DisputeKind::Inquiry),
    // Refunds and balance.
    card("4000000000007726", &["pm_card_pendingRefund"], "Succeeds, refunds are pending")
        .refunds(RefundFate::Pend),
    card("4000000000005126", &["pm_card_refundFail"], "Succeeds, refunds fail a moment later")
        .refunds(RefundFate::SucceedThenFail),
    card("4000000000000077", &["pm_card_bypassPending"], "Succeeds, funds available at once"),
    card(
        "4000003720000278",
        &["pm_card_bypassPendingInternational"],
        "Succeeds, funds available at once (Ireland)",
    )
    .country("IE"),
    // 3-D Secure.
    card("4000002500003155", &["pm_card_authenticationRequiredOnSetup"], "3-D Secure, until saved for later")
        .asks(Authentication::UnlessSetUp)
        .country("FR"),
    card("4000002760003184", &["pm_card_authenticationRequired"], "3-D Secure, always")
        .asks(Authentication::Required)
        .country("DE"),
    card(
        "4000003800000446",
        &["pm_card_authenticationRequiredSetupForOffSession"],
        "3-D Secure, already saved",
    )
    .asks(Authentication::AlreadySetUp)
    .country("IT"),
    card(
        "4000008260003178",
        &["pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"],
        "3-D Secure, then insufficient funds",
    )
    .asks(Authentication::Required)
    .declines(Decline::InsufficientFunds)
    .country("GB"),
    card(
        "4000000000003220",
        &["pm_card_threeDSecure2Required", "pm_card_threeDSecureRequired"],
        "3-D Secure 2 required",
    )
    .asks(Authentication::Required),
    card("4000008400001629", &["pm_card_threeDSecureRequiredChargeDeclined"], "3-D Secure, then declined")
        .asks(Authentication::Required)
        .declines(Decline::Generic),
    card(
        "4000008400001280",
        &["pm_card_threeDSecureRequiredProcessingError"],
        "3-D Secure cannot be reached",
    )
    .asks(Authentication::Broken(Decline::ProcessingError)),
    card("4000000000003055", &["pm_card_threeDSecureOptional"], "3-D Secure only when asked for")
        .asks(Authentication::Optional),
];

/// The card with this number, digits only.
pub(crate) fn by_number(number: &str) -> Option<&'static TestCard> {
    BOOK.iter().find(|card| card.number == number)
}

/// The card of a `pm_card_…` token.
pub(crate) fn by_token(token: &str) -> Option<&'static TestCard> {
    BOOK.iter().find(|card| card.tokens.contains(&token))
}

/// The cards worth a button on the page that a person pays on.
pub(crate) fn quick_choices() -> impl Iterator<Item = &'static TestCard> {
    [
        "5555555555554444",
        "4000000000000002",
        "4000000000009995",
        "4000000000000069",
        "4000000000000127",
        "4000000000000119",
        "4000000000003220",
        "4000008260003178",
        "4000000000000259",
    ]
    .into_iter()
    .filter_map(by_number)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{BOOK, Brand, quick_choices};
    use crate::cards::number::check_digit_is_right;

    #[test]
    fn every_number_is_a_valid_card_number_and_stands_once() {
        let mut seen = HashSet::new();
        for card in BOOK {
            assert!(check_digit_is_right(card.number), "{}", card.number);
            assert_ne!(card.brand(), Brand::Unknown, "{}", card.number);
            assert!(seen.insert(card.number), "{} stands twice", card.number);
        }
    }

    #[test]
    fn every_token_stands_for_one_card() {
        let mut seen = HashSet::new();
        for token in BOOK.iter().flat_map(|card| card.tokens) {
            assert!(token.starts_with("pm_card_"));
            assert!(seen.insert(token), "{token} stands twice");
        }
    }

    #[test]
    fn the_page_offers_known_cards() {
        assert_eq!(quick_choices().count(), 9);
    }
}
