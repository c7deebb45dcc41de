//! The staff's list of promotions: pages of ids, by keyset. Each page is one statement.

use super::{PromotionState, entities::promotions};
use crate::db::{Conn, Key, Keyset, ListError};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, Query};
use stoa_domain::{
    catalog::fold_key,
    shared::{
        PromotionId,
        page::{Page, PageRequest},
    },
};

/// Cursors of this list carry this.
const ORDER: u8 = 0xb0;

/// Which promotions are listed: those of which all of it is true. Nothing said is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromotionsListing {
    /// In this state.
    pub state: Option<PromotionState>,
    /// Whose title has this somewhere, in any letter case.
    pub title: Option<String>,
    /// The latest first.
    pub reverse: bool,
}

/// A page of promotions, in the order in which they were made. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_promotions(
    conn: &impl Conn,
    listing: &PromotionsListing,
    request: &PageRequest,
) -> Result<Page<PromotionId>, ListError> {
    let p = |column: promotions::Column| Expr::col((promotions::Entity, column));
    let mut query = Query::select().from(promotions::Entity).take();
    if let Some(state) = listing.state {
        query.and_where(p(promotions::Column::State).eq(state.name()));
    }
    if let Some(title) = &listing.title {
        query.and_where(p(promotions::Column::TitleKey).like(somewhere(&fold_key(title))));
    }
    let keyset =
        Keyset { order: ORDER, key: Key::Id, id: p(promotions::Column::Id), ascending: !listing.reverse };
    keyset.page(conn, &mut query, request).await
}

/// A pattern of texts that have this one in them, whatever characters it has.
fn somewhere(text: &str) -> LikeExpr {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('!')
}
