//! `customerIdentityRedeem`: tokens for a storefront of another origin, whose page has had somebody sign in at an OpenID provider.

use crate::graphql::{
    ApiError, Request,
    account::{AccountTokens, AccountUserError, give},
    cart::InputPath,
    customer::Customer,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use stoa_domain::{access::SignedIn, shared::CustomerId};
use stoa_graphql_http::Nullable;
use stoa_services::account::oidc::RedeemOidcError;

/// A code, and what shows that it is its owner who has it.
#[derive(Clone, InputObject)]
pub struct CustomerIdentityRedeemInput {
    /// The code: `oidc_code` in the address to which the browser came back. It works once, for a minute.
    pub code: String,
    /// What the `code_challenge` was made of with which the browser was sent to the provider: 43 to 128 letters, digits, `-`, `.`, `_` and `~`.
    pub code_verifier: String,
    /// What the last sign-in of this program gave as `device`, if there was one.
    pub device: Option<String>,
}

/// What came of `customerIdentityRedeem`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerIdentityRedeemPayload {
    /// The customer; null if it was refused.
    pub customer: Option<Customer>,
    /// To be shown at the next sign-in.
    pub device: Option<String>,
    /// What shows the sign-in; null if it was refused.
    pub tokens: Option<AccountTokens>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<AccountUserError>,
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerIdentityRedeem;

/// Gives tokens for a code.
#[Object]
impl CustomerIdentityRedeem {
    /// Signs a customer in for whom an OpenID provider has vouched, and who was sent back to a page of a storefront with a code. Without the
    /// verifier the code does nothing. An addition of this server to the vocabulary.
    async fn customer_identity_redeem(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code and verifier.")] input: CustomerIdentityRedeemInput,
    ) -> Nullable<CustomerIdentityRedeemPayload> {
        Nullable::run(async { Box::pin(redeem(ctx, input)).await.map(Some) }).await
    }
}

async fn redeem(
    ctx: &Context<'_>,
    input: CustomerIdentityRedeemInput,
) -> Result<CustomerIdentityRedeemPayload, ApiError> {
    let CustomerIdentityRedeemInput { code, code_verifier, device } = input;
    let mut client = ctx.asking();
    client.device = device.map(Into::into).or(client.device);
    let begun = match ctx.services().redeem_oidc.run((&code, &code_verifier), &client).await {
        Ok(begun) => begun,
        Err(RedeemOidcError::Invalid) => {
            let error = AccountUserError::of_token(InputPath::argument("input").field("code"));
            return Ok(CustomerIdentityRedeemPayload { user_errors: vec![error], ..Default::default() });
        }
        Err(RedeemOidcError::Fault(fault)) => return Err(fault.into()),
    };
    let who = SignedIn { customer: CustomerId::new(begun.subject), session: begun.session };
    let given = give(ctx, begun)?;
    Ok(CustomerIdentityRedeemPayload {
        customer: Customer::read(ctx, who).await?,
        device: given.device,
        tokens: given.tokens,
        user_errors: Vec::new(),
    })
}
