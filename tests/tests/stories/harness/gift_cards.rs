//! Gift cards and store credit, as staff make them and buyers spend them over the public API.

use super::{database, graphql::Answer, rules::minor, shop::Shop, shopper::Shopper, staff::Staff};
use serde_json::{Value, json};
use stoa_domain::shared::{IdGenerator, OrderId};
use stoa_services::system::SystemIds;

const ERRORS: &str = "userErrors { code field message }";

/// A card that was issued.
#[derive(Clone, Debug)]
pub(crate) struct Card {
    /// Its global id, for staff.
    pub(crate) id: String,
    /// What its owner knows.
    pub(crate) code: String,
}

impl Shop {
    /// Issues a card with an amount of the shop's currency on it.
    pub(crate) async fn card(&self, by: &Staff, amount: &str) -> Card {
        self.card_in(by, amount, "USD").await
    }

    /// The same in another currency.
    pub(crate) async fn card_in(&self, by: &Staff, amount: &str, currency: &str) -> Card {
        let query = format!(
            "mutation($i: GiftCardCreateInput!) {{ giftCardCreate(input: $i) {{ code giftCard {{ id }} {ERRORS} }} }}"
        );
        let key = format!("card {}", SystemIds.id());
        let input =
            json!({ "amount": { "amount": amount, "currencyCode": currency }, "idempotencyKey": key });
        let made = self.staff_does(by, &query, json!({ "i": input })).await;
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        Card { id: text(&made["giftCard"]["id"]), code: text(&made["code"]) }
    }

    /// What is on a card, as staff read it.
    pub(crate) async fn balance(&self, by: &Staff, card: &str) -> i64 {
        let query = "query($id: ID!) { admin { giftCard(id: $id) { balance { amount currencyCode } } } }";
        minor(&self.ask_as(by, query, json!({ "id": card })).await.at("/admin/giftCard")["balance"])
    }

    /// What has come onto a card and gone off it, in order: which comes to what is on it.
    pub(crate) async fn entries(&self, by: &Staff, card: &str) -> Vec<(String, i64)> {
        let query = "query($id: ID!) { admin { giftCardEntries(giftCardId: $id, first: 100) {
          nodes { kind amount { amount currencyCode } } } } }";
        let read = self.ask_as(by, query, json!({ "id": card })).await;
        let nodes = read.at("/admin/giftCardEntries/nodes").as_array().expect("entries").clone();
        let entry =
            |entry: &Value| (entry["kind"].as_str().expect("a kind").to_owned(), minor(&entry["amount"]));
        let entries: Vec<(String, i64)> = nodes.iter().map(entry).collect();
        assert_eq!(entries.iter().map(|(_, amount)| amount).sum::<i64>(), self.balance(by, card).await);
        entries
    }

    /// Gives money back; gives the payload, with one refund a payment.
    pub(crate) async fn refund(&self, by: &Staff, refund: Value) -> Value {
        let query = format!(
            "mutation($i: RefundInput!) {{ refundCreate(input: $i) {{
             refund {{ id }} refunds {{ id paymentId amount {{ amount currencyCode }} }} {ERRORS} }} }}"
        );
        self.ask_as(by, &query, json!({ "i": refund })).await.at("/refundCreate").clone()
    }

    /// The order as staff see its money.
    pub(crate) async fn money_of(&self, by: &Staff, order: OrderId) -> Value {
        let query = "query($id: ID!) { admin { order(id: $id) { displayFinancialStatus
          totalPrice { ...M } totalRefunded { ...M } refundableAmount { ...M }
          lineItems(first: 20) { nodes { id quantity } }
          payments { id gateway giftCardId amount { ...M } amountReceived { ...M } amountRefunded { ...M } } } } }
          fragment M on MoneyV2 { amount currencyCode }";
        let id = format!("gid://stoa/Order/{order}");
        self.ask_as(by, query, json!({ "id": id })).await.at("/admin/order").clone()
    }

    /// What has gone back at the gateway, in its own units, once it has been asked for all that is to go.
    pub(crate) async fn refunded_at_gateway(&self, intent: &str) -> Vec<i64> {
        let waiting = "SELECT count(*) FROM refunds WHERE state = 'requested' AND gateway_refund IS NULL";
        self.until("refunds are sent", || async {
            self.run_jobs().await;
            database::number(self.folder.path(), waiting).await == 0
        })
        .await;
        self.settle().await;
        let list = self.gateway_get(&format!("/v1/refunds?payment_intent={intent}")).await;
        let refunds = list["data"].as_array().expect("refunds");
        refunds.iter().map(|refund| refund["amount"].as_i64().expect("an amount")).collect()
    }
}

impl Shopper {
    /// Puts cards on the cart in place of those that were there.
    pub(crate) async fn pays_with(&self, codes: &[&str]) -> Answer {
        let codes = [("giftCardCodes", "[String!]!", json!(codes))];
        self.change("cartGiftCardCodesUpdate", &codes).await
    }

    /// The same, with cards that can be used; gives the cart, which adds up.
    pub(crate) async fn has_paid_with(&self, codes: &[&str]) -> Value {
        let put = self.pays_with(codes).await;
        assert_eq!(put.at("/cartGiftCardCodesUpdate/userErrors"), &json!([]), "{:#}", put.body);
        self.priced().await
    }
}
