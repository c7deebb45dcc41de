//! `GET /products/{handle}`: one product, and the form that puts it into the cart.

use super::{
    ONLY_VARIANT,
    availability::Stock,
    choice::{ChoiceQuery, FIELDS},
    image_values,
};
use crate::{error::PageError, http::path, price::amount, state::Web};
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use minijinja::{Value, context};
use std::collections::HashMap;
use stoa_domain::{
    cart::cart_limits as limits,
    catalog::{Image, Product, Variant},
    shared::{Money, VariantId},
};

/// The longest description that search engines show, in characters.
const SNIPPET: usize = 160;

/// `GET /products/{handle}`
pub(crate) async fn show_product(
    State(web): State<Web>,
    Path(handle): Path<String>,
    Query(query): Query<ChoiceQuery>,
) -> Result<Response, PageError> {
    let product = web.listed_product(&handle).await?.ok_or(PageError::NotFound)?;
    let stock = web.stock_of(&product).await?;
    let can_be_had = |v: &&Variant| stock.get(&v.id).is_some_and(|s| s.available());
    let first = product.variants.iter().find(can_be_had).or_else(|| product.variants.first());
    let selected = query.variant(&product, first);
    web.page("product.html", values(&web, &product, &query, selected, &stock))
}

fn values(
    web: &Web,
    product: &Product,
    query: &ChoiceQuery,
    selected: Option<&Variant>,
    stock: &HashMap<VariantId, Stock>,
) -> Value {
    let settings = web.shop();
    let money = |minor| amount(Money::new(minor, settings.currency));
    let url = path(&["products", product.handle.as_str()], &[]);
    let description =
        product.seo.description.clone().unwrap_or_else(|| product.description.truncated(SNIPPET));
    let taxed = settings.pricing.prices_include_tax && selected.is_none_or(|v| v.taxable);
    context! {
        handle => product.handle.as_str(),
        canonical => settings.link(&url),
        url,
        title => &product.title,
        seo_title => product.seo.title.as_deref().unwrap_or(&product.title),
        seo_description => description,
        vendor => &product.vendor,
        description => &product.description.html,
        images => images(product, selected).map(|i| image_values(i, &product.title)).collect::<Vec<_>>(),
        price => money(product.price.min),
        from => product.price.min < product.price.max,
        tax_note => taxed.then_some("Price includes tax."),
        options => options(web, product, query, selected, stock),
        selected => selected.map(|v| selected_values(web, v, stock)),
        most => limits::QUANTITY,
    }
}

/// The chosen variant's picture first.
fn images<'a>(product: &'a Product, selected: Option<&'a Variant>) -> impl Iterator<Item = &'a Image> {
    let first = selected.and_then(|variant| product.image_of(variant));
    let others = product.images.iter().filter(move |i| first.is_none_or(|first| first.id != i.id));
    first.into_iter().chain(others)
}

fn selected_values(web: &Web, variant: &Variant, stock: &HashMap<VariantId, Stock>) -> Value {
    let money = |minor| amount(Money::new(minor, web.shop().currency));
    let stock = stock.get(&variant.id).copied().unwrap_or(Stock::SoldOut);
    context! {
        price => money(variant.price),
        compare_at => variant.compare_at_price.filter(|was| *was > variant.price).map(money),
        available => stock.available(),
        availability => stock.text(),
        sku => &variant.sku,
    }
}

/// What can be chosen; nothing where the product has one variant.
fn options(
    web: &Web,
    product: &Product,
    query: &ChoiceQuery,
    selected: Option<&Variant>,
    stock: &HashMap<VariantId, Stock>,
) -> Vec<Value> {
    if let [only] = product.variants.as_slice()
        && only.title == ONLY_VARIANT
    {
        return Vec::new();
    }
    let asked = query.values();
    let shown = |at: usize, index: usize, name: &str| match selected {
        Some(variant) => usize::from(variant.values[at]) == index,
        None => asked[at] == name,
    };
    let options = product.options.iter().take(FIELDS.len()).enumerate();
    options
        .map(|(at, option)| {
            let values: Vec<Value> = option
                .values
                .iter()
                .enumerate()
                .map(|(index, value)| {
                    context! {
                        name => &value.name,
                        selected => shown(at, index, &value.name),
                        remark => remark(web, product, index, stock),
                    }
                })
                .collect();
            context! { field => FIELDS[at], name => &option.name, values }
        })
        .collect()
}

/// Price and stock beside a value, where the value alone decides on a variant.
fn remark(web: &Web, product: &Product, index: usize, stock: &HashMap<VariantId, Stock>) -> String {
    let single = product.options.len() == 1;
    let variant = product.variants.iter().find(|v| single && usize::from(v.values[0]) == index);
    let Some(variant) = variant else { return String::new() };
    let sold_out = stock.get(&variant.id).is_some_and(|s| !s.available());
    let price = amount(Money::new(variant.price, web.shop().currency));
    match (sold_out, product.price.min < product.price.max) {
        (true, _) => " – sold out".to_owned(),
        (false, true) => format!(" – {price}"),
        (false, false) => String::new(),
    }
}
