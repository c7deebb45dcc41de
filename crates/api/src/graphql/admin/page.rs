//! Pages whose rows are ids: what they are of is read in one go.

use crate::graphql::paging::{Connection, Edge};
use std::{collections::HashMap, hash::Hash};
use stoa_domain::shared::page::Page;

/// The ids of a page.
pub(super) fn ids<I: Copy>(page: &Page<I>) -> Vec<I> {
    page.rows.iter().map(|row| row.node).collect()
}

/// A page of what was found under its ids. What has gone meanwhile is left out.
pub(super) fn filled<I, T, N>(
    page: &Page<I>,
    found: Vec<T>,
    id: impl Fn(&T) -> I,
    node: impl Fn(T) -> N,
) -> Connection<N>
where
    I: Copy + Eq + Hash,
{
    let mut found: HashMap<I, T> = found.into_iter().map(|one| (id(&one), one)).collect();
    let edges = page.rows.iter().filter_map(|row| {
        found.remove(&row.node).map(|one| Edge { cursor: row.cursor.clone(), node: node(one) })
    });
    Connection::new(edges.collect(), page.info)
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::shared::page::{Cursor, CursorKey, PageInfo, PageRow};
    use uuid::Uuid;

    #[test]
    fn what_has_gone_is_left_out_and_the_order_stays() {
        let row = |n: u32| {
            let cursor = Cursor { order: 1, key: CursorKey::Id, id: Uuid::from_u128(n.into()) };
            PageRow { cursor, node: n }
        };
        let page = Page { rows: vec![row(3), row(2), row(1)], info: PageInfo::default() };
        assert_eq!(ids(&page), [3, 2, 1]);
        let filled = filled(&page, vec![(1, "one"), (3, "three")], |one| one.0, |one| one.1);
        let nodes: Vec<_> = filled.edges.iter().map(|edge| (edge.cursor.id.as_u128(), edge.node)).collect();
        assert_eq!(nodes, [(3, "three"), (1, "one")]);
    }
}
