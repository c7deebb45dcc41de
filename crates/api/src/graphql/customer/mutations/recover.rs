//! `customerRecover`: a link that sets a new password.

use crate::graphql::{ApiError, Request, customer::CustomerRecoverPayload};
use async_graphql::{Context, Object};
use stoa_graphql_http::Nullable;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerRecover;

/// Sends a link that sets a new password.
#[Object]
impl CustomerRecover {
    /// Sends a link that sets a new password, if there is an account with this address. The answer is the same if there is none.
    async fn customer_recover(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The e-mail address, in any letter case.")] email: String,
    ) -> Nullable<CustomerRecoverPayload> {
        Nullable::run(async {
            ctx.services().recover.run(&email, &ctx.asking()).await?;
            Ok::<_, ApiError>(Some(CustomerRecoverPayload::default()))
        })
        .await
    }
}
