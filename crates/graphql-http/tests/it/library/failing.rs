//! Fields that fail, each in a way of its own.

use std::time::Duration;

use async_graphql::{Context, Error, Object};
use stoa_graphql_http::{Nullable, client_error};

/// An object whose fields fail.
pub(crate) struct Child;

/// An object whose fields fail.
#[Object]
impl Child {
    /// Does not fail.
    async fn ok(&self) -> i32 {
        1
    }
    /// Cannot be null, and fails.
    async fn bad(&self) -> Result<i32, Error> {
        Err(client_error("BAD", "bad"))
    }
    /// May be null, and fails as the wrapper wants it.
    async fn wrapped(&self) -> Nullable<i32> {
        Nullable::run(async { Err(client_error("WRAPPED", "wrapped")) }).await
    }
    /// May be null, and fails as an option of a result.
    async fn optional(&self) -> Option<Result<i32, Error>> {
        Some(Err(client_error("OPTIONAL", "optional")))
    }
    /// May be null, and its guard refuses.
    #[graphql(guard = "Closed")]
    async fn guarded(&self) -> Option<i32> {
        Some(1)
    }
    /// May be null, and has an argument that is checked.
    async fn checked(&self, #[graphql(validator(maximum = 3))] level: i32) -> Option<i32> {
        Some(level)
    }
    /// A fault: an error without a code.
    async fn fault(&self) -> Nullable<i32> {
        Nullable::from(Err(std::io::Error::other("password=hunter2")))
    }
    /// More of the same.
    async fn child(&self) -> Child {
        Child
    }
    /// Several of the same, which cannot be null.
    async fn children(&self) -> Vec<Child> {
        vec![Child, Child]
    }
    /// Resolved without async.
    fn brother(&self) -> Child {
        Child
    }
}

struct Closed;

impl async_graphql::Guard for Closed {
    async fn check(&self, _: &Context<'_>) -> Result<(), Error> {
        Err(client_error("CLOSED", "closed"))
    }
}

/// What fails, or takes its time.
#[derive(Default)]
pub(crate) struct Failing;

/// What fails, or takes its time.
#[Object]
impl Failing {
    /// An object whose fields fail.
    async fn child(&self) -> Option<Child> {
        Some(Child)
    }
    /// Objects whose fields fail.
    async fn children(&self) -> Option<Vec<Child>> {
        Some(vec![Child, Child])
    }
    /// Slower than any timeout of the tests, and faster than the next field.
    async fn slow(&self) -> i32 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        1
    }
    /// Panics.
    async fn panics(&self) -> i32 {
        assert!(std::hint::black_box(false), "a bug with a secret: hunter2");
        1
    }
}
