//! A shop without a server, for tests of accounts: a temporary SQLite file, a clock that stands still until told, and a mailbox.

use crate::{
    AccountSettings, Context, MailSettings, OutsideServices, Ports, PrivacySettings, Services, Settings,
    account::{Auth, Caller, Client, Credential, Issued, PasswordSignIn, SignedInNow},
    customer::{LinkUse, Registration},
    jobs::{Backoff, JobWorker},
    limits::ProcessLimiter,
    system::SystemIds,
};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta};
use secrecy::SecretString;
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicI64, Ordering},
};
use stoa_auth::{PasswordCost, RootKeys};
use stoa_domain::{
    access::SignedIn,
    account::SessionKind,
    inventory::HoldTiming,
    limits::ClientAddress,
    mail::{Mail, Mailer},
    media::MediaKey,
    payment::{
        CreateIntent, GatewayError, GatewayEvent, GatewayRefund, IntentFacts, IntentSnapshot, ListedRefund,
        PaymentGateway, PaymentState, Unchargeable, WebhookRefusal,
    },
    pricing::{DeliveryOption, PricingRules, TaxRounding},
    shared::{Clock, CountryCode, Currency, EmailAddress, Fault, Locale, Money, Rate, Timestamp},
};
use stoa_media::{FolderStore, LinkKeys, UploadLimits, Uploads};
use stoa_persistence::{Db, DbConfig, SqlCartStore, SqlReservationStore, outbox};
use url::Url;

/// A password that the rule takes.
pub(crate) const PASSWORD: &str = "seven grey herons waiting";
/// And another.
pub(crate) const OTHER_PASSWORD: &str = "a lighthouse made of paper";

/// A clock that stands still until told.
pub(crate) struct StillClock(AtomicI64);

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        DateTime::from_timestamp(self.0.load(Ordering::SeqCst), 0).unwrap()
    }
}

/// Every mail that was sent. One that was sent again is the same mail.
#[derive(Default)]
pub(crate) struct Mailbox(Mutex<Vec<Mail>>, AtomicBool);

impl Mailbox {
    /// From now on it takes mails, and never says that it has.
    pub(crate) fn hang(&self) {
        self.1.store(true, Ordering::SeqCst);
    }
}

#[async_trait]
impl Mailer for Mailbox {
    async fn send(&self, mail: &Mail) -> Result<(), Fault> {
        if self.1.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        let mut mails = self.0.lock().unwrap();
        if mails.iter().all(|known| known.id != mail.id) {
            mails.push(mail.clone());
        }
        Ok(())
    }
}

/// Nobody pays here, but for whoever has before; what is to go back does, once for each key.
#[derive(Default)]
struct Nobody(Mutex<Vec<(String, ListedRefund)>>);

/// The payment objects that there are, which are what their names say: `pi_open` can be paid still, and `pi_paid_1500` was.
fn object(intent: &str) -> Option<IntentSnapshot> {
    let paid = intent.strip_prefix("pi_paid_").and_then(|amount| amount.parse().ok());
    let (state, amount) = match paid {
        Some(amount) => (PaymentState::Succeeded, amount),
        None if intent == "pi_open" => (PaymentState::RequiresPaymentMethod, 0),
        None => return None,
    };
    let currency = "EUR".to_owned();
    let facts =
        IntentFacts { state: Some(state), amount, amount_received: amount, currency, last_error: None };
    Some(IntentSnapshot { id: intent.to_owned(), client_secret: None, facts, amount_refunded: None })
}

#[async_trait]
impl PaymentGateway for Nobody {
    fn name(&self) -> &'static str {
        "nobody"
    }

    fn publishable_key(&self) -> &'static str {
        ""
    }

    fn chargeable(&self, _: Money) -> Result<(), Unchargeable> {
        Ok(())
    }

    fn payment_url(&self, _: &IntentSnapshot, _: &str) -> Option<String> {
        None
    }

    async fn create_intent(&self, _: &CreateIntent) -> Result<IntentSnapshot, GatewayError> {
        Err(GatewayError::NotFound)
    }

    async fn retrieve_intent(&self, intent: &str) -> Result<IntentSnapshot, GatewayError> {
        object(intent).ok_or(GatewayError::NotFound)
    }

    async fn cancel_intent(&self, intent: &str) -> Result<IntentSnapshot, GatewayError> {
        let mut found = object(intent).ok_or(GatewayError::NotFound)?;
        if found.facts.state == Some(PaymentState::Succeeded) {
            let code = "payment_intent_unexpected_state".to_owned();
            return Err(GatewayError::Refused { code, message: "it is paid".to_owned() });
        }
        found.facts.state = Some(PaymentState::Canceled);
        Ok(found)
    }

    async fn refund(&self, intent: &str, amount: Money, key: &str) -> Result<GatewayRefund, GatewayError> {
        let mut given = self.0.lock().unwrap();
        let id = format!("re_{key}");
        if given.iter().all(|(_, known)| known.id != id) {
            let (currency, key) = (amount.currency.code().to_owned(), Some(key.to_owned()));
            let refund = ListedRefund { id: id.clone(), key, amount: amount.minor, currency, failed: false };
            given.push((intent.to_owned(), refund));
        }
        Ok(GatewayRefund { id, failed: false })
    }

    async fn refunds(&self, intent: &str) -> Result<Vec<ListedRefund>, GatewayError> {
        let given = self.0.lock().unwrap();
        Ok(given.iter().filter(|(of, _)| of == intent).map(|(_, refund)| refund.clone()).collect())
    }

    fn receive(&self, _: &str, _: &[u8], _: Timestamp) -> Result<GatewayEvent, WebhookRefusal> {
        Err(WebhookRefusal::BadSignature)
    }

    fn read_event(&self, _: &[u8]) -> Result<GatewayEvent, WebhookRefusal> {
        Err(WebhookRefusal::Malformed)
    }
}

/// A shop.
pub(crate) struct TestShop {
    pub(crate) db: Db,
    pub(crate) services: Services,
    pub(crate) clock: Arc<StillClock>,
    pub(crate) mails: Arc<Mailbox>,
    roots: RootKeys,
    folder: tempfile::TempDir,
}

impl TestShop {
    pub(crate) async fn open() -> Self {
        Self::with(|_| {}).await
    }

    /// One whose settings are changed before it opens.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::asking(OutsideServices::default(), change).await
    }

    /// The same with services outside of the house.
    pub(crate) async fn asking(outside: OutsideServices, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = settings();
        change(&mut settings);
        let folder = tempfile::tempdir().unwrap();
        let db = Db::connect(&DbConfig::sqlite(folder.path().join("shop.db"))).await.unwrap();
        db.migrate().await.unwrap();
        let clock = Arc::new(StillClock(AtomicI64::new(1_795_000_000)));
        let mails = Arc::new(Mailbox::default());
        let (roots, _) = RootKeys::generate().unwrap();
        let services = services(&db, &clock, &mails, &roots, (&folder, settings, outside)).await;
        Self { db, services, clock, mails, roots, folder }
    }

    /// Another instance of the program, with the same database and the same keys.
    pub(crate) async fn beside(&self) -> Services {
        let settings = self.ctx().settings.clone();
        let outside = self.ctx().ports.outside.clone();
        services(&self.db, &self.clock, &self.mails, &self.roots, (&self.folder, settings, outside)).await
    }

    /// One with other root keys than those that everything was written with.
    pub(crate) async fn estranged(&self) -> Services {
        let (others, _) = RootKeys::generate().unwrap();
        let settings = self.ctx().settings.clone();
        let outside = OutsideServices::default();
        services(&self.db, &self.clock, &self.mails, &others, (&self.folder, settings, outside)).await
    }

    pub(crate) fn ctx(&self) -> &Arc<Context> {
        self.services.context()
    }

    /// What everything here is signed and sealed by.
    pub(crate) const fn roots(&self) -> &RootKeys {
        &self.roots
    }

    pub(crate) fn wait(&self, span: TimeDelta) {
        self.clock.0.fetch_add(span.num_seconds(), Ordering::SeqCst);
    }

    /// Runs everything that is due.
    pub(crate) async fn settle(&self) {
        let backoff = Backoff { attempts: 1, ..Backoff::default() };
        JobWorker::new(Arc::clone(self.ctx()), backoff).run_due().await.unwrap();
        let dead = outbox::dead_jobs(self.db.read(), 10).await.unwrap();
        assert!(dead.is_empty(), "{dead:?}");
    }

    /// Mails to somebody by now, by subject, the oldest first.
    pub(crate) async fn subjects(&self, to: &str) -> Vec<String> {
        self.settle().await;
        self.mails_to(to).into_iter().map(|mail| mail.subject).collect()
    }

    /// The text of the newest mail to somebody.
    pub(crate) async fn last_mail(&self, to: &str) -> String {
        self.settle().await;
        self.mails_to(to).pop().unwrap().text
    }

    fn mails_to(&self, to: &str) -> Vec<Mail> {
        let mails = self.mails.0.lock().unwrap();
        mails.iter().filter(|mail| mail.to.as_str() == to).cloned().collect()
    }

    /// The token in the newest mail to somebody that has a link of this kind.
    pub(crate) async fn token(&self, to: &str, kind: &str) -> String {
        self.token_in(to, &format!("account/{kind}")).await
    }

    /// The same of links of staff.
    pub(crate) async fn staff_token(&self, to: &str, kind: &str) -> String {
        self.token_in(to, &format!("staff/{kind}")).await
    }

    async fn token_in(&self, to: &str, place: &str) -> String {
        let newest = self.tokens_in(to, place).await.pop();
        newest.unwrap_or_else(|| panic!("no link to {place} in {:?}", self.mails_to(to)))
    }

    /// The tokens in all mails to somebody that have a link there, the newest last.
    pub(crate) async fn tokens_in(&self, to: &str, place: &str) -> Vec<String> {
        self.settle().await;
        let link = format!("https://shop.example.org/{place}/");
        let mails = self.mails_to(to);
        let rests = mails.iter().filter_map(|mail| mail.text.split_once(&link));
        rests.map(|(_, rest)| rest.split_whitespace().next().unwrap().to_owned()).collect()
    }

    /// Registers, and opens the link.
    pub(crate) async fn customer(&self, email: &str) -> SignedIn {
        self.register(email).await;
        let token = self.token(email, "activate").await;
        let activated = self.services.activate.run(&link_use(&token, PASSWORD), &client(1)).await.unwrap();
        who(&activated)
    }

    pub(crate) async fn register(&self, email: &str) {
        let new = Registration { email: email.to_owned(), ..Registration::default() };
        // From everywhere: how many mails one network may ask for is tested apart.
        self.services.register.run(&new, &Client::default()).await.unwrap();
    }

    pub(crate) async fn sign_in(&self, email: &str, kind: SessionKind) -> SignedInNow {
        let given = PasswordSignIn { email, password: PASSWORD, kind };
        self.services.sign_in.run(given, &client(1)).await.unwrap()
    }

    /// Who a credential is now.
    pub(crate) async fn caller(&self, shown: &SignedInNow) -> Option<Caller> {
        let credential = match &shown.credential {
            Issued::Tokens { access, .. } => Credential::Bearer(access.clone()),
            Issued::Cookie { token, .. } => Credential::Cookie(shown.realm, token.clone()),
            Issued::Storefront { token, .. } => Credential::Storefront(token.clone()),
        };
        self.services.authenticate.run(&credential, client(1)).await.ok()
    }

    /// Whether a file is still in the store.
    pub(crate) async fn has_file(&self, key: &MediaKey) -> bool {
        self.ctx().ports.media.get(key).await.unwrap().is_some()
    }

    /// What something costs: statements, hashes and jobs.
    pub(crate) async fn cost<T>(&self, work: impl Future<Output = T>) -> (T, [u64; 3]) {
        let auth = &self.ctx().ports.auth;
        let jobs = || async { outbox::pending(self.db.read()).await.unwrap() };
        let (before, statements, hashes) = (jobs().await, self.db.statements(), auth.hashed());
        let done = work.await;
        let (statements, hashes) = (self.db.statements() - statements, auth.hashed() - hashes);
        (done, [statements, hashes, jobs().await - before])
    }
}

async fn services(
    db: &Db,
    clock: &Arc<StillClock>,
    mails: &Arc<Mailbox>,
    roots: &RootKeys,
    (folder, settings, outside): (&tempfile::TempDir, Settings, OutsideServices),
) -> Services {
    let address = settings.public_url.join("media").unwrap();
    let media = FolderStore::open(
        folder.path().join("media"),
        &address,
        LinkKeys::new([7; 32], []),
        Arc::<StillClock>::clone(clock),
        Arc::new(SystemIds),
    );
    let auth = Auth::new(roots, &PasswordCost::default(), settings.public_url.as_str()).unwrap();
    let ports = Ports {
        db: db.clone(),
        carts: Arc::new(SqlCartStore::new(db.clone())),
        holds: Arc::new(SqlReservationStore::new(db.clone())),
        limiter: Arc::new(ProcessLimiter::default()),
        gateway: Arc::new(Nobody::default()),
        mailer: Arc::<Mailbox>::clone(mails),
        media: Arc::new(media.await.unwrap()),
        uploads: Arc::new(Uploads::new(UploadLimits::default(), None).unwrap()),
        auth: Arc::new(auth),
        oidc: Arc::default(),
        outside,
        bus: Arc::new(stoa_live::Hub::new()),
        clock: Arc::<StillClock>::clone(clock),
        ids: Arc::new(SystemIds),
    };
    Services::new(Context::new(ports, settings))
}

fn settings() -> Settings {
    Settings {
        shop_name: "Stoa".into(),
        shop_description: None,
        public_url: Url::parse("https://shop.example.org/").unwrap(),
        currency: Currency::parse("EUR").unwrap(),
        country: CountryCode::parse("DE").unwrap(),
        language: Locale::En,
        delivery_countries: Vec::new(),
        pricing: PricingRules {
            tax_rate: Rate::default(),
            prices_include_tax: true,
            tax_rounding: TaxRounding::Line,
            delivery: DeliveryOption {
                handle: "standard".into(),
                title: "Post".into(),
                price: 500,
                taxable: true,
            },
        },
        hold_timing: HoldTiming::Cart,
        hold_for: TimeDelta::minutes(15),
        units: crate::UnitSettings::default(),
        cart_lives: TimeDelta::days(30),
        pay_within: TimeDelta::minutes(30),
        mail: MailSettings { from: "Stoa <shop@example.org>".into() },
        accounts: AccountSettings::default(),
        privacy: PrivacySettings::default(),
        gift_cards: crate::GiftCardSettings::default(),
        live_refresh: std::time::Duration::from_secs(60),
    }
}

/// A client of a network of its own.
pub(crate) fn client(n: u32) -> Client {
    let address = std::net::Ipv4Addr::from_bits(0x0a00_0000 + n);
    Client { address: Some(ClientAddress::new(address.into())), ..Client::default() }
}

pub(crate) fn link_use(token: &str, password: &str) -> LinkUse {
    LinkUse { customer: None, token: token.into(), password: password.into(), kind: SessionKind::Storefront }
}

pub(crate) fn who(shown: &SignedInNow) -> SignedIn {
    SignedIn { customer: shown.subject.into(), session: shown.session }
}

pub(crate) fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

/// The refresh token of a sign-in.
pub(crate) fn refresh_token(shown: &SignedInNow) -> SecretString {
    match &shown.credential {
        Issued::Tokens { refresh, .. } => refresh.clone(),
        Issued::Cookie { .. } | Issued::Storefront { .. } => panic!("it has no refresh token"),
    }
}
