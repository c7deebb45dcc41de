//! What can be configured, and what the program says of what cannot.

use super::*;
use std::{os::unix::fs::PermissionsExt, path::Path};
use stoa_api::http::Documents;
use stoa_auth::PasswordCost;
use stoa_domain::{inventory::HoldTiming, pricing::TaxRounding, shared::Fallback};
use stoa_media::UploadLimits;
use stoa_oidc::ClientAuth;
use stoa_persistence::DbTarget;
use stoa_services::{AccountSettings, PrivacySettings, UnitSettings};

const POSTGRES: (&str, &str) = ("STOA_DATABASE__URL", "postgres://u:hunter2@primary/shop");
const REDIS: (&str, &str) = ("STOA_REDIS__URL", "redis://u:hunter2@cache:6379");
const TAXES: (&str, &str) = ("STOA_PRICING__TAX_SERVICE_URL", "https://tax.example.org/taxes");
/// 32 bytes that are known to everybody.
const KEY: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const OLDER_KEY: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

fn from(environment: &[(&str, &str)]) -> Result<Config, String> {
    with_file(None, environment)
}

fn with_file(file: Option<&Path>, environment: &[(&str, &str)]) -> Result<Config, String> {
    let raw = read_from(file, &Variables::of(environment)).map_err(|e| e.to_string())?;
    Config::try_from(raw).map_err(|e| e.to_string())
}

#[test]
fn with_no_configuration_there_is_an_embedded_database_and_a_sandbox() {
    let config = from(&[]).unwrap();
    assert!(matches!(config.payments, Payments::Sandbox));
    assert!(config.smtp.is_none());
    assert_eq!(config.settings.public_url.as_str(), "http://127.0.0.1:3000/");
    assert_eq!(config.settings.hold_timing, HoldTiming::Cart);
    assert_eq!(config.settings.hold_for, chrono::TimeDelta::minutes(15));
    assert!(format!("{:?}", config.database).contains("stoa.db"));
    assert!(config.redis.is_none() && config.metrics.is_none() && config.traces.is_none());
}

#[test]
fn the_environment_wins() {
    let config = from(&[
        ("STOA_SHOP__CURRENCY", "JPY"),
        ("STOA_DELIVERY__PRICE", "500"),
        ("STOA_DELIVERY__COUNTRIES", "US,JP"),
        ("STOA_TAX__PERCENT", "10"),
        ("STOA_TAX__ROUNDING", "total"),
        ("STOA_CART__HOLD_AT", "checkout"),
    ])
    .unwrap();
    assert_eq!(config.settings.pricing.delivery.price, 500);
    assert_eq!(config.settings.delivery_countries.len(), 2);
    assert_eq!(config.settings.pricing.tax_rounding, TaxRounding::Total);
    assert_eq!(config.settings.hold_timing, HoldTiming::Checkout);
}

#[test]
fn carts_are_in_redis_where_one_is_named() {
    let one = from(&[POSTGRES, REDIS]).unwrap().redis.unwrap();
    assert_eq!((one.cluster, one.prefix()), (false, "stoa:"));
    assert_eq!(one.timeouts.response, std::time::Duration::from_millis(500));
    let several = from(&[
        POSTGRES,
        ("STOA_REDIS__URL", "redis://a:7000, redis://b:7000"),
        ("STOA_REDIS__PREFIX", "two:"),
        ("STOA_REDIS__CONNECT_TIMEOUT_MS", "250"),
    ]);
    let several = several.unwrap().redis.unwrap();
    assert_eq!((several.cluster, several.prefix()), (true, "two:"));
    assert_eq!(several.timeouts.connect, std::time::Duration::from_millis(250));
    assert!(from(&[POSTGRES, REDIS, ("STOA_REDIS__CLUSTER", "true")]).unwrap().redis.unwrap().cluster);
}

#[test]
fn whoever_watches_is_told_where() {
    let config = from(&[
        ("STOA_METRICS__LISTEN", "0.0.0.0:9464"),
        ("STOA_TRACES__OTLP", "http://collector:4318"),
        ("STOA_TRACES__SAMPLE", "0.1"),
    ])
    .unwrap();
    assert_eq!(config.metrics.unwrap().port(), 9464);
    let traces = config.traces.unwrap();
    assert_eq!((traces.otlp.as_str(), traces.sample), ("http://collector:4318/", 0.1));
    assert_eq!(from(&[("STOA_TRACES__SAMPLE", "1")]).unwrap().traces, None);
}

#[test]
fn delivery_costs_what_a_card_can_be_charged() {
    for (currency, price, minor) in [("KWD", "0.510", 510), ("MGA", "300", 30_000), ("EUR", "4.99", 499)] {
        let config = from(&[("STOA_SHOP__CURRENCY", currency), ("STOA_DELIVERY__PRICE", price)]).unwrap();
        assert_eq!(config.settings.pricing.delivery.price, minor, "{currency}");
    }
    let complaint = from(&[("STOA_SHOP__CURRENCY", "MGA"), ("STOA_DELIVERY__PRICE", "0.50")]).unwrap_err();
    assert!(complaint.contains("delivery.price") && complaint.contains("multiple of"), "{complaint}");
}

#[test]
fn every_complaint_names_its_key() {
    let cases: &[(&str, &[(&str, &str)])] = &[
        ("server.listen", &[("STOA_SERVER__LISTEN", "nowhere")]),
        ("server.public_url", &[("STOA_SERVER__PUBLIC_URL", "ftp://x")]),
        ("tls.key", &[("STOA_TLS__CERTIFICATE", "/etc/stoa/cert.pem")]),
        ("tls.certificate", &[("STOA_TLS__KEY", "/etc/stoa/key.pem")]),
        (
            "server.public_url",
            &[
                ("STOA_TLS__CERTIFICATE", "/etc/stoa/cert.pem"),
                ("STOA_TLS__KEY", "/etc/stoa/key.pem"),
                ("STOA_SERVER__PUBLIC_URL", "http://shop.example.org"),
            ],
        ),
        ("secrets.root_keys", &[("STOA_SECRETS__ROOT_KEYS", "hunter2")]),
        ("secrets.root_keys", &[("STOA_SECRETS__ROOT_KEYS", "aHVudGVyMg==")]),
        ("secrets.root_keys", &[("STOA_SECRETS__ROOT_KEYS", "file:/no/such/file")]),
        ("graphql.trusted_documents", &[("STOA_GRAPHQL__TRUSTED_DOCUMENTS", "/no/such/file")]),
        ("graphql.max_depth", &[("STOA_GRAPHQL__MAX_DEPTH", "41")]),
        ("graphql.max_depth", &[("STOA_GRAPHQL__MAX_DEPTH", "0")]),
        ("graphql.max_cost", &[("STOA_GRAPHQL__MAX_COST", "999")]),
        ("accounts.password_min_length", &[("STOA_ACCOUNTS__PASSWORD_MIN_LENGTH", "7")]),
        ("accounts.argon2_memory_kib", &[("STOA_ACCOUNTS__ARGON2_PASSES", "1")]),
        ("accounts.argon2_memory_kib", &[("STOA_ACCOUNTS__ARGON2_MEMORY_KIB", "300000")]),
        ("accounts.hashes_waiting", &[("STOA_ACCOUNTS__HASHES_WAITING", "100001")]),
        ("accounts.access_minutes", &[("STOA_ACCOUNTS__ACCESS_MINUTES", "0")]),
        ("accounts.session_days", &[("STOA_ACCOUNTS__SESSION_DAYS", "4000")]),
        ("accounts.session_most_days", &[("STOA_ACCOUNTS__SESSION_MOST_DAYS", "29")]),
        ("accounts.activate_url", &[("STOA_ACCOUNTS__ACTIVATE_URL", "http://127.0.0.1:3000/welcome")]),
        ("accounts.reset_url", &[("STOA_ACCOUNTS__RESET_URL", "https://evil.example/{token}")]),
        (
            "accounts.email_url",
            &[("STOA_ACCOUNTS__EMAIL_URL", "https://shop.example/{token}"), ("STOA_HTTP__CORS_ORIGINS", "*")],
        ),
        ("accounts.cookie_origins", &[("STOA_ACCOUNTS__COOKIE_ORIGINS", "*")]),
        ("accounts.cookie_origins", &[("STOA_ACCOUNTS__COOKIE_ORIGINS", "https://www.example.org,shop")]),
        ("accounts.oidc_code_origins", &[("STOA_ACCOUNTS__OIDC_CODE_ORIGINS", "*")]),
        ("accounts.oidc_code_origins", &[("STOA_ACCOUNTS__OIDC_CODE_ORIGINS", "http://app.example.com")]),
        ("accounts.oidc_code_origins", &[("STOA_ACCOUNTS__OIDC_CODE_ORIGINS", "https://app.example.com/in")]),
        ("accounts.oidc_return_url", &[("STOA_ACCOUNTS__OIDC_RETURN_URL", "/account")]),
        // Calling as nobody is not enough: people come back with a cookie.
        (
            "accounts.oidc_return_url",
            &[
                ("STOA_ACCOUNTS__OIDC_RETURN_URL", "https://shop.example/account"),
                ("STOA_HTTP__CORS_ORIGINS", "https://shop.example"),
            ],
        ),
        ("oidc.client_secrets", &[("STOA_OIDC__CLIENT_SECRETS", "hunter2")]),
        ("oidc.client_secrets", &[("STOA_OIDC__CLIENT_SECRETS", "hunter2=")]),
        ("oidc.client_secrets", &[("STOA_OIDC__CLIENT_SECRETS", "google=file:/no/such/file")]),
        ("oidc.client_secrets", &[("STOA_OIDC__CLIENT_SECRETS", "google=hunter2,google=hunter2")]),
        ("staff.session_hours", &[("STOA_STAFF__SESSION_HOURS", "721")]),
        ("staff.step_up_minutes", &[("STOA_STAFF__STEP_UP_MINUTES", "61")]),
        ("staff.invitation_days", &[("STOA_STAFF__INVITATION_DAYS", "31")]),
        ("privacy.keep_orders_years", &[("STOA_PRIVACY__KEEP_ORDERS_YEARS", "101")]),
        ("media.store", &[("STOA_MEDIA__STORE", "ftp")]),
        ("media.store", &[("STOA_MEDIA__S3_SECRET_KEY", "hunter2")]),
        ("media.s3_endpoint", &[("STOA_MEDIA__STORE", "s3"), ("STOA_MEDIA__S3_SECRET_KEY", "hunter2")]),
        (
            "media.public_url",
            &[
                ("STOA_MEDIA__STORE", "s3"),
                ("STOA_MEDIA__S3_ENDPOINT", "https://s3.example"),
                ("STOA_MEDIA__PUBLIC_URL", "cdn.example"),
            ],
        ),
        ("media.max_bytes", &[("STOA_MEDIA__MAX_BYTES", "0")]),
        ("media.max_bytes", &[("STOA_MEDIA__MAX_BYTES", "134217729")]),
        ("media.max_pixels", &[("STOA_MEDIA__MAX_PIXELS", "268402690")]),
        ("media.clamd", &[("STOA_MEDIA__CLAMD", "clamd")]),
        ("metrics.listen", &[("STOA_METRICS__LISTEN", "9464")]),
        ("traces.otlp", &[("STOA_TRACES__OTLP", "collector:4318")]),
        ("traces.sample", &[("STOA_TRACES__SAMPLE", "1.5")]),
        ("shop.currency", &[("STOA_SHOP__CURRENCY", "XXX")]),
        ("shop.country", &[("STOA_SHOP__COUNTRY", "Germany")]),
        ("shop.language", &[("STOA_SHOP__LANGUAGE", "tlh")]),
        ("tax.percent", &[("STOA_TAX__PERCENT", "-1")]),
        ("tax.rounding", &[("STOA_TAX__ROUNDING", "up")]),
        ("delivery.price", &[("STOA_DELIVERY__PRICE", "4.999")]),
        ("delivery.price", &[("STOA_SHOP__CURRENCY", "KWD"), ("STOA_DELIVERY__PRICE", "0.505")]),
        ("delivery.countries", &[("STOA_DELIVERY__COUNTRIES", "DE,FR")]),
        ("cart.hold_at", &[("STOA_CART__HOLD_AT", "never")]),
        ("cart.hold_minutes", &[("STOA_CART__HOLD_MINUTES", "0")]),
        ("pricing.tax_service_url", &[("STOA_PRICING__TAX_SERVICE_URL", "taxes")]),
        ("pricing.tax_service_url", &[("STOA_PRICING__TAX_SERVICE_URL", "http://tax.example.org/")]),
        (
            "pricing.tax_service_url",
            &[("STOA_PRICING__TAX_SERVICE_URL", "https://u:hunter2@tax.example.org/")],
        ),
        ("pricing.tax_service_url", &[("STOA_PRICING__TAX_SERVICE_TOKEN", "hunter2")]),
        ("pricing.tax_service_token", &[TAXES, ("STOA_PRICING__TAX_SERVICE_TOKEN", "hunter2 hunter2")]),
        ("pricing.tax_service_token", &[TAXES, ("STOA_PRICING__TAX_SERVICE_TOKEN", "file:/no/such/file")]),
        (
            "pricing.carrier_service_url",
            &[TAXES, ("STOA_PRICING__CARRIER_SERVICE_URL", "ftp://carrier.example.org/")],
        ),
        ("pricing.carrier_service_url", &[TAXES, ("STOA_PRICING__CARRIER_SERVICE_TOKEN", "hunter2")]),
        ("pricing.service_timeout_ms", &[("STOA_PRICING__SERVICE_TIMEOUT_MS", "0")]),
        ("pricing.service_timeout_ms", &[("STOA_PRICING__SERVICE_TIMEOUT_MS", "10001")]),
        ("pricing.service_timeout_ms", &[TAXES, ("STOA_HTTP__TIMEOUT_SECONDS", "7")]),
        ("pricing.service_cache_minutes", &[("STOA_PRICING__SERVICE_CACHE_MINUTES", "61")]),
        ("pricing.gift_card_expires_months", &[("STOA_PRICING__GIFT_CARD_EXPIRES_MONTHS", "121")]),
        ("limits.gift_card_guesses", &[("STOA_LIMITS__GIFT_CARD_GUESSES", "0")]),
        ("limits.gift_card_guesses", &[("STOA_LIMITS__GIFT_CARD_GUESSES", "1001")]),
        ("pricing.service_fallback", &[("STOA_PRICING__SERVICE_FALLBACK", "never")]),
        ("http.timeout_seconds", &[("STOA_HTTP__TIMEOUT_SECONDS", "0")]),
        ("http.timeout_seconds", &[("STOA_HTTP__TIMEOUT_SECONDS", "1")]),
        ("http.body_limit", &[("STOA_HTTP__BODY_LIMIT", "1000")]),
        ("server.trusted_proxies", &[("STOA_SERVER__TRUSTED_PROXIES", "10.0.0.0/8,proxy.example")]),
        ("cache.json_memory_mb", &[("STOA_CACHE__JSON_MEMORY_MB", "0")]),
        ("cache.json_file_mb", &[("STOA_CACHE__JSON_FILE_MB", "1025")]),
        ("live.refresh_seconds", &[("STOA_LIVE__REFRESH_SECONDS", "0")]),
        ("log.format", &[("STOA_LOG__FORMAT", "xml")]),
        ("database.replica_url", &[("STOA_DATABASE__REPLICA_URL", "postgres://u:hunter2@replica/shop")]),
        (
            "database.replica_url",
            &[
                ("STOA_DATABASE__URL", "postgres://u:hunter2@primary/shop"),
                ("STOA_DATABASE__REPLICA_URL", "replica.db"),
            ],
        ),
        ("redis.url", &[("STOA_REDIS__URL", "redis://u:hunter2@cache")]),
        ("redis.url", &[POSTGRES, ("STOA_REDIS__URL", "cache:6379,hunter2")]),
        ("redis.prefix", &[POSTGRES, REDIS, ("STOA_REDIS__PREFIX", "{shop}")]),
        ("redis.connect_timeout_ms", &[POSTGRES, REDIS, ("STOA_REDIS__CONNECT_TIMEOUT_MS", "0")]),
        ("redis.response_timeout_ms", &[POSTGRES, REDIS, ("STOA_REDIS__RESPONSE_TIMEOUT_MS", "30000")]),
        ("stripe.secret_key", &[("STOA_STRIPE__PUBLISHABLE_KEY", "pk_test_1")]),
        ("stripe.secret_key", &[("STOA_STRIPE__SECRET_KEY", "hunter2")]),
        ("stripe.publishable_key", &[("STOA_STRIPE__SECRET_KEY", "sk_test_1")]),
        (
            "stripe.publishable_key",
            &[("STOA_STRIPE__SECRET_KEY", "sk_live_1"), ("STOA_STRIPE__PUBLISHABLE_KEY", "pk_test_1")],
        ),
        (
            "stripe.webhook_secrets",
            &[("STOA_STRIPE__SECRET_KEY", "sk_test_1"), ("STOA_STRIPE__PUBLISHABLE_KEY", "pk_test_1")],
        ),
    ];
    for (key, environment) in cases {
        let complaint = from(environment).unwrap_err();
        assert!(complaint.contains(key), "{key}: {complaint}");
        assert!(!complaint.contains("hunter2"), "a secret is never repeated");
    }
}

#[test]
fn proxies_are_networks_or_addresses() {
    let config = from(&[("STOA_SERVER__TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1 ,fd00::/8")]).unwrap();
    let trusted: Vec<String> = config.http.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(trusted, ["10.0.0.0/8", "127.0.0.1/32", "fd00::/8"]);
    assert_eq!(from(&[]).unwrap().http.trusted_proxies, [], "nobody, unless told");
}

#[test]
fn origins_are_kept_as_browsers_send_them() {
    let listed = from(&[(
        "STOA_HTTP__CORS_ORIGINS",
        "https://shop.example/, http://localhost:3000 ,https://Ä.example:443",
    )]);
    let origins = listed.unwrap().http.cors_origins;
    assert_eq!(origins, ["https://shop.example", "http://localhost:3000", "https://xn--4ca.example"]);
    assert_eq!(from(&[("STOA_HTTP__CORS_ORIGINS", "*")]).unwrap().http.cors_origins, ["*"]);
    for wrong in [
        "shop.example",
        "https://shop.example/page",
        "https://shop.example?",
        "https://u@shop.example",
        "https://*.shop.example",
        "ftp://shop.example",
        "null",
    ] {
        let complaint = from(&[("STOA_HTTP__CORS_ORIGINS", wrong)]).unwrap_err();
        assert!(complaint.contains("http.cors_origins") && complaint.contains(wrong), "{complaint}");
    }
}

#[test]
fn blanks_around_the_commas_of_a_list_are_nothing() {
    let config = from(&[("STOA_DELIVERY__COUNTRIES", "US, DE ,")]).unwrap();
    assert_eq!(config.settings.delivery_countries.len(), 2);
}

#[test]
fn a_misspelt_key_is_refused() {
    let complaint = from(&[("STOA_SHOP__NAMES", "x")]).unwrap_err();
    assert!(complaint.contains("names"), "{complaint}");
}

#[test]
fn what_else_begins_with_our_prefix_is_not_a_setting() {
    let others = [
        ("STOA_CONFIG", "shop.toml"),
        ("STOA_GRAPHIQL", "off"),
        ("STOA_TEST_DATABASE", "postgres://localhost"),
        ("STOA_TEST_REDIS", "redis://localhost"),
        ("STOA_DEBUG_STATEMENTS", "true"),
    ];
    assert!(from(&others).unwrap().http.debug_statements);
}

#[test]
fn a_variable_that_looks_like_a_setting_is_refused_by_name() {
    for (name, told) in [
        ("STOA_STRIP__SECRET_KEY", "strip.secret_key"),
        ("STOA_STRIPE_SECRET_KEY", "STOA_STRIPE__SECRET_KEY"),
        ("STOA_STRIPE__SECRETKEY", "STOA_STRIPE__SECRET_KEY"),
        ("STOA_CONFIGURATION", "`stoa config`"),
        ("STOA_SERVER", "`stoa config`"),
        ("STOA_STRIPE__SECRET_KEY__X", "`stoa config`"),
        ("stoa_strip__secret_key", "strip.secret_key"),
    ] {
        let complaint = from(&[(name, "sk_live_hunter2")]).unwrap_err();
        assert!(complaint.contains(name) && complaint.contains(told), "{complaint}");
        assert!(!complaint.contains("hunter2"), "a secret is never repeated");
    }
}

#[test]
fn a_section_that_does_not_exist_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.toml");
    std::fs::write(&file, "[strip]\nsecret_key = \"sk_live_hunter2\"\n").unwrap();
    let complaint = with_file(Some(&file), &[]).unwrap_err();
    assert!(complaint.contains("strip") && !complaint.contains("hunter2"), "{complaint}");
    std::fs::write(&file, "[shop]\nname = \"Ours\"\n").unwrap();
    assert_eq!(with_file(Some(&file), &[]).unwrap().settings.shop_name, "Ours");
}

#[test]
fn a_live_key_under_another_name_is_not_passed_over() {
    for (name, key) in [("STRIPE_SECRET_KEY", "sk_live_hunter2"), ("STRIPE_API_KEY", "rk_live_hunter2")] {
        let complaint = from(&[(name, key)]).unwrap_err();
        assert!(complaint.contains(name) && complaint.contains("STOA_STRIPE__SECRET_KEY"), "{complaint}");
        assert!(!complaint.contains("hunter2"), "a secret is never repeated");
        let ours = [
            (name, key),
            ("STOA_STRIPE__SECRET_KEY", "sk_test_1"),
            ("STOA_STRIPE__PUBLISHABLE_KEY", "pk_test_1"),
            ("STOA_STRIPE__WEBHOOK_SECRETS", "whsec_1"),
        ];
        assert!(from(&ours).is_ok(), "ours is set: the other is somebody else's");
    }
    assert!(from(&[("STRIPE_API_KEY", "sk_test_1")]).is_ok(), "a key for play money loses nobody any");
}

/// A file with mode and text, and the setting that names it.
fn file(folder: &Path, name: &str, mode: u32, text: &str) -> String {
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    std::fs::set_permissions(&file, PermissionsExt::from_mode(mode)).unwrap();
    format!("file:{}", file.display())
}

#[test]
fn a_secret_may_stand_in_a_file_that_is_not_everybodys() {
    let folder = tempfile::tempdir().unwrap();
    let in_file = |name: &str, text: &str| file(folder.path(), name, 0o640, text);
    let (key, older) = (in_file("key", &format!("{KEY}\n")), in_file("older", OLDER_KEY));
    let config = from(&[
        ("STOA_SECRETS__ROOT_KEYS", &format!("{key}, {older}")),
        ("STOA_DATABASE__URL", &in_file("db", "postgres://u:hunter2@primary/shop\r\n")),
        ("STOA_DATABASE__REPLICA_URL", &in_file("replica", "postgres://u:hunter2@replica/shop")),
        ("STOA_REDIS__URL", &in_file("redis", "redis://u:hunter2@cache:6379")),
        ("STOA_STRIPE__SECRET_KEY", &in_file("sk", "sk_test_1")),
        ("STOA_STRIPE__PUBLISHABLE_KEY", "pk_test_1"),
        ("STOA_STRIPE__WEBHOOK_SECRETS", &in_file("whsec", "whsec_1")),
        ("STOA_MAIL__SMTP_URL", &in_file("smtp", "smtps://u:hunter2@mail:465")),
        TAXES,
        ("STOA_PRICING__TAX_SERVICE_TOKEN", &in_file("tax", "hunter2\n")),
    ])
    .unwrap();
    let mut given = from(&[("STOA_SECRETS__ROOT_KEYS", &format!("{KEY},{OLDER_KEY}"))]).unwrap();
    let [ours, theirs] = [config.root_keys.unwrap(), given.root_keys.take().unwrap()];
    assert!(ours.proofs().eq(theirs.proofs()) && ours.proofs().count() == 2);
    assert!(matches!(config.database.target, DbTarget::Postgres(url) if url == POSTGRES.1));
    assert_eq!(config.database.postgres.replica.unwrap(), "postgres://u:hunter2@replica/shop");
    assert!(config.redis.is_some());
    assert_eq!(config.smtp.unwrap().url.expose_secret(), "smtps://u:hunter2@mail:465");
    let Payments::Stripe(keys) = config.payments else { panic!("a key is set") };
    assert_eq!(keys.secret_key.expose_secret(), "sk_test_1");
    assert_eq!(keys.webhook_secrets[0].expose_secret(), "whsec_1");
    let taxes = config.outside.taxes.unwrap();
    assert_eq!(taxes.token.unwrap().expose_secret(), "hunter2");
}

#[test]
fn a_file_for_a_secret_that_cannot_be_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let said = |setting: &str| {
        let complaint = from(&[("STOA_SECRETS__ROOT_KEYS", setting)]).unwrap_err();
        assert!(complaint.contains("secrets.root_keys") && !complaint.contains("hunter2"), "{complaint}");
        complaint
    };
    for mode in [0o604, 0o602, 0o644] {
        let open = said(&file(folder.path(), "open", mode, KEY));
        assert!(open.contains("chmod 600") && open.contains("open"), "{open}");
    }
    assert!(said(&file(folder.path(), "empty", 0o600, "\n")).contains("is empty"));
    assert!(said(&file(folder.path(), "long", 0o600, &"hunter2".repeat(10_000))).contains("longer"));
    assert!(said(&file(folder.path(), "wrong", 0o600, "hunter2")).contains("openssl rand"));
    assert!(said("file:root.key").contains("file:/path"));
}

#[test]
fn accounts_are_as_they_are_said_to_be() {
    let config = from(&[
        ("STOA_ACCOUNTS__PASSWORD_MIN_LENGTH", "12"),
        ("STOA_ACCOUNTS__ARGON2_MEMORY_KIB", "47104"),
        ("STOA_ACCOUNTS__ARGON2_PASSES", "1"),
        ("STOA_ACCOUNTS__SESSION_DAYS", "7"),
        ("STOA_ACCOUNTS__ACTIVATE_URL", "https://shop.example/welcome#{token}"),
        ("STOA_ACCOUNTS__RESET_URL", "http://127.0.0.1:3000/reset?t={token}"),
        ("STOA_HTTP__CORS_ORIGINS", "https://shop.example"),
        ("STOA_STAFF__SESSION_HOURS", "8"),
        ("STOA_STAFF__REQUIRE_TOTP", "true"),
        ("STOA_STAFF__STEP_UP_MINUTES", "5"),
        ("STOA_STAFF__INVITATION_DAYS", "3"),
        ("STOA_PRIVACY__KEEP_ORDERS_YEARS", "6"),
        ("STOA_PRIVACY__SEAL_ORDERS", "true"),
    ])
    .unwrap();
    let accounts = config.settings.accounts;
    assert_eq!(accounts.password_rule.min(), 12);
    assert_eq!((config.passwords.memory_kib, config.passwords.passes), (47_104, 1));
    assert_eq!((accounts.sessions.idle.num_days(), accounts.sessions.most.num_days()), (7, 180));
    assert_eq!(accounts.staff_sessions.most.num_hours(), 8);
    assert!(accounts.staff_access.require_totp);
    assert_eq!(accounts.staff_access.step_up.num_minutes(), 5);
    assert_eq!(accounts.invitation_lives.num_days(), 3);
    assert_eq!(accounts.activate_url.unwrap(), "https://shop.example/welcome#{token}");
    assert_eq!(accounts.reset_url.unwrap(), "http://127.0.0.1:3000/reset?t={token}");
    assert_eq!(accounts.email_url, None, "our own page");
    assert_eq!(config.settings.privacy.keep_orders_years, 6);
    assert!(config.seal_orders);
}

#[test]
fn what_is_not_said_of_accounts_is_as_services_have_it() {
    let (config, theirs) = (from(&[]).unwrap(), AccountSettings::default());
    assert_eq!(format!("{:?}", config.settings.accounts), format!("{theirs:?}"));
    assert_eq!(config.passwords, PasswordCost::default());
    assert_eq!(format!("{:?}", config.settings.privacy), format!("{:?}", PrivacySettings::default()));
    assert!(!config.seal_orders, "whoever loses the key must not lose where to send what was paid");
    assert!(matches!(config.media, MediaConfig::Folder));
    assert_eq!(config.uploads, UploadsConfig { limits: UploadLimits::default(), scanner: None });
}

#[test]
fn services_outside_of_the_house_are_asked_where_it_says_so() {
    let nobody = from(&[("STOA_HTTP__TIMEOUT_SECONDS", "2")]).unwrap().outside;
    assert!(nobody.taxes.is_none() && nobody.carriers.is_none());
    assert_eq!(nobody.fallback, Fallback::Rules);
    let both = from(&[
        TAXES,
        ("STOA_PRICING__TAX_SERVICE_TOKEN", "hunter2"),
        ("STOA_PRICING__CARRIER_SERVICE_URL", "http://carriers:8190/rates"),
        ("STOA_PRICING__SERVICE_TIMEOUT_MS", "1500"),
        ("STOA_PRICING__SERVICE_CACHE_MINUTES", "0"),
        ("STOA_PRICING__SERVICE_FALLBACK", "refuse"),
        ("STOA_HTTP__TIMEOUT_SECONDS", "6"),
    ]);
    let both = both.unwrap().outside;
    let (taxes, carriers) = (both.taxes.unwrap(), both.carriers.unwrap());
    assert_eq!(taxes.url.as_str(), TAXES.1);
    assert_eq!((taxes.patience.as_millis(), taxes.keep_for.as_secs()), (1_500, 0));
    assert!(taxes.token.is_some() && carriers.token.is_none());
    assert_eq!(both.fallback, Fallback::Refuse);
}

const GOOGLE: &str = r#"
[[oidc.providers]]
name = "google"
title = "Google"
issuer = "https://accounts.google.com"
client_id = "us"
trust_email = true
"#;

/// With a file of settings.
fn told(text: &str, environment: &[(&str, &str)]) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.toml");
    std::fs::write(&file, text).unwrap();
    with_file(Some(&file), environment)
}

#[test]
fn providers_are_as_their_file_and_their_secrets_say() {
    assert!(from(&[]).unwrap().oidc.is_empty());
    let folder = tempfile::tempdir().unwrap();
    let secret = format!("inside={}", file(folder.path(), "secret", 0o600, "a=b\n"));
    let inside = r#"
[[oidc.providers]]
name = "inside"
issuer = "https://10.0.0.1"
client_id = "us"
scopes = ["email"]
private_network = true

[[oidc.providers]]
name = "public"
issuer = "https://id.example"
client_id = "us"
auth = "public"
"#;
    let secrets = format!("google=topsecret, {secret}");
    let environment = [
        ("STOA_OIDC__CLIENT_SECRETS", secrets.as_str()),
        ("STOA_ACCOUNTS__COOKIE_ORIGINS", "https://www.example.org"),
        ("STOA_ACCOUNTS__OIDC_RETURN_URL", "https://www.example.org/account"),
    ];
    let config = told(&format!("{GOOGLE}{inside}"), &environment).unwrap();
    let back = config.settings.accounts.oidc_return_url.as_ref().unwrap();
    assert_eq!(back.as_str(), "https://www.example.org/account");
    let [google, inside, public] = config.oidc.as_slice() else { panic!("{:?}", config.oidc) };
    assert_eq!((google.title.as_str(), google.client.trust_email), ("Google", true));
    assert_eq!(google.client.scopes, ["email", "profile"]);
    assert_eq!(
        (inside.title.as_str(), inside.client.private_network),
        ("inside", true),
        "no title, its name"
    );
    assert_eq!(inside.client.scopes, ["email"]);
    let ClientAuth::Secret(secret) = &inside.client.auth else { panic!("{inside:?}") };
    assert_eq!(secret.expose_secret(), "a=b");
    assert!(matches!(public.client.auth, ClientAuth::Public) && !public.client.trust_email);
    assert!(!format!("{config:?}").contains("topsecret"));
}

#[test]
fn a_provider_that_cannot_be_is_refused_by_its_name() {
    let secret = [("STOA_OIDC__CLIENT_SECRETS", "google=topsecret")];
    let with = |what: &str, instead: &str| GOOGLE.replace(what, instead);
    for (text, complains) in [
        (format!("{GOOGLE}{GOOGLE}"), "oidc.providers: google: there are two of that name"),
        (with("https://accounts", "http://accounts"), "google: issuer: is not an https address"),
        (with("https://accounts.google.com", "https://10.0.0.1"), "private_network"),
        (with("\"google\"", "\"google/\""), "oidc.client_secrets: has none of google/"),
        (with("trust_email = true", "auth = \"basic\""), "must be secret, public or apple"),
        (with("trust_email = true", "auth = \"public\""), "whose auth is public"),
        (with("trust_email = true", "auth = \"apple\""), "google: apple_team_id"),
        (with("trust_email", "trust_mail"), "trust_mail"),
    ] {
        let complaint = told(&text, &secret).unwrap_err();
        assert!(complaint.contains(complains), "{complains}: {complaint}");
        assert!(!complaint.contains("topsecret"), "{complaint}");
    }
    assert!(told(GOOGLE, &[]).unwrap_err().contains("oidc.client_secrets: has none of google"));
}

#[test]
fn units_are_bound_unless_it_says_otherwise() {
    let units = from(&[]).unwrap().settings.units;
    assert_eq!(format!("{units:?}"), format!("{:?}", UnitSettings::default()));
    let any = [("STOA_CART__MAX_UNITS_PER_BUYER", "0"), ("STOA_LIMITS__HELD_UNITS_PER_NETWORK", "0")];
    let units = from(&any).unwrap().settings.units;
    assert_eq!((units.per_buyer, units.per_network), (None, None));
}

#[test]
fn documents_that_are_trusted_are_those_of_a_file() {
    assert!(matches!(from(&[]).unwrap().graphql.documents, Documents::Any));
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("documents.json");
    let said = |text: &str| {
        std::fs::write(&list, text).unwrap();
        from(&[("STOA_GRAPHQL__TRUSTED_DOCUMENTS", list.to_str().unwrap())])
    };
    let hash = "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38";
    let config = said(&format!("{{\"{hash}\": \"{{__typename}}\"}}")).unwrap();
    assert!(matches!(config.graphql.documents, Documents::Trusted(list) if list.len() == 1));
    for wrong in ["[]", "{}", &format!("{{\"{hash}\": \"{{shop{{name}}}}\"}}")] {
        let complaint = said(wrong).unwrap_err();
        assert!(complaint.contains("graphql.trusted_documents: "), "{complaint}");
    }
}

#[test]
fn a_server_that_encrypts_is_reached_by_https() {
    let files = [("STOA_TLS__CERTIFICATE", "/c.pem"), ("STOA_TLS__KEY", "/k.pem")];
    let config = from(&files).unwrap();
    assert_eq!(config.settings.public_url.as_str(), "https://127.0.0.1:3000/");
    assert_eq!(config.tls, Some(TlsFiles { certificate: "/c.pem".into(), key: "/k.pem".into() }));
    assert_eq!(from(&[]).unwrap().tls, None);
}

#[test]
fn files_of_several_instances_may_be_apart_unless_it_says_otherwise() {
    let shared = ("STOA_MEDIA__SHARED", "true");
    let bucket = [("STOA_MEDIA__STORE", "s3"), ("STOA_MEDIA__S3_ENDPOINT", "https://s3.example")];
    let cases: [(&[_], bool); 4] = [
        (&[], false),
        (&[POSTGRES], true),
        (&[POSTGRES, shared], false),
        (&[POSTGRES, bucket[0], bucket[1]], false),
    ];
    for (environment, apart) in cases {
        let config = from(environment).unwrap();
        assert_eq!(config.files_may_be_apart(), apart, "{:?}", config.media);
    }
}

#[test]
fn an_address_at_which_browsers_keep_no_cookie_is_known() {
    let at = |key, value| from(&[(key, value)]).unwrap().cookies_are_lost();
    for good in ["https://shop.example.org", "http://localhost:3000", "http://127.0.0.1"] {
        assert!(!at("STOA_SERVER__PUBLIC_URL", good), "{good}");
    }
    assert!(!from(&[]).unwrap().cookies_are_lost(), "a demo keeps carts");
    assert!(at("STOA_SERVER__PUBLIC_URL", "http://shop.example.org"));
    assert!(at("STOA_SERVER__LISTEN", "192.168.0.7:3000"));
}

#[test]
fn secrets_do_not_show() {
    let environment = [
        ("STOA_STRIPE__SECRET_KEY", "sk_test_topsecret"),
        ("STOA_STRIPE__PUBLISHABLE_KEY", "pk_test_1"),
        ("STOA_STRIPE__WEBHOOK_SECRETS", "whsec_a,whsec_b"),
        ("STOA_MAIL__SMTP_URL", "smtps://u:topsecret@host"),
        ("STOA_DATABASE__URL", "postgres://u:topsecret@host/db"),
        ("STOA_DATABASE__REPLICA_URL", "postgres://u:topsecret@replica/db"),
        ("STOA_REDIS__URL", "redis://u:topsecret@cache"),
        ("STOA_SECRETS__ROOT_KEYS", KEY),
        ("STOA_MEDIA__STORE", "s3"),
        ("STOA_MEDIA__S3_ENDPOINT", "https://s3.example"),
        ("STOA_MEDIA__S3_ACCESS_KEY", "topsecret1"),
        ("STOA_MEDIA__S3_SECRET_KEY", "topsecret2"),
        TAXES,
        ("STOA_PRICING__TAX_SERVICE_TOKEN", "topsecret3"),
        ("STOA_PRICING__CARRIER_SERVICE_URL", "http://carriers:8190/rates"),
        ("STOA_PRICING__CARRIER_SERVICE_TOKEN", "topsecret4"),
    ];
    let raw = read_from(None, &Variables::of(&environment)).unwrap();
    let before = format!("{raw:?}");
    let config = Config::try_from(raw).unwrap();
    for shown in [before, format!("{config:?}"), format!("{config:#?}")] {
        for secret in ["topsecret", "whsec_a", "whsec_b", &KEY[..12]] {
            assert!(!shown.contains(secret), "{secret}: {shown}");
        }
    }
}
