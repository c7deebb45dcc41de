//! Where to begin a search: at the rows of an index that hold what is searched for, instead of at every product.

use super::condition::is_word;
use crate::catalog::entities::{product, tag, term, variant};
use crate::db::begins;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr, UnionType};
use stoa_domain::catalog::search::{SearchQuery, SearchTerm, TextField};

/// A statement that selects the ids of all products that could be found, perhaps repeatedly: for an `IN`, which makes
/// each count once. (A DISTINCT would tempt SQLite to walk the whole search index in the order of the products.)
pub(super) struct Finder {
    pub(super) ids: SelectStatement,
    /// How few they are likely to be; the lower the better.
    cost: u8,
}

/// Above this the database does better to walk the list and look at each product.
const WORTHWHILE: u8 = 4;

/// The best place to begin, if there is one that is likely to be better than walking the list.
pub(super) fn finder(query: &SearchQuery) -> Option<Finder> {
    find(query).filter(|finder| finder.cost <= WORTHWHILE)
}

fn find(query: &SearchQuery) -> Option<Finder> {
    match query {
        SearchQuery::All | SearchQuery::Not(_) => None,
        // What satisfies all satisfies the rarest.
        SearchQuery::And(parts) => parts.iter().filter_map(find).min_by_key(|finder| finder.cost),
        // What satisfies any is among what satisfies the one or the other: each must have a place to begin.
        SearchQuery::Or(parts) => {
            let mut finders = parts.iter().map(find).collect::<Option<Vec<_>>>()?.into_iter();
            let first = finders.next()?;
            Some(finders.fold(first, |mut all, next| {
                all.ids.union(UnionType::Distinct, next.ids);
                Finder { ids: all.ids, cost: Ord::max(all.cost, next.cost) }
            }))
        }
        SearchQuery::Term(term) => find_term(term),
    }
}

fn find_term(search: &SearchTerm) -> Option<Finder> {
    let (cost, ids) = match search {
        SearchTerm::Word { field, word } => {
            let mut ids = ids_of(term::Column::ProductId, term::Entity, is_word(word));
            if let Some(field) = field {
                ids.and_where(Expr::col((term::Entity, term::Column::Field)).eq(field.rank()));
            }
            (if word.prefix { 4 } else { 2 }, ids)
        }
        SearchTerm::Is(field, value) => by_text(*field, |column| column.eq(value.as_str()), 0)?,
        SearchTerm::Begins(field, value) if !value.is_empty() => {
            by_text(*field, |column| begins(column, value), 1)?
        }
        SearchTerm::Begins(..)
        | SearchTerm::Available(_)
        | SearchTerm::Price(..)
        | SearchTerm::Created(_)
        | SearchTerm::Updated(_)
        | SearchTerm::Impossible => return None,
    };
    Some(Finder { ids, cost })
}

/// How rare a field's values are, and the products that have one. A handle is its product's alone, a SKU nearly; a tag
/// may be anywhere; a vendor may make everything.
fn by_text(
    field: TextField,
    holds: impl FnOnce(SimpleExpr) -> SimpleExpr,
    more: u8,
) -> Option<(u8, SelectStatement)> {
    let product = |column: product::Column| Expr::col((product::Entity, column));
    let (cost, ids) = match field {
        TextField::Handle => {
            (0, ids_of(product::Column::Id, product::Entity, holds(product(product::Column::Handle))))
        }
        TextField::Sku => {
            let sku = Expr::col((variant::Entity, variant::Column::SkuKey));
            (1, ids_of(variant::Column::ProductId, variant::Entity, holds(sku)))
        }
        TextField::Tag => {
            let key = Expr::col((tag::Entity, tag::Column::TagKey));
            (3, ids_of(tag::Column::ProductId, tag::Entity, holds(key)))
        }
        TextField::Vendor | TextField::ProductType => {
            let key = if field == TextField::Vendor {
                product::Column::VendorKey
            } else {
                product::Column::TypeKey
            };
            // The indexes on them hold what is listed.
            let listed = product(product::Column::ListedAt).is_not_null();
            (WORTHWHILE + 1, ids_of(product::Column::Id, product::Entity, holds(product(key)).and(listed)))
        }
    };
    Some((cost + more, ids))
}

fn ids_of<T, C>(id: C, table: T, holds: SimpleExpr) -> SelectStatement
where
    T: sea_orm::EntityTrait<Column = C> + sea_orm::sea_query::IntoTableRef,
    C: sea_orm::ColumnTrait,
{
    Query::select().column((table, id)).from(table).and_where(holds).take()
}
