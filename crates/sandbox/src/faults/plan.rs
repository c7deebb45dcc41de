//! The faults still to come.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{ApiAction, ApiFault, Fault, FaultError, WebhookAction, WebhookFault};
use crate::config::matches_event;

/// A handle on the fault plan of a sandbox; clones share the plan. Faults wait in the order of their coming, and
/// the first that fits is taken. The plan is not kept over a restart.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Vec<Fault>>>);

impl Faults {
    /// Adds a fault to the plan.
    pub fn add(&self, mut fault: Fault) -> Result<(), FaultError> {
        fault.check()?;
        self.plan().push(fault);
        Ok(())
    }

    /// Forgets all faults still to come.
    pub fn clear(&self) {
        self.plan().clear();
    }

    /// The faults still to come, with how often each.
    #[must_use]
    pub fn list(&self) -> Vec<Fault> {
        self.plan().clone()
    }

    /// What shall happen to an API call.
    pub(crate) fn take_api(&self, method: &str, path: &str) -> Option<ApiAction> {
        self.take(|fault| match fault {
            Fault::Api(ApiFault { method: wanted, path: pattern, action, .. }) => {
                let fits = wanted.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
                    && matches_path(pattern, path);
                fits.then_some(*action)
            }
            _ => None,
        })
    }

    /// What shall happen to an event.
    pub(crate) fn take_webhook(&self, event_type: &str) -> Option<WebhookAction> {
        self.take(|fault| match fault {
            Fault::Webhook(WebhookFault { events, action, .. }) => {
                matches_event(events, event_type).then_some(*action)
            }
            _ => None,
        })
    }

    /// Whether a payment shall stay in processing.
    pub(crate) fn take_slow_network(&self) -> bool {
        self.take(|fault| matches!(fault, Fault::SlowNetwork { .. }).then_some(())).is_some()
    }

    /// Takes the first fault that `pick` wants once, and forgets it when it has happened often enough.
    fn take<T>(&self, pick: impl Fn(&Fault) -> Option<T>) -> Option<T> {
        let mut plan = self.plan();
        let (place, taken) =
            plan.iter().enumerate().find_map(|(place, fault)| pick(fault).map(|taken| (place, taken)))?;
        if let Some(left) = plan.get_mut(place).map(Fault::left) {
            *left -= 1;
            if *left == 0 {
                plan.remove(place);
            }
        }
        Some(taken)
    }

    fn plan(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a path fits a pattern: `*` is any one part, a last `**` any rest.
fn matches_path(pattern: &str, path: &str) -> bool {
    let mut parts = path.trim_end_matches('/').split('/');
    let mut wanted = pattern.trim_end_matches('/').split('/');
    loop {
        match (wanted.next(), parts.next()) {
            (Some("**"), _) | (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(wanted), Some(part)) if wanted == part => {}
            _ => return false,
        }
    }
}
