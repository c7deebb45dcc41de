//! `staffOwnershipTransfer`: giving the shop to another.

use crate::graphql::{
    ApiError, Request,
    admin::{
        Acting, StaffMemberUserError,
        access::{may, seen},
        refusals,
    },
    cart::InputPath,
    scalars::gid,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use stoa_domain::{access::grants::Ownership, shared::StaffId};
use stoa_graphql_http::Nullable;

/// What came of it.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffOwnershipTransferPayload {
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffMemberUserError>,
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct StaffOwnershipTransfer;

/// Gives the shop away.
#[Object]
impl StaffOwnershipTransfer {
    /// Makes somebody else on the staff the owner of the shop. Who gives it keeps their roles, and nothing else.
    #[graphql(guard = "may::<Ownership>", visible = "seen::<Ownership>")]
    async fn staff_ownership_transfer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id of whoever is to own it.")] staff_member_id: ID,
    ) -> Nullable<StaffOwnershipTransferPayload> {
        Nullable::run(async { Box::pin(transfer(ctx, &staff_member_id)).await.map(Some) }).await
    }
}

async fn transfer(ctx: &Context<'_>, to: &ID) -> Result<StaffOwnershipTransferPayload, ApiError> {
    let by = ctx.permit::<Ownership>()?;
    let Some(to) = gid::decode::<StaffId>(to)? else {
        let user_errors = vec![refusals::no_member(InputPath::argument("staffMemberId"))];
        return Ok(StaffOwnershipTransferPayload { user_errors });
    };
    match ctx.services().transfer_ownership.run(&by, to).await {
        Ok(()) => Ok(StaffOwnershipTransferPayload::default()),
        Err(error) => Ok(StaffOwnershipTransferPayload { user_errors: vec![refusals::transfer(error)?] }),
    }
}
