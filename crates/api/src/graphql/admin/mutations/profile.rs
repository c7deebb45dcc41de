//! `staffProfileUpdate`, `staffPasswordChange`: one's own account.

use super::invitation_accept::NAME;
use crate::graphql::{
    ApiError, Request,
    admin::{
        Acting, StaffAccountErrorCode, StaffAccountUserError, StaffMember,
        access::{may, seen},
        refusals,
    },
    cart::InputPath,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use stoa_domain::{
    access::grants::{Oneself, OwnCredentials},
    shared::Locale,
    staff::StaffName,
};
use stoa_graphql_http::Nullable;

/// What one says of oneself.
#[derive(Clone, InputObject)]
pub struct StaffProfileUpdateInput {
    /// The language to be written to in: `en`, `de`, `fr`, `es` or `ja`; null: the shop's.
    pub locale: Option<String>,
    /// What one is called.
    pub name: String,
}

/// What came of `staffProfileUpdate`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffProfileUpdatePayload {
    /// Whoever asks, as they are now; null if it was refused.
    pub staff_member: Option<StaffMember>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffAccountUserError>,
}

impl StaffProfileUpdatePayload {
    fn refused(error: StaffAccountUserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// What came of `staffPasswordChange`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffPasswordChangePayload {
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffAccountUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct StaffProfile;

/// Changes one's own account.
#[Object]
impl StaffProfile {
    /// Sets the password of whoever asks, and ends every other sign-in of theirs. They are told by mail.
    #[graphql(guard = "may::<OwnCredentials>", visible = "seen::<OwnCredentials>")]
    async fn staff_password_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password to be.")] new_password: String,
    ) -> Nullable<StaffPasswordChangePayload> {
        Nullable::run(async { Box::pin(change_password(ctx, &new_password)).await.map(Some) }).await
    }

    /// Sets name and language of whoever asks.
    #[graphql(guard = "may::<Oneself>", visible = "seen::<Oneself>")]
    async fn staff_profile_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What one says of oneself.")] input: StaffProfileUpdateInput,
    ) -> Nullable<StaffProfileUpdatePayload> {
        Nullable::run(async { Box::pin(update(ctx, &input)).await.map(Some) }).await
    }
}

async fn change_password(ctx: &Context<'_>, new: &str) -> Result<StaffPasswordChangePayload, ApiError> {
    let by = ctx.permit::<OwnCredentials>()?;
    match ctx.services().change_staff_password.run(&by, new, &ctx.asking()).await {
        Ok(()) => Ok(StaffPasswordChangePayload::default()),
        Err(error) => Ok(StaffPasswordChangePayload { user_errors: vec![refusals::change(error)?] }),
    }
}

async fn update(
    ctx: &Context<'_>,
    input: &StaffProfileUpdateInput,
) -> Result<StaffProfileUpdatePayload, ApiError> {
    let by = ctx.permit::<Oneself>()?;
    let invalid = |field, message| {
        let path = InputPath::argument("input").field(field);
        StaffProfileUpdatePayload::refused(StaffAccountUserError::new(
            StaffAccountErrorCode::Invalid,
            path,
            message,
        ))
    };
    let Some(name) = StaffName::parse(&input.name) else { return Ok(invalid("name", NAME)) };
    let Ok(locale) = locale_of(input.locale.as_deref()) else { return Ok(invalid("locale", LOCALE)) };
    match ctx.services().staff_members.update(&by, (&name, locale)).await {
        Ok(member) => {
            Ok(StaffProfileUpdatePayload { staff_member: Some(StaffMember(member)), user_errors: Vec::new() })
        }
        Err(error) => Ok(StaffProfileUpdatePayload::refused(refusals::profile(error)?)),
    }
}

/// What a language has to be.
pub(super) const LOCALE: &str = "A language is one of en, de, fr, es and ja.";

/// Reads a language; none is none.
///
/// # Errors
/// We have no words in it.
pub(super) fn locale_of(tag: Option<&str>) -> Result<Option<Locale>, ()> {
    tag.map(|tag| Locale::parse(tag).ok_or(())).transpose()
}
