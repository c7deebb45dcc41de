//! `customerPasswordChange`: another password.

use crate::graphql::{
    ApiError, Request,
    account::{AccountTokens, AccountUserError, SignInMode, give},
    cart::InputPath,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use stoa_graphql_http::Nullable;
use stoa_services::{
    account::{NewPasswordError, Reproof},
    customer::ChangePasswordError,
};

/// Both passwords.
#[derive(Clone, InputObject)]
pub struct CustomerPasswordChangeInput {
    /// What the sign-in that follows is to be shown by.
    #[graphql(default)]
    pub mode: SignInMode,
    /// The password to be.
    pub new_password: String,
    /// The present password. An account that has none leaves it out, and the sign-in that asks must be younger than ten minutes then.
    pub password: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerPasswordChangePayload {
    /// What shows the sign-in; null if the answer sets a cookie instead, and if it was refused.
    pub tokens: Option<AccountTokens>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<AccountUserError>,
}

impl CustomerPasswordChangePayload {
    fn refused(error: AccountUserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerPasswordChange;

/// Changes a password.
#[Object]
impl CustomerPasswordChange {
    /// Sets another password, ends every sign-in there was, this one too, and begins one. An addition of this server to the vocabulary.
    async fn customer_password_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Both passwords.")] input: CustomerPasswordChangeInput,
    ) -> Nullable<CustomerPasswordChangePayload> {
        Nullable::run(async { Box::pin(change(ctx, &input)).await.map(Some) }).await
    }
}

async fn change(
    ctx: &Context<'_>,
    input: &CustomerPasswordChangeInput,
) -> Result<CustomerPasswordChangePayload, ApiError> {
    let Some(who) = ctx.signed_in() else {
        return Ok(CustomerPasswordChangePayload::refused(AccountUserError::not_signed_in()));
    };
    let at = InputPath::argument("input");
    if let Err(error) = input.mode.check(ctx, at.field("mode")) {
        return Ok(CustomerPasswordChangePayload::refused(error));
    }
    let by = (Reproof::given(input.password.as_deref()), input.new_password.as_str());
    let changed = ctx.services().change_password.run(who, by, input.mode.into(), &ctx.asking()).await;
    let error = match changed {
        Ok(begun) => {
            let tokens = give(ctx, begun)?.tokens;
            return Ok(CustomerPasswordChangePayload { tokens, user_errors: Vec::new() });
        }
        Err(ChangePasswordError::SignIn(error)) => AccountUserError::of_sign_in(error, at.field("password"))?,
        Err(ChangePasswordError::New(NewPasswordError::Refused(refusal))) => {
            AccountUserError::of_password(refusal, at.field("newPassword"))
        }
        Err(ChangePasswordError::New(NewPasswordError::TooManyTries { retry_after })) => {
            return Err(ApiError::too_many_guesses(retry_after));
        }
        Err(ChangePasswordError::New(NewPasswordError::Busy)) => return Err(ApiError::busy()),
        Err(ChangePasswordError::New(NewPasswordError::Fault(fault)) | ChangePasswordError::Fault(fault)) => {
            return Err(fault.into());
        }
    };
    Ok(CustomerPasswordChangePayload::refused(error))
}
