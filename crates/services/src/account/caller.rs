//! Who calls, and from where.

use secrecy::SecretString;
use std::{fmt, sync::Arc};
use stoa_domain::{
    access::{Actor, Origin, SignedIn, Viewer, Who},
    account::Realm,
    limits::ClientAddress,
    shared::{Locale, SessionId},
};
use uuid::Uuid;

/// From where somebody calls, and with what.
#[derive(Clone, Default)]
pub struct Client {
    /// The address, as far as limits are concerned; `None`: it is not known.
    pub address: Option<ClientAddress>,
    /// The browser or program, as it names itself.
    pub user_agent: Option<String>,
    /// What the browser shows for having signed in to an account before: what signing in gave it, or a token of that sign-in.
    pub device: Option<SecretString>,
    /// The language they read.
    pub locale: Option<Locale>,
    /// The request's id, as the log has it.
    pub request: Option<String>,
}

impl Client {
    /// The network, as sessions and the audit log keep it.
    pub fn network(&self) -> Option<String> {
        self.address.map(|address| address.network().to_string())
    }

    /// As the audit log wants it.
    pub fn origin(&self) -> Origin {
        Origin { network: self.network(), request: self.request.clone() }
    }
}

/// Hides from where.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client({})", self.request.as_deref().unwrap_or("…"))
    }
}

/// Who calls: nobody we know, a customer, or somebody who acts for the shop; never two of them.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// Who looks at the shop from outside.
    pub viewer: Viewer,
    /// Who acts for the shop.
    pub actor: Option<Arc<Actor>>,
    /// From where.
    pub client: Client,
}

impl Caller {
    /// Somebody who has shown nothing.
    pub const fn anonymous(client: Client) -> Self {
        Self { viewer: Viewer::Anonymous, actor: None, client }
    }

    /// A customer.
    pub const fn customer(who: SignedIn, client: Client) -> Self {
        Self { viewer: Viewer::Customer(who), actor: None, client }
    }

    /// A member of staff, or a program with a key.
    pub fn acting(actor: Actor, client: Client) -> Self {
        Self { viewer: Viewer::Anonymous, actor: Some(Arc::new(actor)), client }
    }

    /// The customer who is signed in.
    pub const fn signed_in(&self) -> Option<SignedIn> {
        match self.viewer {
            Viewer::Customer(who) => Some(who),
            Viewer::Anonymous => None,
        }
    }

    /// Whose sign-in this is, if it is one: keys have none.
    pub fn holder(&self) -> Option<SessionHolder> {
        if let Some(who) = self.signed_in() {
            return Some(who.into());
        }
        match self.actor.as_deref()?.who() {
            Who::Staff { id, session, .. } => {
                Some(SessionHolder { realm: Realm::Staff, subject: id.uuid(), session: *session })
            }
            Who::Key { .. } | Who::Command { .. } => None,
        }
    }
}

/// Whose sign-ins are meant, and which of them is the one that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionHolder {
    /// In which world.
    pub realm: Realm,
    /// Who: the customer's or the member of staff's id.
    pub subject: Uuid,
    /// The sign-in that asks.
    pub session: SessionId,
}

impl From<SignedIn> for SessionHolder {
    fn from(who: SignedIn) -> Self {
        Self { realm: Realm::Customer, subject: who.customer.uuid(), session: who.session }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::shared::CustomerId;

    #[test]
    fn nothing_of_a_client_is_in_a_log() {
        let client = Client {
            address: Some(ClientAddress::new([192, 0, 2, 7].into())),
            user_agent: Some("Firefox".into()),
            device: Some("stoa_dt_x".into()),
            ..Client::default()
        };
        let text = format!("{:?}", Caller::anonymous(client));
        assert!(!text.contains("192") && !text.contains("Firefox") && !text.contains("stoa_dt"), "{text}");
    }

    #[test]
    fn a_program_has_no_sign_ins() {
        let who = SignedIn { customer: CustomerId::new(Uuid::nil()), session: SessionId::new(Uuid::max()) };
        let holder = Caller::customer(who, Client::default()).holder();
        assert_eq!(holder.map(|h| (h.realm, h.session)), Some((Realm::Customer, who.session)));
        assert_eq!(Caller::acting(Actor::command("root".into()), Client::default()).holder(), None);
        assert_eq!(Caller::default().holder(), None);
    }
}
