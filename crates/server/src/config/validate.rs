//! From what is written to what can be: every complaint names the key and how to mend it.

use super::{
    accounts::{accounts, passwords, privacy},
    graphql::{GraphqlConfig, graphql},
    http::{HttpConfig, http},
    media::{MediaConfig, UploadsConfig, media, uploads},
    oidc::{OidcProviderConfig, oidc},
    outside::{OutsideConfig, outside},
    raw::Raw,
    redis::redis,
    secret::{read_files, root_keys},
    telemetry::{TracesConfig, metrics, traces},
    tls::{TlsFiles, tls},
};
use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf, time::Duration};
use stoa_api::{graphql::JsonLimits, http::cookies_are_taken_at};
use stoa_auth::{PasswordCost, RootKeys};
use stoa_domain::{
    inventory::HoldTiming,
    pricing::{DeliveryOption, PricingRules, TaxRounding},
    shared::{CountryCode, Currency, Locale, Money, Rate},
};
use stoa_mail::SmtpConfig;
use stoa_payments::chargeable_step;
use stoa_persistence::{DbConfig, DbTarget, PostgresConfig};
use stoa_redis::RedisConfig;
use stoa_services::{GiftCardSettings, InvalidSettings, MailSettings, Settings, UnitSettings};
use url::Url;

/// A configuration that can be started with.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Whether `server.public_url` was given; otherwise it follows the port that was really bound.
    pub public_url_given: bool,
    /// What the server encrypts with; `None`: it does not.
    pub tls: Option<TlsFiles>,
    /// Folder for files.
    pub data_dir: PathBuf,
    /// What everything secret comes from, the newest first; `None`: it is in a file of the data folder, or will be.
    pub root_keys: Option<RootKeys>,
    /// Whether addresses, telephone numbers and notes of orders are sealed.
    pub seal_orders: bool,
    /// Time to finish after SIGTERM.
    pub shutdown: Duration,
    /// Log level or directives.
    pub log_level: String,
    /// How logs look.
    pub log_format: LogFormat,
    /// Where metrics are served; `None`: nothing is measured.
    pub metrics: Option<SocketAddr>,
    /// Where traces go; `None`: nothing is traced.
    pub traces: Option<TracesConfig>,
    /// The database.
    pub database: DbConfig,
    /// Where carts and holds are; `None`: in the database.
    pub redis: Option<RedisConfig>,
    /// The shop.
    pub settings: Settings,
    /// Who takes the money.
    pub payments: Payments,
    /// What a password costs to hash.
    pub passwords: PasswordCost,
    /// Where files are kept.
    pub media: MediaConfig,
    /// What is taken in of them.
    pub uploads: UploadsConfig,
    /// Where customers can sign in besides here.
    pub oidc: Vec<OidcProviderConfig>,
    /// Services outside of the house.
    pub outside: OutsideConfig,
    /// The mail server; `None`: files.
    pub smtp: Option<SmtpConfig>,
    /// HTTP.
    pub http: HttpConfig,
    /// GraphQL.
    pub graphql: GraphqlConfig,
    /// How much JSON is kept.
    pub json: JsonLimits,
}

/// How logs look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Who takes the money.
#[derive(Clone, Debug)]
pub enum Payments {
    /// The built-in sandbox: no money moves.
    Sandbox,
    /// Stripe, or what speaks its language.
    Stripe(StripeKeys),
}

/// The keys of a Stripe account.
#[derive(Clone, Debug)]
pub struct StripeKeys {
    /// `sk_…` or `rk_…`
    pub secret_key: SecretString,
    /// `pk_…`
    pub publishable_key: String,
    /// `whsec_…`, at least one.
    pub webhook_secrets: Vec<SecretString>,
    /// Another server; `None`: Stripe's own.
    pub api_base: Option<Url>,
}

/// A configuration that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("configuration: {key}: {problem}")]
pub struct InvalidConfig {
    /// Which key.
    pub key: &'static str,
    /// What is wrong, and what would be right.
    pub problem: String,
}

impl From<InvalidSettings> for InvalidConfig {
    fn from(e: InvalidSettings) -> Self {
        Self { key: e.key, problem: e.problem }
    }
}

pub(super) fn invalid(key: &'static str, problem: impl Into<String>) -> InvalidConfig {
    InvalidConfig { key, problem: problem.into() }
}

impl Config {
    /// Whether an instance beside this one might not find its files. SQLite has one process, and Postgres may have many.
    pub(crate) fn files_may_be_apart(&self) -> bool {
        matches!((&self.media, &self.database.target), (MediaConfig::Folder, DbTarget::Postgres(_)))
    }

    /// Whether browsers keep no cookie of ours where buyers reach us: on plain http, on another machine than their own.
    pub(crate) fn cookies_are_lost(&self) -> bool {
        !cookies_are_taken_at(&self.settings.public_url)
    }
}

impl TryFrom<Raw> for Config {
    type Error = InvalidConfig;

    fn try_from(mut raw: Raw) -> Result<Self, InvalidConfig> {
        read_files(&mut raw)?;
        let tls = tls(&raw.tls)?;
        let listen: SocketAddr =
            raw.server.listen.parse().map_err(|_| {
                invalid("server.listen", "must be an address and a port, such as 127.0.0.1:3000")
            })?;
        let public_url_given = !raw.server.public_url.is_empty();
        let public_url = public_url(&raw.server.public_url, listen, tls.is_some())?;
        let http = http(&raw)?;
        let settings = settings(&raw, public_url, &http)?;
        settings.validate()?;

        let smtp_url = raw.mail.smtp_url.clone();
        let smtp = (!smtp_url.expose_secret().is_empty())
            .then(|| SmtpConfig { url: smtp_url, from: raw.mail.from.clone() });
        let log_format = match raw.log.format.as_str() {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            _ => return Err(invalid("log.format", "must be text or json")),
        };
        let payments = payments(&raw.stripe)?;
        let database = database(&raw.database, &raw.server.data_dir)?;
        Ok(Self {
            listen,
            public_url_given,
            tls,
            root_keys: root_keys(&raw.secrets)?,
            seal_orders: raw.privacy.seal_orders,
            outside: outside(&raw.pricing, http.timeout)?,
            http,
            passwords: passwords(&raw.accounts)?,
            media: media(&raw.media)?,
            uploads: uploads(&raw.media)?,
            oidc: oidc(&raw.oidc)?,
            graphql: graphql(&raw.graphql)?,
            json: json(&raw.cache, &raw.server.data_dir)?,
            redis: redis(&raw.redis, &database.target)?,
            database,
            data_dir: raw.server.data_dir,
            shutdown: Duration::from_secs(raw.server.shutdown_seconds),
            log_level: raw.log.level,
            log_format,
            metrics: metrics(&raw.metrics)?,
            traces: traces(&raw.traces)?,
            settings,
            payments,
            smtp,
        })
    }
}

/// Where buyers reach the server: as it is given, or by the address that it listens on.
fn public_url(given: &str, listen: SocketAddr, encrypts: bool) -> Result<Url, InvalidConfig> {
    let own = format!("{}://{listen}", if encrypts { "https" } else { "http" });
    let url = Url::parse(if given.is_empty() { &own } else { given })
        .map_err(|_| invalid("server.public_url", "must be a URL, such as https://shop.example.org"))?;
    // Links in mails would lead to where nobody understands them, and browsers would not be told to stay with https.
    if encrypts && url.scheme() != "https" {
        return Err(invalid("server.public_url", "must begin with https:// beside tls.certificate"));
    }
    Ok(url)
}

fn json(section: &super::raw::CacheSection, data_dir: &std::path::Path) -> Result<JsonLimits, InvalidConfig> {
    if section.json_memory_mb == 0 {
        return Err(invalid("cache.json_memory_mb", "must be 1 or more"));
    }
    if section.json_file_mb > 1_024 {
        return Err(invalid("cache.json_file_mb", "must be 1024 at most"));
    }
    Ok(JsonLimits {
        memory: u64::from(section.json_memory_mb) << 20,
        file: u64::from(section.json_file_mb) << 20,
        folder: Some(data_dir.to_owned()).filter(|_| section.json_file_mb > 0),
    })
}

fn database(
    section: &super::raw::DatabaseSection,
    data_dir: &std::path::Path,
) -> Result<DbConfig, InvalidConfig> {
    let mut database = match section.url.expose_secret() {
        "" => DbConfig::sqlite(data_dir.join("stoa.db")),
        url => DbConfig::parse(url),
    };
    database.readers = section.readers;
    database.writers = section.writers;
    let replica = section.replica_url.expose_secret();
    if !replica.is_empty() {
        let both = [&database.target, &DbConfig::parse(replica).target]
            .into_iter()
            .all(|target| matches!(target, DbTarget::Postgres(_)));
        if !both {
            let problem = "must be a postgres:// URL, beside a database.url that is one too";
            return Err(invalid("database.replica_url", problem));
        }
    }
    database.postgres = PostgresConfig {
        statement_timeout: Duration::from_secs(section.statement_timeout_seconds.into()),
        keepalive: Duration::from_secs(section.keepalive_seconds.into()),
        replica: Some(replica.to_owned()).filter(|url| !url.is_empty()),
    };
    Ok(database)
}

fn settings(raw: &Raw, public_url: Url, http: &HttpConfig) -> Result<Settings, InvalidConfig> {
    let currency = Currency::parse(&raw.shop.currency).map_err(|_| {
        invalid("shop.currency", "must be the ISO 4217 code of a currency in use, such as EUR")
    })?;
    let country = |key, code: &String| {
        CountryCode::parse(code)
            .ok_or_else(|| invalid(key, "must be an ISO 3166-1 code of two letters, such as DE"))
    };
    let rounding = match raw.tax.rounding.as_str() {
        "line" => TaxRounding::Line,
        "total" => TaxRounding::Total,
        _ => return Err(invalid("tax.rounding", "must be line or total")),
    };
    let hold_timing = match raw.cart.hold_at.as_str() {
        "cart" => HoldTiming::Cart,
        "checkout" => HoldTiming::Checkout,
        _ => return Err(invalid("cart.hold_at", "must be cart or checkout")),
    };
    let price =
        Money::parse(&raw.delivery.price, currency).map_err(|e| invalid("delivery.price", e.to_string()))?;
    // No order with delivery could ever be paid: each would be refused, one by one.
    let step = chargeable_step(currency);
    if price.minor % step != 0 {
        let step = Money::new(step, currency);
        return Err(invalid(
            "delivery.price",
            format!("must be a multiple of {step:?}, or cards cannot be charged"),
        ));
    }
    let tax_rate = Rate::parse_percent(&raw.tax.percent)
        .map_err(|_| invalid("tax.percent", "must be a percentage such as 19 or 10.75"))?;
    if raw.shop.name.trim().is_empty() {
        return Err(invalid("shop.name", "must not be empty"));
    }
    Ok(Settings {
        accounts: accounts(raw, &public_url, http)?,
        privacy: privacy(&raw.privacy)?,
        gift_cards: gift_cards(&raw.pricing, &raw.limits)?,
        shop_name: raw.shop.name.clone(),
        shop_description: Some(raw.shop.description.clone()).filter(|d| !d.is_empty()),
        public_url,
        currency,
        country: country("shop.country", &raw.shop.country)?,
        language: Locale::parse(&raw.shop.language)
            .ok_or_else(|| invalid("shop.language", "must be en, de, fr, es or ja"))?,
        delivery_countries: raw
            .delivery
            .countries
            .iter()
            .map(|c| country("delivery.countries", c))
            .collect::<Result<_, _>>()?,
        pricing: PricingRules {
            tax_rate,
            prices_include_tax: raw.tax.included_in_prices,
            tax_rounding: rounding,
            delivery: DeliveryOption {
                handle: raw.delivery.handle.clone(),
                title: raw.delivery.title.clone(),
                price: price.minor,
                taxable: raw.delivery.taxable,
            },
        },
        hold_timing,
        hold_for: TimeDelta::minutes(i64::from(raw.cart.hold_minutes)),
        units: UnitSettings {
            per_buyer: NonZeroU32::new(raw.cart.max_units_per_buyer),
            per_network: NonZeroU32::new(raw.limits.held_units_per_network),
        },
        cart_lives: TimeDelta::days(i64::from(raw.cart.keep_days)),
        pay_within: TimeDelta::minutes(i64::from(raw.checkout.pay_within_minutes)),
        mail: MailSettings { from: raw.mail.from.clone() },
        live_refresh: match raw.live.refresh_seconds {
            0 => return Err(invalid("live.refresh_seconds", "must be more than 0")),
            seconds => Duration::from_secs(seconds),
        },
    })
}

/// Months of ten years: a card that is good for longer is good for good.
const MOST_MONTHS: u32 = 120;

/// Guesses at gift cards that one network may make within ten minutes: with more of them nobody is stopped.
const MOST_GUESSES: u32 = 1_000;

fn gift_cards(
    section: &super::raw::PricingSection,
    limits: &super::raw::LimitsSection,
) -> Result<GiftCardSettings, InvalidConfig> {
    let expires_months = section.gift_card_expires_months;
    if expires_months > MOST_MONTHS {
        let problem = format!("must be {MOST_MONTHS} at most, or 0 for good");
        return Err(invalid("pricing.gift_card_expires_months", problem));
    }
    let guesses = NonZeroU32::new(limits.gift_card_guesses).filter(|guesses| guesses.get() <= MOST_GUESSES);
    let problem = || invalid("limits.gift_card_guesses", format!("must be from 1 to {MOST_GUESSES}"));
    Ok(GiftCardSettings { expires_months, guesses: guesses.ok_or_else(problem)? })
}

fn payments(stripe: &super::raw::StripeSection) -> Result<Payments, InvalidConfig> {
    let secret = stripe.secret_key.expose_secret();
    let api_base = match stripe.api_base.as_str() {
        "" => None,
        url => Some(Url::parse(url).map_err(|_| invalid("stripe.api_base", "must be a URL"))?),
    };
    if secret.is_empty() {
        let stray =
            !stripe.publishable_key.is_empty() || !stripe.webhook_secrets.is_empty() || api_base.is_some();
        if stray {
            let problem =
                "is missing although other keys of [stripe] are set; leave all empty for the sandbox";
            return Err(invalid("stripe.secret_key", problem));
        }
        return Ok(Payments::Sandbox);
    }
    if !secret.starts_with("sk_") && !secret.starts_with("rk_") {
        return Err(invalid("stripe.secret_key", "must begin with sk_ or rk_"));
    }
    if !stripe.publishable_key.starts_with("pk_") {
        return Err(invalid("stripe.publishable_key", "must begin with pk_; browsers need it to pay"));
    }
    let live = secret.contains("_live_");
    if live != stripe.publishable_key.contains("_live_") {
        return Err(invalid(
            "stripe.publishable_key",
            "must be of the same mode, test or live, as the secret key",
        ));
    }
    if stripe.webhook_secrets.is_empty() {
        let problem =
            "must hold the signing secret of your webhook endpoint: without it no payment is ever confirmed";
        return Err(invalid("stripe.webhook_secrets", problem));
    }
    Ok(Payments::Stripe(StripeKeys {
        secret_key: stripe.secret_key.clone(),
        publishable_key: stripe.publishable_key.clone(),
        webhook_secrets: stripe.webhook_secrets.clone(),
        api_base,
    }))
}
