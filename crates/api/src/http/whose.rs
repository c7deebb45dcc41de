//! Whose requests and operations count together.

use http::Extensions;
use std::{fmt, sync::Arc};
use stoa_domain::{
    access::Who,
    limits::{ClientAddress, Quota},
    shared::{ApiKeyId, SessionId},
};
use stoa_services::account::{Caller, SessionHolder};
use uuid::Uuid;

/// How many of its sign-ins' shares an account has for all of them together.
const SIGN_INS: u32 = 4;

/// Whoever is counted: the nearer something tells who asks, the rather it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// A program's, known by its key.
    Key(ApiKeyId),
    /// That of one sign-in, so that who has stolen one leaves the others enough to end it.
    SignIn {
        /// In which world, by name.
        realm: &'static str,
        /// Whose it is.
        account: Uuid,
        /// Which.
        session: SessionId,
    },
    /// Somebody's who is signed in, with however many sign-ins.
    Account {
        /// In which world, by name.
        realm: &'static str,
        /// Who.
        id: Uuid,
    },
    /// Everybody's on one network.
    Network(Option<ClientAddress>),
}

impl Whose {
    /// Whoever has sent a request, once it is known who calls.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        let caller = extensions.get::<Arc<Caller>>();
        let network = || Self::Network(extensions.get::<ClientAddress>().copied());
        caller.and_then(|caller| Self::known(caller)).unwrap_or_else(network)
    }

    fn known(caller: &Caller) -> Option<Self> {
        if let Some(Who::Key { id, .. }) = caller.actor.as_deref().map(|actor| actor.who()) {
            return Some(Self::Key(*id));
        }
        let SessionHolder { realm, subject, session } = caller.holder()?;
        Some(Self::SignIn { realm: realm.name(), account: subject, session })
    }

    /// What is taken from, the nearest first: a sign-in's own quota, and behind it the account's for all of them.
    pub(crate) fn shares(self, quota: Quota) -> impl Iterator<Item = (Self, Quota)> {
        let of_account = match self {
            Self::SignIn { realm, account: id, .. } => {
                let all = Quota::new(quota.limit().saturating_mul(SIGN_INS), quota.window());
                Some((Self::Account { realm, id }, all))
            }
            Self::Key(_) | Self::Account { .. } | Self::Network(_) => None,
        };
        std::iter::once((self, quota)).chain(of_account)
    }
}

/// As a part of a limit's key.
impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(id) => write!(f, "key:{id}"),
            Self::SignIn { realm, session, .. } => write!(f, "{realm}-sign-in:{session}"),
            Self::Account { realm, id } => write!(f, "{realm}:{id}"),
            Self::Network(Some(address)) => write!(f, "network:{}", address.network()),
            Self::Network(None) => f.write_str("network:unknown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::{
        access::{Actor, Mfa, Origin, Permissions, SignedIn, StaffSession},
        shared::{CustomerId, SessionId, StaffId},
    };
    use stoa_services::account::Client;

    fn of(caller: Option<Caller>, address: Option<[u8; 4]>) -> String {
        let mut extensions = Extensions::new();
        if let Some(caller) = caller {
            extensions.insert(Arc::new(caller));
        }
        if let Some(address) = address {
            extensions.insert(ClientAddress::new(address.into()));
        }
        Whose::of(&extensions).to_string()
    }

    #[test]
    fn the_nearest_that_tells_who_asks_counts() {
        let id = |n: u128| Uuid::from_u128(n);
        let here = Some([192, 0, 2, 7]);
        assert_eq!(of(None, here), "network:192.0.2.7");
        assert_eq!(of(Some(Caller::default()), here), "network:192.0.2.7");
        assert_eq!(of(None, None), "network:unknown");
        let key = Actor::key(ApiKeyId::new(id(1)), "till".into(), Permissions::NONE, Origin::default());
        assert_eq!(of(Some(Caller::acting(key, Client::default())), here), format!("key:{}", id(1)));
        let session = |n| StaffSession {
            id: StaffId::new(id(2)),
            name: "Ada".into(),
            session: SessionId::new(id(n)),
            owner: false,
            roles: Permissions::NONE,
            mfa: Mfa::Missing,
            stepped_up_at: None,
        };
        for sign_in in [3, 4] {
            let staff = Actor::staff(session(sign_in), Origin::default());
            let counted = of(Some(Caller::acting(staff, Client::default())), here);
            assert_eq!(counted, format!("staff-sign-in:{}", id(sign_in)));
        }
        let customer = SignedIn { customer: CustomerId::new(id(2)), session: SessionId::new(id(3)) };
        assert_eq!(
            of(Some(Caller::customer(customer, Client::default())), here),
            format!("customer-sign-in:{}", id(3))
        );
    }

    #[test]
    fn behind_a_sign_in_there_is_its_account() {
        let quota = Quota::new(10, std::time::Duration::from_mins(1));
        let shares = |whose: Whose| {
            whose.shares(quota).map(|(whose, of)| (whose.to_string(), of.limit())).collect::<Vec<_>>()
        };
        let account = Uuid::from_u128(1);
        let one = Whose::SignIn { realm: "staff", account, session: SessionId::new(Uuid::from_u128(2)) };
        let of_account = (format!("staff:{account}"), 10 * SIGN_INS);
        assert_eq!(shares(one), [(one.to_string(), 10), of_account]);
        let key = Whose::Key(ApiKeyId::new(Uuid::from_u128(3)));
        assert_eq!(shares(key), [(key.to_string(), 10)]);
    }
}
