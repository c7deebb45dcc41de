//! Codes that are made in bulk, by workers that die and workers that meet.

use super::*;
use crate::testing::{TestShop, at};
use futures_util::future::join_all;
use stoa_domain::{
    pricing::{CodeKey, EnteredCode},
    shared::{CodeBatchId, Fault, IdGenerator, PromotionId},
};

fn batch(shop: &TestShop, wanted: i64) -> CodeBatch {
    CodeBatch {
        id: CodeBatchId::new(shop.ids.id()),
        promotion: PromotionId::new(shop.ids.id()),
        wanted,
        made: 0,
        prefix: "SUMMER-".to_owned(),
        length: 12,
        most: Some(1),
        created_by: "Eve".to_owned(),
    }
}

fn some(from: u32, to: u32) -> Vec<String> {
    (from..to).map(|n| format!("SUMMER-{n:04}")).collect()
}

/// One turn of the job: the next codes, if some are wanted.
async fn turn(tx: &crate::WriteTx, of: CodeBatchId, new: &[String]) -> Result<Option<i64>, Fault> {
    let Some(unmade) = unmade_batch(tx, of).await? else { return Ok(None) };
    add_to_batch(tx, &unmade, new, at(2)).await.map(Some)
}

#[tokio::test]
async fn a_batch_gets_as_many_codes_as_were_wanted_and_no_more() {
    let shop = TestShop::open().await;
    let wanted = batch(&shop, 100);
    shop.tx(async |tx| insert_batch(tx, &wanted, at(1)).await).await;
    // Two of the codes are somebody else's.
    let known = ["summer-0003", "SUMMER-0050"].map(|text| {
        let code = EnteredCode::parse(text).unwrap();
        NewCode { code, most: None }
    });
    let other = PromotionId::new(shop.ids.id());
    assert_eq!(shop.tx(async |tx| add_codes(tx, other, &known, at(1)).await).await, 2);

    let added = async |new: &[String]| shop.tx(async |tx| turn(tx, wanted.id, new).await).await;
    assert_eq!(added(&some(0, 60)).await, Some(58));
    // A turn that died before its end has left nothing behind.
    let tx = shop.write().await;
    assert_eq!(turn(&tx, wanted.id, &some(60, 100)).await.unwrap(), Some(40));
    tx.rollback().await.unwrap();
    assert_eq!(added(&some(0, 60)).await, Some(0), "those that it has made are there already");
    assert_eq!(added(&some(60, 200)).await, Some(42), "no more than it wants");
    assert_eq!(added(&some(200, 210)).await, None, "all are made");
    assert_eq!(codes_of_batch(shop.db.read(), wanted.id).await.unwrap().len(), 100);
    let keys = ["SUMMER-0003"].map(|text| CodeKey::of(text).unwrap());
    let stands = standing(shop.db.read(), &keys, &[]).await.unwrap();
    assert!(stands.codes.is_empty(), "its promotion is not there, and it was given to no other one");
}

#[tokio::test]
async fn workers_that_make_the_same_batch_at_once_make_it_once() {
    let shop = TestShop::open().await;
    let wanted = batch(&shop, 100);
    shop.tx(async |tx| insert_batch(tx, &wanted, at(1)).await).await;
    let at_once = (0..6_u32).map(async |n| {
        // Half of them have thought of the same codes.
        let new = some(n / 2 * 40, n / 2 * 40 + 40);
        shop.tx(async |tx| turn(tx, wanted.id, &new).await).await
    });
    let added: i64 = join_all(at_once).await.into_iter().flatten().sum();
    assert_eq!(added, 100);
    assert_eq!(codes_of_batch(shop.db.read(), wanted.id).await.unwrap().len(), 100);
    assert_eq!(shop.tx(async |tx| unmade_batch(tx, wanted.id).await).await, None);
}
