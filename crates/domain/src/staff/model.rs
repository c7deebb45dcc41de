//! A member of staff.

use crate::shared::{EmailAddress, InvalidTransition, Locale, RoleId, StaffId, Timestamp};
use std::fmt;

/// Where a member of staff stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffState {
    /// Asked to join; nobody has answered yet.
    Invited,
    /// On the staff.
    Enabled,
    /// Shut out.
    Disabled {
        /// Whether they had joined before.
        joined: bool,
    },
}

impl StaffState {
    /// The name the state is stored and shown under.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Enabled => "enabled",
            Self::Disabled { .. } => "disabled",
        }
    }

    /// The state that a database keeps under this name, of somebody who has a password or none.
    pub fn stored(name: &str, has_password: bool) -> Option<Self> {
        match name {
            "invited" => Some(Self::Invited),
            "enabled" => Some(Self::Enabled),
            "disabled" => Some(Self::Disabled { joined: has_password }),
            _ => None,
        }
    }

    /// The names of the states that can follow.
    pub const fn legal(&self) -> &'static [&'static str] {
        match self {
            Self::Invited => &["enabled", "disabled"],
            Self::Enabled => &["disabled"],
            Self::Disabled { joined: true } => &["enabled"],
            Self::Disabled { joined: false } => &["invited"],
        }
    }

    const fn refuse(&self, to: &'static str) -> InvalidTransition {
        InvalidTransition { what: "a member of staff", from: self.name(), to, legal: self.legal() }
    }
}

/// The owner cannot be shut out, taken off the staff or made less of: only giving the shop to another changes that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the shop's owner is protected; the shop has to be given to another first")]
pub struct OwnerProtected;

/// Why a member of staff cannot be changed so. Nothing has changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StaffRefusal {
    /// They are the owner.
    #[error(transparent)]
    Owner(#[from] OwnerProtected),
    /// Their state does not allow it.
    #[error(transparent)]
    State(#[from] InvalidTransition),
}

/// What a member of staff is called: on one line, 1 to 255 characters.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct StaffName(String);

impl StaffName {
    /// The longest, in characters.
    pub const MAX: usize = 255;

    /// Reads a name; `None` if it is blank or too long.
    pub fn parse(text: &str) -> Option<Self> {
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let name: String = name.chars().filter(|c| !c.is_control()).collect();
        Some(Self(name)).filter(|n| !n.0.is_empty() && n.0.chars().count() <= Self::MAX)
    }

    /// A name that a database keeps, which was one when it was written.
    pub const fn stored(name: String) -> Self {
        Self(name)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Hides the person, so that a name cannot slip into a log through `{:?}`.
impl fmt::Debug for StaffName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StaffName(…)")
    }
}

/// A member of staff. Passwords and the secret of the second factor are no part of it.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffMember {
    /// Who.
    pub id: StaffId,
    /// Their address.
    pub email: EmailAddress,
    /// Their name.
    pub name: StaffName,
    /// Where they stand.
    pub state: StaffState,
    /// Whether the shop is theirs.
    pub owner: bool,
    /// Their roles, in the order of their ids.
    pub roles: Vec<RoleId>,
    /// The language they are written to in; `None`: the shop's.
    pub locale: Option<Locale>,
    /// When they set their password.
    pub password_changed_at: Option<Timestamp>,
    /// Since when they have a second factor.
    pub totp_since: Option<Timestamp>,
    /// Rises by 1 with every change.
    pub version: i64,
    /// When they were invited.
    pub created_at: Timestamp,
    /// When something of it last changed.
    pub updated_at: Timestamp,
}

impl StaffMember {
    /// They have answered their invitation. Again changes nothing.
    ///
    /// # Errors
    /// They were shut out since: the mail that still lies about does not let them in.
    pub fn accept(self) -> Result<Self, InvalidTransition> {
        match self.state {
            StaffState::Invited | StaffState::Enabled => Ok(Self { state: StaffState::Enabled, ..self }),
            StaffState::Disabled { .. } => Err(self.state.refuse("enabled")),
        }
    }

    /// Shuts them out. Again changes nothing.
    ///
    /// # Errors
    /// They are the owner.
    pub fn disable(self) -> Result<Self, OwnerProtected> {
        let joined = match self.state {
            _ if self.owner => return Err(OwnerProtected),
            StaffState::Invited => false,
            StaffState::Enabled => true,
            StaffState::Disabled { joined } => joined,
        };
        Ok(Self { state: StaffState::Disabled { joined }, ..self })
    }

    /// Lets them in again: they are what they were before. Whoever has never answered an invitation still has to.
    ///
    /// # Errors
    /// They were never shut out, and wait for nothing but their own answer.
    pub fn enable(self) -> Result<Self, InvalidTransition> {
        let state = match self.state {
            StaffState::Enabled | StaffState::Disabled { joined: true } => StaffState::Enabled,
            StaffState::Disabled { joined: false } => StaffState::Invited,
            from @ StaffState::Invited => return Err(from.refuse("enabled")),
        };
        Ok(Self { state, ..self })
    }

    /// Whether they can be taken off the staff.
    ///
    /// # Errors
    /// They are the owner.
    pub const fn removable(&self) -> Result<(), OwnerProtected> {
        if self.owner { Err(OwnerProtected) } else { Ok(()) }
    }

    /// Makes them the owner: what is left to whoever writes it is to make the present one none.
    ///
    /// # Errors
    /// They are not on the staff, so nobody would own the shop.
    pub fn take_over(self) -> Result<Self, InvalidTransition> {
        match self.state {
            StaffState::Enabled => Ok(Self { owner: true, ..self }),
            from => Err(from.refuse("the owner")),
        }
    }
}

/// Hides the person, so that nothing of them can slip into a log through `{:?}`.
impl fmt::Debug for StaffMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StaffMember({} {} version {})", self.id, self.state.name(), self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use uuid::Uuid;

    fn ada(state: StaffState) -> StaffMember {
        StaffMember {
            id: StaffId::new(Uuid::from_u128(1)),
            email: EmailAddress::parse("ada@example.org").unwrap(),
            name: StaffName::parse(" Ada\n Lovelace ").unwrap(),
            state,
            owner: false,
            roles: Vec::new(),
            locale: None,
            password_changed_at: None,
            totp_since: None,
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn an_invitation_is_answered_once_and_not_after_being_shut_out() {
        let joined = ada(StaffState::Invited).accept().unwrap();
        assert_eq!(joined.state, StaffState::Enabled);
        assert_eq!(joined.clone().accept(), Ok(joined.clone()));
        let out = joined.disable().unwrap();
        assert_eq!(out.state, StaffState::Disabled { joined: true });
        assert_eq!(out.clone().accept().unwrap_err().from, "disabled");
        assert_eq!(out.enable().unwrap().state, StaffState::Enabled);
    }

    #[test]
    fn shutting_out_and_letting_in_answers_no_invitation() {
        let out = ada(StaffState::Invited).disable().unwrap();
        assert_eq!(out.clone().disable(), Ok(out.clone()));
        assert_eq!(out.enable().unwrap().state, StaffState::Invited);
        let refused = ada(StaffState::Invited).enable().unwrap_err();
        assert_eq!((refused.what, refused.from), ("a member of staff", "invited"));
    }

    #[test]
    fn nothing_shuts_the_owner_out() {
        let owner = ada(StaffState::Enabled).take_over().unwrap();
        assert!(owner.owner);
        assert_eq!(owner.clone().disable(), Err(OwnerProtected));
        assert_eq!(owner.removable(), Err(OwnerProtected));
        assert_eq!(ada(StaffState::Enabled).removable(), Ok(()));
        for state in [StaffState::Invited, StaffState::Disabled { joined: true }] {
            assert!(ada(state).take_over().is_err(), "{state:?}");
        }
    }

    #[test]
    fn names_and_states_are_read_and_nobody_reaches_a_log() {
        assert_eq!(ada(StaffState::Invited).name.as_str(), "Ada Lovelace");
        assert_eq!(StaffName::parse(" \0 "), None);
        assert_eq!(StaffName::parse(&"x".repeat(256)), None);
        assert!(!format!("{:?}", ada(StaffState::Invited)).contains("example"));
        for state in [StaffState::Invited, StaffState::Enabled, StaffState::Disabled { joined: true }] {
            assert_eq!(StaffState::stored(state.name(), true), Some(state));
        }
        assert_eq!(StaffState::stored("disabled", false), Some(StaffState::Disabled { joined: false }));
        assert_eq!(StaffState::stored("retired", true), None);
    }
}
