//! `staffInvitationAccept`: joining the staff.

use crate::graphql::{
    ApiError, Request,
    account::{AccountTokens, give},
    admin::{StaffAccountErrorCode, StaffAccountUserError, refusals},
    cart::InputPath,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use stoa_domain::{account::SessionKind, staff::StaffName};
use stoa_graphql_http::Nullable;
use stoa_services::staff::Acceptance;

/// Who joins.
#[derive(Clone, InputObject)]
pub struct StaffInvitationAcceptInput {
    /// What they are called.
    pub name: String,
    /// The password to be.
    pub password: String,
    /// The token of the link that was mailed, or printed by `stoa staff create-owner`.
    pub token: String,
}

/// What came of it.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffInvitationAcceptPayload {
    /// To be shown at the next sign-in.
    pub device: Option<String>,
    /// What shows the sign-in that has begun; null if it was refused.
    pub tokens: Option<AccountTokens>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffAccountUserError>,
}

impl StaffInvitationAcceptPayload {
    fn refused(error: StaffAccountUserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct StaffInvitationAccept;

/// Lets somebody join.
#[Object]
impl StaffInvitationAccept {
    /// Sets name and password of whoever was invited, and signs them in. The link works once.
    async fn staff_invitation_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and by which link.")] input: StaffInvitationAcceptInput,
    ) -> Nullable<StaffInvitationAcceptPayload> {
        Nullable::run(async { Box::pin(accept(ctx, input)).await.map(Some) }).await
    }
}

async fn accept(
    ctx: &Context<'_>,
    input: StaffInvitationAcceptInput,
) -> Result<StaffInvitationAcceptPayload, ApiError> {
    let Some(name) = StaffName::parse(&input.name) else {
        let path = InputPath::argument("input").field("name");
        let error = StaffAccountUserError::new(StaffAccountErrorCode::Invalid, path, NAME);
        return Ok(StaffInvitationAcceptPayload::refused(error));
    };
    let given = Acceptance {
        token: input.token.into(),
        name,
        password: input.password.into(),
        kind: SessionKind::Tokens,
    };
    match ctx.services().accept_invitation.run(&given, &ctx.asking()).await {
        Ok(begun) => {
            let given = give(ctx, begun)?;
            Ok(StaffInvitationAcceptPayload {
                device: given.device,
                tokens: given.tokens,
                user_errors: Vec::new(),
            })
        }
        Err(error) => Ok(StaffInvitationAcceptPayload::refused(refusals::link_use(error)?)),
    }
}

/// What a name has to be.
pub(super) const NAME: &str = "A name has between 1 and 255 characters.";
