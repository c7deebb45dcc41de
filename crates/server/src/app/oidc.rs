//! The clients of the OpenID providers that the settings name.

use crate::config::{InvalidConfig, OidcProviderConfig};
use std::sync::Arc;
use stoa_domain::shared::Clock;
use stoa_oidc::OidcProvider;
use stoa_services::account::oidc::{NamedProvider, OidcProviders};

/// Makes them ready. Nothing is asked of a provider yet: a shop starts without its providers.
///
/// # Errors
/// One cannot be as it is configured.
pub(crate) fn providers(
    configured: &[OidcProviderConfig],
    clock: &Arc<dyn Clock>,
) -> Result<OidcProviders, InvalidConfig> {
    let ready = configured.iter().map(|OidcProviderConfig { title, client }| {
        let name = &client.name;
        let client = OidcProvider::new(client.clone(), Arc::clone(clock))
            .map_err(|e| InvalidConfig { key: "oidc.providers", problem: format!("{name}: {e}") })?;
        Ok(NamedProvider::new(title.clone(), client))
    });
    Ok(OidcProviders::new(ready.collect::<Result<_, InvalidConfig>>()?))
}
