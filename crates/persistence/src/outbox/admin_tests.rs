//! What staff do with jobs.

use super::*;
use crate::{
    Batch,
    testing::{TestShop, at},
};
use futures_util::future::join_all;
use stoa_domain::shared::{IdGenerator, JobId, page::PageRequest};

async fn put(shop: &TestShop) -> JobId {
    let id = JobId::new(shop.ids.id());
    let job = NewJob { id, kind: "mail.test", payload: "{}".to_owned(), run_at: at(10), dedup_key: None };
    shop.tx(async |tx| {
        let mut batch = Batch::new();
        enqueue(&mut batch, job.clone(), at(0));
        batch.write(tx).await
    })
    .await;
    id
}

#[tokio::test]
async fn jobs_are_listed_by_where_they_stand_and_the_dead_come_back_or_go() {
    let shop = TestShop::open().await;
    let (dead, running) = (put(&shop).await, put(&shop).await);
    let claimed = shop.tx(async |tx| claim(tx, at(20), at(150), 9).await).await;
    let waiting = put(&shop).await;
    let failed = claimed.iter().find(|job| job.id == dead).unwrap();
    shop.tx(async |tx| bury(tx, failed, at(30), "no server").await).await;
    let list = async |state, seconds| {
        let page = list_jobs(shop.db.read(), state, &PageRequest::first(9), at(seconds)).await.unwrap();
        page.nodes().copied().collect::<Vec<_>>()
    };
    assert_eq!(list(None, 40).await, [waiting, running, dead], "the latest first");
    assert_eq!(list(Some(JobState::Waiting), 40).await, [waiting]);
    assert_eq!(list(Some(JobState::Running), 40).await, [running]);
    assert_eq!(list(Some(JobState::Dead), 40).await, [dead]);
    assert_eq!(list(Some(JobState::Waiting), 150).await, [waiting, running], "its lease is over");
    let views = find_jobs(shop.db.read(), &[dead, JobId::new(shop.ids.id()), running], at(40)).await.unwrap();
    let states: Vec<_> = views.iter().map(|job| (job.id, job.state, job.attempts)).collect();
    assert_eq!(states, [(dead, JobState::Dead, 1), (running, JobState::Running, 1)]);
    assert_eq!((views[0].last_error.as_deref(), views[0].dead_at), (Some("no server"), Some(at(30))));

    // Of two who try it again at once one does; nobody does with a job that lives.
    let again = async |id| shop.tx(async |tx| revive(tx, id, at(50)).await).await;
    let at_once = join_all((0..3).map(|_| again(dead))).await;
    assert_eq!(at_once.iter().filter(|revived| **revived).count(), 1, "{at_once:?}");
    assert!(!again(running).await && !again(JobId::new(shop.ids.id())).await);
    let claimed = shop.tx(async |tx| claim(tx, at(50), at(160), 9).await).await;
    let anew = claimed.iter().find(|job| job.id == dead).unwrap();
    assert_eq!(anew.attempt, 1, "with all its attempts before it");

    let drop = async |id| shop.tx(async |tx| discard(tx, id, at(60)).await).await;
    assert_eq!(drop(dead).await, None, "it lives");
    shop.tx(async |tx| bury(tx, anew, at(60), "no server").await).await;
    let gone = drop(dead).await.unwrap();
    assert_eq!((gone.id, gone.state, gone.kind.as_str()), (dead, JobState::Dead, "mail.test"));
    assert_eq!(drop(dead).await, None);
    assert_eq!(list(None, 60).await, [waiting, running]);
}
