//! Servers that a test may kill, because it has started them.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;

/// A `redis-server` in a folder of its own. It ends with this value.
pub(crate) struct OwnServer {
    port: u16,
    clustered: bool,
    folder: TempDir,
    process: Option<Child>,
}

impl OwnServer {
    /// Starts one and waits until it answers.
    pub(crate) async fn start(clustered: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Self { port: free_port(), clustered, folder, process: None };
        server.restart().await;
        server
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
        let mut command = Command::new("redis-server");
        command.args([
            "--port",
            &self.port.to_string(),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]);
        command.arg("--dir").arg(self.folder.path());
        if self.clustered {
            command.args(["--cluster-enabled", "yes", "--cluster-node-timeout", "1000"]);
            // A node that is lost takes only its own keys with it.
            command.args(["--cluster-require-full-coverage", "no"]);
        }
        let started = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.process =
            Some(started.unwrap_or_else(|e| {
                panic!("redis-server must be installed, see `scripts/services.sh`: {e}")
            }));
        self.answers().await;
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

    async fn answers(&self) {
        for _ in 0..200 {
            if self.cli(&["PING"]) == "PONG" {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("redis-server on port {} does not answer", self.port);
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A port nobody listens to. Low enough for a cluster's bus, which is 10,000 above it.
pub(crate) fn free_port() -> u16 {
    loop {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let port = 20_000 + port % 30_000;
        let free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
        if free(port) && free(port + 10_000) {
            return port;
        }
    }
}
