use super::{Shelf, bytes, new_key};
use crate::race::at_once;
use std::sync::Arc;
use stoa_domain::media::{MediaType, Visibility};

const LARGE: usize = 300_000;

/// They do not write into each other's file.
pub async fn of_many_who_put_the_same_file_each_leaves_it_whole(shelf: Shelf) {
    let (key, body) = (new_key(Visibility::Public, MediaType::Png), bytes(LARGE, 8));
    let tasks = (0..12).map(|_| {
        let (store, key, body) = (shelf.store.clone(), key.clone(), body.clone());
        async move {
            store.put(&key, MediaType::Png, body.clone()).await.unwrap();
            store.get(&key).await.unwrap().is_some_and(|stored| stored.body == body)
        }
    });
    assert!(at_once(tasks).await.into_iter().all(|is_whole| is_whole));
}

/// Never a half of it.
pub async fn a_reader_meets_the_whole_file_or_none(shelf: Shelf) {
    let (key, body) = (new_key(Visibility::Public, MediaType::Png), bytes(LARGE, 9));
    // It is there for as long as somebody writes, and is dropped by one who panics, too: readers who are faster than the writer have
    // met nothing yet.
    let writer = Arc::new(());
    let writes = Arc::downgrade(&writer);
    let mut writer = Some(writer);
    let tasks = (0..12).map(|_| {
        let (store, key, body) = (shelf.store.clone(), key.clone(), body.clone());
        let (writer, writes) = (writer.take(), writes.clone());
        async move {
            if writer.is_some() {
                for _ in 0..10 {
                    store.put(&key, MediaType::Png, body.clone()).await.unwrap();
                }
                return;
            }
            while writes.strong_count() > 0 {
                if let Some(met) = store.get(&key).await.unwrap() {
                    assert!(met.body == body, "{} of {} bytes", met.body.len(), body.len());
                }
                tokio::task::yield_now().await;
            }
        }
    });
    at_once(tasks).await;
    assert!(shelf.store.get(&key).await.unwrap().unwrap().body == body);
}

/// Nobody fails for the other's sake, and what is left can be put and deleted as ever.
pub async fn putting_and_deleting_at_once_leaves_the_file_or_nothing(shelf: Shelf) {
    let (key, body) = (new_key(Visibility::Private, MediaType::Json), bytes(2_000, 10));
    let tasks = (0..12).map(|n| {
        let (store, key, body) = (shelf.store.clone(), key.clone(), body.clone());
        async move {
            for _ in 0..10 {
                match n % 2 {
                    0 => store.put(&key, MediaType::Json, body.clone()).await.unwrap(),
                    _ => store.delete(&key).await.unwrap(),
                }
            }
        }
    });
    at_once(tasks).await;
    if let Some(left) = shelf.store.get(&key).await.unwrap() {
        assert_eq!(left.body, body);
    }
    shelf.store.put(&key, MediaType::Json, body.clone()).await.unwrap();
    assert_eq!(shelf.store.get(&key).await.unwrap().unwrap().body, body);
    shelf.store.delete(&key).await.unwrap();
    assert_eq!(shelf.store.get(&key).await.unwrap(), None);
}
