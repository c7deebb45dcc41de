//! `staffMemberDisable`, `…Enable`, `…Remove`, `…Reset`, `…RolesSet`, `…SessionsEnd`: what is done to others on the staff.

use crate::graphql::{
    ApiError, Request,
    admin::{
        Acting, ApiKey, StaffMember, StaffMemberUserError,
        access::{may, seen},
        refusals,
    },
    cart::{InputPath, inputs::bounded},
    scalars::{Gid, gid},
};
use async_graphql::{Context, ID, Object, SimpleObject};
use stoa_domain::{
    access::grants::{ApiKeysRead, StaffWrite},
    shared::{RoleId, StaffId},
};
use stoa_graphql_http::Nullable;
use stoa_services::staff::MemberError;

/// What came of a change of a member of staff.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffMemberPayload {
    /// The API keys that they have made and that work now, the newest first: a key is the shop's, and goes on when its maker is shut
    /// out or leaves. Null if it was refused, and to whoever may not read keys.
    pub api_keys: Option<Vec<ApiKey>>,
    /// They, as they are now; null if it was refused.
    pub staff_member: Option<StaffMember>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffMemberUserError>,
}

/// What came of `staffMemberRemove`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffMemberRemovePayload {
    /// The API keys that they have made and that work now, the newest first: a key is the shop's, and goes on when its maker is shut
    /// out or leaves. Null if it was refused, and to whoever may not read keys.
    pub api_keys: Option<Vec<ApiKey>>,
    /// The global id of whoever is not on the staff any more; null if it was refused.
    pub removed_staff_member_id: Option<ID>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffMemberUserError>,
}

/// What came of `staffMemberReset`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffMemberResetPayload {
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffMemberUserError>,
}

/// What came of `staffMemberSessionsEnd`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffMemberSessionsEndPayload {
    /// How many sign-ins were ended; null if it was refused.
    pub ended_sessions: Option<i32>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffMemberUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct StaffMemberMutations;

/// Changes who is on the staff, and what they may do.
#[Object]
impl StaffMemberMutations {
    /// Shuts somebody out: every sign-in of theirs ends, and every link. Again changes nothing.
    #[graphql(guard = "may::<StaffWrite>", visible = "seen::<StaffWrite>")]
    async fn staff_member_disable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their global id.")] id: ID,
    ) -> Nullable<StaffMemberPayload> {
        Nullable::run(async {
            let by = ctx.permit::<StaffWrite>()?;
            let Some(id) = gid::decode::<StaffId>(&id)? else { return unknown() };
            let done = Box::pin(ctx.services().staff_members.disable(&by, id)).await;
            changed(ctx, done, "id").await
        })
        .await
    }

    /// Lets somebody in again who was shut out. Whoever does it may do themselves all that their roles allow. Again changes nothing.
    #[graphql(guard = "may::<StaffWrite>", visible = "seen::<StaffWrite>")]
    async fn staff_member_enable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their global id.")] id: ID,
    ) -> Nullable<StaffMemberPayload> {
        Nullable::run(async {
            let by = ctx.permit::<StaffWrite>()?;
            let Some(id) = gid::decode::<StaffId>(&id)? else { return unknown() };
            let done = Box::pin(ctx.services().staff_members.enable(&by, id)).await;
            changed(ctx, done, "id").await
        })
        .await
    }

    /// Takes somebody off the staff, with their sign-ins, links and codes. What they did stays in the log.
    #[graphql(guard = "may::<StaffWrite>", visible = "seen::<StaffWrite>")]
    async fn staff_member_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their global id.")] id: ID,
    ) -> Nullable<StaffMemberRemovePayload> {
        Nullable::run(async { Box::pin(remove(ctx, &id)).await.map(Some) }).await
    }

    /// For somebody who has lost their second factor: ends their sign-ins, and has a link sent to them that sets a new password and takes
    /// the second factor off. Whoever does it may do themselves all that their roles allow.
    #[graphql(guard = "may::<StaffWrite>", visible = "seen::<StaffWrite>")]
    async fn staff_member_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their global id.")] id: ID,
    ) -> Nullable<StaffMemberResetPayload> {
        Nullable::run(async { Box::pin(reset(ctx, &id)).await.map(Some) }).await
    }

    /// Gives somebody these roles and no others.
    #[graphql(guard = "may::<StaffWrite>", visible = "seen::<StaffWrite>")]
    async fn staff_member_roles_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their global id.")] id: ID,
        #[graphql(desc = "The global ids of the roles.")] role_ids: Vec<ID>,
    ) -> Nullable<StaffMemberPayload> {
        Nullable::run(async { Box::pin(set_roles(ctx, &id, &role_ids)).await }).await
    }

    /// Ends every sign-in of somebody; the owner's only they themselves.
    #[graphql(guard = "may::<StaffWrite>", visible = "seen::<StaffWrite>")]
    async fn staff_member_sessions_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their global id.")] id: ID,
    ) -> Nullable<StaffMemberSessionsEndPayload> {
        Nullable::run(async { Box::pin(end_sessions(ctx, &id)).await.map(Some) }).await
    }
}

type Changed = Result<Option<StaffMemberPayload>, ApiError>;

/// `roles` is the argument that decides what they may do: which roles, or else whose.
async fn changed(
    ctx: &Context<'_>,
    done: Result<stoa_domain::staff::StaffMember, MemberError>,
    roles: &'static str,
) -> Changed {
    Ok(Some(match done {
        Ok(member) => StaffMemberPayload {
            api_keys: working_keys(ctx, member.id).await?,
            staff_member: Some(StaffMember(member)),
            user_errors: Vec::new(),
        },
        Err(error) => not_changed(refused(error, roles)?),
    }))
}

/// What they leave behind that goes on working, for who may read it.
async fn working_keys(ctx: &Context<'_>, of: StaffId) -> Result<Option<Vec<ApiKey>>, ApiError> {
    let Ok(by) = ctx.permit::<ApiKeysRead>() else { return Ok(None) };
    let keys = ctx.services().api_keys.working_of(&by, of).await?;
    Ok(Some(keys.into_iter().map(ApiKey).collect()))
}

fn not_changed(error: StaffMemberUserError) -> StaffMemberPayload {
    StaffMemberPayload { user_errors: vec![error], ..Default::default() }
}

fn unknown() -> Changed {
    Ok(Some(not_changed(refused(MemberError::NotFound, "id")?)))
}

fn refused(error: MemberError, roles: &'static str) -> Result<StaffMemberUserError, ApiError> {
    refusals::member(error, &InputPath::argument("id"), &InputPath::argument(roles))
}

async fn set_roles(ctx: &Context<'_>, id: &ID, roles: &[ID]) -> Changed {
    let by = ctx.permit::<StaffWrite>()?;
    let Some(id) = gid::decode::<StaffId>(id)? else { return unknown() };
    match role_ids(roles, &InputPath::argument("roleIds"))? {
        Ok(roles) => {
            let done = ctx.services().staff_members.set_roles(&by, id, &roles).await;
            changed(ctx, done, "roleIds").await
        }
        Err(error) => Ok(Some(not_changed(error))),
    }
}

async fn remove(ctx: &Context<'_>, id: &ID) -> Result<StaffMemberRemovePayload, ApiError> {
    let by = ctx.permit::<StaffWrite>()?;
    let removed = match gid::decode::<StaffId>(id)? {
        Some(id) => ctx.services().staff_members.remove(&by, id).await.map(|()| id),
        None => Err(MemberError::NotFound),
    };
    Ok(match removed {
        Ok(id) => StaffMemberRemovePayload {
            api_keys: working_keys(ctx, id).await?,
            removed_staff_member_id: Some(ID(Gid(id).text())),
            user_errors: Vec::new(),
        },
        Err(error) => {
            StaffMemberRemovePayload { user_errors: vec![refused(error, "id")?], ..Default::default() }
        }
    })
}

async fn reset(ctx: &Context<'_>, id: &ID) -> Result<StaffMemberResetPayload, ApiError> {
    let by = ctx.permit::<StaffWrite>()?;
    let done = match gid::decode::<StaffId>(id)? {
        Some(id) => ctx.services().staff_members.reset(&by, id).await,
        None => Err(MemberError::NotFound),
    };
    Ok(match done {
        Ok(()) => StaffMemberResetPayload::default(),
        Err(error) => StaffMemberResetPayload { user_errors: vec![refused(error, "id")?] },
    })
}

async fn end_sessions(ctx: &Context<'_>, id: &ID) -> Result<StaffMemberSessionsEndPayload, ApiError> {
    let by = ctx.permit::<StaffWrite>()?;
    let ended = match gid::decode::<StaffId>(id)? {
        Some(id) => ctx.services().staff_sessions.end_all(&by, id).await,
        None => Err(MemberError::NotFound),
    };
    Ok(match ended {
        Ok(ended) => {
            let ended_sessions = Some(i32::try_from(ended).unwrap_or(i32::MAX));
            StaffMemberSessionsEndPayload { ended_sessions, user_errors: Vec::new() }
        }
        Err(error) => {
            StaffMemberSessionsEndPayload { user_errors: vec![refused(error, "id")?], ..Default::default() }
        }
    })
}

/// Reads the ids of roles that are to be given.
///
/// # Errors
/// Of the request: too many, or one is no id. Of its author: nothing of ours can have one of them.
pub(super) fn role_ids(
    ids: &[ID],
    at: &InputPath,
) -> Result<Result<Vec<RoleId>, StaffMemberUserError>, ApiError> {
    bounded("roleIds", ids)?;
    let mut roles = Vec::with_capacity(ids.len());
    for (index, id) in ids.iter().enumerate() {
        match gid::decode::<RoleId>(id)? {
            Some(role) => roles.push(role),
            None => return Ok(Err(refusals::no_role(at.entry(index)))),
        }
    }
    Ok(Ok(roles))
}
