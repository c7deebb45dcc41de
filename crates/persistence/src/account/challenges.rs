//! Sign-ins that wait for their second half.

use super::{entities::challenges, map};
use crate::db::{Conn, Writes, fault, stored};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use stoa_domain::{
    account::{Challenge, ChallengeKind},
    shared::{ChallengeId, Fault, Timestamp},
};

/// Lets a sign-in wait.
///
/// # Errors
/// The database does not answer.
pub async fn insert_challenge(on: &impl Writes, challenge: &Challenge) -> Result<(), Fault> {
    let id = challenge.id.uuid();
    let row = challenges::ActiveModel {
        id: Set(id),
        kind: Set(challenge.kind.name().to_owned()),
        salt: Set(challenge.salt.bytes().to_vec()),
        body: Set(on.sealer().seal(map::CHALLENGE_BODY, id, &challenge.body)?),
        tries: Set(i32::try_from(challenge.tries).unwrap_or(i32::MAX)),
        expires_at: Set(stored(challenge.expires_at)),
        created_at: Set(stored(challenge.created_at)),
    };
    let written = challenges::Entity::insert(row).exec_without_returning(on.raw()).await;
    written.map(drop).map_err(fault("account.insert_challenge"))
}

/// By id, whether or not an answer is still taken.
///
/// # Errors
/// The database does not answer.
pub async fn find_challenge(conn: &impl Conn, id: ChallengeId) -> Result<Option<Challenge>, Fault> {
    let row = challenges::Entity::find_by_id(id.uuid()).one(conn.raw()).await;
    let row = row.map_err(fault("account.find_challenge"))?;
    row.map(|row| map::challenge(&row, conn.sealer())).transpose()
}

/// Counts an answer before it is looked at, so that guesses made at once are as many as they are. `None` if no answer is taken any
/// more. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn try_challenge(
    on: &impl Writes,
    id: ChallengeId,
    kind: ChallengeKind,
    now: Timestamp,
) -> Result<Option<Challenge>, Fault> {
    let tried = challenges::Entity::update_many()
        .col_expr(challenges::Column::Tries, Expr::col(challenges::Column::Tries).add(1))
        .filter(challenges::Column::Id.eq(id.uuid()))
        .filter(challenges::Column::Kind.eq(kind.name()))
        .filter(challenges::Column::ExpiresAt.gt(stored(now)))
        .filter(challenges::Column::Tries.lt(i64::from(kind.tries())))
        .exec_with_returning(on.raw())
        .await
        .map_err(fault("account.try_challenge"))?;
    tried.first().map(|row| map::challenge(row, on.sealer())).transpose()
}

/// Ends the waiting, in the transaction of what comes of it: true for the one whose answer was right, once. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn end_challenge(on: &impl Writes, id: ChallengeId) -> Result<bool, Fault> {
    let gone = challenges::Entity::delete_by_id(id.uuid()).exec(on.raw()).await;
    Ok(gone.map_err(fault("account.end_challenge"))?.rows_affected == 1)
}
