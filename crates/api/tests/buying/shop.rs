//! A shop of its own for each test: a temporary database, a clock that stands still, and the real router.

use crate::gateway::MemoryGateway;
use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, Response, header},
};
use chrono::{DateTime, TimeDelta};
use serde_json::{Value, json};
use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use stoa_api::graphql::{JsonLimits, Schemas};
use stoa_api::http::{AppSettings, AppState, Graphs, Mounts, router_with};
use stoa_auth::{PasswordCost, RootKeys};
use stoa_domain::{
    catalog::{ProductDraft, ProductInput, StockInput, VariantInput},
    inventory::{HoldTiming, Location},
    mail::{Mail, Mailer},
    pricing::{DeliveryOption, PricingRules, TaxRounding},
    shared::{
        Clock, CountryCode, Currency, Fault, IdGenerator, Locale, LocationId, ProductId, Rate, Timestamp,
    },
};
use stoa_media::{FolderStore, LinkKeys, UploadLimits, Uploads};
use stoa_persistence::{
    Db, DbConfig, Durability, SqlCartStore, SqlReservationStore,
    catalog::{NewProduct, WriteContext, insert_products, products_by_ids},
    inventory,
};
use stoa_services::{
    Context, MailSettings, OutsideServices, Ports, Services, Settings, account::Auth, system::SystemIds,
};
use tower::ServiceExt;
use url::Url;

/// The shop's address.
pub(crate) const PUBLIC_URL: &str = "http://shop.test";

/// A clock that stands still until told.
pub(crate) struct StillClock(AtomicI64);

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        DateTime::from_timestamp(self.0.load(Ordering::SeqCst), 0).unwrap()
    }
}

struct NoMail;

#[async_trait]
impl Mailer for NoMail {
    async fn send(&self, _: &Mail) -> Result<(), Fault> {
        Ok(())
    }
}

/// What to build a shop with.
pub(crate) struct Plan {
    pub(crate) api: AppSettings,
    pub(crate) settings: Settings,
    pub(crate) mounts: Mounts,
    /// What operations of one caller may cost in a minute; `None`: as much as they like.
    pub(crate) cost_per_minute: Option<NonZeroU32>,
    /// Puts something of the test's own before an adapter.
    pub(crate) adapters: Box<dyn FnOnce(&mut Ports) + Send>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            api: AppSettings::default(),
            settings: settings(),
            mounts: Mounts::default(),
            cost_per_minute: None,
            adapters: Box::new(|_| {}),
        }
    }
}

/// A shop, and the one location of its stock.
pub(crate) struct Shop {
    pub(crate) app: AppState,
    pub(crate) clock: Arc<StillClock>,
    pub(crate) gateway: Arc<MemoryGateway>,
    pub(crate) db: Db,
    router: Router,
    location: LocationId,
    _folder: tempfile::TempDir,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::build(Plan::default()).await
    }

    pub(crate) async fn build(plan: Plan) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::connect(&DbConfig::sqlite(folder.path().join("shop.db"))).await.unwrap();
        db.migrate().await.unwrap();
        let clock = Arc::new(StillClock(AtomicI64::new(1_795_000_000)));
        let gateway = Arc::new(MemoryGateway::default());
        let address = plan.settings.public_url.join("media").unwrap();
        let media = FolderStore::open(
            folder.path().join("media"),
            &address,
            LinkKeys::new([7; 32], []),
            Arc::<StillClock>::clone(&clock),
            Arc::new(SystemIds),
        );
        let media = media.await.unwrap();
        let (roots, _) = RootKeys::generate().unwrap();
        let auth = Auth::new(&roots, &PasswordCost::default(), plan.settings.public_url.as_str()).unwrap();
        let mut ports = Ports {
            db: db.clone(),
            carts: Arc::new(SqlCartStore::new(db.clone())),
            holds: Arc::new(SqlReservationStore::new(db.clone())),
            limiter: Arc::new(stoa_services::limits::ProcessLimiter::default()),
            gateway: Arc::<MemoryGateway>::clone(&gateway),
            mailer: Arc::new(NoMail),
            media: Arc::new(media),
            uploads: Arc::new(Uploads::new(UploadLimits::default(), None).unwrap()),
            auth: Arc::new(auth),
            oidc: Arc::default(),
            outside: OutsideServices::default(),
            clock: Arc::<StillClock>::clone(&clock),
            ids: Arc::new(SystemIds),
            bus: Arc::new(stoa_live::Hub::new()),
        };
        (plan.adapters)(&mut ports);
        let services = Arc::new(Services::new(Context::new(ports, plan.settings)));
        // Memory has room for next to nothing: whatever is shown twice has been in the file.
        let json = JsonLimits { memory: 2 << 10, file: 1 << 20, folder: Some(folder.path().to_owned()) };
        let schemas = Schemas::new(&services, json).cost_per_minute(plan.cost_per_minute);
        let graphs = Graphs::build(&schemas, &plan.api).unwrap();
        let app = AppState::new(services, graphs, plan.api, &SystemIds);
        let router = router_with(app.clone(), plan.mounts);

        let location = LocationId::new(SystemIds.id());
        let tx = db.write(Durability::Relaxed).await.unwrap();
        let place = Location { id: location, name: "Warehouse".into(), position: 1 };
        inventory::add_location(&tx, &place, clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        Self { app, clock, gateway, db, router, location, _folder: folder }
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, span: TimeDelta) {
        self.clock.0.fetch_add(span.num_seconds(), Ordering::SeqCst);
    }

    /// Sends one HTTP request.
    pub(crate) async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Runs one GraphQL operation, and gives the whole answer.
    pub(crate) async fn gql(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
        read(self.send(request.body(Body::from(body)).unwrap()).await).await
    }

    /// Runs one GraphQL operation that has no errors, and gives the value of its one root field.
    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Value {
        let answer = self.gql(query, variables).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        let Some((_, value)) = answer["data"].as_object().and_then(|data| data.iter().next()) else {
            panic!("no data: {answer:#}");
        };
        value.clone()
    }

    /// Puts a product of one variant on the shelf, and gives the variant's global id.
    pub(crate) async fn stock(&self, title: &str, price: i64, units: i64) -> String {
        self.add(ProductInput {
            variants: vec![VariantInput { price, ..self.variant(units) }],
            ..self.product(title)
        })
        .await
        .remove(0)
    }

    /// A listed product with nothing to buy yet.
    pub(crate) fn product(&self, title: &str) -> ProductInput {
        ProductInput {
            title: title.to_owned(),
            published_at: Some(self.clock.now() - TimeDelta::hours(1)),
            ..ProductInput::default()
        }
    }

    /// So many units of something that is shipped and taxed, at 12.00.
    pub(crate) fn variant(&self, units: i64) -> VariantInput {
        VariantInput {
            price: 1_200,
            requires_shipping: true,
            taxable: true,
            stock: StockInput { tracked: true, backorder_limit: Some(0), on_hand: Some(units) },
            ..VariantInput::default()
        }
    }

    /// Puts a product on the shelf, and gives its variants' global ids.
    pub(crate) async fn add(&self, input: ProductInput) -> Vec<String> {
        let draft = ProductDraft::try_new(&input).unwrap();
        let context =
            WriteContext { ids: &SystemIds, now: self.clock.now(), location: self.location, reference: None };
        let new = [NewProduct { draft: &draft, import_hash: None }];
        let tx = self.db.write(Durability::Relaxed).await.unwrap();
        let ids: Vec<ProductId> = insert_products(&tx, &new, &context).await.unwrap();
        tx.commit().await.unwrap();
        let product = products_by_ids(self.db.read(), &ids).await.unwrap().remove(0);
        product.variants.iter().map(|v| format!("gid://stoa/ProductVariant/{}", v.id)).collect()
    }
}

/// Reads a JSON body.
pub(crate) async fn read(response: Response<Body>) -> Value {
    let bytes = bytes(response).await;
    serde_json::from_slice(&bytes).unwrap_or_else(|_| panic!("not JSON: {}", String::from_utf8_lossy(&bytes)))
}

/// Reads a body.
pub(crate) async fn bytes(response: Response<Body>) -> Vec<u8> {
    to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
}

/// Prices in EUR without tax inside; 20 % tax; delivery 5.00.
pub(crate) fn settings() -> Settings {
    Settings {
        shop_name: "Test <Shop>".into(),
        shop_description: None,
        public_url: Url::parse(PUBLIC_URL).unwrap(),
        currency: Currency::parse("EUR").unwrap(),
        country: CountryCode::parse("DE").unwrap(),
        language: Locale::En,
        delivery_countries: ["DE", "GB"].map(|code| CountryCode::parse(code).unwrap()).to_vec(),
        pricing: PricingRules {
            tax_rate: Rate::parse_percent("20").unwrap(),
            prices_include_tax: false,
            tax_rounding: TaxRounding::Line,
            delivery: DeliveryOption {
                handle: "standard".into(),
                title: "Standard".into(),
                price: 500,
                taxable: false,
            },
        },
        hold_timing: HoldTiming::Cart,
        hold_for: TimeDelta::minutes(15),
        units: stoa_services::UnitSettings::default(),
        cart_lives: TimeDelta::days(10),
        pay_within: TimeDelta::hours(1),
        live_refresh: std::time::Duration::from_secs(60),
        mail: MailSettings { from: "Test <orders@shop.test>".into() },
        accounts: stoa_services::AccountSettings::default(),
        privacy: stoa_services::PrivacySettings::default(),
    }
}
