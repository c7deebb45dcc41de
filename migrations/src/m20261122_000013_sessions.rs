//! Who is signed in, and what was given to somebody to come back with: links in mails, halves of a sign-in, the keys of tokens.

use crate::table::{drop_tables, index, key_of, key_text, keyed_table, one_of};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sessions(manager).await?;
        tokens(manager).await?;
        challenges(manager).await?;
        devices(manager).await?;
        keys(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "key_checks",
            "signing_keys",
            "account_devices",
            "account_challenges",
            "account_tokens",
            "sessions",
        ];
        drop_tables(manager, &tables).await
    }
}

/// One row a sign-in. Its subject is a customer or a member of staff, by the realm; so it has no foreign key.
async fn sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("sessions")
        .col(pk_uuid("id"))
        .col(string_len("realm", 8))
        .col(uuid("subject_id"))
        .col(string_len("kind", 16))
        // of the refresh token that is good
        .col(big_integer("generation"))
        // 16 bytes that tokens are made over
        .col(blob("salt"))
        .col(boolean("mfa"))
        .col(timestamp_with_time_zone_null("stepped_up_at"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("used_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone("ends_at"))
        .col(timestamp_with_time_zone_null("revoked_at"))
        .col(string_len_null("revoked_because", 32))
        .col(string_len_null("user_agent", 255))
        .col(string_len_null("network", 64))
        .check(one_of("sessions", "realm", ["customer", "staff"]))
        .check(one_of("sessions", "kind", ["tokens", "cookie", "storefront"]))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("sessions", &["subject_id", "realm"])).await?;
    // for clearing up; not by `expires_at`, which moves with every use
    manager.create_index(index("sessions", &["ends_at"])).await
}

/// Links in mails. The token of one is kept nowhere.
async fn tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let kinds = ["activate", "reset", "email", "invite", "archive", "link"];
    let table = Table::create()
        .table("account_tokens")
        .col(pk_uuid("id"))
        .col(string_len("kind", 24))
        .col(string_len("realm", 8))
        .col(uuid("subject_id"))
        .col(blob("salt"))
        // sealed
        .col(text_null("body"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("used_at"))
        .col(timestamp_with_time_zone("created_at"))
        .check(one_of("account_tokens", "kind", kinds))
        .check(one_of("account_tokens", "realm", ["customer", "staff"]))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("account_tokens", &["subject_id", "kind"])).await?;
    manager.create_index(index("account_tokens", &["expires_at"])).await
}

/// Sign-ins that wait for a code, or for an answer from elsewhere.
async fn challenges(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("account_challenges")
        .col(pk_uuid("id"))
        .col(string_len("kind", 16))
        .col(blob("salt"))
        // sealed
        .col(text("body"))
        .col(integer("tries"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone("created_at"))
        .check(one_of("account_challenges", "kind", ["totp", "oidc"]))
        .check(("ck_account_challenges_tries", Expr::col("tries").gte(0)))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("account_challenges", &["expires_at"])).await
}

/// From where somebody has signed in before, so that a new place can be told them.
async fn devices(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = keyed_table(manager, "account_devices")
        .col(string_len("realm", 8))
        .col(uuid("subject_id"))
        .col(key_text(manager, "network", 64))
        .col(timestamp_with_time_zone("seen_at"))
        .primary_key(&mut key_of("account_devices", &["realm", "subject_id", "network"]))
        .check(one_of("account_devices", "realm", ["customer", "staff"]))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("account_devices", &["seen_at"])).await
}

/// What tokens are signed with, and a proof by which a root key that is another is noticed.
async fn keys(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let signing = Table::create()
        .table("signing_keys")
        .col(string_len("kid", 32).primary_key())
        // 32 bytes (Ed25519)
        .col(blob("public_key"))
        // sealed
        .col(text("private_key"))
        .col(timestamp_with_time_zone("created_at"))
        // published before that, so that others know it in time
        .col(timestamp_with_time_zone("active_from"))
        .col(timestamp_with_time_zone_null("retires_at"))
        .take();
    manager.create_table(signing).await?;

    let checks = Table::create()
        .table("key_checks")
        .col(string_len("key_id", 16).primary_key())
        .col(string_len("proof", 64))
        .col(timestamp_with_time_zone("created_at"))
        .take();
    manager.create_table(checks).await
}
