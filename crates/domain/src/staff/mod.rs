//! Staff: members, their roles, and their second factor.

mod model;
mod role;
mod totp_step;

pub use model::{OwnerProtected, StaffMember, StaffName, StaffRefusal, StaffState};
pub use role::{BuiltInRole, NotGrantable, Role, RoleDraft, RoleRefusal, may_grant};
pub use totp_step::{TOTP_PERIOD, is_good, step_of};
