//! The steps that a database has, beside those that this program knows.

use crate::{STEPS, Step};
use sea_orm_migration::{
    DbErr, SchemaManager,
    prelude::{Expr, ExprTrait, Order, Query},
    sea_orm::{ConnectionTrait, IntoDatabaseExecutor},
};
use std::collections::{HashMap, HashSet};

const COMPANIONS: &str = "migration_companions";

/// A database beside this program, by the names of steps, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Applied, and known here.
    pub applied: Vec<String>,
    /// Known here, and not applied.
    pub missing: Vec<String>,
    /// Applied by a newer program, and this one can live with them.
    pub ahead: Vec<String>,
    /// Applied by another program, and nothing says that this one can live with them.
    pub strange: Vec<String>,
}

impl Comparison {
    fn of(database: Vec<String>, companions: &HashMap<String, String>) -> Self {
        let known: Vec<String> = STEPS.iter().map(Step::name).collect();
        let (applied, unknown): (Vec<_>, Vec<_>) =
            database.into_iter().partition(|step| known.contains(step));
        let lives = |step: &String| companions.get(step).is_some_and(|companion| known.contains(companion));
        let (ahead, strange) = unknown.into_iter().partition(lives);
        let there: HashSet<&String> = applied.iter().collect();
        let missing = known.iter().filter(|step| !there.contains(step)).cloned().collect();
        Self { applied, missing, ahead, strange }
    }
}

/// Compares; changes nothing, not even an empty database.
///
/// # Errors
/// The database does not answer.
pub async fn compare<C>(connection: &C) -> Result<Comparison, DbErr>
where
    C: ConnectionTrait,
    for<'c> &'c C: IntoDatabaseExecutor<'c>,
{
    let manager = SchemaManager::new(connection);
    if !manager.has_table("seaql_migrations").await? {
        return Ok(Comparison::of(Vec::new(), &HashMap::new()));
    }
    let steps =
        Query::select().column("version").from("seaql_migrations").order_by("version", Order::Asc).take();
    let rows = connection.query_all(&steps).await?;
    let database = rows.iter().map(|row| row.try_get("", "version")).collect::<Result<_, _>>()?;
    let mut companions = HashMap::new();
    if manager.has_table(COMPANIONS).await? {
        let query = Query::select().columns(["step", "lives_with"]).from(COMPANIONS).take();
        for row in connection.query_all(&query).await? {
            companions.insert(row.try_get("", "step")?, row.try_get("", "lives_with")?);
        }
    }
    Ok(Comparison::of(database, &companions))
}

/// Writes down, for older programs, which of them can live with the steps that are applied.
///
/// # Errors
/// The database does not answer.
pub async fn note_companions<C>(connection: &C) -> Result<(), DbErr>
where
    C: ConnectionTrait,
    for<'c> &'c C: IntoDatabaseExecutor<'c>,
{
    if !SchemaManager::new(connection).has_table(COMPANIONS).await? {
        return Ok(());
    }
    let applied = compare(connection).await?.applied;
    let known = Query::delete()
        .from_table(COMPANIONS)
        .and_where(Expr::col("step").is_in(STEPS.iter().map(Step::name)))
        .take();
    connection.execute(&known).await?;
    for step in STEPS.iter().filter(|step| applied.contains(&step.name())) {
        if let Some(companion) = step.companion() {
            let note = Query::insert()
                .into_table(COMPANIONS)
                .columns(["step", "lives_with"])
                .values_panic([step.name().into(), companion.into()])
                .take();
            connection.execute(&note).await?;
        }
    }
    Ok(())
}
