//! Known and unknown addresses cost the same: statements, hashes and jobs, counted.

use crate::{
    account::{Client, Issued, PasswordSignIn, SignInError},
    customer::Registration,
    testing::{OTHER_PASSWORD, PASSWORD, TestShop, address, client},
};
use stoa_domain::{account::SessionKind, customer::Customer};
use stoa_persistence::{Durability, WriteTx, account::PasswordHash, customer};

/// Every kind of account that somebody may ask for.
const ALL: [&str; 4] =
    ["enabled@example.org", "pending@example.org", "disabled@example.org", "nobody@example.org"];

/// A shop with them.
async fn shop() -> TestShop {
    let shop = TestShop::open().await;
    shop.customer("enabled@example.org").await;
    shop.customer("disabled@example.org").await;
    shop.register("pending@example.org").await;
    let tx = shop.db.write(Durability::Relaxed).await.unwrap();
    disable(&tx, "disabled@example.org").await;
    tx.commit().await.unwrap();
    shop.settle().await;
    shop
}

async fn disable(tx: &WriteTx, email: &str) {
    let before = customer::find_by_email(tx, &address(email)).await.unwrap().unwrap();
    let state = before.state.disable().unwrap();
    let after = Customer { state, ..before.clone() };
    let saved = customer::save(tx, &before, &after, before.updated_at).await.unwrap();
    assert_eq!(saved, customer::Saved::Saved);
}

#[tokio::test]
async fn a_wrong_sign_in_costs_the_same_whoever_it_is() {
    let shop = shop().await;
    for (n, email) in (10..).zip(ALL) {
        let given = PasswordSignIn { email, password: OTHER_PASSWORD, kind: SessionKind::Storefront };
        let from = client(n);
        let (outcome, cost) = shop.cost(shop.services.sign_in.run(given, &from)).await;
        assert!(matches!(outcome, Err(SignInError::Unidentified)), "{email}: {outcome:?}");
        assert_eq!(cost, [1, 1, 0], "{email}");
    }
    // The right password of an account that cannot be signed in to is as wrong.
    let given =
        PasswordSignIn { email: "disabled@example.org", password: PASSWORD, kind: SessionKind::Storefront };
    let from = client(30);
    let (outcome, cost) = shop.cost(shop.services.sign_in.run(given, &from)).await;
    assert!(matches!(outcome, Err(SignInError::Unidentified)), "{outcome:?}");
    assert_eq!(cost, [1, 1, 0]);
}

/// A token that is shown beside it is looked for whoever's the address is.
#[tokio::test]
async fn a_token_of_before_beside_a_wrong_password_costs_the_same_whoever_it_is() {
    let shop = shop().await;
    let shown = shop.sign_in("enabled@example.org", SessionKind::Storefront).await;
    let Issued::Storefront { token, .. } = shown.credential else { panic!("it is a storefront's") };
    for (n, email) in (10..).zip(ALL) {
        let given = PasswordSignIn { email, password: OTHER_PASSWORD, kind: SessionKind::Storefront };
        let from = Client { device: Some(token.clone()), ..client(n) };
        let (outcome, cost) = shop.cost(shop.services.sign_in.run(given, &from)).await;
        assert!(matches!(outcome, Err(SignInError::Unidentified)), "{email}: {outcome:?}");
        assert_eq!(cost, [2, 1, 0], "{email}");
    }
}

#[tokio::test]
async fn registering_costs_the_same_whoever_it_is() {
    let shop = shop().await;
    let mut costs = Vec::new();
    for (n, email) in (10..).zip(ALL) {
        let new = Registration { email: email.to_owned(), ..Registration::default() };
        let from = client(n);
        let (outcome, cost) = shop.cost(shop.services.register.run(&new, &from)).await;
        outcome.unwrap();
        costs.push((email, cost));
    }
    let same = costs[0].1;
    assert_eq!(same[1..], [0, 1], "no hash, one job");
    assert!(costs.iter().all(|(_, cost)| *cost == same), "{costs:?}");
}

#[tokio::test]
async fn recovering_costs_the_same_whoever_it_is() {
    let shop = shop().await;
    let mut costs = Vec::new();
    for (n, email) in (10..).zip(ALL) {
        let from = client(n);
        let (outcome, cost) = shop.cost(shop.services.recover.run(email, &from)).await;
        outcome.unwrap();
        costs.push((email, cost));
    }
    let same = costs[0].1;
    assert_eq!(same[1..], [0, 1], "no hash, one job");
    assert!(costs.iter().all(|(_, cost)| *cost == same), "{costs:?}");
    // What was asked for becomes a mail or none, later.
    let sent = |email| shop.subjects(email);
    assert_eq!(sent("nobody@example.org").await, Vec::<String>::new());
    assert_eq!(sent("disabled@example.org").await.len(), 1, "the one that began the account");
    assert_eq!(sent("pending@example.org").await.len(), 2, "the link that begins the account, again");
    assert_eq!(sent("enabled@example.org").await.len(), 2, "the one that began it, and the reset");
}

#[tokio::test]
async fn who_asks_for_too_many_mails_is_answered_the_same() {
    let shop = TestShop::open().await;
    shop.customer("ada@example.org").await;
    for n in 0..6 {
        shop.services.recover.run("ada@example.org", &client(n)).await.unwrap();
    }
    assert_eq!(shop.subjects("ada@example.org").await.len(), 1 + 3);
}

#[tokio::test]
async fn an_older_hash_is_made_anew_while_the_password_is_at_hand() {
    let shop = TestShop::open().await;
    let ada = shop.customer("ada@example.org").await;
    let cheap = stoa_auth::PasswordCost { memory_kib: 7_168, passes: 5, ..Default::default() };
    let cheap = stoa_auth::Passwords::new(&cheap).unwrap().hash(PASSWORD).await.unwrap();
    let cheap = PasswordHash::new(cheap);
    let tx = shop.db.write(Durability::Relaxed).await.unwrap();
    let now = shop.services.now();
    assert!(customer::set_password(&tx, ada.customer, &cheap, now).await.unwrap());
    tx.commit().await.unwrap();
    let kept = || async {
        let read = customer::credentials(shop.db.read(), &address("ada@example.org")).await.unwrap();
        read.unwrap().password
    };
    assert_eq!(kept().await, cheap);
    shop.sign_in("ada@example.org", SessionKind::Storefront).await;
    let raised = kept().await;
    assert_ne!(raised, cheap);
    assert!(raised.as_str().contains("m=19456"), "{}", raised.as_str());
    shop.sign_in("ada@example.org", SessionKind::Storefront).await;
    assert_eq!(kept().await, raised, "once is enough");
}

#[tokio::test]
async fn what_is_no_address_is_nobodys() {
    let shop = TestShop::open().await;
    let given = PasswordSignIn { email: "ada", password: PASSWORD, kind: SessionKind::Storefront };
    let outcome = shop.services.sign_in.run(given, &Client::default()).await;
    assert!(matches!(outcome, Err(SignInError::Unidentified)), "{outcome:?}");
    shop.services.recover.run("ada", &Client::default()).await.unwrap();
}
