//! Rows to gift cards and back.

use super::{cards::NewGiftCard, entities::cards};
use crate::db::{fitting, stored};
use sea_orm::ActiveValue::Set;
use stoa_domain::{
    gift_card::{GiftCard, GiftCardKind, GiftCardState, Last4},
    shared::{Currency, CustomerId, Fault, GiftCardId},
};

/// Characters of who has made a card.
const NAME: usize = 255;

/// The row of a new card.
pub(super) fn row(new: &NewGiftCard) -> Result<cards::ActiveModel, Fault> {
    let NewGiftCard { card, code_hash, sold_as, note, created_by, .. } = new;
    let (kind, last, customer) = match &card.kind {
        GiftCardKind::Card { last } => ("card", Some(last.as_str().to_owned()), None),
        GiftCardKind::Credit { customer } => ("credit", None, Some(customer.uuid())),
    };
    let unit = sold_as.map(|(_, unit)| i32::try_from(unit)).transpose();
    Ok(cards::ActiveModel {
        id: Set(card.id.uuid()),
        kind: Set(kind.to_owned()),
        code_hash: Set(code_hash.clone()),
        last_characters: Set(last),
        customer_id: Set(customer),
        currency: Set(card.currency.code().to_owned()),
        initial: Set(card.initial),
        balance: Set(card.balance),
        state: Set(state_name(card.state).to_owned()),
        expires_at: Set(card.expires_at.map(stored)),
        order_line_id: Set(sold_as.map(|(line, _)| line.uuid())),
        unit: Set(unit.map_err(|e| Fault::internal("gift_card.issue", e))?),
        note: Set(note.as_deref().map(|note| fitting(note, usize::MAX))),
        created_by: Set(fitting(created_by, NAME)),
        version: Set(card.version),
        created_at: Set(stored(card.created_at)),
        updated_at: Set(stored(card.updated_at)),
    })
}

/// The card of a row.
pub(super) fn card_of(row: &cards::Model) -> Result<GiftCard, Fault> {
    const UNREADABLE: Fault = Fault::bug("gift_card.read: a row that no version of the program writes");
    let kind = match (row.kind.as_str(), row.customer_id) {
        ("credit", Some(customer)) => GiftCardKind::Credit { customer: CustomerId::new(customer) },
        _ => {
            let last = row.last_characters.as_deref().unwrap_or_default();
            GiftCardKind::Card { last: Last4::parse(last).map_err(|_| UNREADABLE)? }
        }
    };
    Ok(GiftCard {
        id: GiftCardId::new(row.id),
        kind,
        currency: Currency::parse(&row.currency).map_err(|_| UNREADABLE)?,
        initial: row.initial,
        balance: row.balance,
        state: match row.state.as_str() {
            "enabled" => GiftCardState::Enabled,
            _ => GiftCardState::Disabled,
        },
        expires_at: row.expires_at,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The name of a state in the database.
pub(super) const fn state_name(state: GiftCardState) -> &'static str {
    match state {
        GiftCardState::Enabled => "enabled",
        GiftCardState::Disabled => "disabled",
    }
}
