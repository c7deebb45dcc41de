//! Files in a folder of this machine, or on a disk that several share.
//!
//! Below the root lie `public/<id>/<name>`, `private/<id>/<name>`, and `tmp` for what is being written. Everything is readable
//! by the program's own user alone: files are fetched through the program, which knows who may.

mod link;
#[cfg(test)]
mod tests;

pub use link::LinkKeys;

use crate::MAX_STORED;
use async_trait::async_trait;
use link::Links;
use std::{
    fs, io,
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};
use stoa_domain::{
    media::{MediaKey, MediaStore, MediaType, Stored},
    shared::{Clock, Fault, IdGenerator},
};
use url::Url;

/// What is older than this and still being written, nobody writes any more.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

const FOLDER: &str = "media.folder";

/// Keeps files in a folder.
pub struct FolderStore {
    root: PathBuf,
    links: Links,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl FolderStore {
    /// The files in `root`, which is made when it does not exist, and which a browser fetches below `address`, such as
    /// `https://shop.example/media`. What another process left half-written a day ago or longer is swept up.
    ///
    /// # Errors
    /// The folder cannot be made or written to.
    pub async fn open(
        root: impl Into<PathBuf>,
        address: &Url,
        keys: LinkKeys,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
    ) -> Result<Self, Fault> {
        let store = Self { root: root.into(), links: Links::new(address, keys), clock, ids };
        let (tmp, now) = (store.tmp(), SystemTime::from(store.clock.now()));
        off_the_threads(move || {
            make_folder(&tmp)?;
            sweep(&tmp, now)
        })
        .await?;
        Ok(store)
    }

    /// The file that may be fetched under `path`, which is what follows the address that the store was opened with and a
    /// slash. `None` for everything that this store has not given out as an address, and for a private file's whose time is
    /// over. Whether the file is there is another question.
    pub fn key_at(&self, path: &str) -> Option<MediaKey> {
        self.links.key_at(path, self.clock.now())
    }

    fn tmp(&self) -> PathBuf {
        self.root.join("tmp")
    }

    fn place(&self, key: &MediaKey) -> PathBuf {
        self.root.join(key.path())
    }
}

#[async_trait]
impl MediaStore for FolderStore {
    async fn put(&self, key: &MediaKey, kind: MediaType, body: Vec<u8>) -> Result<(), Fault> {
        if key.name.kind() != kind {
            return Err(Fault::bug("media.folder: a file of another kind than its name says"));
        }
        let (half, place) = (self.tmp().join(self.ids.secret_id().to_string()), self.place(key));
        off_the_threads(move || put(&half, &place, &body)).await
    }

    async fn get(&self, key: &MediaKey) -> Result<Option<Stored>, Fault> {
        let (place, kind) = (self.place(key), key.name.kind());
        let body = off_the_threads(move || if_there(read(&place))).await?;
        Ok(body.map(|body| Stored { kind, body }))
    }

    async fn delete(&self, key: &MediaKey) -> Result<(), Fault> {
        let place = self.place(key);
        off_the_threads(move || delete(&place)).await
    }

    async fn url(&self, key: &MediaKey, lifetime: Duration) -> Result<String, Fault> {
        self.links.address(key, lifetime, self.clock.now())
    }
}

/// Writes beside and renames, so that nobody reads half a file, and returns when both would outlive a power cut.
fn put(half: &Path, place: &Path, body: &[u8]) -> io::Result<()> {
    let folder = place.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let written = write_new(half, body).and_then(|()| {
        // Somebody may take the folder away in between, with the last file in it.
        const TRIES: usize = 16;
        for _ in 1..TRIES {
            make_folder(folder)?;
            match fs::rename(half, place) {
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                done => return done,
            }
        }
        make_folder(folder)?;
        fs::rename(half, place)
    });
    if written.is_err() {
        // If this fails too, it is swept up one day.
        let _ = fs::remove_file(half);
    }
    written?;
    // The names are entries of their folders.
    for folder in folder.ancestors().take(3) {
        sync_folder(folder)?;
    }
    Ok(())
}

fn write_new(file: &Path, body: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    file.write_all(body)?;
    file.sync_all()
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    let file = fs::File::open(file)?;
    let mut body = Vec::new();
    file.take(MAX_STORED + 1).read_to_end(&mut body)?;
    if body.len() as u64 > MAX_STORED { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(body) }
}

fn delete(file: &Path) -> io::Result<()> {
    if if_there(fs::remove_file(file))?.is_none() {
        return Ok(());
    }
    if let Some(folder) = file.parent() {
        sync_folder(folder)?;
        // Unless there is another file in it.
        let _ = fs::remove_dir(folder);
    }
    Ok(())
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere folders cannot be opened. One that was taken away meanwhile holds nothing.
    if cfg!(unix) { if_there(fs::File::open(folder).and_then(|f| f.sync_all())).map(drop) } else { Ok(()) }
}

fn sweep(tmp: &Path, now: SystemTime) -> io::Result<()> {
    for entry in fs::read_dir(tmp)? {
        let entry = entry?;
        let Some(written) = if_there(entry.metadata().and_then(|m| m.modified()))? else { continue };
        if now.duration_since(written).is_ok_and(|age| age > ABANDONED) {
            if_there(fs::remove_file(entry.path()))?;
        }
    }
    Ok(())
}

fn if_there<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(it) => Ok(Some(it)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

async fn off_the_threads<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Fault> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|e| Fault::internal(FOLDER, e))?;
    done.map_err(|e| Fault::unavailable(FOLDER, e))
}
