//! Sessions: what shows them, how they go on, and how they end.

use crate::{
    account::{
        AuthError, Client, Credential, Issued, PasswordSignIn, Reproof, SessionHolder, SignInError,
        SignedInNow,
    },
    limits::{GuessKind, Guesses, Hashings},
    testing::{OTHER_PASSWORD, PASSWORD, TestShop, client, refresh_token, who},
};
use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use stoa_domain::{
    account::{Realm, SessionKind},
    shared::page::PageRequest,
};

const ADA: &str = "ada@example.org";

fn token(shown: &SignedInNow) -> SecretString {
    match &shown.credential {
        Issued::Tokens { access, .. } => access.clone(),
        Issued::Cookie { token, .. } | Issued::Storefront { token, .. } => token.clone(),
    }
}

async fn tries(shop: &TestShop, password: &str, from: &Client) -> Result<SignedInNow, SignInError> {
    let given = PasswordSignIn { email: ADA, password, kind: SessionKind::Storefront };
    shop.services.sign_in.run(given, from).await
}

#[tokio::test]
async fn a_sign_in_is_known_by_what_it_was_given_and_by_nothing_else() {
    let shop = TestShop::open().await;
    let ada = shop.customer(ADA).await;
    for kind in SessionKind::ALL {
        let shown = shop.sign_in(ADA, kind).await;
        let caller = shop.caller(&shown).await.unwrap();
        assert_eq!(
            caller.signed_in().map(|who| (who.customer, who.session)),
            Some((ada.customer, shown.session))
        );
        let known = async |credential: Credential| {
            shop.services.authenticate.run(&credential, Client::default()).await.is_ok()
        };
        let text = token(&shown);
        assert_eq!(known(Credential::Storefront(text.clone())).await, kind == SessionKind::Storefront);
        assert_eq!(
            known(Credential::Cookie(Realm::Customer, text.clone())).await,
            kind == SessionKind::Cookie
        );
        assert!(!known(Credential::Cookie(Realm::Staff, text.clone())).await, "{kind:?}");
        assert_eq!(known(Credential::Bearer(text.clone())).await, kind != SessionKind::Cookie);
        // A letter more, and a letter that is another.
        assert!(!known(Credential::Bearer(format!("{}x", text.expose_secret()).into())).await);
        let mut changed = text.expose_secret().to_owned();
        let last = if changed.pop() == Some('A') { 'B' } else { 'A' };
        changed.insert(changed.len() / 2, last);
        assert!(!known(Credential::Bearer(changed.into())).await);
    }
}

#[tokio::test]
async fn being_known_is_one_statement() {
    let shop = TestShop::open().await;
    shop.customer(ADA).await;
    for kind in SessionKind::ALL {
        let shown = shop.sign_in(ADA, kind).await;
        shop.caller(&shown).await.unwrap();
        let (caller, [statements, hashes, _]) = shop.cost(shop.caller(&shown)).await;
        assert!(caller.is_some());
        assert_eq!((statements, hashes), (1, 0), "{kind:?}");
    }
}

#[tokio::test]
async fn a_refresh_token_used_twice_ends_its_family() {
    let shop = TestShop::open().await;
    shop.customer(ADA).await;
    let first = shop.sign_in(ADA, SessionKind::Tokens).await;
    let refresh =
        async |token: SecretString| shop.services.refresh.run(Realm::Customer, token.expose_secret()).await;
    let second = refresh(refresh_token(&first)).await.unwrap();
    assert_eq!(second.session, first.session);
    assert!(shop.caller(&second).await.is_some());
    let third = refresh(refresh_token(&second)).await.unwrap();
    assert!(matches!(refresh(refresh_token(&first)).await, Err(AuthError::Invalid)));
    for ended in [&first, &second, &third] {
        assert!(shop.caller(ended).await.is_none());
    }
    assert!(matches!(refresh(refresh_token(&third)).await, Err(AuthError::Invalid)));
}

#[tokio::test]
async fn a_refresh_token_used_twice_at_once_ends_its_family_too() {
    let shop = TestShop::open().await;
    shop.customer(ADA).await;
    let first = shop.sign_in(ADA, SessionKind::Tokens).await;
    let token = refresh_token(&first);
    let refresh = || shop.services.refresh.run(Realm::Customer, token.expose_secret());
    let (a, b) = tokio::join!(refresh(), refresh());
    assert!(a.is_err() || b.is_err(), "one of them at most");
    assert!(shop.caller(&first).await.is_none());
    for shown in [a, b].into_iter().flatten() {
        assert!(shop.caller(&shown).await.is_none());
    }
}

#[tokio::test]
async fn a_refresh_token_is_of_its_realm_and_of_tokens() {
    let shop = TestShop::open().await;
    shop.customer(ADA).await;
    let shown = shop.sign_in(ADA, SessionKind::Tokens).await;
    let token = refresh_token(&shown);
    assert!(shop.services.refresh.run(Realm::Staff, token.expose_secret()).await.is_err());
    assert!(shop.services.refresh.run(Realm::Customer, "stoa_rt_x").await.is_err());
    assert!(shop.caller(&shown).await.is_some(), "nobody has used it");
}

#[tokio::test]
async fn a_sign_in_that_is_not_used_ends() {
    let shop = TestShop::open().await;
    shop.customer(ADA).await;
    let tokens = shop.sign_in(ADA, SessionKind::Tokens).await;
    let cookie = shop.sign_in(ADA, SessionKind::Cookie).await;
    shop.wait(TimeDelta::minutes(11));
    assert!(shop.caller(&tokens).await.is_none(), "an access token is short");
    let tokens = shop.services.refresh.run(Realm::Customer, refresh_token(&tokens).expose_secret()).await;
    let tokens = tokens.unwrap();
    for _ in 0..3 {
        shop.wait(TimeDelta::days(20));
        assert!(shop.caller(&cookie).await.is_some(), "a cookie lasts for as long as it is used");
    }
    assert!(
        shop.services.refresh.run(Realm::Customer, refresh_token(&tokens).expose_secret()).await.is_err()
    );
    shop.wait(TimeDelta::days(31));
    assert!(shop.caller(&cookie).await.is_none());
}

#[tokio::test]
async fn a_storefronts_token_is_renewed_and_deleted() {
    let shop = TestShop::open().await;
    shop.customer(ADA).await;
    let shown = shop.sign_in(ADA, SessionKind::Storefront).await;
    let (text, tokens) = (token(&shown), &shop.services.storefront_tokens);
    shop.wait(TimeDelta::days(29));
    for _ in 0..2 {
        let renewed = tokens.renew(&text, client(1)).await.unwrap();
        let Issued::Storefront { token: again, expires_at } = renewed else { panic!("of another kind") };
        assert_eq!(again.expose_secret(), text.expose_secret());
        assert_eq!(expires_at, shop.services.now() + TimeDelta::days(30));
    }
    shop.wait(TimeDelta::days(29));
    let (a, b) = tokio::join!(tokens.renew(&text, client(1)), tokens.renew(&text, client(1)));
    assert!(a.is_ok() && b.is_ok(), "of two at once both have it");
    assert_eq!(tokens.delete(&text, client(1)).await.unwrap(), shown.session);
    assert!(tokens.delete(&text, client(1)).await.is_err(), "it is gone");
    assert!(tokens.renew(&text, client(1)).await.is_err());
}

#[tokio::test]
async fn sign_ins_are_listed_and_ended_by_their_owner_alone() {
    let shop = TestShop::open().await;
    let ada = shop.customer(ADA).await;
    let eve = shop.customer("eve@example.org").await;
    let there = shop.sign_in(ADA, SessionKind::Cookie).await;
    let here = shop.sign_in(ADA, SessionKind::Cookie).await;
    let sessions = &shop.services.sessions;
    let holder = SessionHolder::from(who(&here));
    let listed = || async {
        let page = sessions.list(holder, &PageRequest::first(10)).await.unwrap();
        page.nodes().map(|session| session.id).collect::<Vec<_>>()
    };
    assert_eq!(listed().await, [here.session, there.session, ada.session]);
    assert!(!sessions.revoke(eve.into(), there.session).await.unwrap(), "not hers");
    assert!(shop.caller(&there).await.is_some());
    assert!(sessions.revoke(holder, there.session).await.unwrap());
    assert!(!sessions.revoke(holder, there.session).await.unwrap(), "again");
    assert!(shop.caller(&there).await.is_none());
    assert_eq!(listed().await, [here.session, ada.session]);
    sessions.end(holder).await.unwrap();
    sessions.end(holder).await.unwrap();
    assert!(shop.caller(&here).await.is_none());
    let (first, second) = tokio::join!(sessions.end_all(holder), sessions.end_all(holder));
    assert_eq!(first.unwrap() + second.unwrap(), 1);
    assert_eq!(listed().await, []);
}

#[tokio::test]
async fn a_new_place_is_told_and_a_known_one_is_not() {
    let shop = TestShop::open().await;
    shop.customer(ADA).await;
    let told = || async { shop.subjects(ADA).await.len() - 1 };
    let known = tries(&shop, PASSWORD, &client(1)).await.unwrap();
    assert_eq!(told().await, 0, "where the account began");
    tries(&shop, PASSWORD, &client(2)).await.unwrap();
    assert_eq!(told().await, 1);
    tries(&shop, PASSWORD, &client(2)).await.unwrap();
    assert_eq!(told().await, 1, "it is known now");
    let with_device = Client { device: known.device, ..client(3) };
    tries(&shop, PASSWORD, &with_device).await.unwrap();
    assert_eq!(told().await, 1, "the browser is known");
    for n in 4..9 {
        tries(&shop, PASSWORD, &client(n)).await.unwrap();
    }
    assert_eq!(told().await, 3, "more than three a day say nothing new");
}

#[tokio::test]
async fn a_guesser_does_not_keep_the_owner_out() {
    let shop = TestShop::open().await;
    shop.customer(ADA).await;
    let known = tries(&shop, PASSWORD, &client(1)).await.unwrap();
    for _ in 0..10 {
        let wrong = tries(&shop, OTHER_PASSWORD, &client(1)).await;
        assert!(matches!(wrong, Err(SignInError::Unidentified)), "{wrong:?}");
    }
    let stopped = tries(&shop, PASSWORD, &client(1)).await;
    assert!(matches!(stopped, Err(SignInError::TooManyGuesses { .. })), "{stopped:?}");
    // From the guesser's own network, the owner's browser gets in; from elsewhere anybody does who knows.
    let with_device = Client { device: known.device, ..client(1) };
    assert!(tries(&shop, PASSWORD, &with_device).await.is_ok());
    assert!(tries(&shop, PASSWORD, &client(2)).await.is_ok());
    // A device of another account is none of this one.
    let eve = shop.customer("eve@example.org").await;
    let given = PasswordSignIn { email: "eve@example.org", password: PASSWORD, kind: SessionKind::Cookie };
    let eves = shop.services.sign_in.run(given, &client(3)).await.unwrap();
    assert_eq!(eves.subject, eve.customer.uuid());
    let with_eves = Client { device: eves.device, ..client(1) };
    let stopped = tries(&shop, PASSWORD, &with_eves).await;
    assert!(matches!(stopped, Err(SignInError::TooManyGuesses { .. })), "{stopped:?}");
}

/// Storefronts that keep a `customerAccessToken` have no place for a device's: they show the token that they had.
#[tokio::test]
async fn a_token_of_before_lets_its_owner_in_whatever_others_have_used_up() {
    let shop = TestShop::open().await;
    shop.customer(ADA).await;
    shop.customer("eve@example.org").await;
    let old = shop.sign_in(ADA, SessionKind::Storefront).await;
    let refreshed = shop.sign_in(ADA, SessionKind::Tokens).await;
    let cookie = shop.sign_in(ADA, SessionKind::Cookie).await;
    let eves = shop.sign_in("eve@example.org", SessionKind::Storefront).await;
    // Signed out, and over.
    shop.services.storefront_tokens.delete(&token(&old), client(1)).await.unwrap();
    shop.wait(TimeDelta::days(31));
    assert!(shop.caller(&old).await.is_none() && shop.caller(&refreshed).await.is_none());

    let guesses = Guesses::new(Arc::clone(shop.ctx().limiter()));
    let guess = async |n: u32| {
        let kind = GuessKind::SignIn(Realm::Customer);
        guesses.begin(client(n).address, kind, &[ADA], None).await.unwrap().is_ok()
    };
    for n in 0..100 {
        assert!(guess(100 + n % 10).await, "strangers guess from ten networks");
    }
    for _ in 0..3 {
        assert!(guess(1).await, "and what her own site has to spare is gone");
    }
    let with = |shown: Option<SecretString>| Client { device: shown, ..client(1) };
    for nothing in [None, Some(token(&eves)), Some(token(&cookie)), Some("stoa_ct_x".into())] {
        let stopped = tries(&shop, PASSWORD, &with(nothing)).await;
        assert!(matches!(stopped, Err(SignInError::TooManyGuesses { .. })), "{stopped:?}");
    }
    for shown in [token(&old), refresh_token(&refreshed)] {
        assert!(tries(&shop, PASSWORD, &with(Some(shown))).await.is_ok());
    }
    // It is no leave to guess on and on.
    for _ in 0..10 {
        let wrong = tries(&shop, OTHER_PASSWORD, &with(Some(token(&old)))).await;
        assert!(matches!(wrong, Err(SignInError::Unidentified)), "{wrong:?}");
    }
    let stopped = tries(&shop, PASSWORD, &with(Some(token(&old)))).await;
    assert!(matches!(stopped, Err(SignInError::TooManyGuesses { .. })), "{stopped:?}");
}

/// Colleagues, neighbours, guests of one hotel: what a guesser on their network is refused takes nothing from them.
#[tokio::test]
async fn a_guesser_keeps_nobody_out_who_is_known_on_the_same_network() {
    let shop = TestShop::open().await;
    shop.customer(ADA).await;
    let device = tries(&shop, PASSWORD, &client(1)).await.unwrap().device;
    let guesses = Guesses::new(Arc::clone(shop.ctx().limiter()));
    let kind = GuessKind::SignIn(Realm::Customer);
    for n in 0..9 {
        let someone = format!("{n}@example.org");
        guesses.begin(client(1).address, kind, &[&someone], None).await.unwrap().unwrap();
    }
    // The tenth miss and all that are refused behind it.
    for n in 0..250 {
        let wrong = tries(&shop, OTHER_PASSWORD, &client(1)).await;
        let refused = matches!(wrong, Err(SignInError::TooManyGuesses { .. }));
        assert_eq!(refused, n > 0, "{n}: {wrong:?}");
    }
    let known = Client { device, ..client(1) };
    assert!(tries(&shop, PASSWORD, &known).await.is_ok());
    let hashings = Hashings::new(Arc::clone(shop.ctx().limiter()));
    assert!(hashings.take(client(1).address).await.unwrap().is_ok(), "and others may still be hashed for");
}

#[tokio::test]
async fn one_network_does_not_keep_all_hashes_busy_with_passwords_that_are_right() {
    let shop = TestShop::open().await;
    let ada = shop.customer(ADA).await;
    let hashings = Hashings::new(Arc::clone(shop.ctx().limiter()));
    for _ in 0..198 {
        hashings.take(client(1).address).await.unwrap().unwrap();
    }
    let right = tries(&shop, PASSWORD, &client(1)).await;
    // One for her account's beginning, 198, and this one.
    assert!(right.is_ok(), "{right:?}");
    let stopped = tries(&shop, PASSWORD, &client(1)).await;
    assert!(matches!(stopped, Err(SignInError::TooManyGuesses { .. })), "{stopped:?}");
    // A browser that has signed in before has some of its own, and no more.
    let with_device = Client { device: right.unwrap().device, ..client(1) };
    for _ in 0..20 {
        assert!(tries(&shop, PASSWORD, &with_device).await.is_ok());
    }
    let stopped = tries(&shop, PASSWORD, &with_device).await;
    assert!(matches!(stopped, Err(SignInError::TooManyGuesses { .. })), "{stopped:?}");
    let by = (Reproof::Password(PASSWORD), OTHER_PASSWORD);
    let stopped = shop.services.change_password.run(ada, by, SessionKind::Cookie, &client(1)).await;
    assert!(stopped.is_err());
    assert!(tries(&shop, PASSWORD, &client(2)).await.is_ok(), "from elsewhere nobody is stopped");
}
