//! Stories 13 and 14: whose a cart is, and what becomes of a guest's when they sign in.

use crate::harness::{Answer, CART, Customer, Item, Setup, Shop, Shopper, Socket};
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use stoa_domain::{inventory::HoldTiming, shared::Locale};

impl Customer {
    /// Says who buys with a cart, and goes on with the one that is answered.
    async fn signs_in(&self, shopper: &mut Shopper) -> Answer {
        let answer = self.tries_to_sign_in(shopper).await;
        let cart = answer.at("/cartBuyerIdentityUpdate/cart/id").as_str();
        shopper.cart = cart.unwrap_or_else(|| panic!("no cart: {:#}", answer.body)).to_owned();
        answer
    }

    async fn tries_to_sign_in(&self, shopper: &Shopper) -> Answer {
        let buyer = json!({ "customerAccessToken": self.token });
        shopper
            .change("cartBuyerIdentityUpdate", &[("buyerIdentity", "CartBuyerIdentityInput!", buyer)])
            .await
    }

    /// Merges carts by hand.
    async fn merges(&self, by: &Shopper, from: &str, into: &str) -> Answer {
        let query = format!(
            "mutation($from: ID!, $into: ID!, $token: String) {{ cartMerge(fromCartId: $from, intoCartId: $into, customerAccessToken: $token) {{
             cart {{ ...Cart }} userErrors {{ code field message }} warnings {{ code message target }} }} }} {CART}"
        );
        by.ask(&query, json!({ "from": from, "into": into, "token": self.token })).await
    }

    /// What a cart reads as for them.
    async fn reads(&self, by: &Shopper, cart: &str) -> Value {
        let query = format!(
            "query($id: ID!, $token: String!) @inContext(buyer: {{ customerAccessToken: $token }}) {{ cart(id: $id) {{ ...Cart }} }} {CART}"
        );
        by.ask(&query, json!({ "id": cart, "token": self.token })).await.at("/cart").clone()
    }
}

/// A line of a cart: what, how many, and what is engraved.
fn lines(cart: &Value) -> Vec<(String, u64, usize)> {
    let nodes = cart["lines"]["nodes"].as_array().unwrap_or_else(|| panic!("no lines: {cart:#}"));
    let line = |node: &Value| {
        let handle = node["merchandise"]["product"]["handle"].as_str().expect("a handle");
        let attributes = node["attributes"].as_array().expect("attributes");
        (handle.to_owned(), node["quantity"].as_u64().expect("a quantity"), attributes.len())
    };
    nodes.iter().map(line).collect()
}

fn codes(answer: &Answer, mutation: &str) -> Vec<String> {
    let errors = answer.at(&format!("/{mutation}/userErrors"));
    let errors = errors.as_array().expect("userErrors");
    errors.iter().map(|error| error["code"].as_str().expect("a code").to_owned()).collect()
}

async fn engraved(shop: &Shop, shopper: &Shopper, handle: &str) {
    let line = json!([{ "merchandiseId": shop.gid(handle).await, "quantity": 1, "attributes": [{ "key": "engraving", "value": "A. L." }] }]);
    assert_eq!(codes(&shopper.add_lines(line).await, "cartLinesAdd"), [""; 0]);
}

/// Story 13.
#[tokio::test]
async fn a_guest_cart_merges_at_sign_in() {
    let shop =
        Shop::with(Setup::selling([Item::new("mug", "12.50", 5), Item::new("bowl", "20.00", 3)])).await;
    let ada = shop.customer("ada@example.org").await;
    let mut at_home = shop.shopper_with_cart([("mug", 2)]).await;
    let guest = at_home.cart.clone();
    ada.signs_in(&mut at_home).await;
    assert_eq!(at_home.cart, guest, "the first cart becomes theirs, under the same id");
    ada.signs_in(&mut at_home).await;
    assert_eq!(
        lines(&at_home.read_cart().await),
        [("mug".to_owned(), 2, 0)],
        "and once more changes nothing"
    );

    // Somewhere else, before they say who they are: of five mugs two are held at home.
    let mut abroad = shop.shopper_with_cart([("mug", 3), ("bowl", 1)]).await;
    engraved(&shop, &abroad, "bowl").await;
    let guest = abroad.cart.clone();
    let answer = ada.signs_in(&mut abroad).await;
    assert_eq!(codes(&answer, "cartBuyerIdentityUpdate"), [""; 0]);
    assert_eq!(
        answer.at("/cartBuyerIdentityUpdate/warnings"),
        &json!([]),
        "its own holds do not stand in its way"
    );
    assert_eq!(abroad.cart, at_home.cart);
    let all = [("mug".to_owned(), 5, 0), ("bowl".to_owned(), 1, 0), ("bowl".to_owned(), 1, 1)];
    assert_eq!(lines(&abroad.read_cart().await), all, "the same adds up, what is engraved stays apart");
    let mut left = abroad.clone();
    left.cart = guest;
    assert!(left.read_cart().await.is_null(), "the guest's cart is gone");
    assert_eq!(codes(&left.add(&shop.gid("mug").await, 1).await, "cartLinesAdd"), ["INVALID"]);

    // The answer was lost on the way: the same call again, with the id that is gone.
    let again = ada.tries_to_sign_in(&left).await;
    assert_eq!(again.at("/cartBuyerIdentityUpdate/cart/id"), &json!(abroad.cart));
    assert_eq!(lines(again.at("/cartBuyerIdentityUpdate/cart")), all);

    // They have thought about it for too long, and somebody else was faster: that is said.
    let mut late = shop.shopper_with_cart([("bowl", 1)]).await;
    shop.clock.advance(TimeDelta::minutes(20));
    shop.shopper_with_cart([("bowl", 1)]).await;
    let answer = ada.signs_in(&mut late).await;
    let warnings = answer.at("/cartBuyerIdentityUpdate/warnings").as_array().expect("warnings").clone();
    assert_eq!(warnings.len(), 1, "{warnings:#?}");
    let bowls: u64 =
        lines(&late.read_cart().await).iter().filter(|line| line.0 == "bowl").map(|line| line.1).sum();
    assert_eq!(bowls, 2);

    let placed = late.place_order("adas").await;
    assert!(placed.is_placed(), "{:?}", placed.refusals());
    let order = shop.order(placed.order_id()).await;
    assert!(order.customer.is_some(), "the order is the customer's");
    // The next cart is the next one: the last has become an order.
    let mut next = shop.shopper_with_cart([]).await;
    let cart = next.cart.clone();
    ada.signs_in(&mut next).await;
    assert_eq!(next.cart, cart);
    shop.books_balance().await;
}

/// Story 13, when both browser and server repeat themselves.
#[tokio::test]
async fn merging_twice_at_once_adds_once() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 100)])).await;
    let ada = shop.customer("ada@example.org").await;
    let mut home = shop.shopper_with_cart([("mug", 1)]).await;
    ada.signs_in(&mut home).await;
    for round in 1..=4_u64 {
        let guest = shop.shopper_with_cart([("mug", 2)]).await;
        let (ada, guest, into) = (&ada, &guest, &home.cart);
        let by_hand = |n: usize| async move {
            match n % 2 {
                0 => ada.tries_to_sign_in(guest).await.at("/cartBuyerIdentityUpdate/cart/id").clone(),
                _ => ada.merges(guest, &guest.cart, into).await.at("/cartMerge/cart/id").clone(),
            }
        };
        for id in join_all((0..4).map(by_hand)).await {
            assert_eq!(id, json!(home.cart), "round {round}");
        }
        assert_eq!(home.read_cart().await["totalQuantity"], json!(1 + 2 * round));
        assert!(guest.read_cart().await.is_null());
    }
    // Two carts into each other: one of them stays, with all there was.
    let (a, b) = (shop.shopper_with_cart([("mug", 3)]).await, shop.shopper_with_cart([("mug", 4)]).await);
    let (one, other) = tokio::join!(ada.merges(&a, &a.cart, &b.cart), ada.merges(&b, &b.cart, &a.cart));
    let (one, other) = (one.at("/cartMerge/cart/id").clone(), other.at("/cartMerge/cart/id").clone());
    let carts = [a.read_cart().await, b.read_cart().await];
    let left: Vec<&Value> = carts.iter().filter(|cart| !cart.is_null()).collect();
    assert_eq!(left.len(), 1, "{one} {other} {carts:#?}");
    assert_eq!(left[0]["totalQuantity"], json!(7));
    shop.books_balance().await;
}

/// Story 14.
#[tokio::test]
async fn signing_in_as_someone_else_gives_neither_cart_away() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 50)])).await;
    let (ada, eve) = (shop.customer("ada@example.org").await, shop.customer("eve@example.org").await);
    let (mut of_ada, mut of_eve) =
        (shop.shopper_with_cart([("mug", 1)]).await, shop.shopper_with_cart([("mug", 2)]).await);
    ada.signs_in(&mut of_ada).await;
    eve.signs_in(&mut of_eve).await;

    // Ada has left, and her browser still knows her cart.
    let refused = eve.tries_to_sign_in(&of_ada).await;
    assert_eq!(codes(&refused, "cartBuyerIdentityUpdate"), ["INVALID"]);
    assert_eq!(refused.at("/cartBuyerIdentityUpdate/cart"), &Value::Null);
    assert_eq!(eve.reads(&of_ada, &of_ada.cart).await, Value::Null);
    for [from, into] in [[&of_ada.cart, &of_eve.cart], [&of_eve.cart, &of_ada.cart]] {
        let refused = eve.merges(&of_eve, from, into).await;
        assert_eq!(codes(&refused, "cartMerge"), ["INVALID"], "{from} into {into}");
    }
    let query = "mutation($id: ID!, $token: String!) @inContext(buyer: { customerAccessToken: $token }) {
        cartNoteUpdate(cartId: $id, note: \"mine\") { cart { id } userErrors { code } }
        orderPlace(cartId: $id, idempotencyKey: \"eves\") { order { id } userErrors { code } } }";
    let refused = of_eve.ask(query, json!({ "id": of_ada.cart, "token": eve.token })).await;
    assert_eq!(codes(&refused, "cartNoteUpdate"), ["INVALID"]);
    assert_eq!(refused.at("/orderPlace/order"), &Value::Null);

    assert_eq!(ada.reads(&of_ada, &of_ada.cart).await["totalQuantity"], 1, "each is as it was");
    assert_eq!(eve.reads(&of_eve, &of_eve.cart).await["totalQuantity"], 2);
    // What Ada has ordered is shown to nobody who repeats her request as somebody else.
    let placed = of_ada.place_order("adas").await;
    assert!(placed.is_placed());
    let repeat = "mutation($id: ID!, $token: String!) @inContext(buyer: { customerAccessToken: $token }) {
        orderPlace(cartId: $id, idempotencyKey: \"adas\") { order { id token } userErrors { code } } }";
    let ids = |token: &str| json!({ "id": of_ada.cart, "token": token });
    let (hers, eves) = (of_ada.ask(repeat, ids(&ada.token)).await, of_ada.ask(repeat, ids(&eve.token)).await);
    assert_eq!(hers.at("/orderPlace/order/token"), &json!(placed.token()));
    assert_eq!(eves.at("/orderPlace/order"), &Value::Null);
    // A token that is none is no leave to go on as a guest.
    let stray = of_eve.ask(query, json!({ "id": of_eve.cart, "token": "stoa_ct_x" })).await;
    assert_eq!(stray.code(), "UNAUTHENTICATED");
    shop.books_balance().await;
}

#[tokio::test]
async fn one_network_cannot_hold_a_whole_shelf() {
    let setup = Setup::selling([Item::new("mug", "12.50", 100)]).config(|config| {
        config.settings.units.per_buyer = std::num::NonZeroU32::new(20);
        config.settings.units.per_network = std::num::NonZeroU32::new(30);
    });
    let shop = Shop::with(setup).await;
    let mug = shop.gid("mug").await;
    let first = shop.shopper_with_cart([("mug", 20)]).await;
    let refused = first.add(&mug, 1).await;
    assert_eq!(codes(&refused, "cartLinesAdd"), ["MAXIMUM_EXCEEDED"], "a buyer has so many at most");
    let second = shop.shopper_with_cart([("mug", 10)]).await;
    let refused = second.add(&mug, 1).await;
    assert_eq!(codes(&refused, "cartLinesAdd"), ["MAXIMUM_EXCEEDED"], "and so has a network");
    assert_eq!(second.quantities().await, [10], "nothing has changed");

    // What is taken out again can be put in elsewhere.
    let line = first.read_cart().await["lines"]["nodes"][0]["id"].clone();
    first.update_lines(json!([{ "id": line, "quantity": 15 }])).await;
    assert_eq!(codes(&second.add(&mug, 5).await, "cartLinesAdd"), [""; 0]);
    assert_eq!(codes(&second.add(&mug, 1).await, "cartLinesAdd"), ["MAXIMUM_EXCEEDED"]);
    shop.books_balance().await;
}

/// An order keeps its units for as long as it may be paid, whether or not they were held in the cart.
#[tokio::test]
async fn one_network_cannot_order_a_whole_shelf_and_not_pay() {
    let setup = Setup::selling([Item::new("mug", "12.50", 100)]).config(|config| {
        config.settings.hold_timing = HoldTiming::Checkout;
        config.settings.units.per_network = std::num::NonZeroU32::new(30);
    });
    let shop = Shop::with(setup).await;
    let first = shop.shopper_with_cart([("mug", 20)]).await;
    let placed = first.place_order("first").await;
    assert!(placed.is_placed());
    let too_much = shop.shopper_with_cart([("mug", 11)]).await;
    for _ in 0..2 {
        assert_eq!(too_much.place_order("too much").await.refusals(), ["MAXIMUM_EXCEEDED"]);
    }
    assert_eq!(shop.stock("mug").await.allocated, 20, "nothing has changed");
    assert_eq!(too_much.quantities().await, [11], "and the cart is as it was");

    // The same request again takes nothing, and neither does what was refused.
    assert_eq!(first.place_order("first").await.order_id(), placed.order_id());
    let second = shop.shopper_with_cart([("mug", 10)]).await;
    assert!(second.place_order("second").await.is_placed());
    assert_eq!(too_much.place_order("too much").await.refusals(), ["MAXIMUM_EXCEEDED"]);
    shop.books_balance().await;
}

/// What is held for longer counts for longer: nobody keeps a shelf by touching carts now and then.
#[tokio::test]
async fn holds_that_are_kept_going_count_again() {
    let setup = Setup::selling([Item::new("mug", "12.50", 100)]).config(|config| {
        config.settings.units.per_buyer = std::num::NonZeroU32::new(20);
        config.settings.units.per_network = std::num::NonZeroU32::new(40);
    });
    let shop = Shop::with(setup).await;
    let mug = shop.gid("mug").await;
    let first = shop.shopper_with_cart([("mug", 20)]).await;
    let held = async |shopper: &Shopper| shopper.read_cart().await["heldUntil"].clone();
    let touch = async |shopper: &Shopper, note: &str| {
        shopper.change("cartNoteUpdate", &[("note", "String!", json!(note))]).await;
    };
    let until = held(&first).await;
    // Two thirds of a quarter of an hour later: 14 of the 20 count again, for what they are held for longer.
    shop.clock.advance(TimeDelta::minutes(10));
    touch(&first, "one").await;
    assert_ne!(held(&first).await, until);
    let second = shop.shopper_with_cart([("mug", 6)]).await;
    assert_eq!(codes(&second.add(&mug, 3).await, "cartLinesAdd"), ["MAXIMUM_EXCEEDED"]);

    // The share is used up: carts may be changed, and are held no longer than they were.
    let until = held(&first).await;
    shop.clock.advance(TimeDelta::minutes(10));
    touch(&first, "two").await;
    assert_eq!((held(&first).await, &first.read_cart().await["note"]), (until, &json!("two")));
    shop.clock.advance(TimeDelta::minutes(10));
    touch(&first, "three").await;
    assert_eq!(held(&first).await, Value::Null, "what has lapsed is not held anew");
    assert_eq!(first.quantities().await, [20], "and is in the cart as it was");
    shop.books_balance().await;
}

#[tokio::test]
async fn a_customers_address_goes_onto_their_own_cart_alone() {
    let shop = Shop::open().await;
    let (ada, eve) = (shop.customer("ada@example.org").await, shop.customer("eve@example.org").await);
    let query = "mutation($token: String!, $address: MailingAddressInput!) {
      customerAddressCreate(address: $address, customerAccessToken: $token) { customerAddress { id } } }";
    let home = json!({ "lastName": "Lovelace", "address1": "12 Analytical Way", "city": "Salem", "province": "IL",
                       "zip": "62701", "country": "US" });
    let entry = ada.ask(query, json!({ "address": home })).await;
    let entry = entry.at("/customerAddressCreate/customerAddress/id");
    let copied = json!([{ "selected": true, "address": { "copyFromCustomerAddressId": entry } }]);
    let query = "mutation($id: ID!, $key: String!, $addresses: [CartSelectableAddressInput!]!, $token: String!)
        @inContext(language: DE, buyer: { customerAccessToken: $token }) {
        cartDeliveryAddressesAdd(cartId: $id, addresses: $addresses) { userErrors { code field } }
        orderPlace(cartId: $id, idempotencyKey: $key) { order { id token shippingAddress { city } } userErrors { code } } }";
    let mut of_ada = shop.shopper_with_cart([("mug", 1)]).await;
    ada.signs_in(&mut of_ada).await;
    let mut of_eve = shop.shopper_with_cart([("mug", 1)]).await;
    eve.signs_in(&mut of_eve).await;

    let guest = shop.shopper_with_cart([("mug", 1)]).await;
    let addresses = ("addresses", "[CartSelectableAddressInput!]!", copied.clone());
    let refused = guest.change("cartDeliveryAddressesAdd", &[addresses]).await;
    assert_eq!(codes(&refused, "cartDeliveryAddressesAdd"), ["INVALID_DELIVERY_ADDRESS_ID"]);
    let eves = of_eve
        .ask(query, json!({ "id": of_eve.cart, "key": "eves", "addresses": copied, "token": eve.token }))
        .await;
    assert_eq!(codes(&eves, "cartDeliveryAddressesAdd"), ["INVALID_DELIVERY_ADDRESS_ID"]);
    assert_eq!(eves.at("/orderPlace/order/shippingAddress/city"), "Springfield");

    let adas = of_ada
        .ask(query, json!({ "id": of_ada.cart, "key": "adas", "addresses": copied, "token": ada.token }))
        .await;
    assert_eq!(codes(&adas, "cartDeliveryAddressesAdd"), [""; 0]);
    assert_eq!(adas.at("/orderPlace/order/shippingAddress/city"), "Salem");
    let id = adas.at("/orderPlace/order/id").as_str().and_then(|id| id.rsplit('/').next()?.parse().ok());
    let order = shop.order(id.expect("an order's id")).await;
    let owner = order.customer.map(|id| json!(format!("gid://stoa/Customer/{id}")));
    assert_eq!((owner, order.locale), (Some(ada.sees("id").await["id"].clone()), Some(Locale::De)));
    shop.books_balance().await;
}

/// Who shows a sign-in with the request itself need not say so again. What is said nearer counts more, and whose a cart is, nobody
/// else is told.
#[tokio::test]
async fn the_sign_in_of_a_request_counts_for_its_carts() {
    let shop = Shop::open().await;
    let (ada, eve) = (shop.customer("ada@example.org").await, shop.customer("eve@example.org").await);
    let make = "mutation($mug: ID!) { cartCreate(input: { lines: [{ merchandiseId: $mug, quantity: 1 }] }) {
      cart { id totalQuantity buyerIdentity { email customer { email } } } userErrors { code } } }";
    let mug = json!({ "mug": shop.gid("mug").await });
    let made = ada.request(make, mug.clone()).await;
    let cart = made.at("/cartCreate/cart");
    let adas = json!({ "email": "ada@example.org", "customer": { "email": "ada@example.org" } });
    assert_eq!(cart["buyerIdentity"], adas);
    let again = ada.request(make, mug).await;
    assert_eq!(again.at("/cartCreate/cart/id"), &cart["id"], "a customer has one cart");
    assert_eq!(again.at("/cartCreate/cart/totalQuantity"), 2);

    let read = "query($id: ID!) { cart(id: $id) { buyerIdentity { email customer { email } } } }";
    let by_token = "query($id: ID!, $token: String!) @inContext(buyer: { customerAccessToken: $token }) {
      cart(id: $id) { buyerIdentity { email customer { email } } } }";
    let id = json!({ "id": cart["id"] });
    assert_eq!(ada.request(read, id.clone()).await.at("/cart/buyerIdentity"), &adas);
    assert_eq!(eve.request(read, id.clone()).await.at("/cart"), &Value::Null);
    let nearer = eve.request(by_token, json!({ "id": cart["id"], "token": ada.token })).await;
    assert_eq!(nearer.at("/cart/buyerIdentity"), &adas);
    let guest = shop.shopper().ask(read, id).await;
    assert_eq!(
        guest.at("/cart/buyerIdentity/customer"),
        &Value::Null,
        "who has the id has the cart, and no more"
    );
    shop.books_balance().await;
}

/// A page that follows a cart says who it is as its socket begins; another customer follows nothing, and a token that is none opens
/// nothing.
#[tokio::test]
async fn a_socket_is_of_whoever_it_says() {
    let shop = Shop::open().await;
    let (ada, eve) = (shop.customer("ada@example.org").await, shop.customer("eve@example.org").await);
    let mut of_ada = shop.shopper_with_cart([("mug", 1)]).await;
    ada.signs_in(&mut of_ada).await;
    let follow = "subscription($id: ID!) { cartUpdated(cartId: $id) { totalQuantity buyerIdentity { customer { email } } } }";
    let seen = async |payload: Value| {
        let mut socket = Socket::begin(&shop, &payload).await;
        assert_eq!(socket.receive().await["type"], "connection_ack");
        socket.subscribe("1", follow, &json!({ "id": of_ada.cart })).await;
        socket.receive().await["payload"]["data"]["cartUpdated"].clone()
    };
    let whole =
        json!({ "totalQuantity": 1, "buyerIdentity": { "customer": { "email": "ada@example.org" } } });
    assert_eq!(seen(json!({ "authorization": format!("Bearer {}", ada.token) })).await, whole);
    assert_eq!(seen(json!({ "customerAccessToken": ada.token })).await, whole);
    assert_eq!(seen(json!({ "customerAccessToken": eve.token })).await, Value::Null);
    let guest = seen(json!({})).await;
    assert_eq!(guest, json!({ "totalQuantity": 1, "buyerIdentity": { "customer": null } }));
    let mut stray = Socket::begin(&shop, &json!({ "customerAccessToken": "stoa_ct_x" })).await;
    assert_eq!(stray.closed().await, 4403);
}

/// Whoever knows the id of a cart has the cart, and not its owner: neither where they are written to, nor where they live.
#[tokio::test]
async fn whoever_has_a_cart_s_id_is_not_shown_its_owner() {
    let shop = Shop::open().await;
    let ada = shop.customer("ada@example.org").await;
    let query = "mutation($address: MailingAddressInput!, $token: String!) {
      customerAddressCreate(address: $address, customerAccessToken: $token) { customerAddress { id } } }";
    let home = json!({ "lastName": "Lovelace", "address1": "12 Analytical Way", "city": "Salem", "province": "IL",
                       "zip": "62701", "country": "US" });
    let entry = ada.ask(query, json!({ "address": home })).await;
    let entry = entry.at("/customerAddressCreate/customerAddress/id").clone();
    let make = "mutation($mug: ID!, $entry: ID!) { cartCreate(input: {
      lines: [{ merchandiseId: $mug, quantity: 1 }],
      delivery: { addresses: [{ selected: true, address: { copyFromCustomerAddressId: $entry } }] } }) {
      cart { id } userErrors { code } } }";
    let made = ada.request(make, json!({ "mug": shop.gid("mug").await, "entry": entry })).await;
    let cart = made.at("/cartCreate/cart/id").clone();

    let shown = "id buyerIdentity { email deliveryAddressPreferences { ... on MailingAddress { city } } }
      delivery { addresses { address { ... on CartDeliveryAddress { city } } } }
      deliveryGroups(first: 5) { nodes { deliveryAddress { city } } } cost { totalAmount { amount } }";
    let read = format!("query($id: ID!) {{ cart(id: $id) {{ {shown} }} }}");
    let hers = ada.request(&read, json!({ "id": cart })).await.at("/cart").clone();
    let salem = json!([{ "city": "Salem" }]);
    assert_eq!(
        hers["buyerIdentity"],
        json!({ "email": "ada@example.org", "deliveryAddressPreferences": salem })
    );
    assert_eq!(hers["deliveryGroups"]["nodes"], json!([{ "deliveryAddress": { "city": "Salem" } }]));
    assert_eq!(hers["delivery"]["addresses"], json!([{ "address": { "city": "Salem" } }]));

    let note =
        format!("mutation($id: ID!) {{ cartNoteUpdate(cartId: $id, note: \"x\") {{ cart {{ {shown} }} }} }}");
    let ids = json!({ "id": cart });
    let guest = shop.shopper();
    let (seen, changed) = (guest.ask(&read, ids.clone()).await, guest.ask(&note, ids.clone()).await);
    for seen in [seen.at("/cart"), changed.at("/cartNoteUpdate/cart")] {
        assert_eq!(seen["buyerIdentity"], json!({ "email": null, "deliveryAddressPreferences": [] }));
        assert_eq!(
            (&seen["delivery"]["addresses"], &seen["deliveryGroups"]["nodes"]),
            (&json!([]), &json!([]))
        );
        assert_eq!(seen["cost"], hers["cost"], "what it costs is no secret");
    }
    // Nor does anybody find out by ordering it.
    let place = "mutation($id: ID!, $key: String!) {
      cartBuyerIdentityUpdate(cartId: $id, buyerIdentity: { email: \"eve@example.org\" }) { userErrors { code } }
      orderPlace(cartId: $id, idempotencyKey: $key) { order { shippingAddress { city } } userErrors { code } } }";
    let eves = guest.ask(place, json!({ "id": cart, "key": "eves" })).await;
    assert_eq!(codes(&eves, "orderPlace"), ["DELIVERY_ADDRESS_REQUIRED"]);
    let mine = "mutation($id: ID!) { orderPlace(cartId: $id, idempotencyKey: \"adas\") { order { shippingAddress { city } } userErrors { code } } }";
    let adas = ada.request(mine, ids).await;
    assert_eq!(adas.at("/orderPlace/order/shippingAddress/city"), "Salem");
    shop.books_balance().await;
}

/// However many fields ask who buys, it is looked up once.
#[tokio::test]
async fn who_buys_is_looked_up_once() {
    let shop = Shop::open().await;
    let ada = shop.customer("ada@example.org").await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    // Others tick in the background: the least of a few tries is the request's own.
    let cost = async |fields: usize, context: &str| {
        let carts: String =
            (0..fields).map(|n| format!("c{n}: cart(id: $id) {{ totalQuantity }} ")).collect();
        let query = format!("query($id: ID!{context} {{ {carts} }}");
        let mut least = u64::MAX;
        for _ in 0..5 {
            let before = shop.db().statements();
            let ids = json!({ "id": shopper.cart, "token": ada.token });
            shopper.ask(&query, ids).await.at("/c0/totalQuantity");
            least = least.min(shop.db().statements() - before);
        }
        least
    };
    let buyer = ", $token: String!) @inContext(buyer: { customerAccessToken: $token })";
    for fields in [1, 8] {
        assert_eq!(cost(fields, buyer).await, cost(fields, ")").await + 1, "{fields} carts");
    }
}
