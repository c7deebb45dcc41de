//! The shop always has an owner who can sign in.

use super::*;
use crate::account;

async fn owner_is_there(shop: &TestShop) -> StaffId {
    let owner = shop_owner(shop.db.read()).await.unwrap().expect("an owner");
    let who = found(shop, owner).await;
    assert_eq!((who.state, who.owner), (StaffState::Enabled, true));
    owner
}

#[tokio::test]
async fn the_only_owner_stays() {
    let shop = TestShop::open().await;
    let (ada, bob) = (joined(&shop, "ada").await, joined(&shop, "bob").await);
    assert_eq!(shop_owner(shop.db.read()).await.unwrap(), None);
    let give = async |from, to| shop.tx(async |tx| set_owner(tx, from, to).await).await;
    assert_eq!(give(None, ada.id).await, Owned::Given);
    assert_eq!(give(None, bob.id).await, Owned::Stale, "there is one");
    assert_eq!(give(Some(bob.id), bob.id).await, Owned::Stale, "it is not bob's to give");
    assert_eq!(owner_is_there(&shop).await, ada.id);

    // As it was read before she became the owner, she could be shut out.
    let out = StaffMember { state: StaffState::Disabled { joined: true }, ..ada.clone() };
    assert_eq!(shop.tx(async |tx| save(tx, &ada, &out, at(2)).await).await, StaffSaved::OwnerProtected);
    assert_eq!(shop.tx(async |tx| remove(tx, ada.id).await).await, Removed::OwnerProtected);
    assert_eq!(owner_is_there(&shop).await, ada.id);
    let renamed = StaffMember { name: StaffName::parse("Ada L").unwrap(), ..ada.clone() };
    assert_eq!(shop.tx(async |tx| save(tx, &ada, &renamed, at(3)).await).await, StaffSaved::Saved);

    // On the staff, and with no way to sign in.
    let new = new_staff(&shop, "dora");
    shop.tx(async |tx| invite(tx, &new, at(0)).await).await;
    let dora = found(&shop, new.id).await;
    let joined_without = dora.clone().accept().unwrap();
    shop.tx(async |tx| save(tx, &dora, &joined_without, at(1)).await).await;
    assert_eq!(give(Some(ada.id), dora.id).await, Owned::NotEnabled);

    let bob_out = bob.clone().disable().unwrap();
    shop.tx(async |tx| save(tx, &bob, &bob_out, at(4)).await).await;
    assert_eq!(give(Some(ada.id), bob.id).await, Owned::NotEnabled);
    let nobody = StaffId::new(shop.ids.id());
    assert_eq!(give(Some(ada.id), nobody).await, Owned::NotEnabled);
    let carol = joined(&shop, "carol").await;
    assert_eq!(give(Some(ada.id), carol.id).await, Owned::Given);
    assert_eq!(owner_is_there(&shop).await, carol.id);
    assert_eq!(shop.tx(async |tx| remove(tx, ada.id).await).await, Removed::Removed);
    assert_eq!(find(shop.db.read(), ada.id).await.unwrap(), None);
    assert_eq!(shop.tx(async |tx| remove(tx, ada.id).await).await, Removed::Unknown);
}

#[tokio::test]
async fn who_becomes_the_owner_is_not_shut_out_at_the_same_moment() {
    let shop = TestShop::open().await;
    let first = joined(&shop, "first").await;
    shop.tx(async |tx| set_owner(tx, None, first.id).await).await;
    let mut owner = first.id;
    for round in 0..8 {
        let next = joined(&shop, &format!("next{round}")).await;
        let out = next.clone().disable().unwrap();
        let give = shop.tx(async |tx| set_owner(tx, Some(owner), next.id).await);
        if round % 2 == 0 {
            let (given, saved) = tokio::join!(give, shop.tx(async |tx| save(tx, &next, &out, at(2)).await));
            let one_of_both =
                [(Owned::Given, StaffSaved::OwnerProtected), (Owned::NotEnabled, StaffSaved::Saved)];
            assert!(one_of_both.contains(&(given, saved)), "{given:?} {saved:?}");
        } else {
            let (given, gone) = tokio::join!(give, shop.tx(async |tx| remove(tx, next.id).await));
            let one_of_both =
                [(Owned::Given, Removed::OwnerProtected), (Owned::NotEnabled, Removed::Removed)];
            assert!(one_of_both.contains(&(given, gone)), "{given:?} {gone:?}");
        }
        owner = owner_is_there(&shop).await;
    }
    // Two who are given the shop at once: one has it.
    let (a, b) = (joined(&shop, "a").await, joined(&shop, "b").await);
    let given =
        join_all([a.id, b.id].map(async |to| shop.tx(async |tx| set_owner(tx, Some(owner), to).await).await));
    let given = given.await;
    assert_eq!(given.iter().filter(|g| **g == Owned::Given).count(), 1, "{given:?}");
    owner_is_there(&shop).await;
}

#[tokio::test]
async fn whoever_is_taken_off_the_staff_leaves_nothing_behind() {
    let shop = TestShop::open().await;
    let eve = joined(&shop, "eve").await;
    let session = account::tests::session_of(&shop, Realm::Staff, eve.id.uuid(), SessionKind::Tokens);
    let codes = ["c1".to_owned(), "c2".to_owned()];
    shop.tx(async |tx| {
        put_built_in_roles(tx, &shop.ids, at(1)).await?;
        account::insert_session(tx, &session).await?;
        set_recovery_codes(tx, eve.id, &codes, at(1)).await
    })
    .await;
    let role = super::roles(shop.db.read()).await.unwrap()[0].id;
    shop.tx(async |tx| set_roles(tx, eve.id, &[role], at(1)).await).await;
    assert_eq!(shop.tx(async |tx| remove(tx, eve.id).await).await, Removed::Removed);
    let left = shop.dump(&["staff", "staff_roles", "recovery_codes", "sessions"]).await;
    assert_eq!(left, "");
}
