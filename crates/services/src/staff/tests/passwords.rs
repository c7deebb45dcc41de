//! Passwords of staff: compared, forgotten, changed.

use super::hands::{EVE, OWNER, signed_in, waiting};
use crate::{
    account::{Client, PasswordSignIn, SignInError},
    customer::LinkUseError,
    staff::StaffLinkUse,
    testing::{OTHER_PASSWORD, PASSWORD, TestShop, address, client},
};
use chrono::TimeDelta;
use secrecy::ExposeSecret;
use stoa_domain::{
    access::{
        Permission, Permissions,
        grants::{OwnCredentials, Ownership, StaffWrite},
    },
    account::SessionKind,
    shared::StaffId,
};
use stoa_persistence::staff;

fn link_use(token: &str) -> StaffLinkUse {
    StaffLinkUse { token: token.into(), password: OTHER_PASSWORD.into() }
}

async fn refused(shop: &TestShop, email: &str, password: &str, from: &Client) -> bool {
    let given = PasswordSignIn { email, password, kind: SessionKind::Tokens };
    let tried = shop.services.staff_sign_in.run(given, from).await;
    matches!(tried, Err(SignInError::Unidentified))
}

#[tokio::test]
async fn a_known_and_an_unknown_address_cost_the_same_work() {
    let shop = TestShop::open().await;
    let owner = shop.proven_owner().await;
    shop.hired(&owner, EVE, Permissions::of(&[Permission::OrdersRead])).await;
    shop.customer("ada@example.org").await;
    let from = client(7);
    let (known, cost) = shop.cost(refused(&shop, OWNER, OTHER_PASSWORD, &from)).await;
    assert!(known);
    for unknown in ["nobody@example.org", "ada@example.org"] {
        let (refused, others) = shop.cost(refused(&shop, unknown, PASSWORD, &client(8))).await;
        assert!(refused, "customers are no staff");
        assert_eq!(others, cost, "{unknown}");
    }
    let recover = async |email| shop.cost(shop.services.recover_staff.run(email, &from)).await.1;
    assert_eq!(recover(OWNER).await, recover("nobody@example.org").await);
    assert_eq!(shop.subjects("nobody@example.org").await.len(), 0);
}

#[tokio::test]
async fn a_forgotten_password_is_set_by_a_link_and_the_second_factor_stays() {
    let shop = TestShop::open().await;
    let shown = shop.owner().await;
    let (secret, _) = shop.enrolled(&shown).await;
    shop.wait(TimeDelta::seconds(30));
    shop.services.recover_staff.run(OWNER, &client(2)).await.unwrap();
    let token = shop.staff_token(OWNER, "reset").await;
    let (link, from) = (link_use(&token), client(2));
    let reset = || shop.services.reset_staff.run(&link, &from);
    let (a, b) = tokio::join!(reset(), reset());
    assert_eq!([&a, &b].into_iter().filter(|one| one.is_ok()).count(), 1, "{a:?} {b:?}");
    assert!(matches!(reset().await, Err(LinkUseError::Invalid)));
    assert!(shop.actor(&shown).await.is_none(), "every sign-in has ended");
    assert!(refused(&shop, OWNER, PASSWORD, &from).await);
    let challenge = waiting(shop.signs_in(OWNER, OTHER_PASSWORD, &from).await);
    assert!(shop.services.staff_sign_in.verify(&challenge, &shop.code(&secret), &from).await.is_ok());
    let told = shop.subjects(OWNER).await;
    assert!(told.iter().any(|subject| subject.contains("was changed")), "{told:?}");
}

#[tokio::test]
async fn the_machine_helps_an_owner_who_has_lost_everything() {
    let shop = TestShop::open().await;
    let shown = shop.owner().await;
    shop.enrolled(&shown).await;
    let by = shop.permit::<Ownership>(&super::hands::command());
    let link = shop.services.create_owner.reset(&by, &address(OWNER)).await.unwrap();
    assert!(shop.actor(&shown).await.is_none());
    waiting(shop.signs_in(OWNER, PASSWORD, &client(2)).await);
    let (_, token) = link.address.expose_secret().rsplit_once("/staff/reset/").unwrap();
    shop.services.reset_staff.run(&link_use(token), &client(2)).await.unwrap();
    let anew = signed_in(shop.signs_in(OWNER, OTHER_PASSWORD, &client(2)).await);
    assert!(shop.actor(&anew).await.is_some());
}

#[tokio::test]
async fn somebody_who_lost_their_authenticator_gets_in_by_a_mail_that_nobody_else_sees() {
    let shop = TestShop::open().await;
    let owner = shop.proven_owner().await;
    let eve = shop.hired(&owner, EVE, Permissions::of(&[Permission::OrdersRead])).await;
    shop.enrolled(&eve).await;
    let id = StaffId::new(eve.subject);
    shop.services.staff_members.reset(&shop.permit::<StaffWrite>(&owner), id).await.unwrap();
    assert!(shop.actor(&eve).await.is_none());
    waiting(shop.signs_in(EVE, PASSWORD, &client(3)).await);
    let token = shop.staff_token(EVE, "reset").await;
    shop.services.reset_staff.run(&link_use(&token), &client(3)).await.unwrap();
    signed_in(shop.signs_in(EVE, OTHER_PASSWORD, &client(3)).await);
    assert!(staff::authenticator(shop.db.read(), id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_changed_password_ends_every_other_sign_in() {
    let shop = TestShop::open().await;
    let shown = shop.owner().await;
    let other = signed_in(shop.signs_in(OWNER, PASSWORD, &client(3)).await);
    shop.services.recover_staff.run(OWNER, &client(2)).await.unwrap();
    let token = shop.staff_token(OWNER, "reset").await;
    shop.wait(TimeDelta::seconds(1));
    let by = shop.permit::<OwnCredentials>(&shop.step_up(&shown, None).await);
    shop.services.change_staff_password.run(&by, OTHER_PASSWORD, &client(2)).await.unwrap();
    assert!(shop.actor(&shown).await.is_some() && shop.actor(&other).await.is_none());
    let old = shop.services.reset_staff.run(&link_use(&token), &client(2)).await;
    assert!(matches!(old, Err(LinkUseError::Invalid)), "{old:?}");
    assert!(refused(&shop, OWNER, PASSWORD, &client(2)).await);
}
