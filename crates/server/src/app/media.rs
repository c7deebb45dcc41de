//! Where files are kept: in the data folder, or in a bucket.

use crate::config::{Config, InvalidConfig, MediaConfig};
use anyhow::Context;
use std::sync::Arc;
use stoa_auth::{Mac, RootKeys};
use stoa_domain::{
    media::MediaStore,
    shared::{Clock, Fault, IdGenerator},
};
use stoa_media::{FolderStore, LinkKeys, S3Store};
use url::Url;

/// Opens the store. Nothing is asked of a bucket yet: one that is away may come back.
pub(super) async fn store(
    config: &Config,
    public_url: &Url,
    roots: &RootKeys,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
) -> anyhow::Result<Arc<dyn MediaStore>> {
    match &config.media {
        MediaConfig::Folder => {
            let address = public_url.join("/media").context("the address of files")?;
            let folder = config.data_dir.join("media");
            let store = FolderStore::open(&folder, &address, link_keys(roots)?, clock, ids).await;
            let store = store.with_context(|| format!("files cannot be kept in {}", folder.display()))?;
            Ok(Arc::new(store))
        }
        MediaConfig::S3(bucket) => {
            let store = S3Store::new(bucket)
                .map_err(|e| InvalidConfig { key: MediaConfig::key_of(e.field), problem: e.problem })?;
            Ok(Arc::new(store))
        }
    }
}

/// What the addresses of private files are proved by.
fn link_keys(roots: &RootKeys) -> Result<LinkKeys, Fault> {
    let mac = Mac::new(roots, "media links")?;
    let older: Vec<_> = mac.each().skip(1).map(|code| code(b"key")).collect();
    Ok(LinkKeys::new(mac.sign(&[b"key"]), older))
}
