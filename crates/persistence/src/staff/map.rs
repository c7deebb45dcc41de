//! Rows to staff, roles and keys, and back.

use super::entities::{roles, staff};
use std::collections::BTreeSet;
use stoa_domain::{
    access::Permissions,
    shared::{EmailAddress, Fault, Locale, RoleId, StaffId},
    staff::{Role, StaffMember, StaffName, StaffState},
};

/// A row that says what cannot be: somebody wrote to the table by hand, or there is a bug.
const UNREADABLE: Fault = Fault::bug("staff.read: a row that no version of the program writes");

/// Where the secrets of second factors are sealed.
pub(crate) const TOTP_SECRET: &str = "staff.totp_secret";

/// The member of staff of a row, with what stands in other tables.
pub(super) fn member(row: staff::Model, owner: bool, roles: Vec<RoleId>) -> Result<StaffMember, Fault> {
    Ok(StaffMember {
        id: StaffId::new(row.id),
        email: EmailAddress::stored(&row.email).map_err(|_| UNREADABLE)?,
        name: StaffName::stored(row.name),
        state: StaffState::stored(&row.state, row.password_hash.is_some()).ok_or(UNREADABLE)?,
        owner,
        roles,
        locale: row.locale.as_deref().and_then(Locale::parse),
        password_changed_at: row.password_changed_at,
        totp_since: row.totp_confirmed_at,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

pub(super) fn role(row: roles::Model) -> Result<Role, Fault> {
    Ok(Role {
        id: RoleId::new(row.id),
        permissions: permissions(&row.permissions)?,
        name: row.name,
        built_in: row.built_in,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The permissions that a list of names is; names that a newer version wrote are none.
pub(crate) fn permissions(names: &str) -> Result<Permissions, Fault> {
    serde_json::from_str(names).map_err(|e| Fault::internal("staff.permissions", e))
}

/// A list of names with those of the permissions that it lacks, whatever else stands in it; `None` if it has them all.
pub(super) fn with_names(names: &str, permissions: Permissions) -> Result<Option<String>, Fault> {
    let unreadable = |e| Fault::internal("staff.permissions", e);
    let before: BTreeSet<String> = serde_json::from_str(names).map_err(unreadable)?;
    let mut after = before.clone();
    after.extend(Vec::<String>::from(permissions));
    if after == before { Ok(None) } else { serde_json::to_string(&after).map(Some).map_err(unreadable) }
}

pub(super) fn names(permissions: Permissions) -> Result<String, Fault> {
    serde_json::to_string(&permissions).map_err(|e| Fault::internal("staff.permissions", e))
}
