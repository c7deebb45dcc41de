//! `customerUpdate`: what customers say of themselves.

use crate::graphql::{
    ApiError, Request,
    cart::InputPath,
    customer::{
        Customer, CustomerAccessToken, CustomerErrorCode, CustomerUpdatePayload, CustomerUserError,
        holder_of, refusals,
    },
};
use async_graphql::{Context, InputObject, Object};
use stoa_domain::{
    access::SignedIn,
    account::SessionKind,
    shared::{CustomerId, Fault},
};
use stoa_graphql_http::Nullable;
use stoa_services::{
    account::{Client, NewPasswordError, Reproof, SignInError},
    customer::{
        ChangePasswordError, ConsentError, EmailChangeError, ForeseeError, GivenDetails, UpdateError,
        WantedUpdate,
    },
};

/// What to change; what is left out stays.
#[derive(Clone, InputObject)]
pub struct CustomerUpdateInput {
    /// Whether they want advertisements by mail.
    pub accepts_marketing: Option<bool>,
    /// Another e-mail address. It counts once the link that is mailed to it was opened. Takes a sign-in of the last ten minutes.
    pub email: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Another password. It ends every sign-in there was, and begins one. Takes a sign-in of the last ten minutes.
    pub password: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerUpdate;

/// Changes what is known of a customer.
#[Object]
impl CustomerUpdate {
    /// Changes what a customer says of themselves: names and telephone first, then the consent, the address, the password. What can be
    /// known to be refused is refused before anything is changed; otherwise what comes before a refusal is changed, what comes after it
    /// is not, and the customer is given as they are then.
    async fn customer_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] customer: CustomerUpdateInput,
        #[graphql(desc = "The customer's token.")] customer_access_token: String,
    ) -> Nullable<CustomerUpdatePayload> {
        Nullable::run(async { Box::pin(update(ctx, customer, customer_access_token)).await.map(Some) }).await
    }
}

/// What stops a change: a refusal, or an error.
enum Stop {
    Refused(CustomerUserError),
    Error(ApiError),
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::Error(error)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Error(fault.into())
    }
}

async fn update(
    ctx: &Context<'_>,
    input: CustomerUpdateInput,
    token: String,
) -> Result<CustomerUpdatePayload, ApiError> {
    let Some(who) = holder_of(ctx, token).await? else {
        return Ok(CustomerUpdatePayload::refused(CustomerUserError::unidentified()));
    };
    let (who, customer_access_token, refused) = match change(ctx, who, input, &ctx.asking()).await {
        Ok((who, token)) => (who, token, None),
        Err(Stop::Refused(error)) => (who, None, Some(error)),
        Err(Stop::Error(error)) => return Err(error),
    };
    Ok(CustomerUpdatePayload {
        customer: Customer::read(ctx, who).await?,
        customer_access_token,
        customer_user_errors: refused.into_iter().collect(),
    })
}

async fn change(
    ctx: &Context<'_>,
    who: SignedIn,
    input: CustomerUpdateInput,
    client: &Client,
) -> Result<(SignedIn, Option<CustomerAccessToken>), Stop> {
    let services = ctx.services();
    let at = InputPath::argument("customer");
    let details = GivenDetails {
        first_name: input.first_name,
        last_name: input.last_name,
        phone: input.phone,
        locale: client.locale,
    };
    let wanted = WantedUpdate {
        details: &details,
        email: input.email.as_deref(),
        password: input.password.as_deref(),
    };
    let part = if wanted.password.is_some() { "password" } else { "email" };
    let foreseen = services.foresee_update.run(who, wanted, client).await;
    let moves = foreseen.map_err(|error| match error {
        ForeseeError::Details(refusal) => Stop::Refused(refusals::details(refusal, &at)),
        ForeseeError::Email => Stop::Refused(refusals::email(at.field("email"))),
        ForeseeError::Password(refusal) => Stop::Refused(refusals::password(refusal, at.field("password"))),
        ForeseeError::SignIn(error) => proof(error, at.field(part)),
        ForeseeError::Unknown => Stop::Refused(CustomerUserError::unidentified()),
        ForeseeError::Fault(fault) => fault.into(),
    })?;
    services.update_customer.run(who, &details).await.map_err(|error| match error {
        UpdateError::Details(refusal) => Stop::Refused(refusals::details(refusal, &at)),
        UpdateError::Unknown => Stop::Refused(CustomerUserError::unidentified()),
        UpdateError::Fault(fault) => fault.into(),
    })?;
    if let Some(granted) = input.accepts_marketing {
        services.consent.run(who, granted, None).await.map_err(|error| match error {
            ConsentError::Wording(_) => Stop::Refused(refusals::wording(at.field("acceptsMarketing"))),
            ConsentError::Unknown => Stop::Refused(CustomerUserError::unidentified()),
            ConsentError::Fault(fault) => fault.into(),
        })?;
    }
    if let Some(email) = input.email.filter(|_| moves) {
        let asked = services.email_change.ask(who, (&email, Reproof::FreshSignIn), client).await;
        asked.map_err(|error| match error {
            EmailChangeError::Email => Stop::Refused(refusals::email(at.field("email"))),
            EmailChangeError::SignIn(error) => proof(error, at.field("email")),
            EmailChangeError::Fault(fault) => fault.into(),
        })?;
    }
    let Some(password) = input.password else { return Ok((who, None)) };
    let by = (Reproof::FreshSignIn, password.as_str());
    let changed = services.change_password.run(who, by, SessionKind::Storefront, client).await;
    let begun = changed.map_err(|error| match error {
        ChangePasswordError::SignIn(error) => proof(error, at.field("password")),
        ChangePasswordError::New(NewPasswordError::Refused(refusal)) => {
            Stop::Refused(refusals::password(refusal, at.field("password")))
        }
        ChangePasswordError::New(NewPasswordError::TooManyTries { retry_after }) => {
            Stop::Error(ApiError::too_many_guesses(retry_after))
        }
        ChangePasswordError::New(NewPasswordError::Busy) => Stop::Error(ApiError::busy()),
        ChangePasswordError::New(NewPasswordError::Fault(fault)) | ChangePasswordError::Fault(fault) => {
            fault.into()
        }
    })?;
    let who = SignedIn { customer: CustomerId::new(begun.subject), session: begun.session };
    Ok((who, Some(CustomerAccessToken::of(&begun.credential)?)))
}

/// This interface has no place for the present password: a sign-in of a moment ago stands for it.
fn proof(error: SignInError, at: InputPath) -> Stop {
    match error {
        SignInError::Unidentified => {
            let message = "Sign in again to change this: it takes a sign-in of the last ten minutes.";
            Stop::Refused(CustomerUserError::new(CustomerErrorCode::UnidentifiedCustomer, at, message))
        }
        SignInError::TooManyGuesses { retry_after } => Stop::Error(ApiError::too_many_guesses(retry_after)),
        SignInError::Busy => Stop::Error(ApiError::busy()),
        SignInError::Fault(fault) => fault.into(),
    }
}
