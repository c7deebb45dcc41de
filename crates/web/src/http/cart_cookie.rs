//! The cookie that remembers which cart is the browser's.

use super::cookies;
use crate::state::Web;
use axum::extract::FromRequestParts;
use http::{HeaderMap, request::Parts};
use std::convert::Infallible;
use stoa_domain::shared::CartId;

const NAME: &str = "stoa_cart";

/// The cart's id, if the browser has one. What is no id counts as none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CartCookie(pub(crate) Option<CartId>);

impl<S: Sync> FromRequestParts<S> for CartCookie {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(read(&parts.headers)))
    }
}

fn read(headers: &HeaderMap) -> Option<CartId> {
    cookies::values(headers, NAME).find_map(|value| value.parse().ok())
}

/// The `Set-Cookie` that remembers a cart for as long as the shop keeps it.
pub(crate) fn remember_cart(web: &Web, cart: CartId) -> String {
    let seconds = web.shop().cart_lives.num_seconds();
    set_cookie(&cart.to_string(), seconds, web.is_https())
}

/// The `Set-Cookie` that forgets it.
pub(crate) fn forget_cart(web: &Web) -> String {
    set_cookie("", 0, web.is_https())
}

/// Scripts cannot read it, and forms of other sites are not sent with it.
fn set_cookie(value: &str, seconds: i64, https: bool) -> String {
    let secure = if https { "; Secure" } else { "" };
    format!("{NAME}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderValue, header};

    fn of(values: &[&'static str]) -> Option<CartId> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::COOKIE, HeaderValue::from_static(value));
        }
        read(&headers)
    }

    #[test]
    fn the_cart_is_found_among_other_cookies() {
        let id = "7f0e4e39-9f6c-4e07-8d6a-0c8f7c1d2e3f";
        assert_eq!(
            of(&["a=b; stoa_cart=7f0e4e39-9f6c-4e07-8d6a-0c8f7c1d2e3f;c=d"]),
            Some(id.parse().unwrap())
        );
        assert_eq!(of(&["a=b", "stoa_cart=7f0e4e39-9f6c-4e07-8d6a-0c8f7c1d2e3f"]), Some(id.parse().unwrap()));
    }

    #[test]
    fn what_is_no_id_counts_as_none() {
        for bad in [
            "stoa_cart=",
            "stoa_cart",
            "stoa_cart=1; Path=/",
            "xstoa_cart=7f0e4e39-9f6c-4e07-8d6a-0c8f7c1d2e3f",
        ] {
            assert_eq!(of(&[bad]), None, "{bad}");
        }
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn it_travels_only_over_tls_where_there_is_tls() {
        assert_eq!(
            set_cookie("x", 60, true),
            "stoa_cart=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        assert!(!set_cookie("x", 60, false).contains("Secure"));
    }
}
