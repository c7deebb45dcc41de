//! Files that staff have brought, as they see them. They come in at `POST /admin/media`.

use super::{
    access::{Acting, may, seen},
    page::{filled, ids},
    user_error::{AdminUserError, RefusalCode},
};
use crate::graphql::{
    ApiError, Request,
    paging::{Connection, PageArgs},
    scalars::{DateTime, Gid, UnsignedInt64},
};
use async_graphql::{Context, Enum, Object};
use stoa_domain::{access::grants::MediaWrite, media::Visibility, shared::MediaId};
use stoa_services::media::ShownMedia;

/// Who may fetch a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AdminMediaVisibility {
    /// Who has an address that was signed for them, for a quarter of an hour.
    Private,
    /// Anybody.
    Public,
}

impl From<Visibility> for AdminMediaVisibility {
    fn from(visibility: Visibility) -> Self {
        match visibility {
            Visibility::Private => Self::Private,
            Visibility::Public => Self::Public,
        }
    }
}

/// Why a file stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum MediaErrorCode {
    /// A product or a collection shows the picture.
    InUse,
    /// There is no such file.
    NotFound,
}

impl RefusalCode for MediaErrorCode {
    const ERROR: &'static str = "MediaUserError";
}

/// A refusal about a file.
pub type MediaUserError = AdminUserError<MediaErrorCode>;

/// A file that somebody of the staff has brought.
#[derive(Clone, Debug)]
pub struct AdminMedia(ShownMedia);

/// A file that somebody of the staff has brought. It never changes.
#[Object]
impl AdminMedia {
    /// What the picture shows, for those who cannot see it.
    async fn alt_text(&self) -> Option<&str> {
        self.0.file.alt_text.as_deref()
    }

    /// How large it is, in bytes.
    async fn bytes(&self) -> UnsignedInt64 {
        UnsignedInt64(self.0.file.bytes)
    }

    /// When it was brought.
    async fn created_at(&self) -> DateTime {
        self.0.file.created_at.into()
    }

    /// What whoever brought it was called then.
    async fn created_by(&self) -> &str {
        &self.0.file.created_by
    }

    /// Its height in pixels; null: it is no picture.
    async fn height(&self) -> Option<u32> {
        self.0.file.size.map(|(_, height)| height)
    }

    /// The global id.
    async fn id(&self) -> Gid<MediaId> {
        Gid(self.0.file.key.id)
    }

    /// What it is, such as `image/jpeg`.
    async fn mime_type(&self) -> &str {
        self.0.file.kind.mime()
    }

    /// Its name.
    async fn name(&self) -> &str {
        self.0.file.key.name.as_str()
    }

    /// Where it lies: an absolute URL, or a path on this server.
    async fn url(&self) -> &str {
        &self.0.address
    }

    /// Who may fetch it.
    async fn visibility(&self) -> AdminMediaVisibility {
        self.0.file.key.visibility.into()
    }

    /// Its width in pixels; null: it is no picture.
    async fn width(&self) -> Option<u32> {
        self.0.file.size.map(|(width, _)| width)
    }
}

/// What is read of files.
#[derive(Clone, Copy, Debug, Default)]
pub struct MediaReads;

/// What is read of files.
#[Object]
impl MediaReads {
    /// The files that staff have brought, the latest first.
    #[graphql(guard = "may::<MediaWrite>", visible = "seen::<MediaWrite>")]
    async fn media_files(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
    ) -> Result<Connection<AdminMedia>, ApiError> {
        let by = ctx.permit::<MediaWrite>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let files = &ctx.services().media_files;
        let page = files.list(&by, &request).await?;
        let found = files.find_all(&by, &ids(&page)).await?;
        Ok(filled(&page, found, |shown| shown.file.key.id, AdminMedia))
    }
}
