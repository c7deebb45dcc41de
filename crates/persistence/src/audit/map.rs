//! Rows of the log to entries and back.

use super::entities::{head, log};
use crate::db::{fitting, stored};
use sea_orm::ActiveValue::Set;
use stoa_domain::{
    audit::{AuditActor, Chained, Entry, Hash, Head, Subject},
    shared::{Fault, SessionId},
};

/// A row that says what cannot be: somebody wrote to the table by hand, or there is a bug.
const UNREADABLE: Fault = Fault::bug("audit.read: a row that no version of the program writes");

/// Characters of names.
const NAME: usize = 255;
/// Characters of everything that is no name.
const WORD: usize = 64;

/// The entry as it will come back: what is chained must be what is kept.
pub(super) fn kept(entry: Entry) -> Entry {
    let word = |text: String| fitting(&text, WORD);
    let Entry { seq, at, actor, action, subject, changes } = entry;
    let AuditActor { kind, id, name, session, network, request } = actor;
    Entry {
        seq,
        at: stored(at),
        actor: AuditActor {
            kind,
            id,
            name: fitting(&name, NAME),
            session,
            network: network.map(word),
            request: request.map(word),
        },
        action: word(action),
        subject: Subject { kind: word(subject.kind), id: subject.id.map(word) },
        changes,
    }
}

/// The row of an entry that [`kept`] has made.
pub(super) fn row(chained: Chained) -> log::ActiveModel {
    let Chained { entry, prev, hash } = chained;
    log::ActiveModel {
        seq: Set(entry.seq),
        at: Set(entry.at),
        actor_kind: Set(entry.actor.kind),
        actor_id: Set(entry.actor.id),
        actor_name: Set(entry.actor.name),
        session_id: Set(entry.actor.session.map(SessionId::uuid)),
        network: Set(entry.actor.network),
        request_id: Set(entry.actor.request),
        action: Set(entry.action),
        subject_type: Set(entry.subject.kind),
        subject_id: Set(entry.subject.id),
        changes: Set(entry.changes),
        prev_hash: Set(prev.to_string()),
        hash: Set(hash.to_string()),
    }
}

/// The entry of a row, whether or not somebody has altered it.
pub(super) fn entry(row: log::Model) -> Entry {
    Entry {
        seq: row.seq,
        at: row.at,
        actor: AuditActor {
            kind: row.actor_kind,
            id: row.actor_id,
            name: row.actor_name,
            session: row.session_id.map(SessionId::new),
            network: row.network,
            request: row.request_id,
        },
        action: row.action,
        subject: Subject { kind: row.subject_type, id: row.subject_id },
        changes: row.changes,
    }
}

/// The same with its hashes. One that is no hash any more proves nothing, and so is one that proves nothing.
pub(super) fn chained(row: log::Model) -> Chained {
    let hash = |text: &str| Hash::parse(text).unwrap_or(Hash::ZERO);
    let (prev, own) = (hash(&row.prev_hash), hash(&row.hash));
    Chained { entry: entry(row), prev, hash: own }
}

/// Where the chain ends.
pub(super) fn head(row: &head::Model) -> Result<Head, Fault> {
    Ok(Head { seq: row.seq, hash: Hash::parse(&row.hash).ok_or(UNREADABLE)? })
}
