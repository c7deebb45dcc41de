//! What can be asked of customers.

use super::{Customer, holder_of};
use crate::graphql::ApiError;
use async_graphql::{Context, Object};
use stoa_graphql_http::Nullable;

/// The root fields of customers.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerQueries;

/// The root fields of customers.
#[Object]
impl CustomerQueries {
    /// The customer who holds this token; null if it is worth nothing.
    async fn customer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token that customerAccessTokenCreate gave.")] customer_access_token: String,
    ) -> Nullable<Customer> {
        Nullable::run(async {
            match holder_of(ctx, customer_access_token).await? {
                Some(who) => Customer::read(ctx, who).await,
                None => Ok::<_, ApiError>(None),
            }
        })
        .await
    }
}
