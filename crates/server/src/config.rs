//! The configuration: defaults, then a file, then the environment; typed, and checked before anything starts.

mod raw;
mod validate;

pub use raw::Raw;
pub use validate::{Config, HttpConfig, InvalidConfig, LogFormat, Payments, StripeKeys};

use std::path::Path;

/// Every key with its default, commented: what `stoa config` prints.
pub const DEFAULTS: &str = include_str!("config.default.toml");

/// Reads the defaults, the file if one is named, and the environment (`STOA_SECTION__KEY`).
///
/// # Errors
/// The file is missing or unreadable, a key is unknown or of the wrong type: the message names it.
pub fn read(file: Option<&Path>) -> Result<Raw, config::ConfigError> {
    let environment = config::Environment::with_prefix("STOA")
        .prefix_separator("_")
        .separator("__")
        .list_separator(",")
        .with_list_parse_key("stripe.webhook_secrets")
        .with_list_parse_key("http.cors_origins")
        .with_list_parse_key("delivery.countries")
        .try_parsing(true)
        .ignore_empty(true);
    read_from(file, environment)
}

fn read_from(file: Option<&Path>, environment: config::Environment) -> Result<Raw, config::ConfigError> {
    let mut builder =
        config::Config::builder().add_source(config::File::from_str(DEFAULTS, config::FileFormat::Toml));
    if let Some(file) = file {
        builder = builder.add_source(config::File::from(file).format(config::FileFormat::Toml));
    }
    builder.add_source(environment).build()?.try_deserialize()
}

#[cfg(test)]
mod tests;
