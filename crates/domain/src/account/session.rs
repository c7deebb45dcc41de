//! A sign-in: one row, whatever credential shows it, and the rules of its life.

use super::{Realm, Salt};
use crate::shared::{SessionId, Timestamp};
use chrono::TimeDelta;
use std::fmt;
use uuid::Uuid;

/// What a session is shown by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionKind {
    /// A short-lived token that others can check, and a refresh token that gives the next one.
    Tokens,
    /// A browser's cookie.
    Cookie,
    /// A `customerAccessToken` of the storefront API.
    Storefront,
}

impl SessionKind {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Tokens, Self::Cookie, Self::Storefront];

    /// The name it is stored under.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tokens => "tokens",
            Self::Cookie => "cookie",
            Self::Storefront => "storefront",
        }
    }

    /// Reads [`name`](Self::name) back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }
}

/// Why a session was ended before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RevokedBecause {
    /// Its owner signed out.
    SignedOut,
    /// Its owner signed out everywhere, or ended it from another session.
    ByOwner,
    /// A refresh token was used twice: one of the two who used it is a thief.
    Reuse,
    /// The password was changed.
    PasswordChanged,
    /// The account was disabled or erased.
    AccountClosed,
    /// Staff ended it.
    ByStaff,
}

impl RevokedBecause {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::SignedOut,
        Self::ByOwner,
        Self::Reuse,
        Self::PasswordChanged,
        Self::AccountClosed,
        Self::ByStaff,
    ];

    /// The name it is stored and shown under.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::ByOwner => "by_owner",
            Self::Reuse => "reuse",
            Self::PasswordChanged => "password_changed",
            Self::AccountClosed => "account_closed",
            Self::ByStaff => "by_staff",
        }
    }

    /// Reads [`name`](Self::name) back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|b| b.name() == name)
    }
}

/// That a session was ended before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub because: RevokedBecause,
}

/// How long sessions last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionRule {
    /// How long one lasts that is not used.
    pub idle: TimeDelta,
    /// How long one lasts at most, however often it is used.
    pub most: TimeDelta,
}

/// A sign-in that has just happened.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// In which world.
    pub realm: Realm,
    /// Who: the customer's or the member of staff's id.
    pub subject: Uuid,
    /// What it is shown by.
    pub kind: SessionKind,
    /// What its tokens are made over.
    pub salt: Salt,
    /// Whether a second factor was shown.
    pub mfa: bool,
    /// The browser or program, as it names itself.
    pub user_agent: Option<String>,
    /// The network it came from.
    pub network: Option<String>,
}

/// A sign-in.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// In which world.
    pub realm: Realm,
    /// Who: the customer's or the member of staff's id.
    pub subject: Uuid,
    /// What it is shown by.
    pub kind: SessionKind,
    /// How many refresh tokens have been used: only the one of this generation is good.
    pub generation: u32,
    /// What its tokens are made over.
    pub salt: Salt,
    /// Whether a second factor was shown.
    pub mfa: bool,
    /// When its owner last proved who they are.
    pub stepped_up_at: Option<Timestamp>,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When it was last used, as far as that was written down.
    pub used_at: Timestamp,
    /// When it ends if it is not used.
    pub expires_at: Timestamp,
    /// When it ends in any case.
    pub ends_at: Timestamp,
    /// That it was ended before.
    pub revoked: Option<Revoked>,
    /// The browser or program, as it named itself.
    pub user_agent: Option<String>,
    /// The network it came from.
    pub network: Option<String>,
}

/// Whether a session still is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is.
    Live,
    /// Its time is up.
    Expired,
    /// It was ended.
    Revoked,
}

/// What a refresh token is worth, whose signature is ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// It is the current one. It gives way to that of the next generation.
    Rotate {
        /// The next.
        next: u32,
    },
    /// It was used before: the session must be ended, for nobody knows who of the two is its owner.
    Reused,
    /// The session is over, or has no refresh tokens: there is nothing left to end.
    Over,
}

impl Session {
    /// The longest name of a browser that is kept, in characters.
    pub const USER_AGENT: usize = 255;

    /// Begins one. Signing in is no step-up: what is worth one is asked for when it is needed, of whoever is there then.
    pub fn begin(new: NewSession, now: Timestamp, rule: &SessionRule) -> Self {
        let NewSession { id, realm, subject, kind, salt, mfa, user_agent, network } = new;
        let ends_at = now + rule.most;
        let user_agent = user_agent.map(|name| {
            // Postgres keeps no NUL in a text.
            name.chars().filter(|c| !c.is_control()).take(Self::USER_AGENT).collect()
        });
        Self {
            id,
            realm,
            subject,
            kind,
            generation: 0,
            salt,
            mfa,
            stepped_up_at: None,
            created_at: now,
            used_at: now,
            expires_at: ends_at.min(now + rule.idle),
            ends_at,
            revoked: None,
            user_agent,
            network,
        }
    }

    /// Whether it still is one.
    pub fn standing(&self, now: Timestamp) -> Standing {
        if self.revoked.is_some() {
            Standing::Revoked
        } else if now >= self.expires_at.min(self.ends_at) {
            Standing::Expired
        } else {
            Standing::Live
        }
    }

    /// Until when it lasts once it has been used now. One that is over stays over.
    pub fn slide(&self, now: Timestamp, rule: &SessionRule) -> Timestamp {
        match self.standing(now) {
            Standing::Live => self.ends_at.min(now + rule.idle),
            Standing::Expired | Standing::Revoked => self.expires_at,
        }
    }

    /// What a refresh token of this generation is worth. Whoever acts on it must do so on the condition that the session still is
    /// as it was read.
    pub fn refresh(&self, presented: u32, now: Timestamp) -> Refresh {
        if self.kind != SessionKind::Tokens || self.standing(now) != Standing::Live {
            return Refresh::Over;
        }
        if presented != self.generation {
            // One that is ahead of us was given before a backup was put back: the session cannot be relied on either.
            return Refresh::Reused;
        }
        self.generation.checked_add(1).map_or(Refresh::Over, |next| Refresh::Rotate { next })
    }
}

/// Hides from where it came.
impl fmt::Debug for NewSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewSession({} {:?} {:?})", self.id, self.realm, self.kind)
    }
}

/// Hides from where it came.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, realm, kind, generation, revoked, .. } = self;
        write!(f, "Session({id} {realm:?} {kind:?} generation {generation} {revoked:?})")
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
