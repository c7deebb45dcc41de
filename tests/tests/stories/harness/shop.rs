//! The running shop of a story.

use super::{
    catalog::{Item, stock_up, variant},
    clock::MovedClock,
    database,
    gateway::SECRET,
    graphql::Endpoint,
    redis,
    shopper::Shopper,
};
use chrono::TimeDelta;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use stoa::{
    app::{App, Options, SandboxOptions},
    config::{Config, Payments, StripeKeys, read},
};
use stoa_domain::{
    access::Actor,
    order::{Order, OrderState},
    payment::Payment,
    shared::{OrderId, VariantId},
};
use stoa_persistence::{Db, inventory, order, payment};
use stoa_sandbox::{Clock as SandboxClock, RetryPolicy, Sandbox, SandboxConfig};
use stoa_services::{
    doctor::{Finding, Treatment},
    jobs::{Backoff, JobWorker},
};

/// For the worker to do what is due, on a machine that is busy with other stories.
const SOON: Duration = Duration::from_secs(60);

type Change<T> = Box<dyn FnOnce(&mut T) + Send>;

/// What a story's shop is like; by default it sells mugs.
pub(crate) struct Setup {
    pub(crate) items: Vec<Item>,
    pub(crate) config: Change<Config>,
    pub(crate) sandbox: Change<SandboxConfig>,
    /// How long the shop waits for one answer of its sandbox, where that is not as in a real shop.
    pub(crate) attempt_timeout: Option<Duration>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            items: vec![Item::new("mug", "12.50", 10), Item::new("bowl", "20.00", 3)],
            config: Box::new(|_| {}),
            sandbox: Box::new(|_| {}),
            attempt_timeout: None,
        }
    }
}

impl Setup {
    pub(crate) fn selling(items: impl Into<Vec<Item>>) -> Self {
        Self { items: items.into(), ..Self::default() }
    }

    pub(crate) fn config(mut self, change: impl FnOnce(&mut Config) + Send + 'static) -> Self {
        self.config = Box::new(change);
        self
    }

    pub(crate) fn sandbox(mut self, change: impl FnOnce(&mut SandboxConfig) + Send + 'static) -> Self {
        self.sandbox = Box::new(change);
        self
    }

    /// The shop is impatient with its gateway, so that nobody waits for minutes where answers never come.
    pub(crate) fn attempts_take(mut self, at_most: Duration) -> Self {
        self.attempt_timeout = Some(at_most);
        self
    }
}

/// What is counted of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stock {
    pub(crate) on_hand: i64,
    pub(crate) allocated: i64,
}

/// A server that runs, with its database in a folder of its own.
pub(crate) struct Shop {
    pub(crate) app: App,
    pub(crate) clock: Arc<MovedClock>,
    pub(crate) endpoint: Endpoint,
    pub(crate) base: String,
    pub(crate) folder: tempfile::TempDir,
    currency: stoa_domain::shared::Currency,
    webhook_secret: Arc<std::sync::OnceLock<String>>,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::with(Setup::default()).await
    }

    /// The shop of a server that was stopped.
    pub(crate) async fn reopen(folder: tempfile::TempDir) -> Self {
        Self::in_folder(folder, Setup { items: Vec::new(), ..Setup::default() }).await
    }

    pub(crate) async fn with(setup: Setup) -> Self {
        Box::pin(Self::in_folder(tempfile::tempdir().expect("a folder"), setup)).await
    }

    /// Another instance of this shop: the same database and Redis, and payments at the first one's sandbox, which tells the first
    /// one of them. Both are given the same configuration.
    pub(crate) async fn beside(&self, config: impl FnOnce(&mut Config) + Send + 'static) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for note in [database::NOTE, redis::NOTE] {
            if let Ok(text) = std::fs::read(self.folder.path().join(note)) {
                std::fs::write(folder.path().join(note), text).expect("the folder can be written");
            }
        }
        // All instances of a shop have the same root key.
        std::fs::copy(self.folder.path().join("secret.key"), folder.path().join("secret.key"))
            .expect("the first one has made it");
        let keys = StripeKeys {
            secret_key: SECRET.to_owned().into(),
            publishable_key: "pk_test_sandbox".to_owned(),
            webhook_secrets: vec![self.webhook_secret().to_owned().into()],
            api_base: Some(self.base.parse().expect("a URL")),
        };
        let setup = Setup { items: Vec::new(), ..Setup::default() }.config(move |c| {
            c.payments = Payments::Stripe(keys);
            config(c);
        });
        Self::in_folder(folder, setup).await
    }

    /// A shop whose folder is there already, perhaps with a note of its database.
    pub(crate) async fn in_folder(folder: tempfile::TempDir, setup: Setup) -> Self {
        // Somebody else in this process may have installed it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut config =
            Config::try_from(read(None).expect("the defaults can be read")).expect("the defaults are valid");
        config.listen = "127.0.0.1:0".parse().expect("an address");
        config.database = database::of(folder.path()).await;
        config.redis = redis::of(folder.path());
        config.data_dir = folder.path().to_owned();
        // All who buy here are of one network.
        config.settings.units.per_network = None;
        (setup.config)(&mut config);
        let currency = config.settings.currency;

        let clock = Arc::new(MovedClock::default());
        let seconds = Arc::clone(&clock);
        let configure = setup.sandbox;
        let webhook_secret = Arc::new(std::sync::OnceLock::new());
        let overheard = Arc::clone(&webhook_secret);
        let mut options = Options::new(config);
        options.clock = Arc::<MovedClock>::clone(&clock);
        // Nothing in a story waits for hours; what fails is tried again at once.
        options.backoff =
            Backoff { first: TimeDelta::milliseconds(50), most: TimeDelta::seconds(1), attempts: 20 };
        options.sandbox = SandboxOptions {
            attempt_timeout: setup.attempt_timeout,
            configure: Some(Box::new(move |sandbox| {
                sandbox.clock =
                    SandboxClock::new(move || stoa_domain::shared::Clock::now(&*seconds).timestamp());
                sandbox.retry = RetryPolicy { first: Duration::from_millis(50), ..RetryPolicy::default() };
                if let Some(target) = &sandbox.webhook {
                    overheard.get_or_init(|| target.secret.clone());
                }
                configure(sandbox);
            })),
        };
        let app = Box::pin(App::start(options)).await.expect("the server starts");
        stock_up(app.db(), currency, &setup.items).await;
        let base = format!("http://{}", app.address());
        let endpoint = Endpoint { http: reqwest::Client::new(), url: format!("{base}/graphql") };
        Self { app, clock, endpoint, base, folder, currency, webhook_secret }
    }

    pub(crate) fn db(&self) -> &Db {
        self.app.db()
    }

    pub(crate) fn sandbox(&self) -> &Sandbox {
        self.app.sandbox().expect("stories pay with play money")
    }

    /// What this run's webhooks are signed with.
    pub(crate) fn webhook_secret(&self) -> &str {
        self.webhook_secret.get().expect("the sandbox sends webhooks")
    }

    pub(crate) async fn restock(&self, items: &[Item]) {
        stock_up(self.db(), self.currency, items).await;
    }

    /// Somebody writes to the tables past the program.
    pub(crate) async fn by_hand(&self, sql: &str) {
        database::by_hand(self.folder.path(), sql).await;
    }

    /// All that is in its tables.
    pub(crate) async fn dump(&self) -> String {
        database::dump(self.folder.path()).await
    }

    /// All carts go, past the program, and leave what is held for them.
    pub(crate) async fn lose_carts(&self) {
        match redis::of(self.folder.path()) {
            Some(config) => redis::lose_carts(&config).await,
            None => self.by_hand("DELETE FROM carts").await,
        }
    }

    /// The merchant imports a file.
    pub(crate) async fn import(&self, csv: &str) {
        super::catalog::import(self.db(), self.currency, csv.to_owned()).await;
    }

    pub(crate) async fn variant(&self, handle: &str) -> VariantId {
        variant(self.db(), handle).await
    }

    pub(crate) async fn gid(&self, handle: &str) -> String {
        format!("gid://stoa/ProductVariant/{}", self.variant(handle).await)
    }

    pub(crate) async fn stock(&self, handle: &str) -> Stock {
        let levels =
            inventory::levels(self.db().read(), self.variant(handle).await).await.expect("SQL answers");
        Stock {
            on_hand: levels.iter().map(|l| l.on_hand).sum(),
            allocated: levels.iter().map(|l| l.allocated).sum(),
        }
    }

    /// Somebody who has just come in.
    pub(crate) fn shopper(&self) -> Shopper {
        Shopper::new(self.endpoint.clone(), self.base.clone())
    }

    /// Somebody with a full cart, who has said where to send it.
    pub(crate) async fn shopper_with_cart<const N: usize>(&self, lines: [(&str, u32); N]) -> Shopper {
        let mut shopper = self.shopper();
        let mut wanted = Vec::new();
        for (handle, quantity) in lines {
            wanted.push((self.gid(handle).await, quantity));
        }
        shopper.create_cart(&wanted).await;
        shopper
    }

    pub(crate) async fn order(&self, id: OrderId) -> Order {
        order::find(self.db().read(), id).await.expect("SQL answers").expect("the order is there")
    }

    pub(crate) async fn payment(&self, id: OrderId) -> Payment {
        payment::find_by_order(self.db().read(), id)
            .await
            .expect("SQL answers")
            .expect("the payment is there")
    }

    /// Kinds of an order's history entries, the oldest first.
    pub(crate) async fn history(&self, id: OrderId) -> Vec<String> {
        let history = order::history(self.db().read(), id).await.expect("SQL answers");
        history.into_iter().map(|entry| entry.kind).collect()
    }

    pub(crate) async fn is_paid(&self, id: OrderId) -> bool {
        matches!(self.order(id).await.state, OrderState::Paid { .. })
    }

    /// Waits until every webhook is delivered or given up, and every job that is due is done.
    pub(crate) async fn settle(&self) {
        self.sandbox().webhooks_settled().await;
        self.run_jobs().await;
        self.sandbox().webhooks_settled().await;
    }

    /// Does what is due, beside the server's own worker.
    pub(crate) async fn run_jobs(&self) {
        let context = Arc::clone(self.app.services().context());
        let worker = JobWorker::new(context, Backoff::default());
        worker.run_due().await.expect("jobs can be claimed");
    }

    /// Polls until `reached`, for what other tasks bring about.
    pub(crate) async fn until<F: Future<Output = bool>>(&self, what: &str, reached: impl Fn() -> F) {
        for _ in 0..1_000 {
            if reached().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("never came about: {what}");
    }

    /// Files in the folder of mails that were not sent by SMTP.
    pub(crate) fn mails(&self) -> Vec<String> {
        let Ok(folder) = std::fs::read_dir(self.folder.path().join("mail")) else { return Vec::new() };
        let paths =
            folder.map(|f| f.expect("a file").path()).filter(|p| p.extension().is_some_and(|e| e == "eml"));
        paths.map(|p| std::fs::read_to_string(p).expect("a mail")).collect()
    }

    /// What every story ends with: the doctor finds nothing wrong with the stock, the orders and the work that is left.
    pub(crate) async fn books_balance(&self) {
        self.nothing_is_found(0).await;
    }

    /// What every drill ends with: the same, and every payment there is is what the gateway has.
    pub(crate) async fn books_balance_with_the_gateway(&self) {
        self.nothing_is_found(u64::from(u32::MAX)).await;
    }

    async fn nothing_is_found(&self, payments: u64) {
        let begun = Instant::now();
        loop {
            let findings = self.examine(Treatment { fix: false, payments }).await;
            if findings.is_empty() {
                return;
            }
            // A story moves its clock by hours, and the worker looks once a second: what has become late must be done soon.
            let late = findings.iter().all(|finding| finding.check == "outbox.age");
            assert!(late && begun.elapsed() < SOON, "{findings:#?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub(crate) async fn examine(&self, treatment: Treatment) -> Vec<Finding> {
        let by = Actor::command("story".to_owned());
        self.app.services().doctor.examine(&by, treatment).await.expect("SQL answers")
    }
}
