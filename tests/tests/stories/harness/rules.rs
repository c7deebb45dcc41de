//! Promotions, as staff make them and buyers meet them, over the public API alone.

use super::{graphql::Answer, shop::Shop, shopper::Shopper, staff::Staff};
use serde_json::{Value, json};

/// What is asked of a cart where it matters how its price came about.
const PRICED: &str = "fragment Priced on Cart { id totalQuantity
  cost { subtotalAmount { ...Money } totalAmount { ...Money } totalTaxAmount { ...Money } checkoutChargeAmount { ...Money }
    steps { kind title code percentage amount { ...Money } contained { ...Money } remainder lineId } }
  appliedGiftCards { id lastCharacters amountUsed { ...Money } presentmentAmountUsed { ...Money } balance { ...Money } }
  discountCodes { code applicable reason }
  discountAllocations { discountedAmount { ...Money } ... on CartCodeDiscountAllocation { code } }
  lines(first: 20) { nodes { id quantity ... on CartLine { isGift } merchandise { ... on ProductVariant { product { handle } } }
    discountAllocations { discountedAmount { ...Money } }
    cost { amountPerQuantity { ...Money } subtotalAmount { ...Money } totalAmount { ...Money } } } }
}
fragment Money on MoneyV2 { amount currencyCode }";
/// The same of an order.
const ORDER: &str = "query($token: String!) { order(lookup: { token: $token }) {
  totalPrice { ...Money } shopTotalPrice { ...Money } totalCharge { ...Money }
  totalDiscounts { ...Money } totalShippingPrice { ...Money } totalTax { ...Money }
  pricingSteps { kind title code percentage amount { ...Money } contained { ...Money } remainder lineId }
  lineItems(first: 20) { nodes { quantity originalTotalPrice { ...Money } discountedTotalPrice { ...Money }
    discountAllocations { allocatedAmount { ...Money } } } } } }
fragment Money on MoneyV2 { amount currencyCode }";
const ERRORS: &str = "userErrors { code field message }";

/// What staff who look after prices may do.
const SCOPES: [&str; 19] = [
    "promotions:read",
    "promotions:write",
    "orders:read",
    "orders:write",
    "orders:refund",
    "customers:read",
    "customers:write",
    "prices:read",
    "prices:write",
    "taxes:read",
    "taxes:write",
    "delivery:read",
    "delivery:write",
    "gift_cards:read",
    "gift_cards:write",
    "products:read",
    "products:write",
    "inventory:read",
    "inventory:write",
];

/// What everything is, of which something is taken off.
pub(crate) fn everything() -> Value {
    json!({ "all": true })
}

/// A share off everything, for everybody.
pub(crate) fn percent_off(percentage: &str) -> Value {
    json!({
        "title": format!("{percentage} % off"), "method": "AUTOMATIC",
        "action": { "percentOff": { "percentage": percentage, "target": everything() } },
    })
}

/// An amount off all lines together, for everybody.
pub(crate) fn amount_off(amount: &str) -> Value {
    json!({
        "title": format!("{amount} off"), "method": "AUTOMATIC",
        "action": { "amountOff": { "amount": { "amount": amount }, "per": "CART", "target": everything() } },
    })
}

/// The same promotion with something else in it.
pub(crate) fn with(mut promotion: Value, field: &str, value: Value) -> Value {
    promotion[field] = value;
    promotion
}

/// Minor units of an amount, of which there are all decimals of its currency. Without a currency: of one with two.
pub(crate) fn minor(money: &Value) -> i64 {
    let text = money["amount"].as_str().unwrap_or_else(|| panic!("no amount: {money}"));
    let decimals = match money["currencyCode"].as_str() {
        Some("JPY") => 0,
        Some("KWD") => 3,
        _ => 2,
    };
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    assert_eq!(rest.len(), decimals, "{money}");
    format!("{whole}{rest}").parse().unwrap_or_else(|_| panic!("no digits: {money}"))
}

/// What the steps come to that are no gift cards, and what all of them do.
fn summed(steps: &Value) -> [i64; 2] {
    let steps = steps.as_array().expect("steps");
    let sum = |counts: &dyn Fn(&Value) -> bool| {
        steps.iter().filter(|step| counts(step)).map(|step| minor(&step["amount"])).sum()
    };
    [sum(&|step| step["kind"] != "GIFT_CARD"), sum(&|_| true)]
}

/// What the steps of some kinds come to: of one line, where one is named; with the taxes that prices contain.
fn summed_of(steps: &Value, kinds: &[&str], line: Option<&Value>) -> i64 {
    let steps = steps.as_array().expect("steps").iter();
    let of_kind = steps.filter(|step| kinds.iter().any(|kind| step["kind"] == *kind));
    let counts = of_kind.filter(|step| line.is_none_or(|line| step["lineId"] == *line));
    let contained = |step: &Value| if step["contained"].is_null() { 0 } else { minor(&step["contained"]) };
    counts.map(|step| minor(&step["amount"]) + contained(step)).sum()
}

/// What the steps of one kind come to, in order: their titles and amounts.
pub(crate) fn steps_of(priced: &Value, kind: &str) -> Vec<(String, i64)> {
    let steps = priced.get("pricingSteps").unwrap_or(&priced["cost"]["steps"]).as_array().expect("steps");
    let of_kind = steps.iter().filter(|step| step["kind"] == kind);
    let told = |step: &Value| (step["title"].as_str().expect("a title").to_owned(), minor(&step["amount"]));
    of_kind.map(told).collect()
}

impl Shop {
    /// A program that looks after prices, with a key of the owner's.
    pub(crate) async fn merchant(&self) -> Staff {
        let owner = self.owner("owner@example.org").await;
        self.key(&owner, &SCOPES).await
    }

    /// Runs a mutation of staff's that must be done; gives its payload.
    pub(crate) async fn staff_does(&self, by: &Staff, query: &str, variables: Value) -> Value {
        let answer = self.ask_as(by, query, variables).await;
        let payloads = answer.at("").as_object().expect("an object");
        let payload = payloads.values().next().expect("a mutation").clone();
        assert_eq!(payload["userErrors"], json!([]), "{:#}", answer.body);
        payload
    }

    /// Makes a promotion, which is a draft; gives its global id.
    pub(crate) async fn draft(&self, by: &Staff, promotion: Value) -> String {
        let query = format!(
            "mutation($p: PromotionInput!) {{ promotionCreate(promotion: $p) {{ promotion {{ id }} {ERRORS} }} }}"
        );
        let made = self.staff_does(by, &query, json!({ "p": promotion })).await;
        made["promotion"]["id"].as_str().expect("an id").to_owned()
    }

    /// `promotionActivate` and its kind.
    pub(crate) async fn switch(&self, by: &Staff, mutation: &str, id: &str) {
        let query =
            format!("mutation($id: ID!) {{ {mutation}(id: $id) {{ promotion {{ state }} {ERRORS} }} }}");
        self.staff_does(by, &query, json!({ "id": id })).await;
    }

    /// Where staff change a rule it is known at once; another instance looks once a second, for which no story waits that is not about that.
    pub(crate) async fn looks_again(&self) {
        self.app.services().catalog.refresh().await.expect("SQL answers");
    }

    /// A promotion that is in use; gives its global id.
    pub(crate) async fn promote(&self, by: &Staff, promotion: Value) -> String {
        let id = self.draft(by, promotion).await;
        self.switch(by, "promotionActivate", &id).await;
        id
    }

    /// One that whoever enters a code has; the code itself may be used as often as the promotion.
    pub(crate) async fn promote_by_code(&self, by: &Staff, code: &str, promotion: Value) -> String {
        let id = self.promote(by, with(promotion, "method", json!("CODE"))).await;
        self.add_code(by, &id, json!({ "code": code })).await;
        id
    }

    /// One code more.
    pub(crate) async fn add_code(&self, by: &Staff, promotion: &str, code: Value) {
        let query = format!(
            "mutation($id: ID!, $c: [PromotionCodeInput!]!) {{ promotionCodesAdd(promotionId: $id, codes: $c) {{ codes {{ code }} {ERRORS} }} }}"
        );
        self.staff_does(by, &query, json!({ "id": promotion, "c": [code] })).await;
    }

    /// Writes a promotion anew, whichever version it has.
    pub(crate) async fn rewrite(&self, by: &Staff, id: &str, promotion: Value) {
        let read = "query($id: ID!) { admin { promotion(id: $id) { version } } }";
        let version = self.ask_as(by, read, json!({ "id": id })).await.at("/admin/promotion/version").clone();
        let query = format!(
            "mutation($id: ID!, $p: PromotionInput!, $v: Int!) {{ promotionUpdate(id: $id, promotion: $p, version: $v) {{ promotion {{ id }} {ERRORS} }} }}"
        );
        self.staff_does(by, &query, json!({ "id": id, "p": promotion, "v": version })).await;
    }

    /// On how many orders a code is, as staff read it.
    pub(crate) async fn code_used(&self, by: &Staff, promotion: &str, code: &str) -> i64 {
        let query = "query($id: ID!, $q: String) { admin { promotionCodes(promotionId: $id, query: $q, first: 1) { nodes { used } } } }";
        let read = self.ask_as(by, query, json!({ "id": promotion, "q": code })).await;
        read.at("/admin/promotionCodes/nodes/0/used").as_i64().expect("a number")
    }

    /// Staff cancel an order; its money goes back, if there is any.
    pub(crate) async fn cancel(&self, by: &Staff, order: stoa_domain::shared::OrderId) -> Answer {
        let query =
            "mutation($id: ID!) { orderCancel(orderId: $id, reason: STAFF, refund: true, restock: true) {
          order { id } userErrors { code message } } }";
        self.ask_as(by, query, json!({ "id": format!("gid://stoa/Order/{order}") })).await
    }

    /// The order as whoever has its token reads how its price came about: which adds up.
    pub(crate) async fn priced_order(&self, token: &str) -> Value {
        let order = self.shopper().ask(ORDER, json!({ "token": token })).await.at("/order").clone();
        let [total, charge] = summed(&order["pricingSteps"]);
        assert_eq!([total, charge], [minor(&order["totalPrice"]), minor(&order["totalCharge"])], "{order:#}");
        let steps = &order["pricingSteps"];
        assert_eq!(summed_of(steps, &["TAX"], None), minor(&order["totalTax"]), "{order:#}");
        let lines = order["lineItems"]["nodes"].as_array().expect("lines");
        // As many lines as were asked for may not be all.
        if lines.len() < 20 {
            let before = lines.iter().map(|line| minor(&line["originalTotalPrice"])).sum::<i64>();
            assert_eq!(summed_of(steps, &["BASE_PRICE", "PRICE_LIST"], None), before, "{order:#}");
        }
        order
    }
}

impl Shopper {
    /// Enters codes in place of those that were there.
    pub(crate) async fn enter(&self, codes: &[&str]) -> Answer {
        let query = format!(
            "mutation($id: ID!, $codes: [String!]!) {{ cartDiscountCodesUpdate(cartId: $id, discountCodes: $codes) {{
             cart {{ ...Priced }} userErrors {{ code field message }} warnings {{ code message target }} }} }} {PRICED}"
        );
        let answer = self.ask(&query, json!({ "id": self.cart, "codes": codes })).await;
        assert_eq!(answer.at("/cartDiscountCodesUpdate/userErrors"), &json!([]));
        assert_adds_up(answer.at("/cartDiscountCodesUpdate/cart"));
        answer
    }

    /// The cart, with how its price comes about: which adds up.
    pub(crate) async fn priced(&self) -> Value {
        let query = format!("query($id: ID!) {{ cart(id: $id) {{ ...Priced }} }} {PRICED}");
        let cart = self.ask(&query, json!({ "id": self.cart })).await.at("/cart").clone();
        assert_adds_up(&cart);
        cart
    }

    /// The cart's only address is in this province by now.
    pub(crate) async fn moves_to(&self, province: &str) {
        let mut there = super::address("Springfield");
        there["provinceCode"] = json!(province);
        let addresses = json!([{ "selected": true, "address": { "deliveryAddress": there } }]);
        let moved = [("addresses", "[CartSelectableAddressInput!]!", addresses)];
        let answer = self.change("cartDeliveryAddressesReplace", &moved).await;
        assert_eq!(answer.at("/cartDeliveryAddressesReplace/userErrors"), &json!([]));
    }

    /// What the cart costs, in minor units.
    pub(crate) async fn total(&self) -> i64 {
        minor(&self.priced().await["cost"]["totalAmount"])
    }

    /// Why each code that was entered is of no use; null where it is of use.
    pub(crate) async fn reasons(&self) -> Vec<Value> {
        let cart = self.priced().await;
        let codes = cart["discountCodes"].as_array().expect("codes");
        let why = |code: &Value| {
            assert_eq!(code["applicable"], code["reason"].is_null(), "{code}");
            code["reason"].clone()
        };
        codes.iter().map(why).collect()
    }

    /// Says who buys.
    pub(crate) async fn says_who(&self, identity: Value) -> Answer {
        let identity = [("buyerIdentity", "CartBuyerIdentityInput!", identity)];
        self.change("cartBuyerIdentityUpdate", &identity).await
    }
}

/// Steps come to the total and to the charge, those of a line to its price, those of taxes to the tax; and what lines cost is never below zero, nor is
/// the rest.
fn assert_adds_up(cart: &Value) {
    let cost = &cart["cost"];
    let (total, charge) = (minor(&cost["totalAmount"]), minor(&cost["checkoutChargeAmount"]));
    assert_eq!(summed(&cost["steps"]), [total, charge], "{cart:#}");
    assert!(total >= 0 && charge >= 0, "{cart:#}");
    assert_eq!(summed_of(&cost["steps"], &["TAX"], None), minor(&cost["totalTaxAmount"]), "{cart:#}");
    for line in cart["lines"]["nodes"].as_array().expect("lines") {
        let prices = summed_of(&cost["steps"], &["BASE_PRICE", "PRICE_LIST"], Some(&line["id"]));
        assert_eq!(prices, minor(&line["cost"]["subtotalAmount"]), "{cart:#}");
        let [before, after] = ["subtotalAmount", "totalAmount"].map(|of| minor(&line["cost"][of]));
        let allocations = line["discountAllocations"].as_array().expect("allocations");
        let off: i64 = allocations.iter().map(|off| minor(&off["discountedAmount"])).sum();
        assert_eq!(before - off, after, "{line:#}");
        assert!(after >= 0, "{line:#}");
    }
}
