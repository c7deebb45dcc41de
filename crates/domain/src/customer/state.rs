//! Where an account stands.

use crate::shared::{InvalidTransition, Timestamp};

/// Where an account stands. Nobody gets to [`Enabled`](Self::Enabled) without having proved their address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomerState {
    /// Somebody has registered with this address; whether it is theirs nobody knows yet.
    Pending,
    /// The address is proved.
    Enabled {
        /// When it was.
        verified_at: Timestamp,
    },
    /// Staff have closed the account: nobody signs in.
    Disabled {
        /// When the address was proved, if it ever was.
        verified_at: Option<Timestamp>,
    },
    /// The person is gone from it. What is left is a number that orders refer to.
    Erased {
        /// When.
        at: Timestamp,
    },
}

impl CustomerState {
    /// The name the state is stored and shown under.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Enabled { .. } => "enabled",
            Self::Disabled { .. } => "disabled",
            Self::Erased { .. } => "erased",
        }
    }

    /// The state that a database keeps in these columns; `None` if no version of the program writes them so.
    pub fn stored(name: &str, verified_at: Option<Timestamp>, erased_at: Option<Timestamp>) -> Option<Self> {
        match name {
            "pending" => Some(Self::Pending),
            "enabled" => verified_at.map(|verified_at| Self::Enabled { verified_at }),
            "disabled" => Some(Self::Disabled { verified_at }),
            "erased" => erased_at.map(|at| Self::Erased { at }),
            _ => None,
        }
    }

    /// When the address was proved, where that still means anything.
    pub const fn verified_at(&self) -> Option<Timestamp> {
        match self {
            Self::Enabled { verified_at } => Some(*verified_at),
            Self::Disabled { verified_at } => *verified_at,
            Self::Pending | Self::Erased { .. } => None,
        }
    }

    /// The names of the states that can follow.
    pub const fn legal(&self) -> &'static [&'static str] {
        match self {
            Self::Pending => &["enabled", "disabled", "erased"],
            Self::Enabled { .. } => &["disabled", "erased"],
            Self::Disabled { verified_at: Some(_) } => &["enabled", "erased"],
            Self::Disabled { verified_at: None } => &["pending", "erased"],
            Self::Erased { .. } => &[],
        }
    }

    /// The address is proved. Again changes nothing, not even when.
    ///
    /// # Errors
    /// The account was closed or erased: a mail that still lies about does not open it.
    pub fn activate(self, now: Timestamp) -> Result<Self, InvalidTransition> {
        match self {
            Self::Pending => Ok(Self::Enabled { verified_at: now }),
            Self::Enabled { .. } => Ok(self),
            Self::Disabled { .. } | Self::Erased { .. } => Err(self.refuse("enabled")),
        }
    }

    /// Staff close it. Again changes nothing.
    ///
    /// # Errors
    /// It was erased.
    pub fn disable(self) -> Result<Self, InvalidTransition> {
        match self {
            Self::Pending | Self::Enabled { .. } => Ok(Self::Disabled { verified_at: self.verified_at() }),
            Self::Disabled { .. } => Ok(self),
            Self::Erased { .. } => Err(self.refuse("disabled")),
        }
    }

    /// Staff open it again: it is what it was before it was closed. Staff cannot prove an address in its owner's place.
    ///
    /// # Errors
    /// It was never closed, and waits for its owner; or it was erased.
    pub fn enable(self) -> Result<Self, InvalidTransition> {
        match self {
            Self::Disabled { verified_at: Some(verified_at) } => Ok(Self::Enabled { verified_at }),
            Self::Disabled { verified_at: None } => Ok(Self::Pending),
            Self::Enabled { .. } => Ok(self),
            Self::Pending | Self::Erased { .. } => Err(self.refuse("enabled")),
        }
    }

    /// The person is taken out, for good. Again changes nothing, not even when.
    #[must_use]
    pub fn erase(self, now: Timestamp) -> Self {
        match self {
            Self::Erased { .. } => self,
            Self::Pending | Self::Enabled { .. } | Self::Disabled { .. } => Self::Erased { at: now },
        }
    }

    const fn refuse(&self, to: &'static str) -> InvalidTransition {
        InvalidTransition { what: "a customer", from: self.name(), to, legal: self.legal() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use proptest::prelude::*;

    const NOW: Timestamp = DateTime::UNIX_EPOCH;
    const LATER: Timestamp = DateTime::from_timestamp(3_600, 0).unwrap();

    #[test]
    fn a_customer_goes_from_pending_to_erased_and_never_back() {
        let enabled = CustomerState::Pending.activate(NOW).unwrap();
        assert_eq!(enabled, CustomerState::Enabled { verified_at: NOW });
        assert_eq!(enabled.activate(LATER), Ok(enabled));
        let disabled = enabled.disable().unwrap();
        assert_eq!(disabled.disable(), Ok(disabled));
        assert_eq!(disabled.activate(LATER).unwrap_err().from, "disabled");
        assert_eq!(disabled.enable(), Ok(enabled));
        let erased = disabled.erase(LATER);
        assert_eq!(erased, CustomerState::Erased { at: LATER });
        assert_eq!(erased.erase(NOW), erased);
        for refused in [erased.activate(LATER), erased.enable(), erased.disable()] {
            let refused = refused.unwrap_err();
            assert_eq!((refused.what, refused.from, refused.legal), ("a customer", "erased", &[][..]));
        }
    }

    #[test]
    fn closing_and_opening_an_account_proves_no_address() {
        let closed = CustomerState::Pending.disable().unwrap();
        assert_eq!(closed, CustomerState::Disabled { verified_at: None });
        assert_eq!(closed.enable(), Ok(CustomerState::Pending));
        let refused = CustomerState::Pending.enable().unwrap_err();
        assert_eq!((refused.from, refused.to), ("pending", "enabled"));
    }

    #[test]
    fn what_columns_say_is_read_back() {
        let all = [
            CustomerState::Pending,
            CustomerState::Enabled { verified_at: NOW },
            CustomerState::Disabled { verified_at: None },
            CustomerState::Disabled { verified_at: Some(NOW) },
            CustomerState::Erased { at: LATER },
        ];
        for state in all {
            let erased_at = matches!(state, CustomerState::Erased { .. }).then_some(LATER);
            assert_eq!(CustomerState::stored(state.name(), state.verified_at(), erased_at), Some(state));
        }
        assert_eq!(CustomerState::stored("enabled", None, None), None);
        assert_eq!(CustomerState::stored("erased", None, None), None);
        assert_eq!(CustomerState::stored("guest", None, None), None);
    }

    proptest! {
        #[test]
        fn steps_lead_where_they_say(steps in prop::collection::vec(0u8..4, 0..12)) {
            let mut state = CustomerState::Pending;
            let mut activated = false;
            for step in steps {
                let legal = state.legal();
                let next = match step {
                    0 => state.activate(NOW),
                    1 => state.disable(),
                    2 => state.enable(),
                    _ => Ok(state.erase(NOW)),
                };
                activated |= step == 0 && next.is_ok();
                let next = next.unwrap_or(state);
                prop_assert!(next == state || legal.contains(&next.name()), "{state:?} to {next:?}");
                let enabled = matches!(next, CustomerState::Enabled { .. });
                prop_assert!(activated || !enabled);
                state = next;
            }
        }
    }
}
