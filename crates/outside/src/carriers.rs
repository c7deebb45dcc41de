//! The domain's port of carriers, over HTTP.

use crate::{
    InvalidService, Observer, ServiceConfig,
    asker::Asker,
    wire::carrier::{self, Rates},
};
use async_trait::async_trait;
use stoa_domain::{
    delivery::{CarrierQuote, CarrierRates, ShipmentRequest},
    shared::OutsideError,
};

/// Asks a service of carriers' rates that speaks the language of docs/outside-services.md.
#[derive(Debug)]
pub struct HttpCarrierRates(Asker<Rates>);

impl HttpCarrierRates {
    /// A service with its own connections. Nothing is sent yet.
    ///
    /// # Errors
    /// A field that cannot be, or a process without a TLS provider.
    pub fn new(config: &ServiceConfig) -> Result<Self, InvalidService> {
        Asker::new("carrier-service", config).map(Self)
    }

    /// Tells somebody what comes of each question.
    #[must_use]
    pub fn observed(mut self, observer: Observer) -> Self {
        self.0.observe(observer);
        self
    }
}

#[async_trait]
impl CarrierRates for HttpCarrierRates {
    fn name(&self) -> &str {
        self.0.name()
    }

    async fn quote(&self, asked: &ShipmentRequest) -> Result<Vec<CarrierQuote>, OutsideError> {
        if asked.parcels.is_empty() {
            return Ok(Vec::new());
        }
        let question = carrier::question(asked)
            .map_err(|_| OutsideError::Unreadable("the question itself cannot be written"))?;
        let rates = self.0.ask(question, |body| carrier::read(body, asked)).await?;
        Ok(rates.quoted(asked))
    }
}
