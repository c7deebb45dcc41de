//! A shop of its own for each test: a temporary database, a clock that stands still until told, and the real pages.

use crate::{bank::Bank, browser::Browser};
use async_trait::async_trait;
use axum::Router;
use chrono::{DateTime, TimeDelta};
use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};
use stoa_auth::{PasswordCost, RootKeys};
use stoa_domain::{
    catalog::{ImageInput, OptionInput, ProductDraft, ProductInput, StockInput, VariantInput},
    delivery::{DeliveryMethod, DeliveryZone, LoadBounds, MethodKind, RateTable},
    inventory::{HoldTiming, Location, StockCause},
    mail::{Mail, Mailer},
    pricing::{DeliveryOption, PricingRules, TaxRounding},
    shared::{
        Clock, CountryCode, Currency, DeliveryMethodId, DeliveryZoneId, Fault, IdGenerator, Locale,
        LocationId, Rate, Timestamp, VariantId,
    },
};
use stoa_media::{FolderStore, LinkKeys, UploadLimits, Uploads};
use stoa_persistence::{
    Db, DbConfig, Durability, SqlCartStore, SqlReservationStore,
    catalog::{NewProduct, WriteContext, insert_products, products_by_ids},
    delivery, inventory, order,
    pricing::Switched,
};
use stoa_services::{
    Context, MailSettings, OutsideServices, Ports, Services, Settings,
    account::Auth,
    jobs::{Backoff, JobWorker},
    system::SystemIds,
};
use stoa_web::WebSettings;

/// A clock that stands still until told.
pub(crate) struct StillClock(AtomicI64);

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        DateTime::from_timestamp(self.0.load(Ordering::SeqCst), 0).unwrap()
    }
}

#[derive(Default)]
struct Letters(Mutex<Vec<Mail>>);

#[async_trait]
impl Mailer for Letters {
    async fn send(&self, mail: &Mail) -> Result<(), Fault> {
        self.0.lock().unwrap().push(mail.clone());
        Ok(())
    }
}

/// A password that nobody else has.
pub(crate) const PASSWORD: &str = "tall oaks from little acorns grow";
/// And another.
pub(crate) const OTHER_PASSWORD: &str = "a lighthouse made of paper";

/// The shop.
pub(crate) struct Shop {
    pub(crate) bank: Arc<Bank>,
    pub(crate) services: Arc<Services>,
    clock: Arc<StillClock>,
    db: Db,
    letters: Arc<Letters>,
    router: Router,
    location: LocationId,
    _folder: tempfile::TempDir,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::open_with(settings()).await
    }

    pub(crate) async fn open_with(settings: Settings) -> Self {
        // Faults are in the log and nowhere else; a failing test shows it.
        _ = tracing_subscriber::fmt().with_test_writer().with_env_filter("stoa_web=info").try_init();
        let folder = tempfile::tempdir().unwrap();
        let db = Db::connect(&DbConfig::sqlite(folder.path().join("shop.db"))).await.unwrap();
        db.migrate().await.unwrap();
        // 20 November 2026, 14:05 UTC
        let clock = Arc::new(StillClock(AtomicI64::new(1_795_183_500)));
        let bank = Arc::new(Bank::default());
        let letters = Arc::new(Letters::default());
        let address = settings.public_url.join("media").unwrap();
        let media = FolderStore::open(
            folder.path().join("media"),
            &address,
            LinkKeys::new([7; 32], []),
            Arc::<StillClock>::clone(&clock),
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
            gateway: Arc::<Bank>::clone(&bank),
            mailer: Arc::<Letters>::clone(&letters),
            media: Arc::new(media),
            uploads: Arc::new(Uploads::new(UploadLimits::default(), None).unwrap()),
            auth: Arc::new(auth),
            oidc: Arc::default(),
            outside: OutsideServices::default(),
            clock: Arc::<StillClock>::clone(&clock),
            ids: Arc::new(SystemIds),
            bus: Arc::new(stoa_live::Hub::new()),
        };
        let services = Arc::new(Services::new(Context::new(ports, settings)));
        let web = WebSettings { products_per_page: 2, ..WebSettings::default() };
        let router = stoa_web::router(Arc::clone(&services), web);

        let location = LocationId::new(SystemIds.id());
        let tx = db.write(Durability::Relaxed).await.unwrap();
        let place = Location { id: location, name: "Warehouse".into(), position: 1 };
        inventory::add_location(&tx, &place, clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        Self { bank, services, clock, db, letters, router, location, _folder: folder }
    }

    /// One that is reached over TLS, so that browsers stay signed in to it.
    pub(crate) async fn over_tls() -> Self {
        let mut settings = settings();
        settings.public_url = "https://shop.test/".parse().unwrap();
        Self::open_with(settings).await
    }

    /// The texts of all mails to somebody, the oldest first, once everything that is due is done.
    pub(crate) async fn mails_to(&self, address: &str) -> Vec<String> {
        let backoff = Backoff { attempts: 1, ..Backoff::default() };
        JobWorker::new(Arc::clone(self.services.context()), backoff).run_due().await.unwrap();
        let letters = self.letters.0.lock().unwrap();
        letters.iter().filter(|mail| mail.to.as_str() == address).map(|mail| mail.text.clone()).collect()
    }

    /// The path of the newest link below this one that was mailed to somebody.
    pub(crate) async fn mailed(&self, address: &str, place: &str) -> String {
        let mails = self.mails_to(address).await;
        let found = mails.iter().rev().find_map(|text| text.split_once(&format!("shop.test{place}/")));
        let (_, rest) = found.unwrap_or_else(|| panic!("no link to {place} in {mails:#?}"));
        format!("{place}/{}", rest.split_whitespace().next().unwrap())
    }

    /// A browser of somebody who has registered, opened the link and chosen a password.
    pub(crate) async fn customer(&self, email: &str) -> Browser {
        let mut browser = self.visitor();
        browser.post("/account/register", &[("email", email)]).await.expect(303);
        let link = browser.get(&self.mailed(email, "/account/activate").await).await.expect(200);
        let token = link.value("token");
        let form = [("token", token.as_str()), ("password", PASSWORD), ("again", PASSWORD)];
        let begun = browser.post("/account/activate", &form).await.expect(303);
        assert_eq!(begun.location(), "/account?notice=welcome");
        browser
    }

    /// Another browser of a customer, signed in.
    pub(crate) async fn signed_in(&self, email: &str) -> Browser {
        let mut browser = self.visitor();
        browser.post("/account/sign-in", &[("email", email), ("password", PASSWORD)]).await.expect(303);
        browser
    }

    /// Somebody comes in.
    pub(crate) fn visitor(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// Waits until the first order is written.
    pub(crate) async fn until_ordered(&self) {
        let email = stoa_domain::shared::EmailAddress::parse("ada@example.org").unwrap();
        while order::find_by_contact(self.db.read(), 1001, &email).await.unwrap().is_none() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    /// Waits until there are so many payments at the gateway.
    pub(crate) async fn until_paid_for(&self, payments: usize) {
        while self.bank.intents() < payments {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, span: TimeDelta) {
        self.clock.0.fetch_add(span.num_seconds(), Ordering::SeqCst);
    }

    /// Puts a product on the shelf and gives its variants' ids.
    pub(crate) async fn add(&self, input: ProductInput) -> Vec<VariantId> {
        let published_at = Some(self.clock.now() - TimeDelta::hours(1));
        let input = ProductInput { published_at: input.published_at.or(published_at), ..input };
        let draft = ProductDraft::try_new(&input).unwrap();
        let context =
            WriteContext { ids: &SystemIds, now: self.clock.now(), location: self.location, reference: None };
        let tx = self.db.write(Durability::Relaxed).await.unwrap();
        let new = [NewProduct { draft: &draft, import_hash: None }];
        let ids = insert_products(&tx, &new, &context).await.unwrap();
        tx.commit().await.unwrap();
        self.services.catalog.refresh().await.unwrap();
        let product = products_by_ids(self.db.read(), &ids).await.unwrap().remove(0);
        product.variants.iter().map(|v| v.id).collect()
    }

    /// Puts a product of one variant on the shelf.
    pub(crate) async fn mug(&self, units: i64) -> VariantId {
        self.add(product("Harbour Mug", vec![variant(1_200, units)])).await[0]
    }

    /// Somebody with one mug in the cart, and the page of their checkout.
    pub(crate) async fn visitor_with_cart(&self) -> (Browser, String) {
        self.mug(5).await;
        let mut browser = self.visitor();
        browser.post("/cart/lines", &[("product", "harbour-mug"), ("quantity", "1")]).await.expect(303);
        let checkout = format!("/checkout/{}", browser.cart().unwrap());
        (browser, checkout)
    }

    /// From now on it delivers to its own country for 5.00 and has its goods picked up for nothing.
    pub(crate) async fn offer_pick_up(&self) {
        let now = self.clock.now();
        let zone = DeliveryZone {
            id: DeliveryZoneId::new(SystemIds.id()),
            name: "At home".into(),
            countries: BTreeSet::from([CountryCode::parse("US").unwrap()]),
            provinces: BTreeSet::new(),
            postal_ranges: Vec::new(),
            priority: 0,
        };
        let method = |handle: &str, to, kind, price| Switched {
            rule: DeliveryMethod {
                id: DeliveryMethodId::new(SystemIds.id()),
                zone: to,
                handle: handle.into(),
                title: handle.into(),
                description: None,
                kind,
                rates: RateTable::flat(price),
                free_from: None,
                divisor: None,
                tax_category: None,
                days: None,
                bounds: LoadBounds::default(),
                position: 0,
            },
            active: true,
        };
        let pick_up = MethodKind::PickUp { location: self.location };
        let tx = self.db.write(Durability::Relaxed).await.unwrap();
        delivery::insert_zone(&tx, &zone, now).await.unwrap();
        let post = method("standard", Some(zone.id), MethodKind::Shipping, 500);
        delivery::insert_method(&tx, &post, now).await.unwrap();
        delivery::insert_method(&tx, &method("warehouse", None, pick_up, 0), now).await.unwrap();
        tx.commit().await.unwrap();
        self.services.catalog.refresh().await.unwrap();
    }

    /// From now on no statement finds its tables.
    pub(crate) async fn break_database(&self) {
        self.db.migrate_down(None).await.unwrap();
    }

    /// Sets how many units there are of a variant.
    pub(crate) async fn restock(&self, variant: VariantId, units: i64) {
        let tx = self.db.write(Durability::Relaxed).await.unwrap();
        let cause = StockCause { reference: None, at: self.clock.now() };
        inventory::set_on_hand(&tx, (variant, self.location), units, None, &cause).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// A product, its handle made of its title.
pub(crate) fn product(title: &str, variants: Vec<VariantInput>) -> ProductInput {
    ProductInput { title: title.to_owned(), variants, ..ProductInput::default() }
}

/// So many units of something that is shipped and taxed.
pub(crate) fn variant(price: i64, units: i64) -> VariantInput {
    VariantInput {
        price,
        requires_shipping: true,
        taxable: true,
        stock: StockInput { tracked: true, backorder_limit: Some(0), on_hand: Some(units) },
        ..VariantInput::default()
    }
}

/// A shirt in two sizes and two colours, of which one combination is not made and one is sold out.
pub(crate) fn shirt() -> ProductInput {
    let of = |size: &str, colour: &str, price, units| VariantInput {
        option_values: vec![size.to_owned(), colour.to_owned()],
        ..variant(price, units)
    };
    ProductInput {
        options: vec![
            OptionInput { name: "Size".into(), values: vec!["S".into(), "L".into()] },
            OptionInput { name: "Colour".into(), values: vec!["Red".into(), "Blue".into()] },
        ],
        images: vec![ImageInput {
            url: "/media/shirt.svg".into(),
            alt_text: Some("A shirt on a line".into()),
            width: Some(800),
            height: Some(600),
        }],
        description_html: "<p>Soft &amp; <b>warm</b></p>".into(),
        ..product(
            "Shirt",
            vec![of("S", "Red", 2_000, 0), of("L", "Red", 2_500, 3), of("S", "Blue", 2_000, 10)],
        )
    }
}

/// Prices in US dollars without tax; 10 % tax; delivery 5.00; to the United States and Germany.
pub(crate) fn settings() -> Settings {
    let country = |code| CountryCode::parse(code).unwrap();
    Settings {
        shop_name: "Test <Shop>".into(),
        shop_description: Some("Things & more".into()),
        public_url: "http://shop.test/".parse().unwrap(),
        currency: Currency::USD,
        country: country("US"),
        language: Locale::En,
        delivery_countries: vec![country("US"), country("DE")],
        pricing: PricingRules {
            tax_rate: Rate::parse_percent("10").unwrap(),
            prices_include_tax: false,
            tax_rounding: TaxRounding::Line,
            delivery: DeliveryOption {
                handle: "standard".into(),
                title: "Standard delivery".into(),
                price: 500,
                taxable: false,
            },
        },
        hold_timing: HoldTiming::Cart,
        hold_for: TimeDelta::minutes(15),
        units: stoa_services::UnitSettings::default(),
        cart_lives: TimeDelta::days(14),
        pay_within: TimeDelta::minutes(60),
        live_refresh: std::time::Duration::from_secs(60),
        mail: MailSettings { from: "Shop <orders@shop.test>".into() },
        accounts: stoa_services::AccountSettings::default(),
        privacy: stoa_services::PrivacySettings::default(),
        gift_cards: stoa_services::GiftCardSettings::default(),
    }
}
