//! `GET /shop`: what there is, a page at a time.

use super::image_values;
use crate::{error::PageError, http::path, price::amount, state::Web};
use axum::{
    extract::{Query, State},
    response::Response,
};
use minijinja::{Value, context};
use serde::Deserialize;
use std::sync::Arc;
use stoa_domain::{
    catalog::Product,
    shared::{
        Money,
        page::{Page, PageRequest},
    },
};

/// Which page: what lies behind or before a position that another page gave.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PageQuery {
    after: Option<String>,
    before: Option<String>,
}

/// `GET /shop`
pub(crate) async fn show_shop(
    State(web): State<Web>,
    Query(query): Query<PageQuery>,
) -> Result<Response, PageError> {
    let request = request(&web, &query).ok_or(PageError::Malformed)?;
    let page = web.product_page(request).await?;
    let available = web.available_products(&page).await?;
    let products: Vec<Value> =
        page.nodes().zip(available).map(|(product, available)| card(&web, product, available)).collect();
    let values = context! {
        description => &web.shop().shop_description,
        products,
        previous => neighbour(&page, page.info.has_previous, "before"),
        next => neighbour(&page, page.info.has_next, "after"),
    };
    web.page("shop.html", values)
}

fn request(web: &Web, query: &PageQuery) -> Option<PageRequest> {
    let size = i32::try_from(web.settings().products_per_page.clamp(1, 250)).ok()?;
    let (first, last) = if query.before.is_some() { (None, Some(size)) } else { (Some(size), None) };
    PageRequest::try_new(first, last, query.after.as_deref(), query.before.as_deref()).ok()
}

/// The address of the page before or behind this one, if there is one.
fn neighbour(page: &Page<Arc<Product>>, exists: bool, side: &str) -> Option<String> {
    let edge = if side == "after" { page.rows.last() } else { page.rows.first() };
    let cursor = edge.filter(|_| exists)?.cursor.encode();
    Some(path(&["shop"], &[(side, &cursor)]))
}

fn card(web: &Web, product: &Product, available: bool) -> Value {
    let money = |minor| amount(Money::new(minor, web.shop().currency));
    let price = product.price;
    // Only of a product with one price can it be said what that price used to be.
    let was = product.compare_at_price.filter(|_| price.min == price.max).map(|range| range.max);
    context! {
        url => path(&["products", product.handle.as_str()], &[]),
        title => &product.title,
        image => product.featured_image().map(|image| image_values(image, "")),
        from => price.min < price.max,
        price => money(price.min),
        compare_at => was.filter(|was| *was > price.min).map(money),
        available,
    }
}
