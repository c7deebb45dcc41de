//! The whole purchase: cart, two lines, address, delivery, order, payment at the sandbox, and the webhook that makes it paid.

use super::add_line::LINES_ADD;
use crate::{
    client::{Connection, Document, data},
    load::Worker,
    random::Random,
};
use anyhow::{Context, bail};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

pub(super) const CART_CREATE: &str = include_str!("../../documents/cart-create.graphql");
const ADDRESS_ADD: &str = include_str!("../../documents/address-add.graphql");
const DELIVERY_SELECT: &str = include_str!("../../documents/delivery-select.graphql");
const ORDER_PLACE: &str = include_str!("../../documents/order-place.graphql");
const ORDER_STATUS: &str = include_str!("../../documents/order-status.graphql");

/// After how long the thank-you page asks whether the payment has arrived: no page does it that soon, but who waits buys nothing else.
const ASK_FIRST: Duration = Duration::from_millis(20);
const ASK_AGAIN: Duration = Duration::from_millis(40);
/// A payment that has not arrived after so long never will.
const PATIENCE: Duration = Duration::from_secs(30);

/// The documents of a purchase.
pub(super) struct Documents {
    pays_at: SocketAddr,
    create: Document,
    add: Document,
    send_to: Document,
    deliver: Document,
    place: Document,
    status: Document,
}

impl Documents {
    pub(super) fn new(address: SocketAddr, pays_at: SocketAddr) -> Self {
        let document = |text| Document::new(address, text);
        Self {
            pays_at,
            create: document(CART_CREATE),
            add: document(LINES_ADD),
            send_to: document(ADDRESS_ADD),
            deliver: document(DELIVERY_SELECT),
            place: document(ORDER_PLACE),
            status: document(ORDER_STATUS),
        }
    }
}

/// Makes a cart whose buyer is known, and gives its id.
///
/// # Errors
/// The shop does not answer as it should.
pub(super) async fn new_cart(create: &Document, connection: &mut Connection) -> anyhow::Result<String> {
    let buyer = json!({ "email": "bench@example.com", "countryCode": "US" });
    let made = create.ask(connection, &json!({ "input": { "buyerIdentity": buyer } })).await?;
    text(&made, "/cartCreate/cart/id")
}

/// Buys two things, from an empty cart to the paid order, and then again.
pub(super) struct Purchase {
    connection: Connection,
    /// To the gateway.
    till: Connection,
    documents: Rc<Documents>,
    variants: Rc<Vec<String>>,
    random: Random,
}

/// An order that waits for its payment.
struct Placed {
    token: String,
    intent: String,
    client_secret: String,
    publishable_key: String,
}

impl Purchase {
    pub(super) fn new(
        (connection, till): (Connection, Connection),
        documents: &Rc<Documents>,
        variants: &Rc<Vec<String>>,
        seed: u64,
    ) -> Self {
        // Other numbers than those who only add lines.
        let random = Random::new(seed + 1_000);
        Self { connection, till, documents: Rc::clone(documents), variants: Rc::clone(variants), random }
    }

    /// A cart with two different lines in it: two requests.
    async fn fill(&mut self) -> anyhow::Result<String> {
        let cart = new_cart(&self.documents.create, &mut self.connection).await?;
        let first = self.random.below(self.variants.len());
        let second = (first + 1 + self.random.below(self.variants.len() - 1)) % self.variants.len();
        let lines = json!([
            { "merchandiseId": self.variants[first], "quantity": 1 },
            { "merchandiseId": self.variants[second], "quantity": 2 },
        ]);
        let variables = json!({ "cartId": cart, "lines": lines });
        let added = self.documents.add.ask(&mut self.connection, &variables).await?;
        if added["cartLinesAdd"]["cart"]["totalQuantity"] != 3 {
            bail!("the lines are not in the cart: {added}");
        }
        Ok(cart)
    }

    /// Where it goes, and how: two requests. Gives the total.
    async fn address(&mut self, cart: &str) -> anyhow::Result<Value> {
        let to = json!({
            "firstName": "Ada",
            "lastName": "Lovelace",
            "address1": "1 Analytical Way",
            "city": "Portland",
            "provinceCode": "OR",
            "zip": "97205",
            "countryCode": "US",
        });
        let addresses = json!([{ "selected": true, "address": { "deliveryAddress": to } }]);
        let variables = json!({ "cartId": cart, "addresses": addresses });
        let sent = self.documents.send_to.ask(&mut self.connection, &variables).await?;
        let group = "/cartDeliveryAddressesAdd/cart/deliveryGroups/edges/0/node";
        let option = json!({
            "deliveryGroupId": text(&sent, &format!("{group}/id"))?,
            "deliveryOptionHandle": text(&sent, &format!("{group}/deliveryOptions/0/handle"))?,
        });
        let variables = json!({ "cartId": cart, "options": [option] });
        let mut chosen = self.documents.deliver.ask(&mut self.connection, &variables).await?;
        let total = chosen.pointer_mut("/cartSelectedDeliveryOptionsUpdate/cart/cost/totalAmount");
        Ok(total.context("the cart has no total")?.take())
    }

    /// The order: one request.
    async fn place(&mut self, cart: &str, total: &Value) -> anyhow::Result<Placed> {
        let variables = json!({ "cartId": cart, "idempotencyKey": cart, "expectedTotal": total });
        let placed = self.documents.place.ask(&mut self.connection, &variables).await?;
        Ok(Placed {
            token: text(&placed, "/orderPlace/order/token")?,
            intent: text(&placed, "/orderPlace/paymentSession/paymentIntentId")?,
            client_secret: text(&placed, "/orderPlace/paymentSession/clientSecret")?,
            publishable_key: text(&placed, "/orderPlace/paymentSession/publishableKey")?,
        })
    }

    /// The payment, as the gateway's script in a browser makes it: one request.
    async fn pay(&mut self, placed: &Placed) -> anyhow::Result<()> {
        let line = format!("POST /v1/payment_intents/{}/confirm", placed.intent);
        let headers = format!(
            "authorization: Bearer {}\r\ncontent-type: application/x-www-form-urlencoded\r\n",
            placed.publishable_key
        );
        let form = format!(
            "client_secret={}&payment_method=pm_card_visa&return_url=https%3A%2F%2Fshop.example%2Fthanks",
            placed.client_secret
        );
        let paid = data(&mut self.till, self.documents.pays_at, &line, &headers, &form).await?;
        if paid["status"] != "succeeded" {
            bail!("the card was not charged: {paid}");
        }
        Ok(())
    }

    /// Waits until the gateway has reported the payment. Gives the number of requests.
    async fn until_paid(&mut self, placed: &Placed) -> anyhow::Result<u64> {
        let began = Instant::now();
        let variables = json!({ "token": placed.token });
        tokio::time::sleep(ASK_FIRST).await;
        for asked in 1.. {
            let order = self.documents.status.ask(&mut self.connection, &variables).await?;
            if order["order"]["financialStatus"] == "PAID" {
                return Ok(asked);
            }
            if began.elapsed() > PATIENCE {
                break;
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
        bail!("an order was not paid within {} s", PATIENCE.as_secs())
    }
}

impl Worker for Purchase {
    async fn unit(&mut self) -> anyhow::Result<u64> {
        let cart = self.fill().await?;
        let total = self.address(&cart).await?;
        let placed = self.place(&cart, &total).await?;
        self.pay(&placed).await?;
        Ok(6 + self.until_paid(&placed).await?)
    }
}

fn text(data: &Value, pointer: &str) -> anyhow::Result<String> {
    let found = data.pointer(pointer).and_then(Value::as_str);
    found.map(str::to_owned).with_context(|| format!("there is no {pointer} in {data}"))
}
