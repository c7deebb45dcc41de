//! The staff's list of customers: pages of ids, by keyset. Each page is one statement.

use super::entities::{customers, members, tags, terms};
use crate::db::{Conn, Key, Keyset, ListError, begins, within};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use stoa_domain::{
    catalog::{
        fold_key,
        search::{Moments, Word},
    },
    shared::{
        CustomerGroupId, CustomerId, EmailAddress,
        page::{Page, PageRequest},
    },
};

/// Cursors of these lists carry this and the sort key.
const ORDERS: u8 = 0x60;

/// What customers are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CustomerSort {
    /// When they registered.
    #[default]
    CreatedAt = 0,
    /// When their account last changed.
    UpdatedAt = 1,
}

impl CustomerSort {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::CreatedAt, Self::UpdatedAt];
}

/// Which customers are listed: those of whom all of it is true. Nothing said is everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomersListing {
    /// By what.
    pub sort: CustomerSort,
    /// The last first.
    pub reverse: bool,
    /// Words of their names and addresses, all of them.
    pub words: Vec<Word>,
    /// This address.
    pub email: Option<EmailAddress>,
    /// In the state of this name.
    pub state: Option<&'static str>,
    /// With this tag, in any letter case.
    pub tag: Option<String>,
    /// In this group.
    pub group: Option<CustomerGroupId>,
    /// Who want advertisements, or who do not.
    pub accepts_marketing: Option<bool>,
    /// Who registered then.
    pub created: Option<Moments>,
    /// Whose account last changed then.
    pub updated: Option<Moments>,
}

/// A page of customers. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_customers(
    conn: &impl Conn,
    listing: &CustomersListing,
    request: &PageRequest,
) -> Result<Page<CustomerId>, ListError> {
    let (keyset, mut query) = plan(listing);
    keyset.page(conn, &mut query, request).await
}

fn plan(listing: &CustomersListing) -> (Keyset, SelectStatement) {
    let mut query = Query::select().from(customers::Entity).take();
    for word in &listing.words {
        query.and_where(among(
            Query::select().column(terms::Column::CustomerId).from(terms::Entity).and_where(is(word)),
        ));
    }
    if let Some(email) = &listing.email {
        query.and_where(c(customers::Column::EmailKey).eq(email.key()));
    }
    if let Some(state) = listing.state {
        query.and_where(c(customers::Column::State).eq(state));
    }
    if let Some(tag) = &listing.tag {
        let holds = Expr::col((tags::Entity, tags::Column::TagKey)).eq(fold_key(tag));
        query.and_where(among(
            Query::select().column(tags::Column::CustomerId).from(tags::Entity).and_where(holds),
        ));
    }
    if let Some(group) = listing.group {
        let of_it = Expr::col((members::Entity, members::Column::GroupId)).eq(group.uuid());
        let mut in_it = Query::select();
        query.and_where(among(
            in_it.column(members::Column::CustomerId).from(members::Entity).and_where(of_it),
        ));
    }
    if let Some(yes) = listing.accepts_marketing {
        query.and_where(c(customers::Column::AcceptsMarketing).eq(yes));
    }
    if let Some(moments) = &listing.created {
        query.and_where(within(c(customers::Column::CreatedAt), moments));
    }
    if let Some(moments) = &listing.updated {
        query.and_where(within(c(customers::Column::UpdatedAt), moments));
    }
    let key = match listing.sort {
        // Ids are in the order of time.
        CustomerSort::CreatedAt => Key::Id,
        CustomerSort::UpdatedAt => Key::Time(c(customers::Column::UpdatedAt)),
    };
    let id = c(customers::Column::Id);
    (Keyset { order: ORDERS | listing.sort as u8, key, id, ascending: !listing.reverse }, query)
}

fn c(column: customers::Column) -> SimpleExpr {
    Expr::col((customers::Entity, column))
}

/// The customers whose ids the statement selects, perhaps repeatedly.
fn among(ids: &SelectStatement) -> SimpleExpr {
    c(customers::Column::Id).in_subquery(ids.clone())
}

fn is(word: &Word) -> SimpleExpr {
    let column = Expr::col((terms::Entity, terms::Column::Term));
    if word.prefix { begins(column, &word.text) } else { column.eq(word.text.as_str()) }
}
