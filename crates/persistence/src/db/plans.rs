//! How the database would run what it was asked: for the tests that forbid a search of a whole table.

use super::{Db, conn::Raw, error::fault};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement};
use serde_json::Value;
use stoa_domain::shared::Fault;

/// A statement that was run, and how the database would run it now, with the values it came with.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Its text.
    pub statement: String,
    /// Tables that it reads from end to end, by no index.
    pub scanned: Vec<String>,
    /// What it costs by the planner's guess, in the time of a page read in sequence. SQLite does not say.
    pub cost: Option<f64>,
}

impl Db {
    /// Keeps one statement of each text from now on, for [`Db::plans`].
    pub fn keep_statements(&self) {
        self.watched().keep();
    }

    /// How each statement kept would be run. Runs none of them.
    ///
    /// # Errors
    /// The database does not answer, or explains itself in a way we do not know.
    pub async fn plans(&self) -> Result<Vec<Plan>, Fault> {
        let mut plans = Vec::new();
        for statement in self.watched().kept() {
            let verb = statement.sql.split_ascii_whitespace().next().unwrap_or_default();
            if matches!(verb, "SELECT" | "WITH" | "INSERT" | "UPDATE" | "DELETE") {
                plans.push(self.explain(statement).await.map_err(fault("explaining a statement"))?);
            }
        }
        Ok(plans)
    }

    async fn explain(&self, statement: Statement) -> Result<Plan, DbErr> {
        let reader = self.read().raw();
        let postgres = reader.get_database_backend() == DbBackend::Postgres;
        let how = if postgres { "EXPLAIN (FORMAT JSON)" } else { "EXPLAIN QUERY PLAN" };
        let explain = Statement { sql: format!("{how} {}", statement.sql), ..statement.clone() };
        let rows = reader.query_all_raw(explain).await?;
        let mut plan = Plan { statement: statement.sql, scanned: Vec::new(), cost: None };
        for row in rows {
            if postgres { plan.add_postgres(&row)? } else { plan.add_sqlite(&row)? }
        }
        Ok(plan)
    }
}

impl Plan {
    fn add_postgres(&mut self, row: &QueryResult) -> Result<(), DbErr> {
        let explained: Value = row.try_get_by_index(0)?;
        let root = &explained[0]["Plan"];
        self.cost = root["Total Cost"].as_f64();
        self.add_node(root);
        Ok(())
    }

    fn add_node(&mut self, node: &Value) {
        if node["Node Type"] == "Seq Scan"
            && let Some(table) = node["Relation Name"].as_str()
        {
            self.scanned.push(table.to_owned());
        }
        for below in node["Plans"].as_array().into_iter().flatten() {
            self.add_node(below);
        }
    }

    /// One step a row: `SCAN orders`, or `SCAN products USING INDEX …`, which walks the index in its order and stops in time.
    fn add_sqlite(&mut self, row: &QueryResult) -> Result<(), DbErr> {
        let step: String = row.try_get("", "detail")?;
        let mut words = step.split_ascii_whitespace();
        if let (Some("SCAN"), Some(table), None) = (words.next(), words.next(), words.next()) {
            self.scanned.push(table.to_owned());
        }
        Ok(())
    }
}
