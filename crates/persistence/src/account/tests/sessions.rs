//! Sessions: refreshed once, ended once, and never alive again.

use super::*;
use futures_util::future::join_all;
use stoa_domain::{
    account::Revoked,
    shared::page::{Page, PageRequest},
};

async fn refresh(shop: &TestShop, id: SessionId, generation: u32, seconds: i64) -> Refresh {
    let until = (at(seconds) + RULE.idle).min(at(0) + RULE.most);
    shop.tx(async |tx| rotate(tx, id, generation, at(seconds), until).await).await
}

#[tokio::test]
async fn a_session_is_read_as_it_was_written() {
    let shop = TestShop::open().await;
    let session = signed_in(&shop, shop.ids.id(), SessionKind::Tokens).await;
    assert_eq!(found(&shop, session.id).await, session);
    let other = find_session(shop.db.read(), SessionId::new(shop.ids.id())).await.unwrap();
    assert_eq!(other, None);
}

#[tokio::test]
async fn a_generation_is_taken_once() {
    let shop = TestShop::open().await;
    let session = signed_in(&shop, shop.ids.id(), SessionKind::Tokens).await;
    let id = session.id;
    assert_eq!(refresh(&shop, id, 0, 10).await, Refresh::Rotate { next: 1 });
    assert_eq!(refresh(&shop, id, 1, 20).await, Refresh::Rotate { next: 2 });
    let now = found(&shop, id).await;
    assert_eq!((now.generation, now.used_at, now.expires_at), (2, at(20), at(20) + RULE.idle));
    // The thief, or the one who was robbed.
    assert_eq!(refresh(&shop, id, 0, 30).await, Refresh::Reused);
    let ended = found(&shop, id).await;
    assert_eq!(ended.revoked, Some(Revoked { at: at(30), because: RevokedBecause::Reuse }));
    for generation in [0, 1, 2, 3] {
        assert_eq!(refresh(&shop, id, generation, 40).await, Refresh::Over);
    }
    assert_eq!(found(&shop, id).await, ended);
}

#[tokio::test]
async fn a_refresh_asks_for_more_than_is_left_and_gets_what_is_left() {
    let shop = TestShop::open().await;
    let session = signed_in(&shop, shop.ids.id(), SessionKind::Tokens).await;
    let beyond = session.ends_at + chrono::TimeDelta::seconds(1);
    let rotated = shop.tx(async |tx| rotate(tx, session.id, 0, at(10), beyond).await).await;
    assert_eq!(rotated, Refresh::Rotate { next: 1 });
    let now = found(&shop, session.id).await;
    assert_eq!((now.expires_at, now.revoked), (session.ends_at, None));
    assert_eq!(refresh(&shop, session.id, 1, 20).await, Refresh::Rotate { next: 2 });
    assert_eq!(found(&shop, session.id).await.expires_at, at(20) + RULE.idle);
}

#[tokio::test]
async fn a_generation_used_by_several_at_once_ends_the_session() {
    let shop = TestShop::open().await;
    for _ in 0..4 {
        let session = signed_in(&shop, shop.ids.id(), SessionKind::Tokens).await;
        let used = join_all((0..4).map(|_| refresh(&shop, session.id, 0, 10))).await;
        assert_eq!(used.iter().filter(|r| **r == Refresh::Rotate { next: 1 }).count(), 1, "{used:?}");
        assert_eq!(used.iter().filter(|r| **r == Refresh::Reused).count(), 1, "{used:?}");
        assert_eq!(used.iter().filter(|r| **r == Refresh::Over).count(), 2, "{used:?}");
        let revoked = found(&shop, session.id).await.revoked;
        assert_eq!(revoked.map(|r| r.because), Some(RevokedBecause::Reuse));
    }
}

#[tokio::test]
async fn what_is_over_or_has_no_refresh_tokens_is_neither_refreshed_nor_ended() {
    let shop = TestShop::open().await;
    let over = signed_in(&shop, shop.ids.id(), SessionKind::Tokens).await;
    let late = (over.expires_at - at(0)).num_seconds();
    assert_eq!(refresh(&shop, over.id, 0, late).await, Refresh::Over);
    assert_eq!(refresh(&shop, over.id, 7, late).await, Refresh::Over);
    for kind in [SessionKind::Cookie, SessionKind::Storefront] {
        let session = signed_in(&shop, shop.ids.id(), kind).await;
        assert_eq!(refresh(&shop, session.id, 0, 10).await, Refresh::Over);
        assert_eq!(refresh(&shop, session.id, 1, 10).await, Refresh::Over);
        assert_eq!(found(&shop, session.id).await, session);
    }
    assert_eq!(found(&shop, over.id).await, over);
    assert_eq!(refresh(&shop, SessionId::new(shop.ids.id()), 0, 10).await, Refresh::Over);
}

#[tokio::test]
async fn a_session_slides_until_it_ends_and_not_beyond() {
    let shop = TestShop::open().await;
    let session = signed_in(&shop, shop.ids.id(), SessionKind::Cookie).await;
    let slid = async |seconds: i64, until| {
        let before = at(seconds) - chrono::TimeDelta::minutes(1);
        shop.tx(async |tx| slide(tx, session.id, before, at(seconds), until).await).await
    };
    assert!(!slid(30, at(30) + RULE.idle).await, "it was used half a minute ago");
    assert!(slid(60, at(60) + RULE.idle).await);
    assert_eq!(found(&shop, session.id).await.expires_at, at(60) + RULE.idle);
    assert!(!slid(600, session.ends_at + chrono::TimeDelta::seconds(1)).await, "it does not outlast its end");
    let expired = (found(&shop, session.id).await.expires_at - at(0)).num_seconds();
    assert!(!slid(expired, session.ends_at).await, "what is over stays over");
    assert!(slid(expired - 1, session.ends_at).await);
    let proved =
        async |seconds: i64, mfa| shop.tx(async |tx| step_up(tx, session.id, mfa, at(seconds)).await).await;
    assert!(proved(100, false).await);
    assert_eq!(
        (found(&shop, session.id).await.stepped_up_at, found(&shop, session.id).await.mfa),
        (Some(at(100)), false)
    );
    assert!(proved(200, true).await && proved(300, false).await);
    assert!(found(&shop, session.id).await.mfa, "a second factor was shown once");
    let whose = (Realm::Customer, session.subject);
    let because = RevokedBecause::SignedOut;
    shop.tx(async |tx| revoke(tx, whose, session.id, because, at(400)).await).await;
    assert!(!slid(500, session.ends_at).await && !proved(500, true).await);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner() {
    let shop = TestShop::open().await;
    let (ada, bob) = (shop.ids.id(), shop.ids.id());
    let mut hers = Vec::new();
    for kind in [SessionKind::Tokens, SessionKind::Cookie, SessionKind::Storefront, SessionKind::Cookie] {
        hers.push(signed_in(&shop, ada, kind).await);
    }
    let his = signed_in(&shop, bob, SessionKind::Cookie).await;
    // The same id in the other world is somebody else.
    let staff = session_of(&shop, Realm::Staff, ada, SessionKind::Cookie);
    shop.tx(async |tx| insert_session(tx, &staff).await).await;
    let whose = (Realm::Customer, ada);
    let live = async || {
        let request = PageRequest::first(2);
        let first: Page<Session> = list_sessions(shop.db.read(), whose, at(9), &request).await.unwrap();
        let after = first.rows.last().map(|row| row.cursor.clone());
        let rest = PageRequest { after, ..PageRequest::first(250) };
        let rest = list_sessions(shop.db.read(), whose, at(9), &rest).await.unwrap();
        first.nodes().chain(rest.nodes()).map(|s| s.id).collect::<Vec<_>>()
    };
    let [first, second, third, fourth] = [0, 1, 2, 3].map(|n| hers[n].id);
    assert_eq!(live().await, [fourth, third, second, first]);

    let end = async |whose, id| {
        shop.tx(async |tx| revoke(tx, whose, id, RevokedBecause::ByOwner, at(5)).await).await
    };
    assert!(!end(whose, his.id).await, "not hers");
    assert!(!end(whose, staff.id).await, "not of this world");
    assert!(end(whose, second).await);
    assert!(!end(whose, second).await, "once");
    assert_eq!(live().await, [fourth, third, first]);
    let because = RevokedBecause::PasswordChanged;
    let all = shop.tx(async |tx| revoke_all(tx, whose, Some(third), because, at(6)).await).await;
    assert_eq!((all, live().await), (2, vec![third]));
    let all = shop.tx(async |tx| revoke_all(tx, whose, None, because, at(7)).await).await;
    assert_eq!((all, live().await), (1, vec![]));
    assert_eq!(found(&shop, second).await.revoked.map(|r| r.at), Some(at(5)), "it stays as it was ended");
    assert_eq!(found(&shop, his.id).await, his);
    assert_eq!(found(&shop, staff.id).await, staff);
}

#[tokio::test]
async fn signing_out_everywhere_at_once_from_everywhere_collides_with_nothing() {
    let shop = TestShop::open().await;
    let ada = shop.ids.id();
    let mut ids = Vec::new();
    for _ in 0..6 {
        ids.push(signed_in(&shop, ada, SessionKind::Tokens).await.id);
    }
    let whose = (Realm::Customer, ada);
    let because = RevokedBecause::ByOwner;
    let everywhere = async |_| shop.tx(async |tx| revoke_all(tx, whose, None, because, at(5)).await).await;
    let ended = join_all((0..4).map(everywhere));
    let refreshed = join_all(ids.iter().map(|id| refresh(&shop, *id, 0, 5)));
    let (ended, _) = tokio::join!(ended, refreshed);
    assert_eq!(ended.iter().sum::<u64>(), 6, "each is ended by one: {ended:?}");
    for id in ids {
        assert!(found(&shop, id).await.revoked.is_some(), "refreshed or not, it is over");
    }
}
