//! The cart as it is kept: one versioned document.

use super::GroupSelection;
use crate::{
    access::Viewer,
    inventory::HoldTicket,
    pricing::EnteredCode,
    shared::{
        Address, AddressId, CartId, CartLineId, CountryCode, Currency, CustomerId, EmailAddress, GiftCardId,
        Money, PromotionId, Timestamp, VariantId,
    },
};
use serde::{Deserialize, Serialize};

/// The bounds of a cart. The first two are those of the Shopify Storefront API's carts.
pub mod cart_limits {
    /// Lines a cart may hold.
    pub const LINES: usize = 500;
    /// Characters of a note.
    pub const NOTE: usize = 5_000;
    /// Units of one line.
    pub const QUANTITY: u32 = 1_000_000;
    /// Attributes of a cart or of a line.
    pub const ATTRIBUTES: usize = 250;
    /// Characters of an attribute's key or value.
    pub const ATTRIBUTE_TEXT: usize = 5_000;
    /// Bytes of all attributes of a cart and its lines together.
    pub const TEXT: usize = 256 * 1024;
    /// Delivery addresses of a cart.
    pub const ADDRESSES: usize = 50;
    /// Discount codes of a cart.
    pub const CODES: usize = 10;
    /// Characters of a discount code: more than any has.
    pub const CODE_TEXT: usize = 255;
    /// Gift cards of a cart.
    pub const GIFT_CARDS: usize = 10;
    /// Characters of a tax number, however it is written.
    pub const TAX_NUMBER: usize = 32;
    /// Delivery groups of which it is remembered what was chosen; the choices made last are kept.
    pub const SELECTIONS: usize = 50;
    /// Gifts of which it is remembered that they were taken out; those taken out last are kept.
    pub const DECLINED: usize = 100;
    /// How many carts are remembered that were merged into one. A merge that broke off is tried again long before so many others.
    pub const MERGED: usize = 20;
}

/// A free key and value, such as an engraving.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Attribute {
    /// Key; unique within its list.
    pub key: String,
    /// Value.
    pub value: String,
}

/// A variant, how many of it, and what to do to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLine {
    /// Which line.
    pub id: CartLineId,
    /// What is bought.
    pub variant: VariantId,
    /// Units, at least 1.
    pub quantity: u32,
    /// Sorted by key, so that two lines that say the same compare equal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
    /// The promotion that put it in for nothing; `None`: the buyer did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gift: Option<PromotionId>,
}

/// Who buys, as far as the cart knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuyerIdentity {
    /// Where to write to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// Telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The country whose prices and delivery apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<CountryCode>,
    /// The customer's account, once signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// Their tax number, as they wrote it. Whether it is one, and what follows from that, whoever prices decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_number: Option<String>,
}

/// A delivery address the buyer may choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectableAddress {
    /// Which.
    pub id: AddressId,
    /// Where to.
    pub address: Address,
    /// Whether this is the one; at most one of a cart is.
    pub selected: bool,
    /// Whether it must not be kept in the customer's address book.
    pub one_time_use: bool,
    /// The customer out of whose address book it was copied: nobody else is shown it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub book_of: Option<CustomerId>,
}

impl SelectableAddress {
    /// Whether it is there for them: whoever has a cart's id has not got its owner's address book.
    pub fn is_there_for(&self, viewer: &Viewer) -> bool {
        self.book_of.is_none_or(|owner| viewer.customer() == Some(owner))
    }
}

/// Set while an order is being placed from the cart: nobody else may change it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckoutLock {
    /// The idempotency key of the request that places the order. The same request again may take the lock over.
    pub key: String,
    /// Since when, by the clock of the store that keeps the cart: whoever judges its age asks the same one.
    pub at: Timestamp,
}

/// A cart that was merged into another, as it was then. What comes into it afterwards is none of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedCart {
    /// Which.
    pub id: CartId,
    /// Its version, once it was marked to go.
    pub version: u64,
}

/// A cart. `version` belongs to the store: every save is compare-and-set on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    /// Which.
    pub id: CartId,
    /// Rises by 1 with every save; 0 before the first.
    #[serde(skip)]
    pub version: u64,
    /// Fixed when the cart is made.
    pub currency: Currency,
    /// Lines in the order they were added.
    #[serde(default)]
    pub lines: Vec<CartLine>,
    /// What the buyer wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Free keys and values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
    /// Who buys.
    #[serde(default)]
    pub buyer: BuyerIdentity,
    /// Where to deliver.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<SelectableAddress>,
    /// How to deliver what goes together. Of carts of before there is one choice, of no group by name.
    #[serde(
        default,
        alias = "delivery",
        deserialize_with = "super::selection::read",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub deliveries: Vec<GroupSelection>,
    /// Discount codes, in the order in which they were entered, whether or not they are of use. Each key once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<EnteredCode>,
    /// The gift cards that are to pay for it, in the order in which they do. Each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gift_cards: Vec<GiftCardId>,
    /// Whether the customer's store credit is to pay for it as well.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub use_credit: bool,
    /// The promotions whose gifts were taken out: they do not come again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declined_gifts: Vec<PromotionId>,
    /// Until when stock is held for it, once any is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Timestamp>,
    /// The call that holds it, if all of it is held by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_ticket: Option<HoldTicket>,
    /// What it cost when it was last changed, which is what that change answered: nobody who says nothing else is charged more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Money>,
    /// What of that the buyer was to be charged, beside what gift cards pay: nobody who says nothing else is charged more, though it costs the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_charge: Option<Money>,
    /// Set while an order is being placed from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkout: Option<CheckoutLock>,
    /// Set while it is being merged into this other cart: nobody may change it, and it is gone once that has what was in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merging_into: Option<CartId>,
    /// The carts that were merged into it last, so that none is twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged_from: Vec<MergedCart>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Cart {
    /// An empty cart.
    pub fn new(id: CartId, currency: Currency, now: Timestamp) -> Self {
        Self {
            id,
            version: 0,
            currency,
            lines: Vec::new(),
            note: None,
            attributes: Vec::new(),
            buyer: BuyerIdentity::default(),
            addresses: Vec::new(),
            deliveries: Vec::new(),
            codes: Vec::new(),
            gift_cards: Vec::new(),
            use_credit: false,
            declined_gifts: Vec::new(),
            held_until: None,
            hold_ticket: None,
            told: None,
            told_charge: None,
            checkout: None,
            merging_into: None,
            merged_from: Vec::new(),
            created_at: now,
            updated_at: now,
        }
    }

    /// Bytes of all attributes, of the cart and of its lines.
    pub fn text(&self) -> usize {
        let bytes =
            |attributes: &[Attribute]| attributes.iter().map(|a| a.key.len() + a.value.len()).sum::<usize>();
        bytes(&self.attributes) + self.lines.iter().map(|l| bytes(&l.attributes)).sum::<usize>()
    }

    /// Units over all lines.
    pub fn total_quantity(&self) -> u64 {
        self.lines.iter().map(|l| u64::from(l.quantity)).sum()
    }

    /// Units wanted of each variant over all lines, in variant order: one entry a variant, whatever its lines'
    /// attributes.
    pub fn demand(&self) -> Vec<(VariantId, u64)> {
        let mut demand: Vec<(VariantId, u64)> =
            self.lines.iter().map(|l| (l.variant, u64::from(l.quantity))).collect();
        demand.sort_unstable_by_key(|(variant, _)| *variant);
        demand.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        demand
    }

    /// The chosen delivery address.
    pub fn selected_address(&self) -> Option<&SelectableAddress> {
        self.addresses.iter().find(|a| a.selected)
    }
}
