//! Lists of the shop's products.

use super::{
    ListError,
    condition::{found_by, is_word, listed, p},
    finder::finder,
};
use crate::catalog::entities::{product, term};
use crate::db::{Conn, Key, Keyset};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr};
use stoa_domain::{
    catalog::{
        ProductListing, ProductStatus,
        search::{TermField, Word},
        sort::ProductSort,
    },
    shared::{
        ProductId, Timestamp,
        page::{Page, PageRequest},
    },
};

/// Cursors of these lists carry this and the sort key.
const ORDERS: u8 = 0x10;
/// Words that count for relevance; a long question is not judged by all of its words.
const SCORED_WORDS: usize = 8;
const SCORE: &str = "score";
const SCORED: &str = "scored";
const FOUND: &str = "product_id";

/// A page of the products that shoppers may see. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_products(
    conn: &impl Conn,
    listing: &ProductListing,
    request: &PageRequest,
    now: Timestamp,
) -> Result<Page<ProductId>, ListError> {
    let (keyset, mut query) = plan(listing, listed(now));
    keyset.page(conn, &mut query, request).await
}

/// A page of all products, or of those in a state, whether or not shoppers may see them: for staff. One statement. An index serves the
/// order of ids alone; in the others all that is found is sorted.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_all_products(
    conn: &impl Conn,
    listing: &ProductListing,
    status: Option<ProductStatus>,
    request: &PageRequest,
) -> Result<Page<ProductId>, ListError> {
    let in_state = status.map(|status| p(product::Column::Status).eq(status.name()));
    let (keyset, mut query) = plan(listing, Condition::all().add_option(in_state));
    keyset.page(conn, &mut query, request).await
}

/// The statement behind [`list_products`].
#[cfg(test)]
pub(in crate::catalog) fn statement(
    listing: &ProductListing,
    request: &PageRequest,
    now: Timestamp,
) -> Result<SelectStatement, ListError> {
    let (keyset, mut query) = plan(listing, listed(now));
    keyset.narrow(&mut query, request)?;
    Ok(query)
}

fn plan(listing: &ProductListing, which: Condition) -> (Keyset, SelectStatement) {
    let mut query =
        Query::select().from(product::Entity).cond_where(which).cond_where(found_by(&listing.query)).take();
    if let Some(finder) = finder(&listing.query) {
        query.and_where(p(product::Column::Id).in_subquery(finder.ids));
    }
    let words = listing.query.words();
    let sort = match listing.sort {
        ProductSort::Relevance if words.is_empty() => ProductSort::Id,
        sort => sort,
    };
    let order = ORDERS | sort as u8;
    if sort == ProductSort::Relevance {
        // Scored below, so that the score is computed once and then both compared and sorted by.
        query.expr_as(score(&words), SCORE).expr_as(p(product::Column::Id), FOUND);
        let scored = Query::select().from_subquery(query, SCORED).take();
        let keyset = Keyset {
            order,
            key: Key::Number(Expr::col((SCORED, SCORE))),
            id: Expr::col((SCORED, FOUND)),
            ascending: !listing.reverse,
        };
        return (keyset, scored);
    }
    let key = match sort {
        ProductSort::Id | ProductSort::Relevance => Key::Id,
        ProductSort::BestSelling => Key::Number(p(product::Column::Sales)),
        ProductSort::CreatedAt => Key::Time(p(product::Column::CreatedAt)),
        ProductSort::Price => Key::Number(p(product::Column::MinPrice)),
        ProductSort::ProductType => Key::Text(p(product::Column::TypeKey)),
        ProductSort::Title => Key::Text(p(product::Column::TitleKey)),
        ProductSort::UpdatedAt => Key::Time(p(product::Column::UpdatedAt)),
        ProductSort::Vendor => Key::Text(p(product::Column::VendorKey)),
    };
    // The best-selling are those with the highest figures.
    let ascending = (sort == ProductSort::BestSelling) == listing.reverse;
    (Keyset { order, key, id: p(product::Column::Id), ascending }, query)
}

/// How well a product matches: for each word the rank of the best field it stands in; the lower the better.
fn score(words: &[&Word]) -> SimpleExpr {
    let best = |word: &&Word| {
        let rank = Query::select()
            .expr(Expr::col((term::Entity, term::Column::Field)).min())
            .from(term::Entity)
            .and_where(
                Expr::col((term::Entity, term::Column::ProductId))
                    .equals((product::Entity, product::Column::Id)),
            )
            .and_where(is_word(word))
            .take();
        let rank = SimpleExpr::from(Func::coalesce([rank.into(), Expr::value(TermField::NOWHERE)]));
        rank.cast_as("bigint")
    };
    words.iter().take(SCORED_WORDS).map(best).reduce(ExprTrait::add).unwrap_or_else(|| Expr::value(0_i64))
}
