//! `customerDataRequest`, `customerErase`: what is known of a customer, and its end.

use crate::graphql::{
    ApiError, Request,
    account::{AccountErrorCode, AccountUserError, take_back},
    cart::InputPath,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use stoa_graphql_http::Nullable;
use stoa_services::{account::Reproof, customer::EraseError};

/// The proof that it is the owner who asks.
#[derive(Clone, InputObject)]
pub struct CustomerEraseInput {
    /// The password. An account that has none leaves it out, and the sign-in that asks must be younger than ten minutes then.
    pub password: Option<String>,
}

/// What came of `customerDataRequest`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerDataRequestPayload {
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<AccountUserError>,
}

impl CustomerDataRequestPayload {
    fn refused(error: AccountUserError) -> Self {
        Self { user_errors: vec![error] }
    }
}

/// What came of `customerErase`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerErasePayload {
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<AccountUserError>,
}

impl CustomerErasePayload {
    fn refused(error: AccountUserError) -> Self {
        Self { user_errors: vec![error] }
    }
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerPersonalData;

/// What is known of a customer.
#[Object]
impl CustomerPersonalData {
    /// Has everything that is known of a customer put into a file, and a link to it mailed. An addition of this server to the vocabulary.
    async fn customer_data_request(&self, ctx: &Context<'_>) -> Nullable<CustomerDataRequestPayload> {
        Nullable::run(async { request(ctx).await.map(Some) }).await
    }

    /// Takes a customer out: the account is empty and every sign-in ended. Orders keep their figures, and for as long as the law wants
    /// the name and address they were sent to. An addition of this server to the vocabulary.
    async fn customer_erase(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password.")] input: CustomerEraseInput,
    ) -> Nullable<CustomerErasePayload> {
        Nullable::run(async { Box::pin(erase(ctx, &input)).await.map(Some) }).await
    }
}

async fn request(ctx: &Context<'_>) -> Result<CustomerDataRequestPayload, ApiError> {
    let Some(who) = ctx.signed_in() else {
        return Ok(CustomerDataRequestPayload::refused(AccountUserError::not_signed_in()));
    };
    ctx.services().archive.ask(who, &ctx.asking()).await?;
    Ok(CustomerDataRequestPayload::default())
}

async fn erase(ctx: &Context<'_>, input: &CustomerEraseInput) -> Result<CustomerErasePayload, ApiError> {
    let Some(who) = ctx.signed_in() else {
        return Ok(CustomerErasePayload::refused(AccountUserError::not_signed_in()));
    };
    let by = Reproof::given(input.password.as_deref());
    let error = match ctx.services().erase.run(who, by, &ctx.asking()).await {
        Ok(()) => {
            take_back(ctx);
            return Ok(CustomerErasePayload::default());
        }
        Err(EraseError::Obstacle(_)) => {
            let message = "An order still has to be paid or to be sent.";
            AccountUserError::new(AccountErrorCode::OrdersOpen, InputPath::default(), message)
        }
        Err(EraseError::SignIn(error)) => {
            AccountUserError::of_sign_in(error, InputPath::argument("input").field("password"))?
        }
        Err(EraseError::Fault(fault)) => return Err(fault.into()),
    };
    Ok(CustomerErasePayload::refused(error))
}
