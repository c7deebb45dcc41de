//! Where and how to deliver.

use super::{
    CartView, TooManyUnits,
    edit::{CartError, Edited, MerchandiseRefusal, Touched, edit, edit_checked},
};
use crate::{Context, Settings, account::Caller};
use std::{collections::BTreeSet, sync::Arc};
use stoa_domain::{
    cart::{Cart, GroupSelection, SelectableAddress, cart_limits as limits},
    shared::{Address, AddressError, AddressId, CartId, CustomerId, DeliveryGroupId, VariantId},
};

/// An address to put on a cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAddress {
    /// Where.
    pub address: Address,
    /// Whether it is the one to deliver to.
    pub selected: bool,
    /// Whether it must not be kept in an address book.
    pub one_time_use: bool,
    /// The customer out of whose address book it is; `None`: somebody has written it.
    pub book_of: Option<CustomerId>,
}

/// A change of an address; what is `None` stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressChange {
    /// Which.
    pub id: AddressId,
    /// All of it anew, and the customer out of whose address book it is; none: somebody has written it.
    pub address: Option<(Address, Option<CustomerId>)>,
    /// Whether it is the one to deliver to.
    pub selected: Option<bool>,
    /// Whether it must not be kept in an address book.
    pub one_time_use: Option<bool>,
}

/// Why addresses or delivery are not changed. `index` counts the request's entries from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressRefusal {
    /// A part of the address cannot be taken.
    Field {
        /// Which entry.
        index: usize,
        /// What is wrong with which part.
        error: AddressError,
    },
    /// The shop does not deliver to that country.
    CountryNotServed {
        /// Which entry.
        index: usize,
    },
    /// The cart has no such address.
    UnknownAddress {
        /// Which entry.
        index: usize,
    },
    /// Two addresses of one request are both to be delivered to.
    SeveralSelected,
    /// More than [`limits::ADDRESSES`] addresses.
    TooMany,
    /// There is nothing to deliver yet: no such delivery group.
    UnknownGroup {
        /// Which entry.
        index: usize,
    },
    /// The group cannot be delivered so.
    UnknownOption {
        /// Which entry.
        index: usize,
    },
    /// Something is chosen twice for one group.
    GroupTwice,
}

impl MerchandiseRefusal for AddressRefusal {
    // Addresses touch no lines, so nothing is ever asked whether it is for sale, or counted.
    fn not_for_sale(_: VariantId) -> Self {
        Self::UnknownGroup { index: 0 }
    }

    fn too_many_units(_: TooManyUnits) -> Self {
        Self::UnknownGroup { index: 0 }
    }
}

/// Changes a cart's delivery addresses.
pub struct DeliveryAddresses(pub(crate) Arc<Context>);

impl DeliveryAddresses {
    /// Adds addresses. The first one a cart gets is selected though nobody says so.
    ///
    /// # Errors
    /// No such cart, a refusal, or a fault. Nothing has changed then.
    pub async fn add(
        &self,
        by: &Caller,
        cart: CartId,
        added: &[NewAddress],
    ) -> Result<Edited, CartError<AddressRefusal>> {
        edit(&self.0, by, cart, |cart| add(&self.0, cart, added)).await
    }

    /// Changes addresses.
    ///
    /// # Errors
    /// No such cart, a refusal, or a fault. Nothing has changed then.
    pub async fn update(
        &self,
        by: &Caller,
        cart: CartId,
        changes: &[AddressChange],
    ) -> Result<Edited, CartError<AddressRefusal>> {
        edit(&self.0, by, cart, |cart| update(&self.0, cart, changes)).await
    }

    /// Takes addresses away.
    ///
    /// # Errors
    /// No such cart, a refusal, or a fault. Nothing has changed then.
    pub async fn remove(
        &self,
        by: &Caller,
        cart: CartId,
        ids: &[AddressId],
    ) -> Result<Edited, CartError<AddressRefusal>> {
        edit(&self.0, by, cart, |cart| {
            if let Some(index) = ids.iter().position(|id| cart.addresses.iter().all(|a| a.id != *id)) {
                return Err(AddressRefusal::UnknownAddress { index });
            }
            cart.addresses.retain(|a| !ids.contains(&a.id));
            Ok(Touched::NOTHING)
        })
        .await
    }

    /// Replaces all addresses.
    ///
    /// # Errors
    /// No such cart, a refusal, or a fault. Nothing has changed then.
    pub async fn replace(
        &self,
        by: &Caller,
        cart: CartId,
        with: &[NewAddress],
    ) -> Result<Edited, CartError<AddressRefusal>> {
        edit(&self.0, by, cart, |cart| {
            cart.addresses.clear();
            add(&self.0, cart, with)
        })
        .await
    }
}

/// Chooses how a cart is delivered.
pub struct SelectDelivery(pub(crate) Arc<Context>);

impl SelectDelivery {
    /// Chooses options by their handles, each for a group of the cart. What is on offer is what the cart shows with the change made; carriers are
    /// asked where the shop asks any.
    ///
    /// # Errors
    /// No such cart, a refusal, or a fault. Nothing has changed then.
    pub async fn run(
        &self,
        by: &Caller,
        cart: CartId,
        chosen: &[(DeliveryGroupId, &str)],
    ) -> Result<Edited, CartError<AddressRefusal>> {
        let change = |cart: &mut Cart| {
            let groups: BTreeSet<DeliveryGroupId> = chosen.iter().map(|(group, _)| *group).collect();
            if groups.len() < chosen.len() {
                return Err(AddressRefusal::GroupTwice);
            }
            for (group, option) in chosen {
                cart.select_delivery(GroupSelection::new(*group, (*option).to_owned()));
            }
            Ok(Touched { delivery: true, ..Touched::NOTHING })
        };
        edit_checked(&self.0, by, cart, change, |view| offered(view, chosen)).await
    }
}

/// Whether all of it is on offer.
fn offered(view: &CartView, chosen: &[(DeliveryGroupId, &str)]) -> Result<(), AddressRefusal> {
    for (index, (group, option)) in chosen.iter().enumerate() {
        let priced = view.priced.groups.iter().find(|priced| priced.id == *group);
        let priced = priced.ok_or(AddressRefusal::UnknownGroup { index })?;
        if priced.offers.iter().all(|offer| *offer.handle != **option) {
            return Err(AddressRefusal::UnknownOption { index });
        }
    }
    Ok(())
}

pub(super) fn add(ctx: &Context, cart: &mut Cart, added: &[NewAddress]) -> Result<Touched, AddressRefusal> {
    if added.iter().filter(|a| a.selected).count() > 1 {
        return Err(AddressRefusal::SeveralSelected);
    }
    if cart.addresses.len() + added.len() > limits::ADDRESSES {
        return Err(AddressRefusal::TooMany);
    }
    for (index, new) in added.iter().enumerate() {
        let address = checked(&ctx.settings, index, new.address.clone())?;
        let selected = new.selected || cart.addresses.is_empty();
        if selected {
            cart.addresses.iter_mut().for_each(|a| a.selected = false);
        }
        let id = AddressId::new(ctx.ports.ids.id());
        let NewAddress { one_time_use, book_of, .. } = *new;
        cart.addresses.push(SelectableAddress { id, address, selected, one_time_use, book_of });
    }
    Ok(Touched::NOTHING)
}

fn update(ctx: &Context, cart: &mut Cart, changes: &[AddressChange]) -> Result<Touched, AddressRefusal> {
    if changes.iter().filter(|c| c.selected == Some(true)).count() > 1 {
        return Err(AddressRefusal::SeveralSelected);
    }
    for (index, change) in changes.iter().enumerate() {
        let known = cart.addresses.iter().any(|a| a.id == change.id);
        if !known {
            return Err(AddressRefusal::UnknownAddress { index });
        }
        let anew =
            |(address, book_of)| Ok::<_, AddressRefusal>((checked(&ctx.settings, index, address)?, book_of));
        let address = change.address.clone().map(anew).transpose()?;
        for kept in &mut cart.addresses {
            if kept.id != change.id {
                kept.selected &= change.selected != Some(true);
                continue;
            }
            kept.selected = change.selected.unwrap_or(kept.selected);
            kept.one_time_use = change.one_time_use.unwrap_or(kept.one_time_use);
            if let Some((address, book_of)) = &address {
                (kept.address, kept.book_of) = (address.clone(), *book_of);
            }
        }
    }
    Ok(Touched::NOTHING)
}

fn checked(settings: &Settings, index: usize, address: Address) -> Result<Address, AddressRefusal> {
    let address = address.tidy().map_err(|error| AddressRefusal::Field { index, error })?;
    match address.country {
        Some(country) if !settings.delivers_to(country) => Err(AddressRefusal::CountryNotServed { index }),
        _ => Ok(address),
    }
}
