//! Where carts and holds are, and where limits are counted: in the database and in the process, or in Redis.

use crate::config::Config;
use anyhow::Context as _;
use std::sync::Arc;
use stoa_domain::{cart::CartStore, inventory::ReservationStore, limits::RateLimiter};
use stoa_persistence::{Db, SqlCartStore, SqlReservationStore};
use stoa_redis::{Redis, RedisCartStore, RedisRateLimiter, RedisReservationStore};
use stoa_services::limits::{FallbackLimiter, ProcessLimiter};

/// The stores, as configured.
pub(super) struct Stores {
    pub(super) carts: Arc<dyn CartStore>,
    pub(super) holds: Arc<dyn ReservationStore>,
    pub(super) limiter: Arc<dyn RateLimiter>,
    pub(super) upkeep: Upkeep,
}

/// What they need beside requests.
pub(super) enum Upkeep {
    /// Rows do not go away by themselves.
    Sweep(Arc<SqlCartStore>, Arc<SqlReservationStore>),
    /// Keys do; but somebody should say when Redis is gone.
    Watch(Redis),
}

impl Upkeep {
    /// The Redis that the stores are in.
    pub(super) const fn redis(&self) -> Option<&Redis> {
        match self {
            Self::Sweep(..) => None,
            Self::Watch(redis) => Some(redis),
        }
    }
}

impl Stores {
    /// Opens them. A Redis that is down is no error: it may come back at any time.
    pub(super) fn open(config: &Config, db: &Db) -> anyhow::Result<Self> {
        if let Some(config) = &config.redis {
            let redis = Redis::new(config).context("configuration: redis")?;
            return Ok(Self {
                carts: Arc::new(RedisCartStore::new(redis.clone())),
                holds: Arc::new(RedisReservationStore::new(redis.clone())),
                limiter: Arc::new(FallbackLimiter::new(RedisRateLimiter::new(redis.clone()))),
                upkeep: Upkeep::Watch(redis),
            });
        }
        let carts = Arc::new(SqlCartStore::new(db.clone()));
        let holds = Arc::new(SqlReservationStore::new(db.clone()));
        let upkeep = Upkeep::Sweep(Arc::clone(&carts), Arc::clone(&holds));
        Ok(Self { carts, holds, limiter: Arc::new(ProcessLimiter::default()), upkeep })
    }
}
