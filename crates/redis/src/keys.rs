//! Every key there is, and how long each lives by the server's clock.
//!
//! What counts is the caller's `now` and `expires_at`; a time to live only sees to it that everything goes away by itself, and is
//! always longer. What stands in braces decides the node of a cluster: a cart's keys and a variant's keys each stay
//! together, carts and variants spread.

use chrono::TimeDelta;
use std::fmt::Display;
use stoa_domain::{
    limits::LimitKey,
    shared::{CartId, Timestamp, VariantId},
};

/// How much longer a key lives than what it holds: clocks differ, and a deleted cart's version should outlast its copies.
const GRACE: TimeDelta = TimeDelta::hours(1);
/// How long a variant's newest figure is remembered at least: longer than any reader keeps a stale one.
const FIGURE: TimeDelta = TimeDelta::days(1);

/// The names of all keys of one shop.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    prefix: String,
}

impl Keys {
    pub(crate) fn new(prefix: &str) -> Self {
        Self { prefix: prefix.into() }
    }

    /// A cart's document and version.
    pub(crate) fn cart(&self, id: CartId) -> String {
        self.key("cart", id.uuid().simple(), "")
    }

    /// Which variants a cart may hold.
    pub(crate) fn index(&self, cart: CartId) -> String {
        self.key("holds", cart.uuid().simple(), "")
    }

    /// The pattern of all carts' indexes.
    pub(crate) fn indexes(&self) -> String {
        let literal = |mut text: String, c| {
            if "*?[]\\".contains(c) {
                text.push('\\');
            }
            text.push(c);
            text
        };
        format!("{}holds:{{*}}", self.prefix.chars().fold(String::new(), literal))
    }

    /// A variant's figure and the record of each cart that holds some of it.
    pub(crate) fn stock(&self, variant: VariantId) -> String {
        self.key("stock", variant.uuid().simple(), "")
    }

    /// When each of those records is over.
    pub(crate) fn ends(&self, variant: VariantId) -> String {
        self.key("stock", variant.uuid().simple(), ":ends")
    }

    /// What was taken of a quota.
    pub(crate) fn limit(&self, of: &LimitKey) -> String {
        self.key("limit", of.as_str(), "")
    }

    /// The channel of live events, which is no key: nothing is kept under it.
    pub(crate) fn events(&self) -> String {
        format!("{}events", self.prefix)
    }

    fn key(&self, kind: &str, id: impl Display, part: &str) -> String {
        format!("{}{kind}:{{{id}}}{part}", self.prefix)
    }
}

/// How long a cart's keys live, in ms: until `expires_at` and a while.
pub(crate) fn cart_ttl(now: Timestamp, expires_at: Timestamp) -> i64 {
    ((expires_at - now).max(TimeDelta::zero()) + GRACE).num_milliseconds()
}

/// How long a variant's keys live after a hold, in ms.
pub(crate) fn stock_ttl(now: Timestamp, expires_at: Timestamp) -> i64 {
    cart_ttl(now, expires_at).max(figure_ttl())
}

/// How long a variant's keys live after learning, in ms.
pub(crate) fn figure_ttl() -> i64 {
    FIGURE.num_milliseconds()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_keys_of_one_variant_share_their_hash_tag() {
        let (keys, id) = (Keys::new("t:"), Uuid::from_u128(7));
        assert_eq!(keys.stock(VariantId::new(id)), "t:stock:{00000000000000000000000000000007}");
        assert_eq!(keys.ends(VariantId::new(id)), "t:stock:{00000000000000000000000000000007}:ends");
        assert_ne!(keys.cart(CartId::new(id)), keys.index(CartId::new(id)));
    }

    #[test]
    fn a_prefix_is_no_pattern() {
        assert_eq!(Keys::new("stoa:").indexes(), "stoa:holds:{*}");
        assert_eq!(Keys::new("s*[1]:").indexes(), "s\\*\\[1\\]:holds:{*}");
    }

    #[test]
    fn a_key_outlives_what_it_holds() {
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(cart_ttl(now, now + TimeDelta::hours(1)), 2 * 3_600_000);
        assert_eq!(cart_ttl(now, now - TimeDelta::hours(9)), 3_600_000);
        assert_eq!(stock_ttl(now, now + TimeDelta::minutes(15)), 24 * 3_600_000);
        assert_eq!(stock_ttl(now, now + TimeDelta::hours(30)), 31 * 3_600_000);
    }
}
