//! What rules of prices ask of an account.

use super::entities::{customers, members};
use crate::db::{Conn, fault};
use sea_orm::{
    ConnectionTrait, DbErr, QueryResult,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use stoa_domain::shared::{CustomerGroupId, CustomerId, EmailAddress, Fault};
use uuid::Uuid;

/// What rules of prices ask of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricingAccount {
    /// The account's own address; `None` once it leads nowhere.
    pub email: Option<EmailAddress>,
    /// The groups it is in, in the order of their ids.
    pub groups: Vec<CustomerGroupId>,
    /// Whether staff have noted that no tax is charged.
    pub tax_exempt: bool,
    /// The tax number that staff have noted.
    pub tax_number: Option<String>,
}

/// Of an account; `None` where there is none. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn pricing_account(conn: &impl Conn, id: CustomerId) -> Result<Option<PricingAccount>, Fault> {
    let of = |column| Expr::col((customers::Entity, column));
    let mut query = Query::select();
    query
        .column((customers::Entity, customers::Column::Email))
        .column((members::Entity, members::Column::GroupId))
        .expr(Expr::col((customers::Entity, "tax_exempt")))
        .expr(Expr::col((customers::Entity, "tax_number")))
        .from(customers::Entity)
        .left_join(
            members::Entity,
            Expr::col((members::Entity, members::Column::CustomerId))
                .equals((customers::Entity, customers::Column::Id)),
        )
        .and_where(of(customers::Column::Id).eq(id.uuid()))
        .order_by((members::Entity, members::Column::GroupId), Order::Asc);
    let rows = conn.raw().query_all(&query).await.map_err(fault("customer.pricing_account"))?;
    account(&rows).map_err(fault("customer.pricing_account"))
}

fn account(rows: &[QueryResult]) -> Result<Option<PricingAccount>, DbErr> {
    let Some(row) = rows.first() else { return Ok(None) };
    let mut groups = Vec::with_capacity(rows.len());
    for row in rows {
        let group: Option<Uuid> = row.try_get("", "group_id")?;
        groups.extend(group.map(CustomerGroupId::new));
    }
    let email: String = row.try_get("", "email")?;
    Ok(Some(PricingAccount {
        email: EmailAddress::parse(&email).ok(),
        groups,
        tax_exempt: row.try_get("", "tax_exempt")?,
        tax_number: row.try_get("", "tax_number")?,
    }))
}
