//! Where a story's shop keeps its data: a file of its own, or, with `STOA_TEST_DATABASE` set to a `postgres://` URL, a schema of
//! its own there.

use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection, sqlite::SqliteConnectOptions};
use std::path::Path;
use stoa_domain::shared::IdGenerator;
use stoa_persistence::{DbConfig, DbTarget};
use stoa_services::system::SystemIds;

/// Notes in the shop's folder which schema is its own, for a server that is started again.
pub(super) const NOTE: &str = "postgres-url";

/// The database of the shop whose folder this is.
pub(crate) async fn of(folder: &Path) -> DbConfig {
    let Ok(server) = std::env::var("STOA_TEST_DATABASE") else {
        return DbConfig::sqlite(folder.join("stoa.db"));
    };
    let note = folder.join(NOTE);
    if let Ok(url) = std::fs::read_to_string(&note) {
        return config(&url);
    }
    let schema = own_name();
    let mut connection = PgConnection::connect(&server).await.expect("Postgres answers");
    let create = AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
    sqlx::query(create).execute(&mut connection).await.expect("a schema can be made");
    let separator = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{separator}options[search_path]={schema}");
    std::fs::write(note, &url).expect("the folder can be written");
    config(&url)
}

/// Of nobody else. `scripts/services.sh` drops what its run has made on a server that goes on, by the beginning of the name.
fn own_name() -> String {
    format!("{}story_{}", std::env::var("STOA_TEST_RUN").unwrap_or_default(), SystemIds.id().simple())
}

/// Notes that the shop of this folder has this database.
pub(crate) fn at(folder: &Path, url: &str) {
    std::fs::write(folder.join(NOTE), url).expect("the folder can be written");
}

/// Gives the shop of this folder a database of its own on the tests' Postgres, rather than a schema: for what concerns all sessions of
/// a database. Gives its URL.
pub(crate) async fn separate(folder: &Path) -> String {
    let server = std::env::var("STOA_TEST_DATABASE").expect("scripts/services.sh says where Postgres is");
    let name = own_name();
    statement(&server, &format!("CREATE DATABASE {name}")).await;
    let mut url = url::Url::parse(&server).expect("a URL");
    url.set_path(&name);
    at(folder, url.as_str());
    url.into()
}

/// Runs statements on a Postgres by hand; gives the first value of the last row, if it is a number.
pub(crate) async fn statement(url: &str, sql: &str) -> Option<i64> {
    let mut connection = PgConnection::connect(url).await.expect("Postgres answers");
    let sql = AssertSqlSafe(sql.to_owned());
    let rows = sqlx::raw_sql(sql).fetch_all(&mut connection).await.expect("a statement");
    rows.last().and_then(|row| row.try_get(0).ok())
}

/// Whether the shops of stories have files.
pub(super) fn is_sqlite() -> bool {
    std::env::var_os("STOA_TEST_DATABASE").is_none()
}

/// What a statement gives that asks the tables of the shop whose folder this is for one number.
pub(crate) async fn number(folder: &Path, sql: &str) -> i64 {
    let sql = AssertSqlSafe(sql.to_owned());
    match of(folder).await.target {
        DbTarget::Sqlite(file) => {
            let options = SqliteConnectOptions::new().filename(file);
            let mut connection = SqliteConnection::connect_with(&options).await.expect("the file opens");
            sqlx::query(sql).fetch_one(&mut connection).await.expect("a number").get(0)
        }
        DbTarget::Postgres(url) => {
            let mut connection = PgConnection::connect(&url).await.expect("Postgres answers");
            sqlx::query(sql).fetch_one(&mut connection).await.expect("a number").get(0)
        }
    }
}

/// All that the tables of the shop whose folder this is hold, a row a line.
pub(crate) async fn dump(folder: &Path) -> String {
    match of(folder).await.target {
        DbTarget::Sqlite(file) => {
            let options = SqliteConnectOptions::new().filename(file);
            let mut connection = SqliteConnection::connect_with(&options).await.expect("the file opens");
            let of_tables = "SELECT 'SELECT ' || (SELECT group_concat('quote(\"' || name || '\")', ' || '','' || ') FROM pragma_table_info(t.name)) \
                             || ' FROM \"' || t.name || '\"', t.name FROM sqlite_master t WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'";
            let mut dump = String::new();
            for table in sqlx::query(of_tables).fetch_all(&mut connection).await.expect("the tables") {
                let (sql, name): (String, String) = (table.get(0), table.get(1));
                let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut connection).await.expect("rows");
                rows.iter().for_each(|row| dump += &format!("{name}: {}\n", row.get::<String, _>(0)));
            }
            dump
        }
        DbTarget::Postgres(url) => {
            let mut connection = PgConnection::connect(&url).await.expect("Postgres answers");
            let of_tables = "SELECT format('SELECT t::text FROM %I t', tablename), tablename::text FROM pg_tables \
                             WHERE schemaname = current_schema()";
            let mut dump = String::new();
            for table in sqlx::query(of_tables).fetch_all(&mut connection).await.expect("the tables") {
                let (sql, name): (String, String) = (table.get(0), table.get(1));
                let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut connection).await.expect("rows");
                rows.iter().for_each(|row| dump += &format!("{name}: {}\n", row.get::<String, _>(0)));
            }
            dump
        }
    }
}

fn config(url: &str) -> DbConfig {
    let mut config = DbConfig::parse(url);
    // Many shops share one server, which has a hundred connections.
    (config.readers, config.writers) = (3, 4);
    config
}

/// Writes to the tables of the shop whose folder this is, past the program.
pub(crate) async fn by_hand(folder: &Path, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    match of(folder).await.target {
        DbTarget::Sqlite(file) => {
            let options = SqliteConnectOptions::new().filename(file);
            let mut connection = SqliteConnection::connect_with(&options).await.expect("the file opens");
            sqlx::query(sql).execute(&mut connection).await.expect("a statement");
        }
        DbTarget::Postgres(url) => {
            let mut connection = PgConnection::connect(&url).await.expect("Postgres answers");
            sqlx::query(sql).execute(&mut connection).await.expect("a statement");
        }
    }
}
