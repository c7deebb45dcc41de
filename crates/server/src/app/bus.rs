//! Which bus carries live events: within this process, by Postgres, or by Redis.

use crate::config::Config;
use anyhow::Context;
use std::sync::Arc;
use stoa_domain::live::EventBus;
use stoa_live::{Carrier, Hub, Pace, Relay};
use stoa_persistence::{DbTarget, live::PgCarrier};
use stoa_redis::{Redis, RedisCarrier};
use tokio::sync::watch;

/// The bus of this process.
#[derive(Clone)]
pub(super) enum Bus {
    /// There is no other process.
    Alone(Arc<Hub>),
    /// Others hear, and are heard.
    Shared(Arc<Relay>),
}

impl Bus {
    /// What services publish on and subscribe to.
    pub(super) fn port(&self) -> Arc<dyn EventBus> {
        match self {
            Self::Alone(hub) => Arc::<Hub>::clone(hub),
            Self::Shared(relay) => Arc::<Relay>::clone(relay),
        }
    }

    /// Whether others are heard; where there are none, nothing is missed.
    pub(super) fn listening(&self) -> watch::Receiver<bool> {
        match self {
            Self::Alone(_) => watch::channel(true).1,
            Self::Shared(relay) => relay.listening(),
        }
    }

    /// Tells the others what they have not heard yet.
    pub(super) async fn stop(self) {
        if let Self::Shared(relay) = self {
            relay.stop().await;
        }
    }

    fn over(carrier: impl Carrier) -> Self {
        Self::Shared(Arc::new(Relay::spawn(carrier, Pace::default())))
    }
}

/// Chooses the bus: what instances share carries their events. `redis` is what the carts are in, if they are in one.
pub(super) fn bus(config: &Config, redis: Option<&Redis>) -> anyhow::Result<Bus> {
    if let (Some(config), Some(redis)) = (&config.redis, redis) {
        return Ok(Bus::over(RedisCarrier::new(config, redis).context("configuration: redis")?));
    }
    Ok(match &config.database.target {
        DbTarget::Sqlite(_) => Bus::Alone(Arc::new(Hub::new())),
        DbTarget::Postgres(url) => Bus::over(PgCarrier::new(url).context("configuration: database.url")?),
    })
}
