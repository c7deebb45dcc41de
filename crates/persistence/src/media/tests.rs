//! Files, on both databases.

use super::*;
use crate::testing::{TestShop, at};
use stoa_domain::shared::IdGenerator;

fn picture(shop: &TestShop, name: &str, digest: char, visibility: Visibility) -> MediaFile {
    let id = MediaId::new(shop.ids.id());
    MediaFile {
        key: MediaKey { visibility, id, name: FileName::of(name, MediaType::Png) },
        digest: digest.to_string().repeat(64),
        kind: MediaType::Png,
        bytes: 5_000_000_000,
        size: Some((640, 480)),
        alt_text: Some("A mug".to_owned()),
        created_by: "Eve".to_owned(),
        created_at: at(5),
    }
}

#[tokio::test]
async fn files_are_read_as_they_were_written_and_go_once() {
    let shop = TestShop::open().await;
    let mug = picture(&shop, "Blue Mug.png", 'a', Visibility::Public);
    let archive = MediaFile {
        size: None,
        alt_text: None,
        kind: MediaType::Json,
        key: MediaKey {
            name: FileName::of("archive", MediaType::Json),
            ..picture(&shop, "x", 'a', Visibility::Private).key
        },
        ..mug.clone()
    };
    for file in [&mug, &archive] {
        shop.tx(async |tx| insert(tx, file).await).await;
        assert_eq!(find(shop.db.read(), file.key.id).await.unwrap().as_ref(), Some(file));
    }
    let by = async |visibility| find_by_digest(shop.db.read(), &mug.digest, visibility).await.unwrap();
    assert_eq!(by(Visibility::Public).await, Some(mug.clone()));
    assert_eq!(by(Visibility::Private).await, Some(archive.clone()), "one does not stand for the other");
    assert_eq!(find_by_digest(shop.db.read(), "b", Visibility::Public).await.unwrap(), None);
    let page = list_files(shop.db.read(), &PageRequest::first(9)).await.unwrap();
    assert_eq!(page.nodes().copied().collect::<Vec<_>>(), [archive.key.id, mug.key.id]);

    let say =
        async |id, text: Option<&'static str>| shop.tx(async |tx| set_alt_text(tx, id, text).await).await;
    assert!(say(mug.key.id, Some("A blue\0 mug")).await);
    let said = MediaFile { alt_text: Some("A blue mug".to_owned()), ..mug };
    let off = async || shop.tx(async |tx| remove(tx, said.key.id).await).await;
    assert_eq!((off().await, off().await), (Some(said.clone()), None));
    assert!(!say(said.key.id, None).await);
    assert_eq!(find_all(shop.db.read(), &[said.key.id, archive.key.id]).await.unwrap(), [archive]);
}
