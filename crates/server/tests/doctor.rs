//! `stoa doctor` and `stoa reconcile`, typed as an operator types them: without a server, and beside one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use sqlx::{
    AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions,
};
use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

fn stoa(folder: &Path, listen: &str, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
    for (key, _) in std::env::vars_os() {
        if key.to_string_lossy().starts_with("STOA_") {
            command.env_remove(key);
        }
    }
    command.env("STOA_SERVER__LISTEN", listen).args(words).arg("--data-dir").arg(folder);
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Ends the server whatever becomes of the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_shop_is_examined_with_and_without_its_server() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // Free a moment ago; nobody else on this machine is asked for one so often.
    let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let run = |words: &[&str]| stoa(&data, &listen, words).output().unwrap();

    let nothing = run(&["doctor"]);
    assert_eq!(nothing.status.code(), Some(1));
    assert!(said(&nothing).contains("there is no database"), "{nothing:?}");

    assert!(run(&["migrate"]).status.success());
    let empty = run(&["doctor"]);
    assert!(empty.status.success() && said(&empty).contains("nothing wrong"), "{empty:?}");
    let reconciled = run(&["reconcile"]);
    assert!(reconciled.status.success() && said(&reconciled).contains("0 open payments"), "{reconciled:?}");

    let mut server =
        Server(stoa(&data, &listen, &["demo"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let mut lines = BufReader::new(server.0.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("GraphQL")), "the server has greeted");
    let beside = run(&["doctor"]);
    assert!(beside.status.success() && said(&beside).contains("nothing wrong"), "{beside:?}");
    let reconciled = run(&["reconcile"]);
    assert!(reconciled.status.success(), "{reconciled:?}");
}

/// What the program says of a folder without a server, and what it exits with.
fn doctor(data: &Path, words: &[&str]) -> (Option<i32>, String) {
    let output = stoa(data, "127.0.0.1:0", words).output().unwrap();
    (output.status.code(), said(&output))
}

#[test]
fn a_database_that_does_not_answer_is_found_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("postgres://stoa:a-secret@{nobody}/stoa");
    let output = stoa(folder.path(), "127.0.0.1:0", &["doctor"])
        .env("STOA_DATABASE__URL", url)
        .env("STOA_SECRETS__ROOT_KEYS", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
        .output()
        .unwrap();
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(told.contains("database.reachable: the database cannot be opened"), "{told}");
    assert!(told.contains("See that the database runs"), "{told}");
    assert!(!told.contains("a-secret"), "{told}");
}

#[test]
fn an_openid_provider_that_is_away_is_found_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let settings = format!(
        "[[oidc.providers]]\nname = \"inside\"\nissuer = \"http://{nobody}\"\nclient_id = \"us\"\nprivate_network = true\n"
    );
    let file = data.join("shop.toml");
    std::fs::write(&file, settings).unwrap();
    let run = |words: &[&str]| {
        let mut command = stoa(data, "127.0.0.1:0", words);
        command.arg("--config").arg(&file).env("STOA_OIDC__CLIENT_SECRETS", "inside=a-secret");
        command.output().unwrap()
    };
    assert!(run(&["migrate"]).status.success());
    let output = run(&["doctor"]);
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(told.contains("oidc.provider: nobody can sign in with inside"), "{told}");
    assert!(told.contains("private_network") && !told.contains("a-secret"), "{told}");
}

#[test]
fn an_address_at_which_cookies_are_lost_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    assert!(stoa(data, "127.0.0.1:0", &["migrate"]).status().unwrap().success());
    let examined = |address: &str| {
        let output = stoa(data, "127.0.0.1:0", &["doctor"]).env("STOA_SERVER__PUBLIC_URL", address).output();
        let output = output.unwrap();
        (output.status.code(), said(&output))
    };
    assert_eq!(examined("https://shop.example").0, Some(0));
    let (code, told) = examined("http://shop.example");
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("server.public_url: browsers keep no cookie of http://shop.example/"), "{told}");
    assert!(told.contains("tls.certificate"), "{told}");
}

#[tokio::test]
async fn missing_steps_are_named_and_taken_where_one_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    std::fs::write(data.join("stoa.db"), "").unwrap();
    let (code, told) = doctor(data, &["doctor"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("database.migrations: ") && told.contains("steps are missing"), "{told}");
    assert!(told.contains("`stoa doctor --fix` applies them"), "{told}");
    assert_eq!(doctor(data, &["migrate", "--check"]).0, Some(1), "looking has changed nothing");

    let (code, told) = doctor(data, &["doctor", "--fix"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("of this version") && told.contains("nothing wrong"), "{told}");
    assert_eq!(doctor(data, &["migrate", "--check"]).0, Some(0));
    let rows = log(data).await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!((rows[0].1.as_str(), rows[0].2.as_str()), ("doctor.fix", "Database"));
    assert!(rows[0].3.contains("pendingMigrations") && rows[0].3.contains(r#""after":0"#), "{rows:?}");
    assert_eq!(doctor(data, &["doctor", "--fix"]).0, Some(0));
    assert_eq!(log(data).await.len(), 1, "what mends nothing says nothing");
}

async fn by_hand(data: &Path, sql: &str) {
    let options = SqliteConnectOptions::new().filename(data.join("stoa.db"));
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
    connection.close().await.unwrap();
}

/// What the audit log says that was done at the machine: who, what, to what, and how it changed.
async fn log(data: &Path) -> Vec<(String, String, String, String)> {
    let options = SqliteConnectOptions::new().filename(data.join("stoa.db"));
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let rows = sqlx::query_as("SELECT actor_kind, action, subject_type, changes FROM audit_log ORDER BY seq");
    let rows = rows.fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows
}

/// The row of a kind of thing that was treated.
fn fixed(kind: &str, figure: &str, before: u32) -> (String, String, String, String) {
    let changes = format!(r#"[{{"after":0,"before":{before},"field":"{figure}"}}]"#);
    ("command".to_owned(), "doctor.fix".to_owned(), kind.to_owned(), changes)
}

const LAMPS: &str =
    "Handle,Title,Published,Option1 Name,Option1 Value,Variant Inventory Tracker,Variant Inventory Qty,\
Variant Inventory Policy,Variant Price,Variant Requires Shipping,Variant Taxable
lamp,Lamp,true,Title,Default Title,shopify,3,deny,12.50,true,true
";

/// Books that contradict each other, work nobody does and holds nobody needs: each is named with its cure, and the program exits with 1
/// for as long as one of them is left.
#[tokio::test]
async fn it_ends_with_one_for_as_long_as_something_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("lamps.csv"));
    std::fs::write(&file, LAMPS).unwrap();
    let (code, told) = doctor(&data, &["import", file.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{told}");
    let (code, told) = doctor(&data, &["doctor"]);
    assert_eq!(code, Some(0), "{told}");
    let imported = log(&data).await;
    let actions: Vec<(&str, &str)> = imported.iter().map(|row| (row.0.as_str(), row.1.as_str())).collect();
    assert_eq!(actions, [("command", "import.begin"), ("command", "import.end")]);
    assert!(imported[1].3.contains("lamps.csv") && imported[1].3.contains("created"), "{imported:?}");

    let job = "INSERT INTO jobs (id, kind, payload, run_at, attempts, last_error, dead_at, created_at) SELECT randomblob(16), \
               'mail.order_confirmed', 'x'";
    let (late, today) = ("'2020-01-01T00:00:00+00:00'", "strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now')");
    for (harm, cure, check, remedy) in [
        (
            "UPDATE inventory_levels SET on_hand = on_hand + 1".to_owned(),
            "UPDATE inventory_levels SET on_hand = on_hand - 1",
            "stock.ledger: 1 variants",
            "count the goods",
        ),
        (
            format!("{job}, {late}, 0, NULL, NULL, {late}"),
            "DELETE FROM jobs",
            "outbox.age: 1 jobs",
            "Is a server running?",
        ),
        (
            format!("{job}, {today}, 20, 'no such address', {today}, {today}"),
            "DELETE FROM jobs",
            "outbox.dead: Jobs that were given up: mail.order_confirmed x",
            "`stoa jobs` says why",
        ),
    ] {
        by_hand(&data, &harm).await;
        for words in [&["doctor"][..], &["doctor", "--fix"]] {
            let (code, told) = doctor(&data, words);
            assert_eq!(code, Some(1), "{words:?} {told}");
            assert!(told.contains(check) && told.contains(remedy), "{told}");
            assert!(told.ends_with("1 found, 1 left to mend\n"), "{told}");
        }
        by_hand(&data, cure).await;
        assert_eq!(doctor(&data, &["doctor"]).0, Some(0), "{cure}");
    }

    assert_eq!(log(&data).await.len(), 2, "what cannot be mended was not treated");

    // A hold whose cart was never saved, which is what can be mended, beside a count that cannot.
    let hold = "INSERT INTO cart_holds (cart_id, variant_id, quantity, expires_at) \
                SELECT randomblob(16), variant_id, 1, 4102444800000000 FROM inventory_items";
    by_hand(&data, hold).await;
    by_hand(&data, "UPDATE inventory_levels SET on_hand = on_hand + 1").await;
    let (code, told) = doctor(&data, &["doctor", "--fix"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("It has been mended.") && told.ends_with("2 found, 1 left to mend\n"), "{told}");
    by_hand(&data, "UPDATE inventory_levels SET on_hand = on_hand - 1").await;

    by_hand(&data, hold).await;
    let (code, told) = doctor(&data, &["doctor"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(
        told.contains("holds.carts: 1 carts") && told.contains("`stoa doctor --fix` lets them go"),
        "{told}"
    );
    let (code, told) = doctor(&data, &["doctor", "--fix"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("holds.carts: ") && told.contains("It has been mended."), "{told}");
    assert!(told.ends_with("1 found, all of them mended\n"), "{told}");
    let (code, told) = doctor(&data, &["doctor"]);
    assert!(code == Some(0) && told.contains("nothing wrong"), "{told}");
    let carts = fixed("Cart", "goneAndHolding", 1);
    assert_eq!(log(&data).await.split_off(2), [carts.clone(), carts], "each treatment, and looking is none");
}

/// What a shop needs beside its database: each that does not answer is named, and what to look at, and no password with it.
#[test]
fn a_bucket_and_a_mail_server_that_do_not_answer_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert_eq!(doctor(&data, &["migrate"]).0, Some(0));
    let (code, told) = doctor(&data, &["doctor"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("mail: none is sent"), "{told}");

    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = stoa(&data, "127.0.0.1:0", &["doctor"])
        .env("STOA_MEDIA__STORE", "s3")
        .env("STOA_MEDIA__S3_ENDPOINT", format!("http://{nobody}"))
        .env("STOA_MEDIA__S3_BUCKET", "a-bucket")
        .env("STOA_MEDIA__S3_ACCESS_KEY", "an-access-key")
        .env("STOA_MEDIA__S3_SECRET_KEY", "a-secret")
        .env("STOA_MAIL__SMTP_URL", format!("smtp://someone:a-secret@{nobody}"))
        .output()
        .unwrap();
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    for (check, remedy) in [("media.reachable: ", "media.s3_endpoint"), ("mail.reachable: ", "mail.smtp_url")]
    {
        assert!(told.contains(check) && told.contains(remedy), "{told}");
    }
    assert!(told.ends_with("2 found, 2 left to mend\n"), "{told}");
    assert!(!told.contains("a-secret") && !told.contains("an-access-key"), "{told}");
}

/// A schema of its own on the tests' Postgres.
async fn schema(name: &str) -> String {
    let server = std::env::var("STOA_TEST_DATABASE").unwrap();
    let run = std::env::var("STOA_TEST_RUN").unwrap_or_default();
    let name = format!("{run}doctor_{name}_{}", std::process::id());
    by_sql(&server, &format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}")).await;
    let separator = if server.contains('?') { '&' } else { '?' };
    format!("{server}{separator}options[search_path]={name}")
}

async fn by_sql(url: &str, sql: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

fn on_postgres(folder: &Path, url: &str, words: &[&str]) -> Command {
    let mut command = stoa(folder, "127.0.0.1:0", words);
    command.env("STOA_DATABASE__URL", url).env("STOA_MEDIA__SHARED", "true");
    command.env("STOA_SECRETS__ROOT_KEYS", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_is_away_or_stays_behind_is_found_on_postgres() {
    let folder = tempfile::tempdir().unwrap();
    let (primary, replica) = (schema("primary").await, schema("replica").await);
    for url in [&primary, &replica] {
        let migrated = on_postgres(folder.path(), url, &["migrate"]).output().unwrap();
        assert!(migrated.status.success(), "{migrated:?}");
    }
    let doctor = |replica: &str| {
        let mut command = on_postgres(folder.path(), &primary, &["doctor"]);
        let output = command.env("STOA_DATABASE__REPLICA_URL", replica).output().unwrap();
        (output.status.code(), said(&output))
    };
    let (code, told) = doctor(&replica);
    assert!(code == Some(0) && told.contains("replica: reached, and not behind"), "{told}");

    by_sql(&primary, "UPDATE catalog_state SET version = version + 3").await;
    let (code, told) = doctor(&replica);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("database.replica_behind: ") && told.contains("changes, 3 of them"), "{told}");

    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (code, told) = doctor(&format!("postgres://stoa:a-secret@{nobody}/stoa"));
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("database.replica: ") && told.contains("database.replica_url"), "{told}");
    assert!(!told.contains("a-secret"), "{told}");
}

/// What adds up the books of years takes longer than a request may: here it waits for somebody who has locked a table.
#[tokio::test(flavor = "multi_thread")]
async fn it_takes_the_time_it_needs_on_postgres() {
    let folder = tempfile::tempdir().unwrap();
    let url = schema("slow").await;
    let migrated = on_postgres(folder.path(), &url, &["migrate"]).output().unwrap();
    assert!(migrated.status.success(), "{migrated:?}");
    let mut hand = PgConnection::connect(&url).await.unwrap();
    let mut tx = hand.begin().await.unwrap();
    sqlx::raw_sql("LOCK TABLE inventory_ledger IN ACCESS EXCLUSIVE MODE").execute(&mut *tx).await.unwrap();
    let mut command = on_postgres(folder.path(), &url, &["doctor"]);
    command.env("STOA_DATABASE__STATEMENT_TIMEOUT_SECONDS", "1");
    let doctor = tokio::task::spawn_blocking(move || command.output().unwrap());
    // Until it waits, and then for longer than a statement may take.
    let mut watch = PgConnection::connect(&url).await.unwrap();
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'stoa' AND wait_event_type = 'Lock' \
                 AND query LIKE '%inventory_ledger%'";
    while sqlx::query_scalar::<_, i64>(waits).fetch_one(&mut watch).await.unwrap() == 0
        && !doctor.is_finished()
    {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    tx.commit().await.unwrap();
    let output = doctor.await.unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(said(&output).contains("nothing wrong was found"), "{output:?}");
}
