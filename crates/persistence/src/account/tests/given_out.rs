//! What was given out to come back with: links, waiting sign-ins, networks, keys.

use super::*;
use chrono::TimeDelta;
use futures_util::future::join_all;

async fn swept(
    shop: &TestShop,
    before: stoa_domain::shared::Timestamp,
    unseen_since: stoa_domain::shared::Timestamp,
) -> u64 {
    sweep(&shop.db, (before, unseen_since), 99).await.unwrap().rows
}

#[tokio::test]
async fn tokens_are_taken_once_by_two_at_once() {
    let shop = TestShop::open().await;
    let ada = shop.ids.id();
    for _ in 0..4 {
        let link = token(&shop, ada);
        shop.tx(async |tx| insert_token(tx, &link).await).await;
        assert_eq!(find_token(shop.db.read(), link.id).await.unwrap(), Some(link.clone()));
        let take =
            async |_| shop.tx(async |tx| take_token(tx, link.id, (link.realm, link.kind), at(9)).await).await;
        let taken: Vec<_> = join_all((0..6).map(take)).await.into_iter().flatten().collect();
        assert_eq!(taken, [AccountToken { used_at: Some(at(9)), ..link }]);
    }
    assert!(!shop.dump(&["account_tokens"]).await.contains("example.org"), "where it leads is sealed");
}

#[tokio::test]
async fn a_link_opens_what_it_is_for_while_it_lasts() {
    let shop = TestShop::open().await;
    let (ada, bob) = (shop.ids.id(), shop.ids.id());
    let link = token(&shop, ada);
    let archive = AccountToken {
        id: AccountTokenId::new(shop.ids.id()),
        kind: TokenKind::Archive,
        body: None,
        ..link.clone()
    };
    let his = token(&shop, bob);
    for new in [&link, &archive, &his] {
        shop.tx(async |tx| insert_token(tx, new).await).await;
    }
    let take_of = async |realm, id, kind, seconds| {
        shop.tx(async |tx| take_token(tx, id, (realm, kind), at(seconds)).await).await
    };
    let take = async |id, kind, seconds| take_of(Realm::Customer, id, kind, seconds).await;
    assert_eq!(take_of(Realm::Staff, link.id, TokenKind::Reset, 9).await, None, "it is for a customer");
    assert_eq!(take(link.id, TokenKind::Activate, 9).await, None, "it is for something else");
    assert_eq!(take(link.id, TokenKind::Reset, 3_600).await, None, "its time is up");
    assert_eq!(take(AccountTokenId::new(ada), TokenKind::Reset, 9).await, None);
    // An archive may be fetched again.
    for seconds in [9, 10] {
        assert!(take(archive.id, TokenKind::Archive, seconds).await.is_some());
    }
    // After a new password the other links are worth nothing; others' are.
    let kinds = [TokenKind::Reset, TokenKind::Archive];
    let whose = (Realm::Customer, ada);
    assert_eq!(shop.tx(async |tx| void_tokens(tx, whose, &kinds, at(20)).await).await, 2);
    assert_eq!(shop.tx(async |tx| void_tokens(tx, whose, &kinds, at(20)).await).await, 0);
    assert_eq!(take(link.id, TokenKind::Reset, 21).await, None);
    assert_eq!(take(archive.id, TokenKind::Archive, 21).await, None);
    assert!(take(his.id, TokenKind::Reset, 21).await.is_some());
}

#[tokio::test]
async fn guesses_at_once_are_as_many_as_they_are() {
    let shop = TestShop::open().await;
    let challenge = Challenge {
        id: ChallengeId::new(shop.ids.id()),
        kind: ChallengeKind::Totp,
        salt: Salt::new(shop.ids.secret_id()),
        body: "ada waits".to_owned(),
        tries: 0,
        expires_at: at(300),
        created_at: at(0),
    };
    let id = challenge.id;
    shop.tx(async |tx| insert_challenge(tx, &challenge).await).await;
    assert_eq!(find_challenge(shop.db.read(), id).await.unwrap(), Some(challenge.clone()));
    assert!(!shop.dump(&["account_challenges"]).await.contains("ada waits"));
    let guess =
        async |kind, seconds| shop.tx(async |tx| try_challenge(tx, id, kind, at(seconds)).await).await;
    assert_eq!(guess(ChallengeKind::Oidc, 9).await, None, "it waits for something else");
    assert_eq!(guess(ChallengeKind::Totp, 300).await, None, "its time is up");
    let mut tries: Vec<u32> = join_all((0..8).map(|_| guess(ChallengeKind::Totp, 9)))
        .await
        .into_iter()
        .flatten()
        .map(|tried| tried.tries)
        .collect();
    tries.sort_unstable();
    assert_eq!(tries, [1, 2, 3, 4, 5]);
    let end = async |_| shop.tx(async |tx| end_challenge(tx, id).await).await;
    let ended = join_all((0..3).map(end)).await;
    assert_eq!(ended.iter().filter(|ended| **ended).count(), 1, "one session comes of it");
}

#[tokio::test]
async fn a_new_network_is_told_once() {
    let shop = TestShop::open().await;
    let ada = shop.ids.id();
    let seen = async |realm, network: &'static str, days| {
        let now = at(0) + TimeDelta::days(days);
        let since = now - TimeDelta::days(180);
        shop.tx(async |tx| is_new_network(tx, (realm, ada), network, since, now).await).await
    };
    let at_once = join_all((0..4).map(|_| seen(Realm::Customer, "192.0.2.0/24", 0))).await;
    assert_eq!(at_once.iter().filter(|new| **new).count(), 1, "{at_once:?}");
    assert!(!seen(Realm::Customer, "192.0.2.0/24", 100).await);
    assert!(!seen(Realm::Customer, "192.0.2.0/24", 280).await, "seen 180 days ago");
    assert!(seen(Realm::Customer, "192.0.2.0/24", 461).await, "that is long ago");
    assert!(seen(Realm::Customer, "198.51.100.0/24", 461).await);
    assert!(seen(Realm::Staff, "192.0.2.0/24", 461).await, "another world");
}

#[tokio::test]
async fn signing_keys_are_sealed_and_retire() {
    let shop = TestShop::open().await;
    let key = |name: &str, byte, days: i64| StoredKey {
        kid: name.to_owned(),
        public_key: [byte; 32],
        private_key: format!("private half of {name}"),
        created_at: at(0),
        active_from: at(0) + TimeDelta::days(days),
        retires_at: None,
    };
    let (old, new) = (key("old", 1, 1), key("new", 2, 31));
    for key in [&new, &old] {
        shop.tx(async |tx| insert_signing_key(tx, key).await).await;
    }
    assert!(!shop.dump(&["signing_keys"]).await.contains("private half"));
    assert_eq!(signing_keys(shop.db.read()).await.unwrap(), [old.clone(), new.clone()]);
    let at_once = new.active_from;
    let retire = async |at| shop.tx(async |tx| retire_signing_key(tx, "old", at).await).await;
    assert!(retire(at_once).await);
    assert!(!retire(at_once + TimeDelta::days(9)).await, "it is said once");
    let remove = async |before| shop.tx(async |tx| remove_signing_keys(tx, before).await).await;
    assert_eq!(remove(at_once).await, 0, "its tokens are still about");
    assert_eq!(remove(at_once + TimeDelta::hours(1)).await, 1);
    assert_eq!(signing_keys(shop.db.read()).await.unwrap(), [new]);
}

#[tokio::test]
async fn the_root_keys_of_a_database_are_known_by_their_proofs() {
    let shop = TestShop::open().await;
    let check = |id: &str| KeyCheck { key_id: id.to_owned(), proof: format!("proof of {id}") };
    for (seconds, id) in [(0, "bbbb"), (1, "aaaa"), (2, "bbbb")] {
        shop.tx(async |tx| add_key_check(tx, &check(id), at(seconds)).await).await;
    }
    assert_eq!(key_checks(shop.db.read()).await.unwrap(), [check("bbbb"), check("aaaa")]);
    assert!(shop.tx(async |tx| remove_key_check(tx, "bbbb").await).await);
    assert!(!shop.tx(async |tx| remove_key_check(tx, "bbbb").await).await);
    assert_eq!(key_checks(shop.db.read()).await.unwrap(), [check("aaaa")]);
}

#[tokio::test]
async fn a_database_is_opened_with_its_own_root_keys() {
    let shop = TestShop::open().await;
    let key = |id: &str| KeyCheck { key_id: id.to_owned(), proof: format!("proof of {id}") };
    let open = async |keys: &[KeyCheck]| shop.tx(async |tx| check_keys(tx, keys, at(0)).await).await;
    // Two instances that begin at once, each with a key of its own.
    let first = [[key("aaaa")], [key("bbbb")], [key("cccc")], [key("dddd")]];
    let opened = join_all(first.iter().map(|keys| open(keys))).await;
    let mine = opened.iter().position(|o| *o == KeysChecked::Known).unwrap();
    let mine = &first[mine][0];
    let others = opened.iter().filter(|o| **o == KeysChecked::Missing(mine.key_id.clone())).count();
    assert_eq!(others, 3, "{opened:?}");
    assert_eq!(key_checks(shop.db.read()).await.unwrap(), std::slice::from_ref(mine));
    let other = KeyCheck { proof: "of another".to_owned(), ..mine.clone() };
    assert_eq!(open(&[other]).await, KeysChecked::Other(mine.key_id.clone()));
    assert_eq!(open(&[]).await, KeysChecked::Missing(mine.key_id.clone()));
    // A new one goes first; from then on whoever lacks it cannot read all.
    assert_eq!(open(&[key("eeee"), mine.clone()]).await, KeysChecked::Known);
    assert_eq!(open(std::slice::from_ref(mine)).await, KeysChecked::Missing("eeee".to_owned()));
    // When nothing is sealed by the old one any more, it can go.
    shop.tx(async |tx| remove_key_check(tx, &mine.key_id).await).await;
    assert_eq!(open(&[key("eeee")]).await, KeysChecked::Known);
    assert_eq!(key_checks(shop.db.read()).await.unwrap(), [key("eeee")]);
}

#[tokio::test]
async fn archives_are_named_until_their_files_are_gone() {
    let shop = TestShop::open().await;
    let ada = shop.ids.id();
    let archive = |subject| AccountToken {
        kind: TokenKind::Archive,
        body: Some("private/7/archive.json".to_owned()),
        ..token(&shop, subject)
    };
    let (first, second, other) = (archive(ada), archive(ada), token(&shop, ada));
    let his = AccountToken { expires_at: at(9_000), ..archive(shop.ids.id()) };
    for new in [&first, &second, &other, &his] {
        shop.tx(async |tx| insert_token(tx, new).await).await;
    }
    let of = async |realm| tokens_of(shop.db.read(), (realm, ada), TokenKind::Archive).await.unwrap();
    assert_eq!(of(Realm::Customer).await, [first.clone(), second.clone()]);
    assert_eq!(of(Realm::Staff).await, []);
    assert_eq!(swept(&shop, at(5_000), at(0)).await, 1, "the other link");
    let over = async |limit| archives_over(shop.db.read(), at(5_000), limit).await.unwrap();
    assert_eq!(over(1).await.len(), 1);
    let mut both = over(9).await;
    both.sort_by_key(|token| token.id.uuid());
    assert_eq!(both, [first.clone(), second.clone()]);
    let remove = async || shop.tx(async |tx| remove_token(tx, first.id).await).await;
    assert_eq!((remove().await, remove().await), (true, false));
    assert_eq!(over(9).await, [second]);
}

#[tokio::test]
async fn what_is_over_is_swept_away_and_nothing_else() {
    let shop = TestShop::open().await;
    let ada = shop.ids.id();
    let (old, live) = (token(&shop, ada), AccountToken { expires_at: at(9_000), ..token(&shop, ada) });
    let over = signed_in(&shop, ada, SessionKind::Tokens).await;
    let challenge = Challenge {
        id: ChallengeId::new(shop.ids.id()),
        kind: ChallengeKind::Oidc,
        salt: Salt::new(shop.ids.secret_id()),
        body: "x".to_owned(),
        tries: 0,
        expires_at: at(600),
        created_at: at(0),
    };
    shop.tx(async |tx| {
        insert_token(tx, &old).await?;
        insert_token(tx, &live).await?;
        insert_challenge(tx, &challenge).await?;
        is_new_network(tx, (Realm::Customer, ada), "192.0.2.0/24", at(0), at(0)).await?;
        is_new_network(tx, (Realm::Customer, ada), "198.51.100.0/24", at(0), at(500)).await
    })
    .await;
    assert_eq!(swept(&shop, at(5_000), at(100)).await, 3);
    assert_eq!(swept(&shop, at(5_000), at(100)).await, 0);
    assert_eq!(find_token(shop.db.read(), old.id).await.unwrap(), None);
    assert_eq!(find_token(shop.db.read(), live.id).await.unwrap(), Some(live));
    assert_eq!(found(&shop, over.id).await, over);
    assert_eq!(shop.dump(&["account_devices"]).await.lines().count(), 1);
    let after_its_end = over.ends_at + TimeDelta::seconds(1);
    assert_eq!(swept(&shop, after_its_end, at(100)).await, 2, "the session, and the other link");
    assert_eq!(find_session(shop.db.read(), over.id).await.unwrap(), None);
}

#[tokio::test]
async fn sweeping_ends_where_it_is_told_to() {
    let shop = TestShop::open().await;
    assert_eq!(sweep(&shop.db, (at(0), at(0)), 3).await.unwrap().transactions, 3, "there may be more");
    assert_eq!(sweep(&shop.db, (at(0), at(0)), 99).await.unwrap().transactions, 4, "one a kind of thing");
}
