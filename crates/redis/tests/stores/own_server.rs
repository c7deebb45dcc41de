//! Servers that a test may kill, because it has started them. Whoever else answers at a port is let alone: a server is believed to be
//! ours by the number of its process.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::net::TcpSocket;

/// A `redis-server` in a folder of its own. It ends with this value.
pub(crate) struct OwnServer {
    port: u16,
    clustered: bool,
    folder: TempDir,
    process: Option<Child>,
}

impl OwnServer {
    /// Starts one and waits until it answers; at another port where somebody was faster.
    pub(crate) async fn start(clustered: bool) -> Self {
        for _ in 0..20 {
            let folder = tempfile::tempdir().unwrap();
            let mut server = Self { port: free_port(), clustered, folder, process: None };
            if server.comes_up().await {
                return server;
            }
        }
        panic!("redis-server does not come up, at none of twenty ports");
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Starts it again on the same port, with nothing in memory.
    pub(crate) async fn restart(&mut self) {
        self.kill();
        assert!(self.comes_up().await, "somebody has taken port {} meanwhile", self.port);
    }

    /// Starts a process; whether it comes to be the one that answers at the port.
    async fn comes_up(&mut self) -> bool {
        let process = self.process.insert(spawn(self.port, self.clustered, self.folder.path()));
        let own = format!("process_id:{}", process.id());
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(30) {
            if self.process.as_mut().unwrap().try_wait().unwrap().is_some() {
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

    /// Makes it stand still, and go on.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.process.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }

    /// Runs `redis-cli` on it and gives what it says.
    pub(crate) fn cli(&self, args: &[&str]) -> String {
        let output =
            Command::new("redis-cli").args(["-p", &self.port.to_string()]).args(args).output().unwrap();
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        self.kill();
    }
}

fn spawn(port: u16, clustered: bool, folder: &Path) -> Child {
    let mut command = Command::new("redis-server");
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
    command.arg("--dir").arg(folder);
    if clustered {
        command.args(["--cluster-enabled", "yes", "--cluster-node-timeout", "1000"]);
        // A node that is lost takes only its own keys with it.
        command.args(["--cluster-require-full-coverage", "no"]);
    }
    let started = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    started.unwrap_or_else(|e| panic!("redis-server must be installed, see `scripts/services.sh`: {e}"))
}

/// A port at which nobody answers, now and for as long as this lives: it is taken, and not listened at.
pub(crate) struct Nobody(TcpSocket);

impl Nobody {
    pub(crate) fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
        Self(socket)
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://{}", self.0.local_addr().unwrap())
    }
}

/// A port nobody listens at. Below those that systems give to outgoing connections, and so is a cluster's bus, 10,000 above it.
fn free_port() -> u16 {
    loop {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let port = 12_000 + port % 10_000;
        let free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
        if free(port) && free(port + 10_000) {
            return port;
        }
    }
}

#[tokio::test]
async fn a_server_that_somebody_else_has_started_is_let_alone() {
    let theirs = OwnServer::start(false).await;
    assert_eq!(theirs.cli(&["CONFIG", "RESETSTAT"]), "OK");
    let folder = tempfile::tempdir().unwrap();
    let mut ours = OwnServer { port: theirs.port, clustered: false, folder, process: None };
    assert!(!ours.comes_up().await);
    assert!(ours.process.is_none());
    let asked = theirs.cli(&["INFO", "commandstats"]);
    let words: Vec<_> = asked.lines().filter_map(|line| line.split(':').next()).skip(1).collect();
    // What `redis-cli` says of itself, and the question whose process it is.
    let harmless = ["cmdstat_config|resetstat", "cmdstat_command|docs", "cmdstat_info"];
    assert!(words.iter().all(|word| harmless.contains(word)), "{words:?}");
}
