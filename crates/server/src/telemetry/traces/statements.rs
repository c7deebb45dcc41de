//! A span for each SQL statement, made once it has run: what is asked of a table, never with what values.

use opentelemetry::{
    Context, KeyValue, global,
    trace::{Span, SpanKind, Status, TraceContextExt, Tracer},
};
use std::time::SystemTime;
use stoa_persistence::{DbTarget, StatementRun};

/// Makes spans of statements.
pub(crate) struct StatementSpans {
    tracer: global::BoxedTracer,
    system: &'static str,
}

impl StatementSpans {
    pub(crate) fn new(target: &DbTarget) -> Self {
        let system = match target {
            DbTarget::Sqlite(_) => "sqlite",
            DbTarget::Postgres(_) => "postgresql",
        };
        Self { tracer: global::tracer("stoa"), system }
    }

    /// Called where the statement was waited for, so that what waited is the parent. What nobody traces is not traced for
    /// itself: jobs are looked for every second.
    #[expect(
        clippy::disallowed_methods,
        reason = "a span is told in the machine's time, whatever the shop's clock says"
    )]
    pub(crate) fn ran(&self, run: &StatementRun<'_>) {
        let parent = Context::current();
        if !parent.span().span_context().is_sampled() {
            return;
        }
        let ended = SystemTime::now();
        let (operation, table) = summary(run.sql);
        let mut attributes = vec![
            KeyValue::new("db.system.name", self.system),
            KeyValue::new("db.operation.name", operation.to_owned()),
        ];
        let mut name = operation.to_owned();
        if let Some(table) = table {
            name = format!("{operation} {table}");
            attributes.push(KeyValue::new("db.collection.name", table.to_owned()));
        }
        attributes.push(KeyValue::new("db.query.summary", name.clone()));
        let builder = self
            .tracer
            .span_builder(name)
            .with_kind(SpanKind::Client)
            .with_start_time(ended.checked_sub(run.elapsed).unwrap_or(ended))
            .with_attributes(attributes);
        let mut span = self.tracer.build_with_context(builder, &parent);
        if run.failed {
            span.set_status(Status::error("the statement failed"));
        }
        span.end_with_timestamp(ended);
    }
}

/// What is done, and to which table first. Of several statements in one, by the first that writes.
fn summary(sql: &str) -> (&str, Option<&str>) {
    let mut words = sql.split_ascii_whitespace();
    let mut operation = words.next().unwrap_or("SQL");
    if operation == "WITH" {
        let mut before = operation;
        operation = words
            .find_map(|word| {
                let verb = word.trim_start_matches('(');
                let writes = matches!(verb, "INSERT" | "UPDATE" | "DELETE") && before != "FOR";
                before = word;
                writes.then_some(verb)
            })
            .unwrap_or(operation);
    }
    let table = match operation {
        "UPDATE" => words.next(),
        _ => words.find(|word| matches!(*word, "FROM" | "INTO")).and_then(|_| words.next()),
    };
    let table = table.map(|name| name.split('(').next().unwrap_or(name).trim_matches(['"', '`']));
    (operation, table.filter(|name| !name.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_its_verb_and_its_table() {
        for (sql, operation, table) in [
            (r#"SELECT "orders"."id" FROM "orders" WHERE "id" = $1"#, "SELECT", Some("orders")),
            (r#"INSERT INTO "jobs" ("id") VALUES ($1)"#, "INSERT", Some("jobs")),
            (r#"UPDATE "stock" SET "x" = 1"#, "UPDATE", Some("stock")),
            ("DELETE FROM carts WHERE id = ?", "DELETE", Some("carts")),
            (
                r#"WITH "write_0" AS (INSERT INTO "orders" ("id") VALUES ($1) RETURNING 1) , "write_1" AS (UPDATE "b" SET "x" = 1 RETURNING 1) SELECT 1"#,
                "INSERT",
                Some("orders"),
            ),
            (
                r#"WITH "locked" AS (SELECT "id" FROM "a" FOR UPDATE ) UPDATE "stock" SET "x" = 1"#,
                "UPDATE",
                Some("stock"),
            ),
            ("SELECT 1", "SELECT", None),
            ("SELECT COUNT(*) FROM (SELECT 1 FROM \"a\")", "SELECT", None),
            ("", "SQL", None),
        ] {
            assert_eq!(summary(sql), (operation, table), "{sql}");
        }
    }
}
