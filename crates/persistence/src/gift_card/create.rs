//! Making gift cards and store credit by hand.

use super::{
    cards::{NewGiftCard, first_entry},
    entities::cards,
    ledger::append,
    map::{card_of, row},
};
use crate::db::{Batch, Raw, WriteTx, fault};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::OnConflict};
use stoa_domain::{
    gift_card::{GiftCard, GiftCardKind},
    shared::{Currency, CustomerId, Fault},
};
use uuid::Uuid;

/// Makes a card, with the first entry of its ledger. False, and nothing is written, where there is one with its id or its code, or where the customer
/// has store credit in its currency; the transaction may go on then.
///
/// # Errors
/// The database does not answer.
pub async fn create(tx: &WriteTx, new: &NewGiftCard) -> Result<bool, Fault> {
    let known = OnConflict::new().do_nothing().to_owned();
    let insert = cards::Entity::insert(row(new)?).on_conflict(known);
    match insert.exec_without_returning(tx.raw()).await {
        Ok(0) | Err(DbErr::RecordNotInserted) => return Ok(false),
        Ok(_) => {}
        Err(error) => return Err(fault("gift_card.create")(error)),
    }
    let mut batch = Batch::new();
    append(&mut batch, &[first_entry(new)]);
    batch.write(tx).await?;
    Ok(true)
}

/// A customer's store credit in a currency, locked until the transaction ends: the one that there is, or else `new`. Asked for twice at once there is one.
///
/// # Errors
/// It is no store credit, or the database does not answer.
pub async fn lock_credit(tx: &WriteTx, new: &NewGiftCard) -> Result<GiftCard, Fault> {
    let GiftCardKind::Credit { customer } = new.card.kind else {
        return Err(Fault::bug("gift_card.lock_credit: a card with a code"));
    };
    if let Some(there) = locked(tx, customer, new.card.currency).await? {
        return Ok(there);
    }
    create(tx, new).await?;
    let made = locked(tx, customer, new.card.currency).await?;
    made.ok_or(Fault::bug("gift_card.lock_credit: it was made, and is not there"))
}

async fn locked(tx: &WriteTx, customer: CustomerId, currency: Currency) -> Result<Option<GiftCard>, Fault> {
    let found = cards::Entity::find()
        .filter(cards::Column::CustomerId.eq(customer.uuid()))
        .filter(cards::Column::Currency.eq(currency.code()))
        .filter(cards::Column::Kind.eq("credit"))
        .order_by_asc(cards::Column::Id)
        .lock_exclusive()
        .one(tx.raw())
        .await
        .map_err(fault("gift_card.lock_credit"))?;
    found.as_ref().map(card_of).transpose()
}

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
    let new = NewGiftCard {
        card: card.clone(),
        code_hash: hash.map(str::to_owned),
        sold_as: None,
        note: None,
        created_by: by.to_owned(),
        entry,
    };
    match create(tx, &new).await? {
        true => Ok(()),
        false => Err(Fault::bug("gift_card.insert: there is such a card")),
    }
}
