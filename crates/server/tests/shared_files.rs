//! Files beside Postgres, where there may be other instances: what `stoa serve` says of them, and `stoa doctor`.

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

/// Ends the server whatever becomes of the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A folder that nobody has called theirs as well is told of, by the server at its start and by the doctor until something is done.
#[tokio::test]
async fn files_that_other_instances_may_not_find_are_told_of_on_postgres() {
    let server = std::env::var("STOA_TEST_DATABASE").unwrap();
    let run = std::env::var("STOA_TEST_RUN").unwrap_or_default();
    let schema = format!("{run}server_files_{}", std::process::id());
    let mut hand = PgConnection::connect(&server).await.unwrap();
    let anew = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
    sqlx::raw_sql(AssertSqlSafe(anew)).execute(&mut hand).await.unwrap();
    let separator = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{separator}options[search_path]={schema}");
    let folder = tempfile::tempdir().unwrap();
    let command = |words: &[&str], shared: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
        for (key, _) in std::env::vars_os() {
            if key.to_string_lossy().starts_with("STOA_") {
                command.env_remove(key);
            }
        }
        command.env("STOA_DATABASE__URL", &url).env("STOA_MEDIA__SHARED", shared);
        command.env("STOA_SERVER__LISTEN", "127.0.0.1:0").args(words).arg("--data-dir").arg(folder.path());
        command
    };
    assert!(command(&["migrate"], "false").output().unwrap().status.success());
    for (shared, told_of) in [("false", true), ("true", false)] {
        let mut serve = command(&["serve"], shared);
        let mut server = Server(serve.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap());
        let mut log = BufReader::new(server.0.stderr.take().unwrap());
        let mut lines = String::new();
        while !lines.contains("listening") {
            assert!(log.read_line(&mut lines).unwrap() > 0, "it ended: {lines}");
        }
        assert_eq!(lines.matches("media.shared").count(), usize::from(told_of), "{lines}");
        drop(server);

        let output = command(&["doctor"], shared).output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(i32::from(told_of)), "{output:?}");
        assert_eq!(told.contains("media.shared: files lie in "), told_of, "{told}");
        assert_eq!(told.contains("set media.shared = true"), told_of, "{told}");
    }
}
