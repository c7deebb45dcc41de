//! `apiKeyCreate`, `apiKeyRevoke`.

use crate::graphql::{
    ApiError, Request,
    admin::{
        Acting, ApiKey, ApiKeyErrorCode, ApiKeyUserError,
        access::{may, seen},
        moment::Moment,
        refusals,
    },
    cart::InputPath,
    scalars::gid,
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use secrecy::ExposeSecret;
use std::fmt;
use stoa_domain::{access::grants::ApiKeysWrite, shared::ApiKeyId};
use stoa_graphql_http::Nullable;
use stoa_services::staff::{ApiKeyError, NewKey};

/// A key to be.
#[derive(Clone, Debug, InputObject)]
pub struct ApiKeyCreateInput {
    /// From when on it is over; null: never.
    pub expires_at: Option<Moment>,
    /// What staff call it.
    pub name: String,
    /// What may be done with it, by name, such as `products:read`. No key may change staff, roles or keys.
    pub scopes: Vec<String>,
}

/// What came of `apiKeyCreate`.
#[derive(Clone, Default, SimpleObject)]
pub struct ApiKeyCreatePayload {
    /// What is known of the key from now on; null if it was refused.
    pub api_key: Option<ApiKey>,
    /// The key itself, for `Authorization: Bearer`. It is shown this once, and nobody can show it again.
    pub secret: Option<String>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<ApiKeyUserError>,
}

/// Hides the key.
impl fmt::Debug for ApiKeyCreatePayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKeyCreatePayload({:?})", self.user_errors)
    }
}

/// What came of `apiKeyRevoke`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct ApiKeyRevokePayload {
    /// The key as it is now; null if it was refused.
    pub api_key: Option<ApiKey>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<ApiKeyUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct ApiKeyMutations;

/// Makes and ends keys.
#[Object]
impl ApiKeyMutations {
    /// Makes a key. What it may do is decided now: it goes on when whoever made it may not any more, until somebody ends it.
    #[graphql(guard = "may::<ApiKeysWrite>", visible = "seen::<ApiKeysWrite>")]
    async fn api_key_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key to be.")] input: ApiKeyCreateInput,
    ) -> Nullable<ApiKeyCreatePayload> {
        Nullable::run(async { Box::pin(create(ctx, input)).await.map(Some) }).await
    }

    /// Ends a key, at once and for good.
    #[graphql(guard = "may::<ApiKeysWrite>", visible = "seen::<ApiKeysWrite>")]
    async fn api_key_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key's global id.")] id: ID,
    ) -> Nullable<ApiKeyRevokePayload> {
        Nullable::run(async { Box::pin(revoke(ctx, &id)).await.map(Some) }).await
    }
}

async fn create(ctx: &Context<'_>, input: ApiKeyCreateInput) -> Result<ApiKeyCreatePayload, ApiError> {
    let by = ctx.permit::<ApiKeysWrite>()?;
    let at = InputPath::argument("input").field("scopes");
    let refused = |error| ApiKeyCreatePayload { user_errors: vec![error], ..Default::default() };
    let scopes = match refusals::permissions(&input.scopes, &at) {
        Ok(scopes) => scopes,
        Err((path, message)) => {
            return Ok(refused(ApiKeyUserError::new(ApiKeyErrorCode::Invalid, path, message)));
        }
    };
    let new = NewKey { name: input.name, scopes, expires_at: input.expires_at.map(|moment| moment.0) };
    Ok(match ctx.services().api_keys.create(&by, &new).await {
        Ok(shown) => ApiKeyCreatePayload {
            secret: Some(shown.key.expose_secret().to_owned()),
            api_key: Some(ApiKey(shown.known)),
            user_errors: Vec::new(),
        },
        Err(error) => refused(refusals::api_key(error)?),
    })
}

async fn revoke(ctx: &Context<'_>, id: &ID) -> Result<ApiKeyRevokePayload, ApiError> {
    let by = ctx.permit::<ApiKeysWrite>()?;
    let revoked = match gid::decode::<ApiKeyId>(id)? {
        Some(id) => ctx.services().api_keys.revoke(&by, id).await,
        None => Err(ApiKeyError::NotFound),
    };
    Ok(match revoked {
        Ok(key) => ApiKeyRevokePayload { api_key: Some(ApiKey(key)), user_errors: Vec::new() },
        Err(error) => {
            ApiKeyRevokePayload { user_errors: vec![refusals::api_key(error)?], ..Default::default() }
        }
    })
}
