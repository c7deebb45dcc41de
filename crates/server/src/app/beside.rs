//! The use cases without a server around them: for commands that are run by hand, beside a server or without one.

use super::{bus::Bus, gateway, secrets::unlock, serve::HttpServer, wiring};
use crate::config::Config;
use std::sync::Arc;
use stoa_persistence::Db;
use stoa_services::{
    Services,
    system::{SystemClock, SystemIds},
};

/// The use cases, and what they stand on.
pub struct Beside {
    /// The use cases.
    pub services: Arc<Services>,
    db: Db,
    bus: Bus,
    back_door: Option<HttpServer>,
}

impl Beside {
    /// Wires the use cases to a database that is open.
    ///
    /// # Errors
    /// What takes the payments or sends the mails cannot be used as configured, or the root keys are not the database's.
    pub async fn open(config: &Config, db: Db) -> anyhow::Result<Self> {
        let unlocked = unlock(config, db, &SystemClock).await?;
        let money = gateway::beside(config).await?;
        let wired = wiring::services(
            config,
            config.settings.clone(),
            &unlocked,
            money.gateway,
            Arc::new(SystemClock),
            Arc::new(SystemIds),
        )
        .await?;
        Ok(Self { services: wired.services, db: unlocked.db, bus: wired.bus, back_door: money.back_door })
    }

    /// The database they stand on.
    pub const fn db(&self) -> &Db {
        &self.db
    }

    /// Lets go of everything.
    ///
    /// # Errors
    /// The database does not close cleanly; nothing is lost by it.
    pub async fn close(self) -> anyhow::Result<()> {
        if let Some(door) = self.back_door {
            door.stop().await;
        }
        self.bus.stop().await;
        Ok(self.db.close().await?)
    }
}
