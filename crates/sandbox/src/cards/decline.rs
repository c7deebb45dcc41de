//! Why a card is declined, in Stripe's codes and words.
//!
//! Source: Stripe's pages on error codes and decline codes.

/// A reason for a decline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decline {
    /// The issuer gives no reason.
    Generic,
    /// Not enough money.
    InsufficientFunds,
    /// Reported lost.
    LostCard,
    /// Reported stolen.
    StolenCard,
    /// Past its date.
    ExpiredCard,
    /// The security code is not the one on the card.
    IncorrectCvc,
    /// Something broke on the way.
    ProcessingError,
    /// Used too often or for too much.
    VelocityExceeded,
    /// Blocked as fraud before it reached the issuer.
    Fraudulent,
    /// The issuer wants the buyer to authenticate, and the buyer is not there.
    AuthenticationRequired,
    /// A number that is no test card: it might be somebody's real one.
    LiveCard,
}

impl Decline {
    /// Stripe's error code.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::ExpiredCard => "expired_card",
            Self::IncorrectCvc => "incorrect_cvc",
            Self::ProcessingError => "processing_error",
            Self::AuthenticationRequired => "authentication_required",
            Self::Generic
            | Self::InsufficientFunds
            | Self::LostCard
            | Self::StolenCard
            | Self::VelocityExceeded
            | Self::Fraudulent
            | Self::LiveCard => "card_declined",
        }
    }

    /// Stripe's decline code.
    pub(crate) fn decline_code(self) -> &'static str {
        match self {
            Self::Generic => "generic_decline",
            Self::InsufficientFunds => "insufficient_funds",
            Self::LostCard => "lost_card",
            Self::StolenCard => "stolen_card",
            Self::ExpiredCard => "expired_card",
            Self::IncorrectCvc => "incorrect_cvc",
            Self::ProcessingError => "processing_error",
            Self::VelocityExceeded => "card_velocity_exceeded",
            Self::Fraudulent => "fraudulent",
            Self::AuthenticationRequired => "authentication_required",
            Self::LiveCard => "test_mode_live_card",
        }
    }

    /// The sentence that the buyer may read. A lost or stolen card is not called so: the buyer may be the thief.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Generic | Self::LostCard | Self::StolenCard | Self::Fraudulent => "Your card was declined.",
            Self::InsufficientFunds => "Your card has insufficient funds.",
            Self::ExpiredCard => "Your card has expired.",
            Self::IncorrectCvc => "Your card's security code is incorrect.",
            Self::ProcessingError => {
                "An error occurred while processing your card. Try again in a little bit."
            }
            Self::VelocityExceeded => {
                "Your card was declined for making repeated attempts too frequently or exceeding its amount limit."
            }
            Self::AuthenticationRequired => {
                "Your card was declined. This transaction requires authentication."
            }
            Self::LiveCard => {
                "Your card was declined. Your request was in test mode, but used a non test (live) card. For a \
                 list of valid test cards, visit: https://stripe.com/docs/testing."
            }
        }
    }

    /// The parameter to blame.
    pub(crate) fn param(self) -> Option<&'static str> {
        match self {
            Self::ExpiredCard => Some("exp_month"),
            Self::IncorrectCvc => Some("cvc"),
            _ => None,
        }
    }

    /// What the network advises.
    pub(crate) fn advice_code(self) -> Option<&'static str> {
        match self {
            Self::Generic | Self::InsufficientFunds | Self::ProcessingError | Self::VelocityExceeded => {
                Some("try_again_later")
            }
            Self::LostCard | Self::StolenCard => Some("do_not_try_again"),
            Self::ExpiredCard | Self::IncorrectCvc => Some("confirm_card_data"),
            Self::Fraudulent | Self::AuthenticationRequired | Self::LiveCard => None,
        }
    }

    /// The issuer's response code (ISO 8583, field 39), where the request reached an issuer.
    pub(crate) fn network_code(self) -> Option<&'static str> {
        match self {
            Self::Generic => Some("01"),
            Self::InsufficientFunds => Some("51"),
            Self::LostCard => Some("41"),
            Self::StolenCard => Some("43"),
            Self::ExpiredCard => Some("54"),
            Self::IncorrectCvc => Some("N7"),
            Self::VelocityExceeded => Some("61"),
            Self::AuthenticationRequired => Some("1A"),
            Self::ProcessingError | Self::Fraudulent | Self::LiveCard => None,
        }
    }

    /// Whether Stripe stopped the payment itself, so that no issuer saw it.
    pub(crate) fn blocked(self) -> bool {
        matches!(self, Self::Fraudulent | Self::LiveCard)
    }
}
