//! Keys of programs.

use super::hands::{EVE, command};
use crate::{
    account::{AuthError, Client, Credential},
    staff::{ApiKeyError, NewKey},
    testing::{TestShop, client},
};
use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use stoa_domain::{
    access::{
        Actor, Denied, Permission, Permissions,
        grants::{ApiKeysRead, ApiKeysWrite, JobsRead, ProductsRead, StaffWrite},
    },
    shared::{StaffId, page::PageRequest},
};

const SCOPES: Permissions = Permissions::of(&[Permission::ProductsRead, Permission::OrdersRefund]);

fn new(scopes: Permissions) -> NewKey {
    NewKey { name: " till \n".into(), scopes, expires_at: None }
}

async fn known(shop: &TestShop, key: &SecretString, from: &Client) -> Result<Arc<Actor>, AuthError> {
    let credential = Credential::Bearer(key.clone());
    let caller = shop.services.authenticate.run(&credential, from.clone()).await?;
    caller.actor.ok_or(AuthError::Invalid)
}

#[tokio::test]
async fn a_key_is_shown_once_and_does_what_its_scopes_say() {
    let shop = TestShop::open().await;
    let owner = shop.proven_owner().await;
    let by = shop.permit::<ApiKeysWrite>(&owner);
    let made = shop.services.api_keys.create(&by, &new(SCOPES)).await.unwrap();
    assert!(
        made.key.expose_secret().starts_with("stoa_sk_")
            && made.key.expose_secret().ends_with(&made.known.hint)
    );
    assert_eq!(made.known.name, "till");
    let till = known(&shop, &made.key, &client(4)).await.unwrap();
    assert!(shop.try_permit::<ProductsRead>(&till).is_ok());
    assert_eq!(shop.try_permit::<JobsRead>(&till).unwrap_err(), Denied::NotAllowed);

    let reads = shop.permit::<ApiKeysRead>(&owner);
    let ids = shop.services.api_keys.list(&reads, &PageRequest::first(9)).await.unwrap();
    let ids: Vec<_> = ids.nodes().copied().collect();
    assert_eq!(ids, [made.known.id]);
    let used = async || shop.services.api_keys.find_all(&reads, &ids).await.unwrap().remove(0);
    let first = used().await;
    assert_eq!((first.used_at, first.used_network), (Some(shop.ctx().now()), client(4).network()));
    shop.wait(TimeDelta::seconds(59));
    let (_, [statements, hashes, _]) = shop.cost(known(&shop, &made.key, &client(4))).await;
    assert_eq!((statements, hashes), (1, 0), "it is written down once a minute at most");
    assert_eq!(used().await.used_at, first.used_at);
    shop.wait(TimeDelta::seconds(1));
    known(&shop, &made.key, &client(5)).await.unwrap();
    assert_eq!(used().await.used_at, Some(shop.ctx().now()));

    shop.services.api_keys.revoke(&by, made.known.id).await.unwrap();
    assert!(known(&shop, &made.key, &client(4)).await.is_err());
    let again = shop.services.api_keys.revoke(&by, made.known.id).await;
    assert!(matches!(again, Err(ApiKeyError::NotFound)), "{again:?}");
}

#[tokio::test]
async fn a_key_ends_when_it_was_to() {
    let shop = TestShop::open().await;
    let by = shop.permit::<ApiKeysWrite>(&shop.proven_owner().await);
    let now = shop.ctx().now();
    let over = shop.services.api_keys.create(&by, &NewKey { expires_at: Some(now), ..new(SCOPES) }).await;
    assert!(matches!(over, Err(ApiKeyError::Over)), "{over:?}");
    let lasting = NewKey { expires_at: Some(now + TimeDelta::days(1)), ..new(SCOPES) };
    let key = shop.services.api_keys.create(&by, &lasting).await.unwrap().key;
    shop.wait(TimeDelta::days(1) - TimeDelta::seconds(1));
    assert!(known(&shop, &key, &client(4)).await.is_ok());
    shop.wait(TimeDelta::seconds(1));
    assert!(known(&shop, &key, &client(4)).await.is_err());
}

#[tokio::test]
async fn no_key_makes_staff_or_has_more_than_its_maker() {
    let shop = TestShop::open().await;
    let owner = shop.proven_owner().await;
    let keys = &shop.services.api_keys;
    let by = shop.permit::<ApiKeysWrite>(&owner);
    let all = keys.create(&by, &new(Permissions::ALL)).await;
    assert!(matches!(all, Err(ApiKeyError::ForPeople(_))), "{all:?}");
    assert!(matches!(keys.create(&by, &new(Permissions::NONE)).await, Err(ApiKeyError::NoScope)));
    let nameless = NewKey { name: "\u{7}".into(), ..new(SCOPES) };
    assert!(matches!(keys.create(&by, &nameless).await, Err(ApiKeyError::NameMissing)));
    let machine = shop.permit::<ApiKeysWrite>(&command());
    assert!(matches!(keys.create(&machine, &new(SCOPES)).await, Err(ApiKeyError::PersonNeeded)));

    let allowed = Permissions::of(&[Permission::ApiKeysWrite, Permission::ProductsRead]);
    let eve = shop.hired(&owner, EVE, allowed).await;
    let eve = shop.step_up(&eve, None).await;
    let more = keys.create(&shop.permit::<ApiKeysWrite>(&eve), &new(SCOPES)).await;
    assert!(matches!(more, Err(ApiKeyError::NotGrantable(_))), "{more:?}");
    let same = new(Permissions::of(&[Permission::ProductsRead]));
    let key = keys.create(&shop.permit::<ApiKeysWrite>(&eve), &same).await.unwrap().key;
    let actor = known(&shop, &key, &client(4)).await.unwrap();
    assert_eq!(shop.try_permit::<StaffWrite>(&actor).unwrap_err(), Denied::NotAllowed);
}

#[tokio::test]
async fn a_key_goes_on_without_its_maker_and_is_told_of() {
    let shop = TestShop::open().await;
    let owner = shop.proven_owner().await;
    let allowed = Permissions::of(&[Permission::ApiKeysWrite, Permission::ProductsRead]);
    let eve = shop.hired(&owner, EVE, allowed).await;
    let maker = shop.permit::<ApiKeysWrite>(&shop.step_up(&eve, None).await);
    let reads = new(Permissions::of(&[Permission::ProductsRead]));
    let keys = &shop.services.api_keys;
    let (till, old) =
        (keys.create(&maker, &reads).await.unwrap(), keys.create(&maker, &reads).await.unwrap());
    keys.revoke(&maker, old.known.id).await.unwrap();
    let doctor = &shop.services.doctor;
    assert_eq!(doctor.notices().await.unwrap(), [], "she is on the staff");

    let (by, id) = (shop.permit::<StaffWrite>(&owner), StaffId::new(eve.subject));
    let asks = shop.permit::<ApiKeysRead>(&owner);
    shop.services.staff_members.disable(&by, id).await.unwrap();
    for _ in 0..2 {
        let actor = known(&shop, &till.key, &client(4)).await.unwrap();
        assert!(shop.try_permit::<ProductsRead>(&actor).is_ok(), "the shop's programs go on");
        let left = keys.working_of(&asks, id).await.unwrap();
        assert_eq!(
            left.iter().map(|key| (key.id, key.maker_gone)).collect::<Vec<_>>(),
            [(till.known.id, true)]
        );
        let [notice] = &doctor.notices().await.unwrap()[..] else { panic!("one") };
        assert!(notice.check == "staff.keys" && notice.text.contains("till"), "{notice:?}");
        // The second time she is not even shut out any more.
        drop(shop.services.staff_members.remove(&by, id).await);
    }
    let by_owner = shop.permit::<ApiKeysWrite>(&owner);
    keys.revoke(&by_owner, till.known.id).await.unwrap();
    assert_eq!(doctor.notices().await.unwrap(), []);
    assert_eq!(keys.working_of(&asks, id).await.unwrap(), []);
}
