//! `stoa migrate`, typed as a person types it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use sqlx::{
    AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions,
};
use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

fn stoa(folder: &Path, words: &[&str]) -> Output {
    command(folder, words).output().unwrap()
}

fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
    for (key, _) in std::env::vars_os() {
        if key.to_string_lossy().starts_with("STOA_") {
            command.env_remove(key);
        }
    }
    command.args(words).arg("--data-dir").arg(folder);
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_check_names_what_is_missing_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");

    let nothing = stoa(&data, &["migrate", "--check"]);
    assert_eq!(nothing.status.code(), Some(1));
    assert!(said(&nothing).contains("There is no database"), "{nothing:?}");
    assert!(!data.exists(), "not even an empty file was made");

    assert!(stoa(&data, &["migrate"]).status.success());
    let done = stoa(&data, &["migrate", "--check"]);
    assert!(done.status.success(), "{done:?}");

    // An empty database is one that lacks every step.
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    std::fs::write(empty.join("stoa.db"), "").unwrap();
    let pending = stoa(&empty, &["migrate", "--check"]);
    assert_eq!(pending.status.code(), Some(1));
    assert!(said(&pending).contains("m20261120_000001_catalog"), "{pending:?}");
    let again = stoa(&empty, &["migrate", "--check"]);
    assert_eq!(said(&again), said(&pending), "nothing was applied");
}

/// What looks at a shop, or asks the gateway about it, has no business changing its tables.
#[test]
fn only_those_who_are_asked_to_change_the_tables() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    for command in [["reconcile"], ["jobs"]] {
        let nothing = stoa(&data, &command);
        assert_eq!(nothing.status.code(), Some(1), "{nothing:?}");
        let refused = String::from_utf8_lossy(&nothing.stderr);
        assert!(refused.contains("there is no database"), "{nothing:?}");
        assert!(!data.join("stoa.db").exists(), "{command:?} made none");
    }
    std::fs::create_dir_all(&data).unwrap();
    std::fs::write(data.join("stoa.db"), "").unwrap();
    let pending = said(&stoa(&data, &["migrate", "--check"]));
    for command in [["reconcile"], ["jobs"]] {
        let refused = stoa(&data, &command);
        assert_eq!(refused.status.code(), Some(1), "{refused:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("lacks"), "{refused:?}");
        assert_eq!(said(&stoa(&data, &["migrate", "--check"])), pending, "{command:?} applied nothing");
    }
}

async fn by_hand(data: &Path, sql: &str) {
    let options = SqliteConnectOptions::new().filename(data.join("stoa.db"));
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
    connection.close().await.unwrap();
}

/// A roll-out that is taken back: the tables are newer than the program, and say whether it can live with them.
#[tokio::test]
async fn a_program_starts_on_newer_tables_if_they_say_that_it_can() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    assert!(stoa(data, &["migrate"]).status.success());
    by_hand(data, "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20991231_000001_later', 0)")
        .await;
    for command in [&["migrate", "--check"][..], &["migrate"], &["jobs"], &["migrate", "--down", "1"]] {
        let refused = stoa(data, command);
        assert_eq!(refused.status.code(), Some(1), "{refused:?}");
        let words = said(&refused) + &String::from_utf8_lossy(&refused.stderr);
        assert!(words.contains("m20991231_000001_later"), "{words}");
    }
    let companion = "INSERT INTO migration_companions (step, lives_with) \
                     SELECT 'm20991231_000001_later', max(step) FROM migration_companions";
    by_hand(data, companion).await;
    for command in [&["migrate", "--check"][..], &["migrate"], &["jobs"]] {
        let done = stoa(data, command);
        assert!(done.status.success(), "{done:?}");
    }
    assert!(said(&stoa(data, &["migrate", "--check"])).contains("1 steps ahead"));
}

#[test]
fn steps_are_taken_back_and_nothing_is_lost_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let nothing = stoa(&data, &["migrate", "--down", "1"]);
    assert_eq!(nothing.status.code(), Some(1), "{nothing:?}");
    assert!(!data.exists(), "not even an empty file was made");

    assert!(stoa(&data, &["migrate"]).status.success());
    let undone = stoa(&data, &["migrate", "--down", "1"]);
    assert!(undone.status.success(), "{undone:?}");
    let step = said(&undone).lines().nth(1).unwrap().trim().to_owned();
    let pending = stoa(&data, &["migrate", "--check"]);
    assert!(said(&pending).contains(&step), "{pending:?}");
    assert!(stoa(&data, &["migrate"]).status.success());

    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    std::fs::write(empty.join("stoa.db"), "").unwrap();
    let lacking = said(&stoa(&empty, &["migrate", "--check"]));
    let all = lacking.lines().filter(|line| line.trim().starts_with("m20")).count().to_string();
    let refused = stoa(&data, &["migrate", "--down", &all]);
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert!(said(&refused).contains("would lose") && said(&refused).contains("carts"), "{refused:?}");
    assert!(stoa(&data, &["migrate", "--check"]).status.success(), "nothing was undone");
    assert!(stoa(&data, &["migrate", "--down", &all, "--lose-data"]).status.success());
    assert_eq!(stoa(&data, &["migrate", "--check"]).status.code(), Some(1));
}

/// Four processes at once take turns: each step is applied once, and nobody fails.
#[tokio::test]
async fn processes_that_migrate_at_once_take_turns_on_postgres() {
    let server = std::env::var("STOA_TEST_DATABASE").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let run = std::env::var("STOA_TEST_RUN").unwrap_or_default();
    let schema = format!("{run}migrated_{}", std::process::id());
    let mut hand = PgConnection::connect(&server).await.unwrap();
    let run =
        async |hand: &mut PgConnection, sql: String| hand.fetch_all(AssertSqlSafe(sql)).await.unwrap().len();
    run(&mut hand, format!("CREATE SCHEMA {schema}")).await;
    let separator = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{separator}options[search_path]={schema}");
    let migrate = |words: &[&str]| {
        let mut command = command(folder.path(), words);
        command.env("STOA_DATABASE__URL", &url).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let processes: Vec<_> = (0..4).map(|_| migrate(&["migrate"])).collect();
    for process in processes {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    let check = migrate(&["migrate", "--check"]).wait_with_output().unwrap();
    assert!(check.status.success(), "{check:?}");
    let steps = run(&mut hand, format!("SELECT version FROM {schema}.seaql_migrations")).await;
    let once = run(&mut hand, format!("SELECT DISTINCT version FROM {schema}.seaql_migrations")).await;
    assert!(steps > 0 && steps == once, "{steps} steps, {once} of them different");
    run(&mut hand, format!("DROP SCHEMA {schema} CASCADE")).await;
}
