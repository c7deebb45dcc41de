//! Tries a whole transaction again when it collided with another.

use super::is_transient;
use std::{future::Future, time::Duration};
use stoa_domain::shared::Fault;

/// Waits between the attempts; there is one attempt more than waits.
const WAITS: [Duration; 4] = [
    Duration::from_millis(2),
    Duration::from_millis(10),
    Duration::from_millis(50),
    Duration::from_millis(200),
];

/// An error that may be a fault underneath: every use case's error is.
pub trait MayFault {
    /// The fault, unless this is a refusal.
    fn fault(&self) -> Option<&Fault>;
}

impl MayFault for Fault {
    fn fault(&self) -> Option<&Fault> {
        Some(self)
    }
}

/// Runs `attempt`, a whole transaction from its beginning to its commit, again and again while it fails for a reason
/// that passes ([`is_transient`]), five times in all.
///
/// # Errors
/// The first refusal, the first fault that does not pass, or the last that does.
pub async fn retrying<T, E, A, F>(mut attempt: A) -> Result<T, E>
where
    A: FnMut() -> F + Send,
    F: Future<Output = Result<T, E>> + Send,
    E: MayFault + Send,
{
    for wait in WAITS {
        match attempt().await {
            Err(error) if error.fault().is_some_and(is_transient) => {
                tracing::debug!(?wait, "a transaction collided with another; trying again");
                tokio::time::sleep(wait).await;
            }
            outcome => return outcome,
        }
    }
    attempt().await
}
