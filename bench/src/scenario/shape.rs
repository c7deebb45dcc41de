//! Whether an answer holds what is to be measured: speed at answering something else would be worth nothing.

use super::Scenario;
use crate::catalogue::IMAGES;
use anyhow::{bail, ensure};
use serde_json::Value;

/// Answers of each kind that are looked into before anything is measured.
pub(super) const SAMPLES: usize = 25;

/// Looks into the data of an answer.
///
/// # Errors
/// Something is missing; says what.
pub(super) fn check(scenario: Scenario, data: &Value) -> anyhow::Result<()> {
    match scenario {
        Scenario::List => list(data),
        Scenario::Page | Scenario::PageOnce => page(&data["product"]),
        Scenario::Deep => deep(data),
        Scenario::AddLine
        | Scenario::Purchase
        | Scenario::SignIn
        | Scenario::TokenCheck
        | Scenario::Pricing => {
            bail!("it is no reading")
        }
    }
}

fn list(data: &Value) -> anyhow::Result<()> {
    let products = nodes(&data["products"], 20)?;
    for product in products {
        ensure!(product["featuredImage"]["url"].is_string(), "a product has no image: {product}");
        ensure!(
            product["priceRange"]["minVariantPrice"]["amount"].is_string(),
            "a product has no price: {product}"
        );
        ensure!(product["availableForSale"].is_boolean(), "a product has no availability: {product}");
    }
    Ok(())
}

fn page(product: &Value) -> anyhow::Result<()> {
    let variants = nodes(&product["variants"], 3)?;
    ensure!(
        variants.iter().all(|variant| variant["selectedOptions"][0]["value"].is_string()),
        "a variant has no options"
    );
    nodes(&product["images"], IMAGES)?;
    let values = product["options"][0]["optionValues"].as_array().map_or(0, Vec::len);
    ensure!(values == 3, "the option has {values} values");
    Ok(())
}

fn deep(data: &Value) -> anyhow::Result<()> {
    for product in nodes(&data["products"], 50)? {
        nodes(&product["variants"], 10)?;
    }
    Ok(())
}

fn nodes(connection: &Value, count: usize) -> anyhow::Result<&[Value]> {
    let nodes = connection["nodes"].as_array().map_or(&[][..], Vec::as_slice);
    ensure!(nodes.len() == count, "{} entries instead of {count}", nodes.len());
    Ok(nodes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_deep_list_that_is_shallow_is_noticed() {
        let product = |variants: usize| json!({ "variants": { "nodes": vec![json!({}); variants] } });
        let list = |products: Vec<Value>| json!({ "products": { "nodes": products } });
        assert!(check(Scenario::Deep, &list(vec![product(10); 50])).is_ok());
        assert!(check(Scenario::Deep, &list(vec![product(3); 50])).is_err());
        assert!(check(Scenario::Deep, &list(vec![product(10); 49])).is_err());
    }

    #[test]
    fn a_product_that_is_not_there_is_noticed() {
        assert!(check(Scenario::Page, &json!({ "product": null })).is_err());
    }
}
