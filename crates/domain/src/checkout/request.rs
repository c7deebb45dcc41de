//! The request to place an order, and its refusals.

use crate::shared::{CartId, Money, VariantId};

/// A request to turn a cart into an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceOrder {
    /// From which cart.
    pub cart: CartId,
    /// Chosen by the client; the same key again gets the same order. 1 to 255 characters.
    pub idempotency_key: String,
    /// What the buyer was shown; another total is refused. `None` takes whatever it is.
    pub expected_total: Option<Money>,
    /// What the buyer was told that they are charged, beside what gift cards pay; another charge is refused. `None` takes whatever is no more than
    /// the cart was last told.
    pub expected_charge: Option<Money>,
}

/// What makes two requests the same: everything but the key. Stored beside the key, so that a key used for something
/// else is noticed. What a request does not say is not in it, so that keys of before keep their meaning.
pub fn fingerprint(request: &PlaceOrder) -> String {
    let total = request.expected_total.map_or_else(String::new, |t| format!("{t:?}"));
    let charge = request.expected_charge.map_or_else(String::new, |charge| format!("\n{charge:?}"));
    format!("order.place\n{}\n{total}{charge}", request.cart)
}

/// Why an order is not placed. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceOrderRefusal {
    /// No such cart.
    CartNotFound,
    /// The cart has become an order already, under another key.
    AlreadyOrdered,
    /// Another request is placing this cart's order at this moment: ask again.
    InProgress,
    /// The key was used for another request.
    KeyReused,
    /// The key is empty or longer than 255 characters.
    BadKey,
    /// There is nothing in the cart.
    Empty,
    /// Where to write to is not known.
    EmailMissing,
    /// Something has to be delivered and nobody said where.
    AddressMissing,
    /// The chosen address lacks this part (by its name in the API).
    AddressIncomplete(&'static str),
    /// Something has to be delivered and nobody said how.
    DeliveryMissing,
    /// The variant is no longer for sale.
    NotForSale(VariantId),
    /// There is less of the variant than wanted.
    NotEnoughStock {
        /// Of what.
        variant: VariantId,
        /// How many could be had.
        available: u32,
    },
    /// So much was ordered from the buyer's network, and is to be paid, that it is promised no more. It comes back as time goes by.
    TooMuchUnpaid,
    /// The cart's total is not what the buyer was shown.
    TotalChanged {
        /// What it is now.
        actual: Money,
    },
    /// The cart costs what the buyer was shown, and gift cards pay less of it: more would be charged.
    ChargeChanged {
        /// What would be charged now.
        actual: Money,
    },
    /// A promotion that lowers what the cart costs was used up at this moment.
    DiscountUnavailable {
        /// What the cart costs now.
        actual: Money,
    },
    /// A gift card or store credit that was to pay was spent elsewhere, or is over.
    GiftCardUnavailable {
        /// What would be charged now.
        actual: Money,
    },
    /// The service that works out taxes does not answer, and the shop sells nothing without its answer.
    TaxUnavailable,
    /// What a carrier said that delivering costs is good no more.
    DeliveryUnavailable,
    /// More than the gateway charges, or than 64 bits hold.
    AmountTooLarge,
    /// Less than the gateway charges.
    AmountTooSmall {
        /// The least.
        least: Money,
    },
    /// No whole number of the steps the gateway charges in.
    AmountUneven {
        /// The step.
        step: Money,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::Currency;
    use uuid::Uuid;

    #[test]
    fn another_cart_or_total_is_another_request_and_another_key_is_not() {
        let request = PlaceOrder {
            cart: CartId::new(Uuid::from_u128(1)),
            idempotency_key: "a".into(),
            expected_total: Some(Money::new(100, Currency::USD)),
            expected_charge: None,
        };
        let same = PlaceOrder { idempotency_key: "b".into(), ..request.clone() };
        let other_cart = PlaceOrder { cart: CartId::new(Uuid::from_u128(2)), ..request.clone() };
        let other_total =
            PlaceOrder { expected_total: Some(Money::new(101, Currency::USD)), ..request.clone() };
        assert_eq!(fingerprint(&request), fingerprint(&same));
        assert_ne!(fingerprint(&request), fingerprint(&other_cart));
        let charged = PlaceOrder { expected_charge: Some(Money::new(100, Currency::USD)), ..request.clone() };
        assert_ne!(fingerprint(&request), fingerprint(&other_total));
        assert_ne!(fingerprint(&request), fingerprint(&charged));
        assert!(!fingerprint(&request).ends_with('\n'), "as it was before charges were said");
    }
}
