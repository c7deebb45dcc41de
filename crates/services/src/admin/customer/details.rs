//! What staff say of a customer: names, telephone and language as the customer could, a note, and tags.

use super::{CustomerError, subject};
use crate::{
    Context,
    audit::AuditedTx,
    customer::{Details, GivenDetails},
};
use std::sync::Arc;
use stoa_domain::{
    access::{Permit, grants::CustomersWrite},
    audit::Changes,
    cart::cart_limits::TAX_NUMBER,
    customer::{Customer, CustomerState, tags},
    shared::{CustomerId, Fault, Locale},
};
use stoa_persistence::{
    customer::{self, CustomerTax, Saved},
    db::retrying,
};

/// The longest note, in characters.
pub(super) const NOTE: usize = 5_000;

/// What is to be other of a customer; `None` leaves it as it is.
#[derive(Clone, Default)]
pub struct CustomerChange {
    /// Names, telephone and language.
    pub details: GivenDetails,
    /// What staff note; an empty text takes it away.
    pub note: Option<String>,
    /// Tags, all of them.
    pub tags: Option<Vec<String>>,
    /// Whether no tax is charged.
    pub tax_exempt: Option<bool>,
    /// Their tax number; an empty text takes it away.
    pub tax_number: Option<String>,
}

/// Hides the person.
impl std::fmt::Debug for CustomerChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CustomerChange(…)")
    }
}

/// Says something else of customers.
pub struct CustomerDetails(pub(crate) Arc<Context>);

impl CustomerDetails {
    /// Changes what is said, and leaves the rest. To say what is so already changes nothing. Their address they change themselves: staff
    /// cannot prove that another is theirs.
    ///
    /// # Errors
    /// One of the details cannot be taken, or there is no such customer.
    #[tracing::instrument(name = "customer.update", skip_all)]
    pub async fn run(
        &self,
        by: &Permit<CustomersWrite>,
        id: CustomerId,
        change: &CustomerChange,
    ) -> Result<Customer, CustomerError> {
        let details = Details::parse(&change.details)?;
        let note = change.note.as_ref().map(|note| note.chars().filter(|c| *c != '\0').collect::<String>());
        if note.as_ref().is_some_and(|note| note.chars().count() > NOTE) {
            return Err(CustomerError::NoteTooLong);
        }
        let number = change.tax_number.as_deref().map(tax_number).transpose()?;
        let wanted = change.tags.as_deref().map(tags).transpose()?;
        let said = (wanted.as_deref(), change.tax_exempt, number.as_ref());
        retrying(|| self.change_once(by, id, (&details, note.as_deref()), said)).await
    }

    async fn change_once(
        &self,
        by: &Permit<CustomersWrite>,
        id: CustomerId,
        (details, note): (&Details, Option<&str>),
        (wanted, exempt, number): (Option<&[String]>, Option<bool>, Option<&Option<String>>),
    ) -> Result<Customer, CustomerError> {
        let now = self.0.now();
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        let before = customer::find_for_update(tx, id).await?.ok_or(CustomerError::NotFound)?;
        if let CustomerState::Erased { .. } = before.state {
            return Err(CustomerError::NotFound);
        }
        let had = customer::tags_of(tx, &[id]).await?.remove(&id).unwrap_or_default();
        let has = wanted.map_or_else(|| had.clone(), <[String]>::to_vec);
        let was = customer::taxes_of(tx, &[id]).await?.remove(&id).unwrap_or_default();
        let is = CustomerTax {
            exempt: exempt.unwrap_or(was.exempt),
            number: number.map_or_else(|| was.number.clone(), Clone::clone),
        };
        // Tags are locked before the words that somebody is found by; they raise the version that is saved over.
        let mut tagged = before.clone();
        if has != had {
            if !customer::set_tags(tx, id, &has, now).await? {
                return Err(CustomerError::NotFound);
            }
            tagged = customer::find(tx, id).await?.ok_or(CustomerError::NotFound)?;
        }
        if is != was {
            if !customer::set_tax(tx, id, &is, now).await? {
                return Err(CustomerError::NotFound);
            }
            tagged = customer::find(tx, id).await?.ok_or(CustomerError::NotFound)?;
        }
        let mut after = details.clone().of(&tagged);
        if let Some(note) = note {
            after.note = Some(note.to_owned()).filter(|note| !note.is_empty());
        }
        if after != tagged {
            match customer::save(tx, &tagged, &after, now).await? {
                Saved::Saved => {}
                Saved::Stale => return Err(CustomerError::Stale),
                Saved::Taken => {
                    return Err(Fault::bug("customer.update: an address that did not change").into());
                }
            }
        }
        let changes = Changes::of(subject(id))
            .hidden("firstName", before.first_name.as_ref(), after.first_name.as_ref())
            .hidden("lastName", before.last_name.as_ref(), after.last_name.as_ref())
            .hidden("phone", before.phone.as_ref(), after.phone.as_ref())
            .hidden("note", before.note.as_ref(), after.note.as_ref())
            .field("locale", before.locale.map(Locale::code), after.locale.map(Locale::code))
            .field("tags", had, has)
            .field("taxExempt", was.exempt, is.exempt)
            .hidden("taxNumber", was.number.as_ref(), is.number.as_ref())
            .or_none();
        if changes.subject().is_none() {
            return Ok(before);
        }
        let saved = customer::find(tx, id).await?.ok_or(CustomerError::NotFound)?;
        audited.commit("customer.update", &changes).await?;
        Ok(saved)
    }
}

/// Any text that is no longer than on a cart: which ones count is decided where tax is. None of an empty one.
fn tax_number(text: &str) -> Result<Option<String>, CustomerError> {
    let text = text.trim();
    if text.chars().count() > TAX_NUMBER || text.contains('\0') {
        return Err(CustomerError::TaxNumber);
    }
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}
