//! Codes, as staff see them.

use super::*;
use crate::{
    pricing::sample::{id, promotion},
    promotion::{NewCode, add_codes, add_to_batch, insert, insert_batch},
    testing::{TestShop, at},
};
use stoa_domain::pricing::EnteredCode;

fn key(text: &str) -> CodeKey {
    CodeKey::of(text).unwrap()
}

fn all_of(n: u128) -> CodesListing {
    CodesListing { promotion: id(n), batch: None, beginning: None }
}

async fn add(shop: &TestShop, n: u128, texts: &[&str]) {
    shop.tx(async |tx| insert(tx, &promotion(n), at(0)).await).await;
    let codes: Vec<NewCode> =
        texts.iter().map(|text| NewCode { code: EnteredCode::parse(text).unwrap(), most: Some(3) }).collect();
    shop.tx(async |tx| add_codes(tx, id(n), &codes, at(1)).await).await;
}

async fn listed(shop: &TestShop, listing: &CodesListing, from_end: bool) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut request = PageRequest { from_end, ..PageRequest::first(2) };
    loop {
        let before = shop.db.statements();
        let page = list_codes(shop.db.read(), listing, &request).await.unwrap();
        assert_eq!(shop.db.statements() - before, 1);
        let keys: Vec<String> = page.nodes().map(ToString::to_string).collect();
        let (more, cursor) = if from_end {
            found.splice(0..0, keys);
            (page.info.has_previous, page.rows.first().map(|row| row.cursor.clone()))
        } else {
            found.extend(keys);
            (page.info.has_next, page.rows.last().map(|row| row.cursor.clone()))
        };
        match (more, from_end) {
            (false, _) => return found,
            (true, true) => request.before = cursor,
            (true, false) => request.after = cursor,
        }
    }
}

#[tokio::test]
async fn codes_are_walked_both_ways_and_found_by_how_they_begin() {
    let shop = TestShop::open().await;
    add(&shop, 1, &["b2", "A%1", "b1", "a_2", "C"]).await;
    add(&shop, 2, &["B3"]).await;
    let everything = ["A%1", "A_2", "B1", "B2", "C"];
    for from_end in [false, true] {
        assert_eq!(listed(&shop, &all_of(1), from_end).await, everything);
    }
    for (beginning, expected) in
        [("b", &["B1", "B2"][..]), ("a%", &["A%1"]), ("A_", &["A_2"]), ("%", &[]), (" ", &everything)]
    {
        let listing = CodesListing { beginning: Some(beginning.to_owned()), ..all_of(1) };
        assert_eq!(listed(&shop, &listing, false).await, expected, "{beginning}");
    }
    let read = shop.db.read();
    let found = codes_by_keys(read, id(1), &[key("c"), key("b3"), key("a%1")]).await.unwrap();
    assert_eq!(found.iter().map(|code| code.code.as_str()).collect::<Vec<_>>(), ["C", "A%1"], "of its own");
    let StaffCode { used, most, disabled_at, created_at, batch, .. } = &found[0];
    assert_eq!((*used, *most, *disabled_at, *created_at, *batch), (0, Some(3), None, at(1), None));
    let mut taken = taken_codes(read, &[key("B1"), key("nothing"), key("b3")]).await.unwrap();
    taken.sort_unstable();
    assert_eq!(taken, [key("B1"), key("B3")], "of whichever promotion");
}

#[tokio::test]
async fn codes_are_taken_out_part_by_part() {
    let shop = TestShop::open().await;
    add(&shop, 1, &["a", "b", "c", "d", "e"]).await;
    let (mut found, mut at) = (Vec::new(), None);
    loop {
        let part = codes_after(shop.db.read(), &all_of(1), at.as_ref(), 2).await.unwrap();
        let Some(last) = part.last() else { break };
        at = Some(last.key.clone());
        found.extend(part.into_iter().map(|code| code.code));
    }
    assert_eq!(found, ["a", "b", "c", "d", "e"]);
}

#[tokio::test]
async fn codes_are_switched_off_once_by_name_or_by_batch() {
    let shop = TestShop::open().await;
    add(&shop, 1, &["a", "b"]).await;
    add(&shop, 2, &["c"]).await;
    let batch = CodeBatch {
        id: id(7),
        promotion: id(1),
        wanted: 2,
        made: 0,
        prefix: "X".into(),
        length: 8,
        most: None,
        created_by: "Eve".into(),
    };
    shop.tx(async |tx| insert_batch(tx, &batch, at(2)).await).await;
    let made = ["X1".to_owned(), "X2".to_owned()];
    shop.tx(async |tx| add_to_batch(tx, &batch, &made, at(3)).await).await;
    let off =
        async |which: CodesToDisable| shop.tx(async |tx| disable_codes(tx, id(1), &which, at(4)).await).await;
    let these = CodesToDisable::These(vec![key("A"), key("c"), key("nothing")]);
    assert_eq!((off(these.clone()).await, off(these).await), (1, 0));
    assert_eq!((off(CodesToDisable::Batch(id(7))).await, off(CodesToDisable::Batch(id(7))).await), (2, 0));
    let read = shop.db.read();
    let on = async |n: u128| {
        let codes = codes_after(read, &all_of(n), None, 9).await.unwrap();
        codes.into_iter().filter(|c| c.disabled_at.is_none()).map(|c| c.code).collect::<Vec<_>>()
    };
    assert_eq!((on(1).await, on(2).await), (vec!["b".to_owned()], vec!["c".to_owned()]));
    let of_batch = CodesListing { batch: Some(id(7)), ..all_of(1) };
    assert_eq!(codes_after(read, &of_batch, None, 9).await.unwrap().len(), 2);

    let known = find_batch(read, id(7)).await.unwrap().unwrap();
    assert_eq!((known.batch.made, known.created_at), (2, at(2)));
    assert_eq!(batches_of(read, id(1)).await.unwrap(), [known]);
    assert_eq!(batches_of(read, id(2)).await.unwrap(), []);
    assert_eq!(find_batch(read, id(8)).await.unwrap(), None);
}
