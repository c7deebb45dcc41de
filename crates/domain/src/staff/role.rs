//! Roles: names for permissions, which people are given by.

use crate::access::{Actor, Permission, Permissions};
use crate::shared::{RoleId, Timestamp};

/// A role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Which.
    pub id: RoleId,
    /// What it is called; no two have the same name, in any letter case.
    pub name: String,
    /// What it allows.
    pub permissions: Permissions,
    /// Whether the shop came with it; then nobody changes it.
    pub built_in: bool,
    /// Rises by 1 with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A role that has passed every rule and can be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleDraft {
    name: String,
    permissions: Permissions,
}

/// Why a role cannot be so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoleRefusal {
    /// It has no name.
    #[error("a role needs a name")]
    NameMissing,
    /// Its name is too long.
    #[error("a role's name has at most {max} characters")]
    NameTooLong {
        /// The most.
        max: usize,
    },
    /// It allows nothing.
    #[error("a role allows something")]
    Empty,
    /// The shop came with it.
    #[error("a built-in role cannot be changed; make one like it")]
    BuiltIn,
    /// Whoever wants it so cannot do as much themselves.
    #[error(transparent)]
    NotGrantable(#[from] NotGrantable),
}

/// Nobody gives what they do not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("permissions that one does not have cannot be given: {}", names(*missing))]
pub struct NotGrantable {
    /// What they lack.
    pub missing: Permissions,
}

fn names(permissions: Permissions) -> String {
    Vec::<String>::from(permissions).join(", ")
}

impl Role {
    /// The longest name, in characters.
    pub const NAME: usize = 255;

    /// A role to be made.
    ///
    /// # Errors
    /// A rule that is broken.
    pub fn try_new(name: &str, permissions: Permissions) -> Result<RoleDraft, RoleRefusal> {
        let name: String = name.chars().filter(|c| !c.is_control()).collect();
        let name = name.trim();
        if name.is_empty() {
            return Err(RoleRefusal::NameMissing);
        }
        if name.chars().count() > Self::NAME {
            return Err(RoleRefusal::NameTooLong { max: Self::NAME });
        }
        if permissions.is_empty() {
            return Err(RoleRefusal::Empty);
        }
        Ok(RoleDraft { name: name.to_owned(), permissions })
    }

    /// What this role may become. Only what is added has to be had by whoever adds it: to take away, or to leave as it was, gives
    /// nobody anything.
    ///
    /// # Errors
    /// It is built in, or the one who changes it would give what they do not have.
    pub fn change(&self, to: RoleDraft, by: &Actor) -> Result<RoleDraft, RoleRefusal> {
        if self.built_in {
            return Err(RoleRefusal::BuiltIn);
        }
        may_grant(by, to.permissions.without(self.permissions))?;
        Ok(to)
    }
}

impl RoleDraft {
    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it allows.
    pub const fn permissions(&self) -> Permissions {
        self.permissions
    }
}

/// Whether somebody may give these permissions: to a role, to a person through a role, or to a key.
///
/// # Errors
/// Not those they lack themselves.
pub fn may_grant(granter: &Actor, wanted: Permissions) -> Result<(), NotGrantable> {
    let missing = wanted.without(granter.permissions());
    if missing.is_empty() { Ok(()) } else { Err(NotGrantable { missing }) }
}

/// The roles a shop comes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuiltInRole {
    /// All but who is on the staff.
    Administrator,
    /// What is sold.
    Catalogue,
    /// What is sent.
    Fulfilment,
    /// Who asks, and what they get back.
    Support,
    /// Looks only.
    Analyst,
}

impl BuiltInRole {
    /// Every one.
    pub const ALL: [Self; 5] =
        [Self::Administrator, Self::Catalogue, Self::Fulfilment, Self::Support, Self::Analyst];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Administrator => "Administrator",
            Self::Catalogue => "Catalogue",
            Self::Fulfilment => "Fulfilment",
            Self::Support => "Support",
            Self::Analyst => "Analyst",
        }
    }

    /// What it allows.
    pub const fn permissions(self) -> Permissions {
        use Permission as P;
        match self {
            Self::Administrator => {
                Permissions::ALL.without(Permissions::of(&[P::StaffWrite, P::RolesWrite, P::ApiKeysWrite]))
            }
            Self::Catalogue => Permissions::of(&[
                P::ProductsRead,
                P::ProductsWrite,
                P::InventoryRead,
                P::InventoryWrite,
                P::MediaWrite,
            ]),
            Self::Fulfilment => Permissions::of(&[
                P::OrdersRead,
                P::FulfillmentsWrite,
                P::ProductsRead,
                P::InventoryRead,
                P::InventoryWrite,
            ]),
            Self::Support => Permissions::of(&[
                P::OrdersRead,
                P::OrdersWrite,
                P::OrdersRefund,
                P::CustomersRead,
                P::CustomersWrite,
                P::ProductsRead,
                P::InventoryRead,
            ]),
            Self::Analyst => {
                Permissions::of(&[P::ProductsRead, P::InventoryRead, P::OrdersRead, P::CustomersRead])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Mfa, Origin, StaffSession};
    use crate::shared::{SessionId, StaffId};
    use chrono::DateTime;
    use uuid::Uuid;

    fn staff(roles: Permissions, owner: bool) -> Actor {
        let (id, session) = (StaffId::new(Uuid::from_u128(1)), SessionId::new(Uuid::from_u128(2)));
        let name = "Ada".to_owned();
        let of = StaffSession { id, name, session, owner, roles, mfa: Mfa::Missing, stepped_up_at: None };
        Actor::staff(of, Origin::default())
    }

    fn role(permissions: Permissions, built_in: bool) -> Role {
        let at = DateTime::UNIX_EPOCH;
        let id = RoleId::new(Uuid::from_u128(3));
        Role { id, name: "Old".into(), permissions, built_in, version: 1, created_at: at, updated_at: at }
    }

    #[test]
    fn nobody_gives_what_they_do_not_have() {
        let support = BuiltInRole::Support.permissions();
        let ada = staff(support.with(Permissions::of(&[Permission::RolesWrite])), false);
        assert_eq!(may_grant(&ada, support), Ok(()));
        let missing = Permissions::of(&[Permission::ProductsWrite]);
        assert_eq!(may_grant(&ada, support.with(missing)), Err(NotGrantable { missing }));
        assert!(NotGrantable { missing }.to_string().ends_with("products:write"));
        assert_eq!(may_grant(&staff(Permissions::NONE, true), Permissions::ALL), Ok(()));
        assert!(may_grant(&staff(Permissions::NONE, false), Permissions::NONE).is_ok());
    }

    #[test]
    fn changing_a_role_gives_only_what_is_new_in_it() {
        let of = Permissions::of;
        let ada = staff(of(&[Permission::RolesWrite, Permission::JobsRead]), false);
        let old = role(of(&[Permission::OrdersRefund]), false);
        let draft = |permissions: &[Permission]| Role::try_new("New", of(permissions)).unwrap();
        let grown = draft(&[Permission::OrdersRefund, Permission::JobsRead]);
        assert_eq!(old.change(grown.clone(), &ada), Ok(grown));
        let missing = of(&[Permission::AuditExport]);
        assert_eq!(
            old.change(draft(&[Permission::AuditExport]), &ada),
            Err(RoleRefusal::NotGrantable(NotGrantable { missing }))
        );
        let built_in = role(of(&[Permission::JobsRead]), true);
        assert_eq!(built_in.change(draft(&[Permission::JobsRead]), &ada), Err(RoleRefusal::BuiltIn));
    }

    #[test]
    fn a_role_has_a_name_and_allows_something() {
        let some = BuiltInRole::Analyst.permissions();
        assert_eq!(Role::try_new(" Till\0 ", some).unwrap().name(), "Till");
        assert_eq!(Role::try_new("\n", some), Err(RoleRefusal::NameMissing));
        assert_eq!(Role::try_new(&"x".repeat(256), some), Err(RoleRefusal::NameTooLong { max: 255 }));
        assert_eq!(Role::try_new("Till", Permissions::NONE), Err(RoleRefusal::Empty));
    }

    #[test]
    fn the_built_in_roles_make_nobody_staff() {
        let peoples =
            Permissions::of(&[Permission::StaffWrite, Permission::RolesWrite, Permission::ApiKeysWrite]);
        for role in BuiltInRole::ALL {
            assert_eq!(role.permissions().without(peoples), role.permissions(), "{role:?}");
            assert!(Role::try_new(role.name(), role.permissions()).is_ok());
        }
        let administrator = BuiltInRole::Administrator.permissions();
        assert_eq!(administrator.with(peoples), Permissions::ALL);
        assert!(BuiltInRole::Analyst.permissions().iter().all(|p| p.name().ends_with(":read")));
    }
}
