//! Runs one statement on one connection, as SeaORM's driver would.

use super::{
    handover::stepping_aside,
    lease::{Lease, Link},
    statements::Statements,
};
use sea_orm::{DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use sqlx::{AssertSqlSafe, Executor};
use std::time::Instant;

/// Runs a query with its values on either kind of connection.
macro_rules! on_either {
    ($lease:expr, $statement:expr, $verb:ident, $each:expr) => {{
        let (sql, values) = ($statement.sql.as_str(), $statement.values.clone());
        let values = SqlxValues(values.unwrap_or_else(|| sea_orm::sea_query::Values(Vec::new())));
        $lease
            .ask(async |link| match link {
                Link::Sqlite(link) => {
                    let query = sqlx::query_with(AssertSqlSafe(sql), values);
                    stepping_aside(query.$verb(&mut **link)).await.map($each)
                }
                Link::Postgres(link) => {
                    sqlx::query_with(AssertSqlSafe(sql), values).$verb(&mut **link).await.map($each)
                }
            })
            .await
    }};
}

/// Runs it, and tells whoever watches.
async fn watched<T>(
    statements: &Statements,
    statement: &Statement,
    run: impl Future<Output = Result<T, sqlx::Error>>,
    error: fn(RuntimeErr) -> DbErr,
) -> Result<T, DbErr> {
    let began = Instant::now();
    let outcome = run.await;
    statements.note(statement, began.elapsed(), outcome.is_err());
    outcome.map_err(|e| error(RuntimeErr::SqlxError(e.into())))
}

pub(super) async fn execute(
    lease: &mut Lease,
    statements: &Statements,
    statement: &Statement,
) -> Result<ExecResult, DbErr> {
    let run = async { on_either!(lease, statement, execute, ExecResult::from) };
    watched(statements, statement, run, DbErr::Exec).await
}

pub(super) async fn query_one(
    lease: &mut Lease,
    statements: &Statements,
    statement: &Statement,
) -> Result<Option<QueryResult>, DbErr> {
    let run = async { on_either!(lease, statement, fetch_optional, |row| row.map(QueryResult::from)) };
    watched(statements, statement, run, DbErr::Query).await
}

pub(super) async fn query_all(
    lease: &mut Lease,
    statements: &Statements,
    statement: &Statement,
) -> Result<Vec<QueryResult>, DbErr> {
    let run = async {
        on_either!(lease, statement, fetch_all, |rows| rows.into_iter().map(QueryResult::from).collect())
    };
    watched(statements, statement, run, DbErr::Query).await
}

/// A command without values, which is not prepared. Counted by nobody.
pub(super) async fn command(lease: &mut Lease, sql: &str) -> Result<ExecResult, DbErr> {
    let done = lease
        .ask(async |link| match link {
            Link::Sqlite(link) => {
                let command = link.execute(AssertSqlSafe(sql.to_owned()));
                stepping_aside(command).await.map(ExecResult::from)
            }
            Link::Postgres(link) => link.execute(AssertSqlSafe(sql.to_owned())).await.map(ExecResult::from),
        })
        .await;
    done.map_err(|e| DbErr::Exec(RuntimeErr::SqlxError(e.into())))
}
