//! How transactions that run at once get along, decided here for all of them; docs/adr/0013 says why.
//!
//! 1. **Isolation** is READ COMMITTED, on every session, whatever the server's default. What is decided by a row is decided by a
//!    conditional update, or under a lock that was taken before the row was read.
//! 2. **Locks** are taken table by table as [`LOCK_ORDER`] has it, and within a table in the order of ids. A statement that locks
//!    several rows of a table follows or begins with a `SELECT … ORDER BY … FOR UPDATE`, or finds them already behind a lock that all its rivals
//!    take first. Who only clears up or looks for work skips what is locked, and so waits for nobody.
//! 3. **What is tried again**: every transaction runs in [`retrying`], from its beginning to its commit, and begins anew when the
//!    database has undone it for another's sake. A test of the architecture finds one that does not.
//! 4. **What is not**: a commit whose answer was lost. Whether it was kept is not known; what must not happen twice has a key, by
//!    which the next request finds out.

use super::error;
use std::{future::Future, time::Duration};
use stoa_domain::shared::Fault;

/// The isolation of every transaction on Postgres. SQLite has one writer, whose transactions are serial.
pub(super) const ISOLATION: &str = "read committed";

/// The order in which a transaction first locks rows of each table. The stores of carts and of holds have transactions of their own,
/// which touch nothing else: a lock on the cart, then its fences, then its holds.
pub const LOCK_ORDER: [&str; 67] = [
    "staff",
    "shop_owner",
    "roles",
    "staff_roles",
    "recovery_codes",
    "api_keys",
    "customers",
    "customer_identities",
    "customer_addresses",
    "customer_groups",
    "customer_group_members",
    "customer_tags",
    "customer_terms",
    "customer_carts",
    "sessions",
    "account_tokens",
    "account_challenges",
    "account_devices",
    "signing_keys",
    "key_checks",
    "lookup_keys",
    "gateway_events",
    "orders",
    "payments",
    "refunds",
    "fulfillments",
    "order_allocations",
    "order_lines",
    "catalog_state",
    "pricing_settings",
    "markets",
    "market_countries",
    "exchange_rates",
    "price_lists",
    "price_list_prices",
    "tax_categories",
    "tax_zones",
    "tax_rates",
    "delivery_zones",
    "delivery_methods",
    "promotions",
    "promotion_code_batches",
    "collections",
    "products",
    "collection_products",
    "stock_requests",
    "inventory_items",
    "inventory_levels",
    "product_images",
    "product_variants",
    "product_options",
    "product_tags",
    "product_terms",
    "product_documents",
    "media_files",
    "gift_cards",
    "promotion_uses",
    "promotion_codes",
    "promotion_counters",
    "promotion_buyers",
    "order_numbers",
    "idempotency_keys",
    "jobs",
    "audit_head",
    "carts",
    "hold_fences",
    "cart_holds",
];

/// Codes after which the same transaction may succeed: serialisation failure, deadlock and lock timeout of Postgres;
/// SQLite's BUSY (5, 261, 517) and LOCKED (6, 262).
pub(super) const TRANSIENT: [&str; 8] = ["40001", "40P01", "55P03", "5", "6", "261", "262", "517"];

/// Codes that say something of the server rather than of the statement: given up after its time, ended by the
/// administrator, crashed, starting up, no connection left, a standby that was the primary a moment ago. Not tried again at
/// once: it would not help, or nobody knows whether a commit was kept.
pub(super) const UNAVAILABLE: [&str; 6] = ["57014", "57P01", "57P02", "57P03", "53300", "25006"];

/// Waits between the attempts; there is one attempt more than waits.
const WAITS: [Duration; 4] = [
    Duration::from_millis(2),
    Duration::from_millis(10),
    Duration::from_millis(50),
    Duration::from_millis(200),
];

/// An error that may be a fault underneath: every use case's error is.
pub trait MayFault {
    /// The fault, unless this is a refusal.
    fn fault(&self) -> Option<&Fault>;
}

impl MayFault for Fault {
    fn fault(&self) -> Option<&Fault> {
        Some(self)
    }
}

/// Whether the whole transaction may be tried again at once: the database was busy or two transactions collided.
/// Other unavailability (a connection lost while committing) does not count, because the outcome is then unknown.
pub fn is_transient(fault: &Fault) -> bool {
    error::code(fault).is_some_and(|code| TRANSIENT.contains(&code.as_ref()))
}

/// Runs `attempt`, a whole transaction from its beginning to its commit, again and again while it fails for a reason
/// that passes ([`is_transient`]), five times in all.
///
/// # Errors
/// The first refusal, the first fault that does not pass, or the last that does.
pub async fn retrying<T, E, A, F>(mut attempt: A) -> Result<T, E>
where
    A: FnMut() -> F + Send,
    F: Future<Output = Result<T, E>> + Send,
    E: MayFault + Send,
{
    for wait in WAITS {
        match attempt().await {
            Err(error) if error.fault().is_some_and(is_transient) => {
                tracing::debug!(?wait, "a transaction collided with another; trying again");
                tokio::time::sleep(wait).await;
            }
            outcome => return outcome,
        }
    }
    attempt().await
}
