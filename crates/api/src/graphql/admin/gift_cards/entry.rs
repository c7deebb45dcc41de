//! An entry of a gift card's ledger, as staff see it.

use crate::graphql::{
    MoneyV2,
    scalars::{DateTime, Gid},
};
use async_graphql::{Enum, Object};
use stoa_domain::{
    gift_card::EntryKind,
    shared::{Currency, Money, OrderId, RefundId},
};
use stoa_persistence::gift_card::KeptEntry;

/// Why an amount has gone onto a gift card, or off it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum GiftCardEntryKind {
    /// Staff said so.
    Adjusted,
    /// It was over, and what was on it with it.
    Expired,
    /// The order that it had paid for came to nothing.
    GivenBack,
    /// It was made with so much on it.
    Issued,
    /// Something that it had paid for was refunded.
    Refunded,
    /// It paid for an order.
    Spent,
}

/// An entry of a gift card's ledger.
#[derive(Clone, Debug)]
pub struct AdminGiftCardEntry {
    kept: KeptEntry,
    currency: Currency,
}

impl AdminGiftCardEntry {
    pub(super) const fn new(kept: KeptEntry, currency: Currency) -> Self {
        Self { kept, currency }
    }
}

/// What has gone onto a gift card, or off it. Entries never change, and sum to what is on the card.
#[Object]
impl AdminGiftCardEntry {
    /// How much; below zero: off the card.
    async fn amount(&self) -> MoneyV2 {
        Money::new(self.kept.entry.delta, self.currency).into()
    }

    /// When.
    async fn created_at(&self) -> DateTime {
        self.kept.entry.at.into()
    }

    /// Who has caused it: `system`, somebody on the staff, or a key.
    async fn created_by(&self) -> &str {
        &self.kept.actor
    }

    /// Why.
    async fn kind(&self) -> GiftCardEntryKind {
        match self.kept.entry.kind {
            EntryKind::Issued => GiftCardEntryKind::Issued,
            EntryKind::Spent(_) => GiftCardEntryKind::Spent,
            EntryKind::GivenBack(_) => GiftCardEntryKind::GivenBack,
            EntryKind::Refunded(_) => GiftCardEntryKind::Refunded,
            EntryKind::Adjusted => GiftCardEntryKind::Adjusted,
            EntryKind::Expired => GiftCardEntryKind::Expired,
        }
    }

    /// The global id of the order that it has paid for, or that has come to nothing; null otherwise.
    async fn order_id(&self) -> Option<Gid<OrderId>> {
        match self.kept.entry.kind {
            EntryKind::Spent(order) | EntryKind::GivenBack(order) => Some(Gid(order)),
            EntryKind::Issued | EntryKind::Refunded(_) | EntryKind::Adjusted | EntryKind::Expired => None,
        }
    }

    /// The global id of the refund that came back to it; null otherwise.
    async fn refund_id(&self) -> Option<Gid<RefundId>> {
        match self.kept.entry.kind {
            EntryKind::Refunded(refund) => Some(Gid(refund)),
            EntryKind::Issued
            | EntryKind::Spent(_)
            | EntryKind::GivenBack(_)
            | EntryKind::Adjusted
            | EntryKind::Expired => None,
        }
    }
}
