//! Which files were uploaded. The files themselves are in the media store.

use crate::table::{drop_tables, index, one_of};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("media_files")
            .col(pk_uuid("id"))
            // SHA-256, in hexadecimal
            .col(string_len("digest", 64))
            .col(string_len("visibility", 8))
            .col(string_len("mime", 64))
            .col(big_integer("bytes"))
            // in pixels; of pictures alone
            .col(integer_null("width"))
            .col(integer_null("height"))
            .col(string_len("name", 255))
            .col(text_null("alt"))
            .col(string_len("created_by", 255))
            .col(timestamp_with_time_zone("created_at"))
            .check(one_of("media_files", "visibility", ["public", "private"]))
            .check(("ck_media_files_bytes", Expr::col("bytes").gte(0)))
            .take();
        manager.create_table(table).await?;
        manager.create_index(index("media_files", &["digest"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["media_files"]).await
    }
}
