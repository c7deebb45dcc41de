//! One row of the log, and the one text it has when it is chained.

use super::Changes;
use crate::access::{Actor, Who};
use crate::shared::{SessionId, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

/// Who did it. The name is a copy: it says who they were then.
#[derive(Clone, PartialEq, Eq)]
pub struct AuditActor {
    /// `staff`, `key`, `command` or `system`.
    pub kind: String,
    /// Which member of staff or key; the others have none.
    pub id: Option<Uuid>,
    /// What they are called.
    pub name: String,
    /// In which session.
    pub session: Option<SessionId>,
    /// From which network.
    pub network: Option<String>,
    /// In which request.
    pub request: Option<String>,
}

impl AuditActor {
    /// The program itself, in this task of its own.
    pub fn system(task: &str) -> Self {
        let kind = "system".to_owned();
        Self { kind, id: None, name: task.to_owned(), session: None, network: None, request: None }
    }
}

impl From<&Actor> for AuditActor {
    fn from(actor: &Actor) -> Self {
        let (kind, id, session) = match actor.who() {
            Who::Staff { id, session, .. } => ("staff", Some(id.uuid()), Some(*session)),
            Who::Key { id, .. } => ("key", Some(id.uuid()), None),
            Who::Command { .. } => ("command", None, None),
        };
        let origin = actor.origin();
        Self {
            kind: kind.to_owned(),
            id,
            name: actor.name().to_owned(),
            session,
            network: origin.network.clone(),
            request: origin.request.clone(),
        }
    }
}

/// Hides the person.
impl std::fmt::Debug for AuditActor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AuditActor({} {:?})", self.kind, self.id)
    }
}

/// To what it was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// What kind of thing, as the API calls it.
    pub kind: String,
    /// Which; `None` where there is only one of the kind.
    pub id: Option<String>,
}

impl Subject {
    /// This thing.
    pub fn new(kind: &str, id: impl std::fmt::Display) -> Self {
        Self { kind: kind.to_owned(), id: Some(id.to_string()) }
    }

    /// The only thing of its kind.
    pub fn only(kind: &str) -> Self {
        Self { kind: kind.to_owned(), id: None }
    }
}

/// A row of the log. The changes are kept as their text, which is what is chained: a version that cannot read them can still tell
/// whether somebody has altered them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place: 1 for the first, and no number is left out.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: AuditActor,
    /// What was done, such as `product.update`.
    pub action: String,
    /// To what.
    pub subject: Subject,
    /// What changed, as [`Changes::to_json`] wrote it.
    pub changes: String,
}

impl Entry {
    /// The row for these changes; `None` if nothing was done.
    pub fn new(seq: i64, at: Timestamp, actor: AuditActor, action: &str, changes: &Changes) -> Option<Self> {
        let subject = changes.subject()?.clone();
        Some(Self { seq, at, actor, action: action.to_owned(), subject, changes: changes.to_json() })
    }
}

/// The one text of a row: canonical JSON (RFC 8785), its numbers being whole and its keys plain ASCII. The columns are all in it, so
/// none can be altered unseen.
pub fn canonical(entry: &Entry) -> String {
    let AuditActor { kind, id, name, session, network, request } = &entry.actor;
    // In the order of their names, which is the one `serde_json` may or may not keep by itself, as its features are.
    let members: [(&str, Value); 12] = [
        ("action", json!(entry.action)),
        ("actor_id", json!(id)),
        ("actor_kind", json!(kind)),
        ("actor_name", json!(name)),
        ("at", json!(entry.at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string())),
        ("changes", json!(entry.changes)),
        ("network", json!(network)),
        ("request_id", json!(request)),
        // As a text: a number beyond 2^53 has no one form.
        ("seq", json!(entry.seq.to_string())),
        ("session_id", json!(session)),
        ("subject_id", json!(entry.subject.id)),
        ("subject_type", json!(entry.subject.kind)),
    ];
    let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Mfa, Origin, Permissions, StaffSession};
    use crate::shared::{ApiKeyId, StaffId};
    use chrono::{DateTime, TimeDelta};

    fn entry() -> Entry {
        let changes = Changes::of(Subject::new("Product", 7)).field("title", "Mug", "Cup \"new\"\n");
        let origin = Origin { network: Some("192.0.2.7".into()), request: None };
        let staff = StaffSession {
            id: StaffId::new(Uuid::from_u128(1)),
            name: "Ada é".into(),
            session: SessionId::new(Uuid::from_u128(2)),
            owner: false,
            roles: Permissions::NONE,
            mfa: Mfa::Missing,
            stepped_up_at: None,
        };
        let at = DateTime::UNIX_EPOCH + TimeDelta::microseconds(1_500_000);
        let actor = AuditActor::from(&Actor::staff(staff, origin));
        Entry::new(9_007_199_254_740_993, at, actor, "product.update", &changes).unwrap()
    }

    #[test]
    fn a_row_has_one_text_and_it_has_all_in_it() {
        let expected = concat!(
            r#"{"action":"product.update","actor_id":"00000000-0000-0000-0000-000000000001","actor_kind":"staff","#,
            r#""actor_name":"Ada é","at":"1970-01-01T00:00:01.500000Z","#,
            r#""changes":"[{\"after\":\"Cup \\\"new\\\"\\n\",\"before\":\"Mug\",\"field\":\"title\"}]","#,
            r#""network":"192.0.2.7","request_id":null,"seq":"9007199254740993","#,
            r#""session_id":"00000000-0000-0000-0000-000000000002","subject_id":"7","subject_type":"Product"}"#,
        );
        assert_eq!(canonical(&entry()), expected);
        let parsed: Value = serde_json::from_str(expected).unwrap();
        assert_eq!(parsed.as_object().unwrap().len(), 12);
    }

    #[test]
    fn no_column_can_be_altered_unseen() {
        let entry = entry();
        let actor = |change: fn(&mut AuditActor)| {
            let mut altered = entry.clone();
            change(&mut altered.actor);
            altered
        };
        let altered = [
            Entry { seq: 2, ..entry.clone() },
            Entry { at: entry.at + TimeDelta::microseconds(1), ..entry.clone() },
            Entry { action: "product.delete".into(), ..entry.clone() },
            Entry { subject: Subject::new("Product", 8), ..entry.clone() },
            Entry { subject: Subject::new("Order", 7), ..entry.clone() },
            Entry { subject: Subject::only("Product"), ..entry.clone() },
            Entry { changes: "[]".into(), ..entry.clone() },
            actor(|a| a.kind = "key".into()),
            actor(|a| a.id = None),
            actor(|a| a.name = "Eve".into()),
            actor(|a| a.session = None),
            actor(|a| a.network = None),
            actor(|a| a.request = Some("r".into())),
        ];
        for altered in altered {
            assert_ne!(canonical(&altered), canonical(&entry), "{altered:?}");
        }
    }

    #[test]
    fn the_actor_is_said_as_they_were() {
        let key = Actor::key(
            ApiKeyId::new(Uuid::from_u128(3)),
            "till".into(),
            Permissions::NONE,
            Origin::default(),
        );
        let logged = AuditActor::from(&key);
        assert_eq!((logged.kind.as_str(), logged.name.as_str(), logged.session), ("key", "till", None));
        assert_eq!(logged.id, Some(Uuid::from_u128(3)));
        let command = AuditActor::from(&Actor::command("root".into()));
        assert_eq!((command.kind.as_str(), command.name.as_str(), command.id), ("command", "root", None));
        assert_eq!(AuditActor::system("privacy.retention").kind, "system");
    }

    #[test]
    fn where_nothing_was_done_there_is_no_row() {
        let actor = AuditActor::system("test");
        assert_eq!(Entry::new(1, DateTime::UNIX_EPOCH, actor, "product.update", &Changes::none()), None);
    }
}
