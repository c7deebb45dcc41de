//! What every use case may reach for.

use crate::settings::Settings;
use std::sync::Arc;
use stoa_domain::{
    cart::CartStore,
    inventory::ReservationStore,
    mail::Mailer,
    payment::PaymentGateway,
    shared::{Clock, IdGenerator, Timestamp},
};
use stoa_persistence::Db;
use tokio::sync::Notify;

/// The adapters, as the server's wiring has chosen them.
#[derive(Clone)]
pub struct Ports {
    /// The system of record.
    pub db: Db,
    /// Carts.
    pub carts: Arc<dyn CartStore>,
    /// Holds on stock.
    pub holds: Arc<dyn ReservationStore>,
    /// Money.
    pub gateway: Arc<dyn PaymentGateway>,
    /// Mail.
    pub mailer: Arc<dyn Mailer>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Identifiers and secrets.
    pub ids: Arc<dyn IdGenerator>,
}

/// The adapters and the settings, shared by all use cases.
pub struct Context {
    pub(crate) ports: Ports,
    pub(crate) settings: Settings,
    /// Rung after a commit that has put a job in, so that the worker need not wait for its next look.
    pub(crate) jobs_waiting: Notify,
}

impl Context {
    /// Puts them together.
    pub fn new(ports: Ports, settings: Settings) -> Arc<Self> {
        Arc::new(Self { ports, settings, jobs_waiting: Notify::new() })
    }

    /// The settings.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }

    pub(crate) const fn db(&self) -> &Db {
        &self.ports.db
    }
}
