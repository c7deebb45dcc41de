//! Staff in the system of record, what they may do, and the keys of programs that act for them.
//!
//! Whoever changes a member of staff has the lock of their row in `staff` first. The shop's owner stands in a table of one row, whose
//! foreign key keeps them from being removed; that they are not shut out is asked behind their lock.

mod api_keys;
mod entities;
mod map;
mod read;
mod roles;
mod second_factor;
mod write;

pub use api_keys::{
    ApiKey, KeyPrincipal, find_api_keys, insert_api_key, list_api_keys, note_key_use, orphaned_keys,
    principal_of_key, revoke_api_key, working_keys_of,
};
pub use read::{
    credentials, credentials_of, find, find_all, find_by_email, find_for_update, has_joined, list_staff,
    shop_owner, still,
};
pub use roles::{
    RoleRemoved, RoleSaved, RolesSet, find_roles, insert_role, put_built_in_roles, remove_role, roles,
    set_roles, update_role,
};
pub use second_factor::{
    Authenticator, authenticator, begin_totp, confirm_totp, recovery_codes_left, remove_totp,
    set_recovery_codes, use_recovery_code, use_totp_step,
};
pub use write::{
    Invited, NewStaff, Owned, Removed, StaffSaved, invite, rehash, remove, save, set_owner, set_password,
};

pub(crate) use map::{TOTP_SECRET, permissions as role_permissions};
pub(crate) use read::unchanged;

/// The rows of staff, for the one statement that says who a session is.
pub(crate) mod rows {
    pub(crate) use super::entities::{owner, roles, staff, staff_roles};
}

#[cfg(test)]
mod tests;
