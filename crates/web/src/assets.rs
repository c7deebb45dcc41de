//! The stylesheet, the icon and the one script, served by us and kept by browsers for as long as they stay the same.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::LazyLock,
};

const STYLESHEET: &str = include_str!("../assets/shop.css");
const ICON: &str = include_str!("../assets/icon.svg");
const PAY_SCRIPT: &str = include_str!("../assets/pay.js");

/// Where the stylesheet is, with a mark that changes when it does.
pub(crate) static STYLESHEET_URL: LazyLock<String> = LazyLock::new(|| marked("/web/shop.css", STYLESHEET));
/// Where the icon is, with a mark that changes when it does.
pub(crate) static ICON_URL: LazyLock<String> = LazyLock::new(|| marked("/web/icon.svg", ICON));
/// Where the payment page's script is, with a mark that changes when it does.
pub(crate) static PAY_SCRIPT_URL: LazyLock<String> = LazyLock::new(|| marked("/web/pay.js", PAY_SCRIPT));

/// `GET /web/shop.css`
pub(crate) async fn stylesheet() -> Response {
    served(STYLESHEET, "text/css; charset=utf-8")
}

/// `GET /web/icon.svg`
pub(crate) async fn icon() -> Response {
    served(ICON, "image/svg+xml")
}

/// `GET /web/pay.js`
pub(crate) async fn pay_script() -> Response {
    served(PAY_SCRIPT, "text/javascript; charset=utf-8")
}

fn served(content: &'static str, content_type: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        // Another content has another address.
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    (headers, content).into_response()
}

fn marked(path: &str, content: &str) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("{path}?v={:016x}", hasher.finish())
}
