//! Stripe's own client library for Node drives the sandbox.
//!
//! Needs `node` (20 or later) and `npm`; without them the test fails and says so.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Output, Stdio},
    time::Duration,
};

use stoa_sandbox::{Clock, WebhookTarget};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::harness::{SECRET, SIGNING_SECRET, World};

const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::test]
async fn the_official_client_for_node_drives_the_sandbox() {
    let folder = installed().await;
    let mut node = Command::new("node")
        .arg("drive.mjs")
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap_or_else(|error| panic!("node is needed for this test and does not start: {error}"));

    let mut out = BufReader::new(node.stdout.take().unwrap()).lines();
    let port = timeout(PATIENCE, out.next_line()).await.expect("node says nothing").unwrap();
    let Some(port) = port else { panic!("node ended early: {}", errors(node).await) };
    let url = format!("http://127.0.0.1:{port}/hook");
    // The client checks the age of signatures against the real time.
    let world = World::start_with(|config| {
        config.clock = Clock::system();
        config.webhook = Some(WebhookTarget::new(url.parse().unwrap(), SIGNING_SECRET));
    })
    .await;
    let sandbox_port = world.base.rsplit(':').next().unwrap();
    let hello =
        format!("{{\"port\":{sandbox_port},\"key\":\"{SECRET}\",\"signingSecret\":\"{SIGNING_SECRET}\"}}\n");
    node.stdin.take().unwrap().write_all(hello.as_bytes()).await.unwrap();

    let mut said = Vec::new();
    timeout(PATIENCE, async {
        while let Some(line) = out.next_line().await.unwrap() {
            said.push(line);
        }
    })
    .await
    .unwrap_or_else(|_| panic!("node did not finish"));
    let status = node.wait().await.unwrap();
    assert!(status.success(), "{}\n{}", said.join("\n"), errors(node).await);
    assert_eq!(said.last().map(String::as_str), Some("all 9 steps passed"));
}

async fn errors(mut node: Child) -> String {
    let mut text = String::new();
    if let Some(mut stderr) = node.stderr.take() {
        stderr.read_to_string(&mut text).await.unwrap();
    }
    text
}

/// A folder under `target` with the script and, from `npm ci`, the client library of the lock file.
async fn installed() -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sandbox-official-client");
    fs::create_dir_all(&folder).unwrap();
    for file in [".npmrc", "package.json", "package-lock.json", "drive.mjs"] {
        fs::copy(source.join(file), folder.join(file)).unwrap();
    }
    let installing = Command::new("npm")
        .args(["ci", "--prefer-offline", "--ignore-scripts", "--no-progress"])
        .current_dir(&folder)
        .output();
    let Output { status, stderr, .. } = installing
        .await
        .unwrap_or_else(|error| panic!("npm is needed for this test and does not start: {error}"));
    assert!(status.success(), "npm ci failed: {}", String::from_utf8_lossy(&stderr));
    folder
}
