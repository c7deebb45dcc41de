//! The variables of the environment: which are settings, and which only look like it.

use config::{ConfigError, FileFormat, ValueKind};
use std::collections::BTreeSet;

/// What all of ours begin with.
const PREFIX: &str = "stoa_";
/// Settings that hold several values, with commas between them.
const LISTS: [&str; 8] = [
    "stripe.webhook_secrets",
    "http.cors_origins",
    "delivery.countries",
    "server.trusted_proxies",
    "secrets.root_keys",
    "accounts.cookie_origins",
    "accounts.oidc_code_origins",
    "oidc.client_secrets",
];
/// A setting that is in no section, and in no file of defaults.
const DEBUG_STATEMENTS: &str = "debug_statements";
/// Ours, but no settings: where the file is (read by the command line), and what builds and tests are told.
const OTHERS: [&str; 2] = ["config", "graphiql"];
const OF_TESTS: &str = "test_";
/// What Stripe's own tools read, and people have set for them.
const STRIPES: [&str; 2] = ["STRIPE_SECRET_KEY", "STRIPE_API_KEY"];

/// The environment, as far as it concerns us.
pub(super) struct Variables(Vec<(String, String)>);

impl Variables {
    /// # Errors
    /// A value of ours is no Unicode. It is not repeated.
    pub(super) fn of_this_process() -> Result<Self, ConfigError> {
        let concerns_us = |name: &str| is_ours(name).is_some() || STRIPES.contains(&name);
        std::env::vars_os()
            .filter_map(|(name, value)| name.into_string().ok().map(|name| (name, value)))
            .filter(|(name, _)| concerns_us(name))
            .map(|(name, value)| match value.into_string() {
                Ok(value) => Ok((name, value)),
                Err(_) => Err(ConfigError::Message(format!("{name} is not Unicode"))),
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    #[cfg(test)]
    pub(super) fn of(pairs: &[(&str, &str)]) -> Self {
        Self(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    /// The settings among them.
    ///
    /// # Errors
    /// Names a variable that looks like a setting and is none: a misspelt key would otherwise leave a default in force,
    /// and a misspelt secret key would sell for play money.
    pub(super) fn settings(&self, defaults: &str) -> Result<config::Environment, ConfigError> {
        let known = keys(defaults)?;
        let mut settings = config::Map::new();
        for (name, value) in self.0.iter().filter(|(_, value)| !value.is_empty()) {
            let Some(rest) = is_ours(name) else { continue };
            if OTHERS.contains(&rest.as_str()) || rest.starts_with(OF_TESTS) {
                continue;
            }
            let key = rest.replace("__", ".");
            if key != DEBUG_STATEMENTS && !known.contains(&key) {
                return Err(unknown(name, &key, &known));
            }
            let value = if LISTS.contains(&key.as_str()) { tidy(value) } else { value.clone() };
            settings.insert(name.clone(), value);
        }
        let environment = config::Environment::with_prefix("STOA")
            .prefix_separator("_")
            .separator("__")
            .list_separator(",")
            .try_parsing(true)
            .ignore_empty(true)
            .source(Some(settings));
        Ok(LISTS.into_iter().fold(environment, config::Environment::with_list_parse_key))
    }

    /// Refuses a live key that was meant for us and would not be used. Call when no key is configured.
    ///
    /// # Errors
    /// Names the variable, and the one to use.
    pub(super) fn no_live_key_elsewhere(&self) -> Result<(), ConfigError> {
        let is_live = |value: &str| value.starts_with("sk_live_") || value.starts_with("rk_live_");
        let stray = self.0.iter().find(|(name, value)| STRIPES.contains(&name.as_str()) && is_live(value));
        stray.map_or(Ok(()), |(name, _)| {
            Err(ConfigError::Message(format!(
                "{name} holds a live key, but the setting is STOA_STRIPE__SECRET_KEY: set that, or unset {name} to run \
                 on the sandbox, where no money moves"
            )))
        })
    }
}

/// What follows our prefix, in lower case. Letter case never mattered.
fn is_ours(name: &str) -> Option<String> {
    name.to_lowercase().strip_prefix(PREFIX).map(str::to_owned)
}

/// Every `section.key` of the defaults.
fn keys(defaults: &str) -> Result<BTreeSet<String>, ConfigError> {
    let defaults = config::File::from_str(defaults, FileFormat::Toml);
    let all = config::Config::builder().add_source(defaults).build()?;
    let mut keys = BTreeSet::new();
    for (section, value) in all.cache.into_table()? {
        if let ValueKind::Table(values) = value.kind {
            keys.extend(values.into_keys().map(|key| format!("{section}.{key}")));
        }
    }
    Ok(keys)
}

fn unknown(name: &str, key: &str, known: &BTreeSet<String>) -> ConfigError {
    // One underscore instead of two is the slip that everybody makes once.
    let flat = |key: &str| key.replace(['.', '_'], "");
    let meant = known.iter().find(|known| flat(known) == flat(key)).map_or_else(
        || "`stoa config` prints all settings".to_owned(),
        |known| format!("it is {}{}", PREFIX.to_uppercase(), known.replace('.', "__").to_uppercase()),
    );
    ConfigError::Message(format!("{name}: there is no setting {key}; {meant}"))
}

/// A list without the blanks that people put around commas.
fn tidy(list: &str) -> String {
    let items: Vec<_> = list.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
    items.join(",")
}
