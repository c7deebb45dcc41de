//! Customers: their accounts, what belongs to one, and what they have agreed to.

use crate::table::{belongs_to, drop_tables, index, key_of, key_text, keyed_table, one_of, unique};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        customers(manager).await?;
        addresses(manager).await?;
        tags(manager).await?;
        groups(manager).await?;
        consents(manager).await?;
        identities(manager).await?;
        terms(manager).await?;
        carts(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "customer_carts",
            "customer_terms",
            "customer_identities",
            "customer_consents",
            "customer_group_members",
            "customer_groups",
            "customer_tags",
            "customer_addresses",
            "customers",
        ];
        drop_tables(manager, &tables).await
    }
}

async fn customers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("customers")
        .col(pk_uuid("id"))
        .col(string_len("state", 16))
        .col(string_len("email", 254))
        // in lower case: one address is one account
        .col(key_text(manager, "email_key", 254))
        .col(timestamp_with_time_zone_null("email_verified_at"))
        .col(string_len_null("first_name", 255))
        .col(string_len_null("last_name", 255))
        // sealed
        .col(text_null("phone"))
        .col(string_len_null("locale", 16))
        .col(boolean("accepts_marketing"))
        // of staff
        .col(text_null("note"))
        .col(string_len_null("password_hash", 255))
        .col(timestamp_with_time_zone_null("password_changed_at"))
        // no foreign key: the two tables would refer to each other, and SQLite adds none later
        .col(uuid_null("default_address_id"))
        .col(big_integer("version"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(timestamp_with_time_zone_null("erased_at"))
        .check(one_of("customers", "state", ["pending", "enabled", "disabled", "erased"]))
        .take();
    manager.create_table(table).await?;
    manager.create_index(unique("customers", &["email_key"])).await?;
    manager.create_index(index("customers", &["updated_at", "id"])).await
}

async fn addresses(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("customer_addresses")
        .col(pk_uuid("id"))
        .col(uuid("customer_id"))
        // sealed
        .col(text("body"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(&mut belongs_to("customer_addresses", "customer_id", "customers"))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("customer_addresses", &["customer_id", "id"])).await
}

async fn tags(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = keyed_table(manager, "customer_tags")
        .col(uuid("customer_id"))
        .col(key_text(manager, "tag_key", 255))
        .col(string_len("tag", 255))
        .primary_key(&mut key_of("customer_tags", &["customer_id", "tag_key"]))
        .foreign_key(&mut belongs_to("customer_tags", "customer_id", "customers"))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("customer_tags", &["tag_key", "customer_id"])).await
}

async fn groups(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let groups = Table::create()
        .table("customer_groups")
        .col(pk_uuid("id"))
        .col(string_len("name", 255))
        .col(key_text(manager, "name_key", 255))
        .col(big_integer("version"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .take();
    manager.create_table(groups).await?;
    manager.create_index(unique("customer_groups", &["name_key"])).await?;

    let members = keyed_table(manager, "customer_group_members")
        .col(uuid("group_id"))
        .col(uuid("customer_id"))
        .primary_key(&mut key_of("customer_group_members", &["group_id", "customer_id"]))
        .foreign_key(&mut belongs_to("customer_group_members", "group_id", "customer_groups"))
        .foreign_key(&mut belongs_to("customer_group_members", "customer_id", "customers"))
        .take();
    manager.create_table(members).await?;
    manager.create_index(index("customer_group_members", &["customer_id"])).await
}

/// Rows are only ever added.
async fn consents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("customer_consents")
        .col(pk_uuid("id"))
        .col(uuid("customer_id"))
        .col(string_len("kind", 32))
        .col(boolean("granted"))
        // what they were shown
        .col(text_null("wording"))
        .col(string_len("source", 32))
        .col(string_len("actor", 255))
        .col(timestamp_with_time_zone("at"))
        .foreign_key(&mut belongs_to("customer_consents", "customer_id", "customers"))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("customer_consents", &["customer_id", "at"])).await
}

/// Accounts elsewhere that sign in here.
async fn identities(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("customer_identities")
        .col(key_text(manager, "issuer", 255))
        .col(key_text(manager, "subject", 255))
        .col(uuid("customer_id"))
        // the address it had there when it was linked
        .col(key_text(manager, "email_key", 254).null().take())
        .col(timestamp_with_time_zone("linked_at"))
        .col(timestamp_with_time_zone("used_at"))
        .primary_key(&mut key_of("customer_identities", &["issuer", "subject"]))
        .foreign_key(&mut belongs_to("customer_identities", "customer_id", "customers"))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("customer_identities", &["customer_id"])).await
}

/// The words of names and addresses, for the staff's search.
async fn terms(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = keyed_table(manager, "customer_terms")
        .col(key_text(manager, "term", 64))
        .col(uuid("customer_id"))
        .primary_key(&mut key_of("customer_terms", &["term", "customer_id"]))
        .foreign_key(&mut belongs_to("customer_terms", "customer_id", "customers"))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("customer_terms", &["customer_id"])).await
}

/// Which cart is whose. No foreign key to the cart: carts may be kept elsewhere.
async fn carts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = keyed_table(manager, "customer_carts")
        .col(uuid("customer_id"))
        .col(uuid("cart_id"))
        .col(timestamp_with_time_zone("updated_at"))
        .primary_key(&mut key_of("customer_carts", &["customer_id"]))
        .foreign_key(&mut belongs_to("customer_carts", "customer_id", "customers"))
        .take();
    manager.create_table(table).await
}
