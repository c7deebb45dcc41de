//! Writing accounts, inside the caller's transaction. Every write of a customer raises the version and locks the account's row
//! first: whatever belongs to a customer stands behind that lock.

use super::{
    entities::{customers, terms},
    map::{self, StateColumns},
    read::locked,
};
use crate::{
    account::{self, PasswordHash},
    db::{Raw, Violation, WriteTx, Writes, fault, stored, violation},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, UpdateMany,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use stoa_domain::{
    account::{Realm, RevokedBecause},
    customer::{Customer, CustomerName, CustomerState},
    shared::{CustomerId, EmailAddress, Fault, Locale, Timestamp},
};
use uuid::Uuid;

/// Somebody who registers.
#[derive(Clone, PartialEq, Eq)]
pub struct NewCustomer {
    /// Which they are to be.
    pub id: CustomerId,
    /// The address that they say is theirs.
    pub email: EmailAddress,
    /// Given name.
    pub first_name: Option<CustomerName>,
    /// Family name.
    pub last_name: Option<CustomerName>,
    /// Telephone.
    pub phone: Option<String>,
    /// The language they are written to in.
    pub locale: Option<Locale>,
}

/// Hides the person.
impl std::fmt::Debug for NewCustomer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewCustomer({})", self.id)
    }
}

/// Whose the address is, after somebody has registered with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// Nobody's before: the account is new.
    New(CustomerId),
    /// Somebody has registered with it before, and has not proved it yet. Nothing has changed.
    Pending(CustomerId),
    /// It is proved. Nothing has changed.
    Enabled(CustomerId),
    /// Staff have closed the account. Nothing has changed.
    Disabled(CustomerId),
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is written.
    Saved,
    /// Somebody else has changed it since it was read. Nothing has changed.
    Stale,
    /// Another one has that address or name; the transaction must be given up.
    Taken,
}

/// Begins an account that waits for its address to be proved, or finds the one that has the address. Two at once with one address
/// make one. The one that is found is locked: who sends a link to it does not find it swept away.
///
/// # Errors
/// The database does not answer.
pub async fn insert_pending(tx: &WriteTx, new: &NewCustomer, now: Timestamp) -> Result<Registered, Fault> {
    let now = stored(now);
    let NewCustomer { id, email, first_name, last_name, phone, locale } = new.clone();
    let customer = Customer {
        id,
        state: CustomerState::Pending,
        email,
        first_name,
        last_name,
        phone,
        locale,
        accepts_marketing: false,
        note: None,
        default_address: None,
        password_changed_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    // Again where the account that had the address got another one at this moment.
    for _ in 0..3 {
        let address = OnConflict::column(customers::Column::EmailKey).do_nothing().to_owned();
        let row = map::row(&customer, tx.sealer())?;
        match customers::Entity::insert(row).on_conflict(address).exec_without_returning(tx.raw()).await {
            Ok(1) => {
                insert_terms(tx, &customer).await?;
                return Ok(Registered::New(customer.id));
            }
            Ok(_) | Err(DbErr::RecordNotInserted) => {}
            Err(error) => return Err(fault("customer.insert")(error)),
        }
        if let Some(known) = known(tx, &customer.email).await? {
            return Ok(known);
        }
    }
    Err(Fault::bug("customer.insert: an address that somebody has and nobody has"))
}

async fn known(tx: &WriteTx, email: &EmailAddress) -> Result<Option<Registered>, Fault> {
    let row: Option<(Uuid, String)> = locked(customers::Entity::find())
        .select_only()
        .columns([customers::Column::Id, customers::Column::State])
        .filter(customers::Column::EmailKey.eq(email.key()))
        .into_tuple()
        .one(tx.raw())
        .await
        .map_err(fault("customer.known"))?;
    let Some((id, state)) = row else { return Ok(None) };
    let id = CustomerId::new(id);
    match state.as_str() {
        "pending" => Ok(Some(Registered::Pending(id))),
        "enabled" => Ok(Some(Registered::Enabled(id))),
        "disabled" => Ok(Some(Registered::Disabled(id))),
        // One that was erased has an address that nobody can register with.
        _ => Err(map::UNREADABLE),
    }
}

/// Writes what has changed of an account since it was read as `before`: state, address, names, telephone, language, note. Consent,
/// password and the default address have functions of their own, and so has erasing. Whoever is shut out is signed out everywhere,
/// for good: letting them in again brings no sign-in back.
///
/// # Errors
/// The database does not answer.
pub async fn save(tx: &WriteTx, before: &Customer, after: &Customer, now: Timestamp) -> Result<Saved, Fault> {
    use customers::Column as C;
    let erased = |of: &Customer| matches!(of.state, CustomerState::Erased { .. });
    if erased(after) && !erased(before) {
        return Err(Fault::bug(
            "customer.save: an account is erased by `erase`, with all that belongs to it",
        ));
    }
    let id = before.id.uuid();
    let state = StateColumns::from(&after.state);
    let phone = after.phone.as_deref().map(|phone| tx.sealer().seal(map::PHONE, id, phone)).transpose()?;
    let written = raised(now)
        .col_expr(C::State, Expr::value(state.state))
        .col_expr(C::EmailVerifiedAt, Expr::value(state.verified_at.map(stored)))
        .col_expr(C::ErasedAt, Expr::value(state.erased_at.map(stored)))
        .col_expr(C::Email, Expr::value(after.email.as_str()))
        .col_expr(C::EmailKey, Expr::value(after.email.key()))
        .col_expr(C::FirstName, Expr::value(map::name(after.first_name.as_ref())))
        .col_expr(C::LastName, Expr::value(map::name(after.last_name.as_ref())))
        .col_expr(C::Phone, Expr::value(phone))
        .col_expr(C::Locale, Expr::value(after.locale.map(Locale::code)))
        .col_expr(C::Note, Expr::value(after.note.clone()))
        .filter(C::Id.eq(id))
        .filter(C::Version.eq(before.version))
        // Whoever was erased stays so, whatever was read of them.
        .filter(C::State.ne("erased"))
        .exec(tx.raw())
        .await;
    match written {
        Ok(written) if written.rows_affected == 0 => return Ok(Saved::Stale),
        Ok(_) => {}
        Err(error) if violation(&error) == Some(Violation::Unique("uq_customers_email_key".to_owned())) => {
            return Ok(Saved::Taken);
        }
        Err(error) => return Err(fault("customer.save")(error)),
    }
    if map::terms(before) != map::terms(after) {
        remove_terms(tx, before.id).await?;
        insert_terms(tx, after).await?;
    }
    if after.state != before.state && !matches!(after.state, CustomerState::Enabled { .. }) {
        account::revoke_all(tx, (Realm::Customer, id), None, RevokedBecause::AccountClosed, now).await?;
    }
    Ok(Saved::Saved)
}

/// Sets the password of an account that is enabled. False, and nothing changed, of any other.
///
/// # Errors
/// The database does not answer.
pub async fn set_password(
    tx: &WriteTx,
    id: CustomerId,
    password: &PasswordHash,
    now: Timestamp,
) -> Result<bool, Fault> {
    let set = raised(now)
        .col_expr(customers::Column::PasswordHash, Expr::value(password.as_str()))
        .col_expr(customers::Column::PasswordChangedAt, Expr::value(stored(now)))
        .filter(customers::Column::Id.eq(id.uuid()))
        .filter(customers::Column::State.eq("enabled"))
        .exec(tx.raw())
        .await
        .map_err(fault("customer.set_password"))?;
    Ok(set.rows_affected == 1)
}

/// Puts a costlier hash of the same password in the place of the one that was compared. False if another password was set since.
/// One statement.
///
/// # Errors
/// The database does not answer.
pub async fn rehash(
    on: &impl Writes,
    id: CustomerId,
    old: &PasswordHash,
    new: &PasswordHash,
) -> Result<bool, Fault> {
    let set = customers::Entity::update_many()
        .col_expr(customers::Column::PasswordHash, Expr::value(new.as_str()))
        .filter(customers::Column::Id.eq(id.uuid()))
        .filter(customers::Column::PasswordHash.eq(old.as_str()))
        .exec(on.raw())
        .await
        .map_err(fault("customer.rehash"))?;
    Ok(set.rows_affected == 1)
}

/// Begins a change of what belongs to a customer: the account's row is locked, its version raised. False, and nothing done, if
/// there is no such customer or they were erased.
pub(super) async fn touch(tx: &WriteTx, id: CustomerId, now: Timestamp) -> Result<bool, Fault> {
    let touched = raised(now)
        .filter(customers::Column::Id.eq(id.uuid()))
        .filter(customers::Column::State.ne("erased"))
        .exec(tx.raw())
        .await
        .map_err(fault("customer.touch"))?;
    Ok(touched.rows_affected == 1)
}

/// The same, without the account's being any other than it was: its row, locked.
pub(super) async fn hold(tx: &WriteTx, id: CustomerId) -> Result<Option<customers::Model>, Fault> {
    let row = locked(customers::Entity::find_by_id(id.uuid()));
    let row = row.one(tx.raw()).await.map_err(fault("customer.hold"))?;
    Ok(row.filter(|row| row.state != "erased"))
}

/// An update that raises the version, as all of them do.
pub(super) fn raised(now: Timestamp) -> UpdateMany<customers::Entity> {
    customers::Entity::update_many()
        .col_expr(customers::Column::Version, Expr::col(customers::Column::Version).add(1_i64))
        .col_expr(customers::Column::UpdatedAt, Expr::value(stored(now)))
}

async fn insert_terms(tx: &WriteTx, customer: &Customer) -> Result<(), Fault> {
    let id = customer.id.uuid();
    let rows = map::terms(customer)
        .into_iter()
        .map(|term| terms::ActiveModel { term: Set(term), customer_id: Set(id) })
        .collect::<Vec<_>>();
    if rows.is_empty() {
        return Ok(());
    }
    let written = terms::Entity::insert_many(rows).exec_without_returning(tx.raw()).await;
    written.map(drop).map_err(fault("customer.insert_terms"))
}

pub(super) async fn remove_terms(tx: &WriteTx, id: CustomerId) -> Result<(), Fault> {
    let of_them = terms::Entity::delete_many().filter(terms::Column::CustomerId.eq(id.uuid()));
    of_them.exec(tx.raw()).await.map(drop).map_err(fault("customer.remove_terms"))
}
