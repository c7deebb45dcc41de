//! The outbox: what must follow a commit does, however often it fails first.

use crate::harness::{Item, Setup, Shop};
use stoa_persistence::outbox;

/// What comes again by itself: reconciliation, sweeping, keys, retention, gift cards that expire.
const SCHEDULED: u64 = 5;

/// A mail that cannot be written is tried again, and never fails a purchase.
#[tokio::test]
async fn a_mail_that_fails_is_tried_again_and_fails_no_purchase() {
    let free = Item { ships: false, ..Item::new("sample", "0.00", 5) };
    let shop = Shop::with(Setup::selling([free])).await;
    // Where mails should go stands a file: no folder can be made there.
    let mail = shop.folder.path().join("mail");
    std::fs::write(&mail, "in the way").expect("a file");
    let shopper = shop.shopper_with_cart([("sample", 1)]).await;
    let placed = shopper.place_order("k").await;
    assert!(shop.is_paid(placed.order_id()).await);
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!(shop.mails(), Vec::<String>::new());
    assert_eq!(
        outbox::pending(shop.db().read()).await.expect("SQL answers"),
        SCHEDULED + 1,
        "it waits, as what comes again does"
    );

    std::fs::remove_file(&mail).expect("the file goes");
    shop.until("the mail is written", || async { shop.mails().len() == 1 }).await;
    shop.until("nothing waits but what comes again", || async {
        outbox::pending(shop.db().read()).await.expect("SQL answers") == SCHEDULED
    })
    .await;
    shop.books_balance().await;
}

/// Jobs that are claimed by two workers at once run once each.
#[tokio::test(flavor = "multi_thread")]
async fn two_workers_share_the_work() {
    let free = Item { ships: false, ..Item::new("sample", "0.00", 99) };
    let shop = Shop::with(Setup::selling([free])).await;
    for n in 0..12 {
        let shopper = shop.shopper_with_cart([("sample", 1)]).await;
        assert!(shopper.place_order(&format!("k{n}")).await.is_placed());
        tokio::join!(shop.run_jobs(), shop.run_jobs());
    }
    shop.until("all mails are written", || async { shop.mails().len() == 12 }).await;
    shop.books_balance().await;
}

/// The server stops as a good one does: what was begun is finished, and what waits is done by the next one.
#[tokio::test]
async fn a_stopped_server_leaves_nothing_half_done() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    shopper.pay(&placed, "4242424242424242").await;
    let (id, folder) = (placed.order_id(), shop.folder);
    shop.app.stop().await.expect("everything finishes in time");

    let shop = Shop::reopen(folder).await;
    shop.settle().await;
    shop.until("the payment is known", || async { shop.is_paid(id).await }).await;
    shop.until("the mail is written", || async { shop.mails().len() == 1 }).await;
    assert_eq!(shop.stock("mug").await.allocated, 1);
    shop.books_balance().await;
}
