//! What clients get of a server that encrypts, with certificates made by openssl.

use super::*;
use crate::app::serve::{Door, HttpServer, bounds::Bounds, clients::Clients};
use axum::{Router, extract::ws::WebSocketUpgrade, routing::get};
use http::{HeaderMap, header};
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use std::{net::SocketAddr, path::PathBuf, process::Command};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

/// So long that a test in which it matters fails.
const EVER: Duration = Duration::from_secs(600);
/// A hang fails the test instead of the patience of who runs it.
const HANG: Duration = Duration::from_secs(60);
/// Whom the certificates are of.
const NAME: &str = "shop.example";

/// Makes a certificate of the shop's in the files, with a new key.
fn certify(files: &TlsFiles) {
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", "/CN=shop", "-addext", "subjectAltName=DNS:shop.example"])
        // One that signs others is not taken as a server's own.
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"])
        .arg(&files.key)
        .arg("-out")
        .arg(&files.certificate)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

fn files(folder: &Path, name: &str) -> TlsFiles {
    let [certificate, key] = ["crt", "key"].map(|kind| folder.join(format!("{name}.{kind}")));
    let files = TlsFiles { certificate, key };
    certify(&files);
    files
}

fn certificate(file: &PathBuf) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(file).unwrap()
}

/// A server that encrypts, and what its slow address waits for.
struct Shop {
    folder: tempfile::TempDir,
    files: TlsFiles,
    tls: Tls,
    http: HttpServer,
    address: SocketAddr,
    asked: Arc<Notify>,
    answer: Arc<Notify>,
}

impl Shop {
    async fn open(silence: Duration) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = files(folder.path(), "shop");
        let tls = Tls::open(&files).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (asked, answer) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (heard, go) = (Arc::clone(&asked), Arc::clone(&answer));
        let host = async |headers: HeaderMap| headers[header::HOST].to_str().unwrap().to_owned();
        let echo = async |upgrade: WebSocketUpgrade| {
            upgrade.on_upgrade(async |mut socket| {
                while let Some(Ok(said)) = socket.recv().await {
                    let _ = socket.send(said).await;
                }
            })
        };
        let slow = get(async move || {
            heard.notify_one();
            go.notified().await;
            "at last"
        });
        let router = Router::new().route("/", get(host)).route("/echo", get(echo)).route("/slow", slow);
        let bounds = Bounds { connections: 10, silence, idle: silence };
        let door = Door { listener, tls: Some(tls.clone()) };
        let http = HttpServer::spawn_within(door, router, bounds, Clients::default());
        Self { folder, files, tls, http, address, asked, answer }
    }

    /// A client that trusts the certificate in the file as it is now, and speaks this inside.
    async fn client(&self, protocol: &[u8]) -> TlsStream<TcpStream> {
        let mut trusted = RootCertStore::empty();
        trusted.add(certificate(&self.files.certificate)).unwrap();
        let mut config = ClientConfig::builder_with_provider(default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(trusted)
            .with_no_client_auth();
        config.alpn_protocols = vec![protocol.to_vec()];
        let socket = TcpStream::connect(self.address).await.unwrap();
        let name = ServerName::try_from(NAME).unwrap();
        let connecting = TlsConnector::from(Arc::new(config)).connect(name, socket);
        timeout(HANG, connecting).await.expect("the server answers").unwrap()
    }
}

/// All that comes until the server closes.
async fn rest(socket: &mut (impl AsyncReadExt + Unpin)) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A reset is an end as well.
    let _ = timeout(HANG, socket.read_to_end(&mut bytes)).await.expect("the server closes");
    bytes
}

#[tokio::test]
async fn http_1_and_2_are_agreed_on_within_the_handshake() {
    let shop = Shop::open(EVER).await;
    let mut first = shop.client(b"http/1.1").await;
    assert_eq!(first.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    first.write_all(b"GET / HTTP/1.1\r\nhost: shop.example\r\nconnection: close\r\n\r\n").await.unwrap();
    let answer = String::from_utf8(rest(&mut first).await).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("shop.example"), "{answer}");

    let second = shop.client(b"h2").await;
    assert_eq!(second.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (mut ask, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(second)).await.unwrap();
    let connection = tokio::spawn(connection);
    let request =
        http::Request::get("https://shop.example/").body(Empty::<hyper::body::Bytes>::new()).unwrap();
    let answer = timeout(HANG, ask.send_request(request)).await.expect("an answer").unwrap();
    assert_eq!((answer.status().as_u16(), answer.version()), (200, http::Version::HTTP_2));
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, "shop.example", "the host is found where HTTP/1 has it");
    drop(ask);
    timeout(HANG, connection).await.expect("it closes").unwrap().unwrap();
}

#[tokio::test]
async fn websockets_are_encrypted_too() {
    let shop = Shop::open(EVER).await;
    let mut socket = shop.client(b"http/1.1").await;
    let opening = "GET /echo HTTP/1.1\r\nhost: shop.example\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                   sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    socket.write_all(opening.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(timeout(HANG, socket.read_u8()).await.expect("an answer").unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
    // A text of two letters, masked by nothing as clients must; it comes back unmasked (RFC 6455, section 5.2).
    socket.write_all(&[0x81, 0x82, 0, 0, 0, 0, b'h', b'i']).await.unwrap();
    let mut echo = [0; 4];
    timeout(HANG, socket.read_exact(&mut echo)).await.expect("an echo").unwrap();
    assert_eq!(echo, [0x81, 0x02, b'h', b'i']);
}

/// The first bytes of a handshake: a record that announces 512 bytes, and fewer than those.
const HALF: &[u8] = &[0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03];

#[tokio::test]
async fn whoever_does_not_finish_a_handshake_is_let_go() {
    let shop = Shop::open(Duration::from_millis(50)).await;
    // Not a byte; half a handshake; no handshake at all.
    for words in [&b""[..], HALF, b"GET / HTTP/1.1\r\nhost: shop\r\n\r\n"] {
        let mut socket = TcpStream::connect(shop.address).await.unwrap();
        socket.write_all(words).await.unwrap();
        let heard = rest(&mut socket).await;
        assert!(!heard.starts_with(b"HTTP"), "{}", String::from_utf8_lossy(&heard));
    }
    let mut mute = shop.client(b"http/1.1").await;
    assert_eq!(rest(&mut mute).await, b"", "who agrees on a way to speak and then says nothing");
}

#[tokio::test]
async fn a_stop_waits_for_requests_and_not_for_handshakes() {
    let shop = Shop::open(EVER).await;
    let mut half = TcpStream::connect(shop.address).await.unwrap();
    half.write_all(HALF).await.unwrap();
    let mut mute = shop.client(b"http/1.1").await;
    let mut asking = shop.client(b"http/1.1").await;
    asking.write_all(b"GET /slow HTTP/1.1\r\nhost: shop.example\r\n\r\n").await.unwrap();
    timeout(HANG, shop.asked.notified()).await.expect("it is asked");

    let stopped = tokio::spawn(shop.http.stop());
    assert_eq!(rest(&mut half).await, b"");
    assert_eq!(rest(&mut mute).await, b"");
    assert!(!stopped.is_finished(), "a request is in flight");
    shop.answer.notify_one();
    assert!(rest(&mut asking).await.ends_with(b"at last"));
    timeout(HANG, stopped).await.expect("it stops").unwrap();
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_without_a_start() {
    let shop = Shop::open(EVER).await;
    let shown = async || {
        let client = shop.client(b"http/1.1").await;
        let (_, connection) = client.get_ref();
        connection.peer_certificates().unwrap()[0].clone().into_owned()
    };
    let first = certificate(&shop.files.certificate);
    assert!(!shop.tls.certificates.look_again(), "nothing has changed");
    assert_eq!(shown().await, first);

    certify(&shop.files);
    let second = certificate(&shop.files.certificate);
    assert!(first != second && shop.tls.certificates.look_again());
    assert_eq!(shown().await, second);

    // Written half: the certificate is there, its key is not yet. Clients that trust the old one go on.
    let third = files(shop.folder.path(), "third");
    let kept = std::fs::read(&shop.files.certificate).unwrap();
    std::fs::copy(&third.certificate, &shop.files.certificate).unwrap();
    assert!(!shop.tls.certificates.look_again());
    assert!(shop.tls.certificates.told.lock().unwrap().contains("tls.key"));
    std::fs::write(&shop.files.certificate, &kept).unwrap();
    assert_eq!(shown().await, second);
    // And then it is.
    std::fs::copy(&third.certificate, &shop.files.certificate).unwrap();
    std::fs::copy(&third.key, &shop.files.key).unwrap();
    assert!(shop.tls.certificates.look_again());
    assert_eq!(shown().await, certificate(&third.certificate));
    assert!(shop.tls.certificates.told.lock().unwrap().is_empty());

    std::fs::remove_file(&shop.files.certificate).unwrap();
    assert!(!shop.tls.certificates.look_again(), "a folder that is away for a moment takes nothing away");
    std::fs::copy(&third.certificate, &shop.files.certificate).unwrap();
    assert_eq!(shown().await, certificate(&third.certificate));
}

#[test]
fn files_that_do_not_serve_are_named_by_their_setting() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = (files(folder.path(), "ours"), files(folder.path(), "theirs"));
    let nowhere = folder.path().join("nowhere");
    let garbage = folder.path().join("garbage");
    std::fs::write(&garbage, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    for (certificate, key, said) in [
        (&ours.certificate, &theirs.key, "tls.key: "),
        (&ours.certificate, &nowhere, "tls.key: "),
        (&ours.certificate, &ours.certificate, "tls.key: "),
        (&nowhere, &ours.key, "tls.certificate: "),
        (&ours.key, &ours.key, "tls.certificate: "),
        (&garbage, &ours.key, "tls.certificate: "),
    ] {
        let files = TlsFiles { certificate: certificate.clone(), key: key.clone() };
        let error = Tls::open(&files).err().unwrap().to_string();
        assert!(error.contains(said), "{files:?}: {error}");
    }
    assert!(Tls::open(&ours).is_ok());
}
