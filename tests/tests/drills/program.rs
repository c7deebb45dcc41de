//! The program itself, as an operator starts it, to be killed.

use crate::{
    harness::{database_of, free_port, redis_of},
    sizes::Size,
};
use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};
use stoa_persistence::DbTarget;

/// The `stoa` of this build, and where it works. It ends with its value.
pub(crate) struct Program {
    port: u16,
    folder: PathBuf,
    settings: Vec<(&'static str, String)>,
    process: Option<Child>,
}

impl Program {
    /// Not yet running, on the data of the shop whose folder this is.
    pub(crate) async fn on(folder: &Path, size: Size) -> Self {
        let port = free_port();
        let mut settings = vec![("STOA_SERVER__LISTEN", format!("127.0.0.1:{port}"))];
        // What a cart held that died with its server is soon let go.
        settings.push(("STOA_CART__HOLD_MINUTES", "1".to_owned()));
        // The whole crowd is of one network.
        settings.push(("STOA_LIMITS__HELD_UNITS_PER_NETWORK", "0".to_owned()));
        if size != Size::Sqlite {
            let DbTarget::Postgres(url) = database_of(folder).await.target else { panic!("a Postgres") };
            settings.push(("STOA_DATABASE__URL", url));
            // It is the only instance, and the doctor asks.
            settings.push(("STOA_MEDIA__SHARED", "true".to_owned()));
        }
        if size == Size::Redis {
            let redis = redis_of(folder).expect("scripts/drill.sh starts a Redis");
            settings.push(("STOA_REDIS__URL", std::env::var("STOA_TEST_REDIS").expect("a URL")));
            settings.push(("STOA_REDIS__PREFIX", redis.prefix().to_owned()));
        }
        Self { port, folder: folder.to_owned(), settings, process: None }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts it, and does not wait.
    pub(crate) fn start(&mut self) {
        let log = File::options().create(true).append(true).open(self.log()).expect("a log");
        let mut serve = self.command(&["serve"]);
        serve.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.process = Some(serve.spawn().expect("the program starts"));
    }

    /// Waits until it serves.
    pub(crate) async fn is_ready(&mut self) {
        let begun = Instant::now();
        let url = format!("{}/readyz", self.base());
        loop {
            let process = self.process.as_mut().expect("it was started");
            let ended = process.try_wait().expect("its state");
            let log = || std::fs::read_to_string(self.log()).unwrap_or_default();
            assert!(ended.is_none(), "it does not start again: {ended:?} {}", log());
            if reqwest::get(&url).await.is_ok_and(|answer| answer.status().is_success()) {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(120), "it does not serve: {}", log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends it at once, without a word: SIGKILL.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("it can be killed");
            let status = process.wait().expect("it has ended");
            assert_eq!(status.code(), None, "it had ended before: {status}");
        }
    }

    /// Runs a command of it on the same data.
    pub(crate) fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().expect("the program runs")
    }

    fn log(&self) -> PathBuf {
        self.folder.join("program.log")
    }

    fn command(&self, words: &[&str]) -> Command {
        // This test is in target/…/deps; the runner builds the workspace's programs beside it.
        let test = std::env::current_exe().expect("a path");
        let program = test.ancestors().nth(2).expect("two folders up").join("stoa");
        assert!(program.exists(), "{} is not built: cargo build --workspace", program.display());
        let mut command = Command::new(program);
        for (key, _) in std::env::vars_os() {
            if key.to_string_lossy().starts_with("STOA_") {
                command.env_remove(key);
            }
        }
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command.args(words).arg("--data-dir").arg(&self.folder);
        command
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            // It may have ended already.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
