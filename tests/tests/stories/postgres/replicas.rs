//! Several replicas behind one address, each as far behind as it is.

use crate::harness::{Setup, Shop, separate, statement};
use serde_json::{Value, json};

const MUG: &str = r#"{ product(handle: "mug") { title } }"#;

/// A schema beside the shop's, with what is in its tables now: it stands for whichever replica is asked.
async fn replicate(primary: &str) {
    let copy = "DROP SCHEMA IF EXISTS replica CASCADE; CREATE SCHEMA replica; \
                DO $$ DECLARE name text; BEGIN \
                FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP \
                EXECUTE format('CREATE TABLE replica.%I AS SELECT * FROM public.%I', name, name); \
                END LOOP; END $$";
    statement(primary, copy).await;
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
    let separator = if primary.contains('?') { '&' } else { '?' };
    let replica = format!("{primary}{separator}options[search_path]=replica");
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
