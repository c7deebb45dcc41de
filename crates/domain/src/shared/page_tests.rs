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

#[test]
fn a_list_in_memory_is_cut_like_any_other() {
    let rows = [10, 11, 12, 13];
    let cut = |request: PageRequest| {
        let (range, info) = request.slice(&rows, 9).unwrap();
        (rows[range].to_vec(), info.has_previous, info.has_next)
    };
    assert_eq!(cut(PageRequest::first(2)), (vec![10, 11], false, true));
    let after = PageRequest { after: Some(cursor(1)), ..PageRequest::first(2) };
    assert_eq!(cut(after.clone()), (vec![12, 13], true, false));
    let last = PageRequest { from_end: true, before: Some(cursor(3)), ..PageRequest::first(2) };
    assert_eq!(cut(last), (vec![11, 12], true, true));
    assert_eq!(cut(PageRequest { after: Some(cursor(99)), ..after.clone() }).0, Vec::<i32>::new());
    assert_eq!(cut(PageRequest { before: Some(cursor(0)), ..after }).0, Vec::<i32>::new());
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
