//! Cursors survive the journey, and pages cut lists where they should.

use super::*;
use proptest::prelude::*;

fn cursor(n: i64) -> Cursor {
    Cursor { order: 9, key: CursorKey::Number(n), id: Uuid::nil() }
}

#[test]
fn arguments_must_say_which_page() {
    let page = |first, last| PageRequest::try_new(first, last, None, None);
    assert_eq!(page(None, None), Err(InvalidPage::SizeMissing));
    assert_eq!(page(Some(1), Some(1)), Err(InvalidPage::BothEnds));
    assert_eq!(page(Some(-1), None), Err(InvalidPage::SizeOutOfRange));
    assert_eq!(page(None, Some(251)), Err(InvalidPage::SizeOutOfRange));
    assert_eq!(page(Some(250), None).unwrap().size, 250);
    assert!(page(None, Some(0)).unwrap().from_end);
    let bad = PageRequest::try_new(Some(1), None, Some("not a cursor!"), None);
    assert_eq!(bad, Err(InvalidPage::Cursor));
}

#[test]
fn a_cursor_of_another_order_is_refused() {
    let after = cursor(1).encode();
    let page = PageRequest::try_new(Some(1), None, Some(&after), None).unwrap();
    assert_eq!(page.check_order(9), Ok(()));
    assert_eq!(page.check_order(8), Err(InvalidCursor));
}

proptest! {
    #[test]
    fn a_cursor_comes_back_as_it_was(order: u8, kind in 0..3, number: i64, text: String, id: u128) {
        let key = match kind {
            0 => CursorKey::Id,
            1 => CursorKey::Number(number),
            _ => CursorKey::Text(text),
        };
        let cursor = Cursor { order, key, id: Uuid::from_u128(id) };
        prop_assert_eq!(Cursor::decode(&cursor.encode()), Ok(cursor));
    }

    #[test]
    fn nonsense_is_refused_and_never_panics(text in "[A-Za-z0-9_=-]{0,60}") {
        if let Ok(cursor) = Cursor::decode(&text) {
            prop_assert_eq!(Cursor::decode(&cursor.encode()), Ok(cursor));
        }
    }
}

#[test]
fn no_list_is_asked_for_what_follows_a_nul() {
    let text =
        |key: &str| Cursor { order: 1, key: CursorKey::Text(key.to_owned()), id: Uuid::nil() }.encode();
    assert!(Cursor::decode(&text("ab")).is_ok());
    assert_eq!(Cursor::decode(&text("a\0b")), Err(InvalidCursor));
}

#[test]
fn a_walk_becomes_a_page_in_the_order_of_the_list() {
    let row = |n: i64| PageRow { cursor: cursor(n), node: n };
    let nodes = |page: &Page<i64>| page.nodes().copied().collect::<Vec<_>>();
    let forward = Page::from_walk(vec![row(1), row(2), row(3)], &PageRequest::first(2));
    assert_eq!(nodes(&forward), [1, 2]);
    assert_eq!(forward.info, PageInfo { has_previous: false, has_next: true });
    let last = PageRequest { from_end: true, before: Some(cursor(9)), ..PageRequest::first(2) };
    let backward = Page::from_walk(vec![row(8), row(7), row(6)], &last);
    assert_eq!(nodes(&backward), [7, 8]);
    assert_eq!(backward.info, PageInfo { has_previous: true, has_next: true });
    let all = Page::from_walk(vec![row(1)], &PageRequest::first(2));
    assert_eq!(all.info, PageInfo::default());
    assert_eq!(nodes(&all.map(|n| n * 10)), [10]);
}
