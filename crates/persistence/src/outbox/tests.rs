//! What is known of jobs that nobody does.

use super::{
    entity::{ActiveModel, Entity},
    *,
};
use crate::{
    Batch,
    db::Raw,
    testing::{TestShop, at},
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use stoa_domain::shared::{IdGenerator, JobId};

async fn put(shop: &TestShop, seconds: i64) {
    let job = NewJob {
        id: JobId::new(shop.ids.id()),
        kind: "of.the.future",
        payload: String::new(),
        run_at: at(seconds),
        dedup_key: None,
    };
    let tx = shop.write().await;
    let mut batch = Batch::new();
    enqueue(&mut batch, job, at(0));
    batch.write(&tx).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn what_should_have_begun_is_overdue_unless_somebody_is_at_it() {
    let shop = TestShop::open().await;
    assert_eq!(overdue(shop.db.read(), at(100)).await.unwrap(), (0, None));
    for seconds in [30, 10, 200] {
        put(&shop, seconds).await;
    }
    assert_eq!(overdue(shop.db.read(), at(100)).await.unwrap(), (2, Some(at(10))));
    let tx = shop.write().await;
    let claimed = claim(&tx, at(20), at(150), 9).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(claimed.len(), 1, "the one that is due at 20");
    assert_eq!(
        overdue(shop.db.read(), at(100)).await.unwrap(),
        (1, Some(at(30))),
        "somebody is at the other"
    );
    assert_eq!(
        overdue(shop.db.read(), at(160)).await.unwrap(),
        (2, Some(at(10))),
        "whose lease is over as well"
    );

    let tx = shop.write().await;
    bury(&tx, &claimed[0], at(160), "never").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        overdue(shop.db.read(), at(160)).await.unwrap(),
        (1, Some(at(30))),
        "the dead are told elsewhere"
    );
}

/// Two workers claim at the same moment, neither of them done: each gets other jobs, and neither waits for the other.
#[tokio::test]
async fn workers_pass_over_what_another_is_claiming_on_postgres() {
    let shop = TestShop::open().await;
    for seconds in 0..10 {
        put(&shop, seconds).await;
    }
    let (one, other) = (shop.write().await, shop.write().await);
    let first = claim(&one, at(20), at(320), 6).await.unwrap();
    let second = claim(&other, at(20), at(320), 6).await.unwrap();
    assert_eq!((first.len(), second.len()), (6, 4), "six of ten, and the rest");
    assert!(first.iter().all(|job| second.iter().all(|taken| taken.id != job.id)));
    // One gives up before it has committed: its jobs are another's.
    one.rollback().await.unwrap();
    other.commit().await.unwrap();
    let third = shop.write().await;
    let again = claim(&third, at(20), at(320), 9).await.unwrap();
    let ids = |jobs: &[Job]| jobs.iter().map(|job| job.id).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(ids(&again), ids(&first));
    assert!(again.iter().all(|job| job.attempt == 1), "what was undone does not count");
}

/// Four workers at full speed: every job is done, and once.
#[tokio::test(flavor = "multi_thread")]
async fn each_job_is_one_workers_however_many_there_are() {
    const JOBS: i64 = 120;
    let shop = TestShop::open().await;
    for seconds in 0..JOBS {
        put(&shop, seconds).await;
    }
    let work = async |db: crate::Db| {
        let mut did = Vec::new();
        loop {
            let tx = db.write(crate::Durability::Relaxed).await.unwrap();
            let claimed = claim(&tx, at(JOBS), at(JOBS + 300), 3).await.unwrap();
            tx.commit().await.unwrap();
            if claimed.is_empty() {
                return did;
            }
            for job in claimed {
                let tx = db.write(crate::Durability::Full).await.unwrap();
                done(&tx, &job).await.unwrap();
                tx.commit().await.unwrap();
                did.push(job.id);
            }
        }
    };
    let db = || shop.db.clone();
    let (a, b, c, d) = tokio::join!(work(db()), work(db()), work(db()), work(db()));
    let mut all = [a, b, c, d].concat();
    assert_eq!(all.len(), 120);
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 120, "none was done twice");
    assert_eq!(pending(shop.db.read()).await.unwrap(), 0);
}

/// Work that comes again by itself is one job, put in by every instance and claimed by one of them at a time.
#[tokio::test]
async fn scheduled_work_has_one_claimant() {
    let shop = TestShop::open().await;
    let put_in = async || {
        let job = NewJob {
            id: JobId::new(shop.ids.id()),
            kind: "again.and.again",
            payload: String::new(),
            run_at: at(0),
            dedup_key: Some("again.and.again".to_owned()),
        };
        let tx = shop.write().await;
        let mut batch = Batch::new();
        let place = enqueue(&mut batch, job, at(0));
        let new = batch.write(&tx).await.unwrap().rows(place) == 1;
        tx.commit().await.unwrap();
        new
    };
    let claim_at = async |seconds| {
        let tx = shop.write().await;
        let claimed = claim(&tx, at(seconds), at(seconds + 300), 9).await.unwrap();
        tx.commit().await.unwrap();
        claimed
    };
    assert_eq!([put_in().await, put_in().await], [true, false]);
    let leader = claim_at(1).await;
    assert_eq!(leader.len(), 1);
    assert!(!put_in().await, "while somebody is at it, too");
    assert_eq!(claim_at(2).await, []);

    // It died; when its lease is over another goes on, and what the first says then counts for nothing.
    let next = claim_at(302).await;
    assert_eq!(next.len(), 1);
    let tx = shop.write().await;
    postpone(&tx, &leader[0], at(303), "so far").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(claim_at(304).await, [], "it is still the second one's");
    let tx = shop.write().await;
    postpone(&tx, &next[0], at(900), &next[0].payload).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(claim_at(899).await, []);
    assert_eq!(claim_at(900).await.len(), 1);
}

#[tokio::test]
async fn a_claim_that_a_crash_has_undone_is_told_from_the_next_one() {
    let shop = TestShop::open().await;
    put(&shop, 0).await;
    let tx = shop.write().await;
    let lost = claim(&tx, at(1), at(301), 1).await.unwrap().remove(0);
    // As if Postgres had come back without it.
    let undone = ActiveModel { attempts: Set(0), locked_until: Set(None), ..Default::default() };
    Entity::update_many().set(undone).exec(tx.raw()).await.unwrap();
    let next = claim(&tx, at(2), at(302), 1).await.unwrap().remove(0);
    assert_eq!((lost.id, lost.attempt), (next.id, next.attempt));

    retry_later(&tx, &lost, at(2), "of the lost one").await.unwrap();
    postpone(&tx, &lost, at(2), "of the lost one").await.unwrap();
    bury(&tx, &lost, at(2), "of the lost one").await.unwrap();
    done(&tx, &lost).await.unwrap();
    assert_eq!(claim(&tx, at(3), at(303), 1).await.unwrap(), []);
    done(&tx, &next).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(pending(shop.db.read()).await.unwrap(), 0);
}

/// A worker that has as many mails in hand as it may passes over the others, however long they have been due.
#[tokio::test]
async fn what_is_no_mail_is_claimed_past_mails() {
    let shop = TestShop::open().await;
    let put = async |kind, seconds| {
        let id = JobId::new(shop.ids.id());
        let job = NewJob { id, kind, payload: String::new(), run_at: at(seconds), dedup_key: None };
        shop.tx(async |tx| {
            let mut batch = Batch::new();
            enqueue(&mut batch, job.clone(), at(0));
            batch.write(tx).await.map(drop)
        })
        .await;
        id
    };
    let early = [put("mail.of_joy", 1).await, put("mail.of_grief", 2).await];
    let is_due = async |kinds| super::is_due(shop.db.read(), kinds, at(9)).await.unwrap();
    assert_eq!((is_due(Kinds::All).await, is_due(Kinds::NotMails).await), (true, false));
    let late = put("mailbox.empty", 3).await;
    assert!(is_due(Kinds::NotMails).await);
    let claimed = shop.tx(async |tx| claim_of(tx, Kinds::NotMails, at(9), at(300), 9).await).await;
    let ids = |jobs: &[Job]| jobs.iter().map(|job| job.id).collect::<Vec<_>>();
    assert_eq!(ids(&claimed), [late]);
    assert!(!claimed[0].is_mail());
    let mut rest = shop.tx(async |tx| claim(tx, at(9), at(300), 9).await).await;
    rest.sort_unstable_by_key(|job| job.id);
    assert_eq!(ids(&rest), early);
    assert!(rest.iter().all(Job::is_mail));
}
