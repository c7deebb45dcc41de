//! TLS to Postgres: as strict as the URL says.

use crate::harness::OwnPostgres;
use std::{path::Path, process::Command};
use stoa_domain::shared::Fault;
use stoa_persistence::{Db, DbConfig};

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl").current_dir(folder).args(arguments.split(' ')).output();
    let output = output.expect("scripts/tools.sh installs openssl");
    assert!(output.status.success(), "{output:?}");
}

/// An authority, `name.pem`.
fn authority(folder: &Path, name: &str) {
    openssl(
        folder,
        &format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN={name} \
             -keyout {name}.key -out {name}.pem -addext basicConstraints=critical,CA:TRUE"
        ),
    );
}

async fn reach(server: &OwnPostgres, host: &str, more: &str) -> Result<(), Fault> {
    let url = format!("postgres://postgres@{host}:{}/postgres?{more}", server.port);
    let db = Db::connect(&DbConfig::parse(&url)).await?;
    db.ping().await?;
    db.close().await
}

#[tokio::test]
async fn certificates_are_checked_as_the_url_says_on_postgres() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().expect("a folder");
    let keys = folder.path();
    for name in ["ours", "theirs"] {
        authority(keys, name);
    }
    std::fs::write(keys.join("names"), "subjectAltName=DNS:localhost").expect("a file");
    openssl(
        keys,
        "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -keyout server.key -out server.csr",
    );
    openssl(
        keys,
        "x509 -req -in server.csr -CA ours.pem -CAkey ours.key -CAcreateserial -days 2 -extfile names -out server.pem",
    );
    let settings = [("ssl", "on"), ("ssl_cert_file", "server.pem"), ("ssl_key_file", "server.key")];
    let server = OwnPostgres::start(&settings, |server| {
        for file in ["server.pem", "server.key"] {
            let place = server.data().join(file);
            std::fs::copy(keys.join(file), &place).expect("a copy");
            std::fs::set_permissions(&place, std::os::unix::fs::PermissionsExt::from_mode(0o600))
                .expect("permissions");
            server.give_away(&place);
        }
        // From now on it talks to nobody in the clear.
        std::fs::write(server.data().join("pg_hba.conf"), "hostssl all all 127.0.0.1/32 trust\n")
            .expect("a file");
    });
    let root = |name: &str| format!("sslrootcert={}", keys.join(name).display());

    reach(&server, "localhost", &format!("sslmode=verify-full&{}", root("ours.pem")))
        .await
        .expect("this is the server");
    reach(&server, "127.0.0.1", &format!("sslmode=verify-ca&{}", root("ours.pem")))
        .await
        .expect("any name will do");
    reach(&server, "127.0.0.1", "sslmode=require").await.expect("any certificate will do");
    let wrong_root =
        reach(&server, "localhost", &format!("sslmode=verify-full&{}", root("theirs.pem"))).await;
    assert!(wrong_root.is_err(), "somebody else's authority");
    let wrong_name = reach(&server, "127.0.0.1", &format!("sslmode=verify-full&{}", root("ours.pem"))).await;
    assert!(wrong_name.is_err(), "the certificate is another name's");
    assert!(
        reach(&server, "localhost", "sslmode=verify-full").await.is_err(),
        "no public authority has signed it"
    );
    assert!(reach(&server, "localhost", "sslmode=disable").await.is_err(), "the server wants TLS");
}
