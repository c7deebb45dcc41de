use super::{Shelf, bytes, new_key};
use std::time::Duration;
use stoa_domain::media::{MediaKey, MediaType, Stored, Visibility};

const QUARTER: Duration = Duration::from_secs(15 * 60);

async fn put(shelf: &Shelf, visibility: Visibility, kind: MediaType) -> (MediaKey, Stored) {
    let (key, body) = (new_key(visibility, kind), bytes(3_000, 6));
    shelf.store.put(&key, kind, body.clone()).await.unwrap();
    (key, Stored { kind, body })
}

/// It may be written into pages, and ends in the file's name.
pub async fn a_public_address_stays_and_anybody_may_use_it(shelf: Shelf) {
    for kind in MediaType::ALL {
        let (key, stored) = put(&shelf, Visibility::Public, kind).await;
        let url = shelf.store.url(&key, QUARTER).await.unwrap();
        assert_eq!(shelf.store.url(&key, Duration::from_secs(1)).await.unwrap(), url);
        assert!(url.ends_with(key.name.as_str()), "{url}");
        assert!((shelf.fetch)(url.clone()).await == Some(stored), "{url}");

        shelf.store.delete(&key).await.unwrap();
        assert_eq!((shelf.fetch)(url).await, None);
    }
}

/// Whatever is changed of it, it opens nothing.
pub async fn a_private_address_opens_one_file_and_only_as_it_was_given(shelf: Shelf) {
    let (key, stored) = put(&shelf, Visibility::Private, MediaType::Json).await;
    let (other, _) = put(&shelf, Visibility::Private, MediaType::Json).await;
    let url = shelf.store.url(&key, QUARTER).await.unwrap();
    assert_eq!((shelf.fetch)(url.clone()).await, Some(stored));

    let of_another = url.replace(&key.id.to_string(), &other.id.to_string());
    assert_ne!(of_another, url);
    assert_eq!((shelf.fetch)(of_another).await, None);
    // Another letter or digit at each place behind the host, one at a time.
    let path = url.find("://").unwrap() + 3;
    let path = path + url[path..].find('/').unwrap();
    for (at, letter) in url.char_indices().filter(|(at, letter)| *at > path && letter.is_ascii_alphanumeric())
    {
        let changed = if letter == '7' { "8" } else { "7" };
        let mut bad = url.clone();
        bad.replace_range(at..=at, changed);
        assert_eq!((shelf.fetch)(bad.clone()).await, None, "{bad}");
    }
}

/// One that is not signed, that is.
pub async fn a_private_file_has_no_public_address(shelf: Shelf) {
    let (key, _) = put(&shelf, Visibility::Private, MediaType::Json).await;
    let as_if_public = MediaKey { visibility: Visibility::Public, ..key.clone() };
    let url = shelf.store.url(&as_if_public, QUARTER).await.unwrap();
    for url in [url.clone(), url.replace("/public/", "/private/"), url.replace("public", "public/../private")]
    {
        assert_eq!((shelf.fetch)(url.clone()).await, None, "{url}");
    }
    let signed = shelf.store.url(&key, QUARTER).await.unwrap();
    let (unsigned, _) = signed.split_once('?').unwrap_or((&signed, ""));
    if unsigned != signed {
        assert_eq!((shelf.fetch)(unsigned.to_owned()).await, None, "{unsigned}");
    }
}

/// A page may be made before the file is there, and must not ask for each.
pub async fn an_address_is_given_whether_or_not_the_file_is_there(shelf: Shelf) {
    for visibility in Visibility::ALL {
        let key = new_key(visibility, MediaType::Png);
        let url = shelf.store.url(&key, QUARTER).await.unwrap();
        assert_eq!((shelf.fetch)(url.clone()).await, None);
        shelf.store.put(&key, MediaType::Png, bytes(10, 7)).await.unwrap();
        assert_eq!((shelf.fetch)(url).await.unwrap().body, bytes(10, 7));
    }
}

/// So that no store promises what another cannot keep.
pub async fn no_address_lives_longer_than_a_week(shelf: Shelf) {
    const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);
    let key = new_key(Visibility::Private, MediaType::Json);
    assert!(shelf.store.url(&key, WEEK).await.is_ok());
    for too_long in [WEEK + Duration::from_secs(1), Duration::MAX] {
        assert!(shelf.store.url(&key, too_long).await.is_err());
    }
}
