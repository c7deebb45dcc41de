//! The demo shop, and somebody who buys from it as GraphiQL's first tab does.

use serde_json::{Map, Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::{collections::BTreeMap, path::Path, time::Duration};
use stoa::{
    app::{App, Options, SandboxOptions, open_database},
    config::{Config, read},
};
use stoa_domain::shared::IdGenerator;
use stoa_graphiql::{BUY_DOCUMENT, BUY_VARIABLES, steps};
use stoa_persistence::{DbConfig, outbox};
use stoa_redis::RedisConfig;
use stoa_sandbox::SandboxConfig;
use stoa_services::{catalog::demo, system::SystemIds};

/// What a storefront asks for a product's page.
const PRODUCT_PAGE: &str = "query($handle: String!) { product(handle: $handle) {
  title descriptionHtml availableForSale options { name optionValues { name } } images(first: 5) { nodes { url altText } }
  variants(first: 250) { nodes { title availableForSale quantityAvailable price { amount } selectedOptions { name value } } }
} }";

pub(crate) struct Shop {
    app: App,
    http: reqwest::Client,
    _folder: tempfile::TempDir,
}

impl Shop {
    /// On SQLite.
    pub(crate) async fn open() -> Self {
        let configure = |config: &mut Config, folder: &Path| {
            config.database = DbConfig::sqlite(folder.join("stoa.db"));
        };
        Self::with(configure).await
    }

    /// On a schema of its own on the tests' Postgres, and with keys of its own on their Redis.
    pub(crate) async fn open_on_servers() -> Self {
        let server = |name| std::env::var(name).expect("scripts/services.sh says where the servers are");
        let (postgres, redis) = (server("STOA_TEST_DATABASE"), server("STOA_TEST_REDIS"));
        let run = std::env::var("STOA_TEST_RUN").unwrap_or_default();
        let own = format!("{run}walkthrough_{}", SystemIds.id().simple());
        let mut connection = PgConnection::connect(&postgres).await.expect("Postgres answers");
        let create = AssertSqlSafe(format!("CREATE SCHEMA {own}"));
        sqlx::query(create).execute(&mut connection).await.expect("a schema can be made");
        let separator = if postgres.contains('?') { '&' } else { '?' };
        let database = DbConfig::parse(&format!("{postgres}{separator}options[search_path]={own}"));
        let redis = RedisConfig::parse(&redis).and_then(|redis| redis.with_prefix(&format!("{own}:")));
        let redis = redis.expect("a Redis URL");
        Self::with(move |config, _| (config.database, config.redis) = (database, Some(redis))).await
    }

    async fn with(configure: impl FnOnce(&mut Config, &Path)) -> Self {
        // Another test of this process may have installed it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().expect("a folder");
        let defaults = read(None).expect("the defaults can be read");
        let mut config = Config::try_from(defaults).expect("the defaults are valid");
        config.listen = "127.0.0.1:0".parse().expect("an address");
        config.data_dir = folder.path().to_owned();
        configure(&mut config, folder.path());

        let db = Box::pin(open_database(&config)).await.expect("the database opens");
        let mut options = Options::new(config);
        let currency = options.config.settings.currency;
        demo::seed(&db, &*options.clock, &*options.ids, currency).await.expect("the demo's goods");
        options.db = Some(db);
        options.sandbox =
            SandboxOptions { configure: Some(Box::new(tell_of_money_only)), ..SandboxOptions::default() };
        let app = Box::pin(App::start(options)).await.expect("the server starts");
        Self { app, http: reqwest::Client::new(), _folder: folder }
    }

    /// How many statements `work` costs, with those that the server runs by itself meanwhile.
    pub(crate) async fn cost<T>(&self, work: impl Future<Output = T>) -> u64 {
        let before = self.app.db().statements();
        work.await;
        self.app.db().statements() - before
    }

    pub(crate) async fn product_page(&self, handle: &str) {
        let answer = self.ask(json!({ "query": PRODUCT_PAGE, "variables": { "handle": handle } })).await;
        assert!(answer["data"]["product"]["title"].is_string(), "{answer:#}");
    }

    /// Variants of which there is enough for several purchases, one of each product.
    pub(crate) async fn goods(&self) -> Vec<String> {
        let query = "{ products(first: 40, query: \"available_for_sale:true\") { nodes { selectedOrFirstAvailableVariant { id quantityAvailable } } } }";
        let answer = self.ask(json!({ "query": query })).await;
        let found = answer.pointer("/data/products/nodes").and_then(Value::as_array);
        let found = found.unwrap_or_else(|| panic!("{answer:#}"));
        let variants = found.iter().map(|node| &node["selectedOrFirstAvailableVariant"]);
        let plenty = variants.filter(|variant| variant["quantityAvailable"].as_i64() > Some(8));
        plenty.filter_map(|variant| variant["id"].as_str().map(str::to_owned)).collect()
    }

    /// Buys something, and one of each of these with it; gives what each step cost.
    pub(crate) async fn purchase(&self, beside: &[String]) -> BTreeMap<&'static str, u64> {
        let mut variables: Map<String, Value> = serde_json::from_str(BUY_VARIABLES).expect("JSON");
        let key = format!("at {}", self.app.db().statements());
        variables.insert("idempotencyKey".to_owned(), key.into());
        let mut costs = BTreeMap::new();
        for step in steps(BUY_DOCUMENT) {
            let request =
                json!({ "query": BUY_DOCUMENT, "operationName": step.name, "variables": variables });
            let before = self.app.db().statements();
            let answer = self.ask(request).await;
            costs.insert(step.name, self.app.db().statements() - before);
            for lesson in step.lessons {
                let learnt = answer.pointer(lesson.pointer);
                let learnt = learnt.unwrap_or_else(|| panic!("{}: {answer:#}", step.name));
                variables.insert(lesson.variable.to_owned(), learnt.clone());
            }
            if step.name == "Step2_CreateCart" && !beside.is_empty() {
                self.add(&variables["cartId"], beside).await;
            }
            if let Some(session) = answer.pointer("/data/orderPlace/paymentSession") {
                costs.insert("paid and confirmed", self.cost(self.pay(session)).await);
            }
        }
        costs
    }

    async fn add(&self, cart: &Value, goods: &[String]) {
        let lines: Vec<Value> = goods.iter().map(|id| json!({ "merchandiseId": id })).collect();
        let query =
            "mutation($cart: ID!, $lines: [CartLineInput!]!) { cartLinesAdd(cartId: $cart, lines: $lines) {
            cart { totalQuantity } userErrors { message } warnings { message } } }";
        let variables = json!({ "cart": cart, "lines": lines });
        let answer = self.ask(json!({ "query": query, "variables": variables })).await;
        let added = &answer["data"]["cartLinesAdd"];
        assert_eq!(added["cart"]["totalQuantity"], goods.len() + 1, "{answer:#}");
    }

    /// Pays as a browser does, and waits until the event is applied and the mail is written.
    async fn pay(&self, session: &Value) {
        let text = |name: &str| session[name].as_str().expect("a payment session").to_owned();
        let (secret, key) = (text("clientSecret"), text("publishableKey"));
        let (intent, _) = secret.split_once("_secret_").expect("a client secret");
        let form = [
            ("client_secret", secret.as_str()),
            ("payment_method_data[type]", "card"),
            ("payment_method_data[card][number]", "4242424242424242"),
            ("payment_method_data[card][exp_month]", "12"),
            ("payment_method_data[card][exp_year]", "2040"),
            ("payment_method_data[card][cvc]", "123"),
        ];
        let url = format!("http://{}/v1/payment_intents/{intent}/confirm", self.app.address());
        let confirmed = self.http.post(url).basic_auth(key, Some("")).form(&form).send().await;
        assert!(confirmed.expect("the sandbox answers").status().is_success());
        self.app.sandbox().expect("play money").webhooks_settled().await;
        // Asking the outbox would cost statements; the mail's file is there a moment before its job is gone.
        tokio::time::sleep(Duration::from_millis(250)).await;
    }

    async fn ask(&self, body: Value) -> Value {
        let url = format!("http://{}/graphql", self.app.address());
        let answer = self.http.post(url).json(&body).send().await.expect("the server answers");
        answer.json().await.expect("JSON")
    }

    /// Jobs that wait: of a paid order only its expiry, an hour later.
    pub(crate) async fn jobs_waiting(&self) -> u64 {
        outbox::pending(self.app.db().read()).await.expect("SQL answers")
    }
}

/// Of all its events the sandbox sends only the one that pays: the others are written down and change nothing.
fn tell_of_money_only(sandbox: &mut SandboxConfig) {
    if let Some(target) = &mut sandbox.webhook {
        target.events = vec!["payment_intent.succeeded".to_owned()];
    }
}
