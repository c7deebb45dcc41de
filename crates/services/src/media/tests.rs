//! Pictures that people of the shop bring.

use super::*;
use crate::testing::TestShop;
use bytes::Bytes;
use futures_util::stream;
use std::{convert::Infallible, io, sync::Arc, task::Poll};
use stoa_domain::{
    access::{
        Actor, Grant, Permit,
        grants::{AuditRead, MediaWrite, ProductsWrite},
    },
    audit::Entry,
    catalog::{CollectionInput, ImageInput, ProductInput, VariantInput},
    media::{MediaKey, MediaType, Visibility},
    shared::{MediaId, page::PageRequest},
};
use stoa_persistence::audit::AuditListing;
use uuid::Uuid;

/// From a camera that has written down where it was.
const PHOTOGRAPH: &[u8] = include_bytes!("../../../media/tests/files/camera.jpg");
const DRAWING: &[u8] = include_bytes!("../../../media/tests/files/clear.png");

fn by<G: Grant>(shop: &TestShop) -> Permit<G> {
    let machine = Arc::new(Actor::command("root".into()));
    machine.permit(&shop.ctx().settings.accounts.staff_access, shop.ctx().now()).unwrap()
}

fn new(name: &str, visibility: Visibility) -> NewMedia {
    NewMedia { name: name.into(), alt_text: Some(" A mug ".into()), visibility, announced: None }
}

async fn bring(shop: &TestShop, file: &'static [u8], new: &NewMedia) -> Result<Uploaded, UploadMediaError> {
    let pieces = file.chunks(500).map(|piece| Ok::<_, Infallible>(Bytes::from_static(piece)));
    Box::pin(shop.services.upload_media.run(&by(shop), stream::iter(pieces), new)).await
}

async fn brought(shop: &TestShop, file: &'static [u8], new: &NewMedia) -> ShownMedia {
    bring(shop, file, new).await.unwrap().media
}

/// All there are, the latest first.
async fn listed(shop: &TestShop) -> Vec<MediaId> {
    let files = &shop.services.media_files;
    let page = files.list(&by(shop), &PageRequest::first(9)).await.unwrap();
    page.nodes().copied().collect()
}

async fn log(shop: &TestShop, id: MediaId) -> Vec<Entry> {
    let of = AuditListing { subject_id: Some(id.to_string()), ..AuditListing::default() };
    let by = by::<AuditRead>(shop);
    let page = shop.services.audit_log.list(&by, &of, &PageRequest::first(9)).await.unwrap();
    page.nodes().cloned().collect()
}

async fn log_length(shop: &TestShop) -> i64 {
    shop.services.audit_log.head().await.unwrap().seq
}

#[tokio::test]
async fn a_picture_is_kept_as_we_have_made_it_and_the_log_says_who_brought_it() {
    let shop = TestShop::open().await;
    let done = bring(&shop, PHOTOGRAPH, &new("Blue Mug.JPEG", Visibility::Public)).await.unwrap();
    assert!(done.is_new);
    let ShownMedia { file, address } = done.media;
    assert_eq!(address, format!("/media/{}/blue-mug.jpg", file.key.id));
    assert_eq!((file.kind, file.alt_text.as_deref()), (MediaType::Jpeg, Some("A mug")));
    assert_eq!(file.created_by, "root");
    let stored = shop.ctx().ports.media.get(&file.key).await.unwrap().unwrap();
    assert_eq!(stored.body.len() as u64, file.bytes);
    let secret = |body: &[u8]| body.windows(6).any(|window| window == b"SECRET");
    assert!(secret(PHOTOGRAPH) && !secret(&stored.body), "where it was taken is nobody's business");

    let entries = log(&shop, file.key.id).await;
    let acts: Vec<_> = entries.iter().map(|e| (e.action.as_str(), e.subject.kind.as_str())).collect();
    assert_eq!(acts, [("media.upload", "Media")]);
    assert!(entries[0].changes.contains(&file.digest), "{}", entries[0].changes);
}

#[tokio::test]
async fn the_same_picture_is_kept_once_for_everybody_and_once_for_few() {
    let shop = TestShop::open().await;
    let first = brought(&shop, DRAWING, &new("mug.png", Visibility::Public)).await;
    let grown = log_length(&shop).await;
    let again = bring(&shop, DRAWING, &new("another name.png", Visibility::Public)).await.unwrap();
    assert_eq!((&again.media, again.is_new), (&first, false));
    assert_eq!(log_length(&shop).await, grown, "nothing has changed");

    let private = brought(&shop, DRAWING, &new("mug.png", Visibility::Private)).await;
    assert_eq!(private.file.digest, first.file.digest);
    assert_ne!(private.file.key.id, first.file.key.id);
    let plain = format!("/media/{}/mug.png", private.file.key.id);
    assert!(private.address.starts_with("/media/") && private.address != plain, "it is signed");
    assert_eq!(listed(&shop).await, [private.file.key.id, first.file.key.id]);
    let ids = [first.file.key.id, MediaId::new(Uuid::nil())];
    let found = shop.services.media_files.find_all(&by(&shop), &ids).await.unwrap();
    assert_eq!(found, [first]);
}

#[tokio::test]
async fn two_who_bring_the_same_at_once_are_given_the_same() {
    let shop = TestShop::open().await;
    let mug = new("mug.png", Visibility::Public);
    let (one, other) = tokio::join!(bring(&shop, DRAWING, &mug), bring(&shop, DRAWING, &mug));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.media, other.media);
    assert_ne!(one.is_new, other.is_new);
    assert_eq!(listed(&shop).await.len(), 1);
}

#[tokio::test]
async fn what_is_refused_leaves_nothing() {
    let shop = TestShop::open().await;
    let before = log_length(&shop).await;
    let mug = new("mug.png", Visibility::Public);
    let refused = bring(&shop, b"<svg xmlns='http://www.w3.org/2000/svg'/>", &mug).await.unwrap_err();
    assert!(matches!(refused, UploadMediaError::Upload(UploadError::Refused(Refusal::UnknownType))));
    let wordy = NewMedia { alt_text: Some("x".repeat(513)), ..mug.clone() };
    let refused = bring(&shop, DRAWING, &wordy).await.unwrap_err();
    assert!(matches!(refused, UploadMediaError::AltTextTooLong { max: 512 }));
    let unread = stream::poll_fn(|_| -> Poll<Option<Result<Bytes, Infallible>>> { panic!("it was read") });
    let large = NewMedia { announced: Some(20 * 1024 * 1024 + 1), ..mug.clone() };
    let refused = Box::pin(shop.services.upload_media.run(&by(&shop), unread, &large)).await.unwrap_err();
    assert!(matches!(refused, UploadMediaError::Upload(UploadError::Refused(Refusal::TooLarge { .. }))));
    let half = [Ok(Bytes::from_static(&DRAWING[..40])), Err(io::Error::from(io::ErrorKind::ConnectionReset))];
    let cut = Box::pin(shop.services.upload_media.run(&by(&shop), stream::iter(half), &mug)).await;
    assert!(matches!(cut, Err(UploadMediaError::Upload(UploadError::Cut(_)))));
    assert_eq!((listed(&shop).await, log_length(&shop).await), (Vec::new(), before));
}

/// Shows pictures at these addresses, and gives what is to be deleted to end that.
async fn product(shop: &TestShop, images: Vec<ImageInput>) -> stoa_domain::shared::ProductId {
    let variants = vec![VariantInput { price: 100, ..VariantInput::default() }];
    let input = ProductInput { title: "Mug".into(), variants, images, ..ProductInput::default() };
    shop.services.admin.products.create(&by(shop), None, &input).await.unwrap().id
}

#[tokio::test]
async fn a_picture_goes_for_good_but_not_while_something_shows_it() {
    let shop = TestShop::open().await;
    let file = brought(&shop, PHOTOGRAPH, &new("mug.jpg", Visibility::Public)).await;
    let id = file.file.key.id;
    let pictures = shop.services.media_files.pictures(&by(&shop), &[id]).await.unwrap();
    let picture = pictures[&id].clone();
    assert_eq!((picture.url.as_str(), picture.alt_text.as_deref()), (file.address.as_str(), Some("A mug")));
    assert_eq!(picture.width.zip(picture.height), file.file.size);
    let delete = async || shop.services.media_files.delete(&by(&shop), id).await;

    let absolute = format!("https://shop.example.org{}", picture.url);
    for url in [picture.url.clone(), absolute] {
        let mug = product(&shop, vec![ImageInput { url, ..picture.clone() }]).await;
        assert!(matches!(delete().await, Err(DeleteMediaError::InUse)));
        shop.services.admin.products.delete(&by::<ProductsWrite>(&shop), mug).await.unwrap();
    }
    let input = CollectionInput { title: "Clay".into(), image: Some(picture), ..CollectionInput::default() };
    let collections = &shop.services.admin.collections;
    let clay = collections.create(&by(&shop), &input, &[]).await.unwrap();
    assert!(matches!(delete().await, Err(DeleteMediaError::InUse)));
    collections.delete(&by(&shop), clay.id).await.unwrap();
    shop.settle().await;
    assert!(shop.has_file(&file.file.key).await);

    delete().await.unwrap();
    assert!(matches!(delete().await, Err(DeleteMediaError::NotFound)));
    assert_eq!(listed(&shop).await, []);
    shop.settle().await;
    assert!(!shop.has_file(&file.file.key).await);
    let acts: Vec<_> = log(&shop, id).await.into_iter().map(|entry| entry.action).collect();
    assert_eq!(acts, ["media.upload", "media.delete"]);
    // The same again is another file.
    let again = bring(&shop, PHOTOGRAPH, &new("mug.jpg", Visibility::Public)).await.unwrap();
    assert!(again.is_new && again.media.file.key.id != id);
}

#[tokio::test]
async fn a_private_picture_is_no_products() {
    let shop = TestShop::open().await;
    let file = brought(&shop, DRAWING, &new("draft.png", Visibility::Private)).await;
    let id = file.file.key.id;
    let pictures = shop.services.media_files.pictures(&by(&shop), &[id]).await.unwrap();
    assert!(pictures.is_empty());
    shop.services.media_files.delete(&by::<MediaWrite>(&shop), id).await.unwrap();
    assert_eq!(listed(&shop).await, []);
}

#[tokio::test]
async fn a_file_is_taken_out_of_the_store_by_its_path_and_twice_is_once() {
    let shop = TestShop::open().await;
    let file = brought(&shop, DRAWING, &new("mug.png", Visibility::Public)).await;
    let key: MediaKey = file.file.key;
    for _ in 0..2 {
        remove_file(shop.ctx(), &key.path()).await.unwrap();
        assert!(!shop.has_file(&key).await);
    }
    for bad in ["", "public", "../public/x/mug.png"] {
        assert!(remove_file(shop.ctx(), bad).await.is_err(), "{bad}");
    }
}
