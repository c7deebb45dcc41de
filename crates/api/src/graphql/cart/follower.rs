//! Who follows something by `@inContext(buyer:)`, for as long as they are signed in.
//!
//! What a request shows by itself is looked at again by the transport; this it does not know.

use super::caller::{buyer_token, nobodys};
use crate::graphql::{ApiError, Request};
use async_graphql::{Context, Error};
use futures_util::{Stream, StreamExt, stream};
use std::sync::Arc;
use stoa_services::{
    Services,
    account::{AuthError, Client, Credential},
};

/// Who buys, by a token among what is asked.
pub struct Buyer {
    services: Arc<Services>,
    credential: Credential,
    client: Client,
}

impl Buyer {
    /// Who is named by `@inContext(buyer:)`, if somebody is.
    pub fn of(ctx: &Context<'_>) -> Option<Self> {
        let credential = Credential::Storefront(buyer_token(ctx)?.into());
        let services = Arc::clone(ctx.data_unchecked::<Arc<Services>>());
        Some(Self { services, credential, client: ctx.asking() })
    }

    /// What comes, until there is something that they may not have any more: that is said then, and nothing comes after it.
    pub fn while_signed_in<T>(
        self,
        events: impl Stream<Item = T> + Send + 'static,
    ) -> impl Stream<Item = Result<T, Error>> + Send + 'static
    where
        T: Send + 'static,
    {
        stream::unfold(Some((self, events.boxed())), |following| async {
            let (buyer, mut events) = following?;
            let event = events.next().await?;
            match buyer.is_signed_in().await {
                Ok(()) => Some((Ok(event), Some((buyer, events)))),
                Err(error) => Some((Err(error.into()), None)),
            }
        })
    }

    async fn is_signed_in(&self) -> Result<(), ApiError> {
        match self.services.authenticate.run(&self.credential, self.client.clone()).await {
            Ok(_) => Ok(()),
            Err(AuthError::Invalid) => Err(nobodys()),
            Err(AuthError::Fault(fault)) => Err(fault.into()),
        }
    }
}
