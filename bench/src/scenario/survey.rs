//! What there is to ask for: positions in lists, and variants that can be bought. Read from the shop before anything is
//! measured.

use super::Target;
use crate::client::{Connection, Document};
use anyhow::{Context, ensure};
use serde_json::{Value, json};

const CURSORS: &str = include_str!("../../documents/survey-cursors.graphql");
const VARIANTS: &str = include_str!("../../documents/survey-variants.graphql");

/// The largest page there is.
const PAGE: usize = 250;
/// How far into each order of the shop lists are read. Shoppers do not go further, and the walk takes its time.
const DEPTH: usize = 10_000;
/// Variants to buy from.
const ENOUGH: usize = 10_000;
/// Products on a page of a list, and of a deep list.
const LIST: usize = 20;
const DEEP_LIST: usize = 50;

/// Orders of the shop's products.
const ORDERS: [&str; 8] =
    ["ID", "TITLE", "PRICE", "VENDOR", "PRODUCT_TYPE", "CREATED_AT", "UPDATED_AT", "BEST_SELLING"];
/// Orders in which the products that came last, those of ten variants, stand together.
const BY_AGE: [&str; 3] = ["ID", "CREATED_AT", "UPDATED_AT"];

/// Variables of lists of 20 products: in every order page after page, forward and backward.
///
/// # Errors
/// The shop does not answer as it should.
pub(super) async fn lists(connection: &mut Connection, target: Target) -> anyhow::Result<Vec<Box<str>>> {
    let mut variables = Vec::new();
    for order in ORDERS {
        let cursors = cursors(connection, target, order, false, DEPTH).await?;
        ensure!(cursors.len() > LIST, "only {} products in the order {order}", cursors.len());
        pages(&mut variables, &cursors, order, false, LIST);
    }
    Ok(variables)
}

/// Variables of lists of 50 products with ten variants each.
///
/// # Errors
/// The shop does not answer as it should, or has not enough such products.
pub(super) async fn deep_lists(connection: &mut Connection, target: Target) -> anyhow::Result<Vec<Box<str>>> {
    let deep = target.catalogue.deep as usize;
    let mut variables = Vec::new();
    for order in BY_AGE {
        let cursors = cursors(connection, target, order, true, deep).await?;
        ensure!(cursors.len() > DEEP_LIST, "only {} products of ten variants", cursors.len());
        pages(&mut variables, &cursors, order, true, DEEP_LIST);
    }
    Ok(variables)
}

/// The full pages of a list, as a client meets them who walks through it: each begins behind the last product of the one
/// before, or ends before the first of the one behind.
fn pages(variables: &mut Vec<Box<str>>, cursors: &[String], order: &str, reverse: bool, size: usize) {
    let rest = format!("\"sortKey\":\"{order}\",\"reverse\":{reverse}");
    variables.push(format!("{{\"first\":{size},{rest}}}").into());
    let whole = cursors.len() / size;
    for (number, page) in cursors.chunks_exact(size).enumerate() {
        if number + 1 < whole {
            variables.push(format!("{{\"first\":{size},\"after\":\"{}\",{rest}}}", page[size - 1]).into());
        }
        if number > 0 {
            variables.push(format!("{{\"last\":{size},\"before\":\"{}\",{rest}}}", page[0]).into());
        }
    }
}

async fn cursors(
    connection: &mut Connection,
    target: Target,
    order: &str,
    reverse: bool,
    limit: usize,
) -> anyhow::Result<Vec<String>> {
    let document = Document::new(target.address, CURSORS);
    let mut cursors: Vec<String> = Vec::new();
    loop {
        let first = PAGE.min(limit - cursors.len());
        let variables =
            json!({ "first": first, "after": cursors.last(), "sortKey": order, "reverse": reverse });
        let data = document.ask(connection, &variables).await?;
        let edges = data["products"]["edges"].as_array().context("a list without edges")?;
        for edge in edges {
            cursors.push(text(&edge["cursor"])?);
        }
        let more = data["products"]["pageInfo"]["hasNextPage"] == Value::Bool(true);
        if !more || edges.is_empty() || cursors.len() >= limit {
            return Ok(cursors);
        }
    }
}

/// Global ids of variants that can be bought, of products all over the catalogue.
///
/// # Errors
/// The shop does not answer as it should, or sells nothing.
pub(super) async fn variants(connection: &mut Connection, target: Target) -> anyhow::Result<Vec<String>> {
    let document = Document::new(target.address, VARIANTS);
    let mut variants = Vec::new();
    let mut after = Value::Null;
    loop {
        let variables = json!({ "first": PAGE, "after": after });
        let mut data = document.ask(connection, &variables).await?;
        let products = data["products"]["nodes"].as_array().context("a list without nodes")?;
        let all = products.iter().filter_map(|product| product["variants"]["nodes"].as_array()).flatten();
        for variant in all.filter(|variant| variant["availableForSale"] == Value::Bool(true)) {
            variants.push(text(&variant["id"])?);
        }
        let info = data["products"]["pageInfo"].take();
        if variants.len() >= ENOUGH || info["hasNextPage"] != Value::Bool(true) {
            ensure!(variants.len() >= 2, "nothing can be bought in this shop");
            return Ok(variants);
        }
        after = info["endCursor"].clone();
    }
}

fn text(value: &Value) -> anyhow::Result<String> {
    value.as_str().map(str::to_owned).with_context(|| format!("not a text: {value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_that_is_asked_for_is_full() {
        let cursors: Vec<String> = (0..5).map(|at| format!("c{at}")).collect();
        let mut variables = Vec::new();
        pages(&mut variables, &cursors, "TITLE", false, 2);
        // The first; the one behind c1; the one before c2. A third would not be full.
        assert_eq!(variables.len(), 3);
        let page = |at: usize| -> Value { serde_json::from_str(&variables[at]).unwrap() };
        assert_eq!(page(0), json!({ "first": 2, "sortKey": "TITLE", "reverse": false }));
        assert_eq!(page(1), json!({ "first": 2, "after": "c1", "sortKey": "TITLE", "reverse": false }));
        assert_eq!(page(2), json!({ "last": 2, "before": "c2", "sortKey": "TITLE", "reverse": false }));
    }
}
