//! A subscription whose caller may be turned away while it runs.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt, stream, stream::BoxStream};
use http::request::Parts;
use tokio::time::timeout;

use super::Subscription;
use crate::{gql::Inner, outcome::Outcome, request_data::Lapsed, request_id::RequestId};

/// A running subscription, and who follows it.
struct Watched {
    inner: Arc<Inner>,
    parts: Parts,
    request_id: RequestId,
    /// `None` once its caller was turned away.
    events: Option<Subscription>,
    /// How long they are believed without being asked.
    every: Duration,
}

/// The events of a subscription for as long as its caller may have them; those of whom the owner of the schema wants to know nothing
/// more are let through as they are.
pub(super) fn watched(
    inner: &Arc<Inner>,
    parts: &Parts,
    request_id: &RequestId,
    events: Subscription,
) -> BoxStream<'static, Outcome> {
    if inner.request_data.renew(parts).is_none() {
        return events.boxed();
    }
    let watched = Watched {
        inner: Arc::clone(inner),
        parts: parts.clone(),
        request_id: request_id.clone(),
        events: Some(events),
        every: inner.limits.live.keep_alive.max(Duration::from_millis(1)),
    };
    stream::unfold(watched, |mut watched| async move { Some((watched.next().await?, watched)) }).boxed()
}

impl Watched {
    async fn next(&mut self) -> Option<Outcome> {
        loop {
            let happened = timeout(self.every, self.events.as_mut()?.next()).await;
            let lapsed = match happened {
                // There is nothing more to be had.
                Ok(None) => return None,
                Ok(Some(outcome)) => match asked(&self.inner, &self.parts).await {
                    Ok(()) => return Some(outcome),
                    Err(lapsed) => lapsed,
                },
                Err(_) => match asked(&self.inner, &self.parts).await {
                    // Nobody is told anything meanwhile, so that can wait until it is known.
                    Ok(()) | Err(Lapsed::Unknown) => continue,
                    Err(Lapsed::Over) => Lapsed::Over,
                },
            };
            self.events = None;
            let refusal = lapsed.refusal();
            tracing::debug!(request.id = %self.request_id, error.code = %refusal.code(), "a subscription is ended");
            self.inner.request_data.refused(refusal.code().as_str());
            return Some(Outcome::Refused(refusal));
        }
    }
}

async fn asked(inner: &Inner, parts: &Parts) -> Result<(), Lapsed> {
    let Some(asked) = inner.request_data.renew(parts) else { return Ok(()) };
    match timeout(inner.limits.timeout, asked).await {
        Ok(renewed) => renewed.map(drop),
        Err(_) => Err(Lapsed::Unknown),
    }
}
