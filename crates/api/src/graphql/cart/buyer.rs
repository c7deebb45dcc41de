//! Who buys, as far as a cart knows.

use super::{Cart, MailingAddress};
use crate::graphql::{ApiError, Request, abstract_type::union, codes::CountryCode, customer::Customer};
use async_graphql::{Context, Enum, Object, SimpleObject};
use stoa_graphql_http::Nullable;

/// Who buys, as far as a cart knows.
#[derive(Clone, Debug)]
pub struct CartBuyerIdentity(pub(super) Cart);

/// Who buys, as far as the cart knows.
#[Object]
impl CartBuyerIdentity {
    /// The country the buyer is in, once they said so.
    fn country_code(&self) -> Option<CountryCode> {
        self.0.view().cart.buyer.country.map(Into::into)
    }

    /// The buyer's account; null for a guest, and for everybody but its owner.
    async fn customer(&self, ctx: &Context<'_>) -> Nullable<Customer> {
        Nullable::run(async {
            match self.0.owner() {
                Some(who) => Customer::read(ctx, who).await,
                None => Ok(None),
            }
        })
        .await
    }

    /// The cart's delivery addresses.
    #[graphql(
        deprecation = "Use `delivery { addresses }` of the cart, which also tells which one is selected."
    )]
    fn delivery_address_preferences(&self) -> Vec<DeliveryAddress> {
        let addresses = self.0.view().cart.addresses.iter();
        addresses.map(|a| MailingAddress::new(a.id.uuid(), a.address.clone()).into()).collect()
    }

    /// Where the order's confirmation goes: what was said, or else, for the customer whose cart it is, the account's address.
    async fn email(&self, ctx: &Context<'_>) -> Nullable<String> {
        Nullable::run::<ApiError>(async {
            if let Some(said) = &self.0.view().cart.buyer.email {
                return Ok(Some(said.as_str().to_owned()));
            }
            let account = match self.0.owner() {
                Some(who) => ctx.services().read_customer.run(who).await?,
                None => None,
            };
            Ok(account.map(|account| account.email.as_str().to_owned()))
        })
        .await
    }

    /// Telephone.
    fn phone(&self) -> Option<&str> {
        self.0.view().cart.buyer.phone.as_deref()
    }

    /// Always null: preferences are taken, and change nothing in this shop.
    fn preferences(&self) -> Option<CartPreferences> {
        None
    }

    /// Whether this cart pays no tax for who buys it: because staff have exempted the customer, or because the buyer's number makes it a
    /// purchase between businesses of two member states of the European Union. An addition of this server to the vocabulary.
    fn tax_exempt(&self) -> bool {
        self.0.view().is_tax_exempt()
    }

    /// The buyer's VAT number. An addition of this server to the vocabulary.
    fn tax_number(&self) -> Option<&str> {
        self.0.view().cart.buyer.tax_number.as_deref()
    }
}

union! {
    /// An address that something can be delivered to.
    pub enum DeliveryAddress {
        MailingAddress(MailingAddress),
    }
}

/// How the buyer likes to buy.
#[derive(Clone, Debug, SimpleObject)]
pub struct CartPreferences {
    /// How the buyer likes things delivered.
    pub delivery: Option<CartDeliveryPreference>,
    /// The wallets the buyer likes to pay with.
    pub wallet: Option<Vec<String>>,
}

/// How the buyer likes things delivered.
#[derive(Clone, Debug, SimpleObject)]
pub struct CartDeliveryPreference {
    /// Where the buyer is.
    pub coordinates: Option<CartDeliveryCoordinatesPreference>,
    /// The ways of delivery, the most liked one first.
    pub delivery_method: Vec<PreferenceDeliveryMethodType>,
    /// The pickup points, the most liked one first.
    pub pickup_handle: Vec<String>,
}

/// Where the buyer is.
#[derive(Clone, Debug, SimpleObject)]
pub struct CartDeliveryCoordinatesPreference {
    /// The country.
    pub country_code: CountryCode,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// A way of delivery that a buyer may like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PreferenceDeliveryMethodType {
    /// To a point where the buyer picks it up.
    PickupPoint,
    /// Picked up at the shop.
    PickUp,
    /// By a carrier.
    Shipping,
}
