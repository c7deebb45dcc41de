//! The language in which staff search gift cards: a row of conditions, all of which must hold.
//!
//! | written | means |
//! |---|---|
//! | `7KQ2` | whose code ends so |
//! | `last:7KQ2` | the same |
//! | `kind:card`, `credit` | with a code, or a customer's store credit |
//! | `state:enabled`, `disabled` | in this state |
//! | `customer_id:` | this customer's store credit, by its gid or bare id |
//!
//! Each condition may stand once; a field that there is not, or a value that its field cannot have, is refused. Whole codes find nothing: texts that
//! are searched for are kept in places where codes must not be.

use stoa_domain::{
    catalog::search::{FlatTerm, NotFlat, flat_terms},
    gift_card::{GiftCardState, Last4},
    shared::CustomerId,
};
use stoa_persistence::gift_card::GiftCardsListing;
use uuid::Uuid;

/// Why a text is no search for gift cards. It does not repeat values: one of them may be a code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GiftCardSearchError {
    /// It is no row of conditions.
    #[error(transparent)]
    NotFlat(#[from] NotFlat),
    /// Gift cards have no such field.
    #[error("gift cards are searched by last, kind, state and customer_id")]
    UnknownField,
    /// Its field cannot have the value.
    #[error("{0} cannot be that")]
    BadValue(&'static str),
    /// A condition was given twice.
    #[error("{0} is given twice")]
    Twice(&'static str),
}

/// Adds what a text asks for to a listing that asks for nothing yet but an order.
///
/// # Errors
/// The text is no search for gift cards.
pub fn parse_gift_card_search(
    text: &str,
    listing: GiftCardsListing,
) -> Result<GiftCardsListing, GiftCardSearchError> {
    let mut listing = listing;
    for term in flat_terms(text)? {
        add(&mut listing, &term)?;
    }
    Ok(listing)
}

fn add(listing: &mut GiftCardsListing, term: &FlatTerm) -> Result<(), GiftCardSearchError> {
    match term.field().as_deref() {
        None | Some("last") => {
            put(&mut listing.last, "last", term, |text| Last4::parse(&text.to_uppercase()).ok())
        }
        Some("kind") => put(&mut listing.credit, "kind", term, kind),
        Some("state" | "status") => put(&mut listing.state, "state", term, state),
        Some("customer_id") => put(&mut listing.customer, "customer_id", term, customer),
        Some(_) => Err(GiftCardSearchError::UnknownField),
    }
}

fn put<T>(
    slot: &mut Option<T>,
    field: &'static str,
    term: &FlatTerm,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<(), GiftCardSearchError> {
    if slot.is_some() {
        return Err(GiftCardSearchError::Twice(field));
    }
    let value = if term.is_prefix() { None } else { read(term.value()) };
    *slot = Some(value.ok_or(GiftCardSearchError::BadValue(field))?);
    Ok(())
}

/// Whether it is store credit.
fn kind(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "card" => Some(false),
        "credit" => Some(true),
        _ => None,
    }
}

fn state(text: &str) -> Option<GiftCardState> {
    match text.to_lowercase().as_str() {
        "enabled" => Some(GiftCardState::Enabled),
        "disabled" => Some(GiftCardState::Disabled),
        _ => None,
    }
}

fn customer(text: &str) -> Option<CustomerId> {
    let id = text.rsplit('/').next()?;
    id.parse::<Uuid>().ok().map(CustomerId::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<GiftCardsListing, GiftCardSearchError> {
        parse_gift_card_search(text, GiftCardsListing::default())
    }

    #[test]
    fn conditions_are_added_up() {
        let id = "00000000-0000-0000-0000-000000000007";
        let listing = read(&format!("7kq2 kind:CARD state:disabled customer_id:{id}")).unwrap();
        assert_eq!(listing.last, Last4::parse("7KQ2").ok());
        assert_eq!((listing.credit, listing.state), (Some(false), Some(GiftCardState::Disabled)));
        assert_eq!(listing.customer, Some(CustomerId::new(id.parse().unwrap())));
        assert_eq!(read("last:7KQ2").unwrap().last, Last4::parse("7KQ2").ok());
        assert_eq!(read("").unwrap(), GiftCardsListing::default());
    }

    #[test]
    fn what_would_find_more_than_was_meant_is_refused() {
        use GiftCardSearchError as Error;
        assert_eq!(read("state:lost"), Err(Error::BadValue("state")));
        assert_eq!(read("kind:coupon"), Err(Error::BadValue("kind")));
        assert_eq!(read("customer_id:7"), Err(Error::BadValue("customer_id")));
        assert_eq!(read("7KQ2 last:7KQ3"), Err(Error::Twice("last")));
        assert_eq!(read("balance:5"), Err(Error::UnknownField));
    }

    #[test]
    fn a_whole_code_finds_nothing_and_is_not_repeated() {
        let refused = read("9AAAAAAAAAAAAAAU").unwrap_err();
        assert_eq!(refused, GiftCardSearchError::BadValue("last"));
        assert!(!refused.to_string().contains("9AAA"), "{refused}");
    }
}
