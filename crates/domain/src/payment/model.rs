//! A payment of an order.

use crate::shared::{Currency, GiftCardId, OrderId, PaymentId, Timestamp};

/// Where the gateway's object stands. The names are Stripe's `PaymentIntent.status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaymentState {
    /// No card yet, or the last one was declined.
    RequiresPaymentMethod,
    /// A card is there, the word "pay" is not.
    RequiresConfirmation,
    /// The buyer must prove who they are.
    RequiresAction,
    /// The bank is thinking.
    Processing,
    /// Reserved, to be captured.
    RequiresCapture,
    /// The money is ours.
    Succeeded,
    /// It will never come.
    Canceled,
}

impl PaymentState {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::RequiresPaymentMethod,
        Self::RequiresConfirmation,
        Self::RequiresAction,
        Self::Processing,
        Self::RequiresCapture,
        Self::Succeeded,
        Self::Canceled,
    ];

    /// Stripe's name for it, which is also what we store.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RequiresPaymentMethod => "requires_payment_method",
            Self::RequiresConfirmation => "requires_confirmation",
            Self::RequiresAction => "requires_action",
            Self::Processing => "processing",
            Self::RequiresCapture => "requires_capture",
            Self::Succeeded => "succeeded",
            Self::Canceled => "canceled",
        }
    }

    /// Reads [`name`](Self::name) back; `None` for a state that did not exist when this was written.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }

    /// Whether nothing more will happen to it by itself.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Canceled)
    }
}

/// A payment. Amounts are minor units of `currency`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Which.
    pub id: PaymentId,
    /// Of which order.
    pub order: OrderId,
    /// The gateway's name, such as `stripe`.
    pub gateway: String,
    /// The gateway's id of it (`pi_…`); `None` until the gateway has answered.
    pub intent: Option<String>,
    /// Where it stands.
    pub state: PaymentState,
    /// What the order costs.
    pub amount: i64,
    /// In which currency.
    pub currency: Currency,
    /// What has come.
    pub amount_received: i64,
    /// What has gone back.
    pub amount_refunded: i64,
    /// Whether the buyer's bank disputes it.
    pub disputed: bool,
    /// As of when that is known, by the gateway's clock; `None` while no dispute was heard of.
    pub dispute_at: Option<Timestamp>,
    /// Why the last attempt failed, as the gateway's code (`card_declined`).
    pub last_error: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Payment {
    /// The name of the gateway whose payments are those that gift cards and store credit have made. It is our own: no gateway outside of the house
    /// hears of them.
    pub const STORED_VALUE: &'static str = "gift_card";

    /// What names such a payment of an order at that gateway: the card, and the order.
    pub fn stored_value_intent(card: GiftCardId, order: OrderId) -> String {
        format!("{card}:{order}")
    }

    /// Whether a gift card or store credit has made it.
    pub fn is_stored_value(&self) -> bool {
        self.gateway == Self::STORED_VALUE
    }

    /// The gift card or store credit that has made it; `None`: none has.
    pub fn card(&self) -> Option<GiftCardId> {
        let (card, _) = self.intent.as_deref().filter(|_| self.is_stored_value())?.split_once(':')?;
        card.parse().ok()
    }
}
