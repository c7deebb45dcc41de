//! Jobs that were given up.

use super::shop::change;
use crate::{
    admin::JobError,
    jobs::{Backoff, JobWorker},
    testing::TestShop,
};
use serde_json::json;
use std::sync::Arc;
use stoa_domain::{
    access::grants::{JobsRead, JobsWrite},
    shared::{JobId, page::PageRequest},
};
use stoa_persistence::{
    Batch, Durability,
    outbox::{self, JobState, NewJob},
};

/// A job that nobody can do, given up.
async fn dead(shop: &TestShop) -> JobId {
    let now = shop.ctx().now();
    let id = JobId::new(shop.ctx().ports.ids.id());
    let job = NewJob { id, kind: "of.tomorrow", payload: "7".to_owned(), run_at: now, dedup_key: None };
    let tx = shop.db.write(Durability::Relaxed).await.unwrap();
    let mut batch = Batch::new();
    outbox::enqueue(&mut batch, job, now);
    batch.write(&tx).await.unwrap();
    tx.commit().await.unwrap();
    work(shop).await;
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
