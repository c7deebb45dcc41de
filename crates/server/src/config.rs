//! The configuration: defaults, then a file, then the environment; typed, and checked before anything starts.

mod accounts;
mod environment;
mod graphql;
mod http;
mod media;
mod oidc;
mod outside;
mod raw;
mod redis;
mod secret;
mod telemetry;
mod tls;
mod validate;

pub use raw::Raw;
pub use validate::{Config, InvalidConfig, LogFormat, Payments, StripeKeys};

pub use graphql::GraphqlConfig;
pub use http::{HttpConfig, LiveConfig};
pub use media::{MediaConfig, UploadsConfig};
pub use oidc::OidcProviderConfig;
pub use outside::OutsideConfig;
pub(crate) use secret::read as read_secret;
pub use telemetry::TracesConfig;
pub use tls::TlsFiles;

use environment::Variables;
use secrecy::ExposeSecret;
use std::path::Path;

/// Every key with its default, commented: what `stoa config` prints.
pub const DEFAULTS: &str = include_str!("config.default.toml");

/// Reads the defaults, the file if one is named, and the environment (`STOA_SECTION__KEY`).
///
/// # Errors
/// The file is missing or unreadable, a key is unknown or of the wrong type: the message names it.
pub fn read(file: Option<&Path>) -> Result<Raw, config::ConfigError> {
    read_from(file, &Variables::of_this_process()?)
}

fn read_from(file: Option<&Path>, variables: &Variables) -> Result<Raw, config::ConfigError> {
    let mut builder =
        config::Config::builder().add_source(config::File::from_str(DEFAULTS, config::FileFormat::Toml));
    if let Some(file) = file {
        builder = builder.add_source(config::File::from(file).format(config::FileFormat::Toml));
    }
    let raw: Raw = builder.add_source(variables.settings(DEFAULTS)?).build()?.try_deserialize()?;
    if raw.stripe.secret_key.expose_secret().is_empty() {
        variables.no_live_key_elsewhere()?;
    }
    Ok(raw)
}

#[cfg(test)]
mod tests;
