//! Root keys as an operator meets them: made, lost, changed, and taken for another shop's.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use sqlx::{AssertSqlSafe, Connection, Executor, Row, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use stoa_auth::{Mac, RootKeys};
use stoa_domain::audit::{AuditActor, Changes, Subject};
use stoa_persistence::{
    Db, DbConfig, Durability,
    audit::{Act, append},
};

/// Keys that are known to everybody, and their names.
const OLD: (&str, &str) = ("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", "a2bfbba4");
const NEW: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

fn stoa(data: &Path, keys: &str, words: &[&str]) -> (Option<i32>, String) {
    stoa_that_seals_orders(data, keys, "false", words)
}

fn stoa_that_seals_orders(data: &Path, keys: &str, seals: &str, words: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
    for (key, _) in std::env::vars_os() {
        if key.to_string_lossy().starts_with("STOA_") {
            command.env_remove(key);
        }
    }
    command.env("STOA_SERVER__LISTEN", "127.0.0.1:0").env("STOA_SECRETS__ROOT_KEYS", keys);
    command.env("STOA_PRIVACY__SEAL_ORDERS", seals);
    let Output { status, stdout, stderr } = command.args(words).arg("--data-dir").arg(data).output().unwrap();
    (status.code(), String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned())
}

async fn open(data: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(data.join("stoa.db"));
    SqliteConnection::connect_with(&options).await.unwrap()
}

async fn by_hand(data: &Path, sql: &str) {
    let mut connection = open(data).await;
    connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
    connection.close().await.unwrap();
}

async fn texts(data: &Path, sql: &str) -> Vec<String> {
    let mut connection = open(data).await;
    let rows = connection.fetch_all(AssertSqlSafe(sql.to_owned())).await.unwrap();
    connection.close().await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// What is sealed of a customer, as an older program would have left it: in plain text.
const CUSTOMER: &str = "INSERT INTO customers (id, state, email, email_key, phone, accepts_marketing, version, created_at, updated_at) \
    VALUES (x'00000000000000000000000000000007', 'pending', 'ada@example.org', 'ada@example.org', '+49 30 1234567', 0, 1, \
    '2026-11-22T00:00:00.000000+00:00', '2026-11-22T00:00:00.000000+00:00')";

/// An order that was given up, as it is kept where orders are not sealed.
const ORDER: &str = "INSERT INTO orders (id, number, token, cart_id, state, cancelled_at, cancel_reason, fulfillment, email, email_key, phone, \
    shipping_address, note, attributes, currency, subtotal, delivery, delivery_tax, tax, total, tax_rate, prices_include_tax, tax_rounding, \
    placed_at, updated_at) VALUES (x'00000000000000000000000000000008', 1001, 'token', x'00000000000000000000000000000009', 'cancelled', \
    '2026-11-22T00:00:00.000000+00:00', 'expired', 'unfulfilled', 'ada@example.org', 'ada@example.org', '+49 30 7654321', \
    '{\"city\":\"Ockham\"}', 'ring the bell', '[]', 'EUR', 0, 0, 0, 0, 0, 0, 1, 'line', '2026-11-22T00:00:00.000000+00:00', \
    '2026-11-22T00:00:00.000000+00:00')";
/// What of it is sealed.
const PERSON: &str = "SELECT coalesce(phone, '-') || ' ' || coalesce(shipping_address, '-') || ' ' || coalesce(note, '-') FROM orders";
const IN_PLAIN: &str = "+49 30 7654321 {\"city\":\"Ockham\"} ring the bell";

#[tokio::test]
async fn orders_are_sealed_and_opened_as_the_setting_says_and_their_key_can_go() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    assert_eq!(stoa(data, "", &["migrate"]).0, Some(0));
    by_hand(data, ORDER).await;
    let person = async || texts(data, PERSON).await.concat();
    let reseal = |keys: &str, seals: &str| {
        let (code, said) = stoa_that_seals_orders(data, keys, seals, &["secrets", "reseal"]);
        assert_eq!(code, Some(0), "{said}");
        let counts = ["orders.phone: ", "orders.shipping_address: ", "orders.note: "].map(|column| {
            let (_, rest) = said.split_once(column).unwrap();
            rest.split(' ').next().unwrap().parse::<u64>().unwrap()
        });
        assert!(counts.iter().all(|count| *count == counts[0]), "{said}");
        counts[0]
    };
    assert_eq!(reseal(OLD.0, "false"), 0);
    assert_eq!(person().await, IN_PLAIN, "they are not sealed unless that is asked for");

    let (code, said) = stoa_that_seals_orders(data, OLD.0, "true", &["doctor"]);
    assert!(code == Some(1) && said.contains("orders.shipping_address: 1"), "what is left is told: {said}");
    assert_eq!((reseal(OLD.0, "true"), reseal(OLD.0, "true")), (1, 0));
    let sealed = person().await;
    assert_eq!(sealed.matches("s1.a2bfbba4.").count(), 3, "{sealed}");
    assert!(["7654321", "Ockham", "bell"].iter().all(|text| !sealed.contains(text)), "{sealed}");

    // Another key, and the older one is not needed any more.
    assert_eq!(reseal(&format!("{NEW},{}", OLD.0), "true"), 1);
    assert!(!person().await.contains("a2bfbba4"));
    assert_eq!(reseal(NEW, "true"), 0);
    // And back again.
    assert_eq!((reseal(NEW, "false"), reseal(NEW, "false")), (1, 0));
    assert_eq!(person().await, IN_PLAIN);
}

#[tokio::test]
async fn an_order_whose_key_is_lost_loses_where_it_goes_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    assert_eq!(stoa(data, "", &["migrate"]).0, Some(0));
    by_hand(data, ORDER).await;
    assert_eq!(stoa_that_seals_orders(data, OLD.0, "true", &["secrets", "reseal"]).0, Some(0));
    by_hand(data, &runbook(OLD.1)).await;
    assert_eq!(texts(data, PERSON).await, ["- - -"]);
    assert_eq!(texts(data, "SELECT email FROM orders").await, ["ada@example.org"]);
    assert_eq!(stoa_that_seals_orders(data, NEW, "true", &["secrets", "reseal"]).0, Some(0));
}

#[tokio::test]
async fn a_key_is_made_once_it_is_needed_and_a_database_is_opened_with_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let key = data.join("secret.key");
    let (code, said) = stoa(&data, "", &["migrate"]);
    assert!(code == Some(0) && !key.exists(), "who only migrates needs none: {said}");
    let (code, said) = stoa(&data, "", &["doctor"]);
    assert_eq!(code, Some(0), "{said}");
    let made = std::fs::read_to_string(&key).unwrap();
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    let known = texts(&data, "SELECT key_id FROM key_checks").await;
    let [id] = &known[..] else { panic!("{known:?}") };

    // Another's; none; and one whose name and proof do not go together.
    let (code, said) = stoa(&data, OLD.0, &["doctor"]);
    assert!(code == Some(1) && said.contains("secrets.root_keys") && said.contains(id), "{said}");
    assert!(said.contains(OLD.1) && !said.contains(OLD.0), "ours by its name: {said}");
    std::fs::rename(&key, data.join("away")).unwrap();
    for words in [&["doctor"][..], &["serve"], &["demo"], &["reconcile"], &["secrets", "reseal"]] {
        let (code, said) = stoa(&data, "", words);
        assert!(
            code == Some(1) && said.contains("secrets.root_keys") && said.contains(id),
            "{words:?}: {said}"
        );
        assert!(!key.exists(), "no other is made in its place");
    }
    assert_eq!(stoa(&data, made.trim(), &["doctor"]).0, Some(0), "its text is a setting as well");
    std::fs::rename(data.join("away"), &key).unwrap();
    assert_eq!(stoa(&data, "", &["doctor"]).0, Some(0));
    by_hand(&data, "UPDATE key_checks SET proof = 'x'").await;
    let (code, said) = stoa(&data, "", &["doctor"]);
    assert!(code == Some(1) && said.contains("another root key of the name"), "{said}");
}

#[tokio::test]
async fn an_older_key_goes_once_nothing_is_sealed_by_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    assert_eq!(stoa(data, "", &["migrate"]).0, Some(0));
    by_hand(data, CUSTOMER).await;
    let phones = async || texts(data, "SELECT phone FROM customers").await.concat();

    let (code, said) = stoa(data, OLD.0, &["secrets", "reseal"]);
    assert!(code == Some(0) && said.contains("customers.phone: 1 sealed anew"), "{said}");
    let sealed = phones().await;
    assert!(sealed.starts_with("s1.a2bfbba4.") && !sealed.contains("1234567"), "{sealed}");

    // Known to all before the first seals with it.
    let (code, said) = stoa(data, &format!("{},{NEW}", OLD.0), &["secrets", "reseal"]);
    assert!(code == Some(0) && said.contains("customers.phone: 0 sealed anew"), "{said}");
    assert_eq!(stoa(data, OLD.0, &["doctor"]).0, Some(0), "and who does not know it yet may still start");

    let both = format!("{NEW},{}", OLD.0);
    let (code, said) = stoa(data, &both, &["doctor"]);
    let told = said.contains("accounts.keys") && said.contains("(customers.phone: 1)");
    assert!(code == Some(1) && told, "what the older one still seals is told: {said}");
    let (code, said) = stoa(data, NEW, &["doctor"]);
    assert!(code == Some(1) && said.contains(OLD.1), "the old one still opens: {said}");
    let (code, said) = stoa(data, &both, &["secrets", "reseal"]);
    assert!(code == Some(0) && said.contains("customers.phone: 1 sealed anew"), "{said}");
    assert_eq!(stoa(data, &both, &["doctor"]).0, Some(0));
    assert!(said.contains("Root key a2bfbba4 seals nothing any more."), "{said}");
    assert!(!phones().await.contains("a2bfbba4"));

    let (code, said) = stoa(data, NEW, &["secrets", "reseal"]);
    assert!(code == Some(0) && said.contains("customers.phone: 0 sealed anew"), "{said}");
    assert_eq!(stoa(data, OLD.0, &["doctor"]).0, Some(1));
}

#[tokio::test]
async fn the_audit_log_is_still_what_was_written_when_its_key_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    assert_eq!(stoa(data, OLD.0, &["migrate"]).0, Some(0));
    let owner = |keys: &str| stoa(data, keys, &["staff", "create-owner", "ada@example.org"]);
    assert_eq!(owner(OLD.0).0, Some(0));
    let newest = "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=";
    // Twice: the second change takes along what the first one left.
    for (old, new) in [(OLD.0, NEW), (NEW, newest)] {
        let both = format!("{new},{old}");
        let (code, said) = stoa(data, &both, &["secrets", "reseal"]);
        assert!(code == Some(0) && said.contains("audit log: row "), "{said}");
        assert_eq!(owner(new).0, Some(0));
        let (code, said) = stoa(data, new, &["doctor"]);
        assert_eq!(code, Some(0), "{said}");
    }
    by_hand(data, "UPDATE audit_log SET actor_name = 'Mallory' WHERE seq = 1").await;
    let (code, said) = stoa(data, newest, &["doctor"]);
    assert!(code == Some(1) && said.contains("audit.chain") && said.contains("row 1 "), "{said}");
}

/// Puts a row at the end of the log as the program would, with this key.
async fn forge(data: &Path, key: &str) {
    let db = Db::connect(&DbConfig::sqlite(data.join("stoa.db"))).await.unwrap();
    let mac = Mac::new(&RootKeys::parse(&[key.into()]).unwrap(), "audit log").unwrap();
    let changes = Changes::of(Subject::only("Shop")).field("name", "Ours", "Mine");
    let by = AuditActor { kind: "command".into(), ..AuditActor::system("root") };
    let act = Act { by, action: "settings.update", changes: &changes, at: chrono::DateTime::UNIX_EPOCH };
    let tx = db.write(Durability::Full).await.unwrap();
    append(&tx, act, &|row: &[u8]| mac.sign(&[row])).await.unwrap();
    tx.commit().await.unwrap();
    db.close().await.unwrap();
}

/// Who has a key that was given up, and reaches the database afterwards, gets nothing by the shop's sealing something anew once more.
#[tokio::test]
async fn a_key_that_was_given_up_counts_no_longer_however_often_is_resealed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    assert_eq!(stoa(data, OLD.0, &["migrate"]).0, Some(0));
    let owner = |keys: &str| stoa(data, keys, &["staff", "create-owner", "ada@example.org"]);
    assert_eq!(owner(OLD.0).0, Some(0));
    let both = format!("{NEW},{}", OLD.0);
    assert_eq!(stoa(data, &both, &["secrets", "reseal"]).0, Some(0));
    assert_eq!(stoa(data, NEW, &["doctor"]).0, Some(0));
    forge(data, OLD.0).await;
    let (code, said) = stoa(data, NEW, &["doctor"]);
    assert!(code == Some(1) && said.contains("audit.chain"), "{said}");
    by_hand(data, CUSTOMER).await;
    let (code, said) = stoa(data, NEW, &["secrets", "reseal"]);
    assert!(code == Some(0) && !said.contains("audit log: row "), "there is nothing to hand down: {said}");
    let (code, said) = stoa(data, NEW, &["doctor"]);
    assert!(code == Some(1) && said.contains("audit.chain"), "{said}");
    let acts = "SELECT actor_kind || ' ' || action FROM audit_log WHERE action IN ('secrets.reseal', 'audit.rekey') ORDER BY seq";
    let expected = ["command secrets.reseal", "command audit.rekey", "command secrets.reseal"];
    assert_eq!(
        texts(data, acts).await,
        expected,
        "what was sealed, each time, and the keys handed down once"
    );
}

/// What the runbook says to type where a key is lost, with its name in the place of `KEYID`.
fn runbook(id: &str) -> String {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../deploy/runbook.md");
    let text = std::fs::read_to_string(file).unwrap();
    let (_, section) = text.split_once("### A lost root key").unwrap();
    let (_, block) = section.split_once("```sql\n").unwrap();
    block.split_once("```").unwrap().0.replace("KEYID", id)
}

#[tokio::test]
async fn a_shop_whose_key_is_lost_goes_on_as_the_runbook_says() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    assert_eq!(stoa(data, "", &["migrate"]).0, Some(0));
    by_hand(data, CUSTOMER).await;
    assert_eq!(stoa(data, OLD.0, &["secrets", "reseal"]).0, Some(0));
    assert_eq!(stoa(data, NEW, &["doctor"]).0, Some(1));

    by_hand(data, &runbook(OLD.1)).await;
    let (code, said) = stoa(data, NEW, &["secrets", "reseal"]);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = stoa(data, NEW, &["doctor"]);
    assert!(code == Some(1) && said.contains("audit.chain"), "nobody can say what the log was: {said}");
    assert!(!said.contains("accounts.keys"), "{said}");
    assert_eq!(texts(data, "SELECT email FROM customers WHERE phone IS NULL").await, ["ada@example.org"]);
}
