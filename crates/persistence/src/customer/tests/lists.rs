//! The staff's lists.

use super::*;
use crate::db::ListError;
use stoa_domain::{
    catalog::search::{Moments, Word},
    shared::page::{Cursor, PageRequest},
};

fn word(text: &str) -> Word {
    Word { text: text.trim_end_matches('*').to_owned(), prefix: text.ends_with('*') }
}

async fn listed(shop: &TestShop, listing: &CustomersListing) -> Vec<String> {
    let page = list_customers(shop.db.read(), listing, &PageRequest::first(250)).await.unwrap();
    let ids: Vec<CustomerId> = page.nodes().copied().collect();
    let found = find_all(shop.db.read(), &ids).await.unwrap();
    found.into_iter().map(|c| c.email.key()).collect()
}

async fn people(shop: &TestShop, names: &[&str]) -> Vec<Customer> {
    let mut all = Vec::new();
    for full in names {
        let (first, last) = full.split_once(' ').unwrap();
        let address = format!("{}@{}.example", first.to_lowercase(), last.to_lowercase());
        let new = NewCustomer {
            email: email(&address),
            first_name: name(first),
            last_name: name(last),
            ..ada(shop)
        };
        all.push(enabled(shop, new).await);
    }
    all
}

#[tokio::test]
async fn customers_are_found_by_what_staff_know_of_them() {
    let shop = TestShop::open().await;
    let all = people(&shop, &["Ada Byron", "Bob Byron", "Bobby Tables"]).await;
    let group = CustomerGroup {
        id: CustomerGroupId::new(shop.ids.id()),
        name: "Trade".to_owned(),
        version: 1,
        created_at: at(0),
        updated_at: at(0),
    };
    let closed = Customer { state: all[0].state.disable().unwrap(), ..all[0].clone() };
    let yes = Consent {
        kind: ConsentKind::EmailMarketing,
        granted: true,
        wording: None,
        source: ConsentSource::Staff,
        actor: "Eve".to_owned(),
        at: at(60),
    };
    shop.tx(async |tx| {
        insert_group(tx, &group).await?;
        add_members(tx, group.id, &[all[1].id]).await?;
        set_tags(tx, all[2].id, &["VIP".to_owned()], at(50)).await?;
        record_consent(tx, all[2].id, shop.ids.id(), &yes, at(60)).await?;
        save(tx, &all[0], &closed, at(70)).await
    })
    .await;
    let everybody = CustomersListing::default();
    let [ada, bob, bobby] = ["ada@byron.example", "bob@byron.example", "bobby@tables.example"];
    let cases: Vec<(CustomersListing, Vec<&str>)> = vec![
        (everybody.clone(), vec![ada, bob, bobby]),
        (CustomersListing { reverse: true, ..everybody.clone() }, vec![bobby, bob, ada]),
        (CustomersListing { sort: CustomerSort::UpdatedAt, ..everybody.clone() }, vec![bob, bobby, ada]),
        (CustomersListing { words: vec![word("bob")], ..everybody.clone() }, vec![bob]),
        (CustomersListing { words: vec![word("bob*")], ..everybody.clone() }, vec![bob, bobby]),
        (CustomersListing { words: vec![word("bob*"), word("byron")], ..everybody.clone() }, vec![bob]),
        (CustomersListing { words: vec![word("nobody")], ..everybody.clone() }, vec![]),
        (CustomersListing { email: Some(email("ADA@byron.example")), ..everybody.clone() }, vec![ada]),
        (CustomersListing { state: Some("disabled"), ..everybody.clone() }, vec![ada]),
        (CustomersListing { tag: Some("vip".to_owned()), ..everybody.clone() }, vec![bobby]),
        (CustomersListing { group: Some(group.id), ..everybody.clone() }, vec![bob]),
        (CustomersListing { accepts_marketing: Some(true), ..everybody.clone() }, vec![bobby]),
        (CustomersListing { accepts_marketing: Some(false), ..everybody.clone() }, vec![ada, bob]),
        (
            CustomersListing {
                updated: Some(Moments { from: Some(at(60)), until: Some(at(70)) }),
                ..everybody.clone()
            },
            vec![bobby],
        ),
        (CustomersListing { created: Some(Moments { from: Some(at(1)), until: None }), ..everybody }, vec![]),
    ];
    for (listing, expected) in cases {
        assert_eq!(listed(&shop, &listing).await, expected, "{listing:?}");
    }
    // Another name, other words.
    let before = found(&shop, all[1].id).await;
    let after = Customer { last_name: name("Crème"), ..before.clone() };
    shop.tx(async |tx| save(tx, &before, &after, at(80)).await).await;
    let by_new = CustomersListing { words: vec![word("creme")], ..CustomersListing::default() };
    assert_eq!(listed(&shop, &by_new).await, [bob]);
}

#[tokio::test]
async fn pages_meet_without_a_gap() {
    let shop = TestShop::open().await;
    let names: Vec<String> = (0..7).map(|n| format!("First{n} Last")).collect();
    let all = people(&shop, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let newest_first: Vec<CustomerId> = all.iter().rev().map(|c| c.id).collect();
    for sort in CustomerSort::ALL {
        let listing = CustomersListing { sort, reverse: true, ..CustomersListing::default() };
        let (mut seen, mut request) = (Vec::new(), PageRequest::first(3));
        loop {
            let before = shop.db.statements();
            let page = list_customers(shop.db.read(), &listing, &request).await.unwrap();
            assert_eq!(shop.db.statements() - before, 1);
            seen.extend(page.nodes().copied());
            let last = page.rows.last().map(|row| Cursor::decode(&row.cursor.encode()).unwrap());
            request.after = last;
            if !page.info.has_next {
                break;
            }
        }
        assert_eq!(seen, newest_first, "{sort:?}");
        let other = CustomersListing { sort: CustomerSort::ALL[1 - sort as usize], ..listing };
        let refused = list_customers(shop.db.read(), &other, &request).await;
        assert!(matches!(refused, Err(ListError::Cursor(_))), "a cursor of another order");
    }
    let groups = list_groups(shop.db.read(), &PageRequest::first(3)).await.unwrap();
    assert!(groups.rows.is_empty());
}

#[tokio::test]
async fn lists_of_customers_walk_an_index_on_sqlite() {
    let shop = TestShop::open().await;
    let names: Vec<String> = (0..40).map(|n| format!("First{n} Last{}", n % 4)).collect();
    let all = people(&shop, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    for (n, customer) in all.iter().enumerate() {
        let tag = if n % 9 == 0 { "vip" } else { "plain" };
        shop.tx(async |tx| set_tags(tx, customer.id, &[tag.to_owned()], at(5)).await).await;
    }
    for analysed in [false, true] {
        if analysed {
            use crate::db::Raw;
            use sea_orm::ConnectionTrait;
            let tx = shop.write().await;
            tx.raw().execute_unprepared("ANALYZE").await.unwrap();
            tx.commit().await.unwrap();
        }
        shop.db.keep_statements();
        for sort in CustomerSort::ALL {
            for reverse in [false, true] {
                let everybody = CustomersListing { sort, reverse, ..CustomersListing::default() };
                let by_word = CustomersListing { words: vec![word("last1")], ..everybody.clone() };
                let by_beginning = CustomersListing { words: vec![word("last*")], ..everybody.clone() };
                let by_tag = CustomersListing { tag: Some("vip".to_owned()), ..everybody.clone() };
                let by_address = CustomersListing { email: Some(all[3].email.clone()), ..everybody.clone() };
                let group = Some(CustomerGroupId::new(shop.ids.id()));
                let by_group = CustomersListing { group, ..everybody.clone() };
                for listing in [everybody, by_word, by_beginning, by_tag, by_address, by_group] {
                    let first =
                        list_customers(shop.db.read(), &listing, &PageRequest::first(1)).await.unwrap();
                    let after = first.rows.first().map(|row| row.cursor.clone());
                    let next = PageRequest { after, ..PageRequest::first(5) };
                    list_customers(shop.db.read(), &listing, &next).await.unwrap();
                }
            }
        }
        find_by_email(shop.db.read(), &all[5].email).await.unwrap();
        credentials(shop.db.read(), &all[5].email).await.unwrap();
        address_book(shop.db.read(), &all[5]).await.unwrap();
        identities_of(shop.db.read(), all[5].id).await.unwrap();
        consents(shop.db.read(), all[5].id).await.unwrap();
        groups_of(shop.db.read(), &[all[5].id]).await.unwrap();
        tags_of(shop.db.read(), &[all[5].id]).await.unwrap();
        let plans = shop.db.plans().await.unwrap();
        assert!(plans.len() > 20, "{}", plans.len());
        for plan in plans {
            assert!(plan.scanned.is_empty(), "analysed {analysed}: {plan:?}");
        }
    }
}
