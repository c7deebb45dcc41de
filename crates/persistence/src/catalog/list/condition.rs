//! Conditions on products, as SQL.

use crate::catalog::entities::{option, option_value, product, tag, term, variant};
use crate::db::{begins, stored, within};
use crate::inventory::item;
use sea_orm::{
    Condition, EntityTrait,
    sea_query::{Expr, ExprTrait, IntoColumnRef, IntoTableRef, Query, SelectStatement, SimpleExpr},
};
use std::collections::BTreeMap;
use stoa_domain::{
    catalog::{
        filter::ProductFilter,
        fold_key,
        search::{Comparison, SearchQuery, SearchTerm, TextField, Word},
    },
    shared::Timestamp,
};

/// A column of the product at hand.
pub(super) fn p(column: product::Column) -> SimpleExpr {
    Expr::col((product::Entity, column))
}

/// What shoppers may see. Written so that no index on `listed_at` looks attractive: every list has a better one, and
/// their predicate is the first half.
pub(super) fn listed(now: Timestamp) -> Condition {
    Condition::all()
        .add(p(product::Column::ListedAt).is_not_null())
        .add(p(product::Column::ListedAt).gt(stored(now)).not())
}

/// What a search finds.
pub(super) fn found_by(query: &SearchQuery) -> Condition {
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
        SearchTerm::Word { field, word } => {
            let mut words = rows_of(term::Entity, (term::Entity, term::Column::ProductId));
            words.and_where(is_word(word));
            if let Some(field) = field {
                words.and_where(Expr::col((term::Entity, term::Column::Field)).eq(field.rank()));
            }
            Expr::exists(words)
        }
        SearchTerm::Is(field, value) => text(*field, |column| column.eq(value.as_str())),
        SearchTerm::Begins(field, value) if value.is_empty() => text(*field, |column| column.ne("")),
        SearchTerm::Begins(field, value) => text(*field, |column| begins(column, value)),
        SearchTerm::Available(yes) => available(*yes),
        SearchTerm::Price(comparison, minor) => price(*comparison, *minor),
        SearchTerm::Created(moments) => within(p(product::Column::CreatedAt), moments),
        SearchTerm::Updated(moments) => within(p(product::Column::UpdatedAt), moments),
        SearchTerm::Impossible => never(),
    }
}

/// No row.
pub(super) fn never() -> SimpleExpr {
    Expr::value(1).eq(0)
}

/// The word, or a word that begins so.
pub(super) fn is_word(word: &Word) -> SimpleExpr {
    let column = Expr::col((term::Entity, term::Column::Term));
    if word.prefix { begins(column, &word.text) } else { column.eq(word.text.as_str()) }
}

fn text(field: TextField, holds: impl FnOnce(SimpleExpr) -> SimpleExpr) -> SimpleExpr {
    match field {
        TextField::Vendor => holds(p(product::Column::VendorKey)),
        TextField::ProductType => holds(p(product::Column::TypeKey)),
        TextField::Handle => holds(p(product::Column::Handle)),
        TextField::Tag => {
            let mut tags = rows_of(tag::Entity, (tag::Entity, tag::Column::ProductId));
            tags.and_where(holds(Expr::col((tag::Entity, tag::Column::TagKey))));
            Expr::exists(tags)
        }
        TextField::Sku => {
            let mut variants = variants();
            variants.and_where(holds(Expr::col((variant::Entity, variant::Column::SkuKey))));
            Expr::exists(variants)
        }
    }
}

/// The rows of a table that belong to the product at hand.
fn rows_of<T>(table: T, product_id: (T, <T as EntityTrait>::Column)) -> SelectStatement
where
    T: EntityTrait + IntoTableRef,
    (T, <T as EntityTrait>::Column): IntoColumnRef,
{
    Query::select()
        .expr(Expr::value(1))
        .from(table)
        .and_where(Expr::col(product_id).equals((product::Entity, product::Column::Id)))
        .take()
}

fn variants() -> SelectStatement {
    rows_of(variant::Entity, (variant::Entity, variant::Column::ProductId))
}

/// Whether a variant can be bought, by the shop's stock.
fn available(yes: bool) -> SimpleExpr {
    let i = |column: item::Column| Expr::col((item::Entity, column));
    let mut buyable = variants();
    buyable
        .inner_join(item::Entity, i(item::Column::VariantId).equals((variant::Entity, variant::Column::Id)))
        .cond_where(
            Condition::any()
                .add(i(item::Column::Tracked).eq(false))
                .add(i(item::Column::BackorderLimit).is_null())
                .add(
                    i(item::Column::OnHand)
                        .add(i(item::Column::BackorderLimit))
                        .gt(i(item::Column::Allocated)),
                ),
        );
    if yes { Expr::exists(buyable) } else { Expr::exists(buyable).not() }
}

/// Whether a variant's price compares so. The range that the product keeps answers all but equality.
fn price(comparison: Comparison, minor: i64) -> SimpleExpr {
    let (min, max) = (p(product::Column::MinPrice), p(product::Column::MaxPrice));
    match comparison {
        Comparison::Less => min.lt(minor),
        Comparison::AtMost => min.lte(minor),
        Comparison::AtLeast => max.gte(minor),
        Comparison::Greater => max.gt(minor),
        Comparison::Equal => price_between(Some(minor), Some(minor)),
    }
}

fn price_between(min: Option<i64>, max: Option<i64>) -> SimpleExpr {
    match (min, max) {
        (None, None) => Expr::value(1).eq(1),
        (Some(min), None) => p(product::Column::MaxPrice).gte(min),
        (None, Some(max)) => p(product::Column::MinPrice).lte(max),
        (Some(min), Some(max)) => {
            let mut priced = variants();
            priced.and_where(Expr::col((variant::Entity, variant::Column::Price)).between(min, max));
            let overlaps = p(product::Column::MaxPrice).gte(min).and(p(product::Column::MinPrice).lte(max));
            overlaps.and(Expr::exists(priced))
        }
    }
}

/// What passes the filters: any of one kind, of every kind.
pub(super) fn passes(filters: &[ProductFilter]) -> Condition {
    let mut kinds: BTreeMap<(u8, String), Condition> = BTreeMap::new();
    for filter in filters {
        let (kind, holds) = condition(filter);
        let any = kinds.remove(&kind).unwrap_or_else(Condition::any);
        kinds.insert(kind, any.add(holds));
    }
    kinds.into_values().fold(Condition::all(), Condition::add)
}

/// A filter's kind (for option values, that of their option) and its condition.
fn condition(filter: &ProductFilter) -> ((u8, String), SimpleExpr) {
    let is = |field, value: &str| text(field, |column| column.eq(fold_key(value)));
    match filter {
        ProductFilter::Available(yes) => ((0, String::new()), available(*yes)),
        ProductFilter::Price { min, max } => ((1, String::new()), price_between(*min, *max)),
        ProductFilter::ProductType(value) => ((2, String::new()), is(TextField::ProductType, value)),
        ProductFilter::Vendor(value) => ((3, String::new()), is(TextField::Vendor, value)),
        ProductFilter::Tag(value) => ((4, String::new()), is(TextField::Tag, value)),
        ProductFilter::VariantOption { name, value } => {
            let option = fold_key(name);
            let holds = chooses(&option, &fold_key(value));
            ((5, option), holds)
        }
    }
}

/// Whether a variant has this value of this option.
fn chooses(name: &str, value: &str) -> SimpleExpr {
    let o = |column: option::Column| Expr::col((option::Entity, column));
    let v = |column: option_value::Column| Expr::col((option_value::Entity, column));
    let mut has = Condition::any();
    for (position, column) in
        [(1_i16, variant::Column::Option1), (2, variant::Column::Option2), (3, variant::Column::Option3)]
    {
        has = has.add(
            o(option::Column::Position)
                .eq(position)
                .and(v(option_value::Column::Number).equals((variant::Entity, column))),
        );
    }
    let mut choosing = variants();
    choosing
        .inner_join(
            option_value::Entity,
            v(option_value::Column::ProductId).equals((variant::Entity, variant::Column::ProductId)),
        )
        .inner_join(
            option::Entity,
            o(option::Column::Id).equals((option_value::Entity, option_value::Column::OptionId)),
        )
        .and_where(o(option::Column::NameKey).eq(name))
        .and_where(v(option_value::Column::NameKey).eq(value))
        .cond_where(has);
    Expr::exists(choosing)
}
