//! Who a session is: asked with every request that has a credential, and so one statement, whoever it is.

use super::{entities::sessions, map};
use crate::{
    customer::customers,
    db::{Conn, fault, stored},
    staff::{
        role_permissions,
        rows::{owner, roles, staff, staff_roles},
    },
};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryResult, QuerySelect, Select,
};
use stoa_domain::{
    access::{Mfa, Permissions, SignedIn, StaffSession},
    account::{Realm, Session},
    shared::{CustomerId, Fault, SessionId, StaffId, Timestamp},
};

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// A customer.
    Customer {
        /// Who.
        who: SignedIn,
        /// Their sign-in.
        session: Session,
    },
    /// A member of staff.
    Staff {
        /// Who, and what they may do.
        who: StaffSession,
        /// Their sign-in.
        session: Session,
    },
}

impl Principal {
    /// Their sign-in.
    pub const fn session(&self) -> &Session {
        match self {
            Self::Customer { session, .. } | Self::Staff { session, .. } => session,
        }
    }
}

/// Who this session is, now. `None` if it is over, or of the other realm, or its owner's account is not enabled: all alike. One
/// statement.
///
/// # Errors
/// The database does not answer.
pub async fn principal(
    conn: &impl Conn,
    id: SessionId,
    realm: Realm,
    now: Timestamp,
) -> Result<Option<Principal>, Fault> {
    let live = sessions::Entity::find_by_id(id.uuid())
        .filter(sessions::Column::Realm.eq(realm.name()))
        .filter(sessions::Column::RevokedAt.is_null())
        .filter(sessions::Column::ExpiresAt.gt(stored(now)))
        .filter(sessions::Column::EndsAt.gt(stored(now)));
    match realm {
        Realm::Customer => customer(conn, live).await,
        Realm::Staff => member(conn, live).await,
    }
}

async fn customer(conn: &impl Conn, live: Select<sessions::Entity>) -> Result<Option<Principal>, Fault> {
    let whose = sessions::Entity::belongs_to(customers::Entity)
        .from(sessions::Column::SubjectId)
        .to(customers::Column::Id);
    let row = live
        .join(JoinType::InnerJoin, whose.into())
        .filter(customers::Column::State.eq("enabled"))
        .one(conn.raw())
        .await
        .map_err(fault("account.principal"))?;
    let Some(row) = row else { return Ok(None) };
    let session = map::session(row)?;
    let who = SignedIn { customer: CustomerId::new(session.subject), session: session.id };
    Ok(Some(Principal::Customer { who, session }))
}

/// A session beside one role of its owner.
struct StaffRow {
    session: sessions::Model,
    name: String,
    owner: Option<i32>,
    permissions: Option<String>,
}

const NAME: &str = "staff_name";
const OWNER: &str = "owner_row";
const PERMISSIONS: &str = "role_permissions";

impl FromQueryResult for StaffRow {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            session: sessions::Model::from_query_result(row, prefix)?,
            name: row.try_get(prefix, NAME)?,
            owner: row.try_get(prefix, OWNER)?,
            permissions: row.try_get(prefix, PERMISSIONS)?,
        })
    }
}

async fn member(conn: &impl Conn, live: Select<sessions::Entity>) -> Result<Option<Principal>, Fault> {
    let whose =
        sessions::Entity::belongs_to(staff::Entity).from(sessions::Column::SubjectId).to(staff::Column::Id);
    let owned = staff::Entity::belongs_to(owner::Entity).from(staff::Column::Id).to(owner::Column::StaffId);
    let has = staff::Entity::belongs_to(staff_roles::Entity)
        .from(staff::Column::Id)
        .to(staff_roles::Column::StaffId);
    let role = staff_roles::Entity::belongs_to(roles::Entity)
        .from(staff_roles::Column::RoleId)
        .to(roles::Column::Id);
    let rows = live
        .join(JoinType::InnerJoin, whose.into())
        .join(JoinType::LeftJoin, owned.into())
        .join(JoinType::LeftJoin, has.into())
        .join(JoinType::LeftJoin, role.into())
        .filter(staff::Column::State.eq("enabled"))
        .column_as(staff::Column::Name, NAME)
        .column_as(owner::Column::Id, OWNER)
        .column_as(roles::Column::Permissions, PERMISSIONS)
        .into_model::<StaffRow>()
        .all(conn.raw())
        .await
        .map_err(fault("account.principal"))?;
    // All rows are of one session; they differ in the role.
    let mut allowed = Permissions::NONE;
    for permissions in rows.iter().filter_map(|row| row.permissions.as_deref()) {
        allowed = allowed.with(role_permissions(permissions)?);
    }
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    let session = map::session(row.session)?;
    let who = StaffSession {
        id: StaffId::new(session.subject),
        name: row.name,
        session: session.id,
        owner: row.owner.is_some(),
        roles: allowed,
        mfa: if session.mfa { Mfa::Shown } else { Mfa::Missing },
        stepped_up_at: session.stepped_up_at,
    };
    Ok(Some(Principal::Staff { who, session }))
}
