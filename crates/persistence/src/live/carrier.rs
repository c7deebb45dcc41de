//! LISTEN and NOTIFY. They need sessions: a pooler in transaction mode between us and the server would not carry them.

use crate::db::watched;
use async_trait::async_trait;
use sqlx::{
    Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
};
use std::{str::FromStr, time::Duration};
use stoa_domain::shared::Fault;
use stoa_live::{Carrier, Line, LineError};
use tokio::{sync::Mutex, time::timeout};

/// For a connection to be made.
const PATIENCE: Duration = Duration::from_secs(5);
/// For a connection to show that it is alive.
const SIGN_OF_LIFE: Duration = Duration::from_secs(2);
/// The channel of the schema that the tables are in: shops that share a database do not hear each other.
const CHANNEL: &str = "SELECT 'stoa_' || md5(current_schema())";
const NOTIFY: &str = "SELECT pg_notify('stoa_' || md5(current_schema()), $1)";

/// Carries live events by a Postgres. Nothing is written: an event that nobody listens to leaves no trace.
pub struct PgCarrier {
    options: PgConnectOptions,
    /// What tells. It is not taken from those that serve requests, which may all be busy, nor from a pool, which could miss its only
    /// connection. Taken out while in use: whoever gives up closes it, and the next makes another.
    telling: Mutex<Option<PgConnection>>,
}

impl PgCarrier {
    /// Prepares the connections, which are made when first used. Call it within a Tokio runtime.
    ///
    /// # Errors
    /// It is no URL of a Postgres.
    pub fn new(url: &str) -> Result<Self, Fault> {
        let options = PgConnectOptions::from_str(url)
            .map_err(|error| Fault::internal("reading the database's URL", error))?
            .application_name("stoa live");
        Ok(Self { telling: Mutex::default(), options })
    }

    /// The connection there was, if it is alive, or else another.
    async fn connected(&self, before: Option<PgConnection>) -> Result<PgConnection, LineError> {
        if let Some(mut before) = before
            && let Ok(Ok(())) = timeout(SIGN_OF_LIFE, before.ping()).await
        {
            return Ok(before);
        }
        Ok(timeout(PATIENCE, PgConnection::connect_with(&self.options)).await??)
    }
}

/// A pool of one connection.
fn one(options: &PgConnectOptions) -> PgPool {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None);
    watched(pool, SIGN_OF_LIFE).connect_lazy_with(options.clone())
}

#[async_trait]
impl Carrier for PgCarrier {
    fn name(&self) -> &'static str {
        "postgres"
    }

    async fn listen(&self) -> Result<Box<dyn Line>, LineError> {
        let mut place = self.telling.lock().await;
        let mut telling = self.connected(place.take()).await?;
        let channel: String =
            timeout(PATIENCE, sqlx::query_scalar(CHANNEL).fetch_one(&mut telling)).await??;
        *place = Some(telling);
        drop(place);
        // On a pool of its own: a listener that is dropped says so to its server first, however long that takes, and nobody must wait
        // for the connection of one whose server is gone.
        let mut listener = PgListener::connect_with(&one(&self.options)).await?;
        // Mended by whoever uses the line, who has to know.
        listener.eager_reconnect(false);
        listener.listen(&channel).await?;
        Ok(Box::new(PgLine(listener)))
    }

    async fn send(&self, text: &str) -> Result<(), LineError> {
        let mut place = self.telling.lock().await;
        let mut telling = self.connected(place.take()).await?;
        timeout(PATIENCE, sqlx::query(NOTIFY).bind(text).execute(&mut telling)).await??;
        *place = Some(telling);
        Ok(())
    }
}

struct PgLine(PgListener);

#[async_trait]
impl Line for PgLine {
    async fn next(&mut self) -> Result<String, LineError> {
        match self.0.try_recv().await? {
            Some(notification) => Ok(notification.payload().to_owned()),
            None => Err("the connection was lost".into()),
        }
    }
}
