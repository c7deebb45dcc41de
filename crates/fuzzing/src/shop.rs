//! The shop that is asked: one a process, with its router, and a database in a folder of its own.

use crate::{
    answer::Answer,
    gateway::Deaf,
    people::{By, People},
};
use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderName, HeaderValue, Method, Request, Uri, header},
};
use chrono::{DateTime, TimeDelta};
use serde_json::{Value, json};
use std::{
    error::Error,
    path::Path,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
};
use stoa_api::{
    graphql::{JsonLimits, Schemas},
    http::{AppSettings, AppState, Graphs, router},
};
use stoa_auth::{PasswordCost, RootKeys};
use stoa_domain::{
    inventory::HoldTiming,
    mail::{Mail, Mailer},
    pricing::{DeliveryOption, PricingRules, TaxRounding},
    shared::{Clock, CountryCode, Currency, Fault, Locale, Rate, Timestamp},
};
use stoa_media::{FolderStore, LinkKeys, UploadLimits, Uploads};
use stoa_persistence::{Db, DbConfig, SqlCartStore, SqlReservationStore};
use stoa_services::{
    AccountSettings, Context, MailSettings, OutsideServices, Ports, PrivacySettings, Services, Settings,
    UnitSettings,
    account::Auth,
    catalog::import::{ImportError, ImportProducts, ImportReport, Progress, Refusal},
    limits::ProcessLimiter,
    system::SystemIds,
};
use tower::ServiceExt;
use url::Url;

/// What lies on its shelves, so that there is something to be found.
const SHELF: &str = include_str!("../../../tests/data/stationery.csv");

/// It is always this moment, so that what was signed for it once is never too old.
pub(crate) fn now() -> Timestamp {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_795_132_800)
}

struct StillClock;

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        now()
    }
}

/// Sends nothing, and keeps what would have been sent last.
#[derive(Default)]
struct Tray(Mutex<String>);

#[async_trait]
impl Mailer for Tray {
    async fn send(&self, mail: &Mail) -> Result<(), Fault> {
        mail.text.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    }
}

struct Unwatched;

impl Progress for Unwatched {
    fn at(&self, _: u64) {}

    fn refused(&self, _: &Refusal) {}
}

/// A shop that can be asked anything.
pub(crate) struct Shop {
    runtime: tokio::runtime::Runtime,
    router: Router,
    services: Arc<Services>,
    mails: Arc<Tray>,
    people: People,
    import: ImportProducts,
    _folder: tempfile::TempDir,
}

/// The shop of this process. Whoever asks has it for themselves; a promise that was broken before does not close it.
pub(crate) fn shop() -> MutexGuard<'static, Shop> {
    static SHOP: LazyLock<Mutex<Shop>> =
        LazyLock::new(|| Mutex::new(Shop::open().unwrap_or_else(|error| panic!("no shop: {error}"))));
    SHOP.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shop {
    fn open() -> Result<Self, Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let folder = tempfile::tempdir()?;
        let mails = Arc::new(Tray::default());
        let (router, services, import) =
            runtime.block_on(Box::pin(open(folder.path(), Arc::<Tray>::clone(&mails))))?;
        let people = People::default();
        let mut shop = Self { runtime, router, services, mails, people, import, _folder: folder };
        shop.people = People::settle(&shop)?;
        let stocked = shop.import(SHELF.as_bytes())?;
        assert!(stocked.created > 0, "nothing lies on the shelves: {stocked:?}");
        Ok(shop)
    }

    /// Sends one request, and reads the whole answer.
    pub(crate) fn send(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(Box::pin(async {
            let Ok(response) = self.router.clone().oneshot(request).await;
            let status = response.status().as_u16();
            let body = to_bytes(response.into_body(), usize::MAX).await;
            let body = body.unwrap_or_else(|error| panic!("the answer breaks off: {error}"));
            Answer { status, body: body.to_vec() }
        }))
    }

    /// Waits for something.
    pub(crate) fn wait<T>(&self, what: impl Future<Output = T>) -> T {
        self.runtime.block_on(Box::pin(what))
    }

    pub(crate) fn services(&self) -> &Arc<Services> {
        &self.services
    }

    /// The text of the last mail; empty if there was none.
    pub(crate) fn last_mail(&self) -> String {
        self.mails.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Posts a body to where GraphQL is served, with a token unless that is empty.
    pub(crate) fn show(&self, token: &str, body: Vec<u8>) -> Answer {
        let mut headers = vec![(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        if !token.is_empty()
            && let Ok(shown) = HeaderValue::from_str(&format!("Bearer {token}"))
        {
            headers.push((header::AUTHORIZATION, shown));
        }
        self.send(to("/graphql", &headers, body))
    }

    /// Posts a body in somebody's name. Whatever was posted before may have ended their sign-in: then they sign in and post it again.
    pub(crate) fn post_as(&mut self, by: By, body: &[u8]) -> Answer {
        let answer = self.show(self.people.token(by), body.to_vec());
        if answer.status != 401 || by == By::Nobody {
            return answer;
        }
        let mut people = std::mem::take(&mut self.people);
        people.return_to(self, by);
        self.people = people;
        self.show(self.people.token(by), body.to_vec())
    }

    /// Runs one operation.
    pub(crate) fn ask(&self, query: &str, variables: &Value) -> Answer {
        self.show("", json!({ "query": query, "variables": variables }).to_string().into_bytes())
    }

    /// Runs one operation in somebody's name.
    pub(crate) fn ask_as(&mut self, by: By, query: &str, variables: &Value) -> Answer {
        self.post_as(by, json!({ "query": query, "variables": variables }).to_string().as_bytes())
    }

    /// Imports a file of products.
    pub(crate) fn import(&self, file: &[u8]) -> Result<ImportReport, ImportError> {
        let source = std::io::Cursor::new(file.to_vec());
        let run = self.import.run_from(source, Path::new("fuzz.csv"), &Unwatched);
        self.runtime.block_on(Box::pin(run))
    }
}

/// A request by POST.
pub(crate) fn to(path: &'static str, headers: &[(HeaderName, HeaderValue)], body: Vec<u8>) -> Request<Body> {
    let mut request = Request::new(Body::from(body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = Uri::from_static(path);
    request.headers_mut().extend(headers.iter().cloned());
    request
}

async fn open(
    folder: &Path,
    mailer: Arc<Tray>,
) -> Result<(Router, Arc<Services>, ImportProducts), Box<dyn Error>> {
    let db = Db::connect(&DbConfig::sqlite(folder.join("shop.db"))).await?;
    db.migrate().await?;
    let settings = settings()?;
    let address = settings.public_url.join("media")?;
    let clock: Arc<dyn Clock> = Arc::new(StillClock);
    let links = LinkKeys::new([7; 32], []);
    let media =
        FolderStore::open(folder.join("media"), &address, links, Arc::clone(&clock), Arc::new(SystemIds));
    let media = media.await?;
    let (roots, _) = RootKeys::generate()?;
    let auth = Auth::new(&roots, &PasswordCost::default(), settings.public_url.as_str())?;
    let import = ImportProducts::new(db.clone(), Arc::clone(&clock), Arc::new(SystemIds), settings.currency);
    let ports = Ports {
        db: db.clone(),
        carts: Arc::new(SqlCartStore::new(db.clone())),
        holds: Arc::new(SqlReservationStore::new(db)),
        limiter: Arc::new(ProcessLimiter::default()),
        gateway: Arc::new(Deaf::new()?),
        mailer,
        media: Arc::new(media),
        uploads: Arc::new(Uploads::new(UploadLimits::default(), None)?),
        auth: Arc::new(auth),
        oidc: Arc::default(),
        outside: OutsideServices::default(),
        bus: Arc::new(stoa_live::Hub::new()),
        clock,
        ids: Arc::new(SystemIds),
    };
    let services = Arc::new(Services::new(Context::new(ports, settings)));
    let json = JsonLimits { memory: 1 << 20, file: 0, folder: None };
    let api = AppSettings::default();
    let graphs = Graphs::build(&Schemas::new(&services, json), &api)?;
    let router = router(AppState::new(Arc::clone(&services), graphs, api, &SystemIds));
    Ok((router, services, import))
}

fn settings() -> Result<Settings, Box<dyn Error>> {
    let country = CountryCode::parse("DE").ok_or("there is no such country")?;
    Ok(Settings {
        shop_name: "Fuzz".to_owned(),
        shop_description: None,
        public_url: Url::parse("http://shop.test")?,
        currency: Currency::parse("EUR")?,
        country,
        language: Locale::En,
        delivery_countries: vec![country],
        pricing: PricingRules {
            tax_rate: Rate::parse_percent("20")?,
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
        units: UnitSettings::default(),
        cart_lives: TimeDelta::days(10),
        pay_within: TimeDelta::hours(1),
        live_refresh: std::time::Duration::from_secs(60),
        mail: MailSettings { from: "Fuzz <orders@shop.test>".into() },
        accounts: AccountSettings::default(),
        privacy: PrivacySettings::default(),
    })
}
