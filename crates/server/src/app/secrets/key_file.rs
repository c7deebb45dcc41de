//! The file with the root key of a shop that was told none.

use crate::config::read_secret;
use anyhow::{Context, anyhow};
use secrecy::{ExposeSecret, SecretString};
use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};
use stoa_auth::{KeyId, RootKeys};

const NAME: &str = "secret.key";

/// Where it is.
pub(super) fn place(data_dir: &Path) -> PathBuf {
    data_dir.join(NAME)
}

/// The keys in the file, one a line, the newest first; `None`: there is no such file.
pub(super) fn find(data_dir: &Path) -> anyhow::Result<Option<RootKeys>> {
    let file = std::path::absolute(place(data_dir)).context("the data folder")?;
    if !file.try_exists().with_context(|| format!("{} cannot be looked for", file.display()))? {
        return Ok(None);
    }
    let text = read_secret(&file).map_err(|problem| anyhow!("the root key: {problem}"))?;
    let lines = text.expose_secret().lines().map(str::trim).filter(|line| !line.is_empty());
    let keys: Vec<SecretString> = lines.map(SecretString::from).collect();
    let roots = RootKeys::parse(&keys).with_context(|| format!("the file {}", file.display()))?;
    Ok(Some(roots))
}

/// The keys in the file, which is made if there is none. Of several who make it at once, all get the key of the first.
pub(super) fn find_or_make(data_dir: &Path) -> anyhow::Result<RootKeys> {
    if let Some(found) = find(data_dir)? {
        return Ok(found);
    }
    let (made, text) = RootKeys::generate()?;
    let made = make(data_dir, made.newest_id(), &text).with_context(|| {
        format!("the root key cannot be kept in {}; or set secrets.root_keys", data_dir.display())
    })?;
    if made {
        tracing::info!(
            file = %place(data_dir).display(),
            "a root key was made: keep a copy of it, apart from those of the database, which it opens"
        );
    }
    find(data_dir)?.context("the root key was there a moment ago, and is gone")
}

/// Gives whether it was us who made it.
fn make(data_dir: &Path, id: &KeyId, text: &SecretString) -> io::Result<bool> {
    std::fs::create_dir_all(data_dir)?;
    // Written whole, under a name that nobody else takes, before anybody can find it; and a link, unlike a rename, takes nobody's place.
    let draft = data_dir.join(format!("{NAME}.{id}"));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    writeln!(file, "{}", text.expose_secret())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&draft, place(data_dir));
    std::fs::remove_file(&draft)?;
    match linked {
        // The folder's entry, too, must outlive a power cut: what is sealed from now on does.
        Ok(()) => File::open(data_dir)?.sync_all().map(|()| true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
