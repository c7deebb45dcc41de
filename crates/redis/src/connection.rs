//! The connection the stores share: commands, scripts, faults.

use crate::{
    config::{InvalidRedisConfig, RedisConfig},
    keys::Keys,
    link::Link,
    links::Links,
    script::Call,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use redis::{Cmd, ErrorKind, FromRedisValue, RedisError, RedisResult, ServerErrorKind};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use stoa_domain::shared::Fault;
use tracing::Instrument;

/// Calls of one list that are under way at once. More would only queue, and the last of them time out by waiting.
const AT_ONCE: usize = 128;

/// How much has been asked of Redis so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Commands sent.
    pub commands: u64,
    /// Times somebody waited for an answer: commands sent together count once for every 128.
    pub round_trips: u64,
}

#[derive(Default)]
struct Meter {
    commands: AtomicU64,
    round_trips: AtomicU64,
}

/// A connection to Redis or to a Redis Cluster. Cheap to clone; all clones share one.
#[derive(Clone)]
pub struct Redis {
    links: Arc<Links>,
    keys: Keys,
    meter: Arc<Meter>,
}

impl Redis {
    /// Prepares a connection, which is made when first used. Call it within a Tokio runtime.
    ///
    /// # Errors
    /// The settings contradict each other. A server that is down is no error.
    pub fn new(config: &RedisConfig) -> Result<Self, InvalidRedisConfig> {
        let links = Arc::new(Links::prepare(config)?);
        Ok(Self { links, keys: Keys::new(config.prefix()), meter: Arc::default() })
    }

    /// Whether Redis answers: of a cluster every server that owns keys.
    ///
    /// # Errors
    /// It does not, in the time it is given.
    pub async fn ping(&self) -> Result<(), Fault> {
        self.query::<redis::Value>("redis.ping", &redis::cmd("PING")).await.map(drop)
    }

    /// What has been asked so far, by all clones.
    pub fn traffic(&self) -> Traffic {
        Traffic {
            commands: self.meter.commands.load(Ordering::Relaxed),
            round_trips: self.meter.round_trips.load(Ordering::Relaxed),
        }
    }

    /// The connection itself, for what no key decides.
    pub(crate) fn link(&self) -> Link {
        self.links.current().1
    }

    pub(crate) const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Keys that may go into one script: on a cluster those of one hash tag only.
    pub(crate) fn is_cluster(&self) -> bool {
        self.links.are_of_cluster()
    }

    /// Sends one command that only reads.
    pub(crate) async fn query<T: FromRedisValue>(
        &self,
        context: &'static str,
        command: &Cmd,
    ) -> Result<T, Fault> {
        self.waits(1);
        traced(context, self.send(command)).await.map_err(|e| Fault::unavailable(context, e))
    }

    /// The same with many that do not depend on each other; answers come in their order.
    pub(crate) async fn query_all<T: FromRedisValue>(
        &self,
        context: &'static str,
        commands: Vec<Cmd>,
    ) -> Result<Vec<T>, Fault> {
        self.waits(commands.len().div_ceil(AT_ONCE));
        let answers = commands.into_iter().map(|command| async move { self.send(&command).await });
        let answers = stream::iter(answers).buffered(AT_ONCE).try_collect();
        traced(context, answers).await.map_err(|e| Fault::unavailable(context, e))
    }

    /// Runs one script.
    pub(crate) async fn run<T: FromRedisValue>(
        &self,
        context: &'static str,
        call: &Call,
    ) -> Result<T, Fault> {
        self.waits(1);
        traced(context, self.eval(call)).await.map_err(|e| Fault::unavailable(context, e))
    }

    /// Runs many that do not depend on each other; answers come in their order. After a failure some have run.
    pub(crate) async fn run_all<T: FromRedisValue>(
        &self,
        context: &'static str,
        calls: Vec<Call>,
    ) -> Result<Vec<T>, Fault> {
        self.waits(calls.len().div_ceil(AT_ONCE));
        let answers = calls.into_iter().map(|call| async move { self.eval(&call).await });
        let answers = stream::iter(answers).buffered(AT_ONCE).try_collect();
        traced(context, answers).await.map_err(|e| Fault::unavailable(context, e))
    }

    async fn eval<T: FromRedisValue>(&self, call: &Call) -> RedisResult<T> {
        match self.send(&call.by_hash()).await {
            Err(e) if e.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                self.waits(1);
                self.send(&call.by_text()).await
            }
            answer => answer,
        }
    }

    /// Sends a command, and once more when the connection turns out to have died since it was last used. Whether the first
    /// was carried out is then unknown; that it does not matter is each script's affair.
    async fn send<T: FromRedisValue>(&self, command: &Cmd) -> RedisResult<T> {
        let (number, mut link) = self.links.current();
        self.meter.commands.fetch_add(1, Ordering::Relaxed);
        let answer = match command.query_async(&mut link).await {
            Err(e) if died(&e) => {
                tracing::debug!(error = %e, "redis.connection.lost");
                self.waits(1);
                self.meter.commands.fetch_add(1, Ordering::Relaxed);
                command.query_async(&mut link).await
            }
            answer => answer,
        };
        if let Err(e) = &answer
            && leads_nowhere(e)
        {
            self.links.give_up(number);
        }
        answer
    }

    fn waits(&self, times: usize) {
        self.meter.round_trips.fetch_add(times as u64, Ordering::Relaxed);
    }
}

/// A span for whoever traces; where nobody does it is none.
async fn traced<T>(context: &'static str, answer: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    let span = tracing::trace_span!(
        target: "stoa::traces",
        "redis",
        otel.name = context,
        otel.kind = "client",
        otel.status_code = tracing::field::Empty,
        db.system.name = "redis",
        db.operation.name = context,
    );
    let answer = answer.instrument(span.clone()).await;
    if answer.is_err() {
        span.record("otel.status_code", "ERROR");
    }
    answer
}

/// Whether an old connection broke. A new one that is refused, or an answer that does not come, is not tried again.
fn died(error: &RedisError) -> bool {
    error.is_connection_dropped() && !error.is_connection_refusal()
}

/// Whether the connection may be open and yet of no use any more: what is at its other end has gone without a word, or is
/// no longer the server that takes writes.
fn leads_nowhere(error: &RedisError) -> bool {
    error.is_timeout() || error.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly)
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis")
            .field("keys", &self.keys)
            .field("traffic", &self.traffic())
            .finish_non_exhaustive()
    }
}
