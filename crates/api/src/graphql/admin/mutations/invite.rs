//! `staffInvite`: asking somebody to join the staff.

use super::{
    member::role_ids,
    profile::{LOCALE, locale_of},
};
use crate::graphql::{
    ApiError, Request,
    admin::{
        Acting, StaffMember, StaffMemberErrorCode, StaffMemberUserError,
        access::{may, seen},
        refusals,
    },
    cart::InputPath,
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use stoa_domain::{access::grants::StaffWrite, shared::EmailAddress, staff::StaffName};
use stoa_graphql_http::Nullable;
use stoa_services::staff::Invitation;

/// Whom to ask.
#[derive(Clone, InputObject)]
pub struct StaffInviteInput {
    /// Their e-mail address.
    pub email: String,
    /// The language they are written to in: `en`, `de`, `fr`, `es` or `ja`; null: the shop's.
    pub locale: Option<String>,
    /// What they are called, if that is known: they say so themselves when they join.
    pub name: Option<String>,
    /// The global ids of the roles they are to have.
    pub role_ids: Vec<ID>,
}

/// What came of it.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffInvitePayload {
    /// Whoever was asked; null if it was refused.
    pub staff_member: Option<StaffMember>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffMemberUserError>,
}

impl StaffInvitePayload {
    fn refused(error: StaffMemberUserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct StaffInvite;

/// Asks somebody to join.
#[Object]
impl StaffInvite {
    /// Has a link sent by which somebody joins the staff. Whoever was asked before and has not answered is sent another one, and has these
    /// roles and no others.
    #[graphql(guard = "may::<StaffWrite>", visible = "seen::<StaffWrite>")]
    async fn staff_invite(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom.")] input: StaffInviteInput,
    ) -> Nullable<StaffInvitePayload> {
        Nullable::run(async { Box::pin(invite(ctx, &input)).await.map(Some) }).await
    }
}

async fn invite(ctx: &Context<'_>, input: &StaffInviteInput) -> Result<StaffInvitePayload, ApiError> {
    let by = ctx.permit::<StaffWrite>()?;
    let asked = match read(input)? {
        Ok(asked) => asked,
        Err(error) => return Ok(StaffInvitePayload::refused(error)),
    };
    match ctx.services().invite_staff.run(&by, &asked).await {
        Ok(member) => {
            Ok(StaffInvitePayload { staff_member: Some(StaffMember(member)), user_errors: Vec::new() })
        }
        Err(error) => Ok(StaffInvitePayload::refused(refusals::invite(error)?)),
    }
}

fn read(input: &StaffInviteInput) -> Result<Result<Invitation, StaffMemberUserError>, ApiError> {
    let at = InputPath::argument("input");
    let invalid = |field: &'static str, message: &'static str| {
        Ok(Err(StaffMemberUserError::new(StaffMemberErrorCode::Invalid, at.field(field), message)))
    };
    let Ok(email) = EmailAddress::parse(&input.email) else {
        return invalid("email", "This is not an e-mail address.");
    };
    let name = match input.name.as_deref() {
        None => None,
        Some(name) => match StaffName::parse(name) {
            Some(name) => Some(name),
            None => return invalid("name", super::invitation_accept::NAME),
        },
    };
    let Ok(locale) = locale_of(input.locale.as_deref()) else { return invalid("locale", LOCALE) };
    let roles = role_ids(&input.role_ids, &at.field("roleIds"))?;
    Ok(roles.map(|roles| Invitation { email, name, roles, locale }))
}
