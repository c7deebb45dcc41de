//! The endpoint judged by other people's code: the 61 audits of `graphql-http`, the introspection of `graphql`, and the
//! clients `graphql-ws` and `graphql-sse`, all from the npm registry. Needs `node` and `npm`, and fails without them.

use std::path::{Path, PathBuf};

use tokio::{net::TcpListener, process::Command};

use crate::{
    library::{self, Ledger},
    live::server::Live,
};

const FILES: [&str; 5] = [".npmrc", "package.json", "package-lock.json", "run.mjs", "live.mjs"];

#[tokio::test]
async fn all_61_audits_of_graphql_over_http_are_ok() {
    let folder = installed().await;
    let gql = library::gql(&Ledger::default()).build().unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/graphql", listener.local_addr().unwrap());
    let router = axum::Router::new().route("/graphql", gql.endpoint());
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let output = run(Command::new("node").arg("run.mjs").arg(&url).current_dir(&folder)).await;
    server.abort();
    assert!(output.contains("61 of 61 audits ok"), "{output}");
}

#[tokio::test]
async fn the_clients_of_the_live_transports_are_content() {
    let folder = installed().await;
    let live = Live::new().await;
    let url = format!("http://{}/graphql", live.address);
    run(Command::new("node").arg("live.mjs").arg(&url).current_dir(&folder)).await;
    live.streams(0).await;
    live.connections(0).await;
}

/// Copies the audits out of the source tree and installs what they need, once per lock file.
async fn installed() -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("audits");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("graphql-http-audits");
    std::fs::create_dir_all(&folder).unwrap();
    // tests are processes of their own, and one of them installs
    let turn = std::fs::File::create(folder.join("turn")).unwrap();
    turn.lock().unwrap();
    let lock = |folder: &Path| std::fs::read(folder.join("package-lock.json")).unwrap_or_default();
    let current = lock(&source) == lock(&folder) && folder.join("node_modules/graphql-http").is_dir();
    for file in FILES {
        std::fs::copy(source.join(file), folder.join(file)).unwrap();
    }
    if !current {
        run(Command::new("npm").arg("ci").current_dir(&folder)).await;
    }
    folder
}

/// Runs a command that must succeed and gives what it printed.
async fn run(command: &mut Command) -> String {
    let what = format!("{:?}", command.as_std());
    let output = command
        .output()
        .await
        .unwrap_or_else(|error| panic!("the audits need node and npm; {what}: {error}"));
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{what} failed:\n{text}");
    text
}
