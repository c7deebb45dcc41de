//! `customerGroupCreate`, `…Update`, `…Delete`, `…AddMembers`, `…RemoveMembers`.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        customers::{AdminCustomerGroup, CustomerGroupErrorCode as Code, CustomerGroupUserError},
        refusals::sentence,
    },
    cart::{InputPath, inputs::bounded},
    scalars::{Gid, gid},
};
use async_graphql::{Context, ID, Object, SimpleObject};
use stoa_domain::{
    access::grants::CustomersWrite,
    customer::{CustomerGroup, LabelRefusal},
    shared::{CustomerGroupId, CustomerId},
};
use stoa_graphql_http::Nullable;
use stoa_services::admin::GroupError;

/// What came of a change of a group.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerGroupPayload {
    /// The group as it is now; null if it was refused.
    pub customer_group: Option<AdminCustomerGroup>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<CustomerGroupUserError>,
}

/// What came of `customerGroupDelete`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerGroupDeletePayload {
    /// The global id of the group that is gone; null if it was refused.
    pub deleted_customer_group_id: Option<ID>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<CustomerGroupUserError>,
}

/// What came of a change of a group's members.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerGroupMembersPayload {
    /// How many have come or gone; null if it was refused.
    pub changed_members: Option<i32>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<CustomerGroupUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerGroupMutations;

/// Sorts customers into groups.
#[Object]
impl CustomerGroupMutations {
    /// Puts customers into a group. Who is in it stays.
    #[graphql(guard = "may::<CustomersWrite>", visible = "seen::<CustomersWrite>")]
    async fn customer_group_add_members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The group's global id.")] id: ID,
        #[graphql(desc = "The global ids of the customers, 250 at most.")] customer_ids: Vec<ID>,
    ) -> Nullable<CustomerGroupMembersPayload> {
        Nullable::run(async { Box::pin(members(ctx, (&id, &customer_ids), true)).await.map(Some) }).await
    }

    /// Makes a group.
    #[graphql(guard = "may::<CustomersWrite>", visible = "seen::<CustomersWrite>")]
    async fn customer_group_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is called; no two have the same name, in any letter case.")] name: String,
    ) -> Nullable<CustomerGroupPayload> {
        Nullable::run(async {
            let by = ctx.permit::<CustomersWrite>()?;
            written(Box::pin(ctx.services().admin.customer_groups.create(&by, &name)).await)
        })
        .await
    }

    /// Takes a group away; its members stay customers.
    #[graphql(guard = "may::<CustomersWrite>", visible = "seen::<CustomersWrite>")]
    async fn customer_group_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The group's global id.")] id: ID,
    ) -> Nullable<CustomerGroupDeletePayload> {
        Nullable::run(async { Box::pin(delete(ctx, &id)).await.map(Some) }).await
    }

    /// Takes customers out of a group. Who is not in it is passed over.
    #[graphql(guard = "may::<CustomersWrite>", visible = "seen::<CustomersWrite>")]
    async fn customer_group_remove_members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The group's global id.")] id: ID,
        #[graphql(desc = "The global ids of the customers, 250 at most.")] customer_ids: Vec<ID>,
    ) -> Nullable<CustomerGroupMembersPayload> {
        Nullable::run(async { Box::pin(members(ctx, (&id, &customer_ids), false)).await.map(Some) }).await
    }

    /// Gives a group another name.
    #[graphql(guard = "may::<CustomersWrite>", visible = "seen::<CustomersWrite>")]
    async fn customer_group_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The group's global id.")] id: ID,
        #[graphql(desc = "What it is to be called.")] name: String,
    ) -> Nullable<CustomerGroupPayload> {
        Nullable::run(async {
            let by = ctx.permit::<CustomersWrite>()?;
            let Some(id) = gid::decode::<CustomerGroupId>(&id)? else {
                return written(Err(GroupError::NotFound));
            };
            written(Box::pin(ctx.services().admin.customer_groups.rename(&by, id, &name)).await)
        })
        .await
    }
}

fn written(done: Result<CustomerGroup, GroupError>) -> Result<Option<CustomerGroupPayload>, ApiError> {
    Ok(Some(match done {
        Ok(group) => {
            CustomerGroupPayload { customer_group: Some(AdminCustomerGroup(group)), user_errors: Vec::new() }
        }
        Err(error) => CustomerGroupPayload { user_errors: vec![refusal(error)?], ..Default::default() },
    }))
}

async fn delete(ctx: &Context<'_>, id: &ID) -> Result<CustomerGroupDeletePayload, ApiError> {
    let by = ctx.permit::<CustomersWrite>()?;
    let deleted = match gid::decode::<CustomerGroupId>(id)? {
        Some(id) => ctx.services().admin.customer_groups.delete(&by, id).await.map(|()| id),
        None => Err(GroupError::NotFound),
    };
    Ok(match deleted {
        Ok(id) => CustomerGroupDeletePayload {
            deleted_customer_group_id: Some(ID(Gid(id).text())),
            user_errors: Vec::new(),
        },
        Err(error) => CustomerGroupDeletePayload { user_errors: vec![refusal(error)?], ..Default::default() },
    })
}

async fn members(
    ctx: &Context<'_>,
    (id, customers): (&ID, &[ID]),
    add: bool,
) -> Result<CustomerGroupMembersPayload, ApiError> {
    let by = ctx.permit::<CustomersWrite>()?;
    bounded("customerIds", customers)?;
    let mut meant = Vec::with_capacity(customers.len());
    for customer in customers {
        // Of who can be nobody of ours nothing changes.
        meant.extend(gid::decode::<CustomerId>(customer)?);
    }
    let groups = &ctx.services().admin.customer_groups;
    let changed = match gid::decode::<CustomerGroupId>(id)? {
        None => Err(GroupError::NotFound),
        Some(id) if add => groups.add(&by, id, &meant).await.map(|added| added.len()),
        Some(id) => {
            groups.remove(&by, id, &meant).await.map(|removed| usize::try_from(removed).unwrap_or(usize::MAX))
        }
    };
    Ok(match changed {
        Ok(count) => CustomerGroupMembersPayload {
            changed_members: Some(i32::try_from(count).unwrap_or(i32::MAX)),
            user_errors: Vec::new(),
        },
        Err(error) => {
            CustomerGroupMembersPayload { user_errors: vec![refusal(error)?], ..Default::default() }
        }
    })
}

/// A group that stays as it is: the place and a sentence.
fn refusal(error: GroupError) -> Result<CustomerGroupUserError, ApiError> {
    let message = sentence(&error);
    let (code, field) = match error {
        GroupError::NotFound => (Code::NotFound, "id"),
        GroupError::Name(LabelRefusal::Blank) => (Code::Blank, "name"),
        GroupError::Name(LabelRefusal::TooLong { .. } | LabelRefusal::TooMany { .. }) => {
            (Code::TooLong, "name")
        }
        GroupError::Taken => (Code::Taken, "name"),
        GroupError::Stale => (Code::Stale, "id"),
        GroupError::TooMany => (Code::TooLong, "customerIds"),
        GroupError::Fault(fault) => return Err(fault.into()),
    };
    Ok(CustomerGroupUserError::new(code, InputPath::argument(field), message))
}
