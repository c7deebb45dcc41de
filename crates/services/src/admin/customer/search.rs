//! The language in which staff search customers: words of their names and addresses, and a row of conditions, all of which must hold.
//!
//! | written | means |
//! |---|---|
//! | `ada love*` | with these words in name or address; `*` as in the search of products |
//! | `email:ada@example.org` | with this address, in any letter case |
//! | `state:pending`, `enabled`, `disabled`, `erased` | in this state |
//! | `tag:vip` | with this tag, in any letter case |
//! | `group_id:` | in this group, by its gid or bare id |
//! | `accepts_marketing:true` | who want advertisements |
//! | `created_at:>=2026-01-31`, `updated_at:` | as in the search of products |
//!
//! Each condition may stand once; a field that there is not, or a value that its field cannot have, is refused.

use stoa_domain::{
    catalog::search::{FlatTerm, NotFlat, flat_terms},
    shared::{CustomerGroupId, EmailAddress},
};
use stoa_persistence::customer::CustomersListing;
use uuid::Uuid;

/// Why a text is no search for customers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CustomerSearchError {
    /// It is no row of conditions.
    #[error(transparent)]
    NotFlat(#[from] NotFlat),
    /// Customers have no such field.
    #[error("customers are not searched by {0:?}")]
    UnknownField(String),
    /// Its field cannot have the value.
    #[error("{field} cannot be {value:?}")]
    BadValue {
        /// Which field.
        field: &'static str,
        /// The value as it was written.
        value: String,
    },
    /// A condition was given twice.
    #[error("{0} is given twice")]
    Twice(&'static str),
}

/// Adds what a text asks for to a listing that asks for nothing yet but an order.
///
/// # Errors
/// The text is no search for customers.
pub fn parse_customer_search(
    text: &str,
    listing: CustomersListing,
) -> Result<CustomersListing, CustomerSearchError> {
    let mut listing = listing;
    for term in flat_terms(text)? {
        add(&mut listing, &term)?;
    }
    Ok(listing)
}

fn add(listing: &mut CustomersListing, term: &FlatTerm) -> Result<(), CustomerSearchError> {
    match term.field().as_deref() {
        None => {
            listing.words.extend(term.words());
            Ok(())
        }
        Some("email") => {
            put(&mut listing.email, "email", term, |term| EmailAddress::parse(term.value()).ok())
        }
        Some("state" | "status") => put(&mut listing.state, "state", term, state),
        Some("tag") => put(&mut listing.tag, "tag", term, |term| Some(term.value().to_owned())),
        Some("group_id") => put(&mut listing.group, "group_id", term, group),
        Some("accepts_marketing") => put(&mut listing.accepts_marketing, "accepts_marketing", term, |term| {
            term.value().to_lowercase().parse().ok()
        }),
        Some("created_at") => put(&mut listing.created, "created_at", term, FlatTerm::moments),
        Some("updated_at") => put(&mut listing.updated, "updated_at", term, FlatTerm::moments),
        Some(unknown) => Err(CustomerSearchError::UnknownField(unknown.to_owned())),
    }
}

fn put<T>(
    slot: &mut Option<T>,
    field: &'static str,
    term: &FlatTerm,
    read: impl FnOnce(&FlatTerm) -> Option<T>,
) -> Result<(), CustomerSearchError> {
    if slot.is_some() {
        return Err(CustomerSearchError::Twice(field));
    }
    let value = if term.is_prefix() || term.value().is_empty() { None } else { read(term) };
    let bad = || CustomerSearchError::BadValue { field, value: term.value().to_owned() };
    *slot = Some(value.ok_or_else(bad)?);
    Ok(())
}

fn state(term: &FlatTerm) -> Option<&'static str> {
    let value = term.value().to_lowercase();
    ["pending", "enabled", "disabled", "erased"].into_iter().find(|state| *state == value)
}

fn group(term: &FlatTerm) -> Option<CustomerGroupId> {
    let id = term.value().rsplit('/').next()?;
    id.parse::<Uuid>().ok().map(CustomerGroupId::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<CustomersListing, CustomerSearchError> {
        parse_customer_search(text, CustomersListing::default())
    }

    #[test]
    fn words_and_conditions_are_added_up() {
        let listing =
            read("Ada love* state:ENABLED tag:\"very good\" accepts_marketing:false updated_at:<2026-02-01")
                .unwrap();
        let words: Vec<_> = listing.words.iter().map(|word| (word.text.as_str(), word.prefix)).collect();
        assert_eq!(words, [("ada", false), ("love", true)]);
        assert_eq!((listing.state, listing.tag.as_deref()), (Some("enabled"), Some("very good")));
        assert_eq!(listing.accepts_marketing, Some(false));
        assert!(listing.updated.unwrap().until.is_some());
    }

    #[test]
    fn what_would_find_more_than_was_meant_is_refused() {
        let bad = |field, value: &str| Err(CustomerSearchError::BadValue { field, value: value.to_owned() });
        assert_eq!(read("state:lost"), bad("state", "lost"));
        assert_eq!(read("email:ada*"), bad("email", "ada"));
        assert_eq!(read("group_id:7"), bad("group_id", "7"));
        assert_eq!(read("phone:1"), Err(CustomerSearchError::UnknownField("phone".to_owned())));
        assert_eq!(read("tag:a tag:b"), Err(CustomerSearchError::Twice("tag")));
    }
}
