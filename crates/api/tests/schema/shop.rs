//! A shop of its own for each test: the demo catalogue in a temporary database, a clock that stands still, and the
//! guarded schema as the transport asks it.

use async_graphql::{Executor, Request, Variables};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta};
use serde_json::Value;
use std::sync::Arc;
use stoa_api::graphql::JsonLimits;
use stoa_auth::{PasswordCost, RootKeys};
use stoa_domain::{
    catalog::{ProductDraft, ProductInput, VariantInput},
    inventory::{HoldTiming, StockCause},
    mail::{Mail, Mailer},
    payment::{
        CreateIntent, GatewayError, GatewayEvent, GatewayRefund, IntentSnapshot, PaymentGateway,
        WebhookRefusal,
    },
    pricing::{DeliveryOption, PricingRules, TaxRounding},
    shared::{Clock, CountryCode, Currency, Fault, Locale, Money, Rate, Timestamp, VariantId},
};
use stoa_graphql_http::Gql;
use stoa_media::{FolderStore, LinkKeys, UploadLimits, Uploads};
use stoa_persistence::{
    Db, DbConfig, Durability, SqlCartStore, SqlReservationStore,
    catalog::{WriteContext, create_product, update_product},
    inventory::{locations, set_on_hand},
};
use stoa_services::{
    Context, MailSettings, OutsideServices, Ports, Services, Settings, account::Auth, catalog::demo,
    system::SystemIds,
};
use tower::ServiceExt;
use url::Url;

/// The shop's address.
pub(crate) const PUBLIC_URL: &str = "https://shop.test";

/// A clock that stands still.
struct StillClock;

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        DateTime::from_timestamp(1_795_000_000, 0).unwrap()
    }
}

/// Nobody pays or is written to here.
struct Nobody;

#[async_trait]
impl Mailer for Nobody {
    async fn send(&self, _: &Mail) -> Result<(), Fault> {
        Ok(())
    }
}

#[async_trait]
impl PaymentGateway for Nobody {
    fn name(&self) -> &'static str {
        "nobody"
    }

    fn publishable_key(&self) -> &'static str {
        ""
    }

    fn chargeable(&self, _: stoa_domain::shared::Money) -> Result<(), stoa_domain::payment::Unchargeable> {
        Ok(())
    }

    fn payment_url(&self, _: &IntentSnapshot, _: &str) -> Option<String> {
        None
    }

    async fn create_intent(&self, _: &CreateIntent) -> Result<IntentSnapshot, GatewayError> {
        Err(GatewayError::NotFound)
    }

    async fn retrieve_intent(&self, _: &str) -> Result<IntentSnapshot, GatewayError> {
        Err(GatewayError::NotFound)
    }

    async fn cancel_intent(&self, _: &str) -> Result<IntentSnapshot, GatewayError> {
        Err(GatewayError::NotFound)
    }

    async fn refund(&self, _: &str, _: Money, _: &str) -> Result<GatewayRefund, GatewayError> {
        Err(GatewayError::NotFound)
    }

    fn receive(&self, _: &str, _: &[u8], _: Timestamp) -> Result<GatewayEvent, WebhookRefusal> {
        Err(WebhookRefusal::BadSignature)
    }

    fn read_event(&self, _: &[u8]) -> Result<GatewayEvent, WebhookRefusal> {
        Err(WebhookRefusal::Malformed)
    }
}

/// The demo shop.
pub(crate) struct Shop {
    pub(crate) db: Db,
    gql: Gql,
    services: Arc<Services>,
    _folder: tempfile::TempDir,
}

impl Shop {
    /// Opens it with its demo catalogue.
    pub(crate) async fn demo() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::connect(&DbConfig::sqlite(folder.path().join("shop.db"))).await.unwrap();
        db.migrate().await.unwrap();
        let settings = settings();
        demo::seed(&db, &StillClock, &SystemIds, settings.currency).await.unwrap();
        let address = settings.public_url.join("media").unwrap();
        let media = FolderStore::open(
            folder.path().join("media"),
            &address,
            LinkKeys::new([7; 32], []),
            Arc::new(StillClock),
            Arc::new(SystemIds),
        );
        let media = media.await.unwrap();
        let (roots, _) = RootKeys::generate().unwrap();
        let auth = Auth::new(&roots, &PasswordCost::default(), settings.public_url.as_str()).unwrap();
        let ports = Ports {
            db: db.clone(),
            carts: Arc::new(SqlCartStore::new(db.clone())),
            holds: Arc::new(SqlReservationStore::new(db.clone())),
            limiter: Arc::new(stoa_services::limits::ProcessLimiter::default()),
            gateway: Arc::new(Nobody),
            mailer: Arc::new(Nobody),
            media: Arc::new(media),
            uploads: Arc::new(Uploads::new(UploadLimits::default(), None).unwrap()),
            auth: Arc::new(auth),
            oidc: Arc::default(),
            outside: OutsideServices::default(),
            clock: Arc::new(StillClock),
            ids: Arc::new(SystemIds),
            bus: Arc::new(stoa_live::Hub::new()),
        };
        let services = Arc::new(Services::new(Context::new(ports, settings)));
        let gql = stoa_api::graphql::gql(&services, JsonLimits::default()).build().unwrap();
        Self { db, gql, services, _folder: folder }
    }

    /// Now, by the shop's clock.
    pub(crate) fn now(&self) -> Timestamp {
        StillClock.now()
    }

    /// A product that shoppers have seen for an hour.
    pub(crate) fn product(&self, title: &str) -> ProductInput {
        ProductInput {
            title: title.to_owned(),
            published_at: Some(self.now() - TimeDelta::hours(1)),
            variants: vec![VariantInput::default()],
            ..ProductInput::default()
        }
    }

    /// Changes how many of a variant there are, and lets the shelf know at once.
    pub(crate) async fn count(&self, variant: VariantId, on_hand: i64) {
        let location = locations(self.db.read()).await.unwrap()[0].id;
        let tx = self.db.write(Durability::Relaxed).await.unwrap();
        let cause = StockCause { at: self.now(), reference: None };
        set_on_hand(&tx, (variant, location), on_hand, None, &cause).await.unwrap();
        tx.commit().await.unwrap();
        self.services.catalog.forget_stock();
    }

    /// Writes a product anew.
    pub(crate) async fn rename(&self, id: &str, input: &ProductInput) {
        let location = locations(self.db.read()).await.unwrap()[0].id;
        let context = WriteContext { ids: &SystemIds, now: self.now(), location, reference: None };
        let id = id.rsplit('/').next().unwrap().parse().unwrap();
        let tx = self.db.write(Durability::Relaxed).await.unwrap();
        update_product(&tx, id, &ProductDraft::try_new(input).unwrap(), None, &context).await.unwrap();
        tx.commit().await.unwrap();
        self.services.catalog.refresh().await.unwrap();
    }

    /// Writes a product, and gives its global id.
    pub(crate) async fn add(&self, input: &ProductInput) -> String {
        let location = locations(self.db.read()).await.unwrap()[0].id;
        let context = WriteContext { ids: &SystemIds, now: self.now(), location, reference: None };
        let tx = self.db.write(Durability::Relaxed).await.unwrap();
        let id = create_product(&tx, &ProductDraft::try_new(input).unwrap(), &context).await.unwrap();
        tx.commit().await.unwrap();
        self.services.catalog.refresh().await.unwrap();
        format!("gid://stoa/Product/{id}")
    }

    /// Runs one operation with variables, and gives the whole answer. Whatever is read is read over HTTP as well, three
    /// times, where products come from the JSON that is kept: nobody may be able to tell.
    pub(crate) async fn answer(&self, query: &str, variables: &Value) -> Value {
        let answer = serde_json::to_value(self.run(query, variables).await).unwrap();
        let times = if query.starts_with("mutation") { 0 } else { 3 };
        for _ in 0..times {
            assert_eq!(self.over_http(query, variables).await["data"], answer["data"], "{query}");
        }
        answer
    }

    /// What a client receives.
    pub(crate) async fn over_http(&self, query: &str, variables: &Value) -> Value {
        let body = serde_json::json!({ "query": query, "variables": variables }).to_string();
        let request = http::Request::post("/graphql")
            .header("content-type", "application/json")
            .body(axum::body::Body::from(body))
            .unwrap();
        let router = axum::Router::new().route("/graphql", self.gql.endpoint());
        let response = router.oneshot(request).await.unwrap();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    /// Runs one operation with variables, up to the answer before it is written as JSON.
    pub(crate) async fn run(&self, query: &str, variables: &Value) -> async_graphql::Response {
        self.gql.execute(Request::new(query).variables(Variables::from_json(variables.clone()))).await
    }

    /// Runs one operation that has no errors, and gives its data.
    pub(crate) async fn ask(&self, query: &str) -> Value {
        self.ask_with(query, Value::Null).await
    }

    /// The same with variables.
    pub(crate) async fn ask_with(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.answer(query, &variables).await;
        assert!(answer.get("errors").is_none(), "{answer:#}\n{query}");
        answer["data"].take()
    }

    /// Runs one operation that has one error, and gives its code, its message and the data beside it.
    pub(crate) async fn refusal(&self, query: &str) -> (String, String, Value) {
        let mut answer = self.answer(query, &Value::Null).await;
        assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1), "{answer:#}\n{query}");
        let error = &answer["errors"][0];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&error["extensions"]["code"]), text(&error["message"]), answer["data"].take())
    }
}

/// The texts at a path in each item of a list.
pub(crate) fn texts<'a>(list: &'a Value, path: &str) -> Vec<&'a str> {
    let items = list.as_array().unwrap_or_else(|| panic!("no list: {list}"));
    items.iter().map(|item| item.pointer(path).and_then(Value::as_str).unwrap_or_default()).collect()
}

fn settings() -> Settings {
    Settings {
        shop_name: "Harbour & Hearth".into(),
        shop_description: Some("A pottery.".into()),
        public_url: Url::parse(PUBLIC_URL).unwrap(),
        currency: Currency::parse("EUR").unwrap(),
        country: CountryCode::parse("DE").unwrap(),
        language: Locale::En,
        delivery_countries: ["DE", "GB", "US"].map(|code| CountryCode::parse(code).unwrap()).to_vec(),
        pricing: PricingRules {
            tax_rate: Rate::parse_percent("19").unwrap(),
            prices_include_tax: true,
            tax_rounding: TaxRounding::Line,
            delivery: DeliveryOption {
                handle: "standard".into(),
                title: "Standard".into(),
                price: 490,
                taxable: true,
            },
        },
        hold_timing: HoldTiming::Cart,
        hold_for: TimeDelta::minutes(15),
        units: stoa_services::UnitSettings::default(),
        cart_lives: TimeDelta::days(10),
        pay_within: TimeDelta::hours(1),
        live_refresh: std::time::Duration::from_secs(60),
        mail: MailSettings { from: "Shop <orders@shop.test>".into() },
        accounts: stoa_services::AccountSettings::default(),
        privacy: stoa_services::PrivacySettings::default(),
    }
}
