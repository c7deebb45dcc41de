//! Customers under `admin`.

use super::{
    AdminCustomer, AdminCustomerGroup,
    object::{all, one},
};
use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        page::{filled, ids},
    },
    paging::{Connection, PageArgs},
    scalars::gid,
};
use async_graphql::{Context, Enum, ID, Object};
use stoa_domain::{access::grants::CustomersRead, shared::CustomerId};
use stoa_graphql_http::Nullable;
use stoa_persistence::customer::{CustomerSort, CustomersListing};
use stoa_services::admin::parse_customer_search;

/// By what customers are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum AdminCustomerSortKeys {
    /// By when they registered.
    #[default]
    CreatedAt,
    /// By when their account last changed.
    UpdatedAt,
}

impl From<AdminCustomerSortKeys> for CustomerSort {
    fn from(key: AdminCustomerSortKeys) -> Self {
        match key {
            AdminCustomerSortKeys::CreatedAt => Self::CreatedAt,
            AdminCustomerSortKeys::UpdatedAt => Self::UpdatedAt,
        }
    }
}

/// What is read of customers.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerReads;

/// What is read of customers.
#[Object]
impl CustomerReads {
    /// A customer; null if there is none with this id.
    #[graphql(guard = "may::<CustomersRead>", visible = "seen::<CustomersRead>")]
    async fn customer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their global id.")] id: ID,
    ) -> Nullable<AdminCustomer> {
        Nullable::run(async {
            let by = ctx.permit::<CustomersRead>()?;
            let Some(id) = gid::decode::<CustomerId>(&id)? else { return Ok::<_, ApiError>(None) };
            one(ctx, &by, id).await
        })
        .await
    }

    /// The groups that customers are sorted into, by name.
    #[graphql(guard = "may::<CustomersRead>", visible = "seen::<CustomersRead>")]
    async fn customer_groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
    ) -> Result<Connection<AdminCustomerGroup>, ApiError> {
        let by = ctx.permit::<CustomersRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let groups = &ctx.services().admin.customer_groups;
        let page = groups.list(&by, &request).await?;
        let found = groups.find_all(&by, &ids(&page)).await?;
        Ok(filled(&page, found, |group| group.id, AdminCustomerGroup))
    }

    /// Customers. Without `query` all of them.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    #[graphql(guard = "may::<CustomersRead>", visible = "seen::<CustomersRead>")]
    async fn customers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(
            desc = "Words of names and addresses, and conditions, all of which must hold: `email:`, `state:`, `tag:`, `group_id:`, `accepts_marketing:`, `created_at:`, `updated_at:`."
        )]
        query: Option<String>,
        #[graphql(default = false, desc = "Whether the last come first.")] reverse: bool,
        #[graphql(default, desc = "By what they are listed.")] sort_key: AdminCustomerSortKeys,
    ) -> Result<Connection<AdminCustomer>, ApiError> {
        let by = ctx.permit::<CustomersRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let listing = CustomersListing { sort: sort_key.into(), reverse, ..CustomersListing::default() };
        let listing = match query {
            Some(query) => parse_customer_search(&query, listing)
                .map_err(|error| ApiError::bad_input(format!("query: {error}.")))?,
            None => listing,
        };
        let page = ctx.services().admin.customers.list(&by, &listing, &request).await?;
        let found = Box::pin(all(ctx, &by, &ids(&page))).await?;
        Ok(filled(&page, found, |(id, _)| *id, |(_, customer)| customer))
    }
}
