//! The audit log, as staff read it.

use super::{caller::actor_id, moment::Moment};
use crate::graphql::{
    ApiError,
    scalars::{DateTime, Gid, Json, UnsignedInt64, gid},
};
use async_graphql::{ID, InputObject, Object};
use stoa_domain::{
    audit::{Entry, Head},
    catalog::search::Moments,
    shared::SessionId,
};
use stoa_persistence::audit::AuditListing;
use uuid::Uuid;

/// Which entries of the audit log are meant: those of which all of it is true.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AuditFilter {
    /// What was done, such as `role.update`.
    pub action: Option<String>,
    /// By the member of staff or the key with this global id.
    pub actor_id: Option<ID>,
    /// Not before.
    pub from: Option<Moment>,
    /// To the thing with this id, as the entries write it.
    pub subject_id: Option<String>,
    /// To things of this kind, as the entries write it.
    pub subject_type: Option<String>,
    /// Before.
    pub until: Option<Moment>,
}

impl AuditFilter {
    /// As the list takes it. Of an actor whom nobody can be, there are no entries.
    ///
    /// # Errors
    /// The actor's id is none.
    pub(super) fn listing(self, reverse: bool) -> Result<AuditListing, ApiError> {
        let Self { action, actor_id: actor, from, subject_id, subject_type: subject_kind, until } = self;
        let actor = actor.map(|id| actor_id(&id)).transpose()?;
        let actor = actor.map(|id| id.unwrap_or(Uuid::max()));
        let (from, until) = (from.map(|from| from.0), until.map(|until| until.0));
        let at = (from.is_some() || until.is_some()).then_some(Moments { from, until });
        Ok(AuditListing { reverse, actor, subject_kind, subject_id, action, at })
    }
}

/// Something that was done in the shop's name.
#[derive(Clone, Debug)]
pub struct AuditEntry(pub(super) Entry);

/// Something that was done in the shop's name. Entries are chained: one that was changed or removed is noticed by `stoa doctor`.
#[Object]
impl AuditEntry {
    /// What was done, such as `role.update`.
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// The global id of the member of staff or the key that did it; null: it was the command line, or the program itself.
    async fn actor_id(&self) -> Option<ID> {
        let type_name = match self.0.actor.kind.as_str() {
            "staff" => "StaffMember",
            "key" => "ApiKey",
            _ => return None,
        };
        self.0.actor.id.map(|id| ID(gid::text(type_name, id)))
    }

    /// Who did it: `staff`, `key`, `command` (somebody at the machine's command line) or `system` (the program itself).
    async fn actor_kind(&self) -> &str {
        &self.0.actor.kind
    }

    /// What they were called then.
    async fn actor_name(&self) -> &str {
        &self.0.actor.name
    }

    /// When.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// What changed: a list of objects with `field`, `before` and `after`. What is personal or secret is not told, only that it changed.
    async fn changes(&self) -> Json {
        Json(self.0.changes.clone())
    }

    /// From which network, if that is known.
    async fn network(&self) -> Option<&str> {
        self.0.actor.network.as_deref()
    }

    /// In which request, as the program's log has it.
    async fn request_id(&self) -> Option<&str> {
        self.0.actor.request.as_deref()
    }

    /// Its place in the log: 1 for the first, and no number is left out.
    async fn sequence(&self) -> UnsignedInt64 {
        UnsignedInt64(u64::try_from(self.0.seq).unwrap_or_default())
    }

    /// The global id of the sign-in in which it was done.
    async fn session_id(&self) -> Option<Gid<SessionId>> {
        self.0.actor.session.map(Gid)
    }

    /// Which thing it was done to; null where there is only one of the kind.
    async fn subject_id(&self) -> Option<&str> {
        self.0.subject.id.as_deref()
    }

    /// To what kind of thing.
    async fn subject_type(&self) -> &str {
        &self.0.subject.kind
    }
}

/// Where the audit log ends.
#[derive(Clone, Copy, Debug)]
pub struct AuditHead(pub(super) Head);

/// Where the audit log ends.
#[Object]
impl AuditHead {
    /// The hash of its last entry, over all that were before: hexadecimal; zeros before the first.
    async fn hash(&self) -> String {
        self.0.hash.to_string()
    }

    /// The place of its last entry; 0 before the first.
    async fn sequence(&self) -> UnsignedInt64 {
        UnsignedInt64(u64::try_from(self.0.seq).unwrap_or_default())
    }
}
