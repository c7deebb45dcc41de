//! Staff, what they may do, and the keys of programs that act for them.

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
        staff(manager).await?;
        owner(manager).await?;
        roles(manager).await?;
        recovery_codes(manager).await?;
        keys(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = ["api_keys", "recovery_codes", "staff_roles", "roles", "shop_owner", "staff"];
        drop_tables(manager, &tables).await
    }
}

async fn staff(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("staff")
        .col(pk_uuid("id"))
        .col(string_len("email", 254))
        .col(key_text(manager, "email_key", 254))
        .col(string_len("name", 255))
        .col(string_len("state", 16))
        .col(string_len_null("locale", 16))
        .col(string_len_null("password_hash", 255))
        .col(timestamp_with_time_zone_null("password_changed_at"))
        // sealed
        .col(text_null("totp_secret"))
        // null: the secret was shown, and no code has proved yet that it was kept
        .col(timestamp_with_time_zone_null("totp_confirmed_at"))
        // of the last code that was used: each works once
        .col(big_integer_null("totp_step"))
        .col(big_integer("version"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .check(one_of("staff", "state", ["invited", "enabled", "disabled"]))
        .take();
    manager.create_table(table).await?;
    manager.create_index(unique("staff", &["email_key"])).await
}

/// One row, once there is an owner. The foreign key is what keeps anybody from removing them.
async fn owner(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("shop_owner")
        .col(integer("id").primary_key())
        .col(uuid("staff_id"))
        .foreign_key(&mut belongs_to("shop_owner", "staff_id", "staff"))
        .check(("ck_shop_owner_one", Expr::col("id").eq(1)))
        .take();
    manager.create_table(table).await
}

async fn roles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let roles = Table::create()
        .table("roles")
        .col(pk_uuid("id"))
        .col(string_len("name", 255))
        .col(key_text(manager, "name_key", 255))
        // a list of names
        .col(text("permissions"))
        .col(boolean("built_in"))
        .col(big_integer("version"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .take();
    manager.create_table(roles).await?;
    manager.create_index(unique("roles", &["name_key"])).await?;

    let of_staff = keyed_table(manager, "staff_roles")
        .col(uuid("staff_id"))
        .col(uuid("role_id"))
        .primary_key(&mut key_of("staff_roles", &["staff_id", "role_id"]))
        .foreign_key(&mut belongs_to("staff_roles", "staff_id", "staff"))
        .foreign_key(&mut belongs_to("staff_roles", "role_id", "roles"))
        .take();
    manager.create_table(of_staff).await?;
    manager.create_index(index("staff_roles", &["role_id"])).await
}

async fn recovery_codes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = keyed_table(manager, "recovery_codes")
        .col(uuid("staff_id"))
        .col(key_text(manager, "code_hash", 64))
        .col(timestamp_with_time_zone_null("used_at"))
        .primary_key(&mut key_of("recovery_codes", &["staff_id", "code_hash"]))
        .foreign_key(&mut belongs_to("recovery_codes", "staff_id", "staff"))
        .take();
    manager.create_table(table).await
}

async fn keys(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("api_keys")
        .col(pk_uuid("id"))
        .col(string_len("name", 255))
        // its last letters, by which people tell keys apart
        .col(string_len("hint", 16))
        .col(key_text(manager, "secret_hash", 64))
        // a list of names
        .col(text("scopes"))
        // no foreign key: a key outlives who made it
        .col(uuid("created_by"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("expires_at"))
        .col(timestamp_with_time_zone_null("used_at"))
        .col(string_len_null("used_network", 64))
        .col(timestamp_with_time_zone_null("revoked_at"))
        .take();
    manager.create_table(table).await?;
    manager.create_index(unique("api_keys", &["secret_hash"])).await
}
