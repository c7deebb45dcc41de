//! Servers that are ill, and what is told of them.

use crate::{
    config,
    server::{Mood, Seen, Server},
    signature::{Caller, SECRET_KEY},
    store,
};
use axum::http::Method;
use secrecy::SecretString;
use std::time::Duration;
use stoa_domain::{
    media::{FileName, MediaKey, MediaStore, MediaType, Visibility},
    shared::{FaultKind, MediaId},
};
use stoa_media::S3Config;
use uuid::Uuid;

fn key() -> MediaKey {
    let id = MediaId::new(Uuid::from_u128(7));
    MediaKey { visibility: Visibility::Private, id, name: FileName::of("Archive", MediaType::Json) }
}

#[tokio::test]
async fn a_server_that_fails_for_a_while_is_asked_again() {
    let server = Server::start().await;
    let store = store(&config(&server));
    for attempt in 0..3 {
        server.feel(Mood::Failing(attempt));
        store.put(&key(), MediaType::Json, b"{}".to_vec()).await.unwrap();
    }
    server.feel(Mood::Failing(2));
    assert_eq!(store.get(&key()).await.unwrap().unwrap().body, b"{}");
    server.feel(Mood::Failing(2));
    store.delete(&key()).await.unwrap();
    assert_eq!(store.get(&key()).await.unwrap(), None);
    let place = format!("/mugs/{}", key().path());
    assert!(server.seen().iter().all(|seen| seen.by == Some(Caller::Owner) && seen.path == place));
}

#[tokio::test]
async fn a_server_that_stays_ill_is_a_fault() {
    let server = Server::start().await;
    let patience = Duration::from_millis(300);
    let store = store(&S3Config { patience, ..config(&server) });
    for mood in [Mood::Failing(usize::MAX), Mood::Silent] {
        server.feel(mood.clone());
        let faults = [
            store.put(&key(), MediaType::Json, b"{}".to_vec()).await.unwrap_err(),
            store.get(&key()).await.unwrap_err(),
            store.delete(&key()).await.unwrap_err(),
        ];
        assert!(faults.iter().all(|fault| fault.kind() == FaultKind::Unavailable), "{mood:?}: {faults:?}");
    }
    drop(server);
    assert_eq!(store.get(&key()).await.unwrap_err().kind(), FaultKind::Unavailable);
}

#[tokio::test]
async fn half_a_file_is_none_and_an_endless_one_is_not_waited_for() {
    let server = Server::start().await;
    let store = store(&S3Config { retries: 0, ..config(&server) });
    for mood in [Mood::Breaking, Mood::Boasting] {
        server.feel(mood.clone());
        assert!(store.get(&key()).await.is_err(), "{mood:?}");
    }
}

#[tokio::test]
async fn nobody_is_followed_elsewhere() {
    let (server, elsewhere) = (Server::start().await, Server::start().await);
    let store = store(&S3Config { retries: 0, ..config(&server) });
    server.feel(Mood::Elsewhere(format!("{}/mugs/{}", elsewhere.address, key().path())));
    assert!(store.get(&key()).await.is_err());
    assert!(store.put(&key(), MediaType::Json, b"{}".to_vec()).await.is_err());
    assert!(store.delete(&key()).await.is_err());
    assert_eq!(elsewhere.seen(), Vec::<Seen>::new());
}

#[tokio::test]
async fn wrong_keys_are_a_fault_that_only_a_person_can_mend_and_are_not_quoted() {
    let server = Server::start().await;
    let wrong = S3Config { secret_key: SecretString::from("not-the-key"), ..config(&server) };
    let (wrong, right) = (store(&wrong), store(&config(&server)));
    let mut faults = vec![
        wrong.put(&key(), MediaType::Json, b"{}".to_vec()).await.unwrap_err(),
        wrong.get(&key()).await.unwrap_err(),
        wrong.delete(&key()).await.unwrap_err(),
    ];
    server.feel(Mood::Distrustful);
    faults.push(right.get(&key()).await.unwrap_err());
    for fault in faults {
        assert_eq!(fault.kind(), FaultKind::Internal, "{fault}");
        let told = format!("{fault} {fault:?}");
        for secret in ["not-the-key", SECRET_KEY, "Signature=", "AKIA"] {
            assert!(!told.contains(secret), "{told}");
        }
    }
}

#[tokio::test]
async fn a_bucket_that_is_not_there_is_no_empty_one() {
    let server = Server::start().await;
    let store = store(&S3Config { bucket: "another".into(), ..config(&server) });
    let faults = [
        store.put(&key(), MediaType::Json, b"{}".to_vec()).await.unwrap_err(),
        store.get(&key()).await.unwrap_err(),
        store.delete(&key()).await.unwrap_err(),
    ];
    assert!(faults.iter().all(|fault| fault.kind() == FaultKind::Internal), "{faults:?}");
}

#[tokio::test]
async fn a_signed_address_lets_nobody_write() {
    let server = Server::start().await;
    let store = store(&config(&server));
    store.put(&key(), MediaType::Json, b"{}".to_vec()).await.unwrap();
    let url = store.url(&key(), Duration::from_secs(900)).await.unwrap();
    let browser = reqwest::Client::builder().no_proxy().build().unwrap();
    for method in [Method::PUT, Method::DELETE] {
        let answer = browser.request(method, &url).body("{\"x\":1}").send().await.unwrap();
        assert_eq!(answer.status(), 403);
    }
    assert_eq!(store.get(&key()).await.unwrap().unwrap().body, b"{}");
}
