//! Lists of the shop's collections.

use super::{ListError, condition::never};
use crate::catalog::entities::collection;
use crate::db::{Conn, Key, Keyset, begins, stored, within};
use sea_orm::{
    Condition,
    sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr},
};
use stoa_domain::{
    catalog::{
        CollectionsListing,
        search::{SearchQuery, SearchTerm, TermField, TextField, Word},
        sort::CollectionSort,
    },
    shared::{
        CollectionId, Timestamp,
        page::{Page, PageRequest},
    },
};

/// Cursors of these lists carry this and the sort key.
const ORDERS: u8 = 0x50;

/// A page of the collections that shoppers may see. One statement; a search looks at every collection, of which a shop
/// has few.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_collections(
    conn: &impl Conn,
    listing: &CollectionsListing,
    request: &PageRequest,
    now: Timestamp,
) -> Result<Page<CollectionId>, ListError> {
    let published = Condition::all()
        .add(c(collection::Column::PublishedAt).is_not_null())
        .add(c(collection::Column::PublishedAt).gt(stored(now)).not());
    let (keyset, mut query) = plan(listing, published);
    keyset.page(conn, &mut query, request).await
}

/// A page of all collections, whether or not shoppers may see them: for staff. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_all_collections(
    conn: &impl Conn,
    listing: &CollectionsListing,
    request: &PageRequest,
) -> Result<Page<CollectionId>, ListError> {
    let (keyset, mut query) = plan(listing, Condition::all());
    keyset.page(conn, &mut query, request).await
}

fn plan(listing: &CollectionsListing, which: Condition) -> (Keyset, SelectStatement) {
    let query = Query::select()
        .from(collection::Entity)
        .cond_where(which)
        .cond_where(found_by(&listing.query))
        .take();
    let sort = if listing.sort == CollectionSort::Relevance { CollectionSort::Id } else { listing.sort };
    let key = match sort {
        CollectionSort::Id | CollectionSort::Relevance => Key::Id,
        CollectionSort::Title => Key::Text(c(collection::Column::TitleKey)),
        CollectionSort::UpdatedAt => Key::Time(c(collection::Column::UpdatedAt)),
    };
    let keyset = Keyset {
        order: ORDERS | sort as u8,
        key,
        id: c(collection::Column::Id),
        ascending: !listing.reverse,
    };
    (keyset, query)
}

fn c(column: collection::Column) -> SimpleExpr {
    Expr::col((collection::Entity, column))
}

fn found_by(query: &SearchQuery) -> Condition {
    match query {
        SearchQuery::All => Condition::all(),
        SearchQuery::And(parts) => parts.iter().fold(Condition::all(), |all, part| all.add(found_by(part))),
        SearchQuery::Or(parts) => parts.iter().fold(Condition::any(), |any, part| any.add(found_by(part))),
        SearchQuery::Not(part) => found_by(part).not(),
        SearchQuery::Term(term) => Condition::all().add(satisfies(term)),
    }
}

fn satisfies(term: &SearchTerm) -> SimpleExpr {
    match term {
        SearchTerm::Word { field: None | Some(TermField::Title), word } => title_has(word),
        SearchTerm::Is(TextField::Handle, value) => c(collection::Column::Handle).eq(value.as_str()),
        SearchTerm::Begins(TextField::Handle, value) => begins(c(collection::Column::Handle), value),
        SearchTerm::Created(moments) => within(c(collection::Column::CreatedAt), moments),
        SearchTerm::Updated(moments) => within(c(collection::Column::UpdatedAt), moments),
        // Only products have these.
        SearchTerm::Word { .. }
        | SearchTerm::Is(..)
        | SearchTerm::Begins(..)
        | SearchTerm::Available(_)
        | SearchTerm::Price(..)
        | SearchTerm::Impossible => never(),
    }
}

/// Words are letters and digits, so none needs escaping in a pattern.
fn title_has(word: &Word) -> SimpleExpr {
    let end = if word.prefix { "" } else { "-" };
    c(collection::Column::TitleWords).like(format!("%-{}{end}%", word.text))
}
