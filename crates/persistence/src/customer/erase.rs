//! Taking a person out of the tables. What is left is a number that orders refer to, and what they had agreed to.

use super::{
    addresses, carts, consents,
    entities::customers,
    groups, identities, tags,
    tax::{self, CustomerTax},
    write::{hold, raised, remove_terms},
};
use crate::{
    account,
    db::{Raw, WriteTx, fault, stored},
};
use sea_orm::{ColumnTrait, QueryFilter, sea_query::Expr};
use stoa_domain::{
    account::Realm,
    customer::{Consent, ConsentKind, ConsentSource, erased_email},
    shared::{CustomerId, Fault, Timestamp},
};
use uuid::Uuid;

/// Erases a customer: the account is empty, and whatever belongs to it is gone, sign-ins and links of mails too. Consents stay, with
/// a last one (whose row is `consent`) that says that nothing is agreed to any more. Orders are not touched here. False, and
/// nothing changed, if there is no such customer or they were erased before.
///
/// # Errors
/// The database does not answer.
pub async fn erase(
    tx: &WriteTx,
    id: CustomerId,
    consent: Uuid,
    actor: &str,
    now: Timestamp,
) -> Result<bool, Fault> {
    use customers::Column as C;
    let nothing = || Expr::value(Option::<String>::None);
    let email = erased_email(id);
    let Some(before) = hold(tx, id).await? else { return Ok(false) };
    let erased = raised(now)
        .col_expr(C::State, Expr::value("erased"))
        .col_expr(C::ErasedAt, Expr::value(stored(now)))
        .col_expr(C::Email, Expr::value(email.as_str()))
        .col_expr(C::EmailKey, Expr::value(email.key()))
        .col_expr(C::EmailVerifiedAt, Expr::value(Option::<Timestamp>::None))
        .col_expr(C::FirstName, nothing())
        .col_expr(C::LastName, nothing())
        .col_expr(C::Phone, nothing())
        .col_expr(C::Locale, nothing())
        .col_expr(C::Note, nothing())
        .col_expr(C::PasswordHash, nothing())
        .col_expr(C::PasswordChangedAt, Expr::value(Option::<Timestamp>::None))
        .col_expr(C::DefaultAddressId, Expr::value(Option::<Uuid>::None))
        .col_expr(C::AcceptsMarketing, Expr::value(false))
        .filter(C::Id.eq(id.uuid()));
    erased.exec(tx.raw()).await.map_err(fault("customer.erase"))?;
    identities::unlink_all(tx, id).await?;
    addresses::remove_all(tx, id).await?;
    groups::leave_all(tx, id).await?;
    tags::remove_tags(tx, id).await?;
    tax::note(tx, id, &CustomerTax::default()).await?;
    remove_terms(tx, id).await?;
    carts::forget_cart(tx, id).await?;
    account::forget(tx, Realm::Customer, id.uuid()).await?;
    if before.accepts_marketing {
        let last = Consent {
            kind: ConsentKind::EmailMarketing,
            granted: false,
            wording: None,
            source: ConsentSource::Erase,
            actor: actor.to_owned(),
            at: now,
        };
        consents::insert(tx, id, consent, &last).await?;
    }
    Ok(true)
}
