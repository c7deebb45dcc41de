//! The delivery addresses of a cart, to be chosen from.

use super::{
    mailing_address::{country, formatted, formatted_area},
    object::CartData,
};
use crate::graphql::{abstract_type::union, codes::CountryCode, scalars::Gid};
use async_graphql::Object;
use std::sync::Arc;
use stoa_domain::{
    cart,
    shared::{Address, AddressId},
};

/// What a cart knows of its delivery.
#[derive(Clone, Debug)]
pub struct CartDelivery(pub(super) Arc<CartData>);

/// What a cart knows of its delivery.
#[Object]
impl CartDelivery {
    /// The addresses to choose from. Their ids are what changing and removing them takes.
    fn addresses(
        &self,
        #[graphql(desc = "Only the selected ones, or only the others.")] selected: Option<bool>,
    ) -> Vec<CartSelectableAddress> {
        let wanted = |address: &&cart::SelectableAddress| selected.is_none_or(|s| s == address.selected);
        self.0.view.cart.addresses.iter().filter(wanted).cloned().map(CartSelectableAddress).collect()
    }
}

/// A delivery address that the buyer may choose.
#[derive(Clone, Debug)]
pub struct CartSelectableAddress(cart::SelectableAddress);

/// A delivery address that the buyer may choose.
#[Object]
impl CartSelectableAddress {
    /// Where to.
    fn address(&self) -> CartAddress {
        CartAddress::CartDeliveryAddress(CartDeliveryAddress(self.0.address.clone()))
    }

    /// The address's global id.
    fn id(&self) -> Gid<AddressId> {
        Gid(self.0.id)
    }

    /// Whether it must not be kept in the customer's address book.
    fn one_time_use(&self) -> bool {
        self.0.one_time_use
    }

    /// Whether the cart is delivered there.
    fn selected(&self) -> bool {
        self.0.selected
    }
}

union! {
    /// An address of a cart.
    pub enum CartAddress {
        CartDeliveryAddress(CartDeliveryAddress),
    }
}

/// Where a cart is delivered.
#[derive(Clone, Debug)]
pub struct CartDeliveryAddress(Address);

/// Where a cart is delivered.
#[Object]
impl CartDeliveryAddress {
    /// Street and number.
    fn address1(&self) -> Option<&str> {
        self.0.address1.as_deref()
    }

    /// Flat, floor, building.
    fn address2(&self) -> Option<&str> {
        self.0.address2.as_deref()
    }

    /// Town.
    fn city(&self) -> Option<&str> {
        self.0.city.as_deref()
    }

    /// Company.
    fn company(&self) -> Option<&str> {
        self.0.company.as_deref()
    }

    /// The country's code.
    fn country_code(&self) -> Option<CountryCode> {
        country(&self.0)
    }

    /// Given name.
    fn first_name(&self) -> Option<&str> {
        self.0.first_name.as_deref()
    }

    /// The address as lines of a label.
    fn formatted(
        &self,
        #[graphql(desc = "Whether the company is among the lines.", default_with = "Some(true)")]
        with_company: Option<bool>,
        #[graphql(desc = "Whether the person's name is among the lines.", default_with = "Some(false)")]
        with_name: Option<bool>,
    ) -> Vec<String> {
        formatted(&self.0, with_name.unwrap_or(false), with_company.unwrap_or(true))
    }

    /// Town, province and country in one line.
    fn formatted_area(&self) -> Option<String> {
        formatted_area(&self.0)
    }

    /// Family name.
    fn last_name(&self) -> Option<&str> {
        self.0.last_name.as_deref()
    }

    /// Always null: addresses are not looked up on a map.
    fn latitude(&self) -> Option<f64> {
        None
    }

    /// Always null: addresses are not looked up on a map.
    fn longitude(&self) -> Option<f64> {
        None
    }

    /// Given and family name.
    fn name(&self) -> Option<String> {
        self.0.name()
    }

    /// Telephone.
    fn phone(&self) -> Option<&str> {
        self.0.phone.as_deref()
    }

    /// The province's code.
    fn province_code(&self) -> Option<&str> {
        self.0.province_code.as_deref()
    }

    /// Postal code.
    fn zip(&self) -> Option<&str> {
        self.0.zip.as_deref()
    }
}
