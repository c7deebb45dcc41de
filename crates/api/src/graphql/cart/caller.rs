//! Who does something to a cart.
//!
//! The token of a signed-in customer stands among the arguments of a mutation, in `@inContext(buyer:)`, or came with the request as its
//! credential; the nearer one counts. Without any, whoever knows a cart's id may do what they like with it.

use super::{CartErrorCode, CartUserError, InputError, InputPath};
use crate::graphql::{ApiError, Request, request::Asker};
use async_graphql::{Context, Name, Value};
use stoa_domain::shared::Locale;
use stoa_services::account::{AuthError, Caller, Client, Credential};

/// Who asks, by `@inContext(buyer:)`, or else by the request's credential.
///
/// # Errors
/// The buyer's token is worth nothing.
pub async fn caller(ctx: &Context<'_>) -> Result<Caller, ApiError> {
    let token = ctx.in_context().and_then(|context| customer_access_token(context.buyer.as_ref()?));
    let Some(token) = token else { return Ok(of_request(ctx)) };
    let buyer = match Asker::of(ctx) {
        Some(asker) => asker.buyer().get_or_try_init(|| signed_in(ctx, token)).await?.clone(),
        None => signed_in(ctx, token).await?,
    };
    buyer.ok_or_else(|| ApiError::Request {
        code: ApiError::UNAUTHENTICATED,
        message: "The access token of @inContext(buyer:) is not valid.".into(),
    })
}

/// Who asks, by an argument of the mutation if it has one. `at` is where that stands.
///
/// # Errors
/// A token is worth nothing.
pub async fn caller_with(
    ctx: &Context<'_>,
    token: Option<String>,
    at: &InputPath,
) -> Result<Caller, InputError> {
    let Some(token) = token else { return Ok(caller(ctx).await?) };
    signed_in(ctx, token).await?.ok_or_else(|| {
        CartUserError::new(CartErrorCode::Invalid, at.clone(), "The access token is not valid.").into()
    })
}

async fn signed_in(ctx: &Context<'_>, token: String) -> Result<Option<Caller>, ApiError> {
    let credential = Credential::Storefront(token.into());
    match ctx.services().authenticate.run(&credential, ctx.asking()).await {
        Ok(caller) => Ok(Some(caller)),
        Err(AuthError::Invalid) => Ok(None),
        Err(AuthError::Fault(fault)) => Err(fault.into()),
    }
}

/// Who has shown a credential with the request.
fn of_request(ctx: &Context<'_>) -> Caller {
    match ctx.caller() {
        Some(known) => Caller { viewer: known.viewer, actor: known.actor.clone(), client: ctx.asking() },
        None => Caller::anonymous(guest(ctx)),
    }
}

/// From where, and in which language. What else a request says of its sender would be copied for nothing: of guests, carts want no more.
fn guest(ctx: &Context<'_>) -> Client {
    let language = ctx.in_context().and_then(|context| context.language.as_deref());
    Client { address: ctx.client(), locale: language.and_then(Locale::parse), ..Client::default() }
}

fn customer_access_token(buyer: &Value) -> Option<String> {
    let Value::Object(buyer) = buyer else { return None };
    match buyer.get(&Name::new("customerAccessToken"))? {
        Value::String(token) => Some(token.clone()),
        _ => None,
    }
}
