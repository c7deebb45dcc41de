//! The demo shop, and somebody who buys from it as GraphiQL's first tab does.

use serde_json::{Map, Value, json};
use stoa::{
    app::{App, Options, open_database},
    config::{Config, read},
};
use stoa_graphiql::{BUY_DOCUMENT, BUY_VARIABLES, steps};
use stoa_services::catalog::demo;

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
    pub(crate) async fn open() -> Self {
        // Another test of this process may have installed it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().expect("a folder");
        let mut config =
            Config::try_from(read(None).expect("the defaults can be read")).expect("the defaults are valid");
        config.listen = "127.0.0.1:0".parse().expect("an address");
        config.database = stoa_persistence::DbConfig::sqlite(folder.path().join("stoa.db"));
        config.data_dir = folder.path().to_owned();
        let db = open_database(&config).await.expect("the database opens");
        let mut options = Options::new(config);
        let currency = options.config.settings.currency;
        demo::seed(&db, &*options.clock, &*options.ids, currency).await.expect("the demo's goods");
        options.db = Some(db);
        let app = App::start(options).await.expect("the server starts");
        Self { app, http: reqwest::Client::new(), _folder: folder }
    }

    /// How many statements `work` costs.
    pub(crate) async fn cost<T>(&self, work: impl Future<Output = T>) -> u64 {
        let before = self.app.db().statements();
        work.await;
        self.app.db().statements() - before
    }

    async fn ask(&self, body: Value) -> Value {
        let url = format!("http://{}/graphql", self.app.address());
        let answer = self.http.post(url).json(&body).send().await.expect("the server answers");
        answer.json().await.expect("JSON")
    }

    pub(crate) async fn product_page(&self, handle: &str) {
        let answer = self.ask(json!({ "query": PRODUCT_PAGE, "variables": { "handle": handle } })).await;
        assert!(answer["data"]["product"]["title"].is_string(), "{answer:#}");
    }

    pub(crate) async fn purchase(&self) -> Vec<(String, u64)> {
        let mut variables: Map<String, Value> = serde_json::from_str(BUY_VARIABLES).expect("JSON");
        variables.insert("idempotencyKey".into(), json!(format!("key {:?}", std::time::Instant::now())));
        let mut costs = Vec::new();
        let mut secret = String::new();
        for step in steps(BUY_DOCUMENT) {
            let before = self.app.db().statements();
            let answer = self
                .ask(json!({ "query": BUY_DOCUMENT, "operationName": step.name, "variables": variables }))
                .await;
            costs.push((step.name.to_owned(), self.app.db().statements() - before));
            for lesson in step.lessons {
                let learnt = answer.pointer(lesson.pointer).unwrap_or_else(|| panic!("{answer:#}"));
                variables.insert(lesson.variable.to_owned(), learnt.clone());
            }
            if let Some(s) = answer.pointer("/data/orderPlace/paymentSession/clientSecret") {
                secret = s.as_str().unwrap().to_owned();
                let before = self.app.db().statements();
                self.app.sandbox().unwrap().webhooks_settled().await;
                costs.push(("settled before paying".into(), self.app.db().statements() - before));
                let before = self.app.db().statements();
                let intent = secret.split("_secret_").next().unwrap();
                let url = format!("http://{}/v1/payment_intents/{intent}/confirm", self.app.address());
                let form = [
                    ("client_secret", secret.as_str()),
                    ("payment_method_data[type]", "card"),
                    ("payment_method_data[card][number]", "4242424242424242"),
                    ("payment_method_data[card][exp_month]", "12"),
                    ("payment_method_data[card][exp_year]", "2040"),
                    ("payment_method_data[card][cvc]", "123"),
                ];
                let r = self
                    .http
                    .post(url)
                    .basic_auth("pk_test_sandbox", Some(""))
                    .form(&form)
                    .send()
                    .await
                    .unwrap();
                assert!(r.status().is_success());
                self.app.sandbox().unwrap().webhooks_settled().await;
                costs.push(("paid".into(), self.app.db().statements() - before));
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                costs.push(("and mailed".into(), self.app.db().statements() - before));
            }
        }
        let _ = secret;
        costs
    }
}
