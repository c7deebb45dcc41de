//! A sign-in, as its owner sees it.

use crate::graphql::scalars::{DateTime, Gid};
use async_graphql::Object;
use stoa_domain::{account, shared::SessionId};

/// A sign-in, as its owner sees it.
#[derive(Clone)]
pub struct Session {
    session: account::Session,
    current: bool,
}

impl Session {
    /// A sign-in, for whoever asks by the one that is called current.
    pub fn new(session: account::Session, current: SessionId) -> Self {
        Self { current: session.id == current, session }
    }
}

/// A sign-in that lives.
#[Object]
impl Session {
    /// When it began.
    fn created_at(&self) -> DateTime {
        self.session.created_at.into()
    }

    /// Whether it is the one that asks.
    fn current(&self) -> bool {
        self.current
    }

    /// The global id.
    fn id(&self) -> Gid<SessionId> {
        Gid(self.session.id)
    }

    /// When it was last used, to about an hour.
    fn last_used_at(&self) -> DateTime {
        self.session.used_at.into()
    }

    /// The network that it began from, if that is known.
    fn network(&self) -> Option<&str> {
        self.session.network.as_deref()
    }

    /// The browser or program that it began with, as that names itself.
    fn user_agent(&self) -> Option<&str> {
        self.session.user_agent.as_deref()
    }
}
