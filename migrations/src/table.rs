//! The few things SQLite and Postgres say differently when a table is made, and the names of what belongs to one.

use sea_orm_migration::{
    prelude::{
        ColumnDef, DbErr, Expr, ExprTrait, ForeignKey, ForeignKeyCreateStatement, Index,
        IndexCreateStatement, SchemaManager, SimpleExpr, Table, TableCreateStatement,
    },
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

/// An index, named by its table and columns.
pub(crate) fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    named("ix", table, columns)
}

/// An index that no two rows are alike in.
pub(crate) fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    named("uq", table, columns).unique().take()
}

fn named(kind: &str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(format!("{kind}_{table}_{}", columns.join("_"))).table(table).take();
    for column in columns {
        index.col(*column);
    }
    index
}

/// The key of a table that is kept by it alone.
pub(crate) fn key_of(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut key = Index::create().name(format!("pk_{table}")).take();
    for column in columns {
        key.col(*column);
    }
    key
}

/// That a column is the id of a row of another table.
pub(crate) fn belongs_to(
    table: &'static str,
    column: &'static str,
    other: &'static str,
) -> ForeignKeyCreateStatement {
    let name = format!("fk_{table}_{column}");
    ForeignKey::create().name(name).from(table, column).to(other, "id").take()
}

/// That a column says one of these.
pub(crate) fn one_of<const N: usize>(
    table: &'static str,
    column: &'static str,
    names: [&'static str; N],
) -> (String, SimpleExpr) {
    (format!("ck_{table}_{column}"), Expr::col(column).is_in(names))
}

/// Adds columns to a table that is there; SQLite takes one a statement.
pub(crate) async fn add_columns(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: impl IntoIterator<Item = ColumnDef, IntoIter: Send> + Send,
) -> Result<(), DbErr> {
    for column in columns {
        manager.alter_table(Table::alter().table(table).add_column(column).take()).await?;
    }
    Ok(())
}

/// Takes columns away, in this order.
pub(crate) async fn drop_columns(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    for column in columns {
        manager.alter_table(Table::alter().table(table).drop_column(*column).take()).await?;
    }
    Ok(())
}

/// A number that is never below zero.
pub(crate) fn not_negative(table: &'static str, column: &'static str) -> (String, SimpleExpr) {
    (format!("ck_{table}_{column}"), Expr::col(column).gte(0))
}

/// Takes tables away, in this order.
pub(crate) async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).take()).await?;
    }
    Ok(())
}
