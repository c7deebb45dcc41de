//! Two at once.

use super::*;
use futures_util::future::join_all;

#[tokio::test]
async fn registering_twice_at_once_is_one_row() {
    let shop = TestShop::open().await;
    let attempts = (0..8).map(|n| NewCustomer {
        email: email(if n % 2 == 0 { "ada@example.org" } else { "ADA@EXAMPLE.ORG" }),
        ..ada(&shop)
    });
    let attempts: Vec<NewCustomer> = attempts.collect();
    let register = async |new: &NewCustomer| shop.tx(async |tx| insert_pending(tx, new, at(0)).await).await;
    let registered = join_all(attempts.iter().map(register)).await;
    let new: Vec<_> = registered.iter().filter(|r| matches!(r, Registered::New(_))).collect();
    let [Registered::New(id)] = new[..] else { panic!("{registered:?}") };
    let others = registered.iter().filter(|r| **r == Registered::Pending(*id)).count();
    assert_eq!(others, 7, "{registered:?}");
    assert_eq!(shop.dump(&["customers"]).await.lines().count(), 1);
    assert_eq!(shop.dump(&["customer_terms"]).await.lines().count(), 4, "ada, lovelace, example, org");

    let ada = found(&shop, *id).await;
    let proved = Customer { state: ada.state.activate(at(1)).unwrap(), ..ada.clone() };
    shop.tx(async |tx| save(tx, &ada, &proved, at(1)).await).await;
    assert_eq!(register(&attempts[0]).await, Registered::Enabled(*id));
    let proved = found(&shop, *id).await;
    let closed = Customer { state: proved.state.disable().unwrap(), ..proved.clone() };
    shop.tx(async |tx| save(tx, &proved, &closed, at(2)).await).await;
    assert_eq!(register(&attempts[1]).await, Registered::Disabled(*id));
}

#[tokio::test]
async fn two_addresses_that_change_places_at_once_stay_two() {
    let shop = TestShop::open().await;
    let ada = enabled(&shop, ada(&shop)).await;
    let bob = enabled(&shop, NewCustomer { email: email("bob@example.org"), ..super::ada(&shop) }).await;
    // Both want the same third one.
    let want = async |who: &Customer| {
        for _ in 0..20 {
            let tx = shop.write().await;
            let after = Customer { email: email("third@example.org"), ..who.clone() };
            match save(&tx, who, &after, at(2)).await {
                Ok(Saved::Saved) => {
                    tx.commit().await.unwrap();
                    return true;
                }
                Ok(_) => {
                    tx.rollback().await.unwrap();
                    return false;
                }
                Err(fault) => assert!(crate::db::is_transient(&fault), "{fault}"),
            }
        }
        panic!("collided again and again");
    };
    let (hers, his) = tokio::join!(want(&ada), want(&bob));
    assert!(hers != his, "one of them has it");
}

#[tokio::test]
async fn a_link_and_a_cart_are_one_customers_of_two_at_once() {
    let shop = TestShop::open().await;
    let ada = enabled(&shop, ada(&shop)).await;
    let bob = enabled(&shop, NewCustomer { email: email("bob@example.org"), ..super::ada(&shop) }).await;
    let id = NewIdentity { issuer: "https://id.example", subject: "7", email: None };
    let linked =
        join_all([ada.id, bob.id].map(async |of| shop.tx(async |tx| link(tx, of, id, at(2)).await).await))
            .await;
    assert_eq!(linked.iter().filter(|l| **l == Linked::Linked).count(), 1, "{linked:?}");
    assert_eq!(linked.iter().filter(|l| matches!(l, Linked::SomebodyElses(_))).count(), 1, "{linked:?}");

    let carts: Vec<CartId> = (0..6).map(|_| CartId::new(shop.ids.id())).collect();
    let kept = join_all(
        carts.iter().map(async |cart| shop.tx(async |tx| keep_cart(tx, ada.id, *cart, at(2)).await).await),
    )
    .await;
    let theirs = cart_of(shop.db.read(), ada.id).await.unwrap();
    assert!(theirs.is_some() && kept.iter().all(|k| *k == theirs), "all are told the same: {kept:?}");
}

#[tokio::test]
async fn a_group_is_filled_and_emptied_and_goes_without_a_collision() {
    let shop = TestShop::open().await;
    let ada = enabled(&shop, ada(&shop)).await.id;
    let bob = enabled(&shop, NewCustomer { email: email("bob@example.org"), ..super::ada(&shop) }).await.id;
    for round in 0..4 {
        let group = CustomerGroup {
            id: CustomerGroupId::new(shop.ids.id()),
            name: format!("Group {round}"),
            version: 1,
            created_at: at(0),
            updated_at: at(0),
        };
        shop.tx(async |tx| insert_group(tx, &group).await).await;
        let (one, other) = ([ada, bob], [bob, ada]);
        tokio::join!(
            shop.tx(async |tx| add_members(tx, group.id, &one).await),
            shop.tx(async |tx| add_members(tx, group.id, &other).await),
            shop.tx(async |tx| remove_members(tx, group.id, &one).await),
            shop.tx(async |tx| remove_members(tx, group.id, &other).await),
            shop.tx(async |tx| remove_group(tx, group.id).await),
        );
    }
    assert_eq!(shop.dump(&["customer_groups", "customer_group_members"]).await, "", "no member of nothing");
}

/// Whatever comes at the same moment as the end comes before it, and goes with it, or comes too late.
#[tokio::test]
async fn nothing_is_left_of_who_is_erased_while_things_are_added() {
    let shop = TestShop::open().await;
    for round in 0..6 {
        let address = format!("ada{round}@example.org");
        let customer = enabled(&shop, NewCustomer { email: email(&address), ..ada(&shop) }).await;
        let (id, subject) = (customer.id, round.to_string());
        let identity = NewIdentity { issuer: "https://id.example", subject: &subject, email: None };
        let mut book = AddressBook::default();
        let home = Address { city: Some("Ada's town".to_owned()), ..Address::default() };
        book.add(CustomerAddressId::new(shop.ids.id()), home).unwrap();
        let (last, cart) = (shop.ids.id(), CartId::new(shop.ids.id()));
        tokio::join!(
            shop.tx(async |tx| erase(tx, id, last, "customer", at(9)).await),
            shop.tx(async |tx| link(tx, id, identity, at(9)).await),
            shop.tx(async |tx| save_addresses(tx, id, &AddressBook::default(), &book, at(9)).await),
            shop.tx(async |tx| set_tags(tx, id, &["ada".to_owned()], at(9)).await),
            shop.tx(async |tx| keep_cart(tx, id, cart, at(9)).await),
        );
    }
    let left = shop.dump(&TABLES).await;
    assert_eq!(left.lines().count(), 6, "six empty accounts: {left}");
}

/// An account nobody has proved is not swept away from under somebody who is sent a link to it at that moment.
#[tokio::test]
async fn who_registers_while_the_account_is_swept_is_sent_a_link_that_opens_it() {
    let shop = TestShop::open().await;
    let late = at(100);
    let Registered::New(id) = shop.tx(async |tx| insert_pending(tx, &ada(&shop), at(0)).await).await else {
        panic!("it is not new")
    };
    let link = AccountToken {
        id: AccountTokenId::new(shop.ids.id()),
        kind: TokenKind::Activate,
        realm: Realm::Customer,
        subject: id.uuid(),
        salt: Salt::new(shop.ids.id()),
        body: None,
        expires_at: at(1_000),
        used_at: None,
        created_at: late,
    };
    let register = async {
        let tx = shop.write().await;
        assert_eq!(insert_pending(&tx, &ada(&shop), late).await.unwrap(), Registered::Pending(id));
        account::insert_token(&tx, &link).await.unwrap();
        // Whoever sweeps has all the time in the world to do it now, if nothing stops them.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        tx.commit().await.unwrap();
    };
    let sweep = async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        shop.tx(async |tx| remove_pending(tx, id, late, late).await).await
    };
    let ((), swept) = tokio::join!(register, sweep);
    assert!(!swept, "a link leads to it");
    assert_eq!(shop.dump(&["customers"]).await.lines().count(), 1);
}
