//! A gift card, as staff see it.

use crate::graphql::{
    MoneyV2,
    scalars::{DateTime, Gid},
};
use async_graphql::{Enum, Object};
use stoa_domain::{
    gift_card::{self, GiftCardState},
    shared::{CustomerId, GiftCardId, LineItemId, Money},
};
use stoa_persistence::gift_card::StaffGiftCard;

/// Who may spend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum GiftCardKind {
    /// Whoever knows its code.
    Card,
    /// A customer, without a code: their store credit.
    Credit,
}

/// A gift card, or a customer's store credit, as staff see it.
#[derive(Clone, Debug)]
pub struct AdminGiftCard(pub(in crate::graphql::admin) StaffGiftCard);

impl AdminGiftCard {
    fn money(&self, minor: i64) -> MoneyV2 {
        Money::new(minor, self.0.card.currency).into()
    }
}

/// A gift card, or a customer's store credit. Its code is nowhere to be read: it was told once.
#[Object]
impl AdminGiftCard {
    /// What is on it.
    async fn balance(&self) -> MoneyV2 {
        self.money(self.0.card.balance)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.card.created_at.into()
    }

    /// Who has made it: somebody on the staff, a key, or the order with which it was sold.
    async fn created_by(&self) -> &str {
        &self.0.created_by
    }

    /// The global id of the customer whose store credit it is; null of a card.
    async fn customer_id(&self) -> Option<Gid<CustomerId>> {
        match self.0.card.kind {
            gift_card::GiftCardKind::Card { .. } => None,
            gift_card::GiftCardKind::Credit { customer } => Some(Gid(customer)),
        }
    }

    /// Whether anything can be paid with it, as long as something is on it and it is not over.
    async fn enabled(&self) -> bool {
        self.0.card.state == GiftCardState::Enabled
    }

    /// From when on nothing can be paid with it; null: it stays good.
    async fn expires_at(&self) -> Option<DateTime> {
        self.0.card.expires_at.map(Into::into)
    }

    /// The global id.
    async fn id(&self) -> Gid<GiftCardId> {
        Gid(self.0.card.id)
    }

    /// What was on it at first.
    async fn initial_value(&self) -> MoneyV2 {
        self.money(self.0.card.initial)
    }

    /// Who may spend it.
    async fn kind(&self) -> GiftCardKind {
        match self.0.card.kind {
            gift_card::GiftCardKind::Card { .. } => GiftCardKind::Card,
            gift_card::GiftCardKind::Credit { .. } => GiftCardKind::Credit,
        }
    }

    /// The last four characters of its code; null of store credit.
    async fn last_characters(&self) -> Option<String> {
        match self.0.card.kind {
            gift_card::GiftCardKind::Card { last } => Some(last.as_str().to_owned()),
            gift_card::GiftCardKind::Credit { .. } => None,
        }
    }

    /// What staff note of it.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// The global id of the order's line with which it was sold; null of one that staff have made.
    async fn sold_line_item_id(&self) -> Option<Gid<LineItemId>> {
        self.0.sold_as.map(|(line, _)| Gid(line))
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.card.updated_at.into()
    }

    /// Rises by 1 with every change, payments with it too: who changes it says which one they have read.
    async fn version(&self) -> i64 {
        self.0.card.version
    }
}
