//! Roles.

use super::*;
use stoa_domain::staff::{BuiltInRole, Role};

fn draft(name: &str, permissions: &[Permission]) -> stoa_domain::staff::RoleDraft {
    Role::try_new(name, Permissions::of(permissions)).unwrap()
}

async fn role(shop: &TestShop, name: &str) -> Role {
    let id = RoleId::new(shop.ids.id());
    let new = draft(name, &[Permission::OrdersRead]);
    assert!(shop.tx(async |tx| insert_role(tx, id, &new, at(0)).await).await);
    find_roles(shop.db.read(), &[id]).await.unwrap().pop().unwrap()
}

#[tokio::test]
async fn a_shop_comes_with_its_roles_once_and_up_to_date() {
    let shop = TestShop::open().await;
    let own = role(&shop, "support").await;
    let put = async || shop.tx(async |tx| put_built_in_roles(tx, &shop.ids, at(1)).await).await;
    let at_once = tokio::join!(put(), put());
    assert_eq!(at_once.0 + at_once.1, 4, "the shop has its own way of support: {at_once:?}");
    let all = super::roles(shop.db.read()).await.unwrap();
    let names: Vec<_> = all.iter().map(|role| role.name.as_str()).collect();
    assert_eq!(names, ["Administrator", "Analyst", "Catalogue", "Fulfilment", "support"]);
    for built_in in BuiltInRole::ALL.into_iter().filter(|r| *r != BuiltInRole::Support) {
        let role = all.iter().find(|role| role.name == built_in.name()).unwrap();
        assert_eq!((role.permissions, role.built_in, role.version), (built_in.permissions(), true, 1));
    }
    assert_eq!(find_roles(shop.db.read(), &[own.id]).await.unwrap(), [own]);
    // What an older version knew of them.
    use crate::db::Raw;
    use sea_orm::ConnectionTrait;
    let older = r#"UPDATE roles SET permissions = '["orders:read","from:tomorrow"]' WHERE name = 'Analyst'"#;
    let tx = shop.write().await;
    tx.raw().execute_unprepared(older).await.unwrap();
    tx.commit().await.unwrap();
    let analyst = async || {
        let all = super::roles(shop.db.read()).await.unwrap();
        all.into_iter().find(|role| role.name == "Analyst").unwrap()
    };
    assert_eq!(analyst().await.permissions, Permissions::of(&[Permission::OrdersRead]));
    assert_eq!((put().await, put().await), (1, 0));
    let now = analyst().await;
    assert_eq!((now.permissions, now.version), (BuiltInRole::Analyst.permissions(), 2));
    assert!(shop.dump(&["roles"]).await.contains("from:tomorrow"), "a newer version runs beside this one");
    assert_eq!(now.id, all[1].id, "whoever has it has it still");

    let to = draft("Analyst", &[Permission::OrdersRefund]);
    let changed = shop.tx(async |tx| update_role(tx, &now, &to, at(3)).await).await;
    assert_eq!(changed, RoleSaved::Stale, "built in");
    assert_eq!(shop.tx(async |tx| remove_role(tx, now.id).await).await, RoleRemoved::BuiltIn);
}

#[tokio::test]
async fn a_role_is_changed_as_it_was_read_and_removed_when_nobody_has_it() {
    let shop = TestShop::open().await;
    let (packer, clerk) = (role(&shop, "Packer").await, role(&shop, "Clerk").await);
    let alike = draft("PACKER", &[Permission::OrdersRead]);
    let id = RoleId::new(shop.ids.id());
    assert!(!shop.tx(async |tx| insert_role(tx, id, &alike, at(1)).await).await);
    let tx = shop.write().await;
    assert_eq!(update_role(&tx, &clerk, &alike, at(1)).await.unwrap(), RoleSaved::Taken);
    tx.rollback().await.unwrap();
    let to = draft("Sender", &[Permission::OrdersRead, Permission::FulfillmentsWrite]);
    let change = async || shop.tx(async |tx| update_role(tx, &packer, &to, at(2)).await).await;
    assert_eq!(change().await, RoleSaved::Saved);
    assert_eq!(change().await, RoleSaved::Stale);
    let sender = find_roles(shop.db.read(), &[packer.id]).await.unwrap().pop().unwrap();
    assert_eq!((sender.name.as_str(), sender.permissions, sender.version), ("Sender", to.permissions(), 2));

    let eve = joined(&shop, "eve").await;
    let set = async |roles: &[RoleId]| shop.tx(async |tx| set_roles(tx, eve.id, roles, at(3)).await).await;
    assert_eq!(set(&[clerk.id, packer.id]).await, RolesSet::Set);
    assert_eq!(found(&shop, eve.id).await.roles, [packer.id, clerk.id]);
    assert_eq!(set(&[packer.id, id]).await, RolesSet::NoRole(id));
    assert_eq!(found(&shop, eve.id).await.roles, [packer.id, clerk.id], "nothing has changed");
    let nobody = StaffId::new(shop.ids.id());
    let of_nobody = shop.tx(async |tx| set_roles(tx, nobody, &[packer.id], at(3)).await).await;
    assert_eq!(of_nobody, RolesSet::NoStaff);
    let off = async |id| shop.tx(async |tx| remove_role(tx, id).await).await;
    assert_eq!(off(clerk.id).await, RoleRemoved::InUse);
    assert_eq!(set(&[]).await, RolesSet::Set);
    assert_eq!((off(clerk.id).await, off(clerk.id).await), (RoleRemoved::Removed, RoleRemoved::Unknown));
}

#[tokio::test]
async fn a_role_is_not_given_while_it_is_taken_away() {
    let shop = TestShop::open().await;
    let eve = joined(&shop, "eve").await;
    for round in 0..6 {
        let role = role(&shop, &format!("Role {round}")).await;
        let (given, gone) = tokio::join!(
            shop.tx(async |tx| set_roles(tx, eve.id, &[role.id], at(2)).await),
            shop.tx(async |tx| remove_role(tx, role.id).await),
        );
        let one_of_both =
            [(RolesSet::Set, RoleRemoved::InUse), (RolesSet::NoRole(role.id), RoleRemoved::Removed)];
        assert!(one_of_both.contains(&(given, gone)), "{given:?} {gone:?}");
    }
}
