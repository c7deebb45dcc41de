//! Connections that stay open, and sign-ins that end meanwhile.

use crate::harness::{Customer, Events, PASSWORD, Shop, Socket};
use chrono::TimeDelta;
use serde_json::{Value, json};

const ADA: &str = "ada@example.org";
const VIEWER: &str = "{ viewer { customer { email } } }";
const CART: &str = "subscription($id: ID!) { cartUpdated(cartId: $id) { totalQuantity } }";

/// An access token, as a page has it.
async fn access_token(shop: &Shop) -> String {
    let query =
        "mutation($input: CustomerSignInInput!) { customerSignIn(input: $input) { tokens { accessToken } } }";
    let input = json!({ "email": ADA, "password": PASSWORD });
    let answer = shop.endpoint.ask(query, json!({ "input": input })).await;
    answer.at("/customerSignIn/tokens/accessToken").as_str().expect("a token").to_owned()
}

async fn socket_of(shop: &Shop, token: &str) -> Socket {
    let mut socket = Socket::begin(shop, &json!({ "authorization": format!("Bearer {token}") })).await;
    assert_eq!(socket.receive().await["type"], "connection_ack");
    socket
}

/// What the socket answers to who asks who they are: their address, or the code of the refusal.
async fn asks_who(socket: &mut Socket) -> Value {
    socket.subscribe("who", VIEWER, &json!({})).await;
    let message = socket.receive().await;
    if message["type"] == "error" {
        return message["payload"][0]["extensions"]["code"].clone();
    }
    assert_eq!(socket.receive().await["type"], "complete");
    message["payload"]["data"]["viewer"]["customer"]["email"].clone()
}

async fn signs_out_everywhere(customer: &Customer) {
    let out = "mutation { customerSignOutEverywhere { endedSessions userErrors { code } } }";
    assert_ne!(customer.request(out, json!({})).await.at("/customerSignOutEverywhere/endedSessions"), 0);
}

/// Whoever was signed out does nothing more over a socket that is still open: neither reads nor writes.
#[tokio::test]
async fn a_socket_is_nobodys_once_its_sign_in_has_ended() {
    let shop = Shop::open().await;
    let ada = shop.customer(ADA).await;
    let by_token = access_token(&shop).await;
    let mut sockets = [socket_of(&shop, &by_token).await, socket_of(&shop, &ada.token).await];
    let mut guest = Socket::open(&shop, None).await.expect("a socket");
    for socket in &mut sockets {
        assert_eq!(asks_who(socket).await, ADA);
    }
    signs_out_everywhere(&ada).await;
    let agree =
        "mutation { customerMarketingConsentUpdate(input: { granted: true }) { userErrors { code } } }";
    for socket in &mut sockets {
        assert_eq!(asks_who(socket).await, "UNAUTHENTICATED");
        socket.subscribe("agree", agree, &json!({})).await;
        assert_eq!(socket.receive().await["payload"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }
    assert_eq!(asks_who(&mut guest).await, Value::Null, "whoever has shown nothing goes on");
    let back = shop.sign_in(ADA, PASSWORD).await;
    let token = back.at("/customerAccessTokenCreate/customerAccessToken/accessToken");
    let mut again = socket_of(&shop, token.as_str().expect("a token")).await;
    assert_eq!(asks_who(&mut again).await, ADA);
}

/// A socket does not make an access token last longer.
#[tokio::test]
async fn a_socket_ends_with_its_access_token() {
    let shop = Shop::open().await;
    shop.customer(ADA).await;
    let mut socket = socket_of(&shop, &access_token(&shop).await).await;
    shop.clock.advance(TimeDelta::minutes(9));
    assert_eq!(asks_who(&mut socket).await, ADA);
    shop.clock.advance(TimeDelta::minutes(2));
    assert_eq!(asks_who(&mut socket).await, "UNAUTHENTICATED");
}

/// What is followed is not told any more to who was signed out, over a socket and as an event stream.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_followed_ends_with_the_sign_in() {
    let shop = Shop::open().await;
    let ada = shop.customer(ADA).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let mug = shop.gid("mug").await;
    let cart = json!({ "id": shopper.cart });
    let mut socket = socket_of(&shop, &ada.token).await;
    socket.subscribe("1", CART, &cart).await;
    let shown = [("authorization", format!("Bearer {}", ada.token))];
    let mut events = Events::post_with(&shop, &shown, CART, &cart).await;
    for quantity in 1..=2 {
        let told = json!({ "cartUpdated": { "totalQuantity": quantity } });
        assert_eq!(socket.receive().await["payload"]["data"], told);
        assert_eq!(events.receive().await.expect("an event")["payload"]["data"], told);
        if quantity == 1 {
            shopper.add(&mug, 1).await;
        }
    }
    signs_out_everywhere(&ada).await;
    shopper.add(&mug, 1).await;
    let refused = socket.receive().await;
    assert_eq!((&refused["id"], &refused["type"]), (&json!("1"), &json!("error")), "{refused:#}");
    assert_eq!(refused["payload"][0]["extensions"]["code"], "UNAUTHENTICATED");
    let last = events.receive().await.expect("a last event");
    assert_eq!(last["payload"]["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{last:#}");
    assert_eq!(last["payload"].get("data"), None, "{last:#}");
    assert_eq!(events.receive().await.expect("the end")["type"], "complete");
}
