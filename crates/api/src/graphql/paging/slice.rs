//! Pages of lists that are held in memory.

use super::{Connection, Edge, PageArgs};
use crate::graphql::ApiError;
use stoa_domain::shared::page::{Cursor, CursorKey, InvalidCursor, PageInfo};
use uuid::Uuid;

/// The order written into the cursors of such lists, so that a cursor of a stored list is refused.
const IN_MEMORY: u8 = u8::MAX;

/// Cuts a page out of a list. `id` identifies an item; `make` makes the node of an item, by its index in `items`, for
/// those on the page only.
///
/// A cursor names its item, so that adding or removing others does not move the page; where its item is gone, the place
/// where it stood counts.
///
/// # Errors
/// [`ApiError::BAD_USER_INPUT`] for arguments that make no sense, and for a cursor that is none of such a list.
pub fn page_of<T, N>(
    items: &[T],
    reverse: bool,
    args: &PageArgs,
    id: impl Fn(&T) -> Uuid,
    mut make: impl FnMut(usize) -> N,
) -> Result<Connection<N>, ApiError> {
    let request = args.request()?;
    request.check_order(IN_MEMORY)?;
    let len = items.len();
    let at = |position: usize| if reverse { len - 1 - position } else { position };
    let place = |cursor: &Cursor| {
        let found = (0..len).find(|position| id(&items[at(*position)]) == cursor.id);
        found.map_or_else(|| stood(cursor).map(|gap| gap.min(len)..gap.min(len)), |at| Ok(at..at + 1))
    };
    let from = request.after.as_ref().map_or(Ok(0), |after| place(after).map(|place| place.end))?;
    let to = request.before.as_ref().map_or(Ok(len), |before| place(before).map(|place| place.start))?;
    let to = to.max(from);
    let size = usize::try_from(request.size).unwrap_or(usize::MAX);
    let page = if request.from_end {
        from.max(to.saturating_sub(size))..to
    } else {
        from..to.min(from.saturating_add(size))
    };
    let info = PageInfo { has_next: page.end < len, has_previous: page.start > 0 };
    let edges = page
        .map(|position| {
            let index = at(position);
            let key = CursorKey::Number(i64::try_from(position).unwrap_or(i64::MAX));
            Edge { cursor: Cursor { order: IN_MEMORY, key, id: id(&items[index]) }, node: make(index) }
        })
        .collect();
    Ok(Connection::new(edges, info))
}

/// Where the item of a cursor stood when the cursor was made.
fn stood(cursor: &Cursor) -> Result<usize, InvalidCursor> {
    match cursor.key {
        CursorKey::Number(position) => usize::try_from(position).map_err(|_| InvalidCursor),
        _ => Err(InvalidCursor),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u32) -> Uuid {
        Uuid::from_u128(u128::from(n))
    }

    fn page(items: &[u32], reverse: bool, args: &PageArgs) -> Connection<u32> {
        page_of(items, reverse, args, |n| id(*n), |at| items[at])
            .unwrap_or_else(|_| panic!("valid arguments"))
    }

    fn nodes(page: &Connection<u32>) -> Vec<u32> {
        page.edges.iter().map(|edge| edge.node).collect()
    }

    fn first(first: i32, after: Option<String>) -> PageArgs {
        PageArgs { first: Some(first), after, ..PageArgs::default() }
    }

    const ITEMS: [u32; 5] = [10, 20, 30, 40, 50];

    #[test]
    fn walking_forward_meets_each_item_once() {
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = page(&ITEMS, false, &first(2, after));
            assert_eq!(page.has_previous, !seen.is_empty());
            seen.extend(nodes(&page));
            if !page.has_next {
                break;
            }
            after = page.info().end.map(|cursor| cursor.encode());
        }
        assert_eq!(seen, ITEMS);
    }

    #[test]
    fn walking_backward_meets_each_item_once() {
        let mut seen = Vec::new();
        let mut before = None;
        loop {
            let page = page(&ITEMS, false, &PageArgs { last: Some(2), before, ..PageArgs::default() });
            seen.splice(0..0, nodes(&page));
            if !page.has_previous {
                break;
            }
            before = page.info().start.map(|cursor| cursor.encode());
        }
        assert_eq!(seen, ITEMS);
    }

    #[test]
    fn reverse_turns_the_list_before_it_is_cut() {
        let page_one = page(&ITEMS, true, &first(2, None));
        assert_eq!(nodes(&page_one), [50, 40]);
        let after = page_one.info().end.map(|cursor| cursor.encode());
        assert_eq!(nodes(&page(&ITEMS, true, &first(9, after))), [30, 20, 10]);
    }

    #[test]
    fn an_item_that_is_gone_leaves_its_place() {
        let after = page(&ITEMS, false, &first(2, None)).info().end.map(|cursor| cursor.encode());
        assert_eq!(nodes(&page(&[10, 30, 40, 50], false, &first(9, after))), [30, 40, 50]);
    }

    #[test]
    fn both_cursors_bound_the_page() {
        let all = page(&ITEMS, false, &first(5, None));
        let cursor = |at: usize| Some(all.edges[at].cursor.encode());
        let between = PageArgs { after: cursor(0), before: cursor(4), first: Some(9), last: None };
        assert_eq!(nodes(&page(&ITEMS, false, &between)), [20, 30, 40]);
        let nothing = PageArgs { after: cursor(3), before: cursor(1), first: Some(9), last: None };
        assert_eq!(nodes(&page(&ITEMS, false, &nothing)), [0_u32; 0]);
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let of_a_stored_list = Cursor { order: 3, key: CursorKey::Id, id: id(10) }.encode();
        for wrong in ["", "MTI", "not a cursor", "äöü", &of_a_stored_list] {
            let refused =
                page_of(&ITEMS, false, &first(1, Some(wrong.to_owned())), |n| id(*n), |at| ITEMS[at]);
            assert!(matches!(refused, Err(ApiError::Request { code: "BAD_USER_INPUT", .. })), "{wrong}");
        }
    }
}
