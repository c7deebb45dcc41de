//! The few things SQLite and Postgres say differently when a table is made.

use sea_orm_migration::{
    prelude::{ColumnDef, SchemaManager, Table, TableCreateStatement},
    schema::string_len,
    sea_orm::DbBackend,
};

/// A table of links or counters whose primary key is all that is ever looked up: SQLite then keeps the rows in the
/// key's own tree instead of in two trees.
pub(crate) fn keyed_table(manager: &SchemaManager<'_>, name: &'static str) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name);
    if manager.get_database_backend() == DbBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
    table
}

/// A text that is compared and sorted byte by byte on both databases: what a keyset cursor or a prefix range runs
/// over. SQLite does so by itself; Postgres would use the language of the database.
pub(crate) fn key_text(manager: &SchemaManager<'_>, name: &'static str, length: u32) -> ColumnDef {
    let mut column = string_len(name, length);
    if manager.get_database_backend() == DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}
