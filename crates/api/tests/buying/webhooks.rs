//! What the payment gateway tells, and what it is answered.

use crate::{
    gateway::{SIGNATURE, STALE},
    shop::{Shop, read},
};
use axum::{
    body::Body,
    http::{Request, Response, StatusCode},
};
use serde_json::{Value, json};

impl Shop {
    /// Sends a webhook call with this signature.
    pub(crate) async fn webhook(&self, signature: &str, body: impl Into<Body>) -> Response<Body> {
        let request = Request::post("/webhooks/stripe").header("stripe-signature", signature);
        self.send(request.body(body.into()).unwrap()).await
    }
}

async fn code(response: Response<Body>) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = read(response).await;
    (status, body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_call_that_is_not_believed_is_400_and_changes_nothing() {
    let shop = Shop::open().await;
    let event = json!({ "id": "evt_1", "type": "other" }).to_string();
    assert_eq!(code(shop.webhook("forged", event.clone()).await).await, (400, "BAD_SIGNATURE".into()));
    assert_eq!(code(shop.webhook(STALE, event.clone()).await).await, (400, "STALE_SIGNATURE".into()));
    assert_eq!(code(shop.webhook(SIGNATURE, "not JSON").await).await, (400, "MALFORMED_EVENT".into()));
    assert_eq!(code(shop.webhook(SIGNATURE, "{}").await).await, (400, "MALFORMED_EVENT".into()));
    let unsigned = Request::post("/webhooks/stripe").body(Body::from(event)).unwrap();
    assert_eq!(code(shop.send(unsigned).await).await, (400, "BAD_SIGNATURE".into()));
}

#[tokio::test]
async fn everything_that_is_believed_is_200_however_often_it_comes() {
    let shop = Shop::open().await;
    let unknown_kind = json!({ "id": "evt_1", "type": "other" });
    let somebody_elses = json!({ "id": "evt_2", "type": "paid", "intent": "pi_unknown", "amount": 1 });
    for event in [&unknown_kind, &somebody_elses, &unknown_kind, &somebody_elses] {
        let response = shop.webhook(SIGNATURE, event.to_string()).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(read(response).await, json!({ "received": true }));
    }
}

#[tokio::test]
async fn an_event_that_comes_three_times_at_once_pays_once() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 5).await;
    let cart = shop.ready_cart(&[(&mug, 1)]).await;
    let order = shop.place(&cart, "key", None).await["order"].clone();
    let intent = shop.intent(order["id"].as_str().unwrap()).await;
    let event = json!({ "id": "evt_1", "type": "paid", "intent": intent, "amount": 1940 }).to_string();
    let calls = [0; 3].map(|_| shop.webhook(SIGNATURE, event.clone()));
    for response in futures_util::future::join_all(calls).await {
        assert_eq!(response.status(), StatusCode::OK);
    }
    let query = "query($token: String!) { order(lookup: { token: $token }) { financialStatus } }";
    let paid = shop.ask(query, json!({ "token": order["token"] })).await;
    assert_eq!(paid["financialStatus"], "PAID");
}

#[tokio::test]
async fn a_body_larger_than_any_event_is_not_read() {
    let shop = Shop::open().await;
    let response = shop.webhook(SIGNATURE, vec![b' '; 1024 * 1024 + 1]).await;
    assert_eq!(code(response).await, (413, "PAYLOAD_TOO_LARGE".into()));
}

#[tokio::test]
async fn our_own_failure_asks_for_the_event_again() {
    let shop = Shop::open().await;
    shop.db.clone().close().await.unwrap();
    let event = json!({ "id": "evt_1", "type": "other" }).to_string();
    let (status, code) = code(shop.webhook(SIGNATURE, event).await).await;
    assert!(status == 500 || status == 503, "{status}");
    assert_eq!(code, "NOT_APPLIED");
}
