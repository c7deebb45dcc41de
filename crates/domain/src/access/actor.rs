//! Who acts, and what they may do.

use super::{Grant, Need, Permission, Permissions, Permit};
use crate::shared::{ApiKeyId, SessionId, StaffId, Timestamp};
use chrono::TimeDelta;
use std::{fmt, sync::Arc};

/// Who acts on the shop's behalf.
#[derive(Clone, PartialEq, Eq)]
pub enum Who {
    /// A member of staff, signed in.
    Staff {
        /// Which.
        id: StaffId,
        /// Their name, as the audit log says it.
        name: String,
        /// Their sign-in.
        session: SessionId,
        /// Whether the shop is theirs.
        owner: bool,
    },
    /// A program with a key.
    Key {
        /// Which key.
        id: ApiKeyId,
        /// What staff call it.
        name: String,
    },
    /// Somebody at the machine's own command line.
    Command {
        /// Their user on that machine.
        user: String,
    },
}

/// From where somebody acts.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The network of the client.
    pub network: Option<String>,
    /// The request's id, as the log has it.
    pub request: Option<String>,
}

/// Whether a second factor was shown at sign-in, or enrolled since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mfa {
    /// None.
    Missing,
    /// One was.
    Shown,
}

/// The rules of the shop that decide whether a permission may be used now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessRules {
    /// Whether all staff need a second factor.
    pub require_totp: bool,
    /// How long a proof of who is at the keyboard counts.
    pub step_up: TimeDelta,
}

/// Why somebody may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// They lack the permission. To them it is as if there were nothing of the kind.
    #[error("not allowed")]
    NotAllowed,
    /// The shop wants a second factor of its staff, and they have none yet.
    #[error("a second factor has to be set up first")]
    EnrolTotp,
    /// They must prove once more who they are.
    #[error("a recent proof of identity is needed")]
    StepUp,
}

/// A member of staff's sign-in, as far as it decides what they may do.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffSession {
    /// Which member of staff.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// Which sign-in.
    pub session: SessionId,
    /// Whether the shop is theirs.
    pub owner: bool,
    /// What their roles allow.
    pub roles: Permissions,
    /// Whether a second factor was shown.
    pub mfa: Mfa,
    /// When they last proved who they are, in this session.
    pub stepped_up_at: Option<Timestamp>,
}

/// Who acts, with what they may do and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    who: Who,
    permissions: Permissions,
    mfa: Mfa,
    stepped_up_at: Option<Timestamp>,
    origin: Origin,
}

impl Actor {
    /// A member of staff. The owner has every permission, whatever their roles.
    pub fn staff(of: StaffSession, origin: Origin) -> Self {
        let StaffSession { id, name, session, owner, roles, mfa, stepped_up_at } = of;
        let permissions = if owner { Permissions::ALL } else { roles };
        Self { who: Who::Staff { id, name, session, owner }, permissions, mfa, stepped_up_at, origin }
    }

    /// A program with a key. It has those of its scopes that keys may have: whatever the database says, it makes nobody staff.
    pub fn key(id: ApiKeyId, name: String, scopes: Permissions, origin: Origin) -> Self {
        Self {
            who: Who::Key { id, name },
            permissions: scopes.for_keys(),
            mfa: Mfa::Missing,
            stepped_up_at: None,
            origin,
        }
    }

    /// Somebody at the machine's own command line, who could read and write the database as well.
    pub fn command(user: String) -> Self {
        Self {
            who: Who::Command { user },
            permissions: Permissions::ALL,
            mfa: Mfa::Missing,
            stepped_up_at: None,
            origin: Origin::default(),
        }
    }

    /// Who.
    pub const fn who(&self) -> &Who {
        &self.who
    }

    /// What they are called: a person's or a key's name, or a user of the machine.
    pub fn name(&self) -> &str {
        match &self.who {
            Who::Staff { name, .. } | Who::Key { name, .. } | Who::Command { user: name } => name,
        }
    }

    /// From where.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// What they may do, were nothing else asked.
    pub const fn permissions(&self) -> Permissions {
        self.permissions
    }

    /// Whether they have the permission. Whether they may use it at this moment, only [`permit`](Self::permit) knows.
    pub const fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }

    /// Whether they are or have what the grant needs: whether they are shown that there is such a thing.
    pub const fn meets(&self, need: Need) -> bool {
        match need {
            Need::Permission(permission) => self.may(permission),
            Need::Oneself => matches!(self.who, Who::Staff { .. }),
            Need::Ownership => matches!(self.who, Who::Staff { owner: true, .. } | Who::Command { .. }),
        }
    }

    /// The permit to do it now. Second factors and recent proofs are asked of people who have signed in; a key has none to show, and
    /// was made by somebody who had.
    ///
    /// # Errors
    /// They may not, or not before they have shown who they are.
    pub fn permit<G: Grant>(
        self: &Arc<Self>,
        rules: &AccessRules,
        now: Timestamp,
    ) -> Result<Permit<G>, Denied> {
        if !self.meets(G::NEED) {
            return Err(Denied::NotAllowed);
        }
        if matches!(self.who, Who::Staff { .. }) {
            if G::WANTS_MFA && rules.require_totp && self.mfa == Mfa::Missing {
                return Err(Denied::EnrolTotp);
            }
            if G::STEP_UP && !self.proven(rules, now) {
                return Err(Denied::StepUp);
            }
        }
        Ok(Permit::checked(Arc::clone(self)))
    }

    fn proven(&self, rules: &AccessRules, now: Timestamp) -> bool {
        // Another instance's clock may be ahead of ours, by less than this.
        self.stepped_up_at.is_some_and(|at| (now - at).abs() < rules.step_up)
    }
}

/// Hides the person: which one it is, the log may say, and not more.
impl fmt::Debug for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Staff { id, session, .. } => write!(f, "Staff({id} session {session})"),
            Self::Key { id, .. } => write!(f, "Key({id})"),
            Self::Command { .. } => f.write_str("Command"),
        }
    }
}

impl fmt::Debug for StaffSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StaffSession({} of {})", self.session, self.id)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Origin({})", self.request.as_deref().unwrap_or("…"))
    }
}
