//! Accounts elsewhere that customers sign in with.

use super::{
    entities::{customers, identities},
    write::touch,
};
use crate::db::{Conn, Raw, WriteTx, Writes, fault, stored};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use stoa_domain::shared::{CustomerId, EmailAddress, Fault, Timestamp};

/// An account elsewhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// Who vouches for it.
    pub issuer: String,
    /// What it is called there; never given to another.
    pub subject: String,
    /// Whose it is here.
    pub customer: CustomerId,
    /// The address it had there when it was linked, in the form that is compared.
    pub email_key: Option<String>,
    /// When it was linked.
    pub linked_at: Timestamp,
    /// When somebody last signed in with it.
    pub used_at: Timestamp,
}

/// Hides the person.
impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Identity({} of {})", self.issuer, self.customer)
    }
}

/// An account elsewhere that is to be linked.
#[derive(Clone, Copy)]
pub struct NewIdentity<'a> {
    /// Who vouches for it.
    pub issuer: &'a str,
    /// What it is called there.
    pub subject: &'a str,
    /// The address it has there.
    pub email: Option<&'a EmailAddress>,
}

/// What became of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linked {
    /// It is made.
    Linked,
    /// It was there.
    Already,
    /// It is somebody else's. Nothing has changed.
    SomebodyElses(CustomerId),
    /// There is no such customer. Nothing has changed.
    NoCustomer,
}

/// Whose account it is here.
///
/// # Errors
/// The database does not answer.
pub async fn identity(conn: &impl Conn, issuer: &str, subject: &str) -> Result<Option<Identity>, Fault> {
    let row = identities::Entity::find_by_id((issuer.to_owned(), subject.to_owned()))
        .one(conn.raw())
        .await
        .map_err(fault("customer.identity"))?;
    Ok(row.map(read))
}

/// What a customer can sign in with, the oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn identities_of(conn: &impl Conn, of: CustomerId) -> Result<Vec<Identity>, Fault> {
    let rows = identities::Entity::find()
        .filter(identities::Column::CustomerId.eq(of.uuid()))
        .order_by_asc(identities::Column::LinkedAt)
        .order_by_asc(identities::Column::Issuer)
        .order_by_asc(identities::Column::Subject)
        .all(conn.raw())
        .await
        .map_err(fault("customer.identities_of"))?;
    Ok(rows.into_iter().map(read).collect())
}

/// Links an account elsewhere to a customer's. Of two customers at once one gets it.
///
/// # Errors
/// The database does not answer.
pub async fn link(
    tx: &WriteTx,
    of: CustomerId,
    new: NewIdentity<'_>,
    now: Timestamp,
) -> Result<Linked, Fault> {
    let now = stored(now);
    if !touch(tx, of, now).await? {
        return Ok(Linked::NoCustomer);
    }
    let row = identities::ActiveModel {
        issuer: Set(new.issuer.to_owned()),
        subject: Set(new.subject.to_owned()),
        customer_id: Set(of.uuid()),
        email_key: Set(new.email.map(EmailAddress::key)),
        linked_at: Set(now),
        used_at: Set(now),
    };
    let known = [identities::Column::Issuer, identities::Column::Subject];
    let known = OnConflict::columns(known).do_nothing().to_owned();
    // Again where the one who had it gave it up at this moment.
    for _ in 0..3 {
        let insert = identities::Entity::insert(row.clone()).on_conflict(known.clone());
        match insert.exec_without_returning(tx.raw()).await {
            Ok(1) => return Ok(Linked::Linked),
            Ok(_) | Err(DbErr::RecordNotInserted) => {}
            Err(error) => return Err(fault("customer.link")(error)),
        }
        match identity(tx, new.issuer, new.subject).await? {
            Some(known) if known.customer == of => return Ok(Linked::Already),
            Some(known) => return Ok(Linked::SomebodyElses(known.customer)),
            None => {}
        }
    }
    Err(Fault::bug("customer.link: an account elsewhere that is linked and is not"))
}

/// What became of an attempt to unlink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlinked {
    /// It is gone.
    Unlinked,
    /// It was not theirs, or not there.
    NotTheirs,
    /// It is the last way into the account, so it stays.
    LastWayIn,
}

/// Takes a link away, unless it is the customer's only way in: there is no password, and no other link.
///
/// # Errors
/// The database does not answer.
pub async fn unlink(
    tx: &WriteTx,
    of: CustomerId,
    issuer: &str,
    subject: &str,
    now: Timestamp,
) -> Result<Unlinked, Fault> {
    // Behind the account's lock nobody else takes another link away, or the password.
    if !touch(tx, of, now).await? {
        return Ok(Unlinked::NotTheirs);
    }
    let all = identities_of(tx, of).await?;
    if !all.iter().any(|known| known.issuer == issuer && known.subject == subject) {
        return Ok(Unlinked::NotTheirs);
    }
    if all.len() == 1 && !has_password(tx, of).await? {
        return Ok(Unlinked::LastWayIn);
    }
    let gone = identities::Entity::delete_by_id((issuer.to_owned(), subject.to_owned())).exec(tx.raw()).await;
    gone.map_err(fault("customer.unlink"))?;
    Ok(Unlinked::Unlinked)
}

/// Whether a customer has a password; one whose account a provider has begun has none until they set it.
///
/// # Errors
/// The database does not answer.
pub async fn has_password(conn: &impl Conn, of: CustomerId) -> Result<bool, Fault> {
    let set: Option<i32> = customers::Entity::find_by_id(of.uuid())
        .select_only()
        .expr(Expr::value(1))
        .filter(customers::Column::PasswordHash.is_not_null())
        .into_tuple()
        .one(conn.raw())
        .await
        .map_err(fault("customer.has_password"))?;
    Ok(set.is_some())
}

/// Writes down that somebody has signed in with it. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn identity_used(
    on: &impl Writes,
    issuer: &str,
    subject: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    identities::Entity::update_many()
        .col_expr(identities::Column::UsedAt, Expr::value(stored(now)))
        .filter(identities::Column::Issuer.eq(issuer))
        .filter(identities::Column::Subject.eq(subject))
        .exec(on.raw())
        .await
        .map(drop)
        .map_err(fault("customer.identity_used"))
}

/// Takes all links away that were made at this moment or later, the last way in too: for whoever proves the account in another way. How
/// many they were. The account is locked already.
///
/// # Errors
/// The database does not answer.
pub async fn unlink_since(tx: &WriteTx, of: CustomerId, since: Timestamp) -> Result<u64, Fault> {
    let late = identities::Entity::delete_many()
        .filter(identities::Column::CustomerId.eq(of.uuid()))
        .filter(identities::Column::LinkedAt.gte(stored(since)));
    let gone = late.exec(tx.raw()).await.map_err(fault("customer.unlink_since"))?;
    Ok(gone.rows_affected)
}

pub(super) async fn unlink_all(tx: &WriteTx, of: CustomerId) -> Result<(), Fault> {
    let all = identities::Entity::delete_many().filter(identities::Column::CustomerId.eq(of.uuid()));
    all.exec(tx.raw()).await.map(drop).map_err(fault("customer.unlink_all"))
}

fn read(row: identities::Model) -> Identity {
    Identity {
        issuer: row.issuer,
        subject: row.subject,
        customer: CustomerId::new(row.customer_id),
        email_key: row.email_key,
        linked_at: row.linked_at,
        used_at: row.used_at,
    }
}
