//! The only place that names every adapter.

use super::{
    App,
    background::Background,
    bus::{Bus, bus},
    database::open_shop,
    gateway::{self, SandboxOptions},
    media,
    metrics::{MeteredGateway, MetricsDoor, Sampler},
    oidc, outside,
    secrets::{Unlocked, unlock},
    serve::{Clients, Door, HttpServer, Tls},
    side_door::SideDoor,
    stores::{Stores, Upkeep},
};
use crate::{
    config::Config,
    telemetry::traces::{self, StatementSpans},
};
use anyhow::Context as _;
use axum::{Router, routing::get};
use std::{net::SocketAddr, sync::Arc};
use stoa_api::{
    graphql::Schemas,
    http::{Adopt, AppSettings, AppState, Graphs, Limits, LiveLimits, Mounts, router_with},
};
use stoa_domain::{
    mail::Mailer,
    payment::PaymentGateway,
    shared::{Clock, IdGenerator},
};
use stoa_mail::{FolderMailer, SmtpMailer};
use stoa_persistence::Db;
use stoa_services::{
    Context, Ports, Services, Settings,
    account::Auth,
    jobs::Backoff,
    system::{SystemClock, SystemIds},
};
use stoa_web::WebSettings;
use tokio::{net::TcpListener, sync::Mutex};
use url::Url;

/// What to start, and with what; everything beyond the configuration is for tests.
pub struct Options {
    /// The configuration.
    pub config: Config,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Identifiers.
    pub ids: Arc<dyn IdGenerator>,
    /// How failed jobs are tried again.
    pub backoff: Backoff,
    /// What to turn in the sandbox.
    pub sandbox: SandboxOptions,
    /// A database that is open already, such as the demo's; otherwise it is opened.
    pub db: Option<Db>,
}

impl Options {
    /// The machine's clock and dice, and everything as it is in production.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            clock: Arc::new(SystemClock),
            ids: Arc::new(SystemIds),
            backoff: Backoff::default(),
            sandbox: SandboxOptions::default(),
            db: None,
        }
    }
}

pub(super) async fn start(options: Options) -> anyhow::Result<App> {
    let Options { config, clock, ids, backoff, sandbox, db } = options;
    let tls = config.tls.as_ref().map(Tls::open).transpose()?;
    let metrics = match config.metrics {
        Some(listen) => Some(MetricsDoor::open(listen).await?),
        None => None,
    };
    let db = match db {
        Some(open) => open,
        None => open_shop(&config).await?,
    };
    let unlocked = unlock(&config, db, &*clock).await?;
    let db = unlocked.db.clone();
    if config.traces.is_some() {
        let spans = StatementSpans::new(&config.database.target);
        db.observe(move |run| spans.ran(run));
    }
    let listener = TcpListener::bind(config.listen).await.with_context(|| {
        format!("{} cannot be listened on; is another server running there?", config.listen)
    })?;
    let address = listener.local_addr().context("the listener has no address")?;
    let public_url = public_url(&config, address)?;
    let settings = Settings { public_url: public_url.clone(), ..config.settings.clone() };
    let side = SideDoor::beside(&config).await?;
    let events_to = side.as_ref().map_or(address, SideDoor::address);
    let money = gateway::open(&config, sandbox, events_to, &public_url).await?;

    let gateway = Arc::new(MeteredGateway(money.gateway));
    let Wired { services, upkeep, bus, files } =
        services(&config, settings, &unlocked, gateway, Arc::clone(&clock), Arc::clone(&ids)).await?;
    media::warn_if_apart(&config);
    warn_if_cookies_are_lost(&config);
    services.begin_schedules().await.context("scheduled jobs cannot be put in")?;
    let mut background = Background::spawn(&services, backoff);
    let redis = upkeep.redis().cloned();
    background.keep_up(upkeep, clock);
    if let Some(door) = &metrics {
        background.add("the tidying of metrics", door.tidy());
    }
    let mut mounts = Mounts { pages: pages(&services, &ids), programs: files };
    if let Some(sandbox) = &money.sandbox {
        background.deliver(sandbox.clone());
        mounts.programs = mounts.programs.merge(sandbox.router());
    }
    if config.http.debug_statements {
        mounts.programs = mounts.programs.merge(statements(&db));
    }
    let api_settings = api_settings(&config);
    let schemas = Schemas::new(&services, config.json.clone()).cost_per_minute(config.http.cost_per_minute);
    let graphs = Graphs::build(&schemas, &api_settings).context("the GraphQL schema does not build")?;
    let api = AppState::new(Arc::clone(&services), graphs, api_settings, &*ids);
    let clients = Clients::behind(&config.http.trusted_proxies);
    let router = router_with(api.clone(), mounts);
    let back_doors =
        money.back_door.into_iter().chain(side.map(|side| side.open(&router))).collect::<Vec<_>>();
    if let Some(tls) = &tls {
        background.add("the watch on certificates", |stop| tls.clone().keep_up(stop));
    }
    let http = HttpServer::spawn(Door { listener, tls }, router, config.http.live.connections, clients);
    let metrics = metrics.map(|door| {
        let (db, services, api) = (db.clone(), Arc::clone(&services), api.clone());
        let connections = http.connections().clone();
        door.serve(Sampler { db, services, redis, api, connections, turn: Mutex::default() })
    });
    Ok(App {
        address,
        public_url,
        http,
        metrics,
        api,
        background,
        back_doors,
        sandbox: money.sandbox,
        services,
        bus,
        db,
        patience: config.shutdown,
    })
}

/// Where buyers reach us. With port 0 that is known only now.
fn public_url(config: &Config, address: SocketAddr) -> anyhow::Result<Url> {
    if config.public_url_given {
        return Ok(config.settings.public_url.clone());
    }
    let scheme = if config.tls.is_some() { "https" } else { "http" };
    Url::parse(&format!("{scheme}://{address}")).context("the server's own address")
}

/// Says it in the log where nobody can sign in by a cookie, nor keep a cart on our pages.
fn warn_if_cookies_are_lost(config: &Config) {
    if config.cookies_are_lost() {
        tracing::warn!(
            public_url = %config.settings.public_url,
            "browsers keep no cookie of a shop that is reached by plain http on another machine: carts on our pages and sign-ins by cookie \
             need https"
        );
    }
}

/// The use cases, and what the stores of carts and holds need beside them.
pub(super) struct Wired {
    pub(super) services: Arc<Services>,
    upkeep: Upkeep,
    pub(super) bus: Bus,
    /// Where files of this server are fetched.
    files: Router,
}

/// Wires the use cases to their adapters.
pub(super) async fn services(
    config: &Config,
    settings: Settings,
    Unlocked { db, roots }: &Unlocked,
    gateway: Arc<dyn PaymentGateway>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
) -> anyhow::Result<Wired> {
    let Stores { carts, holds, limiter, upkeep } = Stores::open(config, db)?;
    let bus = bus(config, upkeep.redis())?;
    let public_url = &settings.public_url;
    let files = media::store(config, public_url, roots, Arc::clone(&clock), Arc::clone(&ids)).await?;
    let auth = Auth::new(roots, &config.passwords, public_url.as_str()).context("configuration: accounts")?;
    let ports = Ports {
        db: db.clone(),
        carts,
        holds,
        limiter,
        gateway,
        mailer: mailer(config)?,
        media: files.store,
        uploads: Arc::new(media::uploads(&config.uploads)?),
        auth: Arc::new(auth),
        oidc: Arc::new(oidc::providers(&config.oidc, &clock)?),
        outside: outside::services(&config.outside)?,
        bus: bus.port(),
        clock,
        ids,
    };
    let services = Arc::new(Services::new(Context::new(ports, settings)));
    Ok(Wired { services, upkeep, bus, files: files.routes })
}

/// How many SQL statements have run, for benches.
fn statements(db: &Db) -> Router {
    let db = db.clone();
    Router::new().route("/debug/statements", get(async move || db.statements().to_string()))
}

fn pages(services: &Arc<Services>, ids: &Arc<dyn IdGenerator>) -> Router {
    let settings = WebSettings { ids: Arc::clone(ids), ..WebSettings::default() };
    stoa_web::router(Arc::clone(services), settings)
}

fn mailer(config: &Config) -> anyhow::Result<Arc<dyn Mailer>> {
    Ok(match &config.smtp {
        Some(smtp) => Arc::new(SmtpMailer::new(smtp).context("configuration: mail")?),
        None => {
            let folder = config.data_dir.join("mail");
            Arc::new(
                FolderMailer::new(&config.settings.mail.from, folder).context("configuration: mail.from")?,
            )
        }
    })
}

fn api_settings(config: &Config) -> AppSettings {
    let live = LiveLimits {
        connections: config.http.live.connections,
        connections_per_client: config.http.live.connections_per_client,
        idle: config.http.live.idle,
        operations: config.http.live.operations,
        subscriptions: config.http.live.subscriptions,
        ..LiveLimits::default()
    };
    let (graphql, defaults) = (&config.graphql, Limits::default());
    let limits = Limits {
        body_bytes: config.http.body_limit,
        timeout: config.http.timeout,
        live,
        depth: graphql.max_depth,
        cost: graphql.max_cost,
        introspection: graphql.introspection,
        cost_extension: graphql.cost_extension,
        documents: graphql.documents.clone(),
        persisted_query_bytes: if graphql.persisted_queries { defaults.persisted_query_bytes } else { 0 },
        ..defaults
    };
    AppSettings {
        cors_origins: config.http.cors_origins.clone(),
        cookie_origins: config.http.cookie_origins.clone(),
        code_origins: config.http.code_origins.clone(),
        graphiql: config.graphql.graphiql,
        timeout: config.http.timeout,
        limits,
        metrics: config.metrics.is_some(),
        requests_per_minute: config.http.requests_per_minute,
        account_requests_per_minute: config.http.account_requests_per_minute,
        key_requests_per_minute: config.http.key_requests_per_minute,
        traces: config.traces.as_ref().map(|_| Adopt::new(traces::adopt)),
    }
}
