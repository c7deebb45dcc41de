//! Codes of promotions, as staff make them, switch them off and take them out.

use super::{
    promotions::{coded, make, tenth},
    shop::change,
};
use crate::{
    admin::{CodeToAdd, CodesError, CodesWanted, InputPlace, Unfit},
    jobs::{Backoff, JobWorker},
    testing::TestShop,
};
use futures_util::future::join_all;
use serde_json::json;
use std::{collections::HashSet, sync::Arc};
use stoa_domain::{
    access::grants::{PromotionsRead, PromotionsWrite},
    pricing::CodeKey,
    shared::{CodeBatchId, PromotionId, page::PageRequest},
};
use stoa_persistence::promotion::{CodesListing, CodesToDisable, StaffCode};
use uuid::Uuid;

fn codes(texts: &[&str]) -> Vec<CodeToAdd> {
    texts.iter().map(|code| CodeToAdd { code: (*code).to_owned(), uses: None }).collect()
}

fn all_of(promotion: PromotionId) -> CodesListing {
    CodesListing { promotion, batch: None, beginning: None }
}

/// All codes of a listing, some at a time.
async fn listed(shop: &TestShop, listing: &CodesListing) -> Vec<StaffCode> {
    let (codes, by) = (&shop.services.admin.promotion_codes, shop.eve::<PromotionsRead>());
    let (mut found, mut request) = (Vec::new(), PageRequest::first(2));
    loop {
        let page = codes.list(&by, listing, &request).await.unwrap();
        let keys: Vec<CodeKey> = page.nodes().cloned().collect();
        found.extend(codes.find_all(&by, listing.promotion, &keys).await.unwrap());
        match page.rows.last() {
            Some(last) if page.info.has_next => request.after = Some(last.cursor.clone()),
            _ => return found,
        }
    }
}

fn texts(codes: &[StaffCode]) -> Vec<&str> {
    codes.iter().map(|code| code.code.as_str()).collect()
}

async fn work(shop: &TestShop) {
    let backoff = Backoff::default();
    JobWorker::new(Arc::clone(shop.ctx()), backoff).run_due().await.unwrap();
}

#[tokio::test]
async fn codes_are_given_all_or_none() {
    let shop = TestShop::open().await;
    let (ten, other) = (make(&shop, &coded()).await, make(&shop, &coded()).await);
    let admin = &shop.services.admin.promotion_codes;
    let by = shop.eve::<PromotionsWrite>();
    let new =
        [CodeToAdd { code: " Ten ".into(), uses: Some(3) }, CodeToAdd { code: "AUTUMN".into(), uses: None }];
    let made = admin.add(&by, ten, &new).await.unwrap();
    assert_eq!(texts(&made), ["Ten", "AUTUMN"]);
    assert_eq!((made[0].most, made[0].used, made[1].most), (Some(3), 0, None));
    admin.add(&by, other, &codes(&["autumn 2"])).await.unwrap();
    let log = shop.log_length().await;
    for (to, taken) in [(ten, &["new", "AUTUMN"]), (other, &["newer", "ten"])] {
        let refused = admin.add(&by, to, &codes(taken)).await;
        assert!(matches!(refused, Err(CodesError::Taken { index: 1 })), "{refused:?}");
    }
    assert_eq!(texts(&listed(&shop, &all_of(ten)).await), ["AUTUMN", "Ten"], "in the order of their keys");
    let beginning = CodesListing { beginning: Some("au".into()), ..all_of(ten) };
    assert_eq!(texts(&listed(&shop, &beginning).await), ["AUTUMN"]);
    let pattern = CodesListing { beginning: Some("%".into()), ..all_of(ten) };
    assert_eq!(texts(&listed(&shop, &pattern).await), [""; 0]);

    let everybody = make(&shop, &tenth()).await;
    let refused = admin.add(&by, everybody, &codes(&["x"])).await;
    assert!(matches!(refused, Err(CodesError::Automatic)), "{refused:?}");
    let nobody = PromotionId::new(Uuid::from_u128(7));
    assert!(matches!(admin.add(&by, nobody, &codes(&["x"])).await, Err(CodesError::NotFound)));
    shop.services.admin.promotions.archive(&by, other, None).await.unwrap();
    assert!(matches!(admin.add(&by, other, &codes(&["x"])).await, Err(CodesError::Archived)));
    assert_eq!(shop.log_length().await, log + 2, "one was made, and one put away");
    let said = shop.log(ten).await;
    assert_eq!(change(&said.last().unwrap().1, "codes"), Some((&json!(null), &json!(2))));
    assert!(!format!("{said:?}").contains("AUTUMN"), "the log does not say which");
}

#[tokio::test]
async fn of_many_who_give_the_same_code_at_once_one_does() {
    let shop = TestShop::open().await;
    let by = shop.eve::<PromotionsWrite>();
    let mut promotions = Vec::new();
    for _ in 0..4 {
        promotions.push(make(&shop, &coded()).await);
    }
    let admin = &shop.services.admin.promotion_codes;
    let new = codes(&["ONE", "TWO"]);
    let done = join_all(promotions.iter().map(|of| admin.add(&by, *of, &new))).await;
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1, "{done:?}");
    let mut found = Vec::new();
    for of in promotions {
        found.extend(listed(&shop, &all_of(of)).await);
    }
    assert_eq!(texts(&found), ["ONE", "TWO"]);
}

#[tokio::test]
async fn codes_in_bulk_are_asked_for_once_and_made_by_a_job() {
    let shop = TestShop::open().await;
    let of = make(&shop, &coded()).await;
    let admin = &shop.services.admin.promotion_codes;
    let (by, reads) = (shop.eve::<PromotionsWrite>(), shop.eve::<PromotionsRead>());
    let wanted = CodesWanted { count: 5, prefix: " vip-".into(), length: 8, uses: Some(1), key: "k".into() };
    let asked = join_all((0..3).map(|_| admin.generate(&by, of, &wanted))).await;
    let ids: HashSet<CodeBatchId> = asked.into_iter().map(|one| one.unwrap().batch.id).collect();
    assert_eq!(ids.len(), 1, "one key, one batch");
    let log = shop.log_length().await;
    work(&shop).await;
    let batch = admin.generate(&by, of, &wanted).await.unwrap().batch;
    assert_eq!((batch.wanted, batch.made, batch.prefix.as_str()), (5, 5, "VIP-"));
    let made = listed(&shop, &all_of(of)).await;
    assert_eq!(made.len(), 5);
    for code in &made {
        assert!(code.code.starts_with("VIP-") && code.code.len() == 12, "{code:?}");
        assert_eq!((code.most, code.batch), (Some(1), Some(batch.id)));
    }
    assert_eq!(shop.log_length().await, log);
    assert_eq!(admin.batches(&reads, of).await.unwrap().len(), 1);

    let others = CodesWanted { count: 6, ..wanted.clone() };
    assert!(matches!(admin.generate(&by, of, &others).await, Err(CodesError::KeyUsed)));
    for (wanted, field) in [
        (CodesWanted { count: 0, ..wanted.clone() }, "count"),
        (CodesWanted { count: 250_001, ..wanted.clone() }, "count"),
        (CodesWanted { length: 7, ..wanted.clone() }, "length"),
        (CodesWanted { length: 33, ..wanted.clone() }, "length"),
        (CodesWanted { uses: Some(0), ..wanted.clone() }, "uses"),
        (CodesWanted { prefix: "=x".into(), ..wanted.clone() }, "prefix"),
        (CodesWanted { prefix: "x".repeat(33), ..wanted.clone() }, "prefix"),
    ] {
        match admin.generate(&by, of, &wanted).await {
            Err(CodesError::Refused(refusal)) => assert_eq!(refusal.at, InputPlace::field(field)),
            other => panic!("{field}: {other:?}"),
        }
    }
    assert!(matches!(
        admin.generate(&by, of, &CodesWanted { key: String::new(), ..wanted }).await,
        Err(CodesError::Key(_))
    ));
}

#[tokio::test]
async fn codes_are_switched_off_once_by_name_or_all_of_a_batch() {
    let shop = TestShop::open().await;
    let (of, other) = (make(&shop, &coded()).await, make(&shop, &coded()).await);
    let admin = &shop.services.admin.promotion_codes;
    let by = shop.eve::<PromotionsWrite>();
    admin.add(&by, of, &codes(&["A", "B", "C"])).await.unwrap();
    admin.add(&by, other, &codes(&["D"])).await.unwrap();
    let these = CodesToDisable::These(["a", "B", "D", "E"].iter().filter_map(|c| CodeKey::of(c)).collect());
    for expected in [2, 0] {
        assert_eq!(admin.disable(&by, of, &these).await.unwrap(), expected);
    }
    let on = |codes: Vec<StaffCode>| -> Vec<String> {
        codes.into_iter().filter(|code| code.disabled_at.is_none()).map(|code| code.code).collect()
    };
    assert_eq!(on(listed(&shop, &all_of(of)).await), ["C"]);
    assert_eq!(on(listed(&shop, &all_of(other)).await), ["D"], "another's");
    let acts = shop.acts(of).await;
    assert_eq!(acts.iter().filter(|act| *act == "promotion_codes.disable").count(), 1);

    let wanted = CodesWanted { count: 4, prefix: String::new(), length: 8, uses: None, key: "k".into() };
    let batch = admin.generate(&by, of, &wanted).await.unwrap().batch.id;
    work(&shop).await;
    let refused = admin.disable(&by, other, &CodesToDisable::Batch(batch)).await;
    assert!(matches!(refused, Err(CodesError::NoBatch)), "{refused:?}");
    assert_eq!(admin.disable(&by, of, &CodesToDisable::Batch(batch)).await.unwrap(), 4);
    assert_eq!(on(listed(&shop, &all_of(of)).await), ["C"]);
    let refused = admin.disable(&by, of, &CodesToDisable::These(Vec::new())).await;
    assert!(matches!(refused, Err(CodesError::Refused(refusal)) if refusal.why == Unfit::Blank));
}

#[tokio::test]
async fn codes_go_out_line_by_line_and_the_log_says_so() {
    let shop = TestShop::open().await;
    let of = make(&shop, &coded()).await;
    let admin = &shop.services.admin.promotion_codes;
    let (by, reads) = (shop.eve::<PromotionsWrite>(), shop.eve::<PromotionsRead>());
    admin.add(&by, of, &codes(&["A, \"B\""])).await.unwrap();
    let wanted = CodesWanted { count: 1_001, prefix: "Z".into(), length: 8, uses: Some(2), key: "k".into() };
    let batch = admin.generate(&by, of, &wanted).await.unwrap().batch.id;
    work(&shop).await;
    let all = async |listing: CodesListing| {
        let mut export = admin.export(&reads, listing).await.unwrap();
        let mut text = String::new();
        while let Some(lines) = export.next().await.unwrap() {
            text += &lines;
        }
        assert_eq!(export.next().await.unwrap(), None);
        text
    };
    let text = all(all_of(of)).await;
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("code,uses,used,disabled_at,created_at,batch"));
    assert!(lines.next().unwrap().starts_with("\"A, \"\"B\"\"\",,0,,"), "{text:.200}");
    let rest: Vec<&str> = lines.collect();
    assert_eq!(rest.len(), 1_001);
    assert!(rest.iter().all(|line| line.starts_with('Z') && line.ends_with(&batch.to_string())));
    let of_batch = all(CodesListing { batch: Some(batch), ..all_of(of) }).await;
    assert_eq!(of_batch.lines().count(), 1_002);
    let exports = shop.acts(of).await.iter().filter(|act| *act == "promotion_codes.export").count();
    assert_eq!(exports, 2);
    let nobody = PromotionId::new(Uuid::from_u128(7));
    assert!(matches!(admin.export(&reads, all_of(nobody)).await, Err(CodesError::NotFound)));
}
