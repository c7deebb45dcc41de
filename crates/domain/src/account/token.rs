//! Links in mails.

use super::{Realm, Salt};
use crate::shared::{AccountTokenId, Timestamp};
use chrono::TimeDelta;
use uuid::Uuid;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Proves the address of a new account, and lets it begin.
    Activate,
    /// Lets a new password be set.
    Reset,
    /// Proves the address that an account is to have from now on.
    Email,
    /// Lets somebody become staff.
    Invite,
    /// Gives out the archive of what is known of a customer.
    Archive,
    /// Ties an account to a sign-in elsewhere: proves that both are the same person's.
    Link,
}

impl TokenKind {
    /// Every one.
    pub const ALL: [Self; 6] =
        [Self::Activate, Self::Reset, Self::Email, Self::Invite, Self::Archive, Self::Link];

    /// The name it is stored under.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Activate => "activate",
            Self::Reset => "reset",
            Self::Email => "email",
            Self::Invite => "invite",
            Self::Archive => "archive",
            Self::Link => "link",
        }
    }

    /// Reads [`name`](Self::name) back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }

    /// How long the link works. What gives an account away is short; what only begins one may wait for a weekend.
    pub const fn lifetime(self) -> TimeDelta {
        match self {
            Self::Reset | Self::Link => TimeDelta::hours(1),
            Self::Email => TimeDelta::days(1),
            Self::Activate => TimeDelta::days(3),
            Self::Invite | Self::Archive => TimeDelta::days(7),
        }
    }

    /// Whether it works once only. An archive may be fetched until its time is up: whoever's download broke off tries again.
    pub const fn works_once(self) -> bool {
        !matches!(self, Self::Archive)
    }
}

/// A link in a mail. The token itself is kept nowhere: it is made over this row.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountToken {
    /// Which.
    pub id: AccountTokenId,
    /// What it is for.
    pub kind: TokenKind,
    /// In which world.
    pub realm: Realm,
    /// Whose.
    pub subject: Uuid,
    /// What the token is made over.
    pub salt: Salt,
    /// What the link carries out, such as the address to be.
    pub body: Option<String>,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Whether a link still works. Clients are told of no difference between the last two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenStanding {
    /// It works.
    Good,
    /// It was used.
    Used,
    /// Its time is up.
    Over,
}

impl AccountToken {
    /// Whether it still works.
    pub fn standing(&self, now: Timestamp) -> TokenStanding {
        if self.used_at.is_some() && self.kind.works_once() {
            TokenStanding::Used
        } else if now >= self.expires_at {
            TokenStanding::Over
        } else {
            TokenStanding::Good
        }
    }
}

/// Hides what it carries out and for whom.
impl std::fmt::Debug for AccountToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AccountToken({:?} {})", self.kind, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    const NOW: Timestamp = DateTime::UNIX_EPOCH;

    fn token(kind: TokenKind) -> AccountToken {
        AccountToken {
            id: AccountTokenId::new(Uuid::from_u128(1)),
            kind,
            realm: Realm::Customer,
            subject: Uuid::from_u128(2),
            salt: Salt::new(Uuid::from_u128(3)),
            body: Some("ada@example.org".into()),
            expires_at: NOW + kind.lifetime(),
            used_at: None,
            created_at: NOW,
        }
    }

    #[test]
    fn a_link_works_once_and_not_for_ever() {
        for kind in TokenKind::ALL {
            let fresh = token(kind);
            let last = fresh.expires_at - TimeDelta::microseconds(1);
            assert_eq!(fresh.standing(last), TokenStanding::Good, "{kind:?}");
            assert_eq!(fresh.standing(fresh.expires_at), TokenStanding::Over, "{kind:?}");
            let used = AccountToken { used_at: Some(NOW), ..fresh };
            let expected = if kind == TokenKind::Archive { TokenStanding::Good } else { TokenStanding::Used };
            assert_eq!(used.standing(last), expected, "{kind:?}");
            assert_eq!(TokenKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(TokenKind::Reset.lifetime(), TimeDelta::hours(1));
        assert_eq!(TokenKind::Activate.lifetime(), TimeDelta::days(3));
    }

    #[test]
    fn nobody_reaches_a_log() {
        assert!(!format!("{:?}", token(TokenKind::Email)).contains("ada"));
    }
}
