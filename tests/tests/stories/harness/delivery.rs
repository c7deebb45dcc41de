//! Ways of delivering, as staff make them and buyers choose them over the public API. Their documents stand here alone.

use super::{graphql::Answer, rules::minor, shop::Shop, shopper::Shopper, staff::Staff};
use serde_json::{Value, json};
use stoa_domain::{
    inventory::Location,
    shared::{Clock, IdGenerator, LocationId},
};
use stoa_persistence::{Durability, inventory};
use stoa_services::system::SystemIds;

const ERRORS: &str = "userErrors { code field message }";
const GROUPS: &str = "deliveryGroups(first: 10, withCarrierRates: $asks) { nodes { id
  cartLines(first: 10) { nodes { quantity merchandise { ... on ProductVariant { product { handle } } } } }
  selectedDeliveryOption { handle }
  deliveryOptions { handle title description deliveryMethodType minimumDays maximumDays estimatedCost { amount currencyCode } } } }";

/// A way of delivering that costs the same whatever it is.
pub(crate) fn flat(handle: &str, price: &str) -> Value {
    json!({ "handle": handle, "title": handle, "rates": [{ "base": price }] })
}

impl Shop {
    /// Makes a part of the world to deliver to; gives its global id.
    pub(crate) async fn delivery_zone(&self, by: &Staff, zone: Value) -> String {
        let query = format!(
            "mutation($i: DeliveryZoneCreateInput!) {{ deliveryZoneCreate(input: $i) {{ deliveryZone {{ id }} {ERRORS} }} }}"
        );
        let made = self.staff_does(by, &query, json!({ "i": zone })).await;
        made["deliveryZone"]["id"].as_str().expect("an id").to_owned()
    }

    /// The zone that is everywhere.
    pub(crate) async fn everywhere(&self, by: &Staff) -> String {
        self.delivery_zone(by, json!({ "name": "Everywhere" })).await
    }

    /// Makes a way of delivering; gives its global id.
    pub(crate) async fn delivery_method(&self, by: &Staff, method: Value) -> String {
        let query = format!(
            "mutation($i: DeliveryMethodCreateInput!) {{ deliveryMethodCreate(input: $i) {{ deliveryMethod {{ id }} {ERRORS} }} }}"
        );
        let made = self.staff_does(by, &query, json!({ "i": method })).await;
        made["deliveryMethod"]["id"].as_str().expect("an id").to_owned()
    }

    /// Something of a way of delivering is other from now on.
    pub(crate) async fn change_delivery(&self, by: &Staff, method: &str, mut change: Value) {
        let query = format!(
            "mutation($i: DeliveryMethodUpdateInput!) {{ deliveryMethodUpdate(input: $i) {{ deliveryMethod {{ id }} {ERRORS} }} }}"
        );
        change["id"] = json!(method);
        change["version"] = self.version_of(by, "deliveryMethod", method).await;
        self.staff_does(by, &query, json!({ "i": change })).await;
    }

    /// A way of delivering is no more.
    pub(crate) async fn drop_delivery(&self, by: &Staff, method: &str) {
        let query = format!(
            "mutation($id: ID!, $v: Int) {{ deliveryMethodDelete(id: $id, version: $v) {{ deletedDeliveryMethodId {ERRORS} }} }}"
        );
        let version = self.version_of(by, "deliveryMethod", method).await;
        self.staff_does(by, &query, json!({ "id": method, "v": version })).await;
    }

    /// Places where goods lie, in the order in which stock is taken: their global ids.
    pub(crate) async fn locations(&self, by: &Staff) -> Vec<String> {
        let read = self.ask_as(by, "{ admin { locations { id position } } }", json!({})).await;
        let mut all = read.at("/admin/locations").as_array().expect("locations").clone();
        all.sort_by_key(|location| location["position"].as_i64());
        all.iter().map(|location| location["id"].as_str().expect("an id").to_owned()).collect()
    }

    /// One place more, which no mutation makes yet; gives its global id.
    pub(crate) async fn another_location(&self, name: &str) -> String {
        let location = Location { id: LocationId::new(SystemIds.id()), name: name.to_owned(), position: 9 };
        let tx = self.db().write(Durability::Full).await.expect("a transaction");
        inventory::add_location(&tx, &location, self.clock.now()).await.expect("SQL answers");
        tx.commit().await.expect("it is kept");
        format!("gid://stoa/Location/{}", location.id)
    }

    /// So many units of a product lie at a place.
    pub(crate) async fn lies_at(&self, by: &Staff, handle: &str, location: &str, quantity: u32) {
        let query = format!(
            "mutation($i: InventorySetQuantitiesInput!) {{ inventorySetQuantities(input: $i) {{ {ERRORS} }} }}"
        );
        let count =
            json!({ "variantId": self.gid(handle).await, "locationId": location, "quantity": quantity });
        let input = json!({ "ignoreCompareQuantity": true, "quantities": [count] });
        self.staff_does(by, &query, json!({ "i": input })).await;
    }
}

impl Shopper {
    /// What goes together, and how it can get there.
    pub(crate) async fn groups(&self) -> Vec<Value> {
        self.groups_asking(false).await
    }

    /// The same; carriers are asked for what they take where `asks`.
    pub(crate) async fn groups_asking(&self, asks: bool) -> Vec<Value> {
        let query = format!("query($id: ID!, $asks: Boolean) {{ cart(id: $id) {{ {GROUPS} }} }}");
        let read = self.ask(&query, json!({ "id": self.cart, "asks": asks })).await;
        read.at("/cart/deliveryGroups/nodes").as_array().expect("groups").clone()
    }

    /// The ways of delivering what goes first, by handle and price.
    pub(crate) async fn ways(&self) -> Vec<(String, i64)> {
        let groups = self.groups().await;
        groups.first().map(ways_of).unwrap_or_default()
    }

    /// Chooses how each group gets there, by its id.
    pub(crate) async fn chooses(&self, choices: &[(&str, &str)]) -> Answer {
        let choice = |(group, option): &(&str, &str)| json!({ "deliveryGroupId": group, "deliveryOptionHandle": option });
        let choices: Vec<Value> = choices.iter().map(choice).collect();
        let arguments = [("selectedDeliveryOptions", "[CartSelectedDeliveryOptionInput!]!", json!(choices))];
        self.change("cartSelectedDeliveryOptionsUpdate", &arguments).await
    }

    /// Chooses how the first group gets there.
    pub(crate) async fn chooses_way(&self, option: &str) {
        let group = self.groups().await[0]["id"].as_str().expect("an id").to_owned();
        let chosen = self.chooses(&[(&group, option)]).await;
        assert_eq!(chosen.at("/cartSelectedDeliveryOptionsUpdate/userErrors"), &json!([]), "{option}");
    }
}

/// Ways of delivering a group, by handle and price.
pub(crate) fn ways_of(group: &Value) -> Vec<(String, i64)> {
    let options = group["deliveryOptions"].as_array().expect("options");
    let way = |option: &Value| {
        (option["handle"].as_str().expect("a handle").to_owned(), minor(&option["estimatedCost"]))
    };
    options.iter().map(way).collect()
}
