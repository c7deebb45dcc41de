//! What the pages need to know beyond the shop's own settings.

use std::sync::Arc;
use stoa_domain::shared::IdGenerator;
use stoa_services::system::SystemIds;

/// How the pages behave.
#[derive(Clone)]
pub struct WebSettings {
    /// Products on a page of the shop; 1 to 250.
    pub products_per_page: u32,
    /// Stripe's script, from Stripe's own host as Stripe demands. Only loaded where a real Stripe account is paid.
    pub stripe_js: String,
    /// Where the idempotency keys in forms come from.
    pub ids: Arc<dyn IdGenerator>,
}

impl Default for WebSettings {
    fn default() -> Self {
        Self {
            products_per_page: 24,
            stripe_js: "https://js.stripe.com/clover/stripe.js".to_owned(),
            ids: Arc::new(SystemIds),
        }
    }
}
