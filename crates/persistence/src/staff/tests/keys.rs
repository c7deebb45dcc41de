//! Second factors, recovery codes, keys of programs.

use super::*;
use chrono::TimeDelta;
use std::slice;
use stoa_domain::shared::{ApiKeyId, page::PageRequest};

#[tokio::test]
async fn an_authenticator_counts_from_its_first_right_code_and_each_code_once() {
    let shop = TestShop::open().await;
    let eve = joined(&shop, "eve").await;
    let begin =
        async |secret: &'static str| shop.tx(async |tx| begin_totp(tx, eve.id, secret, at(2)).await).await;
    let read = async || authenticator(shop.db.read(), eve.id).await.unwrap();
    let confirm = async |read: &Authenticator, step| {
        shop.tx(async |tx| confirm_totp(tx, eve.id, read, step, at(3)).await).await
    };
    let use_step_of = async |read: &Authenticator, step| {
        shop.tx(async |tx| use_totp_step(tx, eve.id, read, step).await).await
    };
    assert_eq!(read().await, None);
    assert!(begin("FIRST").await);
    let shown = read().await.unwrap();
    assert!(!use_step_of(&shown, 7).await, "it does not count yet");
    assert_eq!((shown.secret.as_str(), shown.confirmed_at, shown.last_step), ("FIRST", None, None));
    // Another was shown meanwhile: the code was of the first.
    assert!(begin("SECOND").await);
    assert!(!confirm(&shown, 7).await);
    let shown = read().await.unwrap();
    assert!(confirm(&shown, 7).await);
    assert!(!confirm(&shown, 8).await, "once");
    assert!(!begin("THIRD").await, "there is one that counts");
    assert!(!shop.dump(&["staff"]).await.contains("SECOND"), "it is sealed");
    let counts = read().await.unwrap();
    assert_eq!(
        (counts.secret.as_str(), counts.confirmed_at, counts.last_step),
        ("SECOND", Some(at(3)), Some(7))
    );
    assert_eq!(found(&shop, eve.id).await.totp_since, Some(at(3)));

    let use_step = async |step| use_step_of(&counts, step).await;
    assert!(!use_step(7).await, "it was used");
    let at_once = join_all((0..4).map(|_| use_step(8))).await;
    assert_eq!(at_once.iter().filter(|used| **used).count(), 1, "{at_once:?}");
    assert!(!use_step(6).await, "an older one than was used");

    let codes = ["c1".to_owned()];
    shop.tx(async |tx| set_recovery_codes(tx, eve.id, &codes, at(4)).await).await;
    let remove = async || shop.tx(async |tx| remove_totp(tx, eve.id, at(5)).await).await;
    assert_eq!((remove().await, remove().await), (true, false));
    assert_eq!((read().await, found(&shop, eve.id).await.totp_since), (None, None));
    assert_eq!(recovery_codes_left(shop.db.read(), eve.id).await.unwrap(), 0);
    assert!(!use_step(9).await);
    // A code of the one that is gone is none of the next one's.
    assert!(begin("FOURTH").await);
    let fourth = read().await.unwrap();
    assert!(shop.tx(async |tx| confirm_totp(tx, eve.id, &fourth, 10, at(6)).await).await);
    assert!(!use_step(11).await);
    let fourth = read().await.unwrap();
    assert!(use_step_of(&fourth, 11).await);
}

#[tokio::test]
async fn a_recovery_code_works_once_and_for_its_owner() {
    let shop = TestShop::open().await;
    let (eve, bob) = (joined(&shop, "eve").await, joined(&shop, "bob").await);
    let set = async |codes: &[&str]| {
        let codes: Vec<String> = codes.iter().map(|c| (*c).to_owned()).collect();
        shop.tx(async |tx| set_recovery_codes(tx, eve.id, &codes, at(2)).await).await
    };
    let use_code =
        async |of, code: &'static str| shop.tx(async |tx| use_recovery_code(tx, of, code, at(3)).await).await;
    let left = async || recovery_codes_left(shop.db.read(), eve.id).await.unwrap();
    assert!(set(&["a", "b", "c"]).await);
    assert!(!use_code(bob.id, "a").await && !use_code(eve.id, "d").await);
    let at_once = join_all((0..4).map(|_| use_code(eve.id, "a"))).await;
    assert_eq!(at_once.iter().filter(|used| **used).count(), 1, "{at_once:?}");
    assert_eq!(left().await, 2);
    assert!(set(&["d"]).await);
    assert!(!use_code(eve.id, "b").await, "those before work no more");
    assert!(use_code(eve.id, "d").await);
    assert_eq!(left().await, 0);
    let nobody = StaffId::new(shop.ids.id());
    assert!(!shop.tx(async |tx| set_recovery_codes(tx, nobody, &[], at(2)).await).await);
}

#[tokio::test]
async fn a_key_speaks_until_it_is_over_or_ended() {
    let shop = TestShop::open().await;
    let key = |name: &str, expires_at| ApiKey {
        id: ApiKeyId::new(shop.ids.id()),
        name: name.to_owned(),
        hint: "a1b2".to_owned(),
        scopes: Permissions::of(&[Permission::ProductsRead, Permission::InventoryWrite]),
        created_by: StaffId::new(shop.ids.id()),
        maker_gone: true,
        created_at: at(0),
        expires_at,
        used_at: None,
        used_network: None,
        revoked_at: None,
    };
    let (erp, trial) = (key("ERP", None), key("Trial", Some(at(100))));
    // Beyond the years that sort is not before now.
    let far = key("Far", Some(at(0) + TimeDelta::days(365 * 10_000)));
    shop.tx(async |tx| insert_api_key(tx, &far, "hash-far").await).await;
    assert!(principal_of_key(shop.db.read(), "hash-far", at(1)).await.unwrap().is_some());
    for (key, hash) in [(&erp, "hash-erp"), (&trial, "hash-trial")] {
        shop.tx(async |tx| insert_api_key(tx, key, hash).await).await;
    }
    let who = async |hash, seconds| {
        let before = shop.db.statements();
        let found = principal_of_key(shop.db.read(), hash, at(seconds)).await.unwrap();
        assert_eq!(shop.db.statements() - before, 1);
        found
    };
    let speaks = KeyPrincipal { id: erp.id, name: "ERP".to_owned(), scopes: erp.scopes, used_at: None };
    assert_eq!(who("hash-erp", 1_000).await, Some(speaks));
    assert_eq!(who("hash-trial", 99).await.map(|k| k.id), Some(trial.id));
    assert_eq!(who("hash-trial", 100).await, None, "over");
    assert_eq!(who("hash", 1).await, None);

    let used = async |seconds: i64| {
        let minute_ago = at(seconds) - TimeDelta::minutes(1);
        shop.tx(async |tx| note_key_use(tx, erp.id, Some("192.0.2.0/24"), minute_ago, at(seconds)).await)
            .await
    };
    assert_eq!((used(10).await, used(69).await, used(70).await), (true, false, true));
    let revoke = async || shop.tx(async |tx| revoke_api_key(tx, erp.id, at(80)).await).await;
    assert_eq!((revoke().await, revoke().await), (true, false));
    assert_eq!(who("hash-erp", 90).await, None, "ended, at once");
    let used_network = Some("192.0.2.0/24".to_owned());
    let ended = ApiKey { used_at: Some(at(70)), used_network, revoked_at: Some(at(80)), ..erp };
    let page = list_api_keys(shop.db.read(), &PageRequest::first(9)).await.unwrap();
    let ids: Vec<ApiKeyId> = page.nodes().copied().collect();
    assert_eq!(ids, [far.id, trial.id, ended.id], "the newest first, and all that there ever were");
    assert_eq!(find_api_keys(shop.db.read(), &ids[1..]).await.unwrap(), [trial, ended]);
}

#[tokio::test]
async fn a_key_outlives_its_maker_and_it_is_told() {
    let shop = TestShop::open().await;
    let (eve, mal) = (joined(&shop, "eve").await, joined(&shop, "mal").await);
    let key = |name: &str, created_by| ApiKey {
        id: ApiKeyId::new(shop.ids.id()),
        name: name.to_owned(),
        hint: "a1b2".to_owned(),
        scopes: Permissions::of(&[Permission::ProductsRead]),
        created_by,
        maker_gone: false,
        created_at: at(0),
        expires_at: None,
        used_at: None,
        used_network: None,
        revoked_at: None,
    };
    let over = ApiKey { expires_at: Some(at(5)), ..key("Over", eve.id) };
    let (erp, till) = (key("ERP", eve.id), key("Till", mal.id));
    for (key, hash) in [(&over, "over"), (&erp, "erp"), (&till, "till")] {
        shop.tx(async |tx| insert_api_key(tx, key, hash).await).await;
    }
    let orphans = async || orphaned_keys(shop.db.read(), at(9), 9).await.unwrap();
    assert_eq!(orphans().await, []);
    assert_eq!(working_keys_of(shop.db.read(), eve.id, at(9), 9).await.unwrap(), slice::from_ref(&erp));

    let out = eve.clone().disable().unwrap();
    assert_eq!(shop.tx(async |tx| save(tx, &eve, &out, at(6)).await).await, StaffSaved::Saved);
    let left = ApiKey { maker_gone: true, ..erp.clone() };
    assert_eq!(orphans().await, slice::from_ref(&left), "who is shut out is gone");
    assert_eq!(shop.tx(async |tx| remove(tx, mal.id).await).await, Removed::Removed);
    let both = [ApiKey { maker_gone: true, ..till.clone() }, left];
    assert_eq!(orphans().await, both, "the newest first");
    assert_eq!(find_api_keys(shop.db.read(), &[till.id, erp.id]).await.unwrap(), both);
    let works = async |hash| principal_of_key(shop.db.read(), hash, at(9)).await.unwrap().is_some();
    assert!(works("erp").await && works("till").await);
    shop.tx(async |tx| revoke_api_key(tx, till.id, at(10)).await).await;
    assert_eq!(orphans().await.len(), 1, "one that was ended is nobody's worry");
}
