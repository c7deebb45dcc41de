//! Newer tables under an older program, and steps taken back; on both databases.

use super::*;
use crate::testing::TestShop;
use conn::Raw;
use sea_orm::ConnectionTrait;
use stoa_domain::shared::FaultKind;
use stoa_migrations::{STEPS, Step};

const LATER: &str = "m20991231_000001_later";

/// What a newer program leaves when it applies a step: the step, and who can live with it.
async fn later_step(db: &Db, companion: Option<&str>) {
    let tx = db.write(Durability::Full).await.unwrap();
    let sql = async |sql: String| tx.raw().execute_unprepared(&sql).await.unwrap();
    sql(format!("DELETE FROM seaql_migrations WHERE version = '{LATER}'")).await;
    sql(format!("DELETE FROM migration_companions WHERE step = '{LATER}'")).await;
    sql(format!("INSERT INTO seaql_migrations (version, applied_at) VALUES ('{LATER}', 0)")).await;
    if let Some(companion) = companion {
        sql(format!("INSERT INTO migration_companions (step, lives_with) VALUES ('{LATER}', '{companion}')"))
            .await;
    }
    tx.commit().await.unwrap();
}

fn is_refused<T: std::fmt::Debug>(outcome: Result<T, stoa_domain::shared::Fault>) {
    let fault = outcome.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Internal);
    assert!(fault.to_string().contains(LATER), "it says which step: {fault}");
}

fn newest() -> String {
    STEPS.last().unwrap().name()
}

#[tokio::test]
async fn a_program_lives_with_newer_steps_that_say_so_and_with_no_others() {
    let shop = TestShop::open().await;
    let db = &shop.db;
    later_step(db, Some(&newest())).await;
    assert_eq!(db.migrate().await.unwrap(), 0);
    assert!(db.pending_migrations().await.unwrap().is_empty());
    assert_eq!(db.compare_migrations().await.unwrap().ahead, [LATER]);

    for companion in [None, Some("m20991230_000001_not_known_here")] {
        later_step(db, companion).await;
        is_refused(db.migrate().await);
        is_refused(db.pending_migrations().await);
        assert_eq!(db.compare_migrations().await.unwrap().strange, [LATER]);
    }
}

#[tokio::test]
async fn steps_of_another_program_are_not_built_upon() {
    let shop = TestShop::open().await;
    let db = &shop.db;
    let until =
        STEPS.iter().position(|step| step.name() == "m20261121_000010_orders_needing_attention").unwrap();
    db.undo_migrations(u32::try_from(STEPS.len() - until).unwrap(), true).await.unwrap();
    // The notes went with the step that brought them; the newer program has its own.
    let tx = db.write(Durability::Full).await.unwrap();
    let notes =
        "CREATE TABLE migration_companions (step VARCHAR(255) PRIMARY KEY, lives_with VARCHAR(255) NOT NULL)";
    tx.raw().execute_unprepared(notes).await.unwrap();
    tx.commit().await.unwrap();
    later_step(db, Some(&STEPS[0].name())).await;
    is_refused(db.migrate().await);
    is_refused(db.pending_migrations().await);
}

#[tokio::test]
async fn steps_are_taken_back_and_applied_again() {
    let shop = TestShop::open().await;
    let db = &shop.db;
    let last: Vec<String> = STEPS.iter().rev().take(3).map(Step::name).collect();
    assert_eq!(db.undo_migrations(3, true).await.unwrap(), last);
    let mut pending = db.pending_migrations().await.unwrap();
    pending.reverse();
    assert_eq!(pending, last);
    assert_eq!(db.migrate().await.unwrap(), 3);

    let noted = "SELECT step, lives_with FROM migration_companions ORDER BY step";
    let statement = sea_orm::Statement::from_string(db.read().raw().get_database_backend(), noted);
    let rows = db.read().raw().query_all_raw(statement).await.unwrap();
    let noted: Vec<(String, String)> = rows
        .iter()
        .map(|row| (row.try_get("", "step").unwrap(), row.try_get("", "lives_with").unwrap()))
        .collect();
    let said: Vec<(String, String)> =
        STEPS.iter().filter_map(|step| Some((step.name(), step.companion()?.to_owned()))).collect();
    assert_eq!(noted, said, "older programs can read who lives with what");
}

/// A row in every table that came with accounts, and in those that got columns. Ids and bytes are said as the database says them.
fn rows_everywhere(id: impl Fn(u8) -> String, bytes: impl Fn(&str) -> String) -> Vec<String> {
    let (customer, group, staff, role, order, line) = (id(1), id(2), id(3), id(4), id(5), id(6));
    let (payment, refund, parcel, session) = (id(7), id(8), id(9), id(10));
    let salt = bytes("000102030405060708090a0b0c0d0e0f");
    let at = "'2026-01-01T00:00:00+00:00'";
    let insert = |table: &str, columns: &str, values: String| {
        format!("INSERT INTO {table} ({columns}) VALUES ({values})")
    };
    vec![
        insert(
            "customers",
            "id, state, email, email_key, accepts_marketing, version, created_at, updated_at",
            format!("{customer}, 'enabled', 'A@b.cd', 'a@b.cd', true, 1, {at}, {at}"),
        ),
        insert(
            "customer_addresses",
            "id, customer_id, body, created_at, updated_at",
            format!("{customer}, {customer}, '{{}}', {at}, {at}"),
        ),
        insert("customer_tags", "customer_id, tag_key, tag", format!("{customer}, 'vip', 'VIP'")),
        insert(
            "customer_groups",
            "id, name, name_key, version, created_at, updated_at",
            format!("{group}, 'Trade', 'trade', 1, {at}, {at}"),
        ),
        insert("customer_group_members", "group_id, customer_id", format!("{group}, {customer}")),
        insert(
            "customer_consents",
            "id, customer_id, kind, granted, source, actor, at",
            format!("{customer}, {customer}, 'email_marketing', true, 'register', 'customer', {at}"),
        ),
        insert(
            "customer_identities",
            "issuer, subject, customer_id, linked_at, used_at",
            format!("'https://id.example', '7', {customer}, {at}, {at}"),
        ),
        insert("customer_terms", "term, customer_id", format!("'ada', {customer}")),
        insert("customer_carts", "customer_id, cart_id, updated_at", format!("{customer}, {order}, {at}")),
        insert(
            "sessions",
            "id, realm, subject_id, kind, generation, salt, mfa, created_at, used_at, expires_at, ends_at",
            format!("{session}, 'customer', {customer}, 'tokens', 0, {salt}, false, {at}, {at}, {at}, {at}"),
        ),
        insert(
            "account_tokens",
            "id, kind, realm, subject_id, salt, expires_at, created_at",
            format!("{session}, 'link', 'customer', {customer}, {salt}, {at}, {at}"),
        ),
        insert(
            "account_challenges",
            "id, kind, salt, body, tries, expires_at, created_at",
            format!("{session}, 'totp', {salt}, '{{}}', 0, {at}, {at}"),
        ),
        insert(
            "account_devices",
            "realm, subject_id, network, seen_at",
            format!("'customer', {customer}, '192.0.2.0/24', {at}"),
        ),
        insert(
            "signing_keys",
            "kid, public_key, private_key, created_at, active_from",
            format!("'k', {salt}, 's1.', {at}, {at}"),
        ),
        insert("key_checks", "key_id, proof, created_at", format!("'k', 'p', {at}")),
        insert(
            "staff",
            "id, email, email_key, name, state, version, created_at, updated_at",
            format!("{staff}, 'a@b.cd', 'a@b.cd', 'Ada', 'enabled', 1, {at}, {at}"),
        ),
        insert("stock_requests", "id, fingerprint, created_at", format!("{session}, 'f', {at}")),
        insert("shop_owner", "id, staff_id", format!("1, {staff}")),
        insert(
            "roles",
            "id, name, name_key, permissions, built_in, version, created_at, updated_at",
            format!("{role}, 'Packer', 'packer', '[]', false, 1, {at}, {at}"),
        ),
        insert("staff_roles", "staff_id, role_id", format!("{staff}, {role}")),
        insert("recovery_codes", "staff_id, code_hash", format!("{staff}, 'h'")),
        insert(
            "api_keys",
            "id, name, hint, secret_hash, scopes, created_by, created_at",
            format!("{session}, 'ERP', 'abcd', 'h', '[]', {staff}, {at}"),
        ),
        insert(
            "audit_log",
            "seq, at, actor_kind, actor_name, action, subject_type, changes, prev_hash, hash",
            format!("1, {at}, 'system', 'sweep', 'a.b', 'Shop', '[]', '0', '1'"),
        ),
        insert(
            "media_files",
            "id, digest, visibility, mime, bytes, name, created_by, created_at",
            format!("{session}, 'd', 'public', 'image/png', 1, 'a.png', 'Ada', {at}"),
        ),
        insert(
            "orders",
            "id, number, token, cart_id, state, fulfillment, email, email_key, attributes, currency, subtotal, delivery, \
             delivery_tax, tax, total, tax_rate, prices_include_tax, tax_rounding, placed_at, updated_at, customer_id, locale, \
             personal_until",
            format!(
                "{order}, 1001, 't', {order}, 'paid', 'unfulfilled', 'a@b.cd', 'a@b.cd', '[]', 'EUR', 1, 0, 0, 0, 1, 0, true, \
                 'line', {at}, {at}, {customer}, 'de', {at}"
            ),
        ),
        insert(
            "order_lines",
            "id, order_id, position, variant_id, product_id, title, variant_title, quantity, unit_price, subtotal, tax, \
             requires_shipping, attributes, fulfilled",
            format!("{line}, {order}, 0, {line}, {line}, 'Mug', '', 2, 1, 2, 0, true, '[]', 1"),
        ),
        insert(
            "payments",
            "id, order_id, gateway, state, amount, currency, amount_received, amount_refunded, refund_reserved, disputed, \
             created_at, updated_at",
            format!("{payment}, {order}, 'g', 'paid', 1, 'EUR', 1, 0, 0, false, {at}, {at}"),
        ),
        insert(
            "refunds",
            "id, payment_id, amount, reason, state, created_at, updated_at, created_by, note",
            format!("{refund}, {payment}, 1, 'r', 'requested', {at}, {at}, 'Ada', 'broken'"),
        ),
        insert(
            "fulfillments",
            "id, order_id, position, tracking_numbers, tracking_urls, created_by, created_at",
            format!("{parcel}, {order}, 0, '[]', '[]', 'Ada', {at}"),
        ),
        insert("fulfillment_lines", "fulfillment_id, line_id, quantity", format!("{parcel}, {line}, 1")),
        insert(
            "refund_lines",
            "refund_id, line_id, quantity, restocked",
            format!("{refund}, {line}, 1, false"),
        ),
    ]
}

#[tokio::test]
async fn steps_of_accounts_are_taken_back_with_rows_in_them() {
    let shop = TestShop::open().await;
    let db = &shop.db;
    let sqlite = db.read().raw().get_database_backend() == sea_orm::DbBackend::Sqlite;
    let id = |n: u8| {
        let id = uuid::Uuid::from_u128(u128::from(n));
        if sqlite { format!("x'{}'", id.simple()) } else { format!("'{id}'") }
    };
    let bytes = |hex: &str| if sqlite { format!("x'{hex}'") } else { format!("'\\x{hex}'") };
    let rows = rows_everywhere(id, bytes);
    let tx = db.write(Durability::Full).await.unwrap();
    for row in &rows {
        tx.raw().execute_unprepared(row).await.unwrap_or_else(|error| panic!("{row}: {error}"));
    }
    tx.commit().await.unwrap();
    // No more is ever sent than was ordered, whoever writes it.
    let tx = db.write(Durability::Full).await.unwrap();
    let refused = tx.raw().execute_unprepared("UPDATE order_lines SET fulfilled = 3").await.unwrap_err();
    assert_eq!(violation(&refused), Some(Violation::Check("ck_order_lines_fulfilled".into())), "{refused}");
    tx.rollback().await.unwrap();

    let first = STEPS.iter().position(|step| step.name() == "m20261122_000012_customers").unwrap();
    let steps = u32::try_from(STEPS.len() - first).unwrap();
    assert!(
        matches!(db.undo_migrations(steps, false).await, Err(UndoError::Loses(what)) if what.len() == 13)
    );
    for _ in 0..steps {
        db.undo_migrations(1, true).await.unwrap();
    }
    // What was there before is there still, and takes the columns up again.
    assert_eq!(db.migrate().await.unwrap(), steps as usize);
    let left = "SELECT o.number AS number, l.fulfilled AS fulfilled FROM orders o JOIN order_lines l ON l.order_id = o.id \
                JOIN payments p ON p.order_id = o.id JOIN refunds r ON r.payment_id = p.id \
                WHERE o.customer_id IS NULL AND r.note IS NULL";
    let statement = sea_orm::Statement::from_string(db.read().raw().get_database_backend(), left);
    let left = db.read().raw().query_all_raw(statement).await.unwrap();
    let left: Vec<(i64, i64)> = left
        .iter()
        .map(|r| (r.try_get("", "number").unwrap(), r.try_get("", "fulfilled").unwrap()))
        .collect();
    assert_eq!(left, [(1001, 0)]);
}

#[tokio::test]
async fn what_cannot_be_brought_back_is_lost_only_on_purpose() {
    let shop = TestShop::open().await;
    let db = &shop.db;
    let all = u32::try_from(STEPS.len()).unwrap();
    let applied = db.compare_migrations().await.unwrap().applied;
    let refused = db.undo_migrations(all, false).await.unwrap_err();
    assert!(
        matches!(&refused, UndoError::Loses(what) if what.iter().any(|w| w.starts_with("orders "))),
        "{refused}"
    );
    assert!(
        matches!(db.undo_migrations(all + 1, true).await, Err(UndoError::TooMany(n)) if n == applied.len())
    );
    later_step(db, Some(&newest())).await;
    assert!(matches!(db.undo_migrations(1, true).await, Err(UndoError::Unknown(steps)) if steps == [LATER]));
    assert_eq!(db.compare_migrations().await.unwrap().applied, applied, "nothing was undone");
    let tx = db.write(Durability::Full).await.unwrap();
    let gone = format!("DELETE FROM seaql_migrations WHERE version = '{LATER}'");
    tx.raw().execute_unprepared(&gone).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(db.undo_migrations(all, true).await.unwrap().len(), STEPS.len());
    assert_eq!(db.migrate().await.unwrap(), STEPS.len());
}
