//! A Redis of a story's own, to be killed, emptied and paused. It ends with its value. Whoever else answers at a port is let alone: a
//! server is believed to be ours by the number of its process.

use super::port;
use std::{
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A `redis-server` that runs, with nothing on disk.
pub(crate) struct OwnRedis {
    port: u16,
    /// Where a cluster's node notes the others.
    folder: tempfile::TempDir,
    clustered: bool,
    process: Option<Child>,
}

impl OwnRedis {
    pub(crate) async fn start() -> Self {
        Self::of_kind(false).await
    }

    /// A node of a cluster to be.
    pub(crate) async fn clustered() -> Self {
        Self::of_kind(true).await
    }

    async fn of_kind(clustered: bool) -> Self {
        for _ in 0..20 {
            let folder = tempfile::tempdir().expect("a folder");
            let mut server = Self { port: port::free(), folder, clustered, process: None };
            server.process = Some(server.spawn());
            if server.answers().await {
                return server;
            }
        }
        panic!("redis-server does not come up, at none of twenty ports");
    }

    fn spawn(&self) -> Child {
        let mut server = Command::new("redis-server");
        server.args([
            "--port",
            &self.port.to_string(),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]);
        server.arg("--dir").arg(self.folder.path());
        if self.clustered {
            server.args(["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"]);
            server.args(["--cluster-require-full-coverage", "no", "--repl-diskless-sync-delay", "0"]);
        }
        let started = server.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        started.expect("redis-server is installed: scripts/tools.sh")
    }

    /// Host and port.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(crate) const fn is_running(&self) -> bool {
        self.process.is_some()
    }

    /// Runs `redis-cli` on it and gives what it says.
    pub(crate) fn cli(&self, words: &[&str]) -> String {
        let mut cli = Command::new("redis-cli");
        cli.args(["-p", &self.port.to_string()]).args(words);
        String::from_utf8_lossy(&cli.output().expect("redis-cli runs").stdout).into_owned()
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("it can be killed");
            process.wait().expect("it has ended");
        }
    }

    /// Starts it again on the same port, with nothing in it.
    pub(crate) async fn restart(&mut self) {
        self.kill();
        self.process = Some(self.spawn());
        assert!(self.answers().await, "somebody has taken port {} meanwhile", self.port);
    }

    /// Makes it stand still.
    pub(crate) fn pause(&self) {
        self.signal("-STOP");
    }

    /// Makes it go on.
    pub(crate) fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, name: &str) {
        let id = self.process.as_ref().expect("it runs").id().to_string();
        let sent = Command::new("kill").args([name, &id]).status();
        assert!(sent.expect("kill runs").success());
    }

    /// Whether it comes to be the one that answers; not where somebody else has its port.
    async fn answers(&mut self) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(30) {
            let process = self.process.as_mut().expect("it was started");
            let own = format!("process_id:{}", process.id());
            if process.try_wait().expect("its state").is_some() {
                self.process = None;
                return false;
            }
            if self.cli(&["INFO", "server"]).lines().any(|line| line == own) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        self.kill();
        false
    }
}

impl Drop for OwnRedis {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            // It may have ended already.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
