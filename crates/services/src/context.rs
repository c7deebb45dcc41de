//! What every use case may reach for.

use crate::{
    account::{Auth, oidc::OidcProviders},
    catalog::Catalog,
    settings::Settings,
};
use std::sync::Arc;
use stoa_domain::{
    cart::CartStore,
    delivery::CarrierRates,
    inventory::{ReservationStore, StockSnapshot},
    limits::RateLimiter,
    live::EventBus,
    mail::Mailer,
    media::MediaStore,
    payment::PaymentGateway,
    shared::{Clock, Fallback, IdGenerator, Timestamp},
    tax::TaxService,
};
use stoa_media::Uploads;
use stoa_persistence::Db;
use tokio::sync::{Notify, Semaphore};

/// The adapters, as the server's wiring has chosen them.
#[derive(Clone)]
pub struct Ports {
    /// The system of record.
    pub db: Db,
    /// Carts.
    pub carts: Arc<dyn CartStore>,
    /// Holds on stock.
    pub holds: Arc<dyn ReservationStore>,
    /// How often who may do what.
    pub limiter: Arc<dyn RateLimiter>,
    /// Money.
    pub gateway: Arc<dyn PaymentGateway>,
    /// Mail.
    pub mailer: Arc<dyn Mailer>,
    /// Files: pictures, and what customers have asked for of what is known of them.
    pub media: Arc<dyn MediaStore>,
    /// Takes pictures in.
    pub uploads: Arc<Uploads>,
    /// Passwords, tokens and keys.
    pub auth: Arc<Auth>,
    /// Where people can sign in besides here.
    pub oidc: Arc<OidcProviders>,
    /// Services outside of the house.
    pub outside: OutsideServices,
    /// Live events.
    pub bus: Arc<dyn EventBus>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Identifiers and secrets.
    pub ids: Arc<dyn IdGenerator>,
}

/// Services outside of the house that money is asked of, where the shop has any. None is ever asked inside a transaction.
#[derive(Clone, Default)]
pub struct OutsideServices {
    /// Works out taxes.
    pub taxes: Option<Arc<dyn TaxService>>,
    /// Says what delivering costs.
    pub carriers: Option<Arc<dyn CarrierRates>>,
    /// What is done without an answer about taxes, unless the shop has decided otherwise.
    pub fallback: Fallback,
}

/// Subscribers that read at once. The others wait their turn, and leave connections to those who buy.
const LIVE_READS: usize = 8;

/// The adapters and the settings, shared by all use cases.
pub struct Context {
    pub(crate) ports: Ports,
    pub(crate) settings: Settings,
    pub(crate) catalog: Arc<Catalog>,
    /// Rung after a commit that has put a job in, so that the worker need not wait for its next look.
    pub(crate) jobs_waiting: Notify,
    /// How many subscribers read at once: all of them may be told to read again in the same moment.
    pub(crate) live_reads: Semaphore,
}

impl Context {
    /// Puts them together.
    pub fn new(ports: Ports, settings: Settings) -> Arc<Self> {
        let Ports { db, holds, bus, clock, .. } = &ports;
        let catalog = Catalog::new(db.clone(), Arc::clone(holds), Arc::clone(clock));
        let catalog = Arc::new(catalog.with_bus(Arc::clone(bus)));
        Arc::new(Self {
            ports,
            settings,
            catalog,
            jobs_waiting: Notify::new(),
            live_reads: Semaphore::new(LIVE_READS),
        })
    }

    /// The settings.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What counts against quotas.
    pub fn limiter(&self) -> &Arc<dyn RateLimiter> {
        &self.ports.limiter
    }

    /// What the store of holds has to be told of stock that has changed: nothing, where it decides by the stock itself.
    pub(crate) fn news_of_stock<'s>(&self, changed: &'s [StockSnapshot]) -> &'s [StockSnapshot] {
        if self.ports.holds.wants_news() { changed } else { &[] }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }

    pub(crate) const fn db(&self) -> &Db {
        &self.ports.db
    }
}
