//! Finding gift cards: those of a cart, and those that have codes.

use crate::db::{Conn, fault, padded};
use sea_orm::{
    ConnectionTrait, DbErr, QueryResult,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};
use stoa_domain::{
    gift_card::{GiftCard, GiftCardKind, GiftCardState, Last4},
    shared::{Currency, CustomerId, Fault, GiftCardId},
};
use uuid::Uuid;

const CARDS: &str = "gift_cards";

/// These cards, and a customer's store credit in a currency, in any order; those that are gone are absent. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn of_cart(
    conn: &impl Conn,
    cards: &[GiftCardId],
    credit: Option<(CustomerId, Currency)>,
) -> Result<Vec<GiftCard>, Fault> {
    let ids: Vec<Uuid> = cards.iter().map(|id| id.uuid()).collect();
    let mut wanted = sea_orm::Condition::any();
    if !ids.is_empty() {
        wanted = wanted.add(Expr::col("id").is_in(padded(&ids)));
    }
    if let Some((customer, currency)) = credit {
        let of_customer = Expr::col("customer_id").eq(customer.uuid());
        let credit =
            of_customer.and(Expr::col("currency").eq(currency.code())).and(Expr::col("kind").eq("credit"));
        wanted = wanted.add(credit);
    }
    let mut query = query();
    query.cond_where(wanted);
    let rows = conn.raw().query_all(&query).await.map_err(fault("gift_card.of_cart"))?;
    rows.iter().map(|row| card(row).map_err(fault("gift_card.of_cart"))).collect()
}

/// The cards that have codes with these hashes, each with its hash. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn by_hashes(conn: &impl Conn, hashes: &[String]) -> Result<Vec<(String, GiftCard)>, Fault> {
    let mut query = query();
    query.and_where(Expr::col("code_hash").is_in(hashes.iter().cloned()));
    let rows = conn.raw().query_all(&query).await.map_err(fault("gift_card.by_hashes"))?;
    let read = |row: &QueryResult| Ok((row.try_get("", "code_hash")?, card(row)?));
    rows.iter().map(|row| read(row).map_err(fault("gift_card.by_hashes"))).collect()
}

fn query() -> SelectStatement {
    let columns = [
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
        "version",
        "created_at",
        "updated_at",
    ];
    Query::select().columns(columns).from(CARDS).take()
}

fn card(row: &QueryResult) -> Result<GiftCard, DbErr> {
    let unreadable = |what: &str| DbErr::Type(format!("a gift card's {what} cannot be read"));
    let kind = match row.try_get::<Option<Uuid>>("", "customer_id")? {
        Some(customer) if row.try_get::<String>("", "kind")? == "credit" => {
            GiftCardKind::Credit { customer: CustomerId::new(customer) }
        }
        _ => {
            let last: Option<String> = row.try_get("", "last_characters")?;
            let last = Last4::parse(&last.unwrap_or_default()).map_err(|_| unreadable("last characters"))?;
            GiftCardKind::Card { last }
        }
    };
    let currency: String = row.try_get("", "currency")?;
    let state: String = row.try_get("", "state")?;
    Ok(GiftCard {
        id: GiftCardId::new(row.try_get("", "id")?),
        kind,
        currency: Currency::parse(&currency).map_err(|_| unreadable("currency"))?,
        initial: row.try_get("", "initial")?,
        balance: row.try_get("", "balance")?,
        state: if state == "enabled" { GiftCardState::Enabled } else { GiftCardState::Disabled },
        expires_at: row.try_get("", "expires_at")?,
        version: row.try_get("", "version")?,
        created_at: row.try_get("", "created_at")?,
        updated_at: row.try_get("", "updated_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        gift_card::insert,
        testing::{TestShop, at},
    };
    use stoa_domain::shared::IdGenerator;

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
        assert_eq!(of_cart(shop.db.read(), &[card.id], None).await.unwrap(), [card.clone()]);
        let hashes = ["a hash".to_owned(), "another".to_owned()];
        assert_eq!(by_hashes(shop.db.read(), &hashes).await.unwrap(), [("a hash".to_owned(), card)]);
    }
}
