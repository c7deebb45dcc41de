//! What a buyer should know about what they just did, carried over a redirect as a short code. The words are ours: an
//! address cannot put any into our pages.

use crate::error::PageError;
use minijinja::{Value, context};
use serde::Deserialize;
use stoa_domain::{
    cart::{LineChangeError, cart_limits as limits},
    shared::CartLineId,
};
use stoa_services::cart::{
    CartError, CartView, CartWarning, IdentityRefusal, LinesRefusal, MergeCartsRefusal,
};

/// The most notices a page shows.
const MOST: usize = 20;

/// One thing to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// It is in the cart.
    Added,
    /// Less is left than was wanted; the line has what there is.
    Limited(CartLineId),
    /// Others have taken what the line no longer held; it still asks for more than there is.
    Scarce(CartLineId),
    /// Nothing is left.
    SoldOut,
    /// It is not offered (any more).
    NotForSale,
    /// That is no quantity.
    BadQuantity,
    /// More units than one buyer may have.
    TooManyUnits,
    /// More lines than a cart holds.
    TooManyLines,
    /// More letters than a note holds.
    NoteTooLong,
    /// An order is being placed from the cart.
    Busy,
    /// The cart of the cookie is gone.
    Lost,
    /// Whoever has signed in had a cart before, which this one is now in.
    Merged,
    /// The two do not go into one.
    NotMerged,
    /// Of what both said, the one before counts.
    Kept,
    /// A discount code takes nothing off.
    CodeOfNoUse,
    /// Nothing can be paid with a gift card.
    CardOfNoUse,
    /// More codes than a cart has.
    TooManyCodes,
    /// Too many codes were tried that are none.
    TooManyGuesses,
}

const PLAIN: [(&str, Notice); 16] = [
    ("added", Notice::Added),
    ("sold_out", Notice::SoldOut),
    ("not_for_sale", Notice::NotForSale),
    ("quantity", Notice::BadQuantity),
    ("units", Notice::TooManyUnits),
    ("lines", Notice::TooManyLines),
    ("note", Notice::NoteTooLong),
    ("busy", Notice::Busy),
    ("lost", Notice::Lost),
    ("merged", Notice::Merged),
    ("not_merged", Notice::NotMerged),
    ("kept", Notice::Kept),
    ("code", Notice::CodeOfNoUse),
    ("card", Notice::CardOfNoUse),
    ("codes", Notice::TooManyCodes),
    ("guesses", Notice::TooManyGuesses),
];

impl Notice {
    fn parse(code: &str) -> Option<Self> {
        match code.split_once(':') {
            Some(("limited", line)) => line.parse().ok().map(Self::Limited),
            Some(("scarce", line)) => line.parse().ok().map(Self::Scarce),
            Some(_) => None,
            None => PLAIN.into_iter().find(|(known, _)| *known == code).map(|(_, notice)| notice),
        }
    }

    fn code(self) -> String {
        match self {
            Self::Limited(line) => format!("limited:{line}"),
            Self::Scarce(line) => format!("scarce:{line}"),
            plain => PLAIN.into_iter().find(|(_, n)| *n == plain).map_or("", |(code, _)| code).to_owned(),
        }
    }

    /// Whether it is good news.
    const fn is_good(self) -> bool {
        matches!(self, Self::Added | Self::Merged)
    }

    fn text(self, cart: Option<&CartView>) -> String {
        match self {
            Self::Added => "It is in your cart.".into(),
            Self::Limited(id) => match cart.and_then(|c| c.lines.iter().find(|l| l.line.id == id)) {
                Some(shown) => format!(
                    "Fewer are left than you wanted: your cart now has {} of “{}”.",
                    shown.line.quantity, shown.merchandise.product_title
                ),
                None => "Fewer are left than you wanted, so your cart has what there is.".into(),
            },
            Self::Scarce(id) => match cart.and_then(|c| c.lines.iter().find(|l| l.line.id == id)) {
                Some(shown) => format!(
                    "Somebody was faster: fewer of “{}” can be had at the moment than your cart asks for.",
                    shown.merchandise.product_title
                ),
                None => {
                    "Somebody was faster: something in your cart cannot be had in full at the moment.".into()
                }
            },
            Self::SoldOut => "Sold out in the meantime: what you wanted is not in your cart.".into(),
            Self::NotForSale => "What you wanted is no longer offered. Your cart is as it was.".into(),
            Self::BadQuantity => {
                format!("Please give a whole number from 1 to {}. Your cart is as it was.", limits::QUANTITY)
            }
            Self::TooManyUnits => {
                "That is more than one buyer can have at the moment. Your cart is as it was.".into()
            }
            Self::TooManyLines => {
                format!("A cart holds at most {} different articles. Yours is as it was.", limits::LINES)
            }
            Self::NoteTooLong => {
                format!("A note has at most {} characters. Yours was not saved.", limits::NOTE)
            }
            Self::Busy => {
                "An order is being placed from this cart at this moment. Please try again shortly.".into()
            }
            Self::Lost => {
                "Your cart is no longer here: it became an order, or was left alone for too long.".into()
            }
            Self::Merged => "You had a cart already: what you have chosen here is in it as well.".into(),
            Self::NotMerged => {
                "This cart does not fit into the one that you had already, so each stays by itself.".into()
            }
            Self::Kept => {
                "Where the two carts said something different, such as a note, the one that you had already counts."
                    .into()
            }
            Self::CodeOfNoUse => "A discount code in your cart takes nothing off at the moment.".into(),
            Self::CardOfNoUse => "Nothing can be paid with this gift card. Please look at its code again.".into(),
            Self::TooManyCodes => format!(
                "A cart has at most {} discount codes and {} gift cards.",
                limits::CODES,
                limits::GIFT_CARDS
            ),
            Self::TooManyGuesses => {
                "Too many codes were tried that are none. Please try again in a quarter of an hour.".into()
            }
        }
    }

    /// What an error of a change of lines says; a fault is none for buyers.
    pub(crate) fn of_lines_error(error: CartError<LinesRefusal>) -> Result<Self, PageError> {
        match error {
            CartError::NotFound => Ok(Self::Lost),
            CartError::Busy => Ok(Self::Busy),
            CartError::Refused(refusal) => Ok(Self::of_refusal(refusal)),
            CartError::Fault(fault) => Err(fault.into()),
        }
    }

    /// What a refusal to change lines says.
    pub(crate) const fn of_refusal(refusal: LinesRefusal) -> Self {
        match refusal {
            LinesRefusal::NotForSale(_) => Self::NotForSale,
            LinesRefusal::TooManyUnits(_) => Self::TooManyUnits,
            LinesRefusal::Rule(rule) => match rule {
                LineChangeError::QuantityTooLow { .. } | LineChangeError::QuantityTooHigh { .. } => {
                    Self::BadQuantity
                }
                LineChangeError::TooManyLines { .. } | LineChangeError::TooMuchText { .. } => {
                    Self::TooManyLines
                }
                // Somebody else has taken the line out; our forms send no attributes, and none to change a gift.
                LineChangeError::UnknownLine { .. }
                | LineChangeError::GiftLine { .. }
                | LineChangeError::BadAttributes { .. } => Self::NotForSale,
            },
        }
    }
}

impl Notice {
    /// What a warning says.
    pub(crate) const fn of_warning(warning: CartWarning) -> Self {
        match warning {
            CartWarning::NotEnoughStock { line, .. } => Self::Limited(line),
            CartWarning::NoLongerHeld { line, .. } => Self::Scarce(line),
            CartWarning::OutOfStock { .. } => Self::SoldOut,
            CartWarning::DetailKept { .. } => Self::Kept,
            CartWarning::CodeOfNoUse { .. } => Self::CodeOfNoUse,
        }
    }

    /// What a refusal to make a cart a customer's says.
    pub(crate) const fn of_identity(refusal: IdentityRefusal) -> Self {
        match refusal {
            IdentityRefusal::Merge(MergeCartsRefusal::TooManyUnits(_)) => Self::TooManyUnits,
            IdentityRefusal::Merge(MergeCartsRefusal::NoSuchCart | MergeCartsRefusal::Rule(_)) => {
                Self::NotMerged
            }
            // Nothing is said of the buyer here; and an account that has gone has taken its cart along.
            IdentityRefusal::Details(_) | IdentityRefusal::UnknownCustomer => Self::Lost,
        }
    }
}

/// Where an address carries them.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct NoticeQuery {
    #[serde(default)]
    notice: String,
}

/// All there is to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Notices(Vec<Notice>);

impl Notices {
    /// Each once, and no more than a person reads.
    pub(crate) fn new(notices: impl IntoIterator<Item = Notice>) -> Self {
        let mut kept = Vec::new();
        for notice in notices {
            if kept.len() < MOST && !kept.contains(&notice) {
                kept.push(notice);
            }
        }
        Self(kept)
    }

    /// The query of the address to go to.
    pub(crate) fn codes(&self) -> String {
        self.0.iter().map(|n| n.code()).collect::<Vec<_>>().join(",")
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For a template: a list of `{ good, text }`.
    pub(crate) fn values(&self, cart: Option<&CartView>) -> Vec<Value> {
        self.0.iter().map(|n| context! { good => n.is_good(), text => n.text(cart) }).collect()
    }
}

impl From<&NoticeQuery> for Notices {
    fn from(query: &NoticeQuery) -> Self {
        Self::new(query.notice.split(',').filter_map(Notice::parse))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(notice: &str) -> Notices {
        Notices::from(&NoticeQuery { notice: notice.to_owned() })
    }

    #[test]
    fn notices_survive_the_way_over_an_address() {
        let line = "0193e0b6-3c5e-7c3a-a111-222233334444".parse().unwrap();
        let notices =
            Notices::new(PLAIN.map(|(_, n)| n).into_iter().chain([Notice::Limited(line), Notice::SoldOut]));
        assert_eq!(notices.0.len(), PLAIN.len() + 1, "each once");
        assert_eq!(read(&notices.codes()), notices);
    }

    #[test]
    fn an_address_cannot_put_words_into_a_page() {
        assert!(read("<b>hello</b>,limited:<b>,win,").is_empty());
        assert!(read(&"sold_out,".repeat(10_000)).0.len() == 1);
    }
}
