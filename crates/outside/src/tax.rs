//! The domain's port of tax services, over HTTP.

use crate::{
    InvalidService, Observer, ServiceConfig,
    asker::Asker,
    wire::tax::{self, Taxes},
};
use async_trait::async_trait;
use stoa_domain::{
    shared::OutsideError,
    tax::{QuotedTax, TaxRequest, TaxService},
};

/// Asks a tax service that speaks the language of docs/outside-services.md.
#[derive(Debug)]
pub struct HttpTaxService(Asker<Taxes>);

impl HttpTaxService {
    /// A service with its own connections. Nothing is sent yet.
    ///
    /// # Errors
    /// A field that cannot be, or a process without a TLS provider.
    pub fn new(config: &ServiceConfig) -> Result<Self, InvalidService> {
        Asker::new("tax-service", config).map(Self)
    }

    /// Tells somebody what comes of each question.
    #[must_use]
    pub fn observed(mut self, observer: Observer) -> Self {
        self.0.observe(observer);
        self
    }
}

#[async_trait]
impl TaxService for HttpTaxService {
    fn name(&self) -> &str {
        self.0.name()
    }

    async fn quote(&self, asked: &TaxRequest) -> Result<QuotedTax, OutsideError> {
        if asked.lines.is_empty() && asked.deliveries.is_empty() {
            let fingerprint = asked.fingerprint();
            return Ok(QuotedTax { fingerprint, lines: Vec::new(), deliveries: Vec::new() });
        }
        let question = tax::question(asked)
            .map_err(|_| OutsideError::Unreadable("the question itself cannot be written"))?;
        let taxes = self.0.ask(question, |body| tax::read(body, asked)).await?;
        Ok(taxes.quoted(asked))
    }
}
