//! What the log says of a gift card: never its code, and of a note that there is one.

use super::subject;
use stoa_domain::{
    audit::{AuditValue, Changes},
    gift_card::{GiftCard, GiftCardKind, GiftCardState},
};

/// What the log calls a field, and what it says of it.
type Field = (&'static str, fn(&GiftCard) -> AuditValue);

const FIELDS: [Field; 6] = [
    ("lastCharacters", |card| match card.kind {
        GiftCardKind::Card { last } => last.as_str().to_owned().into(),
        GiftCardKind::Credit { .. } => AuditValue::Nothing,
    }),
    ("customerId", |card| match card.kind {
        GiftCardKind::Card { .. } => AuditValue::Nothing,
        GiftCardKind::Credit { customer } => customer.to_string().into(),
    }),
    ("currency", |card| card.currency.code().into()),
    ("balance", |card| card.balance.into()),
    ("enabled", |card| (card.state == GiftCardState::Enabled).into()),
    ("expiresAt", |card| card.expires_at.map(|end| end.to_rfc3339()).into()),
];

/// What is other than it was; before and after with what staff note. `None`: there was no such card.
pub(super) fn card(
    before: Option<(&GiftCard, Option<&String>)>,
    (after, note): (&GiftCard, Option<&String>),
) -> Changes {
    let mut changes = Changes::of(subject(after.id));
    for (name, field) in FIELDS {
        changes =
            changes.field(name, before.map_or(AuditValue::Nothing, |(card, _)| field(card)), field(after));
    }
    changes.hidden("note", before.and_then(|(_, note)| note), note)
}
