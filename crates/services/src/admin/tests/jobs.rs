//! Jobs that were given up, and those that nobody can keep waiting.

use super::shop::change;
use crate::{
    admin::JobError,
    jobs::{Backoff, JobWorker},
    testing::TestShop,
};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use stoa_domain::{
    access::grants::{JobsRead, JobsWrite},
    order::OrderState,
    shared::{JobId, page::PageRequest},
};
use stoa_persistence::{
    Batch, Durability,
    outbox::{self, JobState, NewJob},
};

/// A job that nobody can do, given up.
async fn dead(shop: &TestShop) -> JobId {
    let id = put(shop, "of.tomorrow", "7").await;
    work(shop).await;
    id
}

/// Puts a job in that is due.
async fn put(shop: &TestShop, kind: &'static str, payload: &str) -> JobId {
    let now = shop.ctx().now();
    let id = JobId::new(shop.ctx().ports.ids.id());
    let job = NewJob { id, kind, payload: payload.to_owned(), run_at: now, dedup_key: None };
    let tx = shop.db.write(Durability::Relaxed).await.unwrap();
    let mut batch = Batch::new();
    outbox::enqueue(&mut batch, job, now);
    batch.write(&tx).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn work(shop: &TestShop) {
    let backoff = Backoff { attempts: 1, ..Backoff::default() };
    JobWorker::new(Arc::clone(shop.ctx()), backoff).run_due().await.unwrap();
}

#[tokio::test]
async fn a_job_that_was_given_up_is_listed_and_tried_again() {
    let shop = TestShop::open().await;
    let id = dead(&shop).await;
    let (jobs, reads) = (&shop.services.admin.jobs, shop.eve::<JobsRead>());
    let given_up = async || {
        let page = jobs.list(&reads, Some(JobState::Dead), &PageRequest::first(9)).await.unwrap();
        page.nodes().copied().collect::<Vec<_>>()
    };
    assert_eq!(given_up().await, [id]);
    let view = jobs.find_all(&reads, &[id]).await.unwrap().pop().unwrap();
    assert_eq!((view.kind.as_str(), view.attempts, view.state), ("of.tomorrow", 1, JobState::Dead));
    let by = shop.eve::<JobsWrite>();
    let (a, b) = tokio::join!(jobs.retry(&by, id), jobs.retry(&by, id));
    let (tried, refused): (Vec<_>, Vec<_>) = [a, b].into_iter().partition(Result::is_ok);
    assert_eq!(tried.into_iter().next().unwrap().unwrap().state, JobState::Waiting);
    assert!(matches!(refused[..], [Err(JobError::NotDead)]), "{refused:?}");
    assert_eq!(given_up().await, []);
    work(&shop).await;
    assert_eq!(given_up().await, [id], "it was tried, and is as bad as it was");
    let log = shop.log(id).await;
    assert_eq!((log.len(), log[0].0.as_str()), (1, "job.retry"));
    assert_eq!(change(&log[0].1, "state"), Some((&json!("dead"), &json!("waiting"))));
}

#[tokio::test]
async fn a_job_is_dropped_once_and_the_log_says_which_it_was() {
    let shop = TestShop::open().await;
    let id = dead(&shop).await;
    let (jobs, by) = (&shop.services.admin.jobs, shop.eve::<JobsWrite>());
    assert_eq!(jobs.discard(&by, id).await.unwrap().payload, "7");
    for again in [jobs.discard(&by, id).await, jobs.retry(&by, id).await] {
        assert!(matches!(again, Err(JobError::NotFound)), "{again:?}");
    }
    let log = shop.log(id).await;
    assert_eq!(log.len(), 1);
    assert_eq!(change(&log[0].1, "kind"), Some((&json!("of.tomorrow"), &json!(null))));
}

#[tokio::test]
async fn a_job_that_waits_is_nobodys_to_drop() {
    let shop = TestShop::open().await;
    shop.services.begin_schedules().await.unwrap();
    let reads = shop.eve::<JobsRead>();
    let jobs = &shop.services.admin.jobs;
    let page = jobs.list(&reads, Some(JobState::Waiting), &PageRequest::first(9)).await.unwrap();
    let waiting: Vec<JobId> = page.nodes().copied().collect();
    assert!(!waiting.is_empty());
    let before = shop.log_length().await;
    for id in waiting {
        assert!(matches!(jobs.discard(&shop.eve(), id).await, Err(JobError::NotDead)));
    }
    assert_eq!(shop.log_length().await, before);
}

/// Stock comes back from orders that nobody pays, however many mails stick in a mail server that takes them and says nothing.
#[tokio::test]
async fn a_mail_server_that_hangs_keeps_nothing_but_mails_waiting() {
    const MAILS: u64 = 20;
    let shop = TestShop::open().await;
    let mug = shop.mugs(9).await;
    let (paid, unpaid) = (shop.paid(&[(mug, 1)]).await, shop.unpaid(&[(mug, 2)]).await);
    shop.mails.hang();
    for _ in 0..MAILS {
        put(&shop, "mail.order_confirmed", &paid.id.to_string()).await;
    }
    shop.wait(chrono::TimeDelta::hours(2));
    put(&shop, "order.expire", &unpaid.id.to_string()).await;

    let stop = tokio_util::sync::CancellationToken::new();
    let worker = JobWorker::new(Arc::clone(shop.ctx()), Backoff::default());
    let working = tokio::spawn(worker.run(stop));
    let given_up = async {
        while !matches!(shop.order(unpaid.id).await.state, OrderState::Cancelled { .. }) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        while outbox::pending(shop.db.read()).await.unwrap() > MAILS {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), given_up).await.expect("it waits behind the mails");
    assert_eq!(shop.stocked(mug).await, (9, 1));
    assert_eq!(outbox::pending(shop.db.read()).await.unwrap(), MAILS, "each of them is tried again");
    working.abort();
}
