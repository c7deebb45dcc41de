//! `customerSignIn`: signing in, for tokens or a cookie.

use crate::graphql::{
    ApiError, Request,
    account::{AccountTokens, AccountUserError, SignInMode, give},
    cart::InputPath,
    customer::Customer,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use stoa_domain::{access::SignedIn, shared::CustomerId};
use stoa_graphql_http::Nullable;
use stoa_services::account::PasswordSignIn;

/// Who signs in, and how.
#[derive(Clone, InputObject)]
pub struct CustomerSignInInput {
    /// What the last sign-in of this program gave as `device`, if there was one: it is not kept out by others' guesses. Browsers keep it
    /// in a cookie.
    pub device: Option<String>,
    /// The e-mail address, in any letter case.
    pub email: String,
    /// What the sign-in is to be shown by.
    #[graphql(default)]
    pub mode: SignInMode,
    /// The password.
    pub password: String,
}

/// What came of it.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerSignInPayload {
    /// The customer; null if it was refused.
    pub customer: Option<Customer>,
    /// To be shown at the next sign-in; null where it is in a cookie, or was shown already.
    pub device: Option<String>,
    /// What shows the sign-in; null if the answer sets a cookie instead, and if it was refused.
    pub tokens: Option<AccountTokens>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<AccountUserError>,
}

impl CustomerSignInPayload {
    fn refused(error: AccountUserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerSignIn;

/// Signs a customer in.
#[Object]
impl CustomerSignIn {
    /// Signs a customer in. Whether it is the address or the password that is wrong, nobody is told. An addition of this server to the
    /// vocabulary.
    async fn customer_sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and how.")] input: CustomerSignInInput,
    ) -> Nullable<CustomerSignInPayload> {
        Nullable::run(async { Box::pin(sign_in(ctx, input)).await.map(Some) }).await
    }
}

async fn sign_in(ctx: &Context<'_>, input: CustomerSignInInput) -> Result<CustomerSignInPayload, ApiError> {
    if let Err(error) = input.mode.check(ctx, InputPath::argument("input").field("mode")) {
        return Ok(CustomerSignInPayload::refused(error));
    }
    let mut client = ctx.asking();
    client.device = input.device.map(Into::into).or(client.device);
    let given = PasswordSignIn { email: &input.email, password: &input.password, kind: input.mode.into() };
    let begun = match ctx.services().sign_in.run(given, &client).await {
        Ok(begun) => begun,
        Err(error) => {
            let error = AccountUserError::of_sign_in(error, InputPath::default())?;
            return Ok(CustomerSignInPayload::refused(error));
        }
    };
    let who = SignedIn { customer: CustomerId::new(begun.subject), session: begun.session };
    let given = give(ctx, begun)?;
    Ok(CustomerSignInPayload {
        customer: Customer::read(ctx, who).await?,
        device: given.device,
        tokens: given.tokens,
        user_errors: Vec::new(),
    })
}
