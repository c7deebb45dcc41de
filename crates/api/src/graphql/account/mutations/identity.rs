//! `customerIdentityLink`, `customerIdentityConfirm`, `customerIdentityUnlink`: what opens an account besides its password.

use crate::{
    graphql::{
        ApiError, Request,
        account::{
            AccountErrorCode, AccountTokens, AccountUserError, SignInMode,
            credentials::{SET_COOKIE, check_cookies},
            give,
        },
        cart::InputPath,
        customer::Customer,
        scalars::Url,
    },
    http,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use secrecy::ExposeSecret;
use std::borrow::Cow;
use stoa_domain::{access::SignedIn, shared::CustomerId};
use stoa_graphql_http::Nullable;
use stoa_services::account::{
    Reproof,
    oidc::{BeginOidcError, ConfirmIdentityError, LinkOidcError, UnlinkError},
};

/// Which link, and how they are signed in then.
#[derive(Clone, InputObject)]
pub struct CustomerIdentityConfirmInput {
    /// What the sign-in is to be shown by.
    #[graphql(default)]
    pub mode: SignInMode,
    /// The token of the link.
    pub token: String,
}

/// Which provider, and the proof that it is the account's owner who asks.
#[derive(Clone, InputObject)]
pub struct CustomerIdentityLinkInput {
    /// The password. An account that has none leaves it out, and the sign-in that asks must be younger than ten minutes then.
    pub password: Option<String>,
    /// The provider's name.
    pub provider: String,
}

/// Which identity, and the proof that it is the account's owner who asks.
#[derive(Clone, InputObject)]
pub struct CustomerIdentityUnlinkInput {
    /// The provider, as it names itself.
    pub issuer: String,
    /// The password. An account that has none leaves it out, and the sign-in that asks must be younger than ten minutes then.
    pub password: Option<String>,
    /// What the provider calls the person.
    pub subject: String,
}

/// What came of `customerIdentityConfirm`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerIdentityConfirmPayload {
    /// The customer; null if it was refused.
    pub customer: Option<Customer>,
    /// To be shown at the next sign-in; null where it is in a cookie.
    pub device: Option<String>,
    /// What shows the sign-in; null if the answer sets a cookie instead, and if it was refused.
    pub tokens: Option<AccountTokens>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<AccountUserError>,
}

impl CustomerIdentityConfirmPayload {
    fn refused(error: AccountUserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// What came of `customerIdentityLink`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerIdentityLinkPayload {
    /// Where the browser is to go now; null if it was refused.
    pub url: Option<Url<'static>>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<AccountUserError>,
}

impl CustomerIdentityLinkPayload {
    fn refused(error: AccountUserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// What came of `customerIdentityUnlink`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerIdentityUnlinkPayload {
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<AccountUserError>,
}

impl CustomerIdentityUnlinkPayload {
    fn refused(error: AccountUserError) -> Self {
        Self { user_errors: vec![error] }
    }
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerIdentities;

/// What opens an account besides its password.
#[Object]
impl CustomerIdentities {
    /// Connects what somebody has at an OpenID provider with their account, by the token that was mailed to its address, and signs them
    /// in. It works in the browser that was signed in at the provider: the mail proves the account alone. An addition of this server to
    /// the vocabulary.
    async fn customer_identity_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Token and mode.")] input: CustomerIdentityConfirmInput,
    ) -> Nullable<CustomerIdentityConfirmPayload> {
        Nullable::run(async { Box::pin(confirm(ctx, &input)).await.map(Some) }).await
    }

    /// Begins to connect what whoever is signed in has at an OpenID provider with their account: the answer sets a cookie, and the
    /// browser is to go to the address that it gives. An addition of this server to the vocabulary.
    async fn customer_identity_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Provider and password.")] input: CustomerIdentityLinkInput,
    ) -> Nullable<CustomerIdentityLinkPayload> {
        Nullable::run(async { Box::pin(link(ctx, &input)).await.map(Some) }).await
    }

    /// Disconnects what whoever is signed in has at an OpenID provider: it opens their account no more. Sign-ins go on. An addition of
    /// this server to the vocabulary.
    async fn customer_identity_unlink(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Identity and password.")] input: CustomerIdentityUnlinkInput,
    ) -> Nullable<CustomerIdentityUnlinkPayload> {
        Nullable::run(async { Box::pin(unlink(ctx, &input)).await.map(Some) }).await
    }
}

async fn confirm(
    ctx: &Context<'_>,
    input: &CustomerIdentityConfirmInput,
) -> Result<CustomerIdentityConfirmPayload, ApiError> {
    let at = InputPath::argument("input");
    if let Err(error) = input.mode.check(ctx, at.field("mode")) {
        return Ok(CustomerIdentityConfirmPayload::refused(error));
    }
    let browser = ctx.shown_identity().map(ExposeSecret::expose_secret);
    let shown = (input.token.as_str(), browser);
    let error = match ctx.services().confirm_identity.run(shown, input.mode.into(), &ctx.asking()).await {
        Ok(begun) => {
            let who = SignedIn { customer: CustomerId::new(begun.subject), session: begun.session };
            let given = give(ctx, begun)?;
            ctx.append_http_header(SET_COOKIE, http::clear_cookie(http::IDENTITY_COOKIE));
            return Ok(CustomerIdentityConfirmPayload {
                customer: Customer::read(ctx, who).await?,
                device: given.device,
                tokens: given.tokens,
                user_errors: Vec::new(),
            });
        }
        Err(ConfirmIdentityError::Invalid) => AccountUserError::of_token(at.field("token")),
        Err(ConfirmIdentityError::OtherBrowser) => {
            let message = "Open the link in the browser in which you have signed in with the provider.";
            AccountUserError::new(AccountErrorCode::OtherBrowser, at.field("token"), message)
        }
        Err(ConfirmIdentityError::IdentityTaken) => {
            let message = "This opens another account already.";
            AccountUserError::new(AccountErrorCode::IdentityTaken, at.field("token"), message)
        }
        Err(ConfirmIdentityError::Fault(fault)) => return Err(fault.into()),
    };
    Ok(CustomerIdentityConfirmPayload::refused(error))
}

async fn link(
    ctx: &Context<'_>,
    input: &CustomerIdentityLinkInput,
) -> Result<CustomerIdentityLinkPayload, ApiError> {
    let Some(who) = ctx.signed_in() else {
        return Ok(CustomerIdentityLinkPayload::refused(AccountUserError::not_signed_in()));
    };
    let at = InputPath::argument("input");
    if let Err(error) = check_cookies(ctx, InputPath::default()) {
        return Ok(CustomerIdentityLinkPayload::refused(error));
    }
    let by = Reproof::given(input.password.as_deref());
    let error = match ctx.services().begin_oidc.link(who, by, &input.provider, &ctx.asking()).await {
        Ok(begun) => {
            ctx.append_http_header(SET_COOKIE, http::attempt_cookie(&begun, ctx.services().now()));
            let url = Some(Url(Cow::Owned(begun.url.into())));
            return Ok(CustomerIdentityLinkPayload { url, user_errors: Vec::new() });
        }
        Err(LinkOidcError::Begin(BeginOidcError::NoProvider)) => {
            let message = "The shop has no such provider.";
            AccountUserError::new(AccountErrorCode::NotFound, at.field("provider"), message)
        }
        Err(LinkOidcError::Begin(BeginOidcError::TooMany { retry_after })) => {
            return Err(ApiError::throttled(retry_after));
        }
        Err(LinkOidcError::Begin(BeginOidcError::Fault(fault))) => return Err(fault.into()),
        Err(LinkOidcError::SignIn(error)) => AccountUserError::of_sign_in(error, at.field("password"))?,
    };
    Ok(CustomerIdentityLinkPayload::refused(error))
}

async fn unlink(
    ctx: &Context<'_>,
    input: &CustomerIdentityUnlinkInput,
) -> Result<CustomerIdentityUnlinkPayload, ApiError> {
    let Some(who) = ctx.signed_in() else {
        return Ok(CustomerIdentityUnlinkPayload::refused(AccountUserError::not_signed_in()));
    };
    let at = InputPath::argument("input");
    let which = (input.issuer.as_str(), input.subject.as_str());
    let by = Reproof::given(input.password.as_deref());
    let error = match ctx.services().identities.unlink(who, which, by, &ctx.asking()).await {
        Ok(()) => return Ok(CustomerIdentityUnlinkPayload::default()),
        Err(UnlinkError::NotTheirs) => {
            let message = "Nothing like that opens the account.";
            AccountUserError::new(AccountErrorCode::NotFound, at, message)
        }
        Err(UnlinkError::LastWayIn) => {
            let message = "Nobody could get into the account any more: set a password first.";
            AccountUserError::new(AccountErrorCode::LastWayIn, at, message)
        }
        Err(UnlinkError::SignIn(error)) => AccountUserError::of_sign_in(error, at.field("password"))?,
        Err(UnlinkError::Fault(fault)) => return Err(fault.into()),
    };
    Ok(CustomerIdentityUnlinkPayload::refused(error))
}
