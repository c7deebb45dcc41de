//! What is taken off people's rows when its time is over, and what a new password takes away: seen from outside.

use crate::{
    harness::{Event, PASSWORD, Shop, refusals},
    oidc::{Browser, FakeProvider, Person},
};
use chrono::TimeDelta;
use serde_json::json;

/// A statement that must have been run: what it does, how it begins, and what else is in it.
pub(super) type Run = (&'static str, &'static str, &'static [&'static str]);

/// What a shop at work must have been seen to run, or nothing was shown of its locks.
pub(super) const RUN: [Run; 6] = [
    (
        "a reset unlinks what was connected lately",
        "DELETE FROM \"customer_identities\"",
        &["\"linked_at\" >= $"],
    ),
    (
        "orders that guests have given up are locked by their ids",
        "SELECT \"orders\".\"id\" FROM \"orders\"",
        &["\"customer_id\" IS NULL", "ORDER BY \"orders\".\"id\" ASC FOR UPDATE"],
    ),
    ("and emptied", "WITH \"write_0\" AS (UPDATE \"orders\"", &["\"personal_until\" = $"]),
    (
        "orders of whoever was erased meanwhile are locked by their ids",
        "SELECT \"orders\".\"id\", \"orders\".\"placed_at\" FROM \"orders\"",
        &["ORDER BY \"orders\".\"id\" ASC FOR UPDATE"],
    ),
    (
        "events that nobody will read are chosen",
        "SELECT \"gateway_events\".\"id\" FROM \"gateway_events\"",
        &["FOR UPDATE SKIP LOCKED"],
    ),
    ("and emptied", "UPDATE \"gateway_events\" SET \"body\" = $", &["\"id\" IN ("]),
];

/// A reset that disconnects a provider, and a night in which somebody is forgotten in each of the ways there are.
pub(super) async fn everything(shop: &Shop, fake: &FakeProvider) {
    resets_what_is_connected(shop, fake).await;

    // Nobody pays these; the last one's buyer has an account, which was erased while the order was on its way.
    let mut unpaid = Vec::new();
    for key in ["given up by a guest", "given up by another", "given up by somebody erased"] {
        let placed = shop.shopper_with_cart([("mug", 1)]).await.place_order(key).await;
        assert!(placed.is_placed(), "{:?}", placed.refusals());
        unpaid.push(placed.order_id());
    }
    shop.clock.advance(TimeDelta::minutes(61));
    shop.run_jobs().await;
    for &order in &unpaid {
        shop.until("nobody waits for it", || async { shop.order(order).await.state.name() == "cancelled" })
            .await;
    }
    let erased = unpaid[2];
    shop.by_hand(&format!(
        "UPDATE orders SET customer_id = (SELECT id FROM customers WHERE state = 'erased' ORDER BY id LIMIT 1) WHERE id = '{erased}'"
    ))
    .await;
    assert!(shop.order(erased).await.customer.is_some(), "somebody was erased before");
    // Of a payment that is nobody's.
    let strange = json!({ "id": "pi_of_another_shop", "object": "payment_intent", "amount": 1_250, "currency": "usd",
        "status": "succeeded", "amount_received": 1_250, "metadata": {} });
    let told = Event::intent("evt_of_another_shop", "payment_intent.succeeded", &strange);
    assert_eq!(shop.webhook(&told).await, 200);

    shop.clock.advance(TimeDelta::days(100));
    shop.run_jobs().await;
    for &order in &unpaid {
        shop.until("its buyer is forgotten", || async { shop.order(order).await.email.is_erased() }).await;
    }
    shop.settle().await;
}

/// Whoever signed in with a provider lately, and proves the account by its mailbox, signs in with that provider no more.
async fn resets_what_is_connected(shop: &Shop, fake: &FakeProvider) {
    const LATE: &str = "late@example.org";
    let late = Person::with("late", LATE);
    assert_eq!(Browser::new(shop).signs_in("fake", fake, &late).await.why(), None);
    let recover =
        "mutation($email: String!) { customerRecover(email: $email) { customerUserErrors { code } } }";
    let asked = shop.endpoint.ask(recover, json!({ "email": LATE })).await;
    assert!(refusals(asked.at("/customerRecover")).is_empty());
    let token = shop.mailed_token(LATE, "reset").await;
    let reset = "mutation($id: ID!, $input: CustomerResetInput!) { customerReset(id: $id, input: $input) {
      customerUserErrors { code } } }";
    let input = json!({ "resetToken": token, "password": PASSWORD });
    let done = shop.endpoint.ask(reset, json!({ "id": "gid://stoa/Customer/me", "input": input })).await;
    assert!(refusals(done.at("/customerReset")).is_empty(), "{:#}", done.body);
    let again = Browser::new(shop).signs_in("fake", fake, &late).await;
    assert_eq!(again.why().as_deref(), Some("link_mailed"), "it has to be connected again");
}
