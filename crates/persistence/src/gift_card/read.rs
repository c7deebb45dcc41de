//! Finding gift cards: those of a cart, and those that have codes.

use super::{entities::cards, map::card_of};
use crate::db::{Conn, fault, padded};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use stoa_domain::{
    gift_card::GiftCard,
    shared::{Currency, CustomerId, Fault, GiftCardId},
};
use uuid::Uuid;

/// These cards, and a customer's store credit in a currency, in any order; those that are gone are absent. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn of_cart(
    conn: &impl Conn,
    cards: &[GiftCardId],
    credit: Option<(CustomerId, Currency)>,
) -> Result<Vec<GiftCard>, Fault> {
    use cards::Column as C;
    let ids: Vec<Uuid> = cards.iter().map(|id| id.uuid()).collect();
    let mut wanted = Condition::any();
    if !ids.is_empty() {
        wanted = wanted.add(C::Id.is_in(padded(&ids)));
    }
    if let Some((customer, currency)) = credit {
        let credit = Condition::all()
            .add(C::CustomerId.eq(customer.uuid()))
            .add(C::Currency.eq(currency.code()))
            .add(C::Kind.eq("credit"));
        wanted = wanted.add(credit);
    }
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let rows = cards::Entity::find().filter(wanted).all(conn.raw()).await;
    rows.map_err(fault("gift_card.of_cart"))?.iter().map(card_of).collect()
}

/// A customer's store credit, one a currency, by currency. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn credit_of(conn: &impl Conn, customer: CustomerId) -> Result<Vec<GiftCard>, Fault> {
    let theirs = cards::Entity::find()
        .filter(cards::Column::CustomerId.eq(customer.uuid()))
        .filter(cards::Column::Kind.eq("credit"))
        .order_by_asc(cards::Column::Currency);
    let rows = theirs.all(conn.raw()).await.map_err(fault("gift_card.credit_of"))?;
    rows.iter().map(card_of).collect()
}

/// The cards that have codes with these hashes, each with its hash. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn by_hashes(conn: &impl Conn, hashes: &[String]) -> Result<Vec<(String, GiftCard)>, Fault> {
    let of_these = cards::Column::CodeHash.is_in(hashes.iter().map(String::as_str));
    let rows = cards::Entity::find().filter(of_these).all(conn.raw()).await;
    let rows = rows.map_err(fault("gift_card.by_hashes"))?;
    let with_hash = |row: cards::Model| {
        let card = card_of(&row);
        row.code_hash.map(|hash| card.map(|card| (hash, card)))
    };
    rows.into_iter().filter_map(with_hash).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        gift_card::insert,
        testing::{TestShop, at},
    };
    use stoa_domain::{
        gift_card::{GiftCardKind, GiftCardState, Last4},
        shared::IdGenerator,
    };

    fn of(shop: &TestShop, kind: GiftCardKind, currency: &str) -> GiftCard {
        GiftCard {
            id: GiftCardId::new(shop.ids.id()),
            kind,
            currency: Currency::parse(currency).unwrap(),
            initial: 500,
            balance: 500,
            state: GiftCardState::Enabled,
            expires_at: Some(at(9)),
            version: 1,
            created_at: at(1),
            updated_at: at(1),
        }
    }

    #[tokio::test]
    async fn a_cart_finds_its_cards_and_the_credit_of_its_customer() {
        let shop = TestShop::open().await;
        let (ada, bob) = (CustomerId::new(shop.ids.id()), CustomerId::new(shop.ids.id()));
        let last = Last4::parse("7KQ2").unwrap();
        let card = of(&shop, GiftCardKind::Card { last }, "EUR");
        let credit = of(&shop, GiftCardKind::Credit { customer: ada }, "EUR");
        let others = [
            of(&shop, GiftCardKind::Credit { customer: ada }, "USD"),
            of(&shop, GiftCardKind::Credit { customer: bob }, "EUR"),
        ];
        shop.tx(async |tx| {
            insert(tx, &card, Some("a hash"), (shop.ids.id(), "test")).await?;
            for credit in others.iter().chain([&credit]) {
                insert(tx, credit, None, (shop.ids.id(), "test")).await?;
            }
            Ok(())
        })
        .await;
        let euros = Currency::parse("EUR").unwrap();
        let nobodys = GiftCardId::new(shop.ids.id());
        let before = shop.db.statements();
        let mut found = of_cart(shop.db.read(), &[card.id, nobodys], Some((ada, euros))).await.unwrap();
        assert_eq!(shop.db.statements() - before, 1);
        found.sort_by_key(|card| card.id);
        assert_eq!(found, [card.clone(), credit]);
        assert_eq!(of_cart(shop.db.read(), &[card.id], None).await.unwrap(), std::slice::from_ref(&card));
        let hashes = ["a hash".to_owned(), "another".to_owned()];
        assert_eq!(by_hashes(shop.db.read(), &hashes).await.unwrap(), [("a hash".to_owned(), card)]);
    }
}
