//! Lets in who says so, and counts what that costs.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_graphql::Request;
use futures_util::{FutureExt, future::BoxFuture};
use http::{HeaderName, HeaderValue, request::Parts};
use stoa_graphql_http::{Admitted, Operation, RequestData, Requirement, ThrottleStatus, Throttled};

/// What a bucket of the tests holds.
pub(crate) const BUCKET: u64 = 10;

/// Stands at the door.
#[derive(Clone, Default)]
pub(crate) struct Doorman {
    /// What is left of the bucket; `None`: nothing is counted.
    pub(crate) bucket: Option<Arc<Mutex<u64>>>,
    /// What becomes of who is to be let in.
    pub(crate) mood: Mood,
    /// Operations that were to be let in, with their cost.
    pub(crate) asked: Arc<Mutex<Vec<u64>>>,
    /// Questions about requirements.
    pub(crate) questions: Arc<AtomicUsize>,
    /// Codes of what was refused.
    pub(crate) refused: Arc<Mutex<Vec<String>>>,
    /// Operations that ended.
    pub(crate) finished: Arc<AtomicUsize>,
}

/// What becomes of who is to be let in.
#[derive(Clone, Copy, Default)]
pub(crate) enum Mood {
    #[default]
    Fair,
    /// Nothing is ever said.
    Silent,
    Panics,
}

impl Doorman {
    /// Counts, from a full bucket.
    pub(crate) fn counting() -> Self {
        Self { bucket: Some(Arc::new(Mutex::new(BUCKET))), ..Self::default() }
    }

    pub(crate) fn left(&self) -> u64 {
        self.bucket.as_ref().map_or(0, |bucket| *bucket.lock().unwrap())
    }

    fn take(bucket: &Mutex<u64>, cost: u64) -> Result<Admitted, Throttled> {
        let mut left = bucket.lock().unwrap();
        let fits = cost <= *left;
        if fits {
            *left -= cost;
        }
        let status =
            ThrottleStatus { maximum_available: BUCKET, currently_available: *left, restore_rate: 0.5 };
        let standing = HeaderValue::from_str(&format!("\"cost\";r={left}")).unwrap();
        let headers = vec![(HeaderName::from_static("ratelimit"), standing)];
        if fits {
            return Ok(Admitted { status: Some(status), headers });
        }
        let retry_after = (cost <= BUCKET).then_some(Duration::from_millis(1_200));
        Err(Throttled { retry_after, status: Some(status), headers })
    }
}

impl RequestData for Doorman {
    fn attach(&self, _: &Parts, _: &Operation<'_>, request: Request) -> Request {
        request
    }

    fn allows(&self, parts: &Parts, requirement: Requirement) -> bool {
        self.questions.fetch_add(1, Ordering::SeqCst);
        let may = parts.headers.get("x-may").and_then(|value| value.to_str().ok()).unwrap_or_default();
        may.split(',').any(|may| may == requirement.0.to_string())
    }

    fn admit<'a>(
        &'a self,
        _: &'a Parts,
        operation: &Operation<'a>,
    ) -> Option<BoxFuture<'a, Result<Admitted, Throttled>>> {
        let cost = operation.cost;
        self.asked.lock().unwrap().push(cost);
        match self.mood {
            Mood::Fair => {}
            Mood::Silent => return Some(std::future::pending().boxed()),
            Mood::Panics => panic!("a bug with a secret: hunter2"),
        }
        let bucket = Arc::clone(self.bucket.as_ref()?);
        let take = async move {
            tokio::task::yield_now().await;
            Self::take(&bucket, cost)
        };
        Some(take.boxed())
    }

    fn finished(&self, _: &stoa_graphql_http::Report<'_>) {
        self.finished.fetch_add(1, Ordering::SeqCst);
    }

    fn refused(&self, code: &str) {
        self.refused.lock().unwrap().push(code.to_owned());
    }
}
