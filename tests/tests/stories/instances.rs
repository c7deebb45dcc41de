//! Several instances of one shop: the same database, the same Redis where there is one, and nothing in a process that another one
//! could contradict.

use crate::harness::{Answer, Customer, Item, PASSWORD, Placed, Setup, Shop, Stock, refusals};
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;
use std::{collections::BTreeSet, path::Path};
use stoa::config::{Config, MediaConfig};
use stoa_persistence::outbox;
use stoa_sandbox::{ApiAction, Fault};

const GOOD: &str = "4242424242424242";

async fn two(items: impl Into<Vec<Item>>) -> [Shop; 2] {
    let first = Shop::with(Setup::selling(items)).await;
    let second = first.beside(|_| {}).await;
    [first, second]
}

/// Whether the answer says that somebody else was faster too often.
fn is_busy(answer: &Answer) -> bool {
    answer.body["data"]["cartLinesAdd"]["userErrors"][0]["code"] == "SERVICE_UNAVAILABLE"
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cart_that_is_edited_at_both_loses_nothing_on_postgres() {
    let [a, b] = two([Item::new("mug", "12.50", 100)]).await;
    let mug = a.gid("mug").await;
    let shopper = a.shopper_with_cart([("mug", 1)]).await;
    let edits = (0..16).map(|n| {
        let (at, mug) = (shopper.at(if n % 2 == 0 { &a } else { &b }), mug.clone());
        async move { while is_busy(&at.add(&mug, 1).await) {} }
    });
    join_all(edits).await;
    assert_eq!(shopper.quantities().await, [17]);
    assert_eq!(shopper.at(&b).quantities().await, [17]);
    assert!(shopper.at(&b).place_order("k").await.is_placed());
    assert!(shopper.read_cart().await.is_null(), "it is an order, at both");
    assert_eq!(a.stock("mug").await, Stock { on_hand: 100, allocated: 17 });
    a.books_balance_with_the_gateway().await;
}

/// Thirty buyers, half of them here and half there, want two each of what there are twenty of.
#[tokio::test(flavor = "multi_thread")]
async fn two_instances_sell_every_unit_once_on_postgres() {
    let [a, b] = two([Item::new("mug", "12.50", 20)]).await;
    // Two minutes apart, as clocks of two machines may be.
    b.clock.advance(TimeDelta::minutes(2));
    let mug = a.gid("mug").await;
    let buyers = (0..30).map(|n| {
        let (mut shopper, mug) = ([&a, &b][n % 2].shopper(), mug.clone());
        async move {
            let made = shopper.create_cart(&[(mug, 2)]).await;
            let got = made.at("/cartCreate/cart/totalQuantity").as_i64().expect("a quantity");
            let placed = shopper.place_order(&format!("buyer-{n}")).await;
            if placed.is_placed() {
                shopper.pay(&placed, GOOD).await;
                got
            } else {
                0
            }
        }
    });
    let sold: i64 = join_all(buyers).await.into_iter().sum();
    assert_eq!(sold, 20, "everything is sold, and nothing twice");
    a.settle().await;
    assert_eq!(a.stock("mug").await, Stock { on_hand: 20, allocated: 20 });
    a.books_balance_with_the_gateway().await;
    b.books_balance_with_the_gateway().await;
}

/// The same request at both at once, as a proxy repeats it: one order.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_reaches_both_is_one_order_on_postgres() {
    let [a, b] = two([Item::new("mug", "12.50", 100)]).await;
    let mut orders = BTreeSet::new();
    for round in 0..10 {
        let shopper = a.shopper_with_cart([("mug", 1)]).await;
        let (there, key) = (shopper.at(&b), format!("k{round}"));
        let (one, other) = tokio::join!(shopper.place_order(&key), there.place_order(&key));
        let placed: Vec<&Placed> = [&one, &other].into_iter().filter(|p| p.is_placed()).collect();
        assert!(!placed.is_empty(), "{:?} {:?}", one.refusals(), other.refusals());
        assert_eq!(placed[0].order_id(), there.place_order(&key).await.order_id());
        orders.insert(placed[0].order_id().to_string());
    }
    assert_eq!(orders.len(), 10);
    assert_eq!(a.stock("mug").await.allocated, 10);
    a.books_balance_with_the_gateway().await;
}

/// What is due is done by one of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_done_by_one_instance_on_postgres() {
    let free = Item { ships: false, ..Item::new("sample", "0.00", 99) };
    let [a, b] = two([free]).await;
    for n in 0..12 {
        let shopper = a.shopper_with_cart([("sample", 1)]).await;
        assert!(shopper.at([&a, &b][n % 2]).place_order(&format!("k{n}")).await.is_placed());
        tokio::join!(a.run_jobs(), b.run_jobs());
    }
    a.until("all mails are written", || async { a.mails().len() + b.mails().len() >= 12 }).await;
    tokio::join!(a.run_jobs(), b.run_jobs());
    assert_eq!(a.mails().len() + b.mails().len(), 12, "each once");
    a.books_balance_with_the_gateway().await;
}

/// What was paid and never told is asked after by one of them at a time: a pass of reconciliation is a job, and there is one of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_pass_of_reconciliation_is_made_by_one_instance_on_postgres() {
    let deaf = Setup::selling([Item::new("mug", "12.50", 99)]).sandbox(|s| s.webhook = None);
    let a = Shop::with(deaf).await;
    let b = a.beside(|_| {}).await;
    let mut orders = Vec::new();
    for n in 0..6 {
        let shopper = a.shopper_with_cart([("mug", 1)]).await;
        let placed = shopper.place_order(&format!("k{n}")).await;
        assert_eq!(shopper.pay(&placed, GOOD).await["status"], "succeeded");
        orders.push(placed.order_id());
    }
    // Each question takes a while: two passes at once would meet, and ask twice.
    let slow = Fault::api("GET", "/v1/payment_intents/*", ApiAction::Slow { by_ms: 300 });
    let faults = a.sandbox().faults();
    faults.add(slow.clone().times(1_000)).expect("a fault");
    for shop in [&a, &b] {
        shop.clock.advance(TimeDelta::minutes(21));
    }
    // Beside both servers' own workers.
    tokio::join!(a.run_jobs(), b.run_jobs(), a.run_jobs(), b.run_jobs());
    a.until("all are paid", async || {
        for order in &orders {
            if !b.is_paid(*order).await {
                return false;
            }
        }
        true
    })
    .await;
    tokio::join!(a.run_jobs(), b.run_jobs());
    assert_eq!(faults.list(), [slow.times(1_000 - 6)], "each was asked after once");
    faults.clear();
    a.until("all mails are written", async || a.mails().len() + b.mails().len() >= 6).await;
    assert_eq!(a.mails().len() + b.mails().len(), 6);
    a.books_balance_with_the_gateway().await;
    b.books_balance_with_the_gateway().await;
}

/// Paid here, told there: the webhook reaches the first instance, and the buyer looks at the second.
#[tokio::test]
async fn what_is_paid_at_one_is_paid_at_the_other_on_postgres() {
    let [a, b] = two([Item::new("mug", "12.50", 9)]).await;
    let shopper = a.shopper_with_cart([("mug", 1)]).await.at(&b);
    let placed = shopper.place_order("k").await;
    shopper.at(&a).pay(&placed, GOOD).await;
    a.settle().await;
    assert_eq!(b.shopper().order(&placed.token()).await["financialStatus"], "PAID");
    b.books_balance_with_the_gateway().await;
}

/// The second one's clock is two minutes ahead, and both are asked for an order of the same cart by different keys: a cart is one
/// order all the same, of what its buyer was shown.
#[tokio::test(flavor = "multi_thread")]
async fn clocks_two_minutes_apart_make_no_second_order_on_postgres() {
    let [a, b] = two([Item::new("mug", "12.50", 1_000)]).await;
    b.clock.advance(TimeDelta::minutes(2));
    let mug = a.gid("mug").await;
    let mut orders = BTreeSet::new();
    for round in 0..12 {
        let here = a.shopper_with_cart([("mug", 1)]).await;
        let there = here.at(&b);
        let (one, other) = (format!("here-{round}"), format!("there-{round}"));
        let (first, _, second) =
            tokio::join!(here.place_order(&one), there.add(&mug, 1), there.place_order(&other));
        let mut placed: Vec<Placed> = [first, second].into_iter().filter(Placed::is_placed).collect();
        if placed.is_empty() {
            // Each stood in the other's way.
            a.clock.advance(TimeDelta::minutes(3));
            b.clock.advance(TimeDelta::minutes(3));
            placed.push(here.place_order(&one).await);
        }
        assert_eq!(placed.len(), 1, "round {round}");
        orders.insert(placed[0].order_id());
        assert!(there.read_cart().await.is_null(), "round {round}: it is an order now, at both");
    }
    let mut units = 0;
    for id in &orders {
        units += a.order(*id).await.lines.iter().map(|line| i64::from(line.quantity)).sum::<i64>();
    }
    assert_eq!(orders.len(), 12);
    assert_eq!(a.stock("mug").await.allocated, units);
    a.clock.advance(TimeDelta::minutes(20));
    a.settle().await;
    a.books_balance_with_the_gateway().await;
}

const GOODS: [&str; 26] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u",
    "v", "w", "x", "y", "z",
];

impl Shop {
    /// Whether a page says that this can be bought.
    async fn shows(&self, handle: &str) -> bool {
        let page = "query($handle: String!) { product(handle: $handle) { title availableForSale } }";
        let answer = self.shopper().ask(page, serde_json::json!({ "handle": handle })).await;
        assert_eq!(answer.at("/product/title"), handle);
        answer.at("/product/availableForSale") == true
    }

    /// The page of each of the goods is shown from memory, however long ago it was made. Beside requests the program looks for what is due, and
    /// may just be slow; a shop that reads its goods anew never comes below a statement for each.
    async fn goods_are_shown_from_memory(&self) {
        let mut costs = Vec::new();
        while costs.last().is_none_or(|cost| *cost >= GOODS.len() as u64 / 2) {
            assert!(costs.len() < 25, "statements for {} pages: {costs:?}", GOODS.len());
            // Longer than anything is shown without asking what has changed.
            tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
            let before = self.db().statements();
            for handle in GOODS {
                self.shows(handle).await;
            }
            costs.push(self.db().statements() - before);
        }
    }
}

/// The last unit is held at one instance, and let go, and held until that is over: the other shows it, and reads nothing else for it.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_at_one_is_shown_at_the_other_on_postgres() {
    let [a, b] = two(GOODS.map(|handle| Item::new(handle, "1.00", 1))).await;
    b.goods_are_shown_from_memory().await;
    assert!(b.shows("a").await);

    let shopper = a.shopper_with_cart([("a", 1)]).await;
    b.until("it is sold out at the other", async || !b.shows("a").await).await;
    assert!(b.shows("b").await);
    b.goods_are_shown_from_memory().await;
    assert!(!b.shows("a").await);

    let line = shopper.read_cart().await["lines"]["nodes"][0]["id"].clone();
    shopper.update_lines(serde_json::json!([{ "id": line, "quantity": 0 }])).await;
    b.until("it can be bought again", async || b.shows("a").await).await;

    a.shopper_with_cart([("z", 1)]).await;
    // It is looked at shortly before its end, and then not again sooner.
    let pass = |time: TimeDelta| [&a, &b].map(|shop| shop.clock.advance(time));
    pass(TimeDelta::minutes(15) - TimeDelta::seconds(5));
    b.until("another is sold out", async || !b.shows("z").await).await;
    pass(TimeDelta::seconds(20));
    b.until("its hold is over", async || b.shows("z").await).await;

    // An order tells by the ledger.
    let shopper = a.shopper_with_cart([("c", 1)]).await;
    assert!(shopper.place_order("k").await.is_placed());
    b.until("it is ordered", async || !b.shows("c").await).await;
    b.goods_are_shown_from_memory().await;
    a.books_balance_with_the_gateway().await;
}

/// What browsers see of several instances behind a proxy.
const ADDRESS: &str = "http://shop.example";

fn at_one_address(config: &mut Config) {
    config.settings.public_url = ADDRESS.parse().expect("a URL");
    config.public_url_given = true;
}

/// A shop with a customer who was mailed the link to everything that is known of them.
async fn with_an_archive() -> (Shop, Customer, String) {
    let shop = Shop::with(Setup::default().config(at_one_address)).await;
    let ada = shop.customer("ada@example.org").await;
    ada.request("mutation { customerDataRequest { userErrors { code } } }", json!({})).await;
    let link = shop.mailed_token(&ada.email, "archive").await;
    assert_eq!(archives(shop.folder.path()), 1);
    (shop, ada, link)
}

/// Opens the link at one instance and fetches what it leads to from another, as a proxy spreads them; gives the status of the latter.
async fn fetched(link: &str, [opened, fetched]: [&Shop; 2]) -> u16 {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
    let client = client.expect("a client");
    let page = format!("{}/account/archive/{link}", opened.base);
    let answer = client.get(page).send().await.expect("the server answers");
    assert_eq!(answer.status(), 303);
    let address = answer.headers()["location"].to_str().expect("an address").replace(ADDRESS, &fetched.base);
    client.get(address).send().await.expect("the server answers").status().as_u16()
}

/// Takes a customer out, and waits until all that follows is done.
async fn erase(customer: &Customer, at: &Shop) {
    let query = "mutation($password: String!) { customerErase(input: { password: $password }) { userErrors { code } } }";
    let erased = customer.at(at).request(query, json!({ "password": PASSWORD })).await;
    assert!(refusals(erased.at("/customerErase")).is_empty());
    at.until("what comes again is all that is left", || async {
        at.run_jobs().await;
        // Reconciliation, sweeping, keys, retention, gift cards that end.
        outbox::pending(at.db().read()).await.expect("SQL answers") == 5
    })
    .await;
}

/// How many archives lie in an instance's data folder.
fn archives(folder: &Path) -> usize {
    std::fs::read_dir(folder.join("media/private")).map_or(0, Iterator::count)
}

/// All have the folder of files, as a disk that is mounted in each: what one has made, the others give out, and take away when the one is gone.
#[tokio::test(flavor = "multi_thread")]
async fn an_archive_is_found_and_erased_at_every_instance_on_postgres() {
    let (a, ada, link) = with_an_archive().await;
    let sharing = async || {
        let files = a.folder.path().join("media");
        let mounted = move |config: &mut Config| {
            at_one_address(config);
            config.media = MediaConfig::SharedFolder;
            std::os::unix::fs::symlink(files, config.data_dir.join("media")).expect("the folder is new");
        };
        a.beside(mounted).await
    };
    let (b, c) = (sharing().await, sharing().await);
    for way in [[&a, &b], [&b, &b], [&b, &c], [&c, &a]] {
        assert_eq!(fetched(&link, way).await, 200);
    }
    let Shop { app, folder, .. } = a;
    for gone in [app, b.app] {
        gone.stop().await.expect("everything finishes in time");
    }
    assert_eq!(fetched(&link, [&c, &c]).await, 200);
    erase(&ada, &c).await;
    assert_eq!(archives(folder.path()), 0, "made at the first, erased at the third");
    c.books_balance().await;
}

/// What `media.shared` and the warning at the start are about: each has a folder of its own.
#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_not_shared_are_missed_and_stay_on_postgres() {
    let (a, ada, link) = with_an_archive().await;
    let b = a.beside(at_one_address).await;
    assert_eq!(fetched(&link, [&b, &a]).await, 200);
    assert_eq!(fetched(&link, [&a, &b]).await, 404, "it lies at the other");
    let Shop { app, folder, .. } = a;
    app.stop().await.expect("everything finishes in time");
    erase(&ada, &b).await;
    assert_eq!(archives(folder.path()), 1, "who erases them does not reach it");
}
