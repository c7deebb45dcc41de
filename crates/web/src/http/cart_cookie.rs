//! The cookie that remembers which cart is the browser's.

use super::cookies;
use crate::state::Web;
use axum::extract::FromRequestParts;
use http::{HeaderMap, request::Parts};
use std::convert::Infallible;
use stoa_domain::shared::CartId;

/// Begins with `__Host-`: no other host can set it, or a page beside the shop could have somebody fill a cart that is not theirs, whose id
/// leads to what they write into it.
const NAME: &str = "__Host-stoa_cart";

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
    set_cookie(&cart.to_string(), web.shop().cart_lives.num_seconds())
}

/// The `Set-Cookie` that forgets it.
pub(crate) fn forget_cart() -> String {
    set_cookie("", 0)
}

/// Scripts cannot read it, and forms of other sites are not sent with it. It travels over TLS alone, whatever the shop's own address is:
/// on plain http browsers keep it on this very machine, and nowhere else, and Safari does not even there (ADR 24): it takes `tls.certificate`.
fn set_cookie(value: &str, seconds: i64) -> String {
    cookies::written(NAME, value, seconds, "Lax")
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
            of(&["a=b; __Host-stoa_cart=7f0e4e39-9f6c-4e07-8d6a-0c8f7c1d2e3f;c=d"]),
            Some(id.parse().unwrap())
        );
        assert_eq!(
            of(&["a=b", "__Host-stoa_cart=7f0e4e39-9f6c-4e07-8d6a-0c8f7c1d2e3f"]),
            Some(id.parse().unwrap())
        );
    }

    #[test]
    fn what_is_no_id_counts_as_none() {
        for bad in [
            "__Host-stoa_cart=",
            "__Host-stoa_cart",
            "__Host-stoa_cart=1; Path=/",
            // What another host may set, for a path of its choice.
            "stoa_cart=7f0e4e39-9f6c-4e07-8d6a-0c8f7c1d2e3f",
            "x__Host-stoa_cart=7f0e4e39-9f6c-4e07-8d6a-0c8f7c1d2e3f",
        ] {
            assert_eq!(of(&[bad]), None, "{bad}");
        }
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn it_travels_only_over_tls() {
        let kept = "__Host-stoa_cart=x; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax";
        assert_eq!(set_cookie("x", 60), kept);
        assert_eq!(forget_cart(), "__Host-stoa_cart=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
    }
}
