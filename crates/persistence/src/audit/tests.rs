//! The log, on both databases.

use super::*;
use crate::{
    db::{ListError, Raw},
    testing::{TestShop, at},
};
use chrono::DateTime;
use futures_util::future::join_all;
use sea_orm::ConnectionTrait;
use stoa_domain::{
    audit::{AuditActor, Broken, Changes, Entry, Hash, Head, Subject, Why},
    catalog::search::Moments,
    shared::{Fault, SessionId, page::PageRequest},
};
use uuid::Uuid;

/// No cryptography, but another code for another text: enough to see whether what is read is what was chained.
fn mac(text: &[u8]) -> [u8; 32] {
    let mut code = [7_u8; 32];
    for (n, byte) in text.iter().enumerate() {
        code[n % 32] = code[n % 32].rotate_left(3) ^ byte.wrapping_add(u8::try_from(n % 251).unwrap());
    }
    code
}

fn eve() -> AuditActor {
    AuditActor {
        kind: "staff".to_owned(),
        id: Some(Uuid::from_u128(7)),
        name: "Eve".to_owned(),
        session: Some(SessionId::new(Uuid::from_u128(8))),
        network: Some("192.0.2.0/24".to_owned()),
        request: Some("r-1".to_owned()),
    }
}

fn renamed(id: u32) -> Changes {
    Changes::of(Subject::new("Product", id)).field("title", "Mug", "Cup")
}

async fn add(shop: &TestShop, by: AuditActor, changes: &Changes, seconds: i64) -> Option<Head> {
    let at = at(seconds);
    let act = || Act { by: by.clone(), action: "product.update", changes, at };
    shop.tx(async |tx| append(tx, act(), &mac).await).await
}

async fn proved(shop: &TestShop) -> Result<Head, Broken> {
    verify(shop.db.read(), Head::START, vec![&mac]).await.unwrap()
}

async fn by_hand(shop: &TestShop, sql: &str) {
    let tx = shop.write().await;
    tx.raw().execute_unprepared(sql).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_chain_of_many_writers_at_once_has_one_end_and_no_holes() {
    let shop = TestShop::open().await;
    assert_eq!(proved(&shop).await, Ok(Head::START));
    let write = async |n: u32| {
        let mut heads = Vec::new();
        for _ in 0..5 {
            heads.push(add(&shop, eve(), &renamed(n), 1).await.unwrap());
        }
        heads
    };
    let mut seqs: Vec<i64> =
        join_all((0..8).map(write)).await.into_iter().flatten().map(|head| head.seq).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=40).collect::<Vec<_>>());
    let end = head(shop.db.read()).await.unwrap();
    assert_eq!((end.seq, proved(&shop).await), (40, Ok(end)));
    // From a place that is known to be right.
    let rows = rows_after(shop.db.read(), 29, 2).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.entry.seq).collect::<Vec<_>>(), [30, 31]);
    assert_eq!(verify(shop.db.read(), rows[0].head(), vec![&mac]).await.unwrap(), Ok(end));
    let other = |_: &[u8]| [0; 32];
    let broken = verify(shop.db.read(), Head::START, vec![&other]).await.unwrap();
    assert_eq!(broken, Err(Broken { seq: 1, why: Why::Altered }));
}

#[tokio::test]
async fn what_is_chained_is_what_is_kept() {
    let shop = TestShop::open().await;
    let long = "x".repeat(300);
    let by = AuditActor {
        name: format!("E\0ve {long}"),
        network: Some(long.clone()),
        request: Some(long.clone()),
        ..eve()
    };
    let changes =
        Changes::of(Subject::new("Product", &long)).field("title", "nul \0 and quote \"", long.as_str());
    let at = DateTime::from_timestamp_nanos(1_767_225_601_123_456_789);
    shop.tx(async |tx| append(tx, Act { by: by.clone(), action: &long, changes: &changes, at }, &mac).await)
        .await;
    add(&shop, AuditActor::system("sweep"), &Changes::of(Subject::only("Shop")), 2).await;
    assert_eq!(proved(&shop).await.map(|head| head.seq), Ok(2));
    let rows = rows_after(shop.db.read(), 0, 9).await.unwrap();
    let first = &rows[0].entry;
    assert_eq!((first.actor.name.len(), first.action.len()), (255, 64));
    assert_eq!(first.at, DateTime::from_timestamp_micros(1_767_225_601_123_456).unwrap());
    assert_eq!(Changes::read(&first.changes).unwrap(), changes.fields());
    assert_eq!((rows[1].entry.actor.id, rows[1].entry.subject.id.as_deref()), (None, None));
}

#[tokio::test]
async fn what_somebody_does_to_the_log_shows() {
    let cases = [
        ("UPDATE audit_log SET actor_name = 'Mallory' WHERE seq = 2", Why::Altered, 2),
        ("UPDATE audit_log SET hash = 'nonsense' WHERE seq = 2", Why::Altered, 2),
        ("DELETE FROM audit_log WHERE seq = 2", Why::Missing, 2),
        ("DELETE FROM audit_log WHERE seq = 4", Why::CutOff, 4),
        ("UPDATE audit_head SET seq = 3", Why::WrongHead, 3),
    ];
    for (sql, why, seq) in cases {
        let shop = TestShop::open().await;
        for n in 1..=4 {
            add(&shop, eve(), &renamed(n), i64::from(n)).await;
        }
        assert!(proved(&shop).await.is_ok());
        by_hand(&shop, sql).await;
        assert_eq!(proved(&shop).await, Err(Broken { seq, why }), "{sql}");
    }
}

#[tokio::test]
async fn what_changes_nothing_is_not_logged_and_what_is_undone_was_not() {
    let shop = TestShop::open().await;
    assert_eq!(add(&shop, eve(), &Changes::none(), 1).await, None);
    let tx = shop.write().await;
    let changes = renamed(1);
    let act = Act { by: eve(), action: "product.update", changes: &changes, at: at(1) };
    assert_eq!(append(&tx, act, &mac).await.unwrap().map(|head| head.seq), Some(1));
    tx.rollback().await.unwrap();
    assert_eq!(head(shop.db.read()).await.unwrap(), Head { seq: 0, hash: Hash::ZERO });
    assert_eq!(rows_after(shop.db.read(), 0, 9).await.unwrap(), []);
}

#[tokio::test]
async fn the_log_is_searched_and_paged() -> Result<(), Fault> {
    let shop = TestShop::open().await;
    for n in 1..=5 {
        let by = if n == 3 { AuditActor::system("sweep") } else { eve() };
        add(&shop, by, &renamed(n % 2), i64::from(n)).await;
    }
    let seqs = async |listing: &AuditListing| {
        let page = list_audit(shop.db.read(), listing, &PageRequest::first(9)).await.unwrap();
        page.nodes().map(|entry: &Entry| entry.seq).collect::<Vec<_>>()
    };
    let all = AuditListing::default();
    assert_eq!(seqs(&all).await, [1, 2, 3, 4, 5]);
    assert_eq!(seqs(&AuditListing { reverse: true, ..all.clone() }).await, [5, 4, 3, 2, 1]);
    assert_eq!(seqs(&AuditListing { actor: eve().id, ..all.clone() }).await, [1, 2, 4, 5]);
    let of_product = AuditListing {
        subject_kind: Some("Product".to_owned()),
        subject_id: Some("0".to_owned()),
        ..all.clone()
    };
    assert_eq!(seqs(&of_product).await, [2, 4]);
    let deleted = AuditListing { action: Some("product.delete".to_owned()), ..all.clone() };
    assert!(seqs(&deleted).await.is_empty());
    let then = Some(Moments { from: Some(at(2)), until: Some(at(4)) });
    assert_eq!(seqs(&AuditListing { at: then, ..all.clone() }).await, [2, 3]);
    for reverse in [false, true] {
        let listing = AuditListing { reverse, ..all.clone() };
        let whole = seqs(&listing).await;
        let first = list_audit(shop.db.read(), &listing, &PageRequest::first(3)).await.unwrap();
        let after = first.rows.last().map(|row| row.cursor.clone());
        let rest = PageRequest { after, ..PageRequest::first(3) };
        let rest = list_audit(shop.db.read(), &listing, &rest).await.unwrap();
        let seen: Vec<i64> = first.nodes().chain(rest.nodes()).map(|entry| entry.seq).collect();
        assert_eq!(seen, whole);
        assert!(first.info.has_next && !rest.info.has_next);
        let last = PageRequest { from_end: true, ..PageRequest::first(2) };
        let last = list_audit(shop.db.read(), &listing, &last).await.unwrap();
        assert_eq!(last.nodes().map(|entry| entry.seq).collect::<Vec<_>>(), whole[3..]);
    }
    let mut foreign =
        list_audit(shop.db.read(), &all, &PageRequest::first(1)).await.unwrap().rows.remove(0).cursor;
    foreign.order = 1;
    let request = PageRequest { after: Some(foreign), ..PageRequest::first(1) };
    assert!(matches!(list_audit(shop.db.read(), &all, &request).await, Err(ListError::Cursor(_))));
    Ok(())
}

#[tokio::test]
async fn an_act_and_a_span_of_time_are_found_by_an_index_on_sqlite() {
    let shop = TestShop::open().await;
    for n in 0..30 {
        add(&shop, eve(), &renamed(n % 2), i64::from(n)).await;
    }
    shop.db.keep_statements();
    let of_act = AuditListing { action: Some("product.update".to_owned()), ..AuditListing::default() };
    let then = Some(Moments { from: Some(at(2)), until: Some(at(4)) });
    let of_then = AuditListing { at: then, ..AuditListing::default() };
    for listing in [of_act, of_then] {
        for reverse in [false, true] {
            let listing = AuditListing { reverse, ..listing.clone() };
            let page = list_audit(shop.db.read(), &listing, &PageRequest::first(2)).await.unwrap();
            let after = page.rows.last().map(|row| row.cursor.clone());
            let next = PageRequest { after, ..PageRequest::first(2) };
            list_audit(shop.db.read(), &listing, &next).await.unwrap();
        }
    }
    let plans = shop.db.plans().await.unwrap();
    assert!(plans.len() >= 8, "{}", plans.len());
    for plan in plans {
        assert!(plan.scanned.is_empty(), "{plan:?}");
    }
}
