//! A shop that has sold for years, made by SQL: what one purchase has written, many times over.

use crate::harness::statement;
use futures_util::{StreamExt, stream};

/// Products, of two variants each.
const PRODUCTS: u64 = 100_000;
/// Orders, of one line each.
const ORDERS: u64 = 1_000_000;
/// Customers with an account; a third of them with a sign-in and an address.
const CUSTOMERS: u64 = 300_000;
/// Carts, holds and jobs that wait: what there is at one moment of a busy day.
const LIVE: u64 = 100_000;

/// A table, whose row of `template` is written `times` over, other than it in these columns. `n` counts; `fake('x', n)` is an id.
struct Many {
    table: &'static str,
    times: u64,
    template: &'static str,
    other: &'static [(&'static str, &'static str)],
}

const fn many(
    table: &'static str,
    times: u64,
    template: &'static str,
    other: &'static [(&'static str, &'static str)],
) -> Many {
    Many { table, times, template, other }
}

const MUG: &str = "product_id = (SELECT id FROM products WHERE handle = 'mug')";
const MUGS: &str = "variant_id = (SELECT v.id FROM product_variants v JOIN products p ON p.id = v.product_id WHERE handle = 'mug')";
const ADA: &str = "email_key = 'ada@example.org'";
const FIRST: &str = "order_id = (SELECT id FROM orders WHERE number = 1001)";

/// In the order in which they refer to each other.
const ALL: &[Many] = &[
    many(
        "products",
        PRODUCTS,
        "handle = 'mug'",
        &[
            ("id", "fake('aa', n)"),
            ("handle", "'mug-' || n"),
            ("title_key", "'mug ' || md5(n::text)"),
            ("vendor_key", "'vendor ' || n % 500"),
            ("type_key", "'type ' || n % 200"),
            ("min_price", "(n * 37) % 90000"),
            ("max_price", "90000"),
            ("sales", "(n * 7) % 1000"),
            ("created_at", "created_at - n * interval '1 minute'"),
            ("updated_at", "updated_at - (n * 13 % 100000) * interval '1 minute'"),
        ],
    ),
    many(
        "product_variants",
        PRODUCTS,
        MUG,
        &[("id", "fake('bb', n)"), ("product_id", "fake('aa', n)"), ("sku_key", "'sku ' || n")],
    ),
    many("product_options", PRODUCTS, MUG, &[("id", "fake('cc', n)"), ("product_id", "fake('aa', n)")]),
    many(
        "product_option_values",
        PRODUCTS,
        MUG,
        &[("id", "fake('cd', n)"), ("product_id", "fake('aa', n)"), ("option_id", "fake('cc', n)")],
    ),
    many(
        "product_tags",
        PRODUCTS,
        "true",
        &[("product_id", "fake('aa', n)"), ("tag_key", "'tag ' || n % 50")],
    ),
    many("product_terms", PRODUCTS, MUG, &[("product_id", "fake('aa', n)"), ("term", "'word' || n % 1000")]),
    many("product_documents", PRODUCTS, MUG, &[("product_id", "fake('aa', n)")]),
    many(
        "collection_products",
        PRODUCTS,
        "true",
        &[
            ("product_id", "fake('aa', n)"),
            ("position", "n + 10"),
            ("title_key", "'mug ' || md5(n::text)"),
            ("min_price", "(n * 37) % 90000"),
            ("sales", "(n * 7) % 1000"),
            ("created_at", "created_at - n * interval '1 minute'"),
        ],
    ),
    many("inventory_items", PRODUCTS, MUGS, &[("variant_id", "fake('bb', n)")]),
    many("inventory_levels", PRODUCTS, MUGS, &[("variant_id", "fake('bb', n)")]),
    many(
        "inventory_ledger",
        ORDERS,
        MUGS,
        &[("id", "n + 1000000"), ("variant_id", "fake('bb', n % 100000)")],
    ),
    many(
        "orders",
        ORDERS,
        "number = 1001",
        &[
            ("id", "fake('dd', n)"),
            ("number", "n + 1000000"),
            ("token", "'token-' || n"),
            ("cart_id", "fake('ee', n)"),
            // Half of them of guests, a few of somebody who can sign in.
            (
                "customer_id",
                "CASE WHEN n % 20000 = 0 THEN (SELECT id FROM customers WHERE email_key = 'ada@example.org')
                      WHEN n % 2 = 0 THEN fake('ba', n % 300000 + 1) END",
            ),
            ("updated_at", "updated_at - (n * 13 % 1000000) * interval '1 second'"),
            ("email_key", "'buyer' || n % 300000 || '@example.org'"),
            ("shipping_address", "NULL"),
            ("placed_at", "placed_at - n * interval '1 minute'"),
        ],
    ),
    many("order_lines", ORDERS, FIRST, &[("id", "fake('ff', n)"), ("order_id", "fake('dd', n)")]),
    many("order_allocations", ORDERS, FIRST, &[("order_id", "fake('dd', n)")]),
    many("order_events", ORDERS, FIRST, &[("id", "fake('ab', n)"), ("order_id", "fake('dd', n)")]),
    many("idempotency_keys", ORDERS, FIRST, &[("key", "'key ' || n"), ("order_id", "fake('dd', n)")]),
    many(
        "payments",
        ORDERS,
        FIRST,
        &[
            ("id", "fake('ac', n)"),
            ("order_id", "fake('dd', n)"),
            ("intent", "'pi_many_' || n"),
            ("created_at", "created_at - n * interval '1 minute'"),
        ],
    ),
    many(
        "gateway_events",
        ORDERS,
        "kind = 'payment_intent.succeeded'",
        &[("id", "'evt_many_' || n"), ("intent", "'pi_many_' || n")],
    ),
    many("refunds", LIVE, "state = 'accepted'", &[("id", "fake('ad', n)"), ("payment_id", "fake('ac', n)")]),
    many("carts", LIVE, "body IS NOT NULL", &[("id", "fake('ae', n)"), ("body", "'{}'")]),
    many("cart_holds", LIVE, "true", &[("cart_id", "fake('ae', n)"), ("variant_id", "fake('bb', n)")]),
    many("hold_fences", LIVE, "true", &[("variant_id", "fake('bb', n)")]),
    many(
        "customers",
        CUSTOMERS,
        ADA,
        &[
            ("id", "fake('ba', n)"),
            ("email", "'buyer' || n || '@example.org'"),
            ("email_key", "'buyer' || n || '@example.org'"),
            ("created_at", "created_at - n * interval '1 minute'"),
            ("updated_at", "updated_at - (n * 13 % 300000) * interval '1 minute'"),
        ],
    ),
    many("customer_addresses", LIVE, "true", &[("id", "fake('bc', n)"), ("customer_id", "fake('ba', n)")]),
    many("sessions", LIVE, "realm = 'customer'", &[("id", "fake('be', n)"), ("subject_id", "fake('ba', n)")]),
    many(
        "audit_log",
        LIVE,
        "seq = 1",
        &[
            ("seq", "n + 1000000000"),
            ("actor_id", "fake('bf', n % 50)"),
            ("subject_id", "'subject ' || n"),
            ("at", "at - (100000 - n) * interval '1 minute'"),
        ],
    ),
    many(
        "jobs",
        LIVE,
        "kind = 'order.expire'",
        &[
            ("id", "fake('af', n)"),
            ("dedup_key", "'many ' || n"),
            ("run_at", "run_at + n * interval '1 second'"),
        ],
    ),
];

/// Fills the shop of this database, in which one purchase has been made, paid, and refunded, and one cart is waiting.
pub(super) async fn fill(url: &str) {
    // Ids follow each other, as ours do.
    let fake = "CREATE FUNCTION fake(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
        $$ SELECT (rpad(kind, 8, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$";
    statement(url, fake).await;
    // Two at a time: the machine has as many cores, and nothing is checked that stands in another table.
    stream::iter(ALL).map(|many| multiply(url, many)).buffer_unordered(2).collect::<()>().await;
    statement(url, "VACUUM ANALYZE").await;
}

async fn multiply(url: &str, many: &Many) {
    let Many { table, times, template, other } = many;
    let names = format!(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)::text FROM pg_attribute
         WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped"
    );
    let values = other.iter().fold("quote_ident(attname)".to_owned(), |or, (name, value)| {
        format!("CASE attname WHEN '{name}' THEN {} ELSE {or} END", quoted(value))
    });
    // What refers to what is known to be right, and checking it is most of the work.
    let write = format!(
        "DO $do$ DECLARE names text; vals text; BEGIN
             SET LOCAL session_replication_role = replica;
             names := ({names});
             SELECT string_agg({values}, ', ' ORDER BY attnum) INTO vals FROM pg_attribute
                 WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped;
             IF NOT EXISTS (SELECT 1 FROM {table} WHERE {one}) THEN RAISE 'there is no template in {table}'; END IF;
             EXECUTE format('INSERT INTO {table} (%s) SELECT %s FROM (SELECT * FROM {table} WHERE %s LIMIT 1) template,
                 generate_series(1, {times}) n', names, vals, {template});
         END $do$",
        template = quoted(template),
        one = template,
    );
    statement(url, &write).await;
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
