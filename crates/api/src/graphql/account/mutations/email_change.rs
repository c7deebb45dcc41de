//! `customerEmailChange`, `customerEmailConfirm`: another address.

use crate::graphql::{
    ApiError, Request,
    account::{AccountErrorCode, AccountUserError},
    cart::InputPath,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use stoa_graphql_http::Nullable;
use stoa_services::{
    account::Reproof,
    customer::{EmailChangeError, EmailConfirmError},
};

/// Which address, and the proof that it is its owner who asks.
#[derive(Clone, InputObject)]
pub struct CustomerEmailChangeInput {
    /// The address to be.
    pub new_email: String,
    /// The password. An account that has none leaves it out, and the sign-in that asks must be younger than ten minutes then.
    pub password: Option<String>,
}

/// What came of `customerEmailChange`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerEmailChangePayload {
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<AccountUserError>,
}

impl CustomerEmailChangePayload {
    fn refused(error: AccountUserError) -> Self {
        Self { user_errors: vec![error] }
    }
}

/// What came of `customerEmailConfirm`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerEmailConfirmPayload {
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<AccountUserError>,
}

impl CustomerEmailConfirmPayload {
    fn refused(error: AccountUserError) -> Self {
        Self { user_errors: vec![error] }
    }
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerEmailChange;

/// Changes an address.
#[Object]
impl CustomerEmailChange {
    /// Has a link sent to another address, and word of it to the present one. The answer is the same if that address is somebody
    /// else's. An addition of this server to the vocabulary.
    async fn customer_email_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Address and password.")] input: CustomerEmailChangeInput,
    ) -> Nullable<CustomerEmailChangePayload> {
        Nullable::run(async { Box::pin(change(ctx, &input)).await.map(Some) }).await
    }

    /// Makes an address count, with the token that was mailed to it. It takes a sign-in of whoever asked for it: the token proves the
    /// address alone. An addition of this server to the vocabulary.
    async fn customer_email_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token of the link.")] token: String,
    ) -> Nullable<CustomerEmailConfirmPayload> {
        Nullable::run(async { Box::pin(confirm(ctx, &token)).await.map(Some) }).await
    }
}

async fn change(
    ctx: &Context<'_>,
    input: &CustomerEmailChangeInput,
) -> Result<CustomerEmailChangePayload, ApiError> {
    let Some(who) = ctx.signed_in() else {
        return Ok(CustomerEmailChangePayload::refused(AccountUserError::not_signed_in()));
    };
    let by = (input.new_email.as_str(), Reproof::given(input.password.as_deref()));
    let at = InputPath::argument("input");
    let error = match ctx.services().email_change.ask(who, by, &ctx.asking()).await {
        Ok(()) => return Ok(CustomerEmailChangePayload::default()),
        Err(EmailChangeError::Email) => {
            let message = "This is not an e-mail address.";
            AccountUserError::new(AccountErrorCode::Invalid, at.field("newEmail"), message)
        }
        Err(EmailChangeError::SignIn(error)) => AccountUserError::of_sign_in(error, at.field("password"))?,
        Err(EmailChangeError::Fault(fault)) => return Err(fault.into()),
    };
    Ok(CustomerEmailChangePayload::refused(error))
}

async fn confirm(ctx: &Context<'_>, token: &str) -> Result<CustomerEmailConfirmPayload, ApiError> {
    let Some(who) = ctx.signed_in() else {
        return Ok(CustomerEmailConfirmPayload::refused(AccountUserError::not_signed_in()));
    };
    match ctx.services().email_change.confirm(who, token).await {
        Ok(()) => Ok(CustomerEmailConfirmPayload::default()),
        Err(EmailConfirmError::Invalid) => {
            let error = AccountUserError::of_token(InputPath::argument("token"));
            Ok(CustomerEmailConfirmPayload::refused(error))
        }
        Err(EmailConfirmError::Fault(fault)) => Err(fault.into()),
    }
}
