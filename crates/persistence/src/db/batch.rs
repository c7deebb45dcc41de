//! Writes that need nothing of each other, sent together: one trip to Postgres instead of one for each.

use super::{conn::Raw, error::fault, write::WriteTx};
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr,
    sea_query::{
        CommonTableExpression, Expr, Func, InsertStatement, Query, SelectStatement, SubQueryStatement,
        UpdateStatement, WithClause, WithQuery,
    },
};
use stoa_domain::shared::Fault;

/// Parameters that one statement may have on Postgres.
const MAX_PARAMETERS: usize = 65_535;

/// Writes to come, in the order in which they lock. None sees what another one writes, and none may touch a row that another one
/// touches; what refers to a row of another one is checked when all have run.
#[derive(Debug, Default)]
#[must_use = "nothing is written yet"]
pub struct Batch(Vec<Write>);

/// A statement that writes.
#[derive(Clone, Debug)]
enum Write {
    Insert(Box<InsertStatement>),
    Update(Box<UpdateStatement>),
}

/// Which of a batch's writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(usize);

/// How many rows each of a batch's writes has written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written(Vec<u64>);

impl Written {
    /// Those of one.
    pub fn rows(&self, of: Place) -> u64 {
        self.0.get(of.0).copied().unwrap_or(0)
    }
}

impl Batch {
    /// With nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds all writes of another one, behind those that are in it.
    pub fn append(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    pub(crate) fn insert(&mut self, statement: InsertStatement) -> Place {
        self.add(Write::Insert(Box::new(statement)))
    }

    pub(crate) fn update(&mut self, statement: UpdateStatement) -> Place {
        self.add(Write::Update(Box::new(statement)))
    }

    fn add(&mut self, write: Write) -> Place {
        self.0.push(write);
        Place(self.0.len() - 1)
    }

    /// Writes everything that is in it.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn write(self, tx: &WriteTx) -> Result<Written, Fault> {
        self.run(tx.raw()).await.map_err(fault("writing several things"))
    }

    pub(crate) async fn run<C: ConnectionTrait>(self, connection: &C) -> Result<Written, DbErr> {
        let backend = connection.get_database_backend();
        if backend == DbBackend::Postgres && self.0.len() > 1 {
            let together = backend.build(&self.together());
            let parameters = together.values.as_ref().map_or(0, |values| values.0.len());
            if parameters <= MAX_PARAMETERS {
                let counts = connection.query_all_raw(together).await?;
                let counts = counts.first().ok_or(DbErr::RecordNotFound("counts of a batch".to_owned()))?;
                let count = |place| counts.try_get_by_index::<i64>(place).map(i64::unsigned_abs);
                return (0..self.0.len()).map(count).collect::<Result<_, _>>().map(Written);
            }
        }
        let mut rows = Vec::with_capacity(self.0.len());
        for write in &self.0 {
            rows.push(write.execute(connection).await?);
        }
        Ok(Written(rows))
    }

    /// All as one statement, whose only row has a count for each. Counts are asked for in order, so the writes run in order.
    fn together(&self) -> WithQuery {
        let (mut tables, mut counts) = (WithClause::new(), Query::select());
        for (place, write) in self.0.iter().enumerate() {
            let name = format!("write_{place}");
            counts.expr(Expr::expr(count(&name)));
            let table = CommonTableExpression::new().query(write.counted()).table_name(name).to_owned();
            tables.cte(table);
        }
        tables.query(counts)
    }
}

fn count(table: &str) -> SelectStatement {
    Query::select().expr(Func::count(Expr::cust("*"))).from(table.to_owned()).take()
}

impl Write {
    /// As a table with a row for each row that it writes.
    fn counted(&self) -> SubQueryStatement {
        let one = || Query::returning().expr(Expr::cust("1"));
        match self {
            Self::Insert(insert) => insert.as_ref().clone().returning(one()).take().into(),
            Self::Update(update) => update.as_ref().clone().returning(one()).take().into(),
        }
    }

    async fn execute<C: ConnectionTrait>(&self, connection: &C) -> Result<u64, DbErr> {
        let done = match self {
            Self::Insert(insert) => connection.execute(insert.as_ref()).await?,
            Self::Update(update) => connection.execute(update.as_ref()).await?,
        };
        Ok(done.rows_affected())
    }
}
