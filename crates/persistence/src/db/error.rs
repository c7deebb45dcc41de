//! What a database error means: a broken rule, something that passes, or a fault.

use super::concurrency::{TRANSIENT, UNAVAILABLE};
use sea_orm::{DbErr, RuntimeErr};
use sqlx::error::{DatabaseError, ErrorKind};
use std::{borrow::Cow, error::Error};
use stoa_domain::shared::Fault;

/// Makes a fault of a database error met while doing `context`.
pub(crate) fn fault(context: &'static str) -> impl FnOnce(DbErr) -> Fault {
    move |error| {
        if passes(&error) { Fault::unavailable(context, error) } else { Fault::internal(context, error) }
    }
}

/// The database's own code of what went wrong, where a fault comes from there.
pub(super) fn code(fault: &Fault) -> Option<Cow<'_, str>> {
    fault.source().and_then(|source| source.downcast_ref::<DbErr>()).and_then(database_error)?.code()
}

/// Whether the server has given a statement up, mostly because its time was over.
pub(super) fn is_given_up(error: &DbErr) -> bool {
    const QUERY_CANCELED: &str = "57014";
    database_error(error).and_then(DatabaseError::code).is_some_and(|code| code == QUERY_CANCELED)
}

/// Whether the server has undone it for another's sake.
pub(super) fn is_undone(error: &DbErr) -> bool {
    database_error(error).and_then(DatabaseError::code).is_some_and(|code| TRANSIENT.contains(&&*code))
}

/// A rule of the schema that a statement would have broken, by the name the migration gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Violation {
    /// `uq_<table>_<columns>`, or `pk_<table>` for a primary key.
    Unique(String),
    /// `ck_<table>_<rule>`.
    Check(String),
    /// A reference to a row that does not exist, or the removal of one that is referred to. SQLite does not say
    /// which.
    ForeignKey,
}

/// The rule that was broken, if that is what the error says. The same on both databases.
pub(crate) fn violation(error: &DbErr) -> Option<Violation> {
    let error = database_error(error)?;
    match error.kind() {
        ErrorKind::UniqueViolation => Some(Violation::Unique(unique_name(error))),
        ErrorKind::ForeignKeyViolation => Some(Violation::ForeignKey),
        ErrorKind::CheckViolation => Some(Violation::Check(match error.constraint() {
            Some(name) => name.to_owned(),
            None => after_colon(error.message()).to_owned(),
        })),
        _ => None,
    }
}

/// Postgres names the constraint. SQLite lists the columns instead (`UNIQUE constraint failed: t.a, t.b`), from which
/// the naming rule of the migrations gives the name.
fn unique_name(error: &dyn DatabaseError) -> String {
    const SQLITE_PRIMARY_KEY: &str = "1555";
    if let Some(name) = error.constraint() {
        return match name.strip_suffix("_pkey") {
            Some(table) => format!("pk_{table}"),
            None => name.to_owned(),
        };
    }
    let columns: Vec<(&str, &str)> =
        after_colon(error.message()).split(", ").filter_map(|c| c.split_once('.')).collect();
    let table = columns.first().map_or("", |(table, _)| *table);
    if error.code().as_deref() == Some(SQLITE_PRIMARY_KEY) {
        return format!("pk_{table}");
    }
    columns.iter().fold(format!("uq_{table}"), |name, (_, column)| name + "_" + column)
}

fn after_colon(message: &str) -> &str {
    message.rsplit(": ").next().unwrap_or(message)
}

fn database_error(error: &DbErr) -> Option<&dyn DatabaseError> {
    let (DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))
    | DbErr::Conn(RuntimeErr::SqlxError(error))) = error
    else {
        return None;
    };
    match error.as_ref() {
        sqlx::Error::Database(error) => Some(error.as_ref()),
        _ => None,
    }
}

/// Whether the cause lies outside the statement and may be gone later.
fn passes(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) => true,
        DbErr::Conn(RuntimeErr::SqlxError(e))
        | DbErr::Exec(RuntimeErr::SqlxError(e))
        | DbErr::Query(RuntimeErr::SqlxError(e)) => match e.as_ref() {
            sqlx::Error::Database(error) => {
                error.code().is_some_and(|code| TRANSIENT.contains(&&*code) || UNAVAILABLE.contains(&&*code))
            }
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => true,
            _ => false,
        },
        _ => false,
    }
}
