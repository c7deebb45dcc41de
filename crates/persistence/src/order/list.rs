//! Lists of orders: a customer's own, and those of the staff. Pages of ids, by keyset; each page is one statement.

use super::{entities::orders, map};
use crate::db::{Conn, Key, Keyset, ListError, fault, within};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement},
};
use stoa_domain::{
    catalog::search::Moments,
    order::{FinancialStatus, FulfillmentStatus, OrderNumber},
    shared::{
        CustomerId, EmailAddress, Fault, OrderId,
        page::{Page, PageRequest},
    },
};

/// Cursors of these lists carry this and the sort key.
const ORDERS: u8 = 0x90;

/// What orders are sorted by. For each there is an index; a customer's own, but for those by number, are read and sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OrderSort {
    /// Their number, in which they were placed.
    #[default]
    Number = 0,
    /// When they last changed.
    UpdatedAt = 1,
    /// What the buyer was charged.
    Total = 2,
}

impl OrderSort {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Number, Self::UpdatedAt, Self::Total];
}

/// Which orders are listed: those of which all of it is true. Nothing said is every order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrdersListing {
    /// By what.
    pub sort: OrderSort,
    /// The last first.
    pub reverse: bool,
    /// Of this customer.
    pub customer: Option<CustomerId>,
    /// With this number.
    pub number: Option<OrderNumber>,
    /// With this address, in any letter case.
    pub email: Option<EmailAddress>,
    /// In the state of this name.
    pub state: Option<&'static str>,
    /// Whose money stands so.
    pub financial: Option<FinancialStatus>,
    /// Of which so much was sent.
    pub fulfillment: Option<FulfillmentStatus>,
    /// That a person should look at, or that nobody has to.
    pub attention: Option<bool>,
    /// That were placed then.
    pub placed: Option<Moments>,
    /// That last changed then.
    pub updated: Option<Moments>,
}

/// A page of a customer's orders, and of nobody else's. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn of_customer(
    conn: &impl Conn,
    of: CustomerId,
    (sort, reverse): (OrderSort, bool),
    request: &PageRequest,
) -> Result<Page<OrderId>, ListError> {
    let theirs = OrdersListing { sort, reverse, customer: Some(of), ..OrdersListing::default() };
    list_orders(conn, &theirs, request).await
}

/// How many orders a customer has placed, whatever has become of them. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn count_of_customer(conn: &impl Conn, of: CustomerId) -> Result<u64, Fault> {
    let theirs = orders::Entity::find().filter(orders::Column::CustomerId.eq(of.uuid()));
    theirs.count(conn.raw()).await.map_err(fault("order.count_of_customer"))
}

/// A page of orders. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_orders(
    conn: &impl Conn,
    listing: &OrdersListing,
    request: &PageRequest,
) -> Result<Page<OrderId>, ListError> {
    let (keyset, mut query) = plan(listing);
    keyset.page(conn, &mut query, request).await
}

fn plan(listing: &OrdersListing) -> (Keyset, SelectStatement) {
    use orders::Column as O;
    let mut query = Query::select().from(orders::Entity).take();
    if let Some(customer) = listing.customer {
        query.and_where(o(O::CustomerId).eq(customer.uuid()));
    }
    if let Some(number) = listing.number {
        query.and_where(o(O::Number).eq(number));
    }
    if let Some(email) = &listing.email {
        query.and_where(o(O::EmailKey).eq(email.key()));
    }
    if let Some(state) = listing.state {
        query.and_where(o(O::State).eq(state));
    }
    if let Some(status) = listing.financial {
        query.cond_where(stands(status));
    }
    if let Some(status) = listing.fulfillment {
        query.and_where(o(O::Fulfillment).eq(map::fulfillment_name(status)));
    }
    if let Some(yes) = listing.attention {
        query.and_where(if yes { o(O::Attention).is_not_null() } else { o(O::Attention).is_null() });
    }
    if let Some(moments) = &listing.placed {
        query.and_where(within(o(O::PlacedAt), moments));
    }
    if let Some(moments) = &listing.updated {
        query.and_where(within(o(O::UpdatedAt), moments));
    }
    let key = match listing.sort {
        OrderSort::Number => Key::Number(o(O::Number)),
        OrderSort::UpdatedAt => Key::Time(o(O::UpdatedAt)),
        OrderSort::Total => Key::Number(o(O::Total)),
    };
    let order = ORDERS | listing.sort as u8;
    (Keyset { order, key, id: o(O::Id), ascending: !listing.reverse }, query)
}

fn o(column: orders::Column) -> Expr {
    Expr::col((orders::Entity, column))
}

/// The orders whose money stands so: what [`stoa_domain::order::financial_status`] says of one, of all.
fn stands(status: FinancialStatus) -> Condition {
    let p = |column: &'static str| Expr::col(("payments", column));
    let payment = |holds: Condition| {
        let of_it = Query::select()
            .expr(Expr::value(1))
            .from("payments")
            .and_where(p("order_id").equals((orders::Entity, orders::Column::Id)))
            .cond_where(holds)
            .take();
        Expr::exists(of_it)
    };
    let all = Condition::all;
    let waiting = || o(orders::Column::State).eq("awaiting_payment");
    let cancelled = || o(orders::Column::State).eq("cancelled");
    let paid = || o(orders::Column::State).eq("paid");
    let sum = |column: &'static str| p(column).sum();
    // Money that came when the order was settled decides, by how much of it has gone back: of all payments together, since gift cards pay beside
    // the gateway.
    let came = |refunded: Expr| {
        let of_all = Query::select()
            .expr(Expr::value(1))
            .from("payments")
            .and_where(p("order_id").equals((orders::Entity, orders::Column::Id)))
            .add_group_by([p("order_id")])
            .and_having(sum("amount_received").gt(0))
            .and_having(refunded)
            .take();
        Expr::exists(of_all)
    };
    let nothing_came = || payment(all().add(p("amount_received").gt(0))).not();
    let reserved = || payment(all().add(p("state").eq("requires_capture")));
    let untouched = || sum("amount_refunded").eq(0);
    match status {
        FinancialStatus::Pending => all().add(waiting()).add(reserved().not()),
        FinancialStatus::Authorized => {
            let without_money = all().add(paid()).add(nothing_came()).add(reserved());
            Condition::any().add(all().add(waiting()).add(reserved())).add(without_money)
        }
        FinancialStatus::Paid => {
            let for_nothing = all().add(nothing_came()).add(reserved().not());
            all().add(paid()).add(Condition::any().add(came(untouched())).add(for_nothing))
        }
        FinancialStatus::PartiallyRefunded => {
            let part = sum("amount_refunded").ne(0).and(sum("amount_refunded").lt(sum("amount_received")));
            all().add(waiting().not()).add(came(part))
        }
        FinancialStatus::Refunded => {
            let whole = sum("amount_refunded").ne(0).and(sum("amount_refunded").gte(sum("amount_received")));
            all().add(waiting().not()).add(came(whole))
        }
        FinancialStatus::Voided => {
            all().add(cancelled()).add(Condition::any().add(came(untouched())).add(nothing_came()))
        }
    }
}
