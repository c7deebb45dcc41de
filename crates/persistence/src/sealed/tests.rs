//! Sealing anew, on both databases.

use super::*;
use crate::{
    account::{self, StoredKey},
    customer::{self, NewCustomer},
    lookup_key,
    testing::{TestSealer, TestShop, at},
};
use std::sync::Arc;
use stoa_domain::shared::{CustomerId, EmailAddress, IdGenerator, Sealer};

/// What comes after [`TestSealer`], whose texts it opens.
struct Newer;

impl Sealer for Newer {
    fn seal(&self, place: &'static str, row: Uuid, plain: &str) -> Result<String, Fault> {
        Ok(TestSealer.seal(place, row, plain)?.replace("s1.test.", "s1.newer."))
    }
    fn open(&self, place: &'static str, row: Uuid, text: &str) -> Result<String, Fault> {
        TestSealer.open(place, row, &text.replace("s1.newer.", "s1.test."))
    }
    fn is_current(&self, text: &str) -> bool {
        text.starts_with("s1.newer.")
    }
}

fn key(byte: u8) -> StoredKey {
    StoredKey {
        kid: format!("key {byte}"),
        public_key: [byte; 32],
        private_key: format!("private {byte}"),
        created_at: at(0),
        active_from: at(i64::from(byte)),
        retires_at: None,
    }
}

#[tokio::test]
async fn what_an_older_key_sealed_is_sealed_anew_and_reads_the_same() {
    let shop = TestShop::open().await;
    let mut people = Vec::new();
    for n in 0..5 {
        let new = NewCustomer {
            id: CustomerId::new(shop.ids.id()),
            email: EmailAddress::parse(&format!("ada{n}@example.org")).unwrap(),
            first_name: None,
            last_name: None,
            // One has none.
            phone: (n != 3).then(|| format!("+49 30 {n}")),
            locale: None,
        };
        shop.tx(async |tx| customer::insert_pending(tx, &new, at(0)).await).await;
        people.push(new.id);
    }
    let link = account::tests::token(&shop, shop.ids.id());
    shop.tx(async |tx| {
        account::insert_token(tx, &link).await?;
        for byte in 1..=3 {
            account::insert_signing_key(tx, &key(byte)).await?;
        }
        for purpose in ["gift-card", "promotion-buyer"] {
            lookup_key::keep(tx, purpose, "a key", at(0)).await?;
        }
        Ok(())
    })
    .await;
    let before = customer::find_all(shop.db.read(), &people).await.unwrap();

    let newer = shop.db.clone().with_sealer(Arc::new(Newer));
    let left = async |column| {
        let (mut old, mut after) = (0, None);
        loop {
            let walked = old_seals(newer.read(), column, after.as_deref(), 2).await.unwrap();
            (old, after) = (old + walked.old, walked.next);
            if after.is_none() {
                return old;
            }
        }
    };
    let expected = |column| match column {
        SealedColumn::CustomerPhone => 4,
        SealedColumn::SigningKey => 3,
        SealedColumn::LookupKey => 2,
        SealedColumn::TokenBody => 1,
        _ => 0,
    };
    for column in SealedColumn::ALL {
        assert_eq!(left(column).await, expected(column), "{column:?}");
        let (mut anew, mut after) = (0, None);
        loop {
            let tx = newer.write(crate::Durability::Full).await.unwrap();
            let walked = reseal(&tx, column, after.as_deref(), 2).await.unwrap();
            tx.commit().await.unwrap();
            (anew, after) = (anew + walked.old, walked.next);
            if after.is_none() {
                break;
            }
        }
        assert_eq!((anew, left(column).await), (expected(column), 0), "{column:?}");
    }
    assert_eq!(
        customer::find_all(newer.read(), &people).await.unwrap(),
        before,
        "not even a version changed"
    );
    assert_eq!(account::signing_keys(newer.read()).await.unwrap(), [key(1), key(2), key(3)]);
    let found = lookup_key::find(newer.read(), "gift-card").await.unwrap();
    assert_eq!(found.as_deref(), Some("a key"));
    assert_eq!(account::find_token(newer.read(), link.id).await.unwrap(), Some(link.clone()));
    let dump = shop.dump(&["customers", "account_tokens", "signing_keys", "lookup_keys"]).await;
    assert!(!dump.contains("s1.test."), "the older key can go: {dump}");
    assert!(account::find_token(shop.db.read(), link.id).await.is_err(), "without its key nobody opens it");
}
