//! Several replicas behind one address, each as far behind as it is.

use crate::harness::{Setup, Shop, SilentWire, separate, statement};
use serde_json::{Value, json};
use std::{net::TcpListener, time::Duration};
use tokio::time::timeout;

const MUG: &str = r#"{ product(handle: "mug") { title } }"#;
/// For what must come some time, however busy the machine is.
const SOME_TIME: Duration = Duration::from_secs(180);

/// A schema beside the shop's, with what is in its tables now: it stands for whichever replica is asked.
async fn replicate(primary: &str) {
    let copy = "DROP SCHEMA IF EXISTS replica CASCADE; CREATE SCHEMA replica; \
                DO $$ DECLARE name text; BEGIN \
                FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP \
                EXECUTE format('CREATE TABLE replica.%I AS SELECT * FROM public.%I', name, name); \
                END LOOP; END $$";
    statement(primary, copy).await;
}

/// The URL of what [`replicate`] has made.
fn copied(primary: &str) -> String {
    let separator = if primary.contains('?') { '&' } else { '?' };
    format!("{primary}{separator}options[search_path]=replica")
}

/// Calls the mug otherwise, in the tables of this schema, which are of so many versions more from then on.
async fn rename(primary: &str, schema: &str, (from, to): (&str, &str), versions: u32) {
    let rename = format!(
        "UPDATE {schema}.product_documents SET body = replace(body, '\"title\":\"{from}\"', '\"title\":\"{to}\"'); \
         UPDATE {schema}.catalog_state SET version = version + {versions}"
    );
    statement(primary, &rename).await;
}

/// Waits until the mug is called so.
async fn is_called(shop: &Shop, wanted: &str) {
    let seen = async {
        loop {
            // A look that comes to nothing is told in the log, and the next one is soon.
            let _ = shop.app.services().catalog.refresh().await;
            if title(shop).await == json!(wanted) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(SOME_TIME, seen).await.unwrap_or_else(|_| panic!("the mug is never called {wanted}"));
}

async fn is_ready(shop: &Shop) -> bool {
    let answer = shop.endpoint.http.get(format!("{}/readyz", shop.base)).send().await.expect("an answer");
    answer.status() == 200
}

async fn title(shop: &Shop) -> Value {
    shop.shopper().ask(MUG, json!({})).await.at("/product/title").clone()
}

/// One replica tells of a new version, and another, which has not heard of it, is asked for the products.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_row_is_not_kept_as_a_new_one_on_postgres() {
    let folder = tempfile::tempdir().expect("a folder");
    let primary = separate(folder.path()).await;
    let shop = Shop::in_folder(folder, Setup::default()).await;
    let before = title(&shop).await;
    replicate(&primary).await;
    let replica = copied(&primary);
    let reading = shop.beside(|config| config.database.postgres.replica = Some(replica)).await;
    assert_eq!(title(&reading).await, before);

    statement(
        &primary,
        "UPDATE public.product_documents SET body = replace(body, '\"title\":\"mug\"', '\"title\":\"jug\"'); \
         UPDATE public.catalog_state SET version = version + 1",
    )
    .await;
    // The one replica.
    statement(&primary, "UPDATE replica.catalog_state SET version = version + 1").await;
    reading.app.services().catalog.refresh().await.expect("it answers");
    // The other.
    statement(&primary, "UPDATE replica.catalog_state SET version = version - 1").await;
    assert_eq!(title(&reading).await, json!("jug"), "the product is of the version");
    reading.app.services().catalog.refresh().await.expect("it answers");
    assert_eq!(title(&reading).await, json!("jug"), "a version does not go back");

    // A replica that is there is read on: nothing replicates here, so that the two can be told apart.
    statement(
        &primary,
        "UPDATE replica.product_documents SET body = replace(body, '\"title\":\"mug\"', '\"title\":\"pot\"'); \
         UPDATE replica.catalog_state SET version = version + 2",
    )
    .await;
    reading.app.services().catalog.refresh().await.expect("it answers");
    assert_eq!(title(&reading).await, json!("pot"));
}

/// The replica's host is gone before the server starts, comes, and goes again without a word: at each time the shop shows what there is,
/// and never less than it has shown.
#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_is_gone_takes_nothing_with_it_on_postgres() {
    let folder = tempfile::tempdir().expect("a folder");
    let primary = separate(folder.path()).await;
    let shop = Shop::in_folder(folder, Setup::default()).await;
    replicate(&primary).await;
    let mut replica = url::Url::parse(&copied(&primary)).expect("a URL");
    let wire = SilentWire::to(replica.port().unwrap_or(5432)).await;
    wire.fall_silent();
    replica.set_port(Some(wire.port)).expect("a port");
    replica.set_host(Some("127.0.0.1")).expect("a host");
    let reading = shop
        .beside(move |config| {
            config.metrics = "127.0.0.1:0".parse().ok();
            config.database.postgres.replica = Some(replica.into());
        })
        .await;
    assert_eq!(title(&reading).await, json!("mug"), "it is read on the primary");
    rename(&primary, "public", ("mug", "jug"), 1).await;
    is_called(&reading, "jug").await;
    assert!(is_ready(&reading).await);
    assert_eq!(reading.scrape().await.sum("stoa_sql_replica_up", &[]), 0.0);

    // It comes back as it was left, behind what was shown since.
    wire.speak();
    let answers = async {
        while reading.scrape().await.sum("stoa_sql_replica_up", &[]) < 1.0 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(SOME_TIME, answers).await.expect("the replica answers again");
    // Longer than it is left alone: from here on it is asked.
    tokio::time::sleep(Duration::from_secs(6)).await;
    reading.app.services().catalog.refresh().await.expect("both answer");
    assert_eq!(title(&reading).await, json!("jug"), "what was shown is not taken back");
    // Nothing replicates here, so that the two can be told apart.
    rename(&primary, "replica", ("mug", "pot"), 2).await;
    is_called(&reading, "pot").await;

    wire.fall_silent();
    rename(&primary, "public", ("jug", "cup"), 3).await;
    is_called(&reading, "cup").await;
    assert!(is_ready(&reading).await);
    reading.app.stop().await.expect("nobody waits for the replica");
}

/// Whatever keeps it from answering.
#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_refuses_is_no_reason_not_to_start_on_postgres() {
    let folder = tempfile::tempdir().expect("a folder");
    let primary = separate(folder.path()).await;
    let shop = Shop::in_folder(folder, Setup::default()).await;
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let mut closed = url::Url::parse(&primary).expect("a URL");
    closed.set_port(Some(nobody)).expect("a port");
    let mut strange = url::Url::parse(&primary).expect("a URL");
    strange.set_path("no_such_database");
    // A standby that has not heard of the tables yet.
    statement(&primary, "CREATE SCHEMA empty").await;
    let empty = copied(&primary).replace("search_path]=replica", "search_path]=empty");
    for (replica, n) in [(closed.to_string(), 1), (strange.to_string(), 2), (empty, 3)] {
        let reading = shop.beside(move |config| config.database.postgres.replica = Some(replica)).await;
        let (from, to) = (format!("mug{}", "g".repeat(n - 1)), format!("mug{}", "g".repeat(n)));
        assert_eq!(title(&reading).await, json!(from));
        rename(&primary, "public", (&from, &to), 1).await;
        is_called(&reading, &to).await;
        reading.app.stop().await.expect("everything finishes in time");
    }
}
