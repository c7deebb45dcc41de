//! Reading the ledger on Postgres, where a transaction may commit an entry that has a lower number than one that was told already.
//!
//! Up to a *settled* entry nothing can be committed any more. Entries above it are read at each look, and those that were told are
//! remembered, so that none is told twice. To settle more, a look notes the highest entry it sees, and draws a transaction number after
//! its snapshot was taken. Whoever may still commit a lower entry has drawn its number by then, and before that a transaction number,
//! which so is lower than the one that is noted. A later look whose snapshot says that all with lower numbers have ended has
//! read what they left, and the noted entry is settled.
//!
//! This stands on two things. A transaction has its own number before it draws an entry's: each that writes the ledger has locked or
//! changed rows of stock first (see `ledger::append`). And numbers of entries are drawn one by one, as a sequence without a cache
//! gives them. The upper end of a snapshot (`pg_snapshot_xmax`) would not do in place of a number of our own: it is one above the last
//! transaction that has *ended*, and those that are running may be above it.

use super::{Changed, Place, TOO_MANY};
use crate::db::{Conn, fault};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement};
use std::collections::BTreeSet;
use stoa_domain::shared::Fault;
use uuid::Uuid;

/// When the server was started. Another one, after a fail-over, may draw numbers again that were drawn before.
const SERVER: &str = "(extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint";

/// Up to where the ledger was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Settled {
    server: i64,
    /// No entry up to this one can be committed any more.
    entry: i64,
    /// Entries above it that were told.
    told: BTreeSet<i64>,
    /// What is to be settled next.
    noted: Option<Noted>,
    /// Nothing has been settled yet: what was committed meanwhile is not known.
    beginning: bool,
}

/// An entry that is settled as soon as all transactions with lower numbers than this have ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Noted {
    entry: i64,
    transaction: i64,
}

/// What a look sees.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    server: i64,
    /// All transactions with lower numbers have ended, and what they have committed is seen.
    ended: i64,
    /// A transaction number that was drawn afterwards, if one was asked for and there are entries.
    drawn: Option<i64>,
    /// Entries above the settled one, in their order.
    entries: Vec<(i64, Uuid)>,
}

/// Reads on from a position.
pub(super) async fn look(conn: &impl Conn, settled: &Settled) -> Result<(Place, Changed), Fault> {
    let seen = see(conn, settled).await.map_err(fault("reading what stock has changed"))?;
    if seen.server != settled.server || seen.entries.len() as u64 >= TOO_MANY {
        return begin(conn).await;
    }
    let (next, changed) = settled.after(&seen);
    Ok((Place::Settled(next), changed))
}

/// Begins at the end of the ledger.
pub(super) async fn begin(conn: &impl Conn) -> Result<(Place, Changed), Fault> {
    let sql = format!(
        "SELECT {SERVER}, pg_current_xact_id()::text::bigint, (SELECT coalesce(max(id), 0) FROM inventory_ledger)"
    );
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    let begun = async {
        let row = conn.raw().query_one_raw(statement).await?;
        let row = row.ok_or_else(|| DbErr::RecordNotFound("the end of the ledger".to_owned()))?;
        let (server, transaction, entry) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        Ok(Settled::beginning(server, Noted { entry, transaction }))
    };
    let begun: Result<Settled, DbErr> = begun.await;
    Ok((Place::Settled(begun.map_err(fault("reading the end of the stock ledger"))?), Changed::Unknown))
}

async fn see(conn: &impl Conn, settled: &Settled) -> Result<Seen, DbErr> {
    // A number is drawn only where there is something to note: it is a transaction that the server has to keep account of.
    let sql = format!(
        "SELECT {SERVER}, pg_snapshot_xmin(pg_current_snapshot())::text::bigint, \
         CASE WHEN $2 AND entry.id IS NOT NULL THEN pg_current_xact_id()::text::bigint END, \
         entry.id, entry.variant_id FROM (SELECT 1) AS look \
         LEFT JOIN (SELECT id, variant_id FROM inventory_ledger WHERE id > $1 ORDER BY id LIMIT {TOO_MANY}) AS entry \
         ON TRUE ORDER BY entry.id"
    );
    let values = [settled.entry.into(), settled.noted.is_none().into()];
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
    Seen::of(&conn.raw().query_all_raw(statement).await?)
}

impl Seen {
    fn of(rows: &[QueryResult]) -> Result<Self, DbErr> {
        let first = rows.first().ok_or_else(|| DbErr::RecordNotFound("a look at the ledger".to_owned()))?;
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            if let Some(id) = row.try_get_by_index::<Option<i64>>(3)? {
                entries.push((id, row.try_get_by_index(4)?));
            }
        }
        Ok(Self {
            server: first.try_get_by_index(0)?,
            ended: first.try_get_by_index(1)?,
            drawn: first.try_get_by_index(2)?,
            entries,
        })
    }
}

impl Settled {
    fn beginning(server: i64, noted: Noted) -> Self {
        let told = BTreeSet::new();
        Self { server, entry: noted.entry, told, noted: Some(noted), beginning: true }
    }

    /// Where a look leads, and what it tells.
    fn after(&self, seen: &Seen) -> (Self, Changed) {
        let mut next = self.clone();
        let news: Vec<Uuid> =
            seen.entries.iter().filter(|(id, _)| next.told.insert(*id)).map(|(_, v)| *v).collect();
        let changed = if self.beginning { Changed::Unknown } else { Changed::these(news.into_iter()) };
        match (self.noted, seen.drawn, next.told.last()) {
            (Some(noted), _, _) if noted.transaction <= seen.ended => {
                next.entry = noted.entry;
                next.told = next.told.split_off(&(noted.entry + 1));
                next.noted = None;
                next.beginning = false;
            }
            (None, Some(transaction), Some(entry)) => next.noted = Some(Noted { entry: *entry, transaction }),
            _ => {}
        }
        (next, changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: i64 = 1;

    fn seen(ended: i64, drawn: Option<i64>, entries: &[i64]) -> Seen {
        let entries = entries.iter().map(|id| (*id, Uuid::from_u128(*id as u128))).collect();
        Seen { server: SERVER, ended, drawn, entries }
    }

    fn told(changed: &Changed) -> Vec<u128> {
        match changed {
            Changed::These(variants) => variants.iter().map(|v| v.uuid().as_u128()).collect(),
            Changed::Unknown => panic!("something is known"),
        }
    }

    #[test]
    fn nothing_is_known_until_those_have_ended_who_wrote_when_it_began() {
        let begun = Settled::beginning(SERVER, Noted { entry: 10, transaction: 100 });
        let (still, changed) = begun.after(&seen(99, None, &[11]));
        assert_eq!(changed, Changed::Unknown, "somebody may have committed 9");
        let (settled, changed) = still.after(&seen(100, None, &[11, 12]));
        assert_eq!(changed, Changed::Unknown, "somebody may have committed 9 since");
        let (_, changed) = settled.after(&seen(100, Some(103), &[11, 12, 13]));
        assert_eq!(told(&changed), [13]);
    }

    #[test]
    fn an_entry_that_comes_late_is_told_and_none_is_told_twice() {
        let begun = Settled::beginning(SERVER, Noted { entry: 10, transaction: 100 });
        let (settled, _) = begun.after(&seen(100, None, &[]));
        assert!(!settled.beginning);
        let (noted, changed) = settled.after(&seen(100, Some(105), &[12]));
        assert_eq!((told(&changed), noted.noted), (vec![12], Some(Noted { entry: 12, transaction: 105 })));
        let (same, changed) = noted.after(&seen(104, None, &[12]));
        assert_eq!((told(&changed), same.entry), (vec![], 10), "11 may still come");
        let (settled, changed) = same.after(&seen(105, None, &[11, 12, 13]));
        assert_eq!((told(&changed), settled.entry), (vec![11, 13], 12), "now nothing up to 12 can");
        assert_eq!(settled.told, BTreeSet::from([13]));
        let (noted, changed) = settled.after(&seen(106, Some(107), &[13]));
        assert_eq!((told(&changed), noted.noted.map(|n| n.entry)), (vec![], Some(13)));
        let (settled, changed) = noted.after(&seen(107, None, &[13]));
        assert_eq!((told(&changed), settled.entry, settled.told.len()), (vec![], 13, 0));
    }
}
