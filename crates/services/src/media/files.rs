//! Pictures that are kept: listed, put to use, taken away.

use super::{
    shown::{ShownMedia, absolute, address},
    upload::changes,
};
use crate::{Context, audit::AuditedTx, jobs};
use std::{collections::HashMap, sync::Arc};
use stoa_domain::{
    access::{
        Permit,
        grants::{MediaWrite, ProductsWrite},
    },
    catalog::ImageInput,
    media::{MediaKey, Visibility},
    shared::{
        Fault, MediaId,
        page::{Page, PageRequest},
    },
};
use stoa_persistence::{
    Batch, catalog,
    db::{ListError, retrying},
    media as rows,
};

/// Why a file stays.
#[derive(Debug, thiserror::Error)]
pub enum DeleteMediaError {
    /// There is none.
    #[error("there is no such file")]
    NotFound,
    /// Shoppers would see a hole.
    #[error("a product or a collection shows the picture")]
    InUse,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(DeleteMediaError);

/// Files, for people.
pub struct MediaFiles(pub(crate) Arc<Context>);

impl MediaFiles {
    /// A page of all, the latest first. One statement.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "media.list", skip_all)]
    pub async fn list(
        &self,
        _by: &Permit<MediaWrite>,
        request: &PageRequest,
    ) -> Result<Page<MediaId>, ListError> {
        rows::list_files(self.0.db().read(), request).await
    }

    /// Those with these ids that there are, in the order of the ids. One statement.
    ///
    /// # Errors
    /// The database does not answer, or an address cannot be signed.
    pub async fn find_all(
        &self,
        _by: &Permit<MediaWrite>,
        ids: &[MediaId],
    ) -> Result<Vec<ShownMedia>, Fault> {
        let mut shown = Vec::with_capacity(ids.len());
        for file in rows::find_all(self.0.db().read(), ids).await? {
            shown.push(ShownMedia::of(&self.0, file).await?);
        }
        Ok(shown)
    }

    /// Those with these ids as pictures of products and collections. What is not for everybody is not found: shoppers could not fetch it. One
    /// statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn pictures(
        &self,
        _by: &Permit<ProductsWrite>,
        ids: &[MediaId],
    ) -> Result<HashMap<MediaId, ImageInput>, Fault> {
        let mut pictures = HashMap::with_capacity(ids.len());
        for file in rows::find_all(self.0.db().read(), ids).await? {
            if file.key.visibility != Visibility::Public {
                continue;
            }
            let (width, height) = file.size.unzip();
            let url = address(&self.0, &file.key).await?;
            pictures.insert(file.key.id, ImageInput { url, alt_text: file.alt_text, width, height });
        }
        Ok(pictures)
    }

    /// Takes a file away for good.
    ///
    /// # Errors
    /// There is none, or something shows it. Whoever gives it to a product in the same moment shows what is not there.
    #[tracing::instrument(name = "media.delete", skip_all)]
    pub async fn delete(&self, by: &Permit<MediaWrite>, id: MediaId) -> Result<(), DeleteMediaError> {
        let ctx = &self.0;
        let file = rows::find(ctx.db().read(), id).await?.ok_or(DeleteMediaError::NotFound)?;
        let addresses = match file.key.visibility {
            Visibility::Public => vec![address(ctx, &file.key).await?, absolute(ctx, &file.key).await?],
            Visibility::Private => Vec::new(),
        };
        retrying(|| self.delete_once(by, id, &addresses)).await?;
        ctx.jobs_waiting.notify_one();
        Ok(())
    }

    async fn delete_once(
        &self,
        by: &Permit<MediaWrite>,
        id: MediaId,
        addresses: &[String],
    ) -> Result<(), DeleteMediaError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        // Behind it no product becomes another until this is decided.
        catalog::take_turn(tx).await?;
        let file = rows::remove(tx, id).await?.ok_or(DeleteMediaError::NotFound)?;
        if !addresses.is_empty() && catalog::shows_picture(tx, addresses).await? {
            return Err(DeleteMediaError::InUse);
        }
        let mut batch = Batch::new();
        jobs::remove_media(ctx, &mut batch, &file.key, now);
        batch.write(tx).await?;
        audited.commit("media.delete", &changes(Some(&file), None)).await?;
        Ok(())
    }
}

/// Takes a file out of the store whose row is gone; the payload is its path there. May run twice.
pub(crate) async fn remove_file(ctx: &Context, payload: &str) -> Result<(), Fault> {
    let key = MediaKey::parse(payload).ok_or(Fault::bug("jobs: the payload is no file"))?;
    ctx.ports.media.delete(&key).await
}
