//! Making gift cards.

use crate::db::{Raw, WriteTx, fault, stored};
use sea_orm::{ConnectionTrait, sea_query::Query};
use stoa_domain::{
    gift_card::{GiftCard, GiftCardKind, GiftCardState},
    shared::Fault,
};
use uuid::Uuid;

/// Makes a card, with the first entry of its ledger, which is `entry`. Of a card that has a code, `hash` is what it is looked up by.
///
/// # Errors
/// Another card has the code, or the database does not answer.
pub async fn insert(
    tx: &WriteTx,
    card: &GiftCard,
    hash: Option<&str>,
    (entry, by): (Uuid, &str),
) -> Result<(), Fault> {
    let (kind, last, customer) = match card.kind {
        GiftCardKind::Card { last } => ("card", Some(last.as_str().to_owned()), None),
        GiftCardKind::Credit { customer } => ("credit", None, Some(customer.uuid())),
    };
    let state = match card.state {
        GiftCardState::Enabled => "enabled",
        GiftCardState::Disabled => "disabled",
    };
    let mut row = Query::insert();
    row.into_table("gift_cards")
        .columns([
            "id",
            "kind",
            "code_hash",
            "last_characters",
            "customer_id",
            "currency",
            "initial",
            "balance",
            "state",
            "expires_at",
            "created_by",
            "version",
            "created_at",
            "updated_at",
        ])
        .values_panic([
            card.id.uuid().into(),
            kind.into(),
            hash.map(ToOwned::to_owned).into(),
            last.into(),
            customer.into(),
            card.currency.code().into(),
            card.initial.into(),
            card.balance.into(),
            state.into(),
            card.expires_at.map(stored).into(),
            by.into(),
            card.version.into(),
            stored(card.created_at).into(),
            stored(card.updated_at).into(),
        ]);
    tx.raw().execute(&row).await.map_err(fault("gift_card.insert"))?;
    let mut first = Query::insert();
    first
        .into_table("gift_card_entries")
        .columns(["id", "gift_card_id", "at", "delta", "kind", "actor"])
        .values_panic([
            entry.into(),
            card.id.uuid().into(),
            stored(card.created_at).into(),
            card.initial.into(),
            "issued".into(),
            by.into(),
        ]);
    tx.raw().execute(&first).await.map(drop).map_err(fault("gift_card.insert"))
}
