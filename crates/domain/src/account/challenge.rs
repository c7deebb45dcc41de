//! Sign-ins that wait for their second half: a code, or an answer from elsewhere.

use super::{Realm, Salt};
use crate::shared::{ChallengeId, Timestamp};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChallengeKind {
    /// A code of an authenticator, or a recovery code.
    Totp,
    /// An OpenID provider's answer.
    Oidc,
}

impl ChallengeKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Totp, Self::Oidc];

    /// The name it is stored under.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Oidc => "oidc",
        }
    }

    /// Reads [`name`](Self::name) back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }

    /// How long it is waited.
    pub const fn lifetime(self) -> TimeDelta {
        match self {
            Self::Totp => TimeDelta::minutes(5),
            Self::Oidc => TimeDelta::minutes(10),
        }
    }

    /// How many answers may be wrong. A provider answers once.
    pub const fn tries(self) -> u32 {
        match self {
            Self::Totp => 5,
            Self::Oidc => 1,
        }
    }
}

/// A sign-in that waits.
#[derive(Clone, PartialEq, Eq)]
pub struct Challenge {
    /// Which.
    pub id: ChallengeId,
    /// For what.
    pub kind: ChallengeKind,
    /// What its token is made over.
    pub salt: Salt,
    /// Who waits, and what is to come of it.
    pub body: String,
    /// Answers that came so far.
    pub tries: u32,
    /// Until when it is waited.
    pub expires_at: Timestamp,
    /// Since when.
    pub created_at: Timestamp,
}

/// Who waits, as they stood when their first half was right. It belongs into the [body](Challenge::body) of every challenge whose
/// waiter is known: what has changed of them since makes the second half worth nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiter {
    /// In which world.
    pub realm: Realm,
    /// Who: the customer's or the member of staff's id.
    pub subject: Uuid,
    /// When their password was last set; `None`: they had none.
    pub password_changed_at: Option<Timestamp>,
}

/// Whether an answer is still taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChallengeStanding {
    /// It is.
    Waiting,
    /// Its time is up.
    Over,
    /// Too many were wrong.
    Exhausted,
}

impl Challenge {
    /// Whether an answer is still taken. It must be counted before it is looked at, or guesses made at once would count as one.
    pub fn standing(&self, now: Timestamp) -> ChallengeStanding {
        if now >= self.expires_at {
            ChallengeStanding::Over
        } else if self.tries >= self.kind.tries() {
            ChallengeStanding::Exhausted
        } else {
            ChallengeStanding::Waiting
        }
    }
}

/// Hides who waits.
impl std::fmt::Debug for Challenge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Challenge({:?} {})", self.kind, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn answers_are_taken_for_a_while_and_not_without_end() {
        for kind in ChallengeKind::ALL {
            let waiting = Challenge {
                id: ChallengeId::new(Uuid::from_u128(1)),
                kind,
                salt: Salt::new(Uuid::from_u128(2)),
                body: "secret".into(),
                tries: kind.tries() - 1,
                expires_at: DateTime::UNIX_EPOCH + kind.lifetime(),
                created_at: DateTime::UNIX_EPOCH,
            };
            assert_eq!(waiting.standing(DateTime::UNIX_EPOCH), ChallengeStanding::Waiting);
            assert_eq!(waiting.standing(waiting.expires_at), ChallengeStanding::Over);
            let guessed = Challenge { tries: kind.tries(), ..waiting };
            assert_eq!(guessed.standing(DateTime::UNIX_EPOCH), ChallengeStanding::Exhausted);
            assert!(!format!("{guessed:?}").contains("secret"));
            assert_eq!(ChallengeKind::from_name(kind.name()), Some(kind));
        }
    }

    #[test]
    fn who_waits_is_read_as_it_was_kept() {
        for password_changed_at in [None, DateTime::from_timestamp_micros(1_767_225_601_000_001)] {
            let waiter = Waiter { realm: Realm::Staff, subject: Uuid::from_u128(7), password_changed_at };
            let kept = serde_json::to_string(&waiter).unwrap();
            assert!(kept.contains("\"staff\""), "{kept}");
            assert_eq!(serde_json::from_str::<Waiter>(&kept).unwrap(), waiter);
        }
    }
}
