//! Taking a picture in.

use super::shown::ShownMedia;
use crate::{Context, audit::AuditedTx};
use bytes::Bytes;
use futures_util::Stream;
use std::{error::Error, sync::Arc};
use stoa_domain::{
    access::{Permit, grants::MediaWrite},
    audit::{Changes, Subject},
    catalog::limits,
    media::{FileName, MediaFile, MediaKey, Visibility},
    shared::{Fault, MediaId},
};
use stoa_media::{Picture, Refusal, UploadError};
use stoa_persistence::{db::retrying, media as rows};

/// What is said of a picture that is to be taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMedia {
    /// What the file was called where it comes from; may be empty.
    pub name: String,
    /// What it shows, for those who cannot see it.
    pub alt_text: Option<String>,
    /// Who may fetch it.
    pub visibility: Visibility,
    /// How many bytes it is said to have: of what is said to be too large, none is read.
    pub announced: Option<u64>,
}

/// A picture that is kept now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploaded {
    /// The file; the one that was there, where the very same picture was.
    pub media: ShownMedia,
    /// Whether it was not there before.
    pub is_new: bool,
}

/// Why a picture is not kept. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum UploadMediaError {
    /// What is said of it is too long.
    #[error("the alternative text is longer than {max} characters")]
    AltTextTooLong {
        /// The most there may be.
        max: usize,
    },
    /// It was not taken in.
    #[error(transparent)]
    Upload(#[from] UploadError),
    /// The store or the database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Takes pictures in.
pub struct UploadMedia(pub(crate) Arc<Context>);

impl UploadMedia {
    /// Reads a file to its end, makes a picture of our own of it, and keeps that. A picture that is kept already, byte for byte as it was
    /// made, is given instead, and nothing is said anew of it; only where two bring the same in the same moment may both be kept.
    ///
    /// Whoever calls sees it through to its end: given up between, it may leave a file that nobody knows of.
    ///
    /// # Errors
    /// The file is refused, too many are being taken in, or it ended before its end.
    #[tracing::instrument(name = "media.upload", skip_all)]
    pub async fn run<S, E>(
        &self,
        by: &Permit<MediaWrite>,
        body: S,
        new: &NewMedia,
    ) -> Result<Uploaded, UploadMediaError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let ctx = &self.0;
        let alt_text = alt_text(new.alt_text.as_deref())?;
        let max_bytes = ctx.ports.uploads.limits().max_bytes;
        if new.announced.is_some_and(|bytes| bytes > max_bytes as u64) {
            return Err(UploadError::from(Refusal::TooLarge { max_bytes }).into());
        }
        let picture = ctx.ports.uploads.take(body).await?;
        let known = rows::find_by_digest(ctx.db().read(), &picture.digest, new.visibility).await?;
        if let Some(known) = known {
            return self.kept(known, false).await;
        }
        let Picture { kind, size, digest, body } = picture;
        let name = FileName::of(&new.name, kind);
        let id = MediaId::new(ctx.ports.ids.id());
        let file = MediaFile {
            key: MediaKey { visibility: new.visibility, id, name },
            digest,
            kind,
            bytes: body.len() as u64,
            size: Some(size),
            alt_text,
            created_by: by.actor().name().to_owned(),
            created_at: ctx.now(),
        };
        ctx.ports.media.put(&file.key, kind, body).await?;
        // If this fails nobody knows whether it was written, so the file stays.
        match retrying(|| self.keep_once(by, &file)).await? {
            None => self.kept(file, true).await,
            Some(known) => {
                if let Err(fault) = ctx.ports.media.delete(&file.key).await {
                    tracing::warn!(error = %fault, media.id = %id, "a file that is not needed was left in the store");
                }
                self.kept(known, false).await
            }
        }
    }

    /// Writes down a file that is in the store; gives the one that is there already, where somebody else has brought the same meanwhile.
    async fn keep_once(&self, by: &Permit<MediaWrite>, file: &MediaFile) -> Result<Option<MediaFile>, Fault> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        let known = rows::find_by_digest(tx, &file.digest, file.key.visibility).await?;
        if known.is_some() {
            return Ok(known);
        }
        rows::insert(tx, file).await?;
        audited.commit("media.upload", &changes(None, Some(file))).await?;
        Ok(None)
    }

    async fn kept(&self, file: MediaFile, is_new: bool) -> Result<Uploaded, UploadMediaError> {
        Ok(Uploaded { media: ShownMedia::of(&self.0, file).await?, is_new })
    }
}

/// Without the white space around it; blank is none.
fn alt_text(given: Option<&str>) -> Result<Option<String>, UploadMediaError> {
    let text = given.map(str::trim).filter(|text| !text.is_empty());
    match text {
        Some(text) if text.chars().count() > limits::ALT_TEXT => {
            Err(UploadMediaError::AltTextTooLong { max: limits::ALT_TEXT })
        }
        text => Ok(text.map(str::to_owned)),
    }
}

/// What the log says of a file that came, or went.
pub(super) fn changes(before: Option<&MediaFile>, after: Option<&MediaFile>) -> Changes {
    let Some(either) = after.or(before) else { return Changes::none() };
    let subject = Subject::new(MediaId::TYPE, either.key.id);
    let said = fields(before).into_iter().zip(fields(after));
    said.fold(Changes::of(subject), |changes, ((name, before), (_, after))| {
        changes.field(name, before, after)
    })
}

fn fields(of: Option<&MediaFile>) -> [(&'static str, Option<String>); 6] {
    [
        ("name", of.map(|file| file.key.name.to_string())),
        ("visibility", of.map(|file| file.key.visibility.name().to_owned())),
        ("mimeType", of.map(|file| file.kind.mime().to_owned())),
        ("bytes", of.map(|file| file.bytes.to_string())),
        ("digest", of.map(|file| file.digest.clone())),
        ("altText", of.and_then(|file| file.alt_text.clone())),
    ]
}
