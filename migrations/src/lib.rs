//! The database schema, one file a step, up and down, on SQLite and Postgres.
//!
//! A step that has been released is never edited: a later step changes what it made. Steps fit the version that is
//! running (expand, migrate, contract). Constraints and indexes are named by one rule, because the persistence layer
//! recognises a violated constraint by its name: `uq_`, `ck_`, `ix_` or `fk_`, the table, the columns or the rule.

mod comparison;
mod m20261120_000001_catalog;
mod m20261120_000002_inventory;
mod m20261120_000003_carts;
mod m20261120_000004_orders;
mod m20261120_000005_payments;
mod m20261120_000006_jobs;
mod m20261120_000007_product_documents;
mod m20261121_000008_catalog_currency;
mod m20261121_000009_open_payments;
mod m20261121_000010_orders_needing_attention;
mod m20261121_000011_migration_companions;
mod m20261122_000012_customers;
mod m20261122_000013_sessions;
mod m20261122_000014_staff;
mod m20261122_000015_audit;
mod m20261122_000016_media;
mod m20261122_000017_fulfillments;
mod m20261122_000018_orders_of_customers;
mod m20261122_000019_orders_by_customer;
mod m20261122_000020_repeated_requests;
mod m20261122_000021_orders_by_figures;
mod m20261122_000022_events_with_bodies;
mod m20261122_000023_audit_by_action_and_time;
mod m20261123_000024_promotions;
mod m20261123_000025_prices;
mod m20261123_000026_taxes_and_delivery;
mod m20261123_000027_gift_cards;
mod m20261123_000028_priced_orders;
mod m20261123_000029_uses_by_state;
mod step;
mod table;

pub use comparison::{Comparison, compare, note_companions};
pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::{MigrationTrait, async_trait};
pub use step::Step;

/// Every step, oldest first, and what is said of it. A step that takes away or changes what an older program uses says nothing of
/// companions; where it does not, they are what lets a roll-out be taken back.
pub const STEPS: [Step; 29] = [
    Step::new(|| Box::new(m20261120_000001_catalog::Migration)).loses("products and collections"),
    Step::new(|| Box::new(m20261120_000002_inventory::Migration)).loses("stock and its ledger"),
    Step::new(|| Box::new(m20261120_000003_carts::Migration)).loses("carts"),
    Step::new(|| Box::new(m20261120_000004_orders::Migration)).loses("orders"),
    Step::new(|| Box::new(m20261120_000005_payments::Migration)).loses("payments and refunds"),
    Step::new(|| Box::new(m20261120_000006_jobs::Migration))
        .loses("mails, refunds and expiries that are due"),
    // Made anew from the products' rows.
    Step::new(|| Box::new(m20261120_000007_product_documents::Migration)),
    Step::new(|| Box::new(m20261121_000008_catalog_currency::Migration))
        .loses("which currency prices are in"),
    Step::new(|| Box::new(m20261121_000009_open_payments::Migration))
        .lives_with("m20261121_000008_catalog_currency"),
    Step::new(|| Box::new(m20261121_000010_orders_needing_attention::Migration))
        .lives_with("m20261121_000008_catalog_currency"),
    Step::new(|| Box::new(m20261121_000011_migration_companions::Migration))
        .lives_with("m20261121_000008_catalog_currency"),
    Step::new(|| Box::new(m20261122_000012_customers::Migration))
        .lives_with("m20261121_000008_catalog_currency")
        .loses("customers, their addresses and consents"),
    Step::new(|| Box::new(m20261122_000013_sessions::Migration))
        .lives_with("m20261121_000008_catalog_currency")
        .loses("who is signed in, links in mails, signing keys, and the proof that the root key is the right one"),
    Step::new(|| Box::new(m20261122_000014_staff::Migration))
        .lives_with("m20261121_000008_catalog_currency")
        .loses("staff, roles and API keys"),
    Step::new(|| Box::new(m20261122_000015_audit::Migration))
        .lives_with("m20261121_000008_catalog_currency")
        .loses("the audit log"),
    Step::new(|| Box::new(m20261122_000016_media::Migration))
        .lives_with("m20261121_000008_catalog_currency")
        .loses("which files were uploaded"),
    Step::new(|| Box::new(m20261122_000017_fulfillments::Migration))
        .lives_with("m20261121_000008_catalog_currency")
        .loses("what was sent, which lines refunds were for and who gave them, and which lines were promised stock"),
    Step::new(|| Box::new(m20261122_000018_orders_of_customers::Migration))
        .lives_with("m20261121_000008_catalog_currency")
        .loses("which orders are whose, their languages, and until when they name somebody"),
    Step::new(|| Box::new(m20261122_000019_orders_by_customer::Migration))
        .lives_with("m20261121_000008_catalog_currency"),
    Step::new(|| Box::new(m20261122_000020_repeated_requests::Migration))
        .lives_with("m20261121_000008_catalog_currency")
        .loses("which requests of staff were carried out, and how much of refunds was for the delivery"),
    Step::new(|| Box::new(m20261122_000021_orders_by_figures::Migration))
        .lives_with("m20261121_000008_catalog_currency"),
    Step::new(|| Box::new(m20261122_000022_events_with_bodies::Migration))
        .lives_with("m20261121_000008_catalog_currency"),
    Step::new(|| Box::new(m20261122_000023_audit_by_action_and_time::Migration))
        .lives_with("m20261121_000008_catalog_currency"),
    Step::new(|| Box::new(m20261123_000024_promotions::Migration))
        .lives_with("m20261121_000008_catalog_currency")
        .loses("promotions, their codes and who has used them"),
    Step::new(|| Box::new(m20261123_000025_prices::Migration))
        .lives_with("m20261121_000008_catalog_currency")
        .loses("price lists, markets and exchange rates, and which goods are gift cards"),
    Step::new(|| Box::new(m20261123_000026_taxes_and_delivery::Migration))
        .lives_with("m20261121_000008_catalog_currency")
        .loses("tax zones and rates, delivery zones and methods"),
    Step::new(|| Box::new(m20261123_000027_gift_cards::Migration))
        .lives_with("m20261121_000008_catalog_currency")
        .loses("gift cards, store credit and what was paid with them"),
    Step::new(|| Box::new(m20261123_000028_priced_orders::Migration))
        .lives_with("m20261121_000008_catalog_currency")
        .loses("how the prices of orders came about"),
    Step::new(|| Box::new(m20261123_000029_uses_by_state::Migration))
        .lives_with("m20261121_000008_catalog_currency"),
];

/// Applies and undoes the steps.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        STEPS.iter().map(Step::migration).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_names_an_older_one_as_its_companion() {
        let names: Vec<String> = STEPS.iter().map(Step::name).collect();
        assert!(names.is_sorted_by(|one, next| one < next), "they are applied in the order of their names");
        for (at, step) in STEPS.iter().enumerate() {
            if let Some(companion) = step.companion() {
                assert!(names[..at].iter().any(|name| name == companion), "{}: {companion}", names[at]);
            }
        }
    }
}
