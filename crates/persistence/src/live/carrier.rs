//! LISTEN and NOTIFY. They need sessions: a pooler in transaction mode between us and the server would not carry them.

use async_trait::async_trait;
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
};
use std::{str::FromStr, time::Duration};
use stoa_domain::shared::Fault;
use stoa_live::{Carrier, Line, LineError};

/// One that listens and one that tells. They are not taken from those that serve requests, which may all be busy.
const CONNECTIONS: u32 = 2;
/// For a connection to be made.
const PATIENCE: Duration = Duration::from_secs(5);
/// The channel of the schema that the tables are in: shops that share a database do not hear each other.
const CHANNEL: &str = "SELECT 'stoa_' || md5(current_schema())";
const NOTIFY: &str = "SELECT pg_notify('stoa_' || md5(current_schema()), $1)";

/// Carries live events by a Postgres. Nothing is written: an event that nobody listens to leaves no trace.
pub struct PgCarrier {
    pool: PgPool,
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
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(options);
        Ok(Self { pool })
    }
}

#[async_trait]
impl Carrier for PgCarrier {
    fn name(&self) -> &'static str {
        "postgres"
    }

    async fn listen(&self) -> Result<Box<dyn Line>, LineError> {
        let channel: String = sqlx::query_scalar(CHANNEL).fetch_one(&self.pool).await?;
        let mut listener = PgListener::connect_with(&self.pool).await?;
        // Mended by whoever uses the line, who has to know.
        listener.eager_reconnect(false);
        listener.listen(&channel).await?;
        Ok(Box::new(PgLine(listener)))
    }

    async fn send(&self, text: &str) -> Result<(), LineError> {
        sqlx::query(NOTIFY).bind(text).execute(&self.pool).await?;
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
