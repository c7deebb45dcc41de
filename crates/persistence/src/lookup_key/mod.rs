//! Keys under which short or guessable things are looked up, one a purpose, kept sealed: what is hashed under them stays what it is when the
//! root keys change.

use crate::db::{Conn, Raw, WriteTx, fault, stored};
use sea_orm::{ActiveValue::Set, DbErr, EntityTrait, sea_query::OnConflict};
use stoa_domain::shared::{Fault, Timestamp};
use uuid::Uuid;

/// Where they are kept.
pub(crate) const KEY: &str = "lookup_keys.key";

mod rows {
    #![allow(unreachable_pub, reason = "SeaORM's macros ask for pub, and write it")]
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "lookup_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub purpose: String,
        /// Sealed.
        pub key: String,
        pub created_at: DateTimeUtc,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What the key of a purpose is sealed for: the first 16 bytes of its name, which no two share.
pub(crate) fn row_of(purpose: &str) -> Uuid {
    let mut bytes = [0; 16];
    for (byte, letter) in bytes.iter_mut().zip(purpose.bytes()) {
        *byte = letter;
    }
    Uuid::from_bytes(bytes)
}

/// The key of a purpose, as it was given; `None` while there is none. One statement.
///
/// # Errors
/// The database does not answer, or the key cannot be opened: the root key is another.
pub async fn find(conn: &impl Conn, purpose: &str) -> Result<Option<String>, Fault> {
    let row = rows::Entity::find_by_id(purpose).one(conn.raw()).await.map_err(fault("lookup_key.find"))?;
    row.map(|row| conn.sealer().open(KEY, row_of(purpose), &row.key)).transpose()
}

/// Makes this the key of a purpose, unless it has one; and gives the one it has.
///
/// # Errors
/// The database does not answer, or the key cannot be opened: the root key is another.
pub async fn keep(tx: &WriteTx, purpose: &str, key: &str, now: Timestamp) -> Result<String, Fault> {
    let row = rows::ActiveModel {
        purpose: Set(purpose.to_owned()),
        key: Set(tx.sealer().seal(KEY, row_of(purpose), key)?),
        created_at: Set(stored(now)),
    };
    let first = OnConflict::column(rows::Column::Purpose).do_nothing().to_owned();
    match rows::Entity::insert(row).on_conflict(first).exec_without_returning(tx.raw()).await {
        Ok(_) | Err(DbErr::RecordNotInserted) => {}
        Err(error) => return Err(fault("lookup_key.keep")(error)),
    }
    find(tx, purpose).await?.ok_or_else(|| Fault::bug("lookup_key.keep: a key was written, and is not there"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestShop, at};

    #[tokio::test]
    async fn the_first_key_of_a_purpose_is_its_key() {
        let shop = TestShop::open().await;
        assert_eq!(find(shop.db.read(), "gift-card").await.unwrap(), None);
        let first = shop.tx(async |tx| keep(tx, "gift-card", "one", at(1)).await).await;
        let second = shop.tx(async |tx| keep(tx, "gift-card", "two", at(2)).await).await;
        let other = shop.tx(async |tx| keep(tx, "promotion-buyer", "two", at(2)).await).await;
        assert_eq!([first, second, other], ["one", "one", "two"]);
        assert_eq!(find(shop.db.read(), "gift-card").await.unwrap().as_deref(), Some("one"));
    }

    #[test]
    fn purposes_are_sealed_for_rows_of_their_own() {
        let rows = ["promotion-buyer", "gift-card", "gift-card-code"].map(row_of);
        assert!(rows[0] != rows[1] && rows[1] != rows[2] && rows[0] != rows[2]);
    }
}
