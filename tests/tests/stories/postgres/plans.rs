//! No statement that the storefront, the checkout, the worker, customers or staff send reads a large table from end to end.

use super::{fill::fill, people};
use crate::harness::{Customer, Item, Setup, Shop, Staff, at, separate, statement};
use chrono::TimeDelta;
use serde_json::{Value, json};
use stoa_persistence::{SqlCartStore, SqlReservationStore, db::Plan};
use stoa_services::{
    catalog::demo,
    doctor::Treatment,
    system::{SystemClock, SystemIds},
};

const GOOD: &str = "4242424242424242";

/// Tables that grow with the catalogue, with what has been sold, or with who has bought.
const LARGE: [&str; 27] = [
    "products",
    "product_variants",
    "product_options",
    "product_option_values",
    "product_tags",
    "product_terms",
    "product_documents",
    "collection_products",
    "inventory_items",
    "inventory_levels",
    "inventory_ledger",
    "orders",
    "order_lines",
    "order_allocations",
    "order_events",
    "idempotency_keys",
    "payments",
    "gateway_events",
    "refunds",
    "carts",
    "cart_holds",
    "hold_fences",
    "jobs",
    "customers",
    "customer_addresses",
    "sessions",
    "audit_log",
];
/// Statements that may, by how they go on from the table's name, and why.
const MAY: [(&str, &str); 7] = [
    // Once a minute, of what is alive at one moment: an index by expiry would be rewritten by every click (migration 3).
    ("FROM \"cart_holds\" WHERE \"cart_holds\".\"expires_at\" <=", "the sweeping of holds that are over"),
    // Of what is alive at one moment as well, and the more that is, the less often (`oldest` in the board of stock).
    (
        "FROM \"cart_holds\" WHERE \"cart_holds\".\"expires_at\" > $1 GROUP BY",
        "who holds what, for all pages",
    ),
    // Once a night, and the state's index leads to those who have never been active; they are then looked at one by one.
    (
        "FROM \"customers\" WHERE \"customers\".\"state\" = $1 AND \"customers\".\"updated_at\" <",
        "the sweeping of accounts that were never activated",
    ),
    // Once a night, a page at a time behind the last one's id: the state's index leads to those who are erased, of whom each one's
    // orders are looked at by their customer.
    (
        "FROM \"customers\" WHERE \"customers\".\"state\" = $1 AND EXISTS(SELECT",
        "the sweeping of orders that still name who was erased",
    ),
    // Once a night. What still has a body stands in an index of its own (migration 22); where next to nothing does, Postgres may as
    // well take one for a scan that ends at once.
    ("body <> ''", "the sweeping of what events said of buyers"),
    // SQLite calls it a scan to go along the key of the table itself; it ends with the page.
    ("FROM \"audit_log\" ORDER BY \"audit_log\".\"seq\" DESC LIMIT", "the latest of the log"),
    // Which orders were given up unpaid lies in their payments, and of those all are read: a question of staff that nobody waits for at a till.
    (
        "\"payments\".\"amount_received\" > $6)) AND (NOT EXISTS(SELECT $7 FROM \"payments\"",
        "staff's list of voided orders",
    ),
];
/// The most a statement may cost by Postgres' guess: a few thousand rows by an index. A search of the orders' smallest index costs
/// five times as much.
const DEAR: f64 = 5_000.0;
/// The most a statement of the doctor may: a look at each of a million rows by an index, some times over. To compare each order with each
/// costs a hundred times as much.
const ENDLESS: f64 = 1e8;

const PRODUCT: &str = "id title variants(first: 5) { nodes { id availableForSale quantityAvailable } }";

async fn ask(shop: &Shop, query: &str) -> Value {
    let answer = shop.shopper().ask(query, json!({})).await;
    assert!(answer.body.get("errors").is_none(), "{query}: {:#}", answer.body);
    answer.body["data"].clone()
}

/// One purchase of each kind of row: paid, part of it given back, and a cart that waits; and who has an account.
async fn template(shop: &Shop) -> (Customer, Staff) {
    let currency = shop.app.services().context().settings().currency;
    demo::seed(shop.db(), &SystemClock, &SystemIds, currency).await.expect("the demo's goods");
    let buyer = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = buyer.place_order("first").await;
    buyer.pay(&placed, GOOD).await;
    shop.settle().await;
    shop.gateway_post("/v1/refunds", &[("payment_intent", &placed.intent()), ("amount", "100")]).await;
    shop.settle().await;
    shop.shopper_with_cart([("mug", 1)]).await;
    people::template(shop).await
}

/// What shoppers look at: every list in every order and with every filter, pages, searches.
async fn browse(shop: &Shop) {
    let sorts = [
        "BEST_SELLING",
        "CREATED_AT",
        "ID",
        "PRICE",
        "PRODUCT_TYPE",
        "RELEVANCE",
        "TITLE",
        "UPDATED_AT",
        "VENDOR",
    ];
    let searches = [
        "",
        "word7",
        "word7 word8",
        "wor* tag:\\\"tag 3\\\"",
        "vendor:\\\"vendor 7\\\"",
        "product_type:\\\"type 9\\\"",
        "sku:\\\"sku 5\\\"",
        "tag:\\\"tag 1\\\" OR handle:mug-9",
        "word1 -word2",
    ];
    for sort in sorts {
        for reverse in [false, true] {
            let list = |more: &str| {
                format!(
                    "{{ products(first: 20, sortKey: {sort}, reverse: {reverse}{more}) {{ pageInfo {{ endCursor hasNextPage }} nodes {{ {PRODUCT} }} }} }}"
                )
            };
            let first = ask(shop, &list("")).await;
            let after = format!(", after: {}", first["products"]["pageInfo"]["endCursor"]);
            ask(shop, &list(&after)).await;
        }
        for search in searches {
            ask(
                shop,
                &format!(
                    "{{ products(first: 20, sortKey: {sort}, query: \"{search}\") {{ nodes {{ id }} }} }}"
                ),
            )
            .await;
        }
    }
    let filters = [
        "",
        "{ available: true }",
        "{ price: { min: 1, max: 400 } }",
        "{ productVendor: \"Stoa\" }",
        "{ productType: \"Mug\" }",
        "{ tag: \"tag 3\" }",
        "{ variantOption: { name: \"Size\", value: \"L\" } }",
    ];
    let collections = ask(shop, "{ collections(first: 10) { nodes { handle } } }").await;
    for collection in collections["collections"]["nodes"].as_array().expect("collections") {
        let handle = &collection["handle"];
        for sort in
            ["BEST_SELLING", "COLLECTION_DEFAULT", "CREATED", "ID", "MANUAL", "PRICE", "RELEVANCE", "TITLE"]
        {
            for filter in filters {
                ask(
                    shop,
                    &format!(
                        "{{ collection(handle: {handle}) {{ products(first: 20, sortKey: {sort}, filters: [{filter}]) {{ nodes {{ {PRODUCT} }} }} }} }}"
                    ),
                )
                .await;
            }
        }
    }
    for sort in ["ID", "RELEVANCE", "TITLE", "UPDATED_AT"] {
        ask(shop, &format!("{{ collections(first: 20, sortKey: {sort}, query: \"mug\") {{ nodes {{ id products(first: 3) {{ nodes {{ id }} }} }} }} }}")).await;
    }
    let mug =
        ask(shop, &format!("{{ product(handle: \"mug\") {{ {PRODUCT} }} }}")).await["product"]["id"].clone();
    ask(shop, &format!("{{ node(id: {mug}) {{ id }} product(id: {mug}) {{ id }} productRecommendations(productId: {mug}) {{ id }} }}")).await;
}

/// What buyers, the gateway, the worker and the merchant do.
async fn sell(shop: &Shop) {
    let buyer = shop.shopper_with_cart([("mug", 1), ("bowl", 1)]).await;
    buyer.add(&shop.gid("mug").await, 1).await;
    buyer.read_cart().await;
    let placed = buyer.place_order("again").await;
    buyer.pay(&placed, GOOD).await;
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);
    let order = buyer.order(&placed.token()).await;
    ask(
        shop,
        &format!(
            "{{ order(lookup: {{ contact: {{ number: {}, email: \"ada@example.org\" }} }}) {{ id }} }}",
            order["orderNumber"]
        ),
    )
    .await;
    let free = shop.shopper_with_cart([("sample", 1), ("leaflet", 1)]).await;
    assert!(free.place_order("free").await.is_placed());
    shop.gateway_post("/v1/refunds", &[("payment_intent", &placed.intent()), ("amount", "100")]).await;
    let late = shop.shopper_with_cart([("bowl", 1)]).await;
    let late = late.place_order("late").await;
    shop.settle().await;
    shop.restock(&[Item::new("mug", "12.50", 7), Item::new("jug", "9.00", 7)]).await;
    shop.app.services().reconcile.run().await.expect("SQL answers");
    // The jobs made beside these are due later still.
    shop.clock.advance(TimeDelta::minutes(61));
    let now = stoa_domain::shared::Clock::now(&*shop.clock);
    shop.until("nobody waits for the late one", || async {
        shop.order(late.order_id()).await.state.name() == "cancelled"
    })
    .await;
    SqlCartStore::new(shop.db().clone()).sweep(now - TimeDelta::hours(2)).await.expect("SQL answers");
    SqlReservationStore::new(shop.db().clone()).sweep(now - TimeDelta::hours(2)).await.expect("SQL answers");
}

async fn everybody(shop: &Shop, ada: &Customer, owner: &Staff) {
    browse(shop).await;
    people::account(shop, ada).await;
    people::staff(shop, owner).await;
    people::night(shop).await;
    sell(shop).await;
}

fn goods() -> Setup {
    let free = |handle| Item { ships: false, ..Item::new(handle, "0.00", 5) };
    Setup::selling([
        Item::new("mug", "12.50", 10),
        Item::new("bowl", "20.00", 3),
        free("sample"),
        free("leaflet"),
    ])
}

/// Those that should not be as they are.
fn too_dear(plans: &[Plan]) -> Vec<String> {
    // What these find is sorted before it is shown: they cost what they match.
    let search =
        |plan: &&Plan| plan.statement.contains("\"tag_key\"") || plan.statement.contains("\"product_terms\"");
    let dear = |plan: &&Plan| {
        plan.scanned.iter().any(|table| LARGE.contains(&table.as_str()))
            || (!search(plan) && plan.cost.is_some_and(|cost| cost > DEAR))
    };
    let allowed = |plan: &&Plan| MAY.iter().any(|(how, _)| plan.statement.contains(how));
    plans
        .iter()
        .filter(|plan| dear(plan) && !allowed(plan))
        .map(|plan| format!("{:?} cost {:?}: {}", plan.scanned, plan.cost, plan.statement))
        .collect()
}

fn check(plans: &[Plan]) {
    assert!(plans.len() > 150, "everything was asked: {}", plans.len());
    let noticed = plans.iter().any(|plan| plan.scanned.iter().any(|table| table == "locations"));
    assert!(noticed, "a table that may be read from end to end is seen to be");
    let dear = too_dear(plans);
    assert!(dear.is_empty(), "{} of {}:\n{}", dear.len(), plans.len(), dear.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hot_statement_searches_a_large_table_on_postgres() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = separate(folder.path()).await;
    at(folder.path(), &url);
    let shop = Shop::in_folder(folder, goods()).await;
    let (ada, owner) = template(&shop).await;
    // A shop that is examined in time while it is small.
    let doctor = shop.beside(|_| {}).await;
    doctor.db().keep_statements();
    doctor.examine(Treatment::default()).await;
    fill(&url).await;
    let thorough = doctor.db().plans().await.expect("Postgres explains");
    let endless: Vec<_> =
        thorough.iter().filter(|plan| plan.cost.is_some_and(|cost| cost > ENDLESS)).collect();
    assert!(thorough.len() > 12 && endless.is_empty(), "of {}: {endless:#?}", thorough.len());
    doctor.app.stop().await.expect("everything finishes in time");
    shop.db().keep_statements();
    everybody(&shop, &ada, &owner).await;
    let plans = shop.db().plans().await.expect("Postgres explains");
    check(&plans);
    shop.app.stop().await.expect("everything finishes in time");
    let server = std::env::var("STOA_TEST_DATABASE").expect("there is one");
    let name = url::Url::parse(&url).expect("a URL").path().trim_start_matches('/').to_owned();
    // A gigabyte.
    statement(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

/// SQLite plans by what indexes there are, whatever the size.
#[tokio::test(flavor = "multi_thread")]
async fn no_hot_statement_searches_a_large_table_on_sqlite() {
    let shop = Shop::with(goods()).await;
    let (ada, owner) = template(&shop).await;
    shop.db().keep_statements();
    everybody(&shop, &ada, &owner).await;
    let plans = shop.db().plans().await.expect("SQLite explains");
    check(&plans);
}
