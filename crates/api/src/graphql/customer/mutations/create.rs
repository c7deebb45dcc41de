//! `customerCreate`: registering.

use crate::graphql::{
    ApiError, Request,
    cart::InputPath,
    customer::{CustomerCreatePayload, CustomerErrorCode, CustomerUserError, refusals},
};
use async_graphql::{Context, InputObject, Object};
use stoa_graphql_http::Nullable;
use stoa_services::customer::{GivenDetails, RegisterError, Registration};

/// Who registers.
#[derive(Clone, InputObject)]
pub struct CustomerCreateInput {
    /// Whether they want advertisements by mail.
    pub accepts_marketing: Option<bool>,
    /// The e-mail address.
    pub email: String,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// A password. It is held against the shop's rule, and kept nowhere: whoever proves the address chooses theirs.
    pub password: String,
    /// Telephone.
    pub phone: Option<String>,
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerCreate;

/// Registers a customer.
#[Object]
impl CustomerCreate {
    /// Has a mail sent to the address, with a link that begins the account; or, where there is one, a mail that says so. The answer is
    /// always the same: `CUSTOMER_DISABLED`, and to look for that mail.
    async fn customer_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who registers.")] input: CustomerCreateInput,
    ) -> Nullable<CustomerCreatePayload> {
        Nullable::run(async { Box::pin(create(ctx, input)).await.map(Some) }).await
    }
}

async fn create(ctx: &Context<'_>, input: CustomerCreateInput) -> Result<CustomerCreatePayload, ApiError> {
    let client = ctx.asking();
    let new = Registration {
        email: input.email,
        password: Some(input.password),
        details: GivenDetails {
            first_name: input.first_name,
            last_name: input.last_name,
            phone: input.phone,
            locale: client.locale,
        },
        accepts_marketing: input.accepts_marketing.unwrap_or(false),
        wording: None,
    };
    let answer = match ctx.services().register.run(&new, &client).await {
        Ok(()) => look_for_the_mail(),
        Err(error) => explain(error)?,
    };
    Ok(CustomerCreatePayload::refused(answer))
}

/// What everybody is told who could be registered, whether or not there is an account.
fn look_for_the_mail() -> CustomerUserError {
    let path = InputPath::argument("input").field("email");
    let message = "We have sent an e-mail to this address. Please open the link in it to go on.";
    CustomerUserError::new(CustomerErrorCode::CustomerDisabled, path, message)
}

fn explain(error: RegisterError) -> Result<CustomerUserError, ApiError> {
    let input = InputPath::argument("input");
    match error {
        RegisterError::Email => Ok(refusals::email(input.field("email"))),
        RegisterError::Password(refusal) => Ok(refusals::password(refusal, input.field("password"))),
        RegisterError::Details(refusal) => Ok(refusals::details(refusal, &input)),
        RegisterError::Wording(_) => Ok(refusals::wording(input)),
        RegisterError::Fault(fault) => Err(fault.into()),
    }
}
