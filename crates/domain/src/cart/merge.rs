//! Merging one cart into another, and whose a cart is.
//!
//! Two carts cannot be written at once, so a merge is three steps, each of which may be the last before a crash: the one that goes is
//! marked ([`Cart::begin_merge`]), the one that stays takes up what is in it and remembers that ([`Cart::absorb`]), the one that goes
//! is deleted. The same merge again begins where it broke off.

use super::{
    Cart, CartLine, GroupSelection, LineChangeError, MergedCart, SelectableAddress, cart_limits as limits,
};
use crate::access::Viewer;
use crate::shared::{AddressId, CartId, CartLineId, CustomerId, DeliveryGroupId, VariantId};

/// What taking up another cart has done to the lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Absorbed {
    /// Variants whose lines grew or came in, each once, in their order: their stock has to be asked for.
    pub variants: Vec<VariantId>,
    /// Of what both carts said something else. What the one that stays says counts, and a buyer should know.
    pub disputed: Vec<CartDetail>,
}

/// Something that a cart says beside its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CartDetail {
    /// The note.
    Note,
    /// An attribute of the same key.
    Attributes,
    /// How it is delivered.
    Delivery,
    /// The buyer's e-mail address.
    Email,
    /// The buyer's telephone.
    Phone,
    /// The buyer's country.
    Country,
    /// The buyer's tax number.
    TaxNumber,
    /// Discount codes, of which both together had too many.
    Codes,
    /// Gift cards, of which both together had too many.
    GiftCards,
}

/// Why carts cannot be merged. Both are as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeRefusal {
    /// They are one.
    #[error("a cart cannot be merged into itself")]
    SameCart,
    /// The one that goes belongs to a customer who does not own the other.
    #[error("the cart belongs to another customer")]
    OtherCustomer,
    /// The one that goes is going into a third.
    #[error("the cart is being merged into another one")]
    MergingElsewhere,
    /// The one that stays was to go into the other, and it is that way round: both were begun at once.
    #[error("the carts are being merged the other way round")]
    OtherWay,
    /// There would be too much in it. Nothing is left out in silence.
    #[error(transparent)]
    Lines(#[from] LineChangeError),
    /// There would be too many addresses.
    #[error("a cart has at most {max} delivery addresses")]
    TooManyAddresses {
        /// The most.
        max: usize,
    },
    /// There would be too many attributes.
    #[error("a cart has at most {max} attributes")]
    TooManyAttributes {
        /// The most.
        max: usize,
    },
}

impl Cart {
    /// Marks a cart that goes. Again changes nothing.
    ///
    /// # Errors
    /// It is going into another, or would into itself.
    pub fn begin_merge(&mut self, into: CartId) -> Result<(), MergeRefusal> {
        if into == self.id {
            return Err(MergeRefusal::SameCart);
        }
        match self.merging_into {
            Some(other) if other != into => Err(MergeRefusal::MergingElsewhere),
            _ => {
                self.merging_into = Some(into);
                Ok(())
            }
        }
    }

    /// Takes up all that is in `from`. The same merchandise with the same attributes adds up, all else keeps a line of its own. What
    /// this cart says of note, delivery and buyer stays; where it says nothing, the other's counts. Codes and gift cards come behind its own. Gifts
    /// stay behind: whether they are due, both carts together say; those that were taken out of either do not come again. A cart that was taken up before,
    /// and has not been changed since, adds nothing. Lines keep their ids; `next_id` is asked where one is taken.
    ///
    /// # Errors
    /// A refusal; the cart is as it was.
    pub fn absorb(
        &mut self,
        from: &Self,
        next_id: impl FnMut() -> CartLineId,
    ) -> Result<Absorbed, MergeRefusal> {
        if from.id == self.id {
            return Err(MergeRefusal::SameCart);
        }
        if from.buyer.customer.is_some() && from.buyer.customer != self.buyer.customer {
            return Err(MergeRefusal::OtherCustomer);
        }
        let mut merged = self.clone();
        match self.merging_into {
            None => {}
            // Each was marked to go into the other. Somebody has to stay, and everybody must say the same one.
            Some(other) if other == from.id && self.id < from.id => merged.merging_into = None,
            Some(other) if other == from.id => return Err(MergeRefusal::OtherWay),
            Some(_) => return Err(MergeRefusal::MergingElsewhere),
        }
        if self.has_taken_up(from) {
            *self = merged;
            return Ok(Absorbed::default());
        }
        let lines = add_up(&self.lines, &from.lines, next_id)?;
        let disputed = merged.take_details(from)?;
        merged.replace_lines(lines)?;
        let mut variants: Vec<VariantId> = bought(&from.lines).map(|l| l.variant).collect();
        variants.sort_unstable();
        variants.dedup();
        merged.merged_from.retain(|known| known.id != from.id);
        merged.merged_from.push(MergedCart { id: from.id, version: from.version });
        let forgotten = merged.merged_from.len().saturating_sub(limits::MERGED);
        merged.merged_from.drain(..forgotten);
        *self = merged;
        Ok(Absorbed { variants, disputed })
    }

    /// Whether all that is in that cart, as it is, was taken up.
    pub fn has_taken_up(&self, from: &Self) -> bool {
        self.merged_from.contains(&MergedCart { id: from.id, version: from.version })
    }

    /// Whether that cart was merged into this one, whatever has come of it since.
    pub fn has_merged(&self, from: CartId) -> bool {
        self.merged_from.iter().any(|known| known.id == from)
    }

    /// Whether there is such a cart for them: not for a customer whose it is not. Whoever has not signed in has its id, which is the
    /// key.
    pub fn is_there_for(&self, viewer: &Viewer) -> bool {
        match (self.buyer.customer, viewer.customer()) {
            (Some(owner), Some(viewer)) => owner == viewer,
            _ => true,
        }
    }

    /// The customer whose it is, for those who may know: that customer.
    pub fn customer_for(&self, viewer: &Viewer) -> Option<CustomerId> {
        viewer.customer().filter(|viewer| self.buyer.customer == Some(*viewer))
    }

    /// Takes what this cart does not say, and tells what the other says otherwise.
    fn take_details(&mut self, from: &Self) -> Result<Vec<CartDetail>, MergeRefusal> {
        let ours = |theirs: &super::Attribute| self.attributes.iter().find(|a| a.key == theirs.key);
        let (known, missing): (Vec<_>, Vec<_>) = from.attributes.iter().partition(|a| ours(a).is_some());
        let unlike = known.into_iter().any(|theirs| ours(theirs) != Some(theirs));
        let missing: Vec<_> = missing.into_iter().cloned().collect();
        if self.attributes.len() + missing.len() > limits::ATTRIBUTES {
            return Err(MergeRefusal::TooManyAttributes { max: limits::ATTRIBUTES });
        }
        self.attributes.extend(missing);
        let same = self.take_addresses(&from.addresses)?;
        let other_delivery = self.take_deliveries(&from.deliveries, &same);
        let (codes, gift_cards) = self.join_tenders(from);
        self.decline(from.declined_gifts.iter().copied());
        let (buyer, theirs) = (&mut self.buyer, &from.buyer);
        let disputed = [
            (CartDetail::Note, fill(&mut self.note, from.note.as_ref())),
            (CartDetail::Attributes, unlike),
            (CartDetail::Delivery, other_delivery),
            (CartDetail::Email, fill(&mut buyer.email, theirs.email.as_ref())),
            (CartDetail::Phone, fill(&mut buyer.phone, theirs.phone.as_ref())),
            (CartDetail::Country, fill(&mut buyer.country, theirs.country.as_ref())),
            (CartDetail::TaxNumber, fill(&mut buyer.tax_number, theirs.tax_number.as_ref())),
            (CartDetail::Codes, codes),
            (CartDetail::GiftCards, gift_cards),
        ];
        Ok(disputed.into_iter().filter_map(|(detail, is)| is.then_some(detail)).collect())
    }

    /// Takes the addresses that are not there. Those that are there under another id, with the one they have here.
    fn take_addresses(
        &mut self,
        theirs: &[SelectableAddress],
    ) -> Result<Vec<(AddressId, AddressId)>, MergeRefusal> {
        let chosen = self.selected_address().is_some();
        let mut same = Vec::new();
        for address in theirs {
            // The same place chosen there is chosen here as well, where nothing else is.
            match self.addresses.iter_mut().find(|a| a.id == address.id || a.address == address.address) {
                Some(known) => {
                    known.selected |= address.selected && !chosen;
                    same.push((address.id, known.id));
                }
                None => {
                    let selected = address.selected && !chosen;
                    self.addresses.push(SelectableAddress { selected, ..address.clone() });
                }
            }
        }
        if self.addresses.len() > limits::ADDRESSES {
            return Err(MergeRefusal::TooManyAddresses { max: limits::ADDRESSES });
        }
        Ok(same)
    }

    /// Takes what was chosen for groups of which nothing was chosen here. What goes to an address that has another id here is the same group. True if
    /// something else was chosen here.
    fn take_deliveries(&mut self, theirs: &[GroupSelection], same: &[(AddressId, AddressId)]) -> bool {
        let mut disputed = false;
        for chosen in theirs {
            let here = same.iter().find(|(there, _)| there.uuid() == chosen.group.uuid());
            let group = here.map_or(chosen.group, |(_, here)| DeliveryGroupId::new(here.uuid()));
            match self.deliveries.iter().find(|ours| ours.group == group) {
                Some(ours) => disputed |= ours.option != chosen.option,
                None => self.deliveries.push(GroupSelection { group, ..chosen.clone() }),
            }
        }
        self.deliveries.truncate(limits::SELECTIONS);
        disputed
    }
}

/// Takes what is missing. True if both are there and differ.
fn fill<T: Clone + PartialEq>(ours: &mut Option<T>, theirs: Option<&T>) -> bool {
    if ours.is_none() {
        *ours = theirs.cloned();
    }
    theirs.is_some() && ours.as_ref() != theirs
}

/// The lines that no promotion has put in.
fn bought(lines: &[CartLine]) -> impl Iterator<Item = &CartLine> {
    lines.iter().filter(|line| line.gift.is_none())
}

fn add_up(
    ours: &[CartLine],
    theirs: &[CartLine],
    mut next_id: impl FnMut() -> CartLineId,
) -> Result<Vec<CartLine>, LineChangeError> {
    let mut lines = ours.to_vec();
    for (index, line) in theirs.iter().enumerate().filter(|(_, line)| line.gift.is_none()) {
        match lines.iter_mut().find(|l| l.is_bought_alike(line.variant, &line.attributes)) {
            Some(twin) => {
                twin.quantity =
                    super::lines::checked_quantity(index, twin.quantity.checked_add(line.quantity))?;
            }
            None => {
                let taken = lines.iter().any(|l| l.id == line.id);
                let id = if taken { next_id() } else { line.id };
                lines.push(CartLine { id, ..line.clone() });
            }
        }
    }
    Ok(lines)
}

#[cfg(test)]
#[path = "merge_tests.rs"]
mod tests;
