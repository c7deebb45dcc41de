//! Where files are kept, in the data folder or in a bucket, how those of the folder are served, and who takes them in.

use crate::config::{Config, InvalidConfig, MediaConfig, UploadsConfig};
use anyhow::Context;
use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderName, StatusCode, header};
use std::{sync::Arc, time::Duration};
use stoa_auth::{Mac, RootKeys};
use stoa_domain::{
    media::{MediaKey, MediaStore, MediaType, Visibility},
    shared::{Clock, Fault, IdGenerator},
};
use stoa_media::{Clamd, FolderStore, LinkKeys, S3Store, Uploads};
use url::Url;

/// Says it in the log where another instance might not find the files of this one.
pub(super) fn warn_if_apart(config: &Config) {
    if config.files_may_be_apart() {
        let folder = config.data_dir.join("media");
        tracing::warn!(
            folder = %folder.display(),
            "another instance would neither find the files of this one nor erase them: let all share this folder and set media.shared, or \
             set media.store to s3"
        );
    }
}

/// Opens the store. Nothing is asked of a bucket yet: one that is away may come back.
pub(super) async fn store(
    config: &Config,
    public_url: &Url,
    roots: &RootKeys,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
) -> anyhow::Result<Files> {
    match &config.media {
        MediaConfig::Folder | MediaConfig::SharedFolder => {
            let address = public_url.join("/media").context("the address of files")?;
            let folder = config.data_dir.join("media");
            let store = FolderStore::open(&folder, &address, link_keys(roots)?, clock, ids).await;
            let store = store.with_context(|| format!("files cannot be kept in {}", folder.display()))?;
            let store = Arc::new(store);
            Ok(Files { routes: routes(Arc::clone(&store)), store })
        }
        MediaConfig::S3(bucket) => {
            let store = S3Store::new(bucket)
                .map_err(|e| InvalidConfig { key: MediaConfig::key_of(e.field), problem: e.problem })?;
            Ok(Files { store: Arc::new(store), routes: Router::new() })
        }
    }
}

/// How long the virus scanner may take for a picture.
const SCAN_WITHIN: Duration = Duration::from_secs(30);

/// What takes pictures in. The scanner is asked with the first of them: one that is away may come back.
pub(super) fn uploads(config: &UploadsConfig) -> anyhow::Result<Uploads> {
    let scanner = config.scanner.clone().map(|address| Clamd::new(address, SCAN_WITHIN));
    Uploads::new(config.limits.clone(), scanner).context("configuration: media")
}

/// What the addresses of private files are proved by.
fn link_keys(roots: &RootKeys) -> Result<LinkKeys, Fault> {
    let mac = Mac::new(roots, "media links")?;
    let older: Vec<_> = mac.each().skip(1).map(|code| code(b"key")).collect();
    Ok(LinkKeys::new(mac.sign(&[b"key"]), older))
}

/// Where files are kept, and where browsers fetch them.
pub(super) struct Files {
    /// The store.
    pub(super) store: Arc<dyn MediaStore>,
    /// What is to be served for it; nothing where a bucket does that.
    pub(super) routes: Router,
}

/// `/media/{…}`: the files of a folder, each under the very address that the store has given out.
fn routes(store: Arc<FolderStore>) -> Router {
    Router::new().route("/media/{*path}", get(file)).with_state(store)
}

async fn file(State(store): State<Arc<FolderStore>>, Path(path): Path<String>) -> Response {
    let Some(key) = store.key_at(&path) else { return StatusCode::NOT_FOUND.into_response() };
    match store.get(&key).await {
        Ok(Some(file)) => (headers(&key), file.body).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => {
            tracing::error!(error = %fault, "a file cannot be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// What a browser is told with a file, as the bucket would. What lies there never changes.
fn headers(key: &MediaKey) -> [(HeaderName, String); 4] {
    let kind = key.name.kind();
    let caching = match key.visibility {
        Visibility::Public => "public, max-age=31536000, immutable",
        Visibility::Private => "private, no-store",
    };
    let shown = match kind {
        MediaType::Jpeg | MediaType::Png | MediaType::WebP => "inline",
        MediaType::Json => "attachment",
    };
    [
        (header::CONTENT_TYPE, kind.mime().to_owned()),
        (header::CACHE_CONTROL, caching.to_owned()),
        (header::CONTENT_DISPOSITION, format!("{shown}; filename=\"{}\"", key.name)),
        // Opened by itself it is a document: nothing in it may run or load.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'".to_owned()),
    ]
}
