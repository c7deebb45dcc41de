//! Story 49, its second half: whatever a real storefront sends is answered in full under the limits that a shop has from the start, at
//! the page sizes that such storefronts use. The documents are written as theirs are: fragments in fragments, lists as edges and as nodes,
//! all of a page at once.

mod account;
mod cart;
mod pages;

use crate::harness::{Answer, Setup, Shop};
use serde_json::{Value, json};
use stoa::config::{Config, read};
use stoa_services::{
    catalog::demo,
    system::{SystemClock, SystemIds},
};

/// The cart, as a storefront asks for it in each of its mutations.
const CART: &str = include_str!("documents/cart_fragment.graphql");

/// A shop with the demo's goods, and with limits as they are where nobody has set any.
async fn shop() -> Shop {
    let defaults = Config::try_from(read(None).expect("the defaults can be read"));
    let defaults = defaults.expect("the defaults are valid").graphql;
    let setup = Setup { items: Vec::new(), ..Setup::default() }.config(move |config| {
        let set = &config.graphql;
        assert_eq!((set.max_depth, set.max_cost), (defaults.max_depth, defaults.max_cost));
        assert!(set.cost_extension, "an answer says what it cost");
    });
    let shop = Shop::with(setup).await;
    let currency = shop.app.services().context().settings().currency;
    demo::seed(shop.db(), &SystemClock, &SystemIds, currency).await.expect("the demo's goods");
    shop
}

/// What is done under these names in every storefront: where the buyer is, and what they read.
fn in_context(mut variables: Value) -> Value {
    variables["country"] = json!("US");
    variables["language"] = json!("EN");
    variables
}

/// All of the answer, which nothing is wrong with, and whose document costs no more than this.
fn whole(what: &str, answer: &Answer, at_most: u64) -> Value {
    let data = answer.at("").clone();
    assert_eq!(answer.status, 200, "{what}");
    let cost = answer.body["extensions"]["cost"]["requestedQueryCost"].as_u64();
    let cost = cost.unwrap_or_else(|| panic!("{what} has no cost: {:#}", answer.body["extensions"]));
    assert!((1..=at_most).contains(&cost), "{what} costs {cost}");
    data
}

/// Asks for a page, whose document costs no more than this.
async fn page(shop: &Shop, what: &str, document: &str, variables: Value, at_most: u64) -> Value {
    whole(what, &shop.endpoint.ask(document, variables).await, at_most)
}

/// What is in a list, given as nodes or as edges.
fn nodes(list: &Value) -> Vec<&Value> {
    if let Some(nodes) = list["nodes"].as_array() {
        return nodes.iter().collect();
    }
    let edges = list["edges"].as_array().unwrap_or_else(|| panic!("no list: {list:#}"));
    edges.iter().map(|edge| &edge["node"]).collect()
}

/// A field of each.
fn texts<'a>(of: &[&'a Value], field: &str) -> Vec<&'a str> {
    of.iter().map(|one| one[field].as_str().unwrap_or_else(|| panic!("no {field}: {one:#}"))).collect()
}
