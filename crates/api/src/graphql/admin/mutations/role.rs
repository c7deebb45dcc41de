//! `roleCreate`, `roleUpdate`, `roleDelete`.

use crate::graphql::{
    ApiError, Request,
    admin::{
        Acting, Role, RoleErrorCode, RoleUserError,
        access::{may, seen},
        refusals,
    },
    cart::InputPath,
    scalars::{Gid, gid},
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use stoa_domain::{
    access::{Permissions, grants::RolesWrite},
    shared::RoleId,
    staff,
};
use stoa_graphql_http::Nullable;
use stoa_services::staff::RoleError;

/// A role to be.
#[derive(Clone, Debug, InputObject)]
pub struct RoleInput {
    /// What it is called; no two roles have the same name, in any letter case.
    pub name: String,
    /// What it allows, by name, such as `products:read`.
    pub permissions: Vec<String>,
}

/// What came of `roleCreate` or `roleUpdate`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct RolePayload {
    /// The role as it is now; null if it was refused.
    pub role: Option<Role>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<RoleUserError>,
}

/// What came of `roleDelete`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct RoleDeletePayload {
    /// The global id of the role that is gone; null if it was refused.
    pub deleted_role_id: Option<ID>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<RoleUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct RoleMutations;

/// Makes and changes roles.
#[Object]
impl RoleMutations {
    /// Makes a role. Nobody gives what they do not have.
    #[graphql(guard = "may::<RolesWrite>", visible = "seen::<RolesWrite>")]
    async fn role_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The role to be.")] input: RoleInput,
    ) -> Nullable<RolePayload> {
        Nullable::run(async { Box::pin(create(ctx, &input)).await.map(Some) }).await
    }

    /// Takes a role away that nobody has.
    #[graphql(guard = "may::<RolesWrite>", visible = "seen::<RolesWrite>")]
    async fn role_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The role's global id.")] id: ID,
    ) -> Nullable<RoleDeletePayload> {
        Nullable::run(async { Box::pin(delete(ctx, &id)).await.map(Some) }).await
    }

    /// Changes a role for everybody who has it, at once.
    #[graphql(guard = "may::<RolesWrite>", visible = "seen::<RolesWrite>")]
    async fn role_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The role's global id.")] id: ID,
        #[graphql(desc = "The role to be.")] input: RoleInput,
    ) -> Nullable<RolePayload> {
        Nullable::run(async { Box::pin(update(ctx, &id, &input)).await.map(Some) }).await
    }
}

async fn create(ctx: &Context<'_>, input: &RoleInput) -> Result<RolePayload, ApiError> {
    let by = ctx.permit::<RolesWrite>()?;
    let allows = match permissions(input) {
        Ok(allows) => allows,
        Err(error) => return Ok(refused(error)),
    };
    written(ctx.services().roles.create(&by, (&input.name, allows)).await)
}

async fn update(ctx: &Context<'_>, id: &ID, input: &RoleInput) -> Result<RolePayload, ApiError> {
    let by = ctx.permit::<RolesWrite>()?;
    let Some(id) = gid::decode::<RoleId>(id)? else { return Ok(refused(refusals::unknown_role())) };
    let allows = match permissions(input) {
        Ok(allows) => allows,
        Err(error) => return Ok(refused(error)),
    };
    written(ctx.services().roles.update(&by, id, (&input.name, allows)).await)
}

async fn delete(ctx: &Context<'_>, id: &ID) -> Result<RoleDeletePayload, ApiError> {
    let by = ctx.permit::<RolesWrite>()?;
    let deleted = match gid::decode::<RoleId>(id)? {
        Some(id) => ctx.services().roles.delete(&by, id).await.map(|()| id),
        None => Err(RoleError::NotFound),
    };
    Ok(match deleted {
        Ok(id) => RoleDeletePayload { deleted_role_id: Some(ID(Gid(id).text())), user_errors: Vec::new() },
        Err(error) => {
            let user_errors = vec![refusals::role(error, &InputPath::argument("input"))?];
            RoleDeletePayload { user_errors, ..Default::default() }
        }
    })
}

fn permissions(input: &RoleInput) -> Result<Permissions, RoleUserError> {
    let at = InputPath::argument("input").field("permissions");
    refusals::permissions(&input.permissions, &at)
        .map_err(|(path, message)| RoleUserError::new(RoleErrorCode::Invalid, path, message))
}

fn written(done: Result<staff::Role, RoleError>) -> Result<RolePayload, ApiError> {
    Ok(match done {
        Ok(role) => RolePayload { role: Some(Role(role)), user_errors: Vec::new() },
        Err(error) => refused(refusals::role(error, &InputPath::argument("input"))?),
    })
}

fn refused(error: RoleUserError) -> RolePayload {
    RolePayload { user_errors: vec![error], ..Default::default() }
}
