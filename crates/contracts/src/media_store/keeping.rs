use super::{Shelf, bytes, new_key};
use stoa_domain::media::{FileName, MediaKey, MediaType, Stored, Visibility};

/// Every kind, public and private, and of every length that a buffer might stumble over.
pub async fn what_was_put_comes_back(shelf: Shelf) {
    for visibility in Visibility::ALL {
        for kind in MediaType::ALL {
            for length in [0, 1, 65_536, 1_000_003] {
                let (key, body) = (new_key(visibility, kind), bytes(length, 1));
                shelf.store.put(&key, kind, body.clone()).await.unwrap();
                let stored = shelf.store.get(&key).await.unwrap();
                assert!(stored == Some(Stored { kind, body }), "{} of {length} bytes", key.path());
            }
        }
    }
}

/// Nor is that an error.
pub async fn where_nothing_is_there_is_nothing(shelf: Shelf) {
    for visibility in Visibility::ALL {
        assert_eq!(shelf.store.get(&new_key(visibility, MediaType::Png)).await.unwrap(), None);
    }
}

/// Whoever does not know whether it went well may do it again.
pub async fn the_same_file_again_changes_nothing(shelf: Shelf) {
    let (key, body) = (new_key(Visibility::Public, MediaType::Jpeg), bytes(10_000, 2));
    for _ in 0..3 {
        shelf.store.put(&key, MediaType::Jpeg, body.clone()).await.unwrap();
        assert_eq!(shelf.store.get(&key).await.unwrap().unwrap().body, body);
    }
}

/// Twice, and also what was never there.
pub async fn what_is_deleted_is_gone_and_may_be_deleted_again(shelf: Shelf) {
    for visibility in Visibility::ALL {
        let key = new_key(visibility, MediaType::WebP);
        shelf.store.delete(&key).await.unwrap();
        shelf.store.put(&key, MediaType::WebP, bytes(100, 3)).await.unwrap();
        for _ in 0..2 {
            shelf.store.delete(&key).await.unwrap();
            assert_eq!(shelf.store.get(&key).await.unwrap(), None);
        }
    }
}

/// A deletion leaves nothing behind that is in the way.
pub async fn what_was_deleted_may_be_put_again(shelf: Shelf) {
    let (key, body) = (new_key(Visibility::Public, MediaType::Png), bytes(100, 4));
    for _ in 0..3 {
        shelf.store.put(&key, MediaType::Png, body.clone()).await.unwrap();
        assert_eq!(shelf.store.get(&key).await.unwrap().unwrap().body, body);
        shelf.store.delete(&key).await.unwrap();
        assert_eq!(shelf.store.get(&key).await.unwrap(), None);
    }
}

/// Neither under another id, nor under another name, nor where others may look.
pub async fn one_file_does_not_touch_another(shelf: Shelf) {
    let first = new_key(Visibility::Public, MediaType::Png);
    let others = [
        new_key(Visibility::Public, MediaType::Png),
        MediaKey { name: FileName::of("Another Mug", MediaType::Png), ..first.clone() },
        MediaKey { name: FileName::of("Blue Mug", MediaType::Jpeg), ..first.clone() },
        MediaKey { visibility: Visibility::Private, ..first.clone() },
    ];
    let keys: Vec<_> = std::iter::once(&first).chain(&others).collect();
    for (n, key) in keys.iter().enumerate() {
        shelf.store.put(key, key.name.kind(), bytes(500, n)).await.unwrap();
    }
    for (n, key) in keys.iter().enumerate() {
        assert_eq!(shelf.store.get(key).await.unwrap().unwrap().body, bytes(500, n), "{}", key.path());
    }
    shelf.store.delete(&first).await.unwrap();
    for (n, key) in keys.iter().enumerate() {
        assert_eq!(shelf.store.get(key).await.unwrap().is_some(), n > 0, "{}", key.path());
    }
}

/// What a browser takes a file for goes by its name in one store, and by what it was put as in another: they must not differ.
pub async fn a_file_is_of_the_kind_that_its_name_says(shelf: Shelf) {
    let key = new_key(Visibility::Public, MediaType::Png);
    assert!(shelf.store.put(&key, MediaType::Json, bytes(10, 5)).await.is_err());
    assert_eq!(shelf.store.get(&key).await.unwrap(), None);
}
