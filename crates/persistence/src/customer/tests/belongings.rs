//! What belongs to a customer, and is nobody else's.

use super::*;

fn street(text: &str) -> Address {
    Address { address1: Some(text.to_owned()), ..Address::default() }
}

#[tokio::test]
async fn an_address_book_is_sealed_and_its_owners_alone() {
    let shop = TestShop::open().await;
    let ada = enabled(&shop, ada(&shop)).await;
    let bob = enabled(&shop, NewCustomer { email: email("bob@example.org"), ..super::ada(&shop) }).await;
    let [home, work] = [0; 2].map(|_| CustomerAddressId::new(shop.ids.id()));
    let empty = AddressBook::default();
    let mut book = empty.clone();
    book.add(home, street("Home Street 1")).unwrap();
    book.add(work, street("Work Street 2")).unwrap();
    shop.tx(async |tx| save_addresses(tx, ada.id, &empty, &book, at(2)).await).await;

    let read = async |of: CustomerId| address_book(shop.db.read(), &found(&shop, of).await).await.unwrap();
    assert_eq!(read(ada.id).await, book);
    assert_eq!(found(&shop, ada.id).await.default_address, Some(home));
    assert_eq!(read(bob.id).await, empty);
    assert!(!shop.dump(&["customer_addresses"]).await.contains("Street"));
    let db = shop.db.read();
    assert_eq!(address(db, ada.id, work).await.unwrap().as_ref(), book.find(work));
    assert_eq!(address(db, bob.id, work).await.unwrap(), None);

    // What is not changed is not written; what is gone is gone.
    let mut after = book.clone();
    after.update(work, street("Work Street 3")).unwrap();
    after.remove(home).unwrap();
    shop.tx(async |tx| save_addresses(tx, ada.id, &book, &after, at(3)).await).await;
    assert_eq!(read(ada.id).await, after);
    assert_eq!(found(&shop, ada.id).await.default_address, Some(work));

    // Nobody changes an address through another's book.
    let stolen = AddressBook::stored(vec![after.find(work).unwrap().clone()], Some(work));
    let mut changed = stolen.clone();
    changed.update(work, street("Mine now")).unwrap();
    shop.tx(async |tx| save_addresses(tx, bob.id, &stolen, &changed, at(4)).await).await;
    shop.tx(async |tx| save_addresses(tx, bob.id, &stolen, &empty, at(5)).await).await;
    assert_eq!(read(ada.id).await, after);
}

#[tokio::test]
async fn every_consent_is_kept_with_when_and_how() {
    let shop = TestShop::open().await;
    let ada = enabled(&shop, ada(&shop)).await;
    let said = |granted, source, seconds| Consent {
        kind: ConsentKind::EmailMarketing,
        granted,
        wording: granted.then(|| "Write to me".to_owned()),
        source,
        actor: "customer".to_owned(),
        at: at(seconds),
    };
    let all = [
        said(true, ConsentSource::Register, 1),
        said(false, ConsentSource::Account, 5),
        said(true, ConsentSource::Staff, 5),
    ];
    for consent in &all {
        let id = shop.ids.id();
        assert!(shop.tx(async |tx| record_consent(tx, ada.id, id, consent, consent.at).await).await);
        assert_eq!(found(&shop, ada.id).await.accepts_marketing, consent.granted);
    }
    assert_eq!(consents(shop.db.read(), ada.id).await.unwrap(), all);
    let nobody = CustomerId::new(shop.ids.id());
    let id = shop.ids.id();
    assert!(!shop.tx(async |tx| record_consent(tx, nobody, id, &all[0], at(9)).await).await);
}

#[tokio::test]
async fn groups_and_tags_sort_customers() {
    let shop = TestShop::open().await;
    let ada = enabled(&shop, ada(&shop)).await;
    let bob = enabled(&shop, NewCustomer { email: email("bob@example.org"), ..super::ada(&shop) }).await;
    let group = |name: &str| CustomerGroup {
        id: CustomerGroupId::new(shop.ids.id()),
        name: name.to_owned(),
        version: 1,
        created_at: at(0),
        updated_at: at(0),
    };
    let (trade, press) = (group("Trade"), group("Press"));
    for new in [&trade, &press] {
        assert!(shop.tx(async |tx| insert_group(tx, new).await).await);
    }
    let alike = group("TRADE");
    assert!(!shop.tx(async |tx| insert_group(tx, &alike).await).await);
    let tx = shop.write().await;
    assert_eq!(rename_group(&tx, &press, "trade", at(1)).await.unwrap(), Saved::Taken);
    tx.rollback().await.unwrap();
    assert_eq!(shop.tx(async |tx| rename_group(tx, &press, "Papers", at(1)).await).await, Saved::Saved);
    assert_eq!(shop.tx(async |tx| rename_group(tx, &press, "News", at(2)).await).await, Saved::Stale);

    let nobody = CustomerId::new(shop.ids.id());
    let added = shop.tx(async |tx| add_members(tx, trade.id, &[bob.id, nobody, ada.id]).await).await;
    assert_eq!(added, Some(vec![ada.id, bob.id]), "those that there are");
    let again = shop.tx(async |tx| add_members(tx, trade.id, &[ada.id]).await).await;
    assert_eq!(again, Some(vec![ada.id]));
    assert_eq!(shop.tx(async |tx| add_members(tx, alike.id, &[ada.id]).await).await, None);
    shop.tx(async |tx| add_members(tx, press.id, &[ada.id]).await).await;
    let names = async || {
        let of = groups_of(shop.db.read(), &[ada.id, bob.id, nobody]).await.unwrap();
        let names = |id| of.get(id).into_iter().flatten().map(|g| g.name.clone()).collect::<Vec<_>>();
        assert!(!of.contains_key(&nobody));
        [names(&ada.id), names(&bob.id)]
    };
    assert_eq!(names().await, [vec!["Papers".to_owned(), "Trade".to_owned()], vec!["Trade".to_owned()]]);
    let before = shop.db.statements();
    let account = pricing_account(shop.db.read(), ada.id).await.unwrap().unwrap();
    assert_eq!(shop.db.statements() - before, 1, "all that prices ask of an account");
    assert_eq!(
        (account.groups, account.tax_exempt, account.tax_number),
        (vec![trade.id, press.id], false, None)
    );
    assert_eq!(account.email, Some(ada.email.clone()));
    assert_eq!(pricing_account(shop.db.read(), nobody).await.unwrap(), None);
    let tax = CustomerTax { exempt: true, number: Some("DE136695976".into()) };
    assert!(shop.tx(async |tx| set_tax(tx, ada.id, &tax, at(3)).await).await);
    assert!(!shop.tx(async |tx| set_tax(tx, nobody, &tax, at(3)).await).await);
    let taxes = taxes_of(shop.db.read(), &[ada.id, bob.id, nobody]).await.unwrap();
    assert_eq!((&taxes[&ada.id], &taxes[&bob.id]), (&tax, &CustomerTax::default()));
    assert!(!taxes.contains_key(&nobody));
    let account = pricing_account(shop.db.read(), ada.id).await.unwrap().unwrap();
    assert_eq!((account.tax_exempt, account.tax_number), (true, tax.number));
    assert_eq!(shop.tx(async |tx| remove_members(tx, trade.id, &[bob.id, nobody]).await).await, 1);
    assert!(shop.tx(async |tx| remove_group(tx, press.id).await).await);
    assert!(!shop.tx(async |tx| remove_group(tx, press.id).await).await);
    assert_eq!(names().await, [vec!["Trade".to_owned()], vec![]]);
    assert_eq!(
        find_groups(shop.db.read(), &[press.id, trade.id]).await.unwrap(),
        std::slice::from_ref(&trade)
    );

    // More than one statement takes.
    let mut crowd: Vec<CustomerId> = (0..35_000).map(|_| CustomerId::new(shop.ids.id())).collect();
    crowd.push(bob.id);
    let found = shop.tx(async |tx| add_members(tx, trade.id, &crowd).await).await;
    assert_eq!(found, Some(vec![bob.id]));
    assert_eq!(shop.tx(async |tx| remove_members(tx, trade.id, &crowd).await).await, 1);

    let tags = ["VIP".to_owned(), "wholesale".to_owned()];
    assert!(shop.tx(async |tx| set_tags(tx, ada.id, &tags, at(3)).await).await);
    assert!(shop.tx(async |tx| set_tags(tx, bob.id, &tags[..1], at(3)).await).await);
    assert!(shop.tx(async |tx| set_tags(tx, bob.id, &[], at(4)).await).await);
    assert!(!shop.tx(async |tx| set_tags(tx, nobody, &tags, at(3)).await).await);
    let of = tags_of(shop.db.read(), &[ada.id, bob.id]).await.unwrap();
    assert_eq!(of.into_iter().collect::<Vec<_>>(), [(ada.id, tags.to_vec())]);
}

#[tokio::test]
async fn a_link_is_one_customers_and_the_last_way_in_stays() {
    let shop = TestShop::open().await;
    let ada = enabled(&shop, ada(&shop)).await;
    let bob = enabled(&shop, NewCustomer { email: email("bob@example.org"), ..super::ada(&shop) }).await;
    let to = |subject| NewIdentity { issuer: "https://id.example", subject, email: Some(&ada.email) };
    assert_eq!(shop.tx(async |tx| link(tx, ada.id, to("7"), at(2)).await).await, Linked::Linked);
    assert_eq!(shop.tx(async |tx| link(tx, ada.id, to("7"), at(3)).await).await, Linked::Already);
    let his = shop.tx(async |tx| link(tx, bob.id, to("7"), at(3)).await).await;
    assert_eq!(his, Linked::SomebodyElses(ada.id));
    shop.tx(async |tx| identity_used(tx, "https://id.example", "7", at(4)).await).await;
    let known = identity(shop.db.read(), "https://id.example", "7").await.unwrap().unwrap();
    assert_eq!((known.customer, known.linked_at, known.used_at), (ada.id, at(2), at(4)));
    assert_eq!(known.email_key.as_deref(), Some("ada@example.org"));
    assert_eq!(identity(shop.db.read(), "https://other.example", "7").await.unwrap(), None);

    let issuer = "https://id.example";
    let off = async |of, subject| shop.tx(async |tx| unlink(tx, of, issuer, subject, at(5)).await).await;
    assert_eq!(off(bob.id, "7").await, Unlinked::NotTheirs);
    assert_eq!(off(ada.id, "7").await, Unlinked::LastWayIn);
    shop.tx(async |tx| link(tx, ada.id, to("8"), at(5)).await).await;
    assert_eq!(off(ada.id, "7").await, Unlinked::Unlinked);
    assert_eq!(off(ada.id, "8").await, Unlinked::LastWayIn);
    let password = PasswordHash::new("h".to_owned());
    shop.tx(async |tx| set_password(tx, ada.id, &password, at(6)).await).await;
    assert_eq!(off(ada.id, "8").await, Unlinked::Unlinked);
    assert_eq!(identities_of(shop.db.read(), ada.id).await.unwrap(), []);
}

#[tokio::test]
async fn a_customer_has_one_cart() {
    let shop = TestShop::open().await;
    let ada = enabled(&shop, ada(&shop)).await;
    let [first, second, third] = [0; 3].map(|_| CartId::new(shop.ids.id()));
    let keep = async |cart| shop.tx(async |tx| keep_cart(tx, ada.id, cart, at(2)).await).await;
    let replace = async |carts| shop.tx(async |tx| replace_cart(tx, ada.id, carts, at(3)).await).await;
    assert_eq!(cart_of(shop.db.read(), ada.id).await.unwrap(), None);
    assert_eq!(keep(first).await, Some(first));
    assert_eq!(keep(second).await, Some(first), "they have one");
    assert!(!replace((second, third)).await);
    assert!(replace((first, third)).await);
    assert!(!replace((first, second)).await, "it has been replaced by somebody else");
    assert_eq!(cart_of(shop.db.read(), ada.id).await.unwrap(), Some(third));
}
