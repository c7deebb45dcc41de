//! Turning rules into tests.

use std::{future::Future, time::Duration};

/// One test a rule. Used by the suites' own macros only.
#[doc(hidden)]
#[macro_export]
macro_rules! __bind_rules {
    ($suite:ident, $open:path, $($rule:ident)*) => {$(
        #[::tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $rule() {
            let (store, _outlives_it) = $open().await;
            $crate::within_a_minute($crate::$suite::$rule(store)).await;
        }
    )*};
}

/// Waits for `rule`, and panics when it takes longer than a minute: a deadlock is a failed test, not a hung one.
pub async fn within_a_minute(rule: impl Future<Output = ()>) {
    let deadline = Duration::from_secs(60);
    assert!(tokio::time::timeout(deadline, rule).await.is_ok(), "not done after {deadline:?}: a deadlock?");
}
