//! The folder: the contract of every store, and what is a folder's own.

use super::*;
use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;
use std::sync::atomic::{AtomicI64, Ordering};
use stoa_contracts::media_store::Shelf;
use stoa_domain::{
    media::{FileName, Visibility},
    shared::{MediaId, Timestamp},
};
use tempfile::TempDir;
use uuid::Uuid;

const ADDRESS: &str = "https://shop.example/media";
const QUARTER: Duration = Duration::from_secs(15 * 60);

/// Ahead of the wall clock by as many seconds as it is told.
#[derive(Default)]
struct Ahead(AtomicI64);

impl Clock for Ahead {
    #[expect(clippy::disallowed_methods, reason = "files are dated by the wall clock")]
    fn now(&self) -> Timestamp {
        let now = DateTime::from_timestamp_micros(chrono::Utc::now().timestamp_micros()).unwrap();
        now + TimeDelta::seconds(self.0.load(Ordering::Relaxed))
    }
}

struct Ids;

#[expect(clippy::disallowed_methods, reason = "this is the generator")]
impl IdGenerator for Ids {
    fn id(&self) -> Uuid {
        Uuid::new_v4()
    }
    fn secret_id(&self) -> Uuid {
        Uuid::new_v4()
    }
    fn token(&self) -> String {
        Uuid::new_v4().to_string()
    }
}

fn keys(newest: u8, older: &[u8]) -> LinkKeys {
    LinkKeys::new([newest; 32], older.iter().map(|&b| [b; 32]))
}

async fn opened(root: &Path, keys: LinkKeys, clock: Arc<Ahead>) -> FolderStore {
    FolderStore::open(root, &Url::parse(ADDRESS).unwrap(), keys, clock, Arc::new(Ids)).await.unwrap()
}

async fn shelf() -> (Shelf, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(opened(&folder.path().join("media"), keys(1, &[]), Arc::default()).await);
    let shelf = Shelf {
        store: store.clone(),
        fetch: Arc::new(move |url| {
            let store = store.clone();
            Box::pin(async move {
                let path = url.strip_prefix(ADDRESS).and_then(|path| path.strip_prefix('/'))?;
                store.get(&store.key_at(path)?).await.unwrap()
            })
        }),
    };
    (shelf, folder)
}

stoa_contracts::media_store_contract!(shelf);

#[expect(clippy::disallowed_methods, reason = "any id will do")]
fn key(visibility: Visibility) -> MediaKey {
    MediaKey { visibility, id: MediaId::new(Uuid::new_v4()), name: FileName::of("Archive", MediaType::Json) }
}

fn path(url: &str) -> &str {
    url.strip_prefix(ADDRESS).unwrap().strip_prefix('/').unwrap()
}

#[tokio::test]
async fn a_private_address_ends_and_not_before_its_time() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Arc::new(Ahead::default()));
    let store = opened(folder.path(), keys(1, &[]), clock.clone()).await;
    let key = key(Visibility::Private);
    let url = store.url(&key, QUARTER).await.unwrap();
    for (seconds, is_good) in [(0, true), (14 * 60, true), (15 * 60 + 2, false), (86_400, false)] {
        clock.0.store(seconds, Ordering::Relaxed);
        assert_eq!(store.key_at(path(&url)), is_good.then(|| key.clone()), "after {seconds} seconds");
    }
}

#[tokio::test]
async fn an_address_outlives_the_key_that_signed_it_only_while_that_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let open = |keys| opened(folder.path(), keys, Arc::default());
    let key = key(Visibility::Private);
    let url = open(keys(1, &[])).await.url(&key, QUARTER).await.unwrap();
    assert_eq!(open(keys(2, &[3, 1])).await.key_at(path(&url)), Some(key.clone()));
    assert_eq!(open(keys(2, &[3])).await.key_at(path(&url)), None);

    let rotated = open(keys(2, &[1])).await.url(&key, QUARTER).await.unwrap();
    assert_eq!(open(keys(1, &[])).await.key_at(path(&rotated)), None, "the newest signs");
    assert!(!format!("{:?}", keys(7, &[8])).contains('7'), "keys are not shown");
}

#[tokio::test]
async fn no_path_leads_out_of_the_folder_or_has_a_second_spelling() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(&folder.path().join("media"), keys(1, &[]), Arc::default()).await;
    std::fs::write(folder.path().join("secret.json"), "{}").unwrap();
    let (public, private) = (key(Visibility::Public), key(Visibility::Private));
    let good = store.url(&public, QUARTER).await.unwrap();
    let signed = store.url(&private, QUARTER).await.unwrap();
    let (good, signed) = (path(&good), path(&signed));
    assert_eq!((store.key_at(good), store.key_at(signed)), (Some(public.clone()), Some(private.clone())));

    let id = public.id.to_string();
    let (end, rest) = signed.split_once('.').unwrap();
    let bad = [
        String::new(),
        "/".to_owned(),
        format!("/{good}"),
        format!("{good}/"),
        format!("./{good}"),
        format!("../public/{good}"),
        format!("public/{good}"),
        format!("private/{}/{}", private.id, private.name),
        format!("{}/../../secret.json", public.id),
        format!("{id}/../secret.json"),
        format!("{id}/..%2Fsecret.json"),
        format!("{id}/archive.json\0.png"),
        format!("{id}/archive.JSON"),
        format!("{id}\\archive.json"),
        format!("{}/archive.json", id.to_uppercase()),
        format!("{}/archive.json", id.replace('-', "")),
        format!("{{{id}}}/archive.json"),
        format!("urn:uuid:{id}/archive.json"),
        format!("+{end}.{rest}"),
        format!("0{end}.{rest}"),
        format!(".{rest}"),
        format!("{end}{rest}"),
        format!("-1.{rest}"),
        format!("x/{signed}"),
        signed.replacen('/', "=/", 1),
    ];
    for bad in bad {
        assert_eq!(store.key_at(&bad), None, "{bad}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_on_the_machine_reads_a_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("media");
    let store = opened(&root, keys(1, &[]), Arc::default()).await;
    for visibility in Visibility::ALL {
        let key = key(visibility);
        store.put(&key, MediaType::Json, b"{}".to_vec()).await.unwrap();
        let place = root.join(key.path());
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&place), 0o600);
        assert!(place.ancestors().skip(1).take_while(|p| p.starts_with(&root)).all(|p| mode(p) == 0o700));
    }
}

#[tokio::test]
async fn what_is_written_and_deleted_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(folder.path(), keys(1, &[]), Arc::default()).await;
    let (first, second) = (key(Visibility::Public), key(Visibility::Public));
    let second = MediaKey { id: first.id, name: FileName::of("Another", MediaType::Png), ..second };
    store.put(&first, MediaType::Json, b"{}".to_vec()).await.unwrap();
    store.put(&second, MediaType::Png, b"png".to_vec()).await.unwrap();
    let entries = |path: &str| std::fs::read_dir(folder.path().join(path)).unwrap().count();
    assert_eq!((entries("tmp"), entries("public")), (0, 1));
    store.delete(&first).await.unwrap();
    assert_eq!(entries("public"), 1, "there is another file in it");
    store.delete(&second).await.unwrap();
    assert_eq!((entries("tmp"), entries("public")), (0, 0));
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_a_fault_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(folder.path(), keys(1, &[]), Arc::default()).await;
    let key = key(Visibility::Public);
    // Something else stands where its folder would.
    std::fs::create_dir_all(folder.path().join("public")).unwrap();
    std::fs::write(folder.path().join("public").join(key.id.to_string()), "").unwrap();
    assert!(store.put(&key, MediaType::Json, b"{}".to_vec()).await.is_err());
    assert_eq!(std::fs::read_dir(folder.path().join("tmp")).unwrap().count(), 0);

    std::fs::write(folder.path().join("file"), "").unwrap();
    let inside = folder.path().join("file");
    let url = Url::parse(ADDRESS).unwrap();
    let opened = FolderStore::open(inside, &url, keys(1, &[]), Arc::<Ahead>::default(), Arc::new(Ids)).await;
    assert!(opened.is_err());
}

#[tokio::test]
async fn what_a_crash_left_half_written_is_swept_up_after_a_day() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Arc::new(Ahead::default()));
    let half = folder.path().join("tmp/half");
    std::fs::create_dir_all(half.parent().unwrap()).unwrap();
    std::fs::write(&half, "half").unwrap();
    opened(folder.path(), keys(1, &[]), clock.clone()).await;
    assert!(half.exists(), "somebody may be writing it");
    clock.0.store(25 * 60 * 60, Ordering::Relaxed);
    opened(folder.path(), keys(1, &[]), clock.clone()).await;
    assert!(!half.exists());
}

proptest! {
    #[test]
    fn nothing_made_up_is_an_address(path in "\\PC{0,60}|[0-9]{1,12}\\.[A-Za-z0-9_-]{43}/[0-9a-f-]{36}/[a-z]{1,5}\\.json") {
        let links = link::Links::new(&Url::parse(ADDRESS).unwrap(), keys(1, &[]));
        let found = links.key_at(&path, DateTime::UNIX_EPOCH);
        prop_assert!(found.is_none_or(|key| key.visibility == Visibility::Public));
    }
}
