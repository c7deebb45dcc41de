//! The configuration as it is written: one struct a section, the keys of `config.default.toml`.

use secrecy::SecretString;
use serde::Deserialize;
use std::path::PathBuf;

/// All sections. Unknown ones are refused, and so are unknown keys of a section.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raw {
    /// Not in the file of defaults: whether `/debug/statements` tells how many SQL statements have run, for benches.
    #[serde(default)]
    pub debug_statements: bool,
    /// Where to listen, where to keep things.
    pub server: ServerSection,
    /// TLS.
    pub tls: TlsSection,
    /// What everything secret comes from.
    pub secrets: SecretsSection,
    /// Logs.
    pub log: LogSection,
    /// Metrics.
    pub metrics: MetricsSection,
    /// Traces.
    pub traces: TracesSection,
    /// The database.
    pub database: DatabaseSection,
    /// Redis.
    pub redis: RedisSection,
    /// Who sells.
    pub shop: ShopSection,
    /// Tax.
    pub tax: TaxSection,
    /// Delivery.
    pub delivery: DeliverySection,
    /// Prices.
    pub pricing: PricingSection,
    /// Carts.
    pub cart: CartSection,
    /// Checkout.
    pub checkout: CheckoutSection,
    /// Stripe.
    pub stripe: StripeSection,
    /// Mail.
    pub mail: MailSection,
    /// Accounts.
    pub accounts: AccountsSection,
    /// Signing in elsewhere.
    pub oidc: OidcSection,
    /// Staff.
    pub staff: StaffSection,
    /// What is kept of people.
    pub privacy: PrivacySection,
    /// Files.
    pub media: MediaSection,
    /// HTTP.
    pub http: HttpSection,
    /// How much one client may ask.
    pub limits: LimitsSection,
    /// Live updates.
    pub live: LiveSection,
    /// GraphQL.
    pub graphql: GraphqlSection,
    /// What is kept.
    pub cache: CacheSection,
}

macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }
    )*};
}

sections! {
    /// `[server]`
    ServerSection {
        /// Address and port.
        listen: String,
        /// Where buyers reach it.
        public_url: String,
        /// Addresses and networks.
        trusted_proxies: Vec<String>,
        /// Folder for files.
        data_dir: PathBuf,
        /// Time to finish after SIGTERM.
        shutdown_seconds: u64,
    }
    /// `[tls]`
    TlsSection {
        /// A file.
        certificate: PathBuf,
        /// A file.
        key: PathBuf,
    }
    /// `[secrets]`
    SecretsSection {
        /// Base64 of 32 bytes each, the newest first.
        root_keys: Vec<SecretString>,
    }
    /// `[log]`
    LogSection {
        /// Level or directives.
        level: String,
        /// `text` or `json`.
        format: String,
    }
    /// `[metrics]`
    MetricsSection {
        /// Address and port.
        listen: String,
    }
    /// `[traces]`
    TracesSection {
        /// URL.
        otlp: String,
        /// From 0 to 1.
        sample: f64,
    }
    /// `[database]`
    DatabaseSection {
        /// Path or URL; may hold a password.
        url: SecretString,
        /// Connections for reading.
        readers: u32,
        /// Connections for writing.
        writers: u32,
        /// URL; may hold a password.
        replica_url: SecretString,
        /// Seconds.
        statement_timeout_seconds: u32,
        /// Seconds.
        keepalive_seconds: u32,
    }
    /// `[redis]`
    RedisSection {
        /// One URL, or several with commas between them; may hold a password.
        url: SecretString,
        /// Whether one URL is that of a cluster's node.
        cluster: bool,
        /// What every key begins with.
        prefix: String,
        /// Milliseconds.
        connect_timeout_ms: u64,
        /// Milliseconds.
        response_timeout_ms: u64,
    }
    /// `[shop]`
    ShopSection {
        /// Name.
        name: String,
        /// A sentence.
        description: String,
        /// ISO 4217.
        currency: String,
        /// ISO 3166-1.
        country: String,
        /// ISO 639-1.
        language: String,
    }
    /// `[tax]`
    TaxSection {
        /// Rate in percent.
        percent: String,
        /// Whether prices contain it.
        included_in_prices: bool,
        /// `line` or `total`.
        rounding: String,
    }
    /// `[delivery]`
    DeliverySection {
        /// Stable name.
        handle: String,
        /// What buyers read.
        title: String,
        /// Decimal amount in the shop's currency.
        price: String,
        /// Whether the tax rate applies to it.
        taxable: bool,
        /// Where to.
        countries: Vec<String>,
    }
    /// `[pricing]`
    PricingSection {
        /// URL.
        tax_service_url: String,
        /// What is sent to it.
        tax_service_token: SecretString,
        /// URL.
        carrier_service_url: String,
        /// What is sent to it.
        carrier_service_token: SecretString,
        /// Milliseconds.
        service_timeout_ms: u64,
        /// Minutes.
        service_cache_minutes: u64,
        /// `rules` or `refuse`.
        service_fallback: String,
        /// Months.
        gift_card_expires_months: u32,
    }
    /// `[cart]`
    CartSection {
        /// `cart` or `checkout`.
        hold_at: String,
        /// Minutes.
        hold_minutes: u32,
        /// Days.
        keep_days: u32,
        /// 0: any number.
        max_units_per_buyer: u32,
    }
    /// `[checkout]`
    CheckoutSection {
        /// Minutes.
        pay_within_minutes: u32,
    }
    /// `[stripe]`
    StripeSection {
        /// `sk_…`
        secret_key: SecretString,
        /// `pk_…`
        publishable_key: String,
        /// `whsec_…`
        webhook_secrets: Vec<SecretString>,
        /// URL.
        api_base: String,
    }
    /// `[mail]`
    MailSection {
        /// Sender.
        from: String,
        /// URL with password.
        smtp_url: SecretString,
    }
    /// `[accounts]`
    AccountsSection {
        /// Characters.
        password_min_length: usize,
        /// Of one hash.
        argon2_memory_kib: u32,
        /// Over that memory.
        argon2_passes: u32,
        /// 0: as many as there are cores.
        hashes_at_once: usize,
        /// Further ones.
        hashes_waiting: usize,
        /// Of an access token.
        access_minutes: u32,
        /// Of a sign-in that is not used.
        session_days: u32,
        /// Of a sign-in that is.
        session_most_days: u32,
        /// With `{token}`.
        activate_url: String,
        /// With `{token}`.
        reset_url: String,
        /// With `{token}`.
        email_url: String,
        /// URL.
        oidc_return_url: String,
        /// Origins.
        cookie_origins: Vec<String>,
        /// Origins.
        oidc_code_origins: Vec<String>,
    }
    /// `[oidc]`
    OidcSection {
        /// Tables.
        providers: Vec<OidcProviderSection>,
        /// `name=secret` each.
        client_secrets: Vec<SecretString>,
    }
    /// `[staff]`
    StaffSection {
        /// Of a sign-in.
        session_hours: u32,
        /// Whether everybody needs a second factor.
        require_totp: bool,
        /// Of a proof of who one is.
        step_up_minutes: u32,
        /// Of an invitation.
        invitation_days: u32,
    }
    /// `[privacy]`
    PrivacySection {
        /// Of those who were erased.
        keep_orders_years: u32,
        /// Whether they are sealed.
        seal_orders: bool,
    }
    /// `[media]`
    MediaSection {
        /// `folder` or `s3`.
        store: String,
        /// Whether all instances have the folder.
        shared: bool,
        /// URL.
        s3_endpoint: String,
        /// Name.
        s3_bucket: String,
        /// Whether the bucket's name is a part of the host's.
        s3_bucket_in_host: bool,
        /// Name.
        s3_region: String,
        /// The key's name.
        s3_access_key: SecretString,
        /// The key.
        s3_secret_key: SecretString,
        /// URL.
        public_url: String,
        /// Of an upload.
        max_bytes: usize,
        /// Of a picture.
        max_pixels: u64,
        /// Of a virus scanner.
        clamd: String,
    }
    /// `[http]`
    HttpSection {
        /// Origins.
        cors_origins: Vec<String>,
        /// Seconds.
        timeout_seconds: u64,
        /// Bytes.
        body_limit: usize,
    }
    /// `[limits]`
    LimitsSection {
        /// 0: any number.
        requests_per_minute: u32,
        /// 0: any number.
        account_requests_per_minute: u32,
        /// 0: any number.
        key_requests_per_minute: u32,
        /// 0: as much as anybody likes.
        cost_per_minute: u32,
        /// 0: any number.
        held_units_per_network: u32,
        /// In ten minutes.
        gift_card_guesses: u32,
    }
    /// `[live]`
    LiveSection {
        /// Over the whole server.
        connections: usize,
        /// Of one client.
        connections_per_client: usize,
        /// Seconds; 0: for ever.
        idle_seconds: u64,
        /// On one WebSocket.
        subscriptions_per_connection: usize,
        /// Over the whole server.
        subscriptions: usize,
        /// Seconds.
        refresh_seconds: u64,
    }
    /// `[cache]`
    CacheSection {
        /// Mebibytes.
        json_memory_mb: u32,
        /// Mebibytes.
        json_file_mb: u32,
    }
    /// `[graphql]`
    GraphqlSection {
        /// Whether it is served.
        graphiql: bool,
        /// Whether the schema is told.
        introspection: bool,
        /// Whether answers say what they cost.
        cost_extension: bool,
        /// Whether documents may be named by their hash.
        persisted_queries: bool,
        /// A file.
        trusted_documents: PathBuf,
        /// Levels.
        max_depth: usize,
        /// Objects.
        max_cost: u64,
    }
}

/// `[[oidc.providers]]`: not in the file of defaults, so that most of it may be left out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcProviderSection {
    /// In our own addresses.
    pub name: String,
    /// For people; empty: the name.
    #[serde(default)]
    pub title: String,
    /// URL, as the issuer writes itself.
    pub issuer: String,
    /// What it calls us.
    pub client_id: String,
    /// `secret`, `public` or `apple`.
    #[serde(default = "secret")]
    pub auth: String,
    /// Empty: those for address and names.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Whether it is believed about addresses.
    #[serde(default)]
    pub trust_email: bool,
    /// Whether it may be inside our network.
    #[serde(default)]
    pub private_network: bool,
    /// Of Apple.
    #[serde(default)]
    pub apple_team_id: String,
    /// Of Apple.
    #[serde(default)]
    pub apple_key_id: String,
}

fn secret() -> String {
    "secret".to_owned()
}
