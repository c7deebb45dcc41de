//! Newer tables under an older program, and steps taken back; on both databases.

use super::*;
use crate::testing::TestShop;
use conn::Raw;
use sea_orm::ConnectionTrait;
use stoa_domain::shared::FaultKind;
use stoa_migrations::{STEPS, Step};

const LATER: &str = "m20991231_000001_later";

/// What a newer program leaves when it applies a step: the step, and who can live with it.
async fn later_step(db: &Db, companion: Option<&str>) {
    let tx = db.write(Durability::Full).await.unwrap();
    let sql = async |sql: String| tx.raw().execute_unprepared(&sql).await.unwrap();
    sql(format!("DELETE FROM seaql_migrations WHERE version = '{LATER}'")).await;
    sql(format!("DELETE FROM migration_companions WHERE step = '{LATER}'")).await;
    sql(format!("INSERT INTO seaql_migrations (version, applied_at) VALUES ('{LATER}', 0)")).await;
    if let Some(companion) = companion {
        sql(format!("INSERT INTO migration_companions (step, lives_with) VALUES ('{LATER}', '{companion}')"))
            .await;
    }
    tx.commit().await.unwrap();
}

fn is_refused<T: std::fmt::Debug>(outcome: Result<T, stoa_domain::shared::Fault>) {
    let fault = outcome.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Internal);
    assert!(fault.to_string().contains(LATER), "it says which step: {fault}");
}

fn newest() -> String {
    STEPS.last().unwrap().name()
}

#[tokio::test]
async fn a_program_lives_with_newer_steps_that_say_so_and_with_no_others() {
    let shop = TestShop::open().await;
    let db = &shop.db;
    later_step(db, Some(&newest())).await;
    assert_eq!(db.migrate().await.unwrap(), 0);
    assert!(db.pending_migrations().await.unwrap().is_empty());
    assert_eq!(db.compare_migrations().await.unwrap().ahead, [LATER]);

    for companion in [None, Some("m20991230_000001_not_known_here")] {
        later_step(db, companion).await;
        is_refused(db.migrate().await);
        is_refused(db.pending_migrations().await);
        assert_eq!(db.compare_migrations().await.unwrap().strange, [LATER]);
    }
}

#[tokio::test]
async fn steps_of_another_program_are_not_built_upon() {
    let shop = TestShop::open().await;
    let db = &shop.db;
    db.undo_migrations(2, false).await.unwrap();
    // The notes went with the step that brought them; the newer program has its own.
    let tx = db.write(Durability::Full).await.unwrap();
    let notes =
        "CREATE TABLE migration_companions (step VARCHAR(255) PRIMARY KEY, lives_with VARCHAR(255) NOT NULL)";
    tx.raw().execute_unprepared(notes).await.unwrap();
    tx.commit().await.unwrap();
    later_step(db, Some(&STEPS[0].name())).await;
    is_refused(db.migrate().await);
    is_refused(db.pending_migrations().await);
}

#[tokio::test]
async fn steps_are_taken_back_and_applied_again() {
    let shop = TestShop::open().await;
    let db = &shop.db;
    let last: Vec<String> = STEPS.iter().rev().take(3).map(Step::name).collect();
    assert_eq!(db.undo_migrations(3, false).await.unwrap(), last);
    let mut pending = db.pending_migrations().await.unwrap();
    pending.reverse();
    assert_eq!(pending, last);
    assert_eq!(db.migrate().await.unwrap(), 3);

    let noted = "SELECT step, lives_with FROM migration_companions ORDER BY step";
    let statement = sea_orm::Statement::from_string(db.read().raw().get_database_backend(), noted);
    let rows = db.read().raw().query_all_raw(statement).await.unwrap();
    let noted: Vec<(String, String)> = rows
        .iter()
        .map(|row| (row.try_get("", "step").unwrap(), row.try_get("", "lives_with").unwrap()))
        .collect();
    let said: Vec<(String, String)> =
        STEPS.iter().filter_map(|step| Some((step.name(), step.companion()?.to_owned()))).collect();
    assert_eq!(noted, said, "older programs can read who lives with what");
}

#[tokio::test]
async fn what_cannot_be_brought_back_is_lost_only_on_purpose() {
    let shop = TestShop::open().await;
    let db = &shop.db;
    let all = u32::try_from(STEPS.len()).unwrap();
    let applied = db.compare_migrations().await.unwrap().applied;
    let refused = db.undo_migrations(all, false).await.unwrap_err();
    assert!(
        matches!(&refused, UndoError::Loses(what) if what.iter().any(|w| w.starts_with("orders "))),
        "{refused}"
    );
    assert!(
        matches!(db.undo_migrations(all + 1, true).await, Err(UndoError::TooMany(n)) if n == applied.len())
    );
    later_step(db, Some(&newest())).await;
    assert!(matches!(db.undo_migrations(1, true).await, Err(UndoError::Unknown(steps)) if steps == [LATER]));
    assert_eq!(db.compare_migrations().await.unwrap().applied, applied, "nothing was undone");
    let tx = db.write(Durability::Full).await.unwrap();
    let gone = format!("DELETE FROM seaql_migrations WHERE version = '{LATER}'");
    tx.raw().execute_unprepared(&gone).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(db.undo_migrations(all, true).await.unwrap().len(), STEPS.len());
    assert_eq!(db.migrate().await.unwrap(), STEPS.len());
}
