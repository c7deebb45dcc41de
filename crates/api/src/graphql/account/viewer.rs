//! Whoever asks.

use super::{CustomerConsent, CustomerIdentity, Session, SignInProvider};
use crate::graphql::{
    ApiError, Request,
    customer::Customer,
    paging::{Connection, PageArgs},
};
use async_graphql::{Context, Object};
use stoa_domain::access::SignedIn;
use stoa_graphql_http::Nullable;
use stoa_services::account::SessionHolder;

/// The root fields of whoever is signed in.
#[derive(Clone, Copy, Debug, Default)]
pub struct AccountQueries;

/// The root fields of whoever is signed in.
#[Object]
impl AccountQueries {
    /// The OpenID providers that customers can sign in with, in the shop's order.
    fn sign_in_providers(&self, ctx: &Context<'_>) -> Vec<SignInProvider> {
        let services = ctx.services();
        let settings = services.context().settings();
        services.oidc_providers().iter().map(|provider| SignInProvider::new(provider, settings)).collect()
    }

    /// The customer whose credential came with the request; null if none did.
    fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
        ctx.signed_in().map(Viewer)
    }
}

/// Whoever is signed in.
#[derive(Clone, Copy, Debug)]
pub struct Viewer(SignedIn);

/// Whoever is signed in.
#[Object]
impl Viewer {
    /// Everything they have ever agreed to or taken back, the oldest first. The last one counts.
    async fn consents(&self, ctx: &Context<'_>) -> Result<Vec<CustomerConsent>, ApiError> {
        let history = ctx.services().consent.history(self.0).await?;
        Ok(history.into_iter().map(CustomerConsent).collect())
    }

    /// Their account.
    async fn customer(&self, ctx: &Context<'_>) -> Nullable<Customer> {
        Nullable::run(Customer::read(ctx, self.0)).await
    }

    /// What they have at OpenID providers and can open their account with, the oldest first.
    async fn identities(&self, ctx: &Context<'_>) -> Result<Vec<CustomerIdentity>, ApiError> {
        let linked = ctx.services().identities.list(self.0).await?;
        Ok(linked.into_iter().map(CustomerIdentity::new).collect())
    }

    /// Their sign-ins that live, the latest first.
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
    ) -> Result<Connection<Session>, ApiError> {
        let request = PageArgs { after, before, first, last }.request()?;
        let page = ctx.services().sessions.list(SessionHolder::from(self.0), &request).await?;
        Ok(Connection::of(&page, |session| Session::new(session.clone(), self.0.session)))
    }
}
