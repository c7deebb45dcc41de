//! A shop of its own for each test: a temporary SQLite file, one location, and ids and times that repeat.
//!
//! With `STOA_TEST_DATABASE` set to a `postgres://` URL each test has a schema of its own there instead, and leaves it behind:
//! its name begins with `STOA_TEST_RUN`, by which `scripts/services.sh` finds it.

use crate::catalog::{NewProduct, WriteContext, insert_products, products_by_ids};
use crate::db::{Raw, is_transient};
use crate::{Db, DbConfig, Durability, WriteTx};
use chrono::DateTime;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use stoa_domain::{
    catalog::{OptionInput, Product, ProductDraft, ProductInput, StockInput, VariantInput},
    inventory::{Location, StockCause},
    shared::{Fault, IdGenerator, LocationId, ProductId, SEALED, Sealer, Timestamp, VariantId},
};
use uuid::Uuid;

/// Ids that count up.
#[derive(Default)]
pub(crate) struct CountingIds(AtomicU64);

impl IdGenerator for CountingIds {
    fn id(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed)) + (1 << 100))
    }
    fn secret_id(&self) -> Uuid {
        self.id()
    }
    fn token(&self) -> String {
        self.id().to_string()
    }
}

/// A second after 2026 began, plus so many.
pub(crate) fn at(seconds: i64) -> Timestamp {
    DateTime::from_timestamp(1_767_225_601 + seconds, 0).unwrap()
}

/// Seals so that a reader of the tables sees nothing of the text, and whoever moves it nothing at all.
pub(crate) struct TestSealer;

impl Sealer for TestSealer {
    fn seal(&self, place: &'static str, row: Uuid, plain: &str) -> Result<String, Fault> {
        let backwards: String = plain.chars().rev().collect();
        Ok(format!("{SEALED}test.{place}|{row}|{backwards}"))
    }
    fn open(&self, place: &'static str, row: Uuid, text: &str) -> Result<String, Fault> {
        let sealed = text.strip_prefix(&format!("{SEALED}test.{place}|{row}|"));
        let sealed = sealed.ok_or(Fault::bug("test: sealed for another place"))?;
        Ok(sealed.chars().rev().collect())
    }
    fn is_current(&self, text: &str) -> bool {
        text.starts_with("s1.test.")
    }
}

/// A database with one location.
pub(crate) struct TestShop {
    pub(crate) db: Db,
    pub(crate) ids: CountingIds,
    pub(crate) location: LocationId,
    _folder: tempfile::TempDir,
}

impl TestShop {
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = match std::env::var("STOA_TEST_DATABASE") {
            Ok(_) => new_postgres_schema().await,
            Err(_) => DbConfig::sqlite(folder.path().join("shop.db")),
        };
        let db = Db::connect(&config).await.unwrap().with_sealer(Arc::new(TestSealer));
        db.migrate().await.unwrap();
        let ids = CountingIds::default();
        let mut shop = Self { db, location: LocationId::new(Uuid::nil()), ids, _folder: folder };
        shop.location = shop.add_location("Warehouse", 1).await;
        shop
    }

    pub(crate) async fn add_location(&self, name: &str, position: i32) -> LocationId {
        let id = LocationId::new(self.ids.id());
        let tx = self.write().await;
        let place = Location { id, name: name.to_owned(), position };
        crate::inventory::add_location(&tx, &place, at(0)).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// One transaction, from its beginning to its end, tried again as services do it.
    pub(crate) async fn tx<T: Send>(&self, work: impl AsyncFn(&WriteTx) -> Result<T, Fault>) -> T {
        for _ in 0..20 {
            let tx = self.write().await;
            match work(&tx).await {
                Ok(outcome) => {
                    tx.commit().await.unwrap();
                    return outcome;
                }
                Err(fault) if is_transient(&fault) => tx.rollback().await.unwrap(),
                Err(fault) => panic!("{fault}: {:?}", std::error::Error::source(&fault)),
            }
        }
        panic!("collided again and again");
    }

    /// One transaction that is given up, and what its work said before.
    pub(crate) async fn given_up<T: Send>(&self, work: impl AsyncFn(&WriteTx) -> Result<T, Fault>) -> T {
        let tx = self.write().await;
        let outcome = work(&tx).await.unwrap();
        tx.rollback().await.unwrap();
        outcome
    }

    /// Statements that no function of ours makes.
    pub(crate) async fn run_sql(&self, statements: &[String]) {
        use sea_orm::ConnectionTrait;
        let tx = self.write().await;
        for sql in statements {
            tx.raw().execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        tx.commit().await.unwrap();
    }

    /// An id as those statements write it.
    pub(crate) fn literal(&self, id: Uuid) -> String {
        use sea_orm::{ConnectionTrait, DbBackend};
        match self.db.read().raw().get_database_backend() {
            DbBackend::Sqlite => format!("x'{}'", id.simple()),
            _ => format!("'{id}'"),
        }
    }

    /// What some work costs.
    pub(crate) async fn cost<T>(&self, work: impl Future<Output = T>) -> (T, u64) {
        let before = self.db.statements();
        let outcome = work.await;
        (outcome, self.db.statements() - before)
    }

    /// All text that these tables hold.
    pub(crate) async fn dump(&self, tables: &[&str]) -> String {
        use sea_orm::{ConnectionTrait, DbBackend, Statement};
        let reader = self.db.read().raw();
        let backend = reader.get_database_backend();
        let mut dump = String::new();
        for table in tables {
            let sql = match backend {
                DbBackend::Postgres => format!("SELECT t::text AS line FROM {table} t"),
                _ => {
                    let columns = format!("SELECT name FROM pragma_table_info('{table}')");
                    let names = reader.query_all_raw(Statement::from_string(backend, columns)).await.unwrap();
                    let quoted = |row: &sea_orm::QueryResult| {
                        format!("quote({})", row.try_get::<String>("", "name").unwrap())
                    };
                    let all = names.iter().map(quoted).collect::<Vec<_>>().join(" || ',' || ");
                    format!("SELECT {all} AS line FROM {table}")
                }
            };
            for row in reader.query_all_raw(Statement::from_string(backend, sql)).await.unwrap() {
                dump += &format!("{table}: {}\n", row.try_get::<String>("", "line").unwrap());
            }
        }
        dump
    }

    pub(crate) async fn write(&self) -> WriteTx {
        self.db.write(Durability::Relaxed).await.unwrap()
    }

    pub(crate) fn context(&self) -> WriteContext<'_> {
        WriteContext { ids: &self.ids, now: at(0), location: self.location, reference: None }
    }

    pub(crate) fn cause() -> StockCause {
        StockCause { reference: None, at: at(0) }
    }

    /// Makes products, all in one transaction.
    pub(crate) async fn add(&self, inputs: &[ProductInput]) -> Vec<ProductId> {
        let drafts: Vec<_> = inputs.iter().map(|input| ProductDraft::try_new(input).unwrap()).collect();
        let new: Vec<_> = drafts.iter().map(|draft| NewProduct { draft, import_hash: None }).collect();
        let tx = self.write().await;
        let ids = insert_products(&tx, &new, &self.context()).await.unwrap();
        tx.commit().await.unwrap();
        ids
    }

    pub(crate) async fn product(&self, id: ProductId) -> Product {
        products_by_ids(self.db.read(), &[id]).await.unwrap().pop().unwrap()
    }

    /// Makes a product of one variant with this stock.
    pub(crate) async fn add_stocked(&self, title: &str, stock: StockInput) -> VariantId {
        let mut input = product(title);
        input.variants[0].stock = stock;
        let id = self.add(&[input]).await[0];
        self.product(id).await.variants[0].id
    }
}

/// A new schema on the server that `STOA_TEST_DATABASE` names.
pub(crate) async fn new_postgres_schema() -> DbConfig {
    use sea_orm::ConnectionTrait;
    let server = std::env::var("STOA_TEST_DATABASE").expect("scripts/services.sh says where Postgres is");
    #[expect(clippy::disallowed_methods, reason = "tests on one server must not share schemas")]
    let name =
        format!("{}test_{}", std::env::var("STOA_TEST_RUN").unwrap_or_default(), Uuid::new_v4().simple());
    let admin = sea_orm::Database::connect(&server).await.unwrap();
    admin.execute_unprepared(&format!("CREATE SCHEMA {name}")).await.unwrap();
    admin.close().await.unwrap();
    let separator = if server.contains('?') { '&' } else { '?' };
    let config = DbConfig::parse(&format!("{server}{separator}options[search_path]={name}"));
    DbConfig { readers: 2, writers: 8, ..config }
}

/// So many units, counted, and none beyond them.
pub(crate) fn units(on_hand: i64) -> StockInput {
    StockInput { tracked: true, backorder_limit: Some(0), on_hand: Some(on_hand) }
}

/// A listed product of one variant at 10.00, of which there are ten.
pub(crate) fn product(title: &str) -> ProductInput {
    ProductInput {
        title: title.to_owned(),
        published_at: Some(at(-60)),
        variants: vec![VariantInput { price: 1_000, stock: units(10), ..VariantInput::default() }],
        ..ProductInput::default()
    }
}

/// The same with a variant for each value of an option "Size".
pub(crate) fn sized(title: &str, sizes: &[&str]) -> ProductInput {
    ProductInput {
        options: vec![OptionInput { name: "Size".to_owned(), values: Vec::new() }],
        variants: sizes
            .iter()
            .map(|size| VariantInput {
                option_values: vec![(*size).to_owned()],
                sku: Some(format!("{title}-{size}")),
                price: 1_000,
                stock: units(10),
                ..VariantInput::default()
            })
            .collect(),
        ..product(title)
    }
}
