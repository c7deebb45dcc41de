//! The sender: takes events out of the outbox one by one and posts them to the target, those of one payment one after the other.

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash, Hasher},
    panic::AssertUnwindSafe,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use futures_util::FutureExt;
use serde::Deserialize;
use tokio::{sync::mpsc, task::JoinSet};
use tokio_util::sync::CancellationToken;

use super::{outbox::Job, sign};
use crate::{
    config::WebhookTarget,
    faults::WebhookAction,
    model::{Delivery, DeliveryState},
    shared::Shared,
    store::Origin,
    wire::delivered_body,
};

/// How long a delivery under way may still take once the sandbox stops.
const LAST_GRACE: Duration = Duration::from_secs(2);

/// Sends until `shutdown`. What is not delivered by then stays in the journal and is sent after the next start.
pub(crate) async fn run(shared: Arc<Shared>, shutdown: CancellationToken) {
    let Some(target) = shared.config.webhook.clone() else {
        shutdown.cancelled().await;
        return;
    };
    let mut running = JoinSet::new();
    let at_once = shared.config.deliveries_at_once;
    // With one there are no lanes: what comes is sent before the next is looked for.
    let lanes: Vec<_> = (0..if at_once > 1 { at_once } else { 0 })
        .map(|_| {
            let (lane, jobs) = mpsc::unbounded_channel();
            running.spawn(send_in_turn(Arc::clone(&shared), target.clone(), jobs, shutdown.clone()));
            lane
        })
        .collect();
    loop {
        let job = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            job = shared.outbox.next() => job,
        };
        match lanes.get(lane_of(&shared, &job, lanes.len())) {
            // A lane ends with the sandbox, and what is in it stays in the journal.
            Some(lane) => drop(lane.send(job)),
            None => send_or_be_cut_off(&shared, &target, job, &shutdown).await,
        }
    }
    drop(lanes);
    running.join_all().await;
}

/// Sends what comes, one after the other.
async fn send_in_turn(
    shared: Arc<Shared>,
    target: WebhookTarget,
    mut jobs: mpsc::UnboundedReceiver<Job>,
    shutdown: CancellationToken,
) {
    while let Some(job) = jobs.recv().await {
        if shutdown.is_cancelled() {
            break;
        }
        send_or_be_cut_off(&shared, &target, job, &shutdown).await;
    }
}

async fn send_or_be_cut_off(
    shared: &Arc<Shared>,
    target: &WebhookTarget,
    job: Job,
    shutdown: &CancellationToken,
) {
    let cut_off = async {
        shutdown.cancelled().await;
        tokio::time::sleep(LAST_GRACE).await;
    };
    let kept = job.clone();
    let handled = AssertUnwindSafe(handle(shared, target, job)).catch_unwind();
    tokio::select! {
        // The others of its lane shall not be lost with it.
        handled = handled => if handled.is_err() {
            tracing::error!(event.id = %kept.event, "sandbox.webhook.panicked");
            try_again(shared, kept);
        },
        () = cut_off => {}
    }
}

/// What an event is about: its own object, or the payment which that belongs to.
#[derive(Deserialize)]
struct About<'a> {
    #[serde(borrow)]
    id: Option<&'a str>,
    #[serde(borrow)]
    payment_intent: Option<&'a str>,
}

/// The same lane for all events of a payment.
fn lane_of(shared: &Shared, job: &Job, lanes: usize) -> usize {
    if lanes == 0 {
        return 0;
    }
    let Some(event) = shared.event(&job.event) else { return 0 };
    let about = serde_json::from_str::<About<'_>>(event.object.get());
    let payment = about.ok().and_then(|about| about.payment_intent.or(about.id)).unwrap_or_default();
    let mut hasher = DefaultHasher::new();
    payment.hash(&mut hasher);
    usize::try_from(hasher.finish() % lanes as u64).unwrap_or(0)
}

async fn handle(shared: &Arc<Shared>, target: &WebhookTarget, mut job: Job) {
    let Some(event) = shared.event(&job.event) else {
        shared.outbox.closed();
        return;
    };
    let planned = if job.planned { None } else { shared.faults.take_webhook(&event.kind) };
    job.planned = true;
    let (extra, at_once) = match planned {
        None => (0, false),
        Some(WebhookAction::Drop) => {
            tracing::info!(event.id = %event.id, event.kind = %event.kind, "sandbox.webhook.dropped");
            return close(shared, &job, DeliveryState::Dropped);
        }
        Some(WebhookAction::Delay { by_ms }) => {
            return shared.outbox.later(job, Duration::from_millis(by_ms));
        }
        Some(WebhookAction::Reorder { behind, at_most_ms }) => {
            return shared.outbox.behind(job, behind, Duration::from_millis(at_most_ms));
        }
        Some(WebhookAction::Duplicate { extra, at_once }) => (extra, at_once),
    };
    let body = Bytes::from(Box::<str>::from(delivered_body(&event)).into_string());
    let delivered = send_copies(shared, target, &body, extra, at_once).await;
    shared.outbox.one_sent();
    if delivered {
        return close(shared, &job, DeliveryState::Delivered);
    }
    try_again(shared, job);
}

/// Later, unless it has failed too often.
fn try_again(shared: &Shared, mut job: Job) {
    job.failed += 1;
    if job.failed >= shared.config.retry.attempts {
        tracing::warn!(event.id = %job.event, attempts = job.failed, "sandbox.webhook.given_up");
        return close(shared, &job, DeliveryState::Exhausted);
    }
    let pause = shared.config.retry.pause(job.failed);
    shared.outbox.later(job, pause);
}

/// Sends an event once and `extra` times more; whether any of them was answered with 2xx.
async fn send_copies(
    shared: &Arc<Shared>,
    target: &WebhookTarget,
    body: &Bytes,
    extra: u32,
    at_once: bool,
) -> bool {
    if !at_once {
        let mut delivered = false;
        for _ in 0..=extra {
            delivered |= send(shared, target, body.clone()).await;
        }
        return delivered;
    }
    let mut copies = tokio::task::JoinSet::new();
    for _ in 0..=extra {
        let (shared, target, body) = (Arc::clone(shared), target.clone(), body.clone());
        copies.spawn(async move { send(&shared, &target, body).await });
    }
    copies.join_all().await.contains(&true)
}

async fn send(shared: &Shared, target: &WebhookTarget, body: Bytes) -> bool {
    let signature = sign(&target.secret, shared.config.clock.now(), &body);
    let answer = shared
        .http
        .post(target.url.clone())
        .header("content-type", "application/json; charset=utf-8")
        .header("stripe-signature", signature)
        .body(body)
        .send()
        .await;
    match answer {
        Ok(answer) if answer.status().is_success() => true,
        Ok(answer) => {
            tracing::info!(status = answer.status().as_u16(), "sandbox.webhook.refused");
            false
        }
        Err(error) => {
            tracing::info!(error = %error.without_url(), "sandbox.webhook.unreachable");
            false
        }
    }
}

fn close(shared: &Shared, job: &Job, state: DeliveryState) {
    let written = shared.transact(&Origin::default(), |tx| {
        tx.put(Delivery { event: job.event.clone(), state });
        Ok(())
    });
    // The journal's fault is in the log already; at worst the event is sent again after a restart.
    if let Err(error) = written {
        tracing::warn!(event.id = %job.event, error = error.message(), "sandbox.webhook.not_noted");
    }
    shared.outbox.closed();
}
