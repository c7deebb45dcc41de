//! `mediaDelete`.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        media::{MediaErrorCode as Code, MediaUserError},
        refusals::sentence,
    },
    cart::InputPath,
    scalars::{Gid, gid},
};
use async_graphql::{Context, ID, Object, SimpleObject};
use stoa_domain::{access::grants::MediaWrite, shared::MediaId};
use stoa_graphql_http::Nullable;
use stoa_services::media::DeleteMediaError;

/// What came of it.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct MediaDeletePayload {
    /// The global id of the file that is gone; null if it was refused.
    pub deleted_media_id: Option<ID>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<MediaUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct MediaMutations;

/// Takes files away.
#[Object]
impl MediaMutations {
    /// Takes a file away for good. Refused while a product or a collection shows it.
    #[graphql(guard = "may::<MediaWrite>", visible = "seen::<MediaWrite>")]
    async fn media_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file's global id.")] id: ID,
    ) -> Nullable<MediaDeletePayload> {
        Nullable::run(async { Box::pin(delete(ctx, &id)).await.map(Some) }).await
    }
}

async fn delete(ctx: &Context<'_>, id: &ID) -> Result<MediaDeletePayload, ApiError> {
    let by = ctx.permit::<MediaWrite>()?;
    let deleted = match gid::decode::<MediaId>(id)? {
        Some(id) => ctx.services().media_files.delete(&by, id).await.map(|()| id),
        None => Err(DeleteMediaError::NotFound),
    };
    let error = match deleted {
        Ok(id) => {
            let deleted_media_id = Some(ID(Gid(id).text()));
            return Ok(MediaDeletePayload { deleted_media_id, user_errors: Vec::new() });
        }
        Err(error) => error,
    };
    let message = sentence(&error);
    let code = match error {
        DeleteMediaError::NotFound => Code::NotFound,
        DeleteMediaError::InUse => Code::InUse,
        DeleteMediaError::Fault(fault) => return Err(fault.into()),
    };
    let error = MediaUserError::new(code, InputPath::argument("id"), message);
    Ok(MediaDeletePayload { user_errors: vec![error], ..Default::default() })
}
