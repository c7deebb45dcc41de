//! Whether the OpenID providers are there, and say of themselves what one can sign in by.

use crate::{app::oidc_providers, config::Config};
use std::{io::Write, sync::Arc};
use stoa_domain::shared::Clock;
use stoa_services::{doctor::Finding, system::SystemClock};

/// Asks each of them about itself, and nothing of anybody.
pub(super) async fn examine(config: &Config, out: &mut impl Write) -> anyhow::Result<Vec<Finding>> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let mut findings = Vec::new();
    for provider in oidc_providers(&config.oidc, &clock)?.iter() {
        match provider.client().discover().await {
            Ok(()) => writeln!(out, "OpenID provider {}: reached", provider.name())?,
            Err(fault) => findings.push(Finding {
                check: "oidc.provider",
                problem: format!("nobody can sign in with {}: {fault}", provider.name()),
                remedy: "See that oidc.providers has the issuer as it writes itself, and that it is reached from here; inside your own \
                         network it needs private_network = true.",
                mended: false,
            }),
        }
    }
    Ok(findings)
}
