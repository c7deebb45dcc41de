//! A file with the address that browsers fetch it at.

use crate::Context;
use std::time::Duration;
use stoa_domain::{
    media::{MediaFile, MediaKey},
    shared::Fault,
};

/// How long the address of a private file works: as long as somebody looks at a list.
const ADDRESS_LIVES: Duration = Duration::from_mins(15);

/// A file, and where it is fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownMedia {
    /// The file.
    pub file: MediaFile,
    /// Where it lies: an absolute URL, or a path on this server. That of a private file works for a quarter of an hour.
    pub address: String,
}

impl ShownMedia {
    /// A file with its address.
    ///
    /// # Errors
    /// The address cannot be signed.
    pub(super) async fn of(ctx: &Context, file: MediaFile) -> Result<Self, Fault> {
        let address = address(ctx, &file.key).await?;
        Ok(Self { file, address })
    }
}

/// Where a file is fetched. What lies on this server is a path: products keep it, and the shop may move to another host.
pub(super) async fn address(ctx: &Context, key: &MediaKey) -> Result<String, Fault> {
    let whole = absolute(ctx, key).await?;
    let base = ctx.settings().public_url.as_str().trim_end_matches('/');
    let path = whole.strip_prefix(base).filter(|path| path.starts_with('/'));
    Ok(path.map_or_else(|| whole.clone(), str::to_owned))
}

/// The same, as it is written where nobody knows of which server the path is.
pub(super) async fn absolute(ctx: &Context, key: &MediaKey) -> Result<String, Fault> {
    ctx.ports.media.url(key, ADDRESS_LIVES).await
}
