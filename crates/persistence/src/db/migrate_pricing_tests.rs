//! Steps of prices, promotions, taxes and gift cards taken back with rows in them; on both databases.

use super::*;
use crate::testing::TestShop;
use conn::Raw;
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};
use stoa_migrations::STEPS;

const AT: &str = "'2026-01-01T00:00:00+00:00'";

fn insert(table: &str, columns: &str, values: &str) -> String {
    format!("INSERT INTO {table} ({columns}) VALUES ({values})")
}

/// What was there before: a product, a customer, and an order with a payment and a refund.
fn rows_of_before(id: &impl Fn(u8) -> String) -> Vec<String> {
    let (customer, order, line, payment, refund) = (id(1), id(2), id(3), id(4), id(5));
    vec![
        insert(
            "customers",
            "id, state, email, email_key, accepts_marketing, version, created_at, updated_at",
            &format!("{customer}, 'enabled', 'A@b.cd', 'a@b.cd', true, 1, {AT}, {AT}"),
        ),
        // An older program names none of the columns that are new.
        insert(
            "orders",
            "id, number, token, cart_id, state, fulfillment, email, email_key, attributes, currency, subtotal, delivery, \
             delivery_tax, tax, total, tax_rate, prices_include_tax, tax_rounding, placed_at, updated_at",
            &format!(
                "{order}, 1001, 't', {order}, 'paid', 'unfulfilled', 'a@b.cd', 'a@b.cd', '[]', 'EUR', 2, 0, 0, 0, 2, 0, true, \
                 'line', {AT}, {AT}"
            ),
        ),
        insert(
            "order_lines",
            "id, order_id, position, variant_id, product_id, title, variant_title, quantity, unit_price, subtotal, tax, \
             requires_shipping, attributes",
            &format!("{line}, {order}, 0, {line}, {line}, 'Mug', '', 2, 1, 2, 0, true, '[]'"),
        ),
        insert(
            "payments",
            "id, order_id, gateway, state, amount, currency, amount_received, amount_refunded, refund_reserved, disputed, \
             created_at, updated_at",
            &format!("{payment}, {order}, 'g', 'paid', 2, 'EUR', 2, 0, 0, false, {AT}, {AT}"),
        ),
        insert(
            "refunds",
            "id, payment_id, amount, reason, state, created_at, updated_at",
            &format!("{refund}, {payment}, 1, 'r', 'requested', {AT}, {AT}"),
        ),
    ]
}

/// A row in every table that came with prices, and something in every column that did.
fn rows_of_pricing(id: &impl Fn(u8) -> String) -> Vec<String> {
    let (customer, order, line, refund) = (id(1), id(2), id(3), id(5));
    let (promotion, market, list, category, zone) = (id(10), id(11), id(12), id(13), id(14));
    let (rate, place, method, card, entry, batch) = (id(15), id(16), id(17), id(18), id(19), id(20));
    vec![
        insert("lookup_keys", "purpose, key, created_at", &format!("'gift-card', 's1.', {AT}")),
        insert(
            "promotions",
            "id, title, title_key, class, method, definition, priority, stacks, exclusive, state, version, created_at, updated_at",
            &format!(
                "{promotion}, 'Ten', 'ten', 'product', 'code', '{{}}', 0, false, false, 'active', 1, {AT}, {AT}"
            ),
        ),
        insert("promotion_counters", "promotion_id, used, most", &format!("{promotion}, 1, 1")),
        insert(
            "promotion_codes",
            "code_key, promotion_id, code, created_at",
            &format!("'TEN', {promotion}, 'Ten', {AT}"),
        ),
        insert(
            "promotion_code_batches",
            "id, promotion_id, wanted, prefix, length, state, created_by, created_at, updated_at",
            &format!("{batch}, {promotion}, 5, 'X', 12, 'making', 'Ada', {AT}, {AT}"),
        ),
        insert("promotion_buyers", "promotion_id, buyer_key, used", &format!("{promotion}, 'h', 1")),
        insert(
            "promotion_uses",
            "order_id, promotion_id, code_key, buyer_keys, amount, amount_shop, title, state, taken_at",
            &format!("{order}, {promotion}, 'TEN', '[]', 1, 1, 'Ten', 'taken', {AT}"),
        ),
        insert(
            "markets",
            "id, name, name_key, currency, price_list_id, rounding, active, version, created_at, updated_at",
            &format!("{market}, 'Japan', 'japan', 'JPY', {list}, '\"none\"', true, 1, {AT}, {AT}"),
        ),
        insert("market_countries", "country, market_id", &format!("'JP', {market}")),
        insert(
            "exchange_rates",
            "currency, rate, source, as_of, updated_at",
            &format!("'JPY', 163345000000, 'staff', {AT}, {AT}"),
        ),
        insert(
            "price_lists",
            "id, name, name_key, kind, currency, groups, market_id, starts_at, active, version, created_at, updated_at",
            &format!("{list}, 'Japan', 'japan', 'market', 'JPY', '[]', {market}, {AT}, true, 1, {AT}, {AT}"),
        ),
        insert("price_list_prices", "price_list_id, variant_id, price", &format!("{list}, {line}, 980")),
        insert("pricing_settings", "id, origin_countries, version, updated_at", &format!("1, '[]', 1, {AT}")),
        insert(
            "tax_categories",
            "id, code, name, kind, version, created_at, updated_at",
            &format!("{category}, 'books', 'Books', 'taxed', 1, {AT}, {AT}"),
        ),
        insert(
            "tax_zones",
            "id, name, level, country, provinces, postal_ranges, priority, version, created_at, updated_at",
            &format!("{zone}, 'Japan', 0, 'JP', '[]', '[]', 0, 1, {AT}, {AT}"),
        ),
        insert(
            "tax_rates",
            "id, tax_zone_id, tax_category_id, name, rate, compound, on_delivery, position",
            &format!("{rate}, {zone}, {category}, 'VAT', 100000, false, true, 0"),
        ),
        insert(
            "delivery_zones",
            "id, name, countries, provinces, postal_ranges, priority, version, created_at, updated_at",
            &format!("{place}, 'Japan', '[\"JP\"]', '[]', '[]', 0, 1, {AT}, {AT}"),
        ),
        insert(
            "delivery_methods",
            "id, delivery_zone_id, handle, title, kind, rates, tax_category_id, conditions, position, active, version, created_at, \
             updated_at",
            &format!(
                "{method}, {place}, 'post', 'Post', 'shipping', '{{}}', {category}, '{{}}', 0, true, 1, {AT}, {AT}"
            ),
        ),
        insert(
            "gift_cards",
            "id, kind, code_hash, last_characters, currency, initial, balance, state, created_by, version, created_at, updated_at",
            &format!("{card}, 'card', 'h', '7KQ2', 'EUR', 5, 4, 'enabled', 'Ada', 1, {AT}, {AT}"),
        ),
        insert(
            "gift_card_entries",
            "id, gift_card_id, at, delta, kind, order_id, actor",
            &format!("{entry}, {card}, {AT}, -1, 'spent', {order}, 'checkout'"),
        ),
        insert(
            "order_pricing",
            "order_id, steps, applications, rules, explained_at",
            &format!("{order}, '[]', '[]', 7, {AT}"),
        ),
        insert(
            "order_taxes",
            "order_id, position, name, zone, rate, compound, base, amount, inside",
            &format!("{order}, 0, 'VAT', 'Japan', 100000, false, 2, 0, true"),
        ),
        insert(
            "order_deliveries",
            "order_id, position, group_key, handle, title, kind, price, discount, removed_tax, tax, line_ids",
            &format!("{order}, 0, 'g', 'post', 'Post', 'shipping', 0, 0, 0, 0, '[]'"),
        ),
        format!(
            "UPDATE orders SET discount = 1, delivery_discount = 0, removed_tax = 0, charge = 0, market_id = {market}, \
             shop_currency = 'EUR', exchange_rate = 1000000000, shop_subtotal = 2, shop_discount = 1, shop_delivery = 0, \
             shop_delivery_discount = 0, shop_tax = 0, shop_total = 1, tax_number = 'DE136695976', reverse_charge = true"
        ),
        format!(
            "UPDATE order_lines SET discount = 1, gift_of = {promotion}, tax_category = 'books', gift_card = true"
        ),
        format!("UPDATE refunds SET shop_amount = 1, parent_id = {refund}"),
        format!("UPDATE customers SET tax_exempt = true, tax_number = 'DE136695976' WHERE id = {customer}"),
        "UPDATE catalog_state SET rules = 7".to_owned(),
    ]
}

async fn run(db: &Db, statements: &[String]) {
    let tx = db.write(Durability::Full).await.unwrap();
    for sql in statements {
        tx.raw().execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    tx.commit().await.unwrap();
}

async fn rows(db: &Db, sql: &str) -> Vec<QueryResult> {
    let statement = Statement::from_string(db.read().raw().get_database_backend(), sql);
    db.read().raw().query_all_raw(statement).await.unwrap()
}

#[tokio::test]
async fn steps_of_pricing_are_taken_back_with_rows_in_them() {
    let shop = TestShop::open().await;
    let db = &shop.db;
    let sqlite = db.read().raw().get_database_backend() == DbBackend::Sqlite;
    let id = |n: u8| {
        let id = uuid::Uuid::from_u128(u128::from(n));
        if sqlite { format!("x'{}'", id.simple()) } else { format!("'{id}'") }
    };
    run(db, &rows_of_before(&id)).await;
    run(db, &rows_of_pricing(&id)).await;
    // What must never be is refused whoever writes it.
    for (sql, rule) in [
        ("UPDATE promotion_counters SET used = used - 2", "ck_promotion_counters_used"),
        ("UPDATE gift_cards SET balance = -1", "ck_gift_cards_balance"),
        ("UPDATE promotion_code_batches SET made = 6", "ck_promotion_code_batches_made"),
        ("UPDATE exchange_rates SET rate = 0", "ck_exchange_rates_rate"),
        ("UPDATE tax_rates SET rate = 1000001", "ck_tax_rates_rate"),
        ("UPDATE orders SET discount = -1", "ck_orders_discount"),
        ("UPDATE orders SET charge = -1", "ck_orders_charge"),
    ] {
        let tx = db.write(Durability::Full).await.unwrap();
        let refused = tx.raw().execute_unprepared(sql).await.unwrap_err();
        assert_eq!(violation(&refused), Some(Violation::Check(rule.to_owned())), "{refused}");
        tx.rollback().await.unwrap();
    }

    let first = STEPS.iter().position(|step| step.name() == "m20261123_000024_promotions").unwrap();
    let steps = u32::try_from(STEPS.len() - first).unwrap();
    let lost = STEPS[first..].iter().filter(|step| step.lost().is_some()).count();
    assert!(
        matches!(db.undo_migrations(steps, false).await, Err(UndoError::Loses(what)) if what.len() == lost)
    );
    for _ in 0..steps {
        db.undo_migrations(1, true).await.unwrap();
    }
    // What was there before is there still, and takes the columns up again.
    assert_eq!(db.migrate().await.unwrap(), steps as usize);
    let left = rows(
        db,
        "SELECT o.number AS number, o.discount + l.discount + o.removed_tax AS off FROM orders o \
         JOIN order_lines l ON l.order_id = o.id JOIN payments p ON p.order_id = o.id JOIN refunds r ON r.payment_id = p.id \
         JOIN customers c ON c.tax_exempt = false AND c.tax_number IS NULL \
         WHERE o.charge IS NULL AND o.shop_total IS NULL AND o.reverse_charge = false AND r.parent_id IS NULL",
    )
    .await;
    let left: Vec<(i64, i64)> =
        left.iter().map(|r| (r.try_get("", "number").unwrap(), r.try_get("", "off").unwrap())).collect();
    assert_eq!(left, [(1001, 0)]);
    let rules = rows(db, "SELECT rules FROM catalog_state").await;
    assert_eq!(rules[0].try_get::<i64>("", "rules").unwrap(), 1);
}
